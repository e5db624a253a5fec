"""Rows of text as aligned columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

WIDEST = 48
"""A cell that is longer pushes its own line to the right instead of the whole table."""


def columns(
    indent: str, rows: Iterable[Sequence[str]], right: tuple[int, ...] = (), widest: int = WIDEST
) -> Iterator[str]:
    """Rows with aligned columns; the columns `right` are numbers. An empty column takes no room."""
    rows = list(rows)
    filled = [(i, column) for i, column in enumerate(zip(*rows, strict=True)) if any(column)]
    widths = {i: max((len(cell) for cell in column if len(cell) <= widest), default=0) for i, column in filled}
    for row in rows:
        yield indent + "  ".join(
            row[i].rjust(width) if i in right else row[i].ljust(width) for i, width in widths.items()
        )
