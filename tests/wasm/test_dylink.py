"""The section dylink.0: what is refused, what is skipped, what is merged."""

from __future__ import annotations

import pytest

from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.encode import custom_section, name, section, unsigned, vector
from wasmbuild.wasm.module import Dylink, MemInfo
from wasmbuild.wasm.reader import MalformedModule

HEADER = b"\0asm\1\0\0\0"


def read(contents: bytes) -> Dylink | None:
    return decode(HEADER + custom_section("dylink.0", contents)).dylink


def test_an_empty_section_is_still_a_section() -> None:
    assert read(b"") == Dylink()
    assert decode(HEADER).dylink is None


def test_unknown_subsections_are_skipped() -> None:
    assert read(section(99, b"whatever") + section(1, bytes([5, 2, 3, 1])) + section(99, b"")) == Dylink(
        MemInfo(5, 2, 3, 1)
    )


def test_flags_of_one_import_named_twice_are_joined() -> None:
    key = name("env") + name("f")
    dylink = read(section(4, vector([key + unsigned(1), key + unsigned(0x10)])))
    assert dylink is not None
    assert dylink.import_flags == {("env", "f"): 0x11}


def test_several_subsections_of_one_kind_are_one() -> None:
    flags = name("env") + name("f")
    dylink = read(
        section(1, bytes([1, 0, 1, 0]))
        + section(2, vector([name("a.so")]))
        + section(3, vector([name("t") + unsigned(0x100)]))
        + section(4, vector([flags + unsigned(1)]))
        + section(5, vector([name("/a")]))
        + section(1, bytes([5, 2, 3, 1]))
        + section(2, vector([name("b.so"), name("a.so")]))
        + section(3, vector([name("t") + unsigned(1), name("u") + unsigned(4)]))
        + section(4, vector([flags + unsigned(0x10)]))
        + section(5, vector([name("/b")]))
    )
    assert dylink == Dylink(
        mem_info=MemInfo(5, 2, 3, 1),
        needed=("a.so", "b.so", "a.so"),
        export_flags={"t": 0x101, "u": 4},
        import_flags={("env", "f"): 0x11},
        runtime_paths=("/a", "/b"),
    )


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        (section(1, bytes([0, 32, 0, 0])), "memory_p2align is 32"),
        (section(1, bytes([0, 0, 0, 32])), "table_p2align is 32"),
        (section(1, bytes(5)), "WASM_DYLINK_MEM_INFO ends at 0x1a but its contents end at 0x19"),
        (section(1, bytes(3)), "WASM_DYLINK_MEM_INFO ends at 0x18 but its contents want 0x19"),
        (section(2, b"\1\x05a"), "WASM_DYLINK_NEEDED ends at"),
        (section(2, b"\1\1\xff"), "a name is not UTF-8"),
        (section(3, b"\1\1a\xff\xff\xff\xff\x7f"), "does not fit in 32 bits"),
        (b"\1", "section `dylink.0` ends at"),
        (b"\7\7", "section `dylink.0` ends at"),
    ],
)
def test_a_malformed_section_is_refused(contents: bytes, problem: str) -> None:
    with pytest.raises(MalformedModule) as caught:
        read(contents)
    assert problem in caught.value.problem


def test_two_sections_are_refused() -> None:
    with pytest.raises(MalformedModule, match=r"section `dylink.0` comes twice"):
        decode(HEADER + custom_section("dylink.0", b"") * 2)
