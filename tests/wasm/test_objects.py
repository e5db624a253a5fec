"""Relocatable objects: their symbols, and the relocations that lld refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from wasmbuild.wasm.encode import custom_section, name, section, unsigned, vector
from wasmbuild.wasm.module import FuncType, TagType
from wasmbuild.wasm.objects import (
    ObjectFile,
    Symbol,
    decode_object,
    defined_symbols,
    exception_symbols,
    exportable,
    non_pic_relocations,
    symbol_type,
    undefined_symbols,
)
from wasmbuild.wasm.reader import MalformedModule


def load(path: Path) -> ObjectFile:
    return decode_object(path.read_bytes(), path.name)


def symbol(obj: ObjectFile, wanted: str) -> Symbol:
    return next(s for s in obj.symbols if s.name == wanted)


@pytest.mark.parametrize("target", ["all.o", "all64.o", "all-pic.o", "debug.o", "pure.o", "throws.o", "jumps.o"])
def test_we_find_the_relocations_that_the_linker_refuses(
    compiled: Mapping[str, Path], link: Callable[[Path], str], target: str
) -> None:
    refused = set(re.findall(r"relocation (\w+) cannot be used against symbol `(\w+)`", link(compiled[target])))
    assert set(non_pic_relocations(load(compiled[target]))) == refused
    assert bool(refused) == (target in ("all.o", "all64.o"))


def test_every_form_of_absolute_address_is_found(compiled: Mapping[str, Path]) -> None:
    found = non_pic_relocations(load(compiled["all.o"]))
    assert ("R_WASM_MEMORY_ADDR_LEB", "counter") in found  # static
    assert ("R_WASM_MEMORY_ADDR_SLEB", "hidden") in found
    assert ("R_WASM_MEMORY_ADDR_LEB", "elsewhere") in found  # undefined
    assert ("R_WASM_TABLE_INDEX_SLEB", "helper") in found
    assert ("R_WASM_TABLE_INDEX_SLEB", "perhaps") in found  # undefined and weak
    assert len(found) == len(set(found))


def test_addresses_in_data_are_position_independent(compiled: Mapping[str, Path]) -> None:
    obj = load(compiled["pure.o"])
    assert [(r.type, obj.symbols[r.target].name, r.addend) for r in obj.relocations if "MEMORY" in r.type] == [
        ("R_WASM_MEMORY_ADDR_I32", "table", 4)
    ]
    assert non_pic_relocations(obj) == ()


def test_symbols_have_binding_and_visibility(compiled: Mapping[str, Path]) -> None:
    obj = load(compiled["all-pic.o"])
    helper, hidden, weak = symbol(obj, "helper"), symbol(obj, "hidden"), symbol(obj, "replaceable")
    assert (helper.kind, helper.local, helper.defined) == ("function", True, True)
    assert (hidden.kind, hidden.hidden, hidden.local, hidden.size_bytes) == ("data", True, False, 4)
    assert (weak.weak, weak.hidden, weak.defined) == (True, False, True)
    assert symbol_type(obj, weak) == FuncType(("i64",), ("i32",))
    assert symbol_type(obj, hidden) is None


def test_what_is_not_static_can_be_exported_hidden_or_not(compiled: Mapping[str, Path]) -> None:
    names = {s.name for s in exportable(load(compiled["all-pic.o"]))}
    assert names == {
        "reads", "calls", "address_of", "maybe", "replaceable",
        "hidden", "address", "pointer", "local_to_thread",
    }  # fmt: skip


def test_undefined_symbols_are_named_after_their_imports(compiled: Mapping[str, Path]) -> None:
    obj = load(compiled["all-pic.o"])
    undefined = {s.name: s for s in undefined_symbols(obj)}
    assert {"elsewhere", "perhaps", "__memory_base", "__table_base"} <= set(undefined)
    assert undefined["perhaps"].weak
    assert undefined["elsewhere"].index is None
    assert not set(undefined) & {s.name for s in defined_symbols(obj)}


def test_the_use_of_exceptions_and_setjmp_is_seen(compiled: Mapping[str, Path]) -> None:
    assert exception_symbols(load(compiled["all.o"])) == frozenset()
    assert exception_symbols(load(compiled["throws.o"])) == {"__cpp_exception"}
    assert exception_symbols(load(compiled["jumps.o"])) == {
        "__wasm_setjmp", "__wasm_setjmp_test", "__wasm_longjmp", "__c_longjmp",
    }  # fmt: skip


def test_a_tag_has_a_type() -> None:
    imports = section(2, vector([name("env") + name("__c_longjmp") + b"\4\0\0"]))
    obj = decode_object(HEADER + section(1, b"\1\x60\1\x7f\0") + imports + linking(section(8, b"\1\4\x10\0")))
    assert symbol_type(obj, obj.symbols[0]) == TagType(FuncType(("i32",)))


def test_debug_information_adds_no_relocations(compiled: Mapping[str, Path]) -> None:
    kinds = {load(compiled["debug.o"]).module.sections[r.section].id for r in load(compiled["debug.o"]).relocations}
    assert kinds == {10, 11}


def test_features_are_read(compiled: Mapping[str, Path]) -> None:
    assert ("+", "mutable-globals") in load(compiled["all.o"]).features


HEADER = b"\0asm\1\0\0\0"
TYPE_AND_FUNCTION = section(1, b"\1\x60\0\0") + section(3, b"\1\0")
CODE = section(10, b"\1\2\0\x0b")


def linking(*subsections: bytes, version: int = 2) -> bytes:
    return custom_section("linking", unsigned(version) + b"".join(subsections))


def relocations(*entries: bytes, of: int = 2) -> bytes:
    return custom_section("reloc.CODE", unsigned(of) + vector(entries))


FUNCTION_SYMBOL = section(8, vector([b"\0\0\0" + name("f")]))


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        (b"", "a linked module, not a relocatable object"),
        (linking(version=1), "version 1 of section `linking`, not 2"),
        (linking() + linking(), "section `linking` comes twice"),
        (relocations(of=0), "section `reloc.CODE` comes before section `linking`"),
        (linking(section(8, b"\1\x09\0\0")), "unknown kind 0x09 of a symbol"),
        (linking(section(8, b"\1\0\0\0\1f")), "a symbol names function 0 of 0"),
        (linking(section(8, b"\1\3\0\7")), "a symbol names section 7 of 1"),
        (linking(section(8, b"\1\1\0\1d\0\0\4")), "a symbol names data segment 0 of 0"),
        (linking(section(8, b"\1\1\x10\5d")), "subsection 8 of section `linking` ends"),
        (linking(section(8, b"\xff\xff\xff\xff\x0f\0")), "too few for 4294967295 symbols"),
        (linking(section(8, b"\0\0")), "its contents end at"),
        (linking(section(6, b"\1\0\0")), "an init function names no symbol"),
        (TYPE_AND_FUNCTION + CODE + linking(section(8, b"\1\0\x10\0")), "disagree on whether it is imported"),
        (linking() + relocations(of=9), "relocations of section 9 of 2"),
        (
            TYPE_AND_FUNCTION + CODE + linking(FUNCTION_SYMBOL) + relocations(b"\x63\0\0"),
            "unknown relocation type 99",
        ),
        (
            TYPE_AND_FUNCTION + CODE + linking(FUNCTION_SYMBOL) + relocations(b"\0\x09\0"),
            "a relocation at 0x9 of 0x4 bytes of `code`",
        ),
        (
            TYPE_AND_FUNCTION + CODE + linking(FUNCTION_SYMBOL) + relocations(b"\0\0\1"),
            "a relocation names symbol or type 1",
        ),
        (linking() + custom_section("target_features", b"\1?\1x"), "unknown prefix '?' of a feature"),
    ],
)
def test_a_malformed_object_is_refused(contents: bytes, problem: str) -> None:
    with pytest.raises(MalformedModule) as caught:
        decode_object(HEADER + contents, "x.o")
    assert problem in caught.value.problem


def test_an_absolute_symbol_has_an_address_and_no_segment() -> None:
    obj = decode_object(HEADER + linking(section(8, vector([b"\1" + unsigned(0x200) + name("a") + b"\0\x10\4"]))))
    assert obj.symbols == (Symbol("a", "data", 0x200, None, 16, 4, flags_at=23),)


def test_segments_and_init_functions_are_read() -> None:
    segments = section(5, vector([name(".data.x") + b"\2\1"]))
    init = section(6, vector([unsigned(65535) + b"\0"]))
    comdat = section(7, b"\0")
    obj = decode_object(HEADER + TYPE_AND_FUNCTION + CODE + linking(segments, init, comdat, FUNCTION_SYMBOL))
    assert [(s.name, s.p2align, s.flags) for s in obj.segments] == [(".data.x", 2, 1)]
    assert obj.init_functions == ((65535, 0),)
