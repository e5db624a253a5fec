"""Compares what a guest left with what was expected: in pieces, because a guest decides how much there is."""

from __future__ import annotations

import os
from typing import BinaryIO

from wasmbuild.testing.outcome import difference

_CHUNK_BYTES = 1 << 16
_SHORT_BYTES = 100_000
"""Finding the shortest difference takes the square of a text's length."""

_SHOWN_BYTES = 400
_BEFORE_BYTES = 60


def compare(expected: BinaryIO, actual: BinaryIO) -> str | None:
    """None where two files have the same contents; else what is different, for `details`: of short texts a diff, of
    others the first line that differs, as much of it as is around the first difference."""
    offset, line, line_start = 0, 1, 0
    while True:
        wanted, found = expected.read(_CHUNK_BYTES), actual.read(_CHUNK_BYTES)
        if wanted == found and not wanted:
            return None
        same = wanted if wanted == found else wanted[: _first_difference(wanted, found)]
        line += same.count(b"\n")
        line_start = offset + same.rindex(b"\n") + 1 if b"\n" in same else line_start
        offset += len(same)
        if wanted != found:
            break
    sizes = [file.seek(0, os.SEEK_END) for file in (expected, actual)]
    if max(sizes) <= _SHORT_BYTES:
        texts = [_read(file, 0, _SHORT_BYTES).decode("utf-8", "backslashreplace") for file in (expected, actual)]
        return difference(*texts) or f"expected {sizes[0]} bytes, and there are {sizes[1]}"
    shown = [_around(file, line_start, offset) for file in (expected, actual)]
    return f"first different line: {line}\nexpected: {shown[0]}\nactual:   {shown[1]}"


def _first_difference(one: bytes, other: bytes) -> int:
    """Their chunks are short enough for a look at each byte."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _around(file: BinaryIO, line_start: int, offset: int) -> str:
    """Quoted: lines may differ in nothing but white space."""
    start = line_start if offset - line_start < _SHOWN_BYTES - _BEFORE_BYTES else offset - _BEFORE_BYTES
    data = _read(file, start, _SHOWN_BYTES + 1)
    line = data[: data.index(b"\n") + 1] if b"\n" in data else data
    text = line[:_SHOWN_BYTES].decode("utf-8", "backslashreplace")
    return f"{'…' if start > line_start else ''}{text!r}{'…' if len(line) > _SHOWN_BYTES else ''}"


def _read(file: BinaryIO, start: int, size_bytes: int) -> bytes:
    file.seek(start)
    return file.read(size_bytes)
