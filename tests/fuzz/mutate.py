"""Inputs from inputs: what bytes and text become when somebody breaks them, by accident or to break a reader."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

LONGEST_BYTES = 1 << 16

# Numbers at which readers of lengths and counts go wrong, as LEB128 and as little-endian words.
_EDGES = (
    *(b"\x00", b"\x7f", b"\x80\x01", b"\xff\x7f", b"\xff\xff\xff\xff\x0f", b"\xff\xff\xff\xff\x7f"),
    *(b"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", b"\x80" * 12, b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80"),
    *(b"\xff\xff\xff\xff", b"\x00" * 8, b"\xff" * 8),
)
_WORDS = (
    *(b"0", b"-1", b"9" * 30, b"9" * 5000, b"1e999", b"NaN", b"\xc2\xb2", b"\xd9\xa3", b"0x", b"..", b"/", b"\\"),
    *(b"\x00", b"\x1b[2J", b"\x7f", b"\xff", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\n", b"\r\n", b"\t", b"", b" ", b"'"),
    *(b'"', b"`", b"*", b"**", b"&a", b"*a", b"<<:", b"!!python/object:os.system", b"? ", b": ", b"- ", b"#", b"---\n"),
    *(b"(" * 100, b"[" * 5000, b"{" * 5000, b"(" * 20_000, b"- " * 3000, b"const ", b"unsigned ", b"->", b"...", b"_Z"),
)


def mutate(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A few changes at random; `others` are inputs of the same kind, to take pieces from."""
    changed = bytearray(data)
    for _ in range(1 << chance.choice((0, 0, 1, 1, 2, 3))):
        chance.choice(_CHANGES)(chance, changed, others)
    return bytes(changed[:LONGEST_BYTES])


def _flip(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _replace(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))


def _cut(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    start = chance.randrange(len(data) + 1)
    del data[start : start + chance.choice((1, 2, 4, 16, 64, len(data)))]


def _repeat(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    start, end = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    data[end:end] = bytes(data[start:end]) * chance.choice((1, 1, 2, 50))


def _splice(chance: random.Random, data: bytearray, others: Sequence[bytes]) -> None:
    other = chance.choice(others)
    start, end = sorted((chance.randrange(len(other) + 1), chance.randrange(len(other) + 1)))
    place = chance.randrange(len(data) + 1)
    data[place : place + chance.choice((0, end - start))] = other[start:end]


def _edge(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    edge, place = chance.choice(_EDGES), chance.randrange(len(data) + 1)
    data[place : place + chance.choice((0, 1, len(edge)))] = edge


def _word(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    place = chance.randrange(len(data) + 1)
    data[place : place + chance.choice((0, 0, 1, 4))] = chance.choice(_WORDS)


def _many(chance: random.Random, data: bytearray, _others: Sequence[bytes]) -> None:
    """A piece again and again: what is not linear shows itself."""
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.choice((1, 2, 4, 8, 16, 64))]
    data[start:start] = piece * min(chance.choice((10, 100, 1000, 10_000)), LONGEST_BYTES // max(len(piece), 1))


def _section(chance: random.Random, data: bytearray, others: Sequence[bytes]) -> None:
    """Of a module: change what is in one section, or repeat its vector, and let its length be right."""
    sections = list(_sections(data))
    if not sections:
        return _splice(chance, data, others)
    start, contents, end = chance.choice(sections)
    inside = data[contents:end]
    if chance.random() < 0.5:
        chance.choice((_flip, _replace, _cut, _repeat, _edge, _word, _many))(chance, inside, [])
    else:
        count, items = _leb(inside, 0)
        times = chance.choice((2, 3, 10, 100, 1000))
        inside = _as_leb(count * times) + inside[items:] * min(times, LONGEST_BYTES // max(len(inside), 1) + 1)
    data[start + 1 : end] = _as_leb(len(inside)) + inside
    return None


def _sections(data: bytearray) -> Iterator[tuple[int, int, int]]:
    """Where each starts, where its contents do, and where it ends."""
    pos = 8
    while data[:4] == b"\0asm" and pos < len(data):
        size, contents = _leb(data, pos + 1)
        if contents + size > len(data):
            return
        yield pos, contents, contents + size
        pos = contents + size


def _leb(data: bytearray, pos: int) -> tuple[int, int]:
    """A number and where it ends; of what is none, something."""
    value, shift = 0, 0
    while pos < len(data) and shift < 35:
        value |= (data[pos] & 0x7F) << shift
        pos, shift = pos + 1, shift + 7
        if data[pos - 1] < 0x80:
            break
    return value, pos


def _as_leb(value: int) -> bytearray:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return out


_CHANGES: tuple[Callable[[random.Random, bytearray, Sequence[bytes]], None], ...] = (
    *(
        _flip,
        _replace,
        _replace,
        _cut,
        _repeat,
        _splice,
        _splice,
        _edge,
        _edge,
        _word,
        _word,
        _many,
        _section,
        _section,
    ),
)
