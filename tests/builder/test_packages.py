"""What pkg-config and CMake are told of libraries."""

from __future__ import annotations

import shutil
import subprocess

import pytest

MANIFEST = """\
name: img
version: "1.2"
description: Images
defaults: {libc: none}
libraries:
  base: {sources: [base.c]}
  core: {sources: [core.c], requires: [base], provides: [libcore, core-1]}
  odd: {sources: [base.c], output: odd.so}
  alone: {sources: [base.c], link: static}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory, project, run_wasmbuild):
    code = "int base(void) { return 1; }\n"
    core = "int base(void);\nint core(void) { return base(); }\n"
    directory = project(
        tmp_path_factory.mktemp("packages"), {"wasmbuild.yaml": MANIFEST, "base.c": code, "core.c": core}
    )
    ran = run_wasmbuild("build", cwd=directory)
    assert ran.status == 0, ran.stderr
    return directory / "build"


def test_each_name_that_a_library_provides_has_its_file(built):
    assert {path.stem for path in (built / "lib/pkgconfig").iterdir()} == {"base", "libcore", "core-1", "odd"}
    assert (built / "lib/pkgconfig/core-1.pc").read_text() == (built / "lib/pkgconfig/libcore.pc").read_text()
    text = (built / "lib/pkgconfig/libcore.pc").read_text()
    assert "Requires: base\n" in text
    assert "Version: 1.2\n" in text
    assert "Libs: -L${libdir} -lcore\n" in text
    assert "-l:odd.so" in (built / "lib/pkgconfig/odd.pc").read_text()


def test_the_cmake_package_has_a_target_for_each_library(built):
    text = (built / "lib/cmake/img/imgConfig.cmake").read_text()
    assert [f"add_library(img::{name} SHARED IMPORTED)" in text for name in ("base", "core", "odd", "alone")] == [
        True,
        True,
        True,
        False,
    ]
    assert 'INTERFACE_LINK_LIBRARIES "img::base"' in text
    assert 'set(PACKAGE_VERSION "1.2")' in (built / "lib/cmake/img/imgConfigVersion.cmake").read_text()


def test_what_is_no_longer_provided_is_taken_away(built, tmp_path, run_wasmbuild):
    directory = shutil.copytree(built.parent, tmp_path / "copy")
    manifest = directory / "wasmbuild.yaml"
    manifest.write_text(manifest.read_text().replace("[libcore, core-1]", "[libcore]"))
    assert run_wasmbuild("build", cwd=directory).status == 0
    assert not (directory / "build/lib/pkgconfig/core-1.pc").exists()


@pytest.mark.skipif(shutil.which("pkg-config") is None, reason="needs pkg-config")
def test_pkg_config_reads_them_wherever_they_are(built, tmp_path):
    moved = shutil.copytree(built, tmp_path / "moved")
    asked = subprocess.run(
        ["pkg-config", "--cflags", "--libs", "core-1 >= 1.1"],
        env={"PKG_CONFIG_LIBDIR": str(moved / "lib/pkgconfig"), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    words = [word.replace("/lib/pkgconfig/../..", "") for word in asked.stdout.split()]
    assert words == [f"-I{moved}/include", f"-L{moved}/lib", "-lcore", "-lbase"]
