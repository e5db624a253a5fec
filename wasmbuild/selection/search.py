"""Versions that all allow who require them, where the first choice is not: by resolvelib, as pip has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from resolvelib import AbstractProvider, BaseReporter, ResolutionImpossible, ResolutionTooDeep, Resolver

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.selection.conflicts import not_available, of_versions
from wasmbuild.selection.required import Asked, for_users, recipe_requirements

if TYPE_CHECKING:
    from wasmbuild.selection.select import Said, There

Pick = tuple[str, str]
"""A recipe's name, and one of its versions."""

_MOST_ROUNDS = 10_000


def search(asked: Sequence[Asked], there: There, said: Said) -> tuple[Mapping[str, str], list[Diagnostic]]:
    """Name → version, or why there is none. What is locked stays, unless nothing fits with all of that."""
    try:
        result = _resolver(there, said, keeping=True).resolve(asked, max_rounds=_MOST_ROUNDS)
        return {name: version for name, (_, version) in result.mapping.items()}, []
    except (ResolutionImpossible, ResolutionTooDeep):
        pass
    try:
        result = _resolver(there, said, keeping=False).resolve(asked, max_rounds=_MOST_ROUNDS)
    except ResolutionImpossible as impossible:
        return {}, list(_explained([cause.requirement for cause in impossible.causes], there))
    except ResolutionTooDeep:
        headline = f"versions that fit together were not found in {_MOST_ROUNDS:,} attempts"
        at = asked[0].by.at if asked else None
        return {}, [Diagnostic("version-conflict", headline, at, help=("require one version (`==`) of some",))]
    return {name: version for name, (_, version) in result.mapping.items()}, []


def _resolver(there: There, said: Said, keeping: bool) -> Resolver[Asked, Pick, str]:
    return Resolver(_Provider(there, said, keeping), BaseReporter())


def _explained(causes: Sequence[Asked], there: There) -> Iterator[Diagnostic]:
    by_name: dict[str, list[Asked]] = {}
    for each in causes:
        of_name = by_name.setdefault(each.requirement.name, [])
        of_name += [each] if each not in of_name else []
    for name, asked in by_name.items():
        versions = there.versions(name)
        alone = [each for each in asked if not any(map(each.requirement.allows, versions))]
        if alone:
            yield from (not_available(each, versions) for each in alone)
        else:
            yield of_versions(asked, versions)


class _Provider(AbstractProvider[Asked, Pick, str]):
    """What there is, as resolvelib asks for it."""

    def __init__(self, there: There, said: Said, keeping: bool) -> None:
        self.there = there
        self.said = said
        self.keeping = keeping
        """Whether what is locked is all that there is."""

    def identify(self, requirement_or_candidate: Asked | Pick) -> str:
        if isinstance(requirement_or_candidate, Asked):
            return requirement_or_candidate.requirement.name
        return requirement_or_candidate[0]

    def get_preference(self, identifier: str, *_: Any, backtrack_causes: Sequence[Any] = (), **__: Any) -> Any:
        """Those that did not fit come first."""
        return not any(cause.requirement.requirement.name == identifier for cause in backtrack_causes), identifier

    def find_matches(
        self,
        identifier: str,
        requirements: Mapping[str, Iterator[Asked]],
        incompatibilities: Mapping[str, Iterator[Pick]],
    ) -> list[Pick]:
        asked = list(requirements[identifier])
        bad = {version for _, version in incompatibilities[identifier]}
        locked = self.there.locked(identifier)
        versions = [locked] if self.keeping and locked is not None else self.there.versions(identifier)
        return [
            (identifier, version)
            for version in versions
            if version not in bad and all(each.requirement.allows(version) for each in asked)
        ]

    def is_satisfied_by(self, requirement: Asked, candidate: Pick) -> bool:
        return requirement.requirement.allows(candidate[1])

    def get_dependencies(self, candidate: Pick) -> Iterable[Asked]:
        name, version = candidate
        return recipe_requirements(for_users(self.there.recipe(name, version, self.said.get(name, {}))))
