"""`inspect --relocs`: every relocation of an object, those marked that a shared library cannot have."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from wasmbuild.report.relocations import relocations, relocations_text, relocations_to_json
from wasmbuild.wasm.encode import ModuleSpec, encode
from wasmbuild.wasm.reader import MalformedModule

CXX = """\
namespace app { struct S { int a[4]; }; extern S table; int f(int); }
int *address() { return app::table.a; }
int *pointer = &app::table.a[3];
int (*function())(int) { return app::f; }
int call(int (*g)(int)) { return g(1) + app::f(2); }
"""


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The same C++ compiled with and without -fPIC."""
    zig = Path(pytest.importorskip("ziglang").__file__).with_name("zig")
    folder = tmp_path_factory.mktemp("relocations")
    (folder / "a.cpp").write_text(CXX)
    for output, flag in (("pic.o", "-fPIC"), ("absolute.o", "-fno-pic")):
        command = [zig, "clang", "--target=wasm32-unknown-unknown", "-O1", flag, "-c", "a.cpp", "-o", output]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return {path.name: path.read_bytes() for path in folder.glob("*.o")}


def test_what_is_not_position_independent_is_marked(objects: Mapping[str, bytes]) -> None:
    found = relocations(objects["absolute.o"], "absolute.o")
    marked = [(each.type, each.symbol, each.addend) for each in found.relocations if each.non_pic]
    assert marked == [
        ("R_WASM_MEMORY_ADDR_SLEB", "_ZN3app5tableE", 0),
        ("R_WASM_TABLE_INDEX_SLEB", "_ZN3app1fEi", 0),
    ]
    text = relocations_text(found)
    assert text.startswith(f"absolute.o: {len(found.relocations)} relocations, 2 not position-independent\n\n  code: ")
    (line,) = [line for line in text.splitlines() if "MEMORY_ADDR_SLEB" in line]
    assert line.split()[:2] == ["not", "PIC"]
    assert line.split()[-3:] == ["R_WASM_MEMORY_ADDR_SLEB", "_ZN3app5tableE", "app::table"]
    assert text.endswith("\n\n  data: 1\n    0x6  R_WASM_MEMORY_ADDR_I32  +12  _ZN3app5tableE  app::table")


def test_what_is_position_independent_is_not_marked(objects: Mapping[str, bytes]) -> None:
    found = relocations(objects["pic.o"], "pic.o")
    assert found.relocations
    assert not any(each.non_pic for each in found.relocations)
    assert "not position-independent" not in relocations_text(found)


def test_a_type_is_shown_as_such(objects: Mapping[str, bytes]) -> None:
    types = [each for each in relocations(objects["pic.o"], "").relocations if each.type == "R_WASM_TYPE_INDEX_LEB"]
    assert [each.symbol for each in types] == ["(i32) -> i32"]


def test_json_has_one_entry_for_each(objects: Mapping[str, bytes]) -> None:
    found = relocations(objects["absolute.o"], "absolute.o")
    document = json.loads(json.dumps(relocations_to_json(found)))
    assert document["path"] == "absolute.o"
    assert len(document["relocations"]) == len(found.relocations)
    assert set(document["relocations"][0]) == {
        "section", "offset", "type", "symbol", "demangled", "addend", "non_pic",
    }  # fmt: skip


def test_a_linked_module_has_none() -> None:
    with pytest.raises(MalformedModule, match="a linked module, not a relocatable object"):
        relocations(encode(ModuleSpec()), "a.so")
