"""Whatever the bytes are, decoding them ends, and in nothing but MalformedModule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmbuild.wasm.archive import members
from wasmbuild.wasm.decode import decode, decode_names
from wasmbuild.wasm.objects import decode_object, non_pic_relocations
from wasmbuild.wasm.reader import MalformedModule

HEADER = b"\0asm\1\0\0\0"


def refused(error: MalformedModule, data: bytes) -> bool:
    """Checks that the error points into the file or at its end."""
    assert 0 <= error.offset <= len(data)
    return False


def survives(data: bytes) -> bool:
    """Whether `data` is a module; False is MalformedModule."""
    try:
        module = decode(data)
    except MalformedModule as error:
        return refused(error, data)
    decode_names(data, module)
    for export in module.exports:
        module.export_type(export)
    return True


def survives_as_object(data: bytes) -> bool:
    try:
        obj = decode_object(data)
    except MalformedModule as error:
        return refused(error, data)
    non_pic_relocations(obj)
    return True


@given(st.binary(max_size=200))
def test_random_bytes_are_survived(data: bytes) -> None:
    survives(data)
    survives(HEADER + data)
    survives_as_object(HEADER + data)
    assert not survives(b"x" + data)


@given(st.lists(st.tuples(st.integers(0, 14), st.binary(max_size=30)), max_size=6))
def test_random_sections_are_survived(sections: list[tuple[int, bytes]]) -> None:
    data = HEADER + b"".join(bytes([id_, len(contents)]) + contents for id_, contents in sections)
    survives(data)
    survives_as_object(data)


def section_ends(data: bytes) -> set[int]:
    return {8} | {s.offset + s.size_bytes for s in decode(data).sections}


def check_truncations(data: bytes, survivor: Callable[[bytes], bool]) -> None:
    ends = section_ends(data)
    assert survivor(data)
    for size_bytes in range(len(data)):
        # Cut between sections, a module may be whole: what is gone may be optional.
        if survivor(data[:size_bytes]):
            assert size_bytes in ends


def check_flips(data: bytes, survivor: Callable[[bytes], bool]) -> None:
    count = 0
    for position in range(len(data)):
        for mask in (1 << position % 8, 0x80, 0xFF):
            changed = bytearray(data)
            changed[position] ^= mask
            count += not survivor(bytes(changed))
    assert count > len(data) // 4


def test_every_truncation_of_a_text_module_is_refused_or_a_shorter_module(wat_module: bytes) -> None:
    check_truncations(wat_module, survives)


def test_every_truncation_of_a_linked_library_is_refused_or_a_shorter_module(
    compiled: Mapping[str, Path],
) -> None:
    check_truncations(compiled["linked.so"].read_bytes(), survives)


@pytest.mark.parametrize("name", ["all.o", "throws.o"])
def test_every_truncation_of_an_object_is_refused_or_a_shorter_object(compiled: Mapping[str, Path], name: str) -> None:
    check_truncations(compiled[name].read_bytes(), survives_as_object)


def test_flipped_bits_of_a_text_module_are_survived(wat_module: bytes) -> None:
    check_flips(wat_module, survives)


def test_flipped_bits_of_a_linked_library_are_survived(compiled: Mapping[str, Path]) -> None:
    check_flips(compiled["linked.so"].read_bytes(), survives)


def test_flipped_bits_of_an_object_are_survived(compiled: Mapping[str, Path]) -> None:
    check_flips(compiled["all.o"].read_bytes(), survives_as_object)


@given(st.binary(max_size=300))
def test_random_archives_are_survived(data: bytes) -> None:
    for archive in (data, b"!<arch>\n" + data):
        try:
            found = list(members(archive))
        except MalformedModule as error:
            refused(error, archive)
        else:
            assert sum(len(contents) for _, contents in found) <= len(archive)
