"""Few bytes do not become much: what is named again and again is bounded, and refused with a message."""

from __future__ import annotations

import pytest

from wasmbuild.wasm import abi, archive
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.demangle import demangle
from wasmbuild.wasm.dwarf import Place, find_places
from wasmbuild.wasm.encode import custom_section, name, section, unsigned, vector
from wasmbuild.wasm.module import FuncType, TagType
from wasmbuild.wasm.objects import decode_object
from wasmbuild.wasm.reader import MalformedModule

HEADER = b"\0asm\1\0\0\0"


def function_type(parameters: int, results: int) -> bytes:
    return section(1, vector([b"\x60" + vector([b"\x7f"] * parameters) + vector([b"\x7e"] * results)]))


def dylink(kind: int, contents: bytes) -> bytes:
    return custom_section(abi.DYLINK_SECTION, section(kind, contents))


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        (function_type(1001, 0), "section `type` has 1001 parameters, where at most 1000 are taken"),
        (function_type(0, 1001), "section `type` has 1001 results, where at most 1000 are taken"),
        (section(7, vector([name("n" * 100_001) + b"\0\0"])), "a name of 100001 bytes, where at most 100000 are taken"),
        (custom_section("", b"") * 10_001, "more than 10000 sections"),
        (section(5, vector([b"\0" + unsigned(65_537)])), "a memory of 65537 pages, where at most 65536 have addresses"),
        (section(5, vector([b"\1\0" + unsigned(1 << 31)])), "a memory of 2147483648 pages, where at most 65536"),
        (section(5, vector([b"\4" + unsigned((1 << 48) + 1)])), "where at most 281474976710656 have addresses"),
        (dylink(abi.DYLINK_RUNTIME_PATH, vector([b"\1a"] * 65)), "has 65 paths, where at most 64 are taken"),
        (dylink(abi.DYLINK_NEEDED, vector([name("n" * 4097)])), "a path of 4097 characters, where at most 4096"),
    ],
)
def test_what_no_linker_writes_is_refused(contents: bytes, problem: str) -> None:
    with pytest.raises(MalformedModule) as raised:
        decode(HEADER + contents)
    assert problem in raised.value.problem


def test_what_engines_take_is_taken() -> None:
    (type_,) = decode(HEADER + function_type(1000, 1000)).types
    assert isinstance(type_, FuncType)
    assert (len(type_.params), len(type_.results)) == (1000, 1000)
    memories = [b"\1\0" + unsigned(65_536), b"\4" + unsigned(1 << 48), b"\x08" + unsigned((1 << 32) - 1) + b"\0"]
    assert len(decode(HEADER + section(5, vector(memories))).memories) == 3
    assert len(decode(HEADER + custom_section("n" * 100_000, b"")).sections[0].name) == 100_000


def test_runtime_paths_are_counted_over_all_subsections() -> None:
    one = section(abi.DYLINK_RUNTIME_PATH, vector([b"\1a"]))
    with pytest.raises(MalformedModule, match="at most 0 are taken"):
        decode(HEADER + custom_section(abi.DYLINK_SECTION, one * 65))


def test_the_text_of_a_type_is_short() -> None:
    assert str(FuncType(("i32",) * 32)) == f"({', '.join(['i32'] * 32)}) -> ()"
    assert str(FuncType(("i32",) * 1000, ("i64",) * 33)).endswith(
        "i32 and 968 more) -> (" + "i64, " * 31 + "i64 and 1 more)"
    )
    assert str(TagType(FuncType(("i32",) * 33))).endswith("i32 and 1 more)")


def test_symbols_that_have_the_name_of_one_section() -> None:
    symbols = unsigned(100) + b"\3\0\0" * 100
    linking = custom_section("linking", b"\2\x08" + unsigned(len(symbols)) + symbols)
    with pytest.raises(MalformedModule, match="again and again"):
        decode_object(HEADER + custom_section("s" * 50_000, b"") + linking)


def test_a_meaning_that_doubles_with_each_reference() -> None:
    mangled = "_Z1f1pIiiE" + "".join(f"S_I{s}{s}E" for s in ("S0_", "S1_", "S2_", "S3_", "S4_", "S5_", "S6_")) * 9
    assert len(demangle(mangled)) <= 8192
    assert demangle("_Z1f" + "P" * 9000 + "i") == "_Z1f" + "P" * 9000 + "i"


def test_members_that_share_a_long_name() -> None:
    header = b"%-16b%-12d%-6d%-6d%-8d%-10d`\n"
    names = b"n" * 5000
    data = b"!<arch>\n" + header % (b"//", 0, 0, 0, 0, 5000) + names + header % (b"/0", 0, 0, 0, 0, 0)
    with pytest.raises(MalformedModule, match="a member's name is longer than 4096 bytes"):
        list(archive.members(data))
    assert [each for each, _ in archive.members(data.replace(b"/0  ", b"/999"))] == ["n" * 4001]


def line_table(program: bytes, version: int = 4, header: bytes = b"\0a.c\0\0\0\0\0") -> bytes:
    header = b"\1\1\1\xfb\x0e\x0d\0\1\1\1\1\0\0\0\1\0\0\1" + header
    sizes = b"\4\0" if version >= 5 else b""
    unit = bytes([version, 0]) + sizes + len(header).to_bytes(4, "little") + header + program
    return len(unit).to_bytes(4, "little") + unit


def test_an_address_of_many_bytes_has_eight() -> None:
    long = b"\0" + unsigned(1001) + b"\2" + b"\1\0\0\0\0\0\0\0" + b"\xff" * 992
    assert find_places({".debug_line": line_table(long + b"\1\2\x09\0\1\1")}, [5]) == {5: Place("a.c", 1)}


def test_rows_are_not_kept() -> None:
    """Of 50,000 rows each would be a tuple and two numbers: 7.5 MB."""
    import tracemalloc

    lines = line_table(b"\0\5\2\1\0\0\0" + b"\x21" * 50_000 + b"\0\1\1")
    tracemalloc.start()
    found = find_places({".debug_line": lines}, [25_001])
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == {25_001: Place("a.c", 25_001)}
    assert peak_bytes < 1 << 18


def test_strings_that_many_files_have_are_read_when_they_are_shown() -> None:
    import tracemalloc

    files = b"\1\1\x1f" + unsigned(1000) + b"\0\0\0\0" * 1000
    lines = line_table(b"\0\5\2\1\0\0\0\1\2\x7f\0\1\1", 5, files + files)
    sections = {".debug_line": lines, ".debug_line_str": b"a" * 1_000_000 + b"\0"}
    tracemalloc.start()
    assert find_places(sections, [5]) == {}
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 4 << 20
    assert find_places({**sections, ".debug_line_str": b"a/b\0"}, [5]) == {5: Place("a/b/a/b/a/b", 1)}
