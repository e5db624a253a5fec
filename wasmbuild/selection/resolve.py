"""From `requires` to recipes in the order of need."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.recipes import read_recipe
from wasmbuild.manifest.requirement import parse_requirement
from wasmbuild.manifest.schema import Manifest
from wasmbuild.selection.required import Required, for_users, recipe_requirements
from wasmbuild.sources.source import RequiredBy


def resolve(document: Document[Manifest], known: Mapping[str, Path], recipe: str | None = None) -> tuple[Required, ...]:
    """All recipes that a manifest requires, directly or not, each after those that it requires itself. What only the
    tests of a required recipe require does not count. `recipe` is the manifest's name if it is a recipe's (a project
    may have the name of one that it requires).

    Raises WasmbuildError where a version does not satisfy, or recipes require each other.
    """
    found: dict[str, Required] = {}
    order: dict[str, Required] = {}
    errors: list[Diagnostic] = []

    def visit(of: Document[Manifest], path: tuple[str, ...]) -> None:
        for text, at in recipe_requirements(of):
            requirement = parse_requirement(text)
            assert requirement is not None, "checked by manifest.check"
            name = requirement.name
            if name in path:
                cycle = " → ".join((*path[path.index(name) :], name))
                errors.append(Diagnostic("requires-cycle", f"recipes require each other: {cycle}", at))
                continue
            if name not in found:
                found[name] = Required(read_recipe(known[name], known), RequiredBy(of.value.name, at))
                visit(for_users(found[name].recipe), (*path, name))
                order[name] = found[name]
            version = found[name].recipe.version
            if not requirement.allows(version):
                facts = (("required", str(requirement)), ("there is", f"{name} {version}"))
                errors.append(Diagnostic("version", f"version not available: `{requirement}`", at, facts=facts))

    visit(document, () if recipe is None else (recipe,))
    if errors:
        raise WasmbuildError(*errors)
    return tuple(order.values())
