"""What decode refuses, where it says the fault is, and the forms of the format that it must get past."""

from __future__ import annotations

import tracemalloc

import pytest

from wasmbuild.wasm.decode import decode, decode_names
from wasmbuild.wasm.encode import custom_section, name, section, signed, unsigned, vector
from wasmbuild.wasm.module import ConstExpr, FuncType, Module, OpaqueType
from wasmbuild.wasm.reader import MalformedModule

HEADER = b"\0asm\1\0\0\0"
HUGE = b"\xff\xff\xff\xff\x0f"  # 2**32 - 1
TYPE = section(1, vector([b"\x60\0\0"]))
FUNCTION = section(3, vector([b"\0"]))
TABLE = section(4, vector([b"\x70\0\1"]))
MEMORY = section(5, vector([b"\0\1"]))
CODE = section(10, vector([b"\2\0\x0b"]))
EXPORT_F = name("f") + b"\0\0"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the file is empty"),
        (b"\0as", "not with 00 61 73 6d"),
        (b"INPUT(libfoo.so)\n", "a text file, it starts with `INPUT(libfoo.so)`"),
        (b"\x7fELF\2\1\1", "an ELF file"),
        (b"!<arch>\nfoo", "an ar archive"),
        (b"!<thin>\n", "a thin ar archive"),
        (b"BC\xc0\xde5", "LLVM bitcode"),
        (b"\xcf\xfa\xed\xfe\7", "a Mach-O file"),
        (b"\0asm", "inside its header"),
        (b"\0asm\x0d\0\1\0", "a component, not a core module"),
        (b"\0asm\2\0\0\0", "unknown version 0x2"),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_name(data: bytes, problem: str) -> None:
    with pytest.raises(MalformedModule) as caught:
        decode(data, "libx.so")
    assert problem in caught.value.problem


@pytest.mark.parametrize(
    ("contents", "offset", "problem"),
    [
        # Sections
        (b"\x0e\0", 8, "unknown section id 14"),
        (b"\1\x05\0", 8, "section `type` claims 5 bytes but the file ends after 1 of them"),
        (b"\1", 9, "the file ends at 0x9 but its contents want 0xa"),
        (b"\1\x80\x80\x80\x80\x80\0", 9, "an integer of 32 bits takes more than 5 bytes"),
        (b"\1\xff\xff\xff\xff\x1f", 9, "an integer does not fit in 32 bits"),
        (TYPE + TYPE, 16, "section `type` comes twice"),
        (MEMORY + TYPE, 15, "section `type` comes after section `memory`"),
        (section(13, b"\0") + section(5, b"\0"), 13, "section `memory` comes after section `tag`"),
        (section(10, b"\0") + section(12, b"\0"), 13, "section `data count` comes after section `code`"),
        (section(1, b"\0\0"), 11, "section `type` ends at 0xc but its contents end at 0xb"),
        (section(1, b"\1\x60\1\x7f"), 14, "section `type` ends at 0xe but its contents want 0xf"),
        (section(0, b"\x05ab"), 11, "a custom section ends at 0xd but its contents want 0x10"),
        (section(0, b"\2\xff\xfe"), 11, "a name is not UTF-8"),
        (section(0, b"\3a\xc3("), 12, "a name is not UTF-8"),
        # Types
        (section(1, b"\1\x61\0"), 11, "unknown form 0x61"),
        (section(1, b"\1\x60\1\x10\0"), 13, "unknown value type 0x10"),
        (section(1, b"\1\x60\1\x64\3\0"), 14, "there is no type 3, only 1"),
        (section(1, b"\1\x60\1\x64\x40\0"), 14, "unknown heap type"),
        # Imports
        (section(2, b"\1\0\0\0\0"), 14, "there is no type 0, only 0"),
        (section(2, b"\1\0\0\5\0"), 13, "unknown kind 0x05 of an import"),
        (section(2, b"\1\0\0\3\x7f\2"), 15, "unknown mutability 0x02"),
        (section(1, b"\1\x5f\0") + section(2, b"\1\0\0\0\0"), 19, "not a function type but a struct type"),
        # Limits
        (section(4, b"\1\x7f\0\0"), 11, "i32 is not a reference type"),
        (section(5, b"\1\2\1"), 11, "a shared memory needs a maximum"),
        (section(5, b"\1\1\2\1"), 11, "the minimum 2 is above the maximum 1"),
        (section(5, b"\1\x10\0"), 11, "unknown flags 0x10 of limits"),
        (section(5, b"\1\x08\0\x11"), 13, "a page size of 2**17 bytes"),
        (section(13, b"\1\1\0"), 11, "unknown attribute 0x01 of a tag"),
        # Functions and code
        (TYPE + FUNCTION, 18, "1 functions are declared but 0 have code"),
        (TYPE + FUNCTION + section(10, b"\1\5\0\x0b"), 22, "section `code` ends at 0x18"),
        (section(3, b"\1\0"), 11, "there is no type 0"),
        (section(12, b"\1"), 11, "1 data segments are declared but 0 are present"),
        # Exports and start
        (TYPE + FUNCTION + section(7, b"\1\1f\0\1") + CODE, 24, "export `f` names func 1 of 1"),
        (TYPE + FUNCTION + section(7, vector([EXPORT_F] * 2)) + CODE, 25, "two exports are named `f`"),
        (section(7, b"\1\1f\5\0"), 13, "unknown kind 0x05 of export `f`"),
        (section(8, b"\0"), 10, "the start function is 0 of 0"),
        (
            section(1, b"\1\x60\1\x7f\0") + section(2, b"\1\0\0\0\0") + section(8, b"\0"),
            24,
            "the start function has the type (i32) -> ()",
        ),
        # Elements, data, constant expressions
        (section(9, b"\1\x08\0\0"), 11, "unknown flags 0x8 of an element segment"),
        (section(9, b"\1\0\x41\0\x0b\0"), 12, "there is no table 0"),
        (TABLE + section(9, b"\1\0\x41\0\x0b\1\7"), 22, "there is no function 7"),
        (section(9, b"\1\1\1\0"), 12, "unknown kind of elements"),
        (section(11, b"\1\3\0"), 11, "unknown flags 0x3 of a data segment"),
        (section(11, b"\1\0\x41\0\x0b\0"), 12, "there is no memory 0"),
        (MEMORY + section(11, b"\1\0\x41\0\x0b\5a"), 21, "section `data` ends at 0x16"),
        (section(6, b"\1\x7f\0\x23\0\x0b"), 14, "there is no global 0"),
        (section(6, b"\1\x7f\0\x20\0\x0b"), 13, "instruction 0x20 is not constant"),
        (section(6, b"\1\x7f\0\x41\0\x6a\x0b"), 15, "lacks an operand"),
        (section(6, b"\1\x7f\0\x41\0\x41\0\x0b"), 13, "leaves 2 values"),
        (section(6, b"\1\x7f\0\x0b\0"), 13, "leaves 0 values"),
        (section(6, b"\1\x7f\0\x41\xff\xff\xff\xff\x4f\x0b"), 14, "does not fit in 32 bits"),
        (section(6, b"\1\x7b\0\xfd\x0d\x0b"), 13, "other than v128.const"),
        (section(6, b"\1\x6e\0\xfb\x02\x0b"), 13, "instruction 0xfb 0x02 is not constant"),
    ],
)
def test_a_malformed_module_is_refused_with_the_offset(contents: bytes, offset: int, problem: str) -> None:
    with pytest.raises(MalformedModule) as caught:
        decode(HEADER + contents, "libx.so")
    assert problem in caught.value.problem
    assert caught.value.offset == offset


def test_the_error_is_a_diagnostic() -> None:
    with pytest.raises(MalformedModule) as caught:
        decode(HEADER + section(1, b"\1\x60\1\x7f"), "libx.so")
    assert [d.code for d in caught.value.diagnostics] == ["malformed-module"]
    assert str(caught.value) == (
        "error: malformed module: `libx.so`\n"
        "  offset:  0xe\n"
        "  problem: section `type` ends at 0xe but its contents want 0xf"
    )


@pytest.mark.parametrize("id_", [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13])
def test_a_huge_count_fails_before_anything_is_allocated(id_: int) -> None:
    data = HEADER + section(id_, HUGE + bytes(100))
    tracemalloc.start()
    try:
        with pytest.raises(MalformedModule, match="too few for 4294967295"):
            decode(data)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "contents",
    [
        section(1, b"\1\x60" + HUGE + bytes(10)),
        section(9, b"\1\1\0" + HUGE + bytes(10)),
        section(1, b"\1\x4e" + HUGE + bytes(10)),
        custom_section("dylink.0", b"\2\x06" + HUGE + b"\0"),
    ],
)
def test_a_huge_inner_count_fails_too(contents: bytes) -> None:
    with pytest.raises(MalformedModule, match="too few for 4294967295"):
        decode(HEADER + contents)


def test_integers_may_be_padded_to_their_full_width() -> None:
    # Linkers write padded numbers, so that they can be patched in place.
    padded = b"\x81\x80\x80\x80\0"
    assert decode(HEADER + section(1, padded + b"\x60\0\0")).types == (FuncType(),)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (b"\x41\x7f", ConstExpr(None, -1)),
        (b"\x41\x80\x80\x80\x80\x78", ConstExpr(None, -(2**31))),
        (b"\x42" + signed(2**62), ConstExpr(None, 2**62)),
        (b"\x23\0", ConstExpr(0, 0)),
        (b"\x23\0\x41\x0c\x6a", ConstExpr(0, 12)),
        (b"\x41\x0c\x23\0\x6a", ConstExpr(0, 12)),
        (b"\x23\0\x41\x0c\x6b", ConstExpr(0, -12)),
        (b"\x41\x0c\x23\0\x6b", None),
        (b"\x23\0\x23\0\x6a", None),
        (b"\x41\3\x41\4\x6c", ConstExpr(None, 12)),
        (b"\x41" + signed(2**31 - 1) + b"\x41\1\x6a", ConstExpr(None, -(2**31))),
        (b"\x42" + signed(2**63 - 1) + b"\x42\1\x7c", ConstExpr(None, -(2**63))),
        (b"\x42\2\x42\3\x7d\x42\5\x7e", ConstExpr(None, -5)),
        (b"\x23\0\x41\2\x6c", None),
        (b"\x43\0\0\x80\x3f", None),
        (b"\x44" + bytes(8), None),
        (b"\xfd\x0c" + bytes(16), None),
        (b"\xd0\x70", None),
        (b"\xd0\0", None),
        (b"\xd2\0", None),
        (b"\x41\1\xfb\x1c", None),  # ref.i31
        (b"\x41\1\x41\2\xfb\0\0", None),  # struct.new
        (b"\x41\1\x41\2\xfb\x08\0\2", None),  # array.new_fixed
    ],
)
def test_constant_expressions_are_evaluated_where_they_are_integers(expression: bytes, value: ConstExpr | None) -> None:
    imports = section(2, vector([b"\0\0\0\0", b"\0\0\3\x7f\0"]))  # function 0 and global 0
    m = decode(HEADER + TYPE + imports + section(6, vector([b"\x7f\0" + expression + b"\x0b"])))
    assert [g.init for g in m.globals] == [value]


def test_types_of_other_proposals_are_skipped_exactly() -> None:
    types = [
        b"\x4e" + vector([b"\x50\0\x5f\2\x78\1\x64\1\0", b"\x4f\1\0\x5e\x6b\0"]),  # a group: struct, array
        b"\x5e\x77\1",
        b"\x60" + vector([b"\x63\0", b"\x64\x70", b"\x63\x70", b"\x69"]) + vector([b"\x7b"]),
    ]
    m = decode(HEADER + section(1, vector(types)) + custom_section("after", b""))
    assert m.types == (
        OpaqueType("struct"),
        OpaqueType("array"),
        OpaqueType("array"),
        FuncType(("(ref null 0)", "(ref func)", "funcref", "exnref"), ("v128",)),
    )
    assert [s.name for s in m.sections] == ["type", "after"]


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        (b"\0\x41\1\x0b\1\0", ("active", 0, ConstExpr(None, 1), (0,))),
        (b"\1\0\1\0", ("passive", 0, None, (0,))),
        (b"\2\1\x41\2\x0b\0\1\0", ("active", 1, ConstExpr(None, 2), (0,))),
        (b"\3\0\1\0", ("declared", 0, None, (0,))),
        (b"\4\x41\1\x0b\2\xd2\0\x0b\xd0\x70\x0b", ("active", 0, ConstExpr(None, 1), (0, None))),
        (b"\5\x70\1\xd2\0\x0b", ("passive", 0, None, (0,))),
        (b"\6\1\x23\0\x0b\x70\1\xd2\0\x0b", ("active", 1, ConstExpr(0, 0), (0,))),
        (b"\7\x64\x70\1\xd2\0\x0b", ("declared", 0, None, (0,))),
    ],
    ids=lambda value: f"flags {value[0]}" if isinstance(value, bytes) else "",
)
def test_all_eight_kinds_of_element_segments_are_read(
    segment: bytes, expected: tuple[str, int, ConstExpr | None, tuple[int | None, ...]]
) -> None:
    imports = section(2, vector([b"\0\0\0\0", b"\0\0\3\x7f\0"]))
    tables = section(4, vector([b"\x70\0\1", b"\x40\0\x70\0\1\xd0\x70\x0b"]))  # the second has an initial value
    (element,) = decode(HEADER + TYPE + imports + tables + section(9, vector([segment]))).elements
    assert (element.mode, element.table, element.offset, element.functions) == expected


def named(*subsections: bytes) -> tuple[bytes, Module]:
    data = HEADER + custom_section("name", b"".join(subsections))
    return data, decode(data)


def test_function_names_are_read_and_other_names_skipped() -> None:
    functions = vector([unsigned(0) + name("zero"), unsigned(300) + name("größe")])
    assert decode_names(*named(section(0, name("module")), section(1, functions), section(2, b"\0"))) == {
        0: "zero",
        300: "größe",
    }


@pytest.mark.parametrize("broken", [b"\1\x09\1", section(1, HUGE), section(1, b"\1\0\1\xff"), b"\1"])
def test_a_broken_name_section_ends_the_names_silently(broken: bytes) -> None:
    assert decode_names(*named(section(1, b"\1\5" + name("five")), broken)) == {5: "five"}


def test_a_module_without_names_has_none() -> None:
    assert decode_names(HEADER, decode(HEADER)) == {}
