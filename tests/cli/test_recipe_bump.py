"""`recipe bump` and `outdated`, with sources that lie on this machine."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

VERSIONS = {
    "1.0": "int tiny_add(int a, int b) { return a + b; }\nint tiny_old(void) { return 1; }\n",
    "1.1": "int tiny_add(int a, int b) { return a + b; }\nint tiny_new(void) { return 1; }\n",
    "2.0": "int tiny_add(int a, int b) { return a - b; }\n",
}


def archive(directory: Path, version: str) -> str:
    """Write it, and return its hash."""
    path = directory / f"tiny-{version}.tar"
    with tarfile.open(path, "w") as opened:
        info = tarfile.TarInfo(f"tiny-{version}/tiny.c")
        info.size = len(VERSIONS[version])
        opened.addfile(info, io.BytesIO(VERSIONS[version].encode()))
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def tiny(tmp_path, project):
    """A recipe of version 1.0, where there are 1.1 and 2.0 too."""
    hashes = {version: archive(tmp_path, version) for version in VERSIONS}
    text = f"""\
# A comment at the top.
name: tiny
version: "1.0"          # upstream's
license: MIT
source:
  - url: {tmp_path.as_uri()}/gone/tiny-1.0.tar     # as the next, from another place
    sha256: {hashes["1.0"]}
  - url: {tmp_path.as_uri()}/tiny-1.0.tar
    sha256: {hashes["1.0"]}
libraries:
  tiny: {{sources: [tiny.c], exports: ["tiny_*"]}}   # a comment at the end
tests:
  - {{name: adds, call: tiny_add, in: tiny, args: [2, 3], returns: 5}}
"""
    project(tmp_path, {"recipes/tiny/recipe.yaml": text})
    return tmp_path, text, hashes


def test_the_file_is_rewritten_with_its_comments_and_what_breaks_is_said(tiny, run_wasmbuild):
    directory, text, hashes = tiny
    ran = run_wasmbuild("recipe", "bump", "tiny", "1.1", cwd=directory)
    assert ran.status == 0, ran.stderr
    assert ran.stderr.splitlines()[-1] == "tiny is 1.1 now"
    expected = text.replace("1.0", "1.1").replace(hashes["1.0"], hashes["1.1"])
    assert (directory / "recipes/tiny/recipe.yaml").read_text() == expected
    assert "libtiny.so: breaks who was linked against the old one\n  removed  tiny_old  () -> i32\n" in ran.stdout
    assert "note: not reached, and taken to be the same file as before: file://" in ran.stderr


def test_one_hash_of_two_places_is_one_edit_and_that_they_differ_now_is_said(tiny, run_wasmbuild):
    directory, text, hashes = tiny
    (directory / "gone").mkdir()
    packed = directory / "gone" / "tiny-1.1.tar"
    packed.write_bytes((directory / "tiny-1.1.tar").read_bytes())
    written = text.replace(hashes["1.0"], f"&same {hashes['1.0']}", 1)
    written = written.replace(f"sha256: {hashes['1.0']}", "sha256: *same", 1)
    recipe = directory / "recipes/tiny/recipe.yaml"
    recipe.write_text(written)
    ran = run_wasmbuild("recipe", "bump", "tiny", "1.1", cwd=directory)
    assert ran.status == 0, ran.stderr
    assert "any more" not in ran.stderr
    assert recipe.read_text() == written.replace("1.0", "1.1").replace(hashes["1.0"], hashes["1.1"])

    recipe.write_text(written)
    packed.write_bytes(packed.read_bytes() + bytes(10240))
    other = hashlib.sha256(packed.read_bytes()).hexdigest()
    ran = run_wasmbuild("recipe", "bump", "tiny", "1.1", cwd=directory)
    assert recipe.read_text() == written.replace("1.0", "1.1").replace(hashes["1.0"], other)
    assert f"note: not the same file any more, so give it a `sha256` of its own, {hashes['1.1']}: file://" in ran.stderr


def test_a_version_that_fails_its_tests_leaves_the_file_as_it_was(tiny, run_wasmbuild):
    directory, text, _ = tiny
    ran = run_wasmbuild("recipe", "bump", "tiny", "2.0", cwd=directory)
    assert ran.status == 1
    assert ran.stderr.splitlines()[-1] == "tiny stays 1.0"
    assert (directory / "recipes/tiny/recipe.yaml").read_text() == text


def test_a_version_that_no_source_has_is_said(tiny, run_wasmbuild):
    directory, text, _ = tiny
    ran = run_wasmbuild("recipe", "bump", "tiny", "9.9", cwd=directory)
    assert (ran.status, ran.stderr.splitlines()[0]) == (1, "error: no source of `tiny` has version 9.9")
    ran = run_wasmbuild("recipe", "bump", "tiny", cwd=directory)
    assert (ran.status, ran.stderr.splitlines()[0]) == (1, "error: no newer version of `tiny` than 1.0 is known")
    assert (directory / "recipes/tiny/recipe.yaml").read_text() == text


def test_what_has_no_index_of_versions_is_not_known_to_be_outdated(tiny, run_wasmbuild):
    directory, _, _ = tiny
    ran = run_wasmbuild("recipe", "outdated", "tiny", cwd=directory)
    assert (ran.status, ran.stdout) == (0, "nothing is known to be outdated\n")
    assert ran.stderr.count("could not be asked") == 1
    assert "note: no newer version is known of: tiny\n" in ran.stderr
    document = run_wasmbuild("recipe", "outdated", "--json", "tiny", cwd=directory).json()
    assert [(entry["name"], entry["outdated"]) for entry in document["recipes"]] == [("tiny", False)]


@pytest.mark.network
def test_debian_is_asked_by_apt(tmp_path, run_wasmbuild):
    text = """\
name: old-zlib
version: "1.2.0"
source:
  - debian: zlib
    version: "1:1.2.0-1"
    sha256: 0000000000000000000000000000000000000000000000000000000000000000
libraries:
  z: {sources: ["*.c"]}
"""
    (tmp_path / "recipes/old-zlib").mkdir(parents=True)
    (tmp_path / "recipes/old-zlib/recipe.yaml").write_text(text)
    ran = run_wasmbuild("recipe", "outdated", "old-zlib", cwd=tmp_path)
    assert ran.status == 1
    assert ran.stdout.startswith("old-zlib  1.2.0, now 1.")
