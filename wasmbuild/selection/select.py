"""Which version of each recipe, with which options: pure, given what there is.

Who requires a recipe may say which versions will do and which options must be on or off. What anybody says of an option
counts, and what nobody says is as it is by default. A version is the one that is locked, else the current one, else the
newest that all who require it allow. What options say may change what is required, so it is gone through again until
nothing new is said: recipes do not require each other in a circle, so that ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.recipes import Recipe
from wasmbuild.manifest.requirement import Requirement
from wasmbuild.manifest.schema import Manifest
from wasmbuild.selection import conflicts
from wasmbuild.selection.required import Asked, Required, for_users, recipe_requirements

Said = Mapping[str, Mapping[str, bool]]
"""Recipe → option → whether it must be on."""


class There(Protocol):
    """The recipes that there are."""

    def versions(self, name: str) -> Sequence[str]:
        """Those of a recipe, the one that is preferred first."""
        ...

    def locked(self, name: str) -> str | None:
        """The one of them that is kept to if it can be. Raises WasmbuildError where it is gone."""
        ...

    def recipe(self, name: str, version: str, options: Mapping[str, bool]) -> Recipe:
        """One of them. Options that it has not are as if nobody had said them. Raises WasmbuildError where it is
        broken."""
        ...


def select(document: Document[Manifest], there: There, recipe: str | None = None) -> tuple[Required, ...]:
    """All recipes that a manifest requires, directly or not, each after those that it requires itself. What only the
    tests of a required recipe require does not count. `recipe` is the manifest's name if it is a recipe's (a project
    may have the name of one that it requires).

    Raises WasmbuildError where no version satisfies all, an option is said to be on and off, or recipes require each
    other.
    """
    path = () if recipe is None else (recipe,)
    said: Said = {}
    before: list[Said] = []
    errors: list[Diagnostic] = []
    while True:
        walk = _satisfying(document, there, said, path)
        settled = walk.said == said
        errors = walk.errors if settled else [*errors, *walk.errors]
        if settled or walk.said in before:
            break
        before.append(said)
        said = walk.said
    errors = [*errors, *conflicts.of_options(walk.found, walk.asked)]
    if errors:
        raise WasmbuildError(*dict.fromkeys(errors))
    return tuple(Required(recipe, walk.asked[name][0].by, tuple(walk.asked[name])) for name, recipe in walk.order())


@dataclass(slots=True)
class _Walk:
    """What is met on the way through all that is required. It grows while one goes."""

    found: dict[str, Recipe] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    """In the order of need."""
    asked: dict[str, list[Asked]] = field(default_factory=dict)
    said: dict[str, dict[str, bool]] = field(default_factory=dict)
    """Of two that say on and off, the first counts until it is an error."""
    errors: list[Diagnostic] = field(default_factory=list)

    def order(self) -> list[tuple[str, Recipe]]:
        return [(name, self.found[name]) for name in self.done]

    def satisfies(self) -> bool:
        pairs = ((each, recipe.version) for name, recipe in self.found.items() for each in self.asked[name])
        return all(each.requirement.allows(version) for each, version in pairs)


def _satisfying(document: Document[Manifest], there: There, said: Said, path: tuple[str, ...]) -> _Walk:
    """With versions that all allow who require them, if there are any: else with errors."""
    walk = _walk(document, there, said, path, {})
    if walk.satisfies():
        return walk
    if all(len(there.versions(name)) == 1 for name in walk.found):
        walk.errors += conflicts.of_single_versions(walk.found, walk.asked)
        return walk
    from wasmbuild.selection.search import search  # only here is there something to choose

    versions, errors = search(recipe_requirements(document), there, said)
    if errors:
        walk.errors += errors
        return walk
    return _walk(document, there, said, path, versions)


def _walk(
    document: Document[Manifest], there: There, said: Said, path: tuple[str, ...], versions: Mapping[str, str]
) -> _Walk:
    """`versions` are chosen already; of others, the first who requires it chooses."""
    walk = _Walk()

    def visit(of: Document[Manifest], path: tuple[str, ...]) -> None:
        for each in recipe_requirements(of):
            name = each.requirement.name
            if name in path:
                walk.errors.append(conflicts.of_cycle((*path[path.index(name) :], name), each))
                continue
            walk.asked.setdefault(name, []).append(each)
            for option, on in each.requirement.options:
                walk.said.setdefault(name, {}).setdefault(option, on)
            if name not in walk.found:
                version = versions[name] if name in versions else _preferred(there, each.requirement)
                walk.found[name] = there.recipe(name, version, said.get(name, {}))
                visit(for_users(walk.found[name]), (*path, name))
                walk.done.append(name)

    visit(document, path)
    return walk


def _preferred(there: There, requirement: Requirement) -> str:
    locked, versions = there.locked(requirement.name), there.versions(requirement.name)
    wanted = versions if locked is None else (locked, *versions)
    return next((version for version in wanted if requirement.allows(version)), versions[0])
