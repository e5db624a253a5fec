"""Which files of a source tree are its licence, and that no others come along."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import read, write

from wasmbuild.builder.licenses import copy_licenses, license_files
from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.manifest.check import check_project

USUAL = ["COPYING", "COPYING.LESSER", "LICENCE.md", "LICENSE-APACHE", "LICENSE.TXT", "NOTICE", "UNLICENSE", "copyright"]
OTHERS = ["README", "license.c", "LICENSE.py", "licensing.txt", "src/LICENSE", "notices.txt", "COPYING.d/x"]


def found(manifest: str, root: Path, *directories: str) -> list[str]:
    return [path.as_posix() for path in license_files(read(f"name: x\n{manifest}"), root, directories)]


def test_files_at_the_top_are_known_by_their_names(tmp_path: Path) -> None:
    write(tmp_path, *USUAL, *OTHERS)
    assert sorted(found("", tmp_path)) == sorted(USUAL)


def test_components_have_theirs_and_reuse_has_a_directory(tmp_path: Path) -> None:
    write(tmp_path, "part/COPYING", "other/COPYING", "LICENSES/MIT.txt", "LICENSES/Zlib.txt")
    assert found("", tmp_path, "part") == ["LICENSES/MIT.txt", "LICENSES/Zlib.txt", "part/COPYING"]


def test_what_the_manifest_lists_counts_alone(tmp_path: Path) -> None:
    write(tmp_path, "LICENSE", "doc/readme.html")
    manifest = "license_files: [doc/readme.html]"
    assert found(manifest, tmp_path) == ["doc/readme.html"]
    copy_licenses(read(f"name: x\n{manifest}"), tmp_path, (), tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == ["readme.html"]
    with pytest.raises(WasmbuildError, match=r"no such licence file: `gone`\n.*wasmbuild.yaml:2:17"):
        found("license_files: [gone]", tmp_path)


def test_a_link_that_leads_out_is_no_licence(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    root = write(tmp_path / "source", "LICENSE")
    (root / "COPYING").symlink_to(tmp_path / "secret")
    (root / "NOTICE").symlink_to("LICENSE")
    assert found("", root) == ["LICENSE", "NOTICE"]


@pytest.mark.parametrize("path", ["../LICENSE", "/etc/passwd", "a/../../b"])
def test_a_listed_one_lies_in_the_source(path: str) -> None:
    with pytest.raises(WasmbuildError) as caught:
        check_project(read(f"name: x\nlicense_files: [{path}]\nlibraries: {{a: {{sources: [a.c]}}}}\n"), {})
    assert caught.value.diagnostics[0].code in ("outside", "bad-path")
