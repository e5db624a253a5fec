"""One entry of `requires`: a name, and for a recipe perhaps versions that will do (`zlib >=1.3, <2`), and options."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wasmbuild.manifest.schema import Requires

_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9_][A-Za-z0-9_.+-]*)\s*(.*)$")
_CONSTRAINT = re.compile(r"^\s*(>=|<=|==|!=|>|<)\s*([0-9A-Za-z][0-9A-Za-z.+~-]*)\s*$")


@dataclass(frozen=True, slots=True)
class Requirement:
    name: str
    constraints: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, bool], ...] = ()

    def __str__(self) -> str:
        text = f"{self.name} {', '.join(op + version for op, version in self.constraints)}".rstrip()
        return f"{text} {options_text(self.options)}" if self.options else text

    def allows(self, version: str) -> bool:
        return all(_holds(version, op, wanted) for op, wanted in self.constraints)


def options_text(options: Iterable[tuple[str, bool]]) -> str:
    """As they are written in `requires`."""
    return f"{{{', '.join(f'{name}: {str(value).lower()}' for name, value in options)}}}"


def parse_requirement(entry: str | Requires) -> Requirement | None:
    """The requirement that an entry says, or None where it says none."""
    if isinstance(entry, Requires):
        constraints = parse_constraints(entry.version or "")
        options = tuple(sorted(entry.options.items()))
        return Requirement(entry.name, constraints, options) if constraints is not None else None
    match = _REQUIREMENT.match(entry)
    if match is None:
        return None
    constraints = parse_constraints(match[2])
    return Requirement(match[1], constraints) if constraints is not None else None


def parse_constraints(text: str) -> tuple[tuple[str, str], ...] | None:
    """Operators and versions; None for what is something else."""
    if not text.strip():
        return ()
    found = [_CONSTRAINT.match(part) for part in text.split(",")]
    return tuple((each[1], each[2]) for each in found if each) if all(found) else None


def own_name(entry: str | Requires) -> str | None:
    """What may be the name of a library of the same manifest: one without versions or options."""
    if isinstance(entry, Requires):
        return entry.name if entry.version is None and not entry.options else None
    return entry


def own_names(requires: Iterable[str | Requires]) -> tuple[str, ...]:
    """The entries that may name a library of the same manifest."""
    return tuple(name for name in map(own_name, requires) if name is not None)


def is_lazy(entry: str | Requires) -> bool:
    return isinstance(entry, Requires) and entry.lazy


_EARLY = ("~", "rc", "alpha", "beta", "pre", "dev")


def version_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """Orders upstream versions: numbers by value, letters by the alphabet, `1.2` before `1.2.1`, `1.1.1` before
    `1.1.1w`, and `2.0rc1` or `2.0~beta` before `2.0` (as Debian orders `~`)."""
    parts: list[tuple[int, int, str]] = []
    for number, letters, digit in re.findall(r"(\d+)|(~|[A-Za-z]+)(?=(\d?))", version):
        word = letters.lower()
        # `2.0a1` is an alpha, but `1.1.1a` and `6b` are what came after 1.1.1 and 6.
        early = word in _EARLY or (word in ("a", "b") and digit)
        # A longer number is larger: Python reads no number of thousands of digits.
        digits = number.lstrip("0")
        parts.append((2, len(digits), digits) if number else (0 if early else 1, 0, word))
    parts.append((0, 1, ""))
    # 1.3.0 is 1.3, and 2.0rc1 is 2rc1: zeros say nothing at the end of a run of numbers.
    for place in range(len(parts) - 2, -1, -1):
        if parts[place] == (2, 0, "") and parts[place + 1][0] != 2:
            del parts[place]
    return tuple(parts)


def _holds(version: str, op: str, wanted: str) -> bool:
    left, right = version_key(version), version_key(wanted)
    match op:
        case ">=":
            return left >= right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case "<":
            return left < right
        case "==":
            return left == right
    return left != right
