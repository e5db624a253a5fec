"""Libraries that took the place of those which a module was linked against: where something is missing, that is why."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from wasmbuild.explain.references import SHOWN
from wasmbuild.link.interface import abi_hash
from wasmbuild.link.scope import Scope

Replaced = Mapping[int, tuple[str, ...]]
"""By the number of a library in its scope: a sentence for each that it needs and that is another by now."""


def replaced_libraries(scope: Scope) -> Replaced:
    """By the hashes that our link driver writes down. What others linked says nothing, and is not here."""
    there = {posixpath.basename(library.name): index for index, library in reversed([*enumerate(scope.libraries)])}
    hashes: dict[int, str] = {}
    found: dict[int, tuple[str, ...]] = {}
    for number, library in enumerate(scope.libraries):
        sentences = []
        for name, linked in library.linked_against.items():
            index = there.get(name)
            if index is None:
                continue  # that it is nowhere is said already
            if index not in hashes:
                hashes[index] = abi_hash(scope.libraries[index].module)
            if hashes[index] != linked:
                sentences.append(
                    f"`{library.name}` was linked against another build of `{name}` (abi {linked}); "
                    f"the one found is {hashes[index]}"
                )
        if sentences:
            found[number] = tuple(sentences)
    return found


def listed_replaced(replaced: Replaced, users: Iterable[int]) -> tuple[str, ...]:
    """What is to be said of those who import something."""
    sentences = [sentence for user in dict.fromkeys(users) for sentence in replaced.get(user, ())]
    rest = len(sentences) - SHOWN
    return (*sentences[:SHOWN], *((f"{rest} more libraries are other builds too",) if rest > 0 else ()))
