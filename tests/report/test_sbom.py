"""The bill of materials: what is in it, and that equal builds give equal bytes."""

from __future__ import annotations

import json
from dataclasses import replace

from wasmbuild.builder.provenance import File, Origin, Package, Provenance
from wasmbuild.report.sbom import cyclonedx

HASH = "ab" * 32
PLACE = "https://zlib.example/zlib.tar.gz"
ZLIB = Package(
    "zlib",
    "1.3.1",
    "Lossless data compression",
    "Zlib",
    "https://zlib.example/",
    "pkg:deb/debian/zlib@1.3.1-1?arch=source",
    (Origin(PLACE, PLACE, HASH), Origin("a directory", None, HASH)),
    patches=(File("patches/one.patch", HASH),),
    outputs=(File("lib/libz.so", HASH),),
    licenses=(File("licenses/zlib/LICENSE", HASH),),
    needs=("libc",),
)
LIBC = replace(ZLIB, name="libc", version="1.2.6", license="MIT AND (Apache-2.0 WITH LLVM-exception)", patches=(),
               purl="pkg:generic/libc@1.2.6", outputs=(File("lib/libc.so", HASH),), needs=())  # fmt: skip
APP = replace(ZLIB, name="zlib", version="2", license="My own", purl="pkg:generic/zlib@2", origins=(), patches=(),
              outputs=(File("bin/app.wasm", HASH),), needs=("zlib", "libc"))  # fmt: skip
BUILD = Provenance(APP, (LIBC, ZLIB), "zig clang 22.1.8")


def test_packages_have_their_sources_licences_and_outputs() -> None:
    document = json.loads(cyclonedx(BUILD))
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    zlib = next(each for each in document["components"] if each["name"] == "zlib")
    assert zlib["licenses"] == [{"license": {"id": "Zlib"}}]
    assert (zlib["version"], zlib["purl"]) == ("1.3.1", "pkg:deb/debian/zlib@1.3.1-1?arch=source")
    sources = [each for each in zlib["externalReferences"] if each["type"] == "source-distribution"]
    assert {each["url"] for each in sources} == {PLACE, "urn:wasmbuild:a-directory"}
    assert all(each["hashes"] == [{"alg": "SHA-256", "content": HASH}] for each in sources)
    assert [(each["name"], each["hashes"][0]["content"]) for each in zlib["components"]] == [("lib/libz.so", HASH)]
    assert zlib["properties"] == [{"name": "wasmbuild:license-file", "value": "licenses/zlib/LICENSE"}]
    assert zlib["pedigree"]["notes"] == f"changed by patches of the recipe: patches/one.patch (sha256:{HASH})"
    libc = next(each for each in document["components"] if each["name"] == "libc")
    assert libc["licenses"] == [{"expression": "MIT AND (Apache-2.0 WITH LLVM-exception)"}]


def test_a_project_may_have_the_name_of_what_it_requires() -> None:
    document = json.loads(cyclonedx(BUILD))
    assert document["metadata"]["component"]["licenses"] == [{"license": {"name": "My own"}}]
    depends = {each["ref"]: each.get("dependsOn", []) for each in document["dependencies"]}
    assert depends == {"project/zlib@2": ["libc@1.2.6", "zlib@1.3.1"], "zlib@1.3.1": ["libc@1.2.6"], "libc@1.2.6": []}


def test_equal_builds_are_equal_bytes_and_others_have_another_number() -> None:
    assert cyclonedx(BUILD) == cyclonedx(BUILD)
    document, other = (json.loads(cyclonedx(each)) for each in (BUILD, replace(BUILD, compiler="llvm clang 19.1.7")))
    assert document["serialNumber"].startswith("urn:uuid:")
    assert document["serialNumber"] != other["serialNumber"]
    assert "timestamp" not in document["metadata"]
    tools = [(tool["name"], tool["version"]) for tool in other["metadata"]["tools"]["components"]]
    assert ("llvm clang", "19.1.7") in tools
