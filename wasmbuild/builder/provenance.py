"""What a build is made of, and by what: packages, their sources and outputs with hashes, and who needs whom.

The build was done before; nothing is compiled here, and the same build gives the same values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packageurl import PackageURL

from wasmbuild.builder.builddir import BUILD_DIRECTORY
from wasmbuild.builder.libc import libc_source
from wasmbuild.builder.libcxx import libcxx_source
from wasmbuild.builder.licenses import LICENSES
from wasmbuild.builder.linkspec import read_check_spec
from wasmbuild.builder.project import Request, make_builder, needs_libcxx, needs_runtime, read_project, select_locked
from wasmbuild.builder.recipesource import FetchedSource, recipe_sources
from wasmbuild.builder.resolved import LIBCXX
from wasmbuild.builder.runninja import RunOptions
from wasmbuild.builder.toolchain import read_settings
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.recipes import Recipe, recipe_file
from wasmbuild.manifest.schema import Manifest
from wasmbuild.progress import Progress
from wasmbuild.selection.required import Required, recipe_requirements, without_tests
from wasmbuild.sources import source as places
from wasmbuild.sources.hashing import hash_file
from wasmbuild.sources.store import Store
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.module import Dylink


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a source comes from, in words and if there is one as a URL; `sha256` is of the archive, or of all files."""

    described: str
    url: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class File:
    """`path` is from the build directory, or for a patch from the recipe's."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Package:
    """`purl` is a package URL (github.com/package-url/purl-spec); `needs` are names of packages."""

    name: str
    version: str
    description: str | None
    license: str | None
    homepage: str | None
    purl: str
    origins: tuple[Origin, ...]
    patches: tuple[File, ...]
    outputs: tuple[File, ...]
    licenses: tuple[File, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    project: Package
    packages: tuple[Package, ...]
    """All that the project requires, directly or not, by name."""
    compiler: str


def provenance(root: Path, request: Request, progress: Progress, options: RunOptions, store: Store) -> Provenance:
    """Of the project in the current directory, as it was built. Raises WasmbuildError as a build does."""
    document, known = read_project(root)
    required = select_locked(root, document, known, request, progress)
    has_libc = needs_runtime(document, required)
    has_libcxx = has_libc and needs_libcxx(document, root, required)
    builder = make_builder(root, request, progress, options, store, has_libc, has_libcxx)
    runtime, settings, build = (
        builder.means.runtime,
        read_settings(root, request.toolchain_file),
        root / BUILD_DIRECTORY,
    )
    sources = {each.recipe.name: (each, builder.source(each)) for each in required}
    libraries = {name: _libraries(Path(prefix.directory)) for name, prefix in builder.build_all(required).items()}
    if runtime is not None:
        libraries["libc"] = (abi.LIBC,)
        if runtime.origin == "upstream":
            sources["libc"] = libc_source(settings, store)
        if LIBCXX in builder.means.prefixes:
            sources[LIBCXX] = libcxx_source(settings, store, runtime)
    owners = {library: name for name, names in libraries.items() for library in names}
    packages = {name: _package(*source, build, libraries[name], owners) for name, source in sources.items()}
    if runtime is not None and runtime.origin == "embedded":
        packages["libc"] = _embedded(build)
    toolchain = builder.means.toolchain
    everything = tuple(packages[name] for name in sorted(packages))
    return Provenance(_project(document, build, owners), everything, f"{toolchain.kind} clang {toolchain.version}")


def _libraries(directory: Path) -> tuple[str, ...]:
    return tuple(sorted(path.name for path in (directory / "lib").glob("*") if path.suffix != ".a"))


def _project(document: Document[Manifest], build: Path, owners: Mapping[str, str]) -> Package:
    manifest = document.value
    orders = build / "obj" / "check.json"
    outputs = [root.path for root in read_check_spec(orders).roots] if orders.is_file() else []
    files = _files(build, sorted(Path(path).relative_to(BUILD_DIRECTORY).as_posix() for path in outputs))
    needs = {*_required_names(document), *_needed(build, files, owners)}
    return Package(
        manifest.name,
        manifest.version,
        manifest.description,
        manifest.license,
        manifest.homepage,
        _purl("generic", manifest.name, manifest.version),
        origins=(),
        patches=(),
        outputs=files,
        licenses=_license_files(build, manifest.name),
        needs=tuple(sorted(needs)),
    )


def _package(
    required: Required,
    source: FetchedSource,
    build: Path,
    libraries: Sequence[str],
    owners: Mapping[str, str],
) -> Package:
    recipe = required.recipe
    manifest = recipe.document.value
    alternatives = recipe_sources(recipe)
    origins = [
        _origin(place, fetched.sha256)
        for name, fetched in (("", source.main), *sorted(source.components.items()))
        for place in _same(alternatives[name], fetched.sha256)
    ]
    outputs = _files(build, [f"lib/{name}" for name in libraries])
    needs = {*_required_names(recipe.document), *_needed(build, outputs, owners)} - {manifest.name}
    return Package(
        manifest.name,
        recipe.version,
        manifest.description,
        manifest.license,
        manifest.homepage,
        _package_url(manifest.name, recipe.version, _same(alternatives[""], source.main.sha256)[0]),
        tuple(origins),
        _patches(recipe),
        outputs,
        _license_files(build, manifest.name),
        tuple(sorted(needs)),
    )


def _embedded(build: Path) -> Package:
    """libc where its source could not be had: what the toolchain comes with."""
    origin = Origin("the C library of WASI that is embedded in the toolchain", None, "")
    outputs, licenses = _files(build, [f"lib/{abi.LIBC}"]), _license_files(build, "libc")
    license_ = "MIT AND (Apache-2.0 WITH LLVM-exception)"
    return Package(
        "libc", _wheel(), origin.described, license_, None, _of_wheel("lib/libc"), (origin,), (), outputs, licenses, ()
    )


def _same(alternatives: Sequence[places.Source], sha256: str) -> list[places.Source]:
    """The places that have these bytes: which of them answered first is of no interest. Of a source without a hash of
    its own (a commit, a directory), there is but one."""
    return [each for each in alternatives if getattr(each, "sha256", "").lower() == sha256] or [alternatives[0]]


def _origin(place: places.Source, sha256: str) -> Origin:
    match place:
        case places.UrlSource():
            return Origin(place.describe(), place.url, sha256)
        case places.GitSource():
            return Origin(place.describe(), place.repository, sha256)
        case places.PathSource():  # where it lies is of this machine
            return Origin(place.file_name(), None, sha256)
        case places.ToolchainSource():
            return Origin(place.describe(), None, sha256)
    return Origin(place.describe(), None, sha256)


def _package_url(name: str, version: str, place: places.Source) -> str:
    match place:
        case places.DebianSource():
            return _purl("deb/debian", place.package, place.version, arch="source")
        case places.PypiSource():
            return _purl("pypi", place.project.lower().replace("_", "-"), place.version)
        case places.NpmSource():
            return _purl("npm", place.package, place.version)
        case places.GitSource():
            return _purl("generic", name, version, vcs_url=f"git+{place.repository}@{place.commit}")
        case places.UrlSource():
            return _purl("generic", name, version, checksum=f"sha256:{place.sha256.lower()}", download_url=place.url)
        case places.ToolchainSource():
            return _of_wheel(f"lib/{place.directory}")
    return _purl("generic", name, version)


def _of_wheel(directory: str) -> str:
    return _purl("pypi", "ziglang", _wheel(), directory)


def _wheel() -> str:
    from importlib.metadata import version

    return version("ziglang")


def _purl(kind: str, name: str, version: str, subpath: str | None = None, **qualifiers: str) -> str:
    kind, _, namespace = kind.partition("/")
    return PackageURL(kind, namespace or None, name, version, qualifiers, subpath).to_string()


def _required_names(document: Document[Manifest]) -> Iterator[str]:
    for entry in recipe_requirements(without_tests(document)):
        yield entry.requirement.name


def _needed(build: Path, outputs: Sequence[File], owners: Mapping[str, str]) -> Iterator[str]:
    """The packages of the libraries that modules need, as they were linked."""
    for output in outputs:
        dylink = decode((build / output.path).read_bytes(), output.path).dylink or Dylink()
        yield from (owners[name] for name in dylink.needed if name in owners)


def _license_files(build: Path, name: str) -> tuple[File, ...]:
    directory = build / LICENSES / name
    return _files(
        build, [path.relative_to(build).as_posix() for path in sorted(directory.rglob("*")) if path.is_file()]
    )


def _patches(recipe: Recipe) -> tuple[File, ...]:
    paths = [recipe_file(recipe, name, recipe.document.at("patches")) for name in recipe.document.value.patches]
    names = recipe.document.value.patches
    return tuple(File(name, hash_file(path)) for name, path in zip(names, paths, strict=True))


def _files(directory: Path, names: Sequence[str]) -> tuple[File, ...]:
    return tuple(File(name, hash_file(directory / name)) for name in names if (directory / name).is_file())
