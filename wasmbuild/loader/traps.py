"""The calls that led to a trap, for a reader; with lines of the source where a module has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

import wasmtime
from msgspec import Struct

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.printing import printable

if TYPE_CHECKING:
    from wasmbuild.link.scope import Library
    from wasmbuild.wasm.dwarf import Place

Modules: TypeAlias = "Callable[[], Iterable[tuple[Library, Callable[[], bytes]]]]"
"""The modules that may be in a backtrace, and how to read their files again; asked for only when there is one. To read
one raises WasmbuildError where it is another by now."""


class Frame(Struct, frozen=True):
    """One call of a backtrace."""

    function: str
    """As C++ writes it, or `function 12` where the module has no names"""
    module: str
    """The name that the linker gave it, which is that of its file"""
    offset: int | None
    """In bytes from the start of the module, as tools show it; None where the engine does not know."""
    file: str | None = None
    """In the source, and `line`: for modules of the profile `debug`."""
    line: int | None = None

    def __str__(self) -> str:
        place = f", offset {self.offset:#x}" if self.offset is not None else ""
        line = f" at {self.file}:{self.line}" if self.file is not None else ""
        # A call a line: names have their line breaks escaped here, before the lines are joined.
        return printable(f"{self.function}  ({self.module or 'a module'}{place}){line}")


def repeated(frames: Iterable[Frame]) -> str:
    """A call a line; calls that repeat are counted."""
    lines: list[tuple[str, int]] = []
    for frame in map(str, frames):
        if lines and lines[-1][0] == frame:
            lines[-1] = (frame, lines[-1][1] + 1)
        else:
            lines.append((frame, 1))
    return "\n".join(line if count == 1 else f"{line}  {count} times" for line, count in lines)


def cause(trap: wasmtime.Trap) -> str:
    """What happened in the engine's own words, on a line."""
    # The engine puts its backtrace first and what happened last.
    found = re.search(r"Caused by:\n(.*)", trap.message, re.DOTALL)
    text = (found[1] if found else trap.message).strip()
    return text.splitlines()[0].strip() if text else "trap"


def readable_frames(trace: Iterable[wasmtime.Frame], modules: Modules = tuple) -> tuple[Frame, ...]:
    """The calls of a trap, the innermost first."""
    from wasmbuild.wasm.demangle import demangle  # late: most processes end without one

    # The innermost frame of a stack overflow has no place: it trapped before its first instruction.
    found = [
        (f.func_name, f.func_index, f.module_name or "", f.module_offset if f.module_offset < 1 << 32 else None)
        for f in trace
    ]
    offsets: dict[str, set[int]] = {}
    for _, _, module, offset in found:
        if offset is not None:
            offsets.setdefault(module, set()).add(offset)
    libraries = modules() if offsets else ()
    places = {each.name: _places(each, read, offsets[each.name]) for each, read in libraries if each.name in offsets}
    frames = []
    for name, index, module, offset in found:
        place = places.get(module, {}).get(offset) if offset is not None else None
        shown = demangle(name) if name else f"function {index}"
        frames.append(Frame(shown, module, offset, place.file if place else None, place.line if place else None))
    return tuple(frames)


def _places(library: Library, read: Callable[[], bytes], offsets: set[int]) -> Mapping[int, Place]:
    """The lines of the source for offsets into a module's file; none if it was replaced or has no such information."""
    from wasmbuild.wasm.dwarf import LINE, SECTIONS, find_places

    sections = {s.name: s for s in library.module.sections if s.id == 0 and s.name in SECTIONS}
    code = next((s for s in library.module.sections if s.id == 10), None)
    if LINE not in sections or code is None:
        return {}
    try:
        image = read()
    except WasmbuildError:
        return {}
    data = {name: image[s.offset : s.offset + s.size_bytes] for name, s in sections.items()}
    found = find_places(data, {offset - code.offset for offset in offsets})
    return {offset + code.offset: place for offset, place in found.items()}
