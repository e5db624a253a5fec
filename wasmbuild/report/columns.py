"""Rows of text as aligned columns, and reports as lines: what comes from a file is made printable here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wasmbuild.printing import printable

WIDEST = 48
"""A cell that is longer pushes its own line to the right instead of the whole table."""


def columns(
    indent: str, rows: Iterable[Sequence[str]], right: tuple[int, ...] = (), widest: int = WIDEST
) -> Iterator[str]:
    """Rows with aligned columns; the columns `right` are numbers. An empty column takes no room."""
    shown = [tuple(map(printable, row)) for row in rows]
    filled = [(i, column) for i, column in enumerate(zip(*shown, strict=True)) if any(column)]
    widths = {i: max((len(cell) for cell in column if len(cell) <= widest), default=0) for i, column in filled}
    for row in shown:
        yield indent + "  ".join(
            row[i].rjust(width) if i in right else row[i].ljust(width) for i, width in widths.items()
        )


def joined(lines: Iterable[str]) -> str:
    """The lines of a report, without a final newline. A line break within one is part of a name, and escaped."""
    return "\n".join(printable(line).rstrip() for line in lines)
