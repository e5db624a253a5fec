"""Interfaces of libraries: what is in one, and that a linker takes it for the library."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from msgspec import to_builtins
from msgspec.structs import replace
from projects import compile_c, toolchain
from test_linkstep import BASE

from wasmbuild.builder.interface import write_interface
from wasmbuild.builder.linkspec import LinkSpec
from wasmbuild.builder.linkstep import link
from wasmbuild.link.interface import abi_hash
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.module import FuncType, Module
from wasmbuild.wasm.own import carried_abi

LINKERS = [
    pytest.param(lambda: toolchain().wasm_ld, id="zig"),
    pytest.param(
        lambda: ("wasm-ld-19",),
        id="lld-19",
        marks=pytest.mark.skipif(shutil.which("wasm-ld-19") is None, reason="there is no wasm-ld-19"),
    ),
]

B = """
int number = 7, numbers[10];
int plus(int x, long long y) { return x + (int)y + number; }
__attribute__((weak)) int weak(void) { return 3; }
__attribute__((visibility("default"))) void seen(void) {}
__attribute__((export_name("other"))) void named(void) {}
static int inside(void) { return 4; }
int unlisted(void) { return inside(); }
"""
B_EXPORTS = ("number*", "plus", "weak")


def spec_of(folder: Path, output: str, objects: dict[str, str], **more: object) -> Path:
    """The order of a link in a folder of its own."""
    pairs = tuple((path, Path(path).name) for path in objects.values())
    spec = replace(BASE, output=str(folder / output), objects=pairs, wasm_ld=toolchain().wasm_ld, **more)  # type: ignore[arg-type]
    order = folder / "obj" / Path(output).stem / "link.json"
    order.parent.mkdir(parents=True, exist_ok=True)
    order.write_text(json.dumps(to_builtins(spec)))
    return order


def interface_of(order: Path, name: str) -> Path:
    output = order.parent / "interface" / name
    write_interface(order, output)
    return output


def exports(path: Path) -> dict[str, str]:
    """What others can link to, with the types of functions."""
    module = decode(path.read_bytes(), str(path))
    linkers_own = abi.LINKER_SYMBOLS
    return {e.name: _type(module, e.kind, e.index) for e in module.exports if e.name not in linkers_own}


def _type(module: Module, kind: str, index: int) -> str:
    if kind != "func":
        return kind
    type_ = module.function_space[index]
    assert isinstance(type_, FuncType)
    return str(type_)


@pytest.mark.parametrize(
    "more",
    [
        {"exports": None},
        {"exports": B_EXPORTS},
        {"exports": ()},
        {"exports": ("plus",), "ldflags": ("--export=unlisted",)},
        {"exports": ("plus",), "ldflags": ("--export-all",)},
        {"exports": ("plus",), "interpose": ("weak",)},
    ],
    ids=str,
)
def test_an_interface_exports_what_the_library_exports(tmp_path: Path, more: dict[str, object]) -> None:
    order = spec_of(tmp_path, "libb.so", {"b": compile_c(tmp_path, "b", B)}, **more)
    link(order)
    library, interface = tmp_path / "libb.so", interface_of(order, "libb.so")
    assert exports(interface) == exports(library)
    assert abi_hash(decode(interface.read_bytes())) == carried_abi(library.read_bytes())
    assert "plus" in exports(tmp_path / "libb.so") or more["exports"] == ()


def test_of_an_archive_it_has_what_the_link_takes_of_it(tmp_path: Path) -> None:
    visible = '__attribute__((visibility("default"))) int {0}(void) {{ return {1}; }}'
    members = {"used": visible.format("used", "deep()"), "deep": visible.format("deep", "1"), "left": B}
    members["used"] = "int deep(void);" + members["used"]
    paths = [compile_c(tmp_path, name, code) for name, code in members.items()]
    archive = tmp_path / "x.a"
    subprocess.run([*toolchain().ar, "rcsD", str(archive), *paths], check=True)
    a = compile_c(tmp_path, "a", "int used(void); int first(void) { return used(); }")
    order = spec_of(tmp_path, "liba.so", {"a": a, "x": str(archive)}, exports=("first",))
    link(order)
    found = exports(interface_of(order, "liba.so"))
    assert found == exports(tmp_path / "liba.so")
    assert set(found) == {"first", "used", "deep"}


def test_an_archive_is_taken_whole_where_the_manifest_says_so(tmp_path: Path) -> None:
    visible = compile_c(tmp_path, "b", B)
    subprocess.run([*toolchain().ar, "rcsD", str(tmp_path / "x.a"), visible], check=True)
    objects = {"a": compile_c(tmp_path, "a", "int first(void) { return 1; }"), "x": str(tmp_path / "x.a")}
    for whole, expected in ((False, {"first"}), (True, {"first", "seen", "other"})):
        order = spec_of(tmp_path, "liba.so", objects, exports=("first",), whole_archive=whole)
        link(order)
        assert set(exports(tmp_path / "liba.so")) == expected
        assert exports(interface_of(order, "liba.so")) == exports(tmp_path / "liba.so")


def test_equal_exports_are_equal_bytes_and_a_file_that_is_there_stays(tmp_path: Path) -> None:
    first, second = (compile_c(tmp_path, name, f"int {name}(int x) {{ return x; }}") for name in "ab")
    order = spec_of(tmp_path, "libx.so", {"a": first, "b": second})
    output = interface_of(order, "libx.so")
    before = output.stat().st_mtime_ns
    compile_c(tmp_path, "a", "int a(int x) { return x * 3; }")
    spec_of(tmp_path, "libx.so", {"b": second, "a": first})
    assert interface_of(order, "libx.so").stat().st_mtime_ns == before
    compile_c(tmp_path, "a", "int a(long long x) { return (int)x; }")
    write_interface(order, output)
    assert exports(output) == {"a": "(i64) -> i32", "b": "(i32) -> i32"}


def run_linker(linker: tuple[str, ...], output: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    output.parent.mkdir(exist_ok=True)
    command = [*linker, "-shared", "--experimental-pic", "-o", str(output), "--export=first", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


USER = """
extern int number, numbers[]; int plus(int, long long); int weak(void);
int first(int x) { numbers[2] = x; return plus(x, 3) + number + weak(); }
int (*address(void))(int, long long) { return plus; }
"""


@pytest.mark.parametrize("linker", LINKERS)
def test_linked_against_it_a_module_is_the_same_as_against_the_library(tmp_path: Path, linker) -> None:  # type: ignore[no-untyped-def]
    order = spec_of(tmp_path, "libb.so", {"b": compile_c(tmp_path, "b", B)}, exports=B_EXPORTS)
    link(order)
    user, found = compile_c(tmp_path, "a", USER), []
    for folder, library in (("one", tmp_path / "libb.so"), ("two", interface_of(order, "libb.so"))):
        output = tmp_path / folder / "liba.so"  # its name is written into it
        done = run_linker(linker(), output, user, str(library), "--export=address")
        assert done.returncode == 0, done.stderr
        found.append(output.read_bytes())
    assert found[0] == found[1]
    dylink = decode(found[1], "liba.so").dylink
    assert dylink is not None
    assert dylink.needed == ("libb.so",)


@pytest.mark.parametrize("linker", LINKERS)
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("int plus(int); int first(int x) { return plus(x); }", "function signature mismatch: plus"),
        ("int unlisted(void); int first(void) { return unlisted(); }", "undefined symbol: unlisted"),
    ],
)
def test_a_linker_checks_types_and_names_against_it(tmp_path: Path, linker, code: str, said: str) -> None:  # type: ignore[no-untyped-def]
    order = spec_of(tmp_path, "libb.so", {"b": compile_c(tmp_path, "b", B)}, exports=B_EXPORTS)
    interface = interface_of(order, "libb.so")
    done = run_linker(linker(), tmp_path / "liba.so", compile_c(tmp_path, "a", code), str(interface))
    assert said in done.stderr
    assert done.returncode != 0


def test_a_mismatch_names_the_library_and_not_its_interface(tmp_path: Path) -> None:
    from wasmbuild.builder.linkerrors import explain

    spec: LinkSpec = replace(BASE, libraries=("i/libb.so",), interfaces={"i/libb.so": "build/lib/libb.so"})
    text = "wasm-ld: error: function signature mismatch: plus\n>>> defined as (i32) -> i32 in a.o\n"
    ((finding,), _) = explain(text + ">>> defined as (i32, i64) -> i32 in i/libb.so\n", spec)
    assert dict(finding.facts)["exported as"] == "(i32, i64) -> i32  in build/lib/libb.so"
