"""One entry of `requires`: a name, and for a recipe perhaps the versions that will do: `zlib >=1.3, <2`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9_][A-Za-z0-9_.+-]*)\s*(.*)$")
_CONSTRAINT = re.compile(r"^\s*(>=|<=|==|!=|>|<)\s*([0-9A-Za-z][0-9A-Za-z.+~-]*)\s*$")


@dataclass(frozen=True, slots=True)
class Requirement:
    name: str
    constraints: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.name} {', '.join(op + version for op, version in self.constraints)}".rstrip()

    def allows(self, version: str) -> bool:
        return all(_holds(version, op, wanted) for op, wanted in self.constraints)


def parse_requirement(text: str) -> Requirement | None:
    """The requirement that `text` says, or None where it says none."""
    match = _REQUIREMENT.match(text)
    if match is None:
        return None
    name, rest = match.groups()
    if not rest.strip():
        return Requirement(name)
    constraints = []
    for part in rest.split(","):
        constraint = _CONSTRAINT.match(part)
        if constraint is None:
            return None
        constraints.append((constraint[1], constraint[2]))
    return Requirement(name, tuple(constraints))


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
