"""The examples once more, compiled and linked by an LLVM of this machine: Debian's 19."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all(map(shutil.which, ("clang-19", "wasm-ld-19", "llvm-ar-19"))),
        reason="LLVM 19 is not installed (Debian: clang-19 lld-19 llvm-19)",
    ),
]

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
SETJMP = "#include <setjmp.h>\njmp_buf place;\nint main(void) { return setjmp(place); }\n"


@pytest.fixture
def llvm(tmp_path):
    file = tmp_path / "llvm-19.yaml"
    file.write_text('toolchain: llvm\nllvm: {suffix: "-19"}\n')
    return file


@pytest.mark.parametrize(
    "name", ["two-modules", "shared-globals", "greet", pytest.param("zpipe", marks=pytest.mark.network)]
)
def test_an_example_passes(name, tmp_path, llvm, run_wasmbuild, libc):
    shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=shutil.ignore_patterns("build"))
    ran = run_wasmbuild("test", "--toolchain", llvm, cwd=tmp_path / name)
    assert ran.status == 0, ran.stdout + ran.stderr
    assert ran.stdout.rstrip().endswith(" passed, 0 failed")


def test_it_is_what_doctor_finds_and_says_what_it_cannot(tmp_path, llvm, run_wasmbuild):
    ran = run_wasmbuild("doctor", "--toolchain", llvm, cwd=tmp_path)
    assert "llvm, clang 19." in ran.stdout
    assert "setjmp and exceptions need LLVM 20 or later" in ran.stdout


def test_setjmp_is_refused_with_what_to_do(tmp_path, llvm, project, run_wasmbuild, libc):
    manifest = "name: jump\nprograms: {jump: {sources: [jump.c]}}\n"
    directory = project(tmp_path / "jump", {"wasmbuild.yaml": manifest, "jump.c": SETJMP})
    ran = run_wasmbuild("build", "--toolchain", llvm, cwd=directory)
    assert ran.status == 1
    assert "setjmp needs LLVM 20 or later" in ran.stderr
