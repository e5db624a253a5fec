"""`build --sbom`, and the licences that come along with every build."""

from __future__ import annotations

import hashlib
import json

import pytest

FILES = {
    "wasmbuild.yaml": """\
name: viewer
version: "1.2"
license: MIT
libraries:
  view: {sources: [view.c], requires: [tiny]}
""",
    "LICENSE": "do what you like\n",
    "view.c": "int tiny(void);\nint view(void) { return tiny(); }\n",
    "recipes/tiny/recipe.yaml": """\
name: tiny
version: "3.1"
license: Zlib
source:
  - path: src
libraries:
  tiny: {sources: [tiny.c]}
""",
    "recipes/tiny/src/tiny.c": "int tiny(void) { return 3; }\n",
    "recipes/tiny/src/COPYING": "tiny's own\n",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory, project, run_wasmbuild):
    directory = project(tmp_path_factory.mktemp("sbom") / "viewer", FILES)
    ran = run_wasmbuild("build", "--sbom", "sbom.json", cwd=directory)
    assert ran.status == 0, ran.stderr
    return directory


def test_the_licences_of_all_that_is_linked_lie_beside_it(built):
    licenses = built / "build" / "licenses"
    assert (licenses / "tiny" / "COPYING").read_text() == "tiny's own\n"
    assert (licenses / "viewer" / "LICENSE").read_text() == "do what you like\n"
    assert any((licenses / "libc").iterdir())


def test_the_bill_says_what_is_in_the_build(built):
    document = json.loads((built / "sbom.json").read_text())
    assert [each["name"] for each in document["components"]] == ["libc", "tiny"]
    tiny = document["components"][1]
    assert (tiny["version"], tiny["purl"], tiny["licenses"]) == (
        "3.1",
        "pkg:generic/tiny@3.1",
        [{"license": {"id": "Zlib"}}],
    )
    (output,) = tiny["components"]
    library = (built / "build" / "lib" / "libtiny.so").read_bytes()
    assert (output["name"], output["hashes"][0]["content"]) == ("lib/libtiny.so", hashlib.sha256(library).hexdigest())
    depends = {each["ref"]: each.get("dependsOn", []) for each in document["dependencies"]}
    assert depends["project/viewer@1.2"] == [document["components"][0]["bom-ref"], "tiny@3.1"]
    assert str(built) not in json.dumps(document)


def test_with_nothing_to_do_it_is_written_and_the_same(built, run_wasmbuild):
    ran = run_wasmbuild("build", "--sbom", "again.json", cwd=built)
    assert (ran.status, ran.stderr) == (0, "nothing to do\n")
    assert (built / "again.json").read_bytes() == (built / "sbom.json").read_bytes()


def test_a_licence_that_changes_is_copied_again(built, run_wasmbuild):
    (built / "LICENSE").write_text("do less\n")
    assert run_wasmbuild("build", cwd=built).status == 0
    assert (built / "build" / "licenses" / "viewer" / "LICENSE").read_text() == "do less\n"
    (built / "NOTICE").write_text("new\n")
    assert run_wasmbuild("build", cwd=built).status == 0
    assert (built / "build" / "licenses" / "viewer" / "NOTICE").is_file()
    (built / "NOTICE").unlink()
    assert run_wasmbuild("build", cwd=built).status == 0
    assert not (built / "build" / "licenses" / "viewer" / "NOTICE").exists()
