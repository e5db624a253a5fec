"""Objects and archives that other compilers made, as sources of a target."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from wasmbuild.builder.toolchain import find_toolchain, read_settings

THROWS = """#include <stdexcept>
int thrower(int x) { if (x) throw std::runtime_error("thrown"); return 1; }
int catches(int x) { try { return thrower(x); } catch (const std::exception &error) { return error.what()[0]; } }
"""
MAIN = """#include <exception>
int thrower(int), catches(int);
int main() {
  try {
    thrower(1);
  } catch (const std::exception &error) {
    return catches(1) == 't' && error.what()[0] == 't' ? 0 : 1;
  }
  return 2;
}
"""
TAG = "\t.globl __cpp_exception\n\t.weak __cpp_exception\n\t.tagtype __cpp_exception i32\n__cpp_exception:\n"


def clang(*arguments: str, cwd: Path) -> None:
    command = (*find_toolchain(read_settings(None)).clang, "--target=wasm32-wasip1", *arguments)
    subprocess.run(command, cwd=cwd, check=True, timeout=120)


def test_the_tag_that_older_compilers_define_in_each_object_is_that_of_the_process(
    tmp_path, project, run_wasmbuild, libcxx
):
    manifest = (
        "name: tags\nlibraries:\n  throws: {sources: [throws.cpp, tag.o]}\n"
        "programs:\n  main: {sources: [main.cpp, libtag.a], whole_archive: true, requires: [throws]}\n"
        "  static: {sources: [main.cpp, tag.o], requires: [throws], link: static}\n"
    )
    here = project(tmp_path, {"throws.cpp": THROWS, "main.cpp": MAIN, "tag.s": TAG, "wasmbuild.yaml": manifest})
    clang("-mexception-handling", "-c", "tag.s", "-o", "tag.o", cwd=here)
    subprocess.run([find_toolchain(read_settings(None)).zig, "ar", "rcs", "libtag.a", "tag.o"], cwd=here, check=True)
    for program in ("main", "static"):
        ran = run_wasmbuild("run", program, cwd=here)
        assert (ran.status, ran.stderr.count("warning: ")) == (0, 0), ran.stderr


def test_an_object_that_asks_for_the_landing_pads_context_links(tmp_path, project, run_wasmbuild, libcxx):
    """Compilers after LLVM 22 call a function for it."""
    files = {
        "main.c": "extern char __wasm_lpad_context[];\nvoid *_Unwind_GetWasmLPadContext(void);\n"
        "int main(void) { return _Unwind_GetWasmLPadContext() != __wasm_lpad_context; }\n",
        "wasmbuild.yaml": "name: pad\nprograms:\n  main: {sources: [main.c], requires: [libcxx]}\n",
    }
    assert run_wasmbuild("run", "main", cwd=project(tmp_path, files)).status == 0


ZIG = (
    "extern fn twice(value: c_int) c_int;\nexport var kept: c_int = 1;\n"
    "export fn four(value: c_int) c_int {\n    kept += 1;\n    return twice(twice(value));\n}\n"
)


@pytest.mark.slow
def test_objects_and_archives_that_zig_made_join_a_library_if_they_can(tmp_path, project, run_wasmbuild, libc):
    zig = find_toolchain(read_settings(None)).zig
    manifest = (
        "name: joined\nlibraries:\n  joined: {sources: [four.o, twice.c], exports: [four, kept]}\n"
        "  member: {sources: [libfour.a, twice.c], exports: [four, kept], output: libmember.so}\n"
        "programs:\n  main: {sources: [main.c], requires: [joined]}\n  other: {sources: [main.c], requires: [member]}\n"
    )
    files = {
        "four.zig": ZIG,
        "twice.c": "int twice(int x) { return 2 * x; }\n",
        "main.c": "int four(int);\nextern int kept;\nint main(void) { return four(3) != 12 || kept != 2; }\n",
        "wasmbuild.yaml": manifest,
    }
    here = project(tmp_path, files)
    caches = ("--cache-dir", "zig-cache", "--global-cache-dir", "zig-cache")
    build = (zig, "build-obj", "four.zig", "-target", "wasm32-wasi", "-O", "ReleaseSmall", "-fstrip", *caches)
    subprocess.run([*build, "-fPIC"], cwd=here, check=True, timeout=300)
    subprocess.run([zig, "ar", "rcs", "libfour.a", "four.o"], cwd=here, check=True, timeout=60)
    for program in ("main", "other"):
        ran = run_wasmbuild("run", program, cwd=here)
        assert ran.status == 0, ran.stderr
    subprocess.run([*build, "-fno-PIC"], cwd=here, check=True, timeout=300)
    ran = run_wasmbuild("build", cwd=here)
    assert ran.status == 1
    assert "error: not position-independent: four.o\n" in ran.stderr


RUST = """#![feature(no_core, lang_items, intrinsics)]
#![no_core]
#![allow(internal_features)]
#[lang = "pointee_sized"] pub trait PointeeSized {}
#[lang = "meta_sized"] pub trait MetaSized: PointeeSized {}
#[lang = "sized"] pub trait Sized: MetaSized {}
#[lang = "copy"] pub trait Copy {}
impl Copy for i32 {}
extern "C" { fn twice(value: i32) -> i32; }
#[no_mangle] pub unsafe extern "C" fn four(value: i32) -> i32 { twice(twice(value)) }
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("rustc") is None, reason="there is no rustc")
def test_a_static_library_of_rust_joins_a_library(tmp_path, project, run_wasmbuild, libc):
    """Without its standard library, which has to be installed for WebAssembly, and is not position-independent."""
    files = {
        "four.rs": RUST,
        "twice.c": "int twice(int x) { return 2 * x; }\n",
        "main.c": "int four(int);\nint main(void) { return four(3) != 12; }\n",
        "wasmbuild.yaml": "name: rust\nlibraries:\n  four: {sources: [libfour.a, twice.c], exports: [four]}\n"
        "programs:\n  main: {sources: [main.c], requires: [four]}\n",
    }
    here = project(tmp_path, files)
    command = ("rustc", "--crate-type", "staticlib", "--target", "wasm32-unknown-unknown", "-O", "four.rs")
    flags = ("-C", "relocation-model=pic", "-C", "panic=abort", "-A", "warnings")
    done = subprocess.run(
        [*command, *flags], cwd=here, env={**os.environ, "RUSTC_BOOTSTRAP": "1"}, capture_output=True, text=True
    )
    if done.returncode != 0:
        pytest.skip(f"this rustc does not compile it: {json.dumps(done.stderr.splitlines()[:1])}")
    ran = run_wasmbuild("run", "main", cwd=here)
    assert ran.status == 0, ran.stderr
