"""`wasmbuild inspect`: what it finds in each kind of file, as values, as text and as the whole command."""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from wasmbuild.commands import inspect
from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.report.inspection import (
    Inspection,
    flag_words,
    inspect_bytes,
    inspection_text,
    inspection_to_json,
)
from wasmbuild.wasm import abi
from wasmbuild.wasm.encode import Function, ModuleSpec, body, custom_section, encode
from wasmbuild.wasm.module import Dylink, Export, FuncType, Import
from wasmbuild.wasm.reader import MalformedModule

wasmtime = pytest.importorskip("wasmtime")

LIBRARY = """
(module
  (@dylink.0
    (mem-info (memory 1000 4) (table 2 0))
    (needed "libc.so" "libm.so")
    (runtime-path "$ORIGIN")
    (import-info "env" "perhaps" binding-weak undefined)
    (export-info "counter" tls))
  (import "env" "memory" (memory 1))
  (import "env" "__memory_base" (global i32))
  (import "GOT.mem" "errno" (global (mut i32)))
  (import "env" "_ZN3app4drawERKi" (func (param i32)))
  (global $counter i32 (i32.const 16))
  (global $high i32 (i32.const -16))
  (func $add (param i32 i32) (result i64) (i64.const 0))
  (export "add" (func $add))
  (export "_Z4makev" (func $add))
  (export "counter" (global $counter))
  (export "high" (global $high))
  (export "errno" (global 1))
  (data (global.get 0) "abc"))
"""

C_SOURCE = """
extern int elsewhere;
extern int perhaps(int) __attribute__((weak));
static int helper(int x) { return x + 1; }
int table[25] = {1};
int add(int a, int b) { return a + b + elsewhere + table[a]; }
int calls(int x) { int (*volatile f)(int) = helper; return f(x) + (perhaps ? perhaps(1) : 0); }
"""


def wat(text: str, name: str = "m.wasm") -> Inspection:
    return inspect_bytes(bytes(wasmtime.wat2wasm(text)), name)


def lines_of(inspection: Inspection) -> list[str]:
    return inspection_text(inspection).split("\n")


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The same C compiled with and without -fPIC."""
    zig = Path(pytest.importorskip("ziglang").__file__).with_name("zig")
    folder = tmp_path_factory.mktemp("objects")
    (folder / "a.c").write_text(C_SOURCE)
    for output, flag in (("pic.o", "-fPIC"), ("absolute.o", "-fno-pic")):
        done = subprocess.run(
            [zig, "clang", "--target=wasm32-unknown-unknown", "-O1", "-nostdlib",
             "-fvisibility=hidden", flag, "-c", "a.c", "-o", output],
            cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in folder.glob("*.o")}


START = '(func $s) (export "_start" (func $s))'


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("(module (@dylink.0 (mem-info (memory 0 0) (table 0 0))))", "shared library"),
        (f"(module (@dylink.0 (mem-info (memory 0 0) (table 0 0))) {START})", "program (-pie)"),
        (f"(module {START} (memory 1))", "static program"),
        ("(module (memory 1))", "plain module"),
        # What wasm-ld writes for a static link with --unresolved-symbols=import-dynamic.
        (
            f"(module (@dylink.0 (mem-info (memory 0 0) (table 0 0))) (memory 1) {START})",
            "static program",
        ),
        (f'(module (@dylink.0 (mem-info (memory 4 0)) (needed "b.so")) (memory 1) {START})', "program (-pie)"),
    ],
)
def test_the_kind_of_a_module_is_told(text: str, kind: str) -> None:
    inspection = wat(text)
    assert inspection.kind == kind
    assert lines_of(inspection)[0] == f"m.wasm: {kind}, {inspection.size_bytes} bytes"


def test_dylink_is_shown_with_alignments_as_numbers_and_flags_as_words() -> None:
    text = lines_of(wat(LIBRARY))
    start = text.index("  dylink.0")
    assert text[start + 1 : text.index("", start)] == [
        "    memory        1,000 bytes, aligned to 16 bytes",
        "    table         2 elements, aligned to 1 element",
        "    needed        libc.so, libm.so",
        "    runtime path  $ORIGIN",
        "    export flags  counter: tls",
        "    import flags  env.perhaps: weak, undefined",
    ]


def test_imports_are_grouped_by_module_with_types_and_meanings() -> None:
    text = lines_of(wat(LIBRARY))
    start = text.index("  imports: 4")
    assert text[start + 1 : text.index("", start)] == [
        "    from env",
        "      memory 1.. pages  memory",
        "      global i32        __memory_base",
        "      func (i32) -> ()  _ZN3app4drawERKi  app::draw(int const&)",
        "    from GOT.mem",
        "      global mutable i32  errno",
    ]


def test_exports_show_the_signature_of_functions_and_the_offset_of_data() -> None:
    text = lines_of(wat(LIBRARY))
    start = text.index("  exports: 5")
    assert text[start + 1 : text.index("", start)] == [
        "    func (i32, i32) -> i64     add",
        "    func (i32, i32) -> i64     _Z4makev  make()",
        "    data at offset 0x10        counter",
        "    data at offset 0xfffffff0  high",
        "    global mutable i32         errno",
    ]


def test_an_exported_constant_of_a_static_module_is_no_data() -> None:
    inspection = wat('(module (global i32 (i32.const 16)) (export "g" (global 0)))')
    assert inspection.exports[0].data_offset is None
    assert "    global i32  g" in lines_of(inspection)


def test_a_long_export_list_is_shown_whole() -> None:
    names = [f"function_{number}" for number in range(3000)]
    spec = ModuleSpec(functions=(Function(FuncType(), body(b"")),), exports=tuple(Export(n, "func", 0) for n in names))
    text = inspection_text(inspect_bytes(encode(spec), "m.so"))
    assert [line.split()[-1] for line in text.split("\n") if "function_" in line] == names


def test_one_very_long_signature_does_not_widen_the_others() -> None:
    imports = (Import("env", "wide", FuncType(("i32",) * 40)), Import("env", "narrow", FuncType()))
    text = lines_of(inspect_bytes(encode(ModuleSpec(imports=imports)), "m.wasm"))
    assert "      func () -> ()  narrow" in text


def test_sections_are_listed_with_their_sizes() -> None:
    inspection = wat('(module (memory 1) (data (i32.const 0) "abc"))')
    assert [(s.name, s.size_bytes) for s in inspection.sections] == [("memory", 3), ("data", 9)]
    assert lines_of(inspection)[-2:] == ["    memory  3", "    data    9"]


@pytest.mark.parametrize(
    ("contents", "value"), [(b'{"stack_bytes": 65536}', {"stack_bytes": 65536}), (b"[1, {}]", [1, {}])]
)
def test_the_own_section_is_shown(contents: bytes, value: Any) -> None:
    data = encode(ModuleSpec()) + custom_section("wasmbuild", contents)
    inspection = inspect_bytes(data, "m.wasm")
    assert inspection.own == value
    assert f"  wasmbuild  {contents.decode()}" in lines_of(inspection)


@pytest.mark.parametrize("contents", [b"{", b"\xff", b"NaN", b"1e999", b"[" * 100_000, b"[" * 400 + b"]" * 400])
def test_an_own_section_that_is_not_json_is_noted_and_the_rest_is_shown(contents: bytes) -> None:
    inspection = inspect_bytes(encode(ModuleSpec()) + custom_section("wasmbuild", contents), "m.wasm")
    assert inspection.own is None
    assert inspection.notes == ("the section `wasmbuild` cannot be read as JSON",)
    assert f"  note: {inspection.notes[0]}" in lines_of(inspection)


def test_an_old_dylink_section_is_noted() -> None:
    inspection = inspect_bytes(encode(ModuleSpec()) + custom_section("dylink", b""), "old.wasm")
    assert inspection.kind == "plain module"
    assert "older convention" in inspection.notes[0]


def test_a_memory_of_its_own_is_noted_where_it_does_not_belong() -> None:
    whole = wat("(module (@dylink.0 (mem-info (memory 0 0))) (memory 1))")
    joins = wat('(module (@dylink.0 (mem-info (memory 0 0)) (needed "b.so")) (memory 1))')
    assert "it was linked statically" in whole.notes[0]
    assert "without --import-memory" in joins.notes[0]


def test_a_moved_dylink_section_is_noted() -> None:
    library = encode(ModuleSpec(dylink=Dylink()))
    moved = library[:8] + custom_section("producers", b"\0") + library[8:]
    assert inspect_bytes(library, "l.so").notes == ()
    assert "not the first section" in inspect_bytes(moved, "l.so").notes[0]


def test_names_cannot_reach_the_terminal_as_control_sequences() -> None:
    imports = (Import("\x1b[2J", "a\nb\u202e", FuncType()),)
    text = inspection_text(inspect_bytes(encode(ModuleSpec(imports=imports)), "bad\udcff.wasm"))
    assert all(character.isprintable() for character in text.replace("\n", ""))
    assert r"\x1b[2J" in text
    assert r"a\nb\u202e" in text
    assert text.startswith(r"bad\udcff.wasm: ")


def test_unknown_flags_are_kept_as_a_number() -> None:
    assert flag_words(abi.WEAK | abi.TLS | 0x1000 | 0x2000) == ("weak", "tls", "0x3000")
    assert flag_words(0) == ()


def test_the_symbols_of_an_object_are_shown(objects: Mapping[str, bytes]) -> None:
    inspection = inspect_bytes(objects["pic.o"], "pic.o")
    assert inspection.kind == "relocatable object"
    assert inspection.object is not None
    symbols = {symbol.name: symbol for symbol in inspection.object.symbols}
    assert symbols["helper"].defined
    assert "local" in symbols["helper"].flags
    assert symbols["add"].type == "(i32, i32) -> i32"
    assert symbols["table"].size_bytes == 100
    assert symbols["table"].type is None
    assert symbols["elsewhere"].size_bytes is None
    assert not symbols["elsewhere"].defined
    rows = [line.split() for line in lines_of(inspection)]
    assert ["function", "undefined", "weak", "(i32)", "->", "i32", "perhaps"] in rows
    assert ["data", "defined", "hidden", "100", "bytes", "table"] in rows
    assert ["function", "defined", "local", "(i32)", "->", "i32", "helper"] in rows


def test_an_object_says_whether_it_is_position_independent(objects: Mapping[str, bytes]) -> None:
    pic, absolute = (inspect_bytes(objects[name], name) for name in ("pic.o", "absolute.o"))
    assert pic.object is not None
    assert absolute.object is not None
    assert pic.object.non_pic == ()
    assert "elsewhere" in {relocation.symbol for relocation in absolute.object.non_pic}
    assert any(line.split() == ["position-independent", "yes"] for line in lines_of(pic))
    assert any(line.startswith("  position-independent  no: R_WASM_") for line in lines_of(absolute))


def test_target_features_are_shown_and_wrapped(objects: Mapping[str, bytes]) -> None:
    inspection = inspect_bytes(objects["pic.o"], "pic.o")
    used = {feature.name for feature in inspection.features if feature.prefix == "+"}
    assert "mutable-globals" in used
    text = inspection_text(inspection)
    assert all(f"+{name}" in text for name in used)
    assert max(map(len, text.split("\n"))) <= 110


def test_the_json_document_has_everything(objects: Mapping[str, bytes]) -> None:
    inspections = [wat(LIBRARY, "l.so"), inspect_bytes(objects["pic.o"], "pic.o")]
    document = json.loads(json.dumps({"files": [inspection_to_json(each) for each in inspections]}))
    library, obj = document["files"]
    assert set(library) == {f.name for f in structs.fields(Inspection)} - {"own"} | {"wasmbuild"}
    assert library["kind"] == "shared library"
    assert library["dylink"]["memory_align_bytes"] == 16
    assert library["dylink"]["import_flags"] == [
        {"module": "env", "name": "perhaps", "demangled": None, "flags": ["weak", "undefined"]}
    ]
    assert library["imports"][3] == {
        "module": "env",
        "name": "_ZN3app4drawERKi",
        "demangled": "app::draw(int const&)",
        "kind": "func",
        "type": "(i32) -> ()",
    }
    assert library["exports"][2] == {
        "name": "counter",
        "demangled": None,
        "kind": "global",
        "type": "global i32",
        "data_offset": 16,
        "size_bytes": None,
    }
    assert {"name": "mutable-globals", "use": "used"} in obj["features"]
    assert {"code", "linking"} <= {section["name"] for section in obj["sections"]}
    assert obj["object"]["non_pic"] == []


def run(*files: Path, as_json: bool = False) -> int:
    parser = argparse.ArgumentParser()
    inspect.add_arguments(parser)
    arguments = parser.parse_args([str(file) for file in files])
    arguments.json = as_json
    return inspect.run(arguments)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    (tmp_path / "good.so").write_bytes(wasmtime.wat2wasm(LIBRARY))
    return tmp_path / "good.so"


@pytest.fixture
def bad(tmp_path: Path, good: Path) -> Path:
    (tmp_path / "bad.so").write_bytes(good.read_bytes()[:40])
    return tmp_path / "bad.so"


def test_the_command_shows_each_file(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(good, good) == 0
    text = inspection_text(inspect_bytes(good.read_bytes(), str(good)))
    assert capsys.readouterr().out == f"{text}\n\n{text}\n"


def test_a_truncated_file_is_a_malformed_module(bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(MalformedModule) as direct:
        inspect_bytes(bad.read_bytes(), str(bad))
    with pytest.raises(WasmbuildError) as raised:
        run(bad)
    assert raised.value.diagnostics == direct.value.diagnostics
    assert capsys.readouterr().out == ""


def test_good_files_are_shown_although_others_are_bad(
    good: Path, bad: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = good.with_name("missing.so")
    with pytest.raises(WasmbuildError) as raised:
        run(missing, bad, good)
    assert [d.code for d in raised.value.diagnostics] == ["cannot-read", "malformed-module"]
    assert capsys.readouterr().out.startswith(f"{good}: shared library, ")


def test_json_of_good_and_bad_files_is_one_document(good: Path, bad: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(bad, good, as_json=True) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is False
    assert [file["path"] for file in document["files"]] == [str(good)]
    assert [finding["code"] for finding in document["diagnostics"]] == ["malformed-module"]


def test_json_of_good_files_has_no_diagnostics(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(good, as_json=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["ok"], document["diagnostics"]) == (1, True, [])
