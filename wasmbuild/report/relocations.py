"""`wasmbuild inspect --relocs`: what the linker will write into an object, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, to_builtins

from wasmbuild.report.columns import columns, joined
from wasmbuild.wasm.demangle import demangle
from wasmbuild.wasm.objects import NON_PIC_RELOCATIONS, ObjectFile, decode_object


class RelocationItem(Struct, frozen=True):
    """`offset` is in bytes from the start of the section's contents; `symbol` of a relocation to a type is that type,
    as text. `non_pic`: a shared library cannot have it."""

    section: str
    offset: int
    type: str
    symbol: str
    demangled: str | None
    addend: int
    non_pic: bool


class Relocations(Struct, frozen=True):
    """Those of code and data, in the order of the file; debug sections have theirs apart, for debuggers."""

    path: str
    relocations: tuple[RelocationItem, ...]


_MOST_SHOWN = 1 << 26
"""Characters of all names together: what is longer than its share is cut, unless it is short."""
_ALWAYS_SHOWN = 200


def relocations(data: bytes, path: str) -> Relocations:
    """Raises MalformedModule, also for a module that was linked: it has no relocations any more."""
    return Relocations(path, tuple(_items(decode_object(data, path))))


def relocations_text(found: Relocations) -> str:
    """Several lines, without a final newline."""
    return joined(_lines(found))


def relocations_to_json(found: Relocations) -> dict[str, Any]:
    document: dict[str, Any] = to_builtins(found)
    return document


def _items(obj: ObjectFile) -> Iterator[RelocationItem]:
    # Three bytes of a relocation name a symbol, which may be as long as it likes.
    longest = max(_MOST_SHOWN // max(len(obj.relocations), 1), _ALWAYS_SHOWN)
    for each in obj.relocations:
        of_type = each.type == "R_WASM_TYPE_INDEX_LEB"
        symbol = str(obj.module.types[each.target]) if of_type else obj.symbols[each.target].name
        meaning = _cut(demangle(symbol), longest)
        symbol = _cut(symbol, longest)
        yield RelocationItem(
            section=obj.module.sections[each.section].name,
            offset=each.offset,
            type=each.type,
            symbol=symbol,
            demangled=None if meaning == symbol else meaning,
            addend=each.addend,
            non_pic=each.type in NON_PIC_RELOCATIONS,
        )


def _cut(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[:longest]}…"


def _lines(found: Relocations) -> Iterator[str]:
    wrong = sum(item.non_pic for item in found.relocations)
    remark = f", {wrong} not position-independent" if wrong else ""
    count = len(found.relocations)
    yield f"{found.path}: {count} relocation{'' if count == 1 else 's'}{remark}"
    sections: dict[str, list[tuple[str, ...]]] = {}
    for item in found.relocations:
        sections.setdefault(item.section, []).append(_row(item))
    for name, rows in sections.items():
        yield from ("", f"  {name}: {len(rows)}")
        yield from columns("    ", rows, right=(1, 3))


def _row(item: RelocationItem) -> tuple[str, ...]:
    name = item.symbol + (f"  {item.demangled}" if item.demangled else "")
    return (
        "not PIC" if item.non_pic else "",
        f"{item.offset:#x}",
        item.type,
        f"{item.addend:+}" if item.addend else "",
        name,
    )
