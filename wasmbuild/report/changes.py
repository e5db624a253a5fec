"""`wasmbuild abi`: what differs between two builds of a library, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import to_builtins

from wasmbuild.explain.changes import Build
from wasmbuild.explain.typechanges import Change
from wasmbuild.link.interface import abi_hash
from wasmbuild.report.columns import columns, joined
from wasmbuild.wasm.demangle import demangle

_SHORT = 64
"""Characters of both sides, on one line."""


def changes_text(path: str, old: Build, new: Build, found: Sequence[Change]) -> str:
    """Several lines, without a final newline; `path` is of the new one."""
    return joined(_lines(path, old, new, found))


def changes_to_json(build: Build, path: str) -> dict[str, Any]:
    """One of the two sides."""
    return {"path": path, "abi": abi_hash(build.module), "types": build.types is not None}


def change_to_json(change: Change) -> dict[str, Any]:
    meaning = demangle(change.name)
    return {**to_builtins(change), "demangled": None if meaning == change.name else meaning}


def _lines(path: str, old: Build, new: Build, found: Sequence[Change]) -> Iterator[str]:
    breaking = [change for change in found if change.breaks]
    others = [change for change in found if not change.breaks]
    if breaking:
        yield f"{path}: breaks who was linked against the old one"
        yield from columns("  ", _rows(breaking))
        if others:
            yield from ("", "  and what breaks nobody:")
    else:
        yield f"{path}: {'fits who was linked against the old one' if others else 'the same for its users'}"
    yield from columns("    " if breaking else "  ", _rows(others))
    if old.types is None or new.types is None:
        without = "the old one" if new.types else "the new one" if old.types else "either"
        yield from ("", f"  types of C were not compared: there is no debug information in {without}")


def _rows(changes: Sequence[Change]) -> Iterator[tuple[str, str, str]]:
    for change in changes:
        name = demangle(change.name)
        what = change.old or change.new
        if change.old and change.new and change.old != change.new:
            is_short = len(change.old) + len(change.new) <= _SHORT
            what = f"{change.old}, now {change.new}" if is_short else change.old
            yield change.kind, name, what
            if not is_short:
                yield "", "", f"now {change.new}"
        else:
            yield change.kind, name, what
        yield from (("", "", detail) for detail in change.details)
