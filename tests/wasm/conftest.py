"""Real inputs, made once a session: modules from text, and objects and libraries from the embedded clang."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

# One of everything, as the text format can say it.
WAT = """
(module
  (@dylink.0
    (mem-info (memory 100 4) (table 2 0))
    (needed "libc.so" "libm.so")
    (import-info "env" "f" binding-weak undefined)
    (export-info "t" tls)
    (runtime-path "$ORIGIN" "/lib"))
  (type $pair (func (param i32 i64) (result f32 f64)))
  (import "env" "f" (func (param i32 i32) (result i64)))
  (import "env" "memory" (memory 1))
  (import "env" "__indirect_function_table" (table 3 funcref))
  (import "env" "__memory_base" (global i32))
  (import "GOT.mem" "errno" (global (mut i32)))
  (import "env" "__c_longjmp" (tag (param i32)))
  (table 1 5 externref)
  (memory 2 3)
  (tag $own (param i64 f32))
  (global $t i32 (i32.const -8))
  (global (mut i64) (i64.const 5000000000))
  (func $g (type $pair) (f32.const 1) (f64.const 2))
  (func $s)
  (export "g" (func $g))
  (export "f again" (func 0))
  (export "t" (global $t))
  (export "errno" (global 1))
  (export "memory" (memory 1))
  (export "table" (table 1))
  (export "own" (tag $own))
  (start $s)
  (elem (offset (global.get 0)) func $g 0)
  (elem declare func $s)
  (data (offset (global.get 0)) "abc")
  (data "passive"))
"""

C_SOURCE = """
static int counter;
static int helper(int x) { return x + counter; }
int hidden __attribute__((visibility("hidden"))) = 1;
extern int elsewhere;
extern int perhaps(int) __attribute__((weak));
int *address = &hidden;
int (*pointer)(int) = helper;
_Thread_local int local_to_thread;
int reads(void) { return counter++ + hidden + elsewhere; }
int calls(int x) { int (*volatile f)(int) = helper; return f(x) + local_to_thread; }
int *address_of(void) { return &hidden; }
int maybe(void) { return perhaps ? perhaps(1) : 0; }
int __attribute__((weak)) replaceable(long long x) { return (int)x; }
"""

PURE_SOURCE = "int twice(int x) { return x * 2; } int table[] = {1, 2}; int *second = &table[1];"

THROWS_SOURCE = """
int thrower(int x) { if (x) throw x; return 1; }
int catcher(int x) { try { return thrower(x); } catch (...) { return 0; } }
"""

JUMPS_SOURCE = """
int setjmp(long *) __attribute__((returns_twice));
void longjmp(long *, int) __attribute__((noreturn));
static long buffer[40];
void jump(void) { longjmp(buffer, 1); }
int land(void) { if (setjmp(buffer)) return 1; jump(); return 0; }
"""


@pytest.fixture(scope="session")
def wat_module() -> bytes:
    wasmtime = pytest.importorskip("wasmtime")
    return bytes(wasmtime.wat2wasm(WAT))


@pytest.fixture(scope="session")
def zig() -> Callable[..., subprocess.CompletedProcess[str]]:
    ziglang = pytest.importorskip("ziglang")
    program = Path(ziglang.__file__).with_name("zig")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120
        )

    return run


@pytest.fixture(scope="session")
def compiled(
    zig: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Path]:
    """`all.o` and `all-pic.o`: the same C with every kind of reference; `pure.o`: without addresses in code;
    `throws.o`: C++ that throws and catches; `jumps.o`: C with setjmp; `debug.o`: as `all-pic.o` with debug
    information; `all64.o`: as `all.o` for memory64; `linked.so`: a shared library from `all-pic.o`."""
    folder = tmp_path_factory.mktemp("compiled")
    (folder / "all.c").write_text(C_SOURCE)
    (folder / "pure.c").write_text(PURE_SOURCE)
    (folder / "throws.cpp").write_text(THROWS_SOURCE)
    (folder / "jumps.c").write_text(JUMPS_SOURCE)
    standard = ("-mllvm", "-wasm-use-legacy-eh=false")
    common = ("-O1", "-fvisibility=default", "-nostdlib")
    for target, flags in {
        "all.o": (),
        "all-pic.o": ("-fPIC",),
        "pure.o": (),
        "throws.o": ("-fPIC", "-fwasm-exceptions", *standard),
        "jumps.o": ("-fPIC", "-mllvm", "-wasm-enable-sjlj", "-mexception-handling", *standard),
        "debug.o": ("-fPIC", "-g"),
        "all64.o": (),
    }.items():
        stem = {"debug": "all", "all64": "all"}.get(target[:-2], target[:-2].removesuffix("-pic"))
        source = next(folder.glob(f"{stem}.c*"))
        triple = "wasm64-unknown-unknown" if "64" in target else "wasm32-unknown-unknown"
        done = zig("clang", f"--target={triple}", *common, *flags, "-c", source, "-o", folder / target)
        assert done.returncode == 0, done.stderr
    done = link_shared(zig, folder / "all-pic.o", folder / "linked.so")
    assert done.returncode == 0, done.stderr
    return {path.name: path for path in folder.iterdir()}


def link_shared(
    zig: Callable[..., subprocess.CompletedProcess[str]], obj: Path, output: Path
) -> subprocess.CompletedProcess[str]:
    """Link one object so that the linker keeps, and so looks at, all of it."""
    emulation = ("-mwasm64",) if "64" in obj.name else ()
    undefined = "--unresolved-symbols=import-dynamic"
    return zig(
        "wasm-ld", *emulation, "-shared", "--experimental-pic", "--no-entry", "--export-all",
        "--error-limit=0", undefined, obj, "-o", output,
    )  # fmt: skip


@pytest.fixture(scope="session")
def link(
    zig: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Path], str]:
    """Links an object with `-shared`; what the linker says."""
    output = tmp_path_factory.mktemp("linked") / "out.so"
    return lambda obj: link_shared(zig, obj, output).stderr
