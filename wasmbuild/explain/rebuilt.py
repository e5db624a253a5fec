"""Why a library is built again: what its key is made of, beside that of a build that is there. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Difference(Struct, frozen=True):
    """One input of a key: as it was in the other build and as it is now; None where it was or is none."""

    label: str
    before: str | None
    now: str | None


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[Difference, ...]:
    """In the order of the inputs, those that are no longer there last."""
    labels = [*now, *(label for label in before if label not in now)]
    return tuple(
        Difference(label, before.get(label), now.get(label)) for label in labels if before.get(label) != now.get(label)
    )


def nearest(now: Mapping[str, str], others: Mapping[str, Mapping[str, str]]) -> str | None:
    """The name of the other build that differs in the fewest inputs: of two, the first."""
    return min(others, key=lambda name: len(differences(others[name], now)), default=None)
