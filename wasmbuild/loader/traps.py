"""What went wrong in wasm, for a reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import wasmtime

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.link.scope import Library, find_scope
from wasmbuild.search.libraries import Search, read_module
from wasmbuild.wasm.demangle import demangle
from wasmbuild.wasm.dwarf import LINE, SECTIONS, Place, find_places

_MEANINGS = {
    wasmtime.TrapCode.STACK_OVERFLOW: "stack overflow",
    wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS: "memory access out of bounds",
    wasmtime.TrapCode.TABLE_OUT_OF_BOUNDS: "call through a function pointer that is none",
    wasmtime.TrapCode.INDIRECT_CALL_TO_NULL: "call through a null function pointer",
    wasmtime.TrapCode.BAD_SIGNATURE: "call through a function pointer of another type",
    wasmtime.TrapCode.INTEGER_OVERFLOW: "integer overflow",
    wasmtime.TrapCode.INTEGER_DIVISION_BY_ZERO: "integer division by zero",
    wasmtime.TrapCode.BAD_CONVERSION_TO_INTEGER: "conversion of a float that no integer holds",
    wasmtime.TrapCode.UNREACHABLE: "unreachable code reached (abort, or a failed check of the compiler's)",
    wasmtime.TrapCode.UNCAUGHT_EXCEPTION: "exception that nobody caught",
    wasmtime.TrapCode.OUT_OF_FUEL: "out of fuel",
    wasmtime.TrapCode.INTERRUPT: "time limit reached",
}


@dataclass(frozen=True, slots=True)
class Frame:
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
        return f"{self.function}  ({self.module or 'a module'}{place}){line}"


def describe_trap(error: Exception, modules: Iterable[Library] = ()) -> tuple[str, str]:
    """What happened, on a line, and the backtrace: the innermost function first, one a line.

    Lines of the source are in it for those `modules` that have them.
    """
    if not isinstance(error, wasmtime.Trap):
        return str(error).strip().splitlines()[0], str(error).strip()
    lines: list[tuple[str, int]] = []
    for frame in readable_frames(error.frames, modules):
        if lines and lines[-1][0] == str(frame):
            lines[-1] = (str(frame), lines[-1][1] + 1)
        else:
            lines.append((str(frame), 1))
    backtrace = "\n".join(line if count == 1 else f"{line}  {count} times" for line, count in lines)
    return trap_message(error), backtrace


def trap_message(trap: wasmtime.Trap) -> str:
    """What happened, on a line."""
    code = trap.trap_code
    if code is None and "thrown Wasm exception" in str(trap):  # the engine has a code for it, and does not use it here
        code = wasmtime.TrapCode.UNCAUGHT_EXCEPTION
    known = _MEANINGS.get(code) if code is not None else None
    if known is not None:
        return known
    # The engine puts its backtrace first and what happened last.
    cause = re.search(r"Caused by:\n(.*)", trap.message, re.DOTALL)
    text = (cause[1] if cause else trap.message).strip()
    return text.splitlines()[0].strip() if text else "trap"


def readable_frames(trace: Iterable[wasmtime.Frame], modules: Iterable[Library] = ()) -> tuple[Frame, ...]:
    """The calls of a trap, the innermost first."""
    # The innermost frame of a stack overflow has no place: it trapped before its first instruction.
    found = [
        (f.func_name, f.func_index, f.module_name or "", f.module_offset if f.module_offset < 1 << 32 else None)
        for f in trace
    ]
    offsets: dict[str, set[int]] = {}
    for _, _, module, offset in found:
        if offset is not None:
            offsets.setdefault(module, set()).add(offset)
    places = {library.name: _places(library, offsets[library.name]) for library in modules if library.name in offsets}
    frames = []
    for name, index, module, offset in found:
        place = places.get(module, {}).get(offset) if offset is not None else None
        shown = demangle(name) if name else f"function {index}"
        frames.append(Frame(shown, module, offset, place.file if place else None, place.line if place else None))
    return tuple(frames)


def needed_modules(path: Path, library_path: tuple[Path, ...] = ()) -> tuple[Library, ...]:
    """A module with all that it needs, as far as it is there: for `describe_trap`, where loading it has failed."""
    try:
        root = read_module(path)
        if root.module.dylink is None:
            return (root,)
        search = Search(library_path)
        return find_scope(search.open(path), search)[0].libraries
    except WasmbuildError:
        return ()


def _places(library: Library, offsets: set[int]) -> Mapping[int, Place]:
    """The lines of the source for offsets into a module's file; none if it was replaced or has no such information."""
    sections = {s.name: s for s in library.module.sections if s.id == 0 and s.name in SECTIONS}
    code = next((s for s in library.module.sections if s.id == 10), None)
    if LINE not in sections or code is None:
        return {}
    try:
        image = Path(library.identity).read_bytes()
    except OSError:
        return {}
    data = {name: image[s.offset : s.offset + s.size_bytes] for name, s in sections.items()}
    found = find_places(data, {offset - code.offset for offset in offsets})
    return {offset + code.offset: place for offset, place in found.items()}
