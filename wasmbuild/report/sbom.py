"""`wasmbuild build --sbom`: what a build is made of as a bill of materials, CycloneDX 1.6 in JSON.

Equal builds give equal bytes: no time of day, and a serial number that follows from the contents.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType, Pedigree
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from wasmbuild import __version__
from wasmbuild.builder.provenance import File, Package, Provenance


def cyclonedx(provenance: Provenance) -> str:
    """The document, with a final newline."""
    project = _component(provenance.project, ComponentType.APPLICATION, "project/")
    components = {package.name: _component(package, ComponentType.LIBRARY) for package in provenance.packages}
    bom = Bom(components=components.values())
    bom.metadata.component = project
    bom.metadata.tools.components.add(_tool("wasmbuild", __version__))
    kind, _, version = provenance.compiler.rpartition(" ")
    bom.metadata.tools.components.add(_tool(kind, version))
    for package, component in (
        (provenance.project, project),
        *zip(provenance.packages, components.values(), strict=True),
    ):
        bom.register_dependency(component, [components[name] for name in package.needs if name in components])
    document = json.loads(JsonV1Dot6(bom).output_as_string())
    del document["metadata"]["timestamp"]
    del document["serialNumber"]
    contents = json.dumps(document, sort_keys=True)
    document["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, contents)}"
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _tool(name: str, version: str) -> Component:
    return Component(name=name, version=version, type=ComponentType.APPLICATION, bom_ref=f"tool:{name}")


def _component(package: Package, type_: ComponentType, prefix: str = "") -> Component:
    licenses = [LicenseFactory().make_from_string(package.license)] if package.license else []
    return Component(
        name=package.name,
        version=package.version,
        type=type_,
        bom_ref=f"{prefix}{package.name}@{package.version}",
        description=package.description,
        licenses=licenses,
        purl=PackageURL.from_string(package.purl),
        external_references=list(_references(package)),
        pedigree=_pedigree(package.patches),
        components=[_file(output) for output in package.outputs],
        properties=[Property(name="wasmbuild:license-file", value=each.path) for each in package.licenses],
    )


def _references(package: Package) -> Iterable[ExternalReference]:
    if package.homepage:
        yield ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(package.homepage))
    for origin in package.origins:
        yield ExternalReference(
            type=ExternalReferenceType.SOURCE_DISTRIBUTION,
            # What is no URL is still to be told from others.
            url=XsUri(origin.url or f"urn:wasmbuild:{origin.described.replace(' ', '-')}"),
            comment=None if origin.url else origin.described,
            hashes=_hashes(origin.sha256),
        )


def _pedigree(patches: Sequence[File]) -> Pedigree | None:
    if not patches:
        return None
    said = ", ".join(f"{patch.path} (sha256:{patch.sha256})" for patch in patches)
    return Pedigree(notes=f"changed by patches of the recipe: {said}")


def _file(output: File) -> Component:
    hashes = _hashes(output.sha256)
    return Component(name=output.path, type=ComponentType.FILE, bom_ref=output.path, hashes=hashes)


def _hashes(sha256: str) -> list[HashType]:
    return [HashType(alg=HashAlgorithm.SHA_256, content=sha256)] if len(sha256) == 64 else []
