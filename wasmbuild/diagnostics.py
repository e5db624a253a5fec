"""Every message that a user sees is one of these values; `report` turns them into text, colour or JSON."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, Literal, Protocol

from msgspec import Struct, to_builtins

from wasmbuild.printing import printable

Severity = Literal["error", "warning"]


class Position(Struct, frozen=True, order=True):
    """A place in a file that the user wrote. Lines and columns count from 1; 0 where `path` names something else, such
    as an argument."""

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


class Diagnostic(Struct, frozen=True):
    """One finding.

    `code` is a stable identifier for programs (`undefined-symbol`), `headline` a lower-case line that stands
    alone, `facts` the indented pairs below it (both sides of a conflict, each on its own line), `notes` more
    facts in sentences, `help` only what the user can do about it. `at` is where the user wrote the cause.
    """

    code: str
    headline: str
    at: Position | None = None
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    severity: Severity = "error"

    def __str__(self) -> str:
        return format_diagnostic(self)


class Style(Protocol):
    """Decorates one part of a message: the plain style returns the text as it is."""

    def __call__(self, part: Literal["error", "warning", "label", "note", "help"], text: str, /) -> str: ...


def plain(_part: str, text: str) -> str:
    return text


def format_diagnostic(diagnostic: Diagnostic, style: Style = plain) -> str:
    """The text of a diagnostic, without a final newline. Fact labels are padded to one width.

    Here names become text: all is made `printable`, but for the line breaks in the values of facts.
    """
    lines = [f"{style(diagnostic.severity, diagnostic.severity + ':')} {printable(diagnostic.headline)}"]
    facts = list(diagnostic.facts)
    if diagnostic.at is not None:
        facts.insert(0, ("at", str(diagnostic.at)))
    facts = [(printable(label), value) for label, value in facts]
    width = max((len(label) for label, _ in facts), default=0) + 1
    for label, value in facts:
        first, *rest = map(printable, value.split("\n"))
        lines.append(f"  {style('label', (label + ':').ljust(width))} {first}")
        lines.extend(f"  {' ' * width} {line}" for line in rest)
    lines.extend(f"{style('note', 'note:')} {printable(note)}" for note in diagnostic.notes)
    lines.extend(f"{style('help', 'help:')} {printable(text)}" for text in diagnostic.help)
    return "\n".join(lines)


def diagnostic_to_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """Plain JSON values; `diagnostic_from_json` reads them back."""
    data: dict[str, Any] = to_builtins(diagnostic)
    data["facts"] = [{"label": label, "value": value} for label, value in diagnostic.facts]
    return data


def diagnostic_from_json(data: dict[str, Any]) -> Diagnostic:
    at = Position(**data["at"]) if data["at"] else None
    facts = tuple((fact["label"], fact["value"]) for fact in data["facts"])
    texts = {key: tuple(data[key]) for key in ("notes", "help")}
    return Diagnostic(data["code"], data["headline"], at, facts, severity=data["severity"], **texts)


class WasmbuildError(Exception):
    """What the user asked for cannot be done; carries one diagnostic or more. The command line exits with 1."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return "\n\n".join(format_diagnostic(d) for d in self.diagnostics)


def system_error(error: OSError) -> Diagnostic:
    """What the operating system refused, as a diagnostic: a full disk and a directory that cannot be written to say
    what to do."""
    import errno

    path = os.fsdecode(error.filename) if error.filename is not None else ""
    text = error.strerror or str(error)
    help_: tuple[str, ...] = ()
    if error.errno == errno.ENOSPC:
        help_ = ("free some space on that disk and run it again: what is whole is kept",)
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        help_ = ("make it writable, or work on a copy of the project",)
    headline = text[:1].lower() + text[1:] + (f": `{path}`" if path else "")
    return Diagnostic("system-error", headline, help=help_)


def did_you_mean(wrong: str, known: Iterable[str]) -> str | None:
    """The name in `known` that is nearest to `wrong`, or None where none is near: a third of its letters may differ,
    and one always may. A `lib` that was left out does not count."""
    import difflib

    most = max(1, len(wrong) // 3)
    near = [
        (min(_distance(wrong, name), _distance(wrong, name.removeprefix("lib"))), place, name)
        for place, name in enumerate(difflib.get_close_matches(wrong, _similar(wrong, known, most), n=5, cutoff=0.6))
    ]
    distance, _, name = min(near, default=(most + 1, 0, ""))
    return name if distance <= most else None


_MOST_COMPARED = 500_000
"""Pairs of letters: names are compared in the square of their length, and a module may have any number of them."""


def _similar(wrong: str, known: Iterable[str], most: int) -> list[str]:
    """The names whose length lets them be within that distance; of very many, those with the same beginning or end."""
    difference = most + len("lib")
    names = [name for name in known if abs(len(name) - len(wrong)) <= difference]
    enough = _MOST_COMPARED // max(len(wrong), 1) ** 2
    if len(names) > enough:
        half = (len(wrong) + 1) // 2
        begin, end = wrong[:half], wrong[-half:]
        names = [name for name in names if name.startswith(begin) or name.endswith(end)]
    return names[:enough]


def _distance(one: str, other: str) -> int:
    """Letters that must be put in, taken out, exchanged, or swapped with their neighbour to make one of the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one):
        above, before = before, row
        row = [i + 1]
        for j, b in enumerate(other):
            cost = min(before[j] + (a != b), before[j + 1] + 1, row[j] + 1)
            if i and j and a == other[j - 1] and b == one[i - 1]:
                cost = min(cost, above[j - 1] + 1)
            row.append(cost)
    return row[-1]
