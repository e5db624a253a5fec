"""What requires what: the entries of a manifest that name recipes, and the recipes that were found for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from wasmbuild.diagnostics import Position
from wasmbuild.manifest.check import targets
from wasmbuild.manifest.layers import OF_TESTS
from wasmbuild.manifest.reader import Document, Where, decode_document
from wasmbuild.manifest.recipes import Recipe
from wasmbuild.manifest.requirement import Requirement, own_name, parse_requirement
from wasmbuild.manifest.schema import Manifest, Requires
from wasmbuild.sources.source import RequiredBy


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody requires of a recipe, and where that stands."""

    requirement: Requirement
    by: RequiredBy
    options_at: Mapping[str, Position] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Required:
    """A recipe of one version with its options, who was the first to require it, and all who do."""

    recipe: Recipe
    by: RequiredBy
    asked: tuple[Asked, ...] = ()


def without(manifest: Manifest, *fields: str) -> Manifest:
    """The manifest as if nothing stood in these fields."""
    nothing = Manifest(name=manifest.name)
    return structs.replace(manifest, **{field: getattr(nothing, field) for field in fields})


def asking_for(requires: Sequence[str], shown_as: str) -> Document[Manifest]:
    """A manifest that requires these, which stand nowhere but in a command, and has nothing else."""
    return asking_also(decode_document(b"name: nothing", shown_as, Manifest), requires, shown_as)


def asking_also(document: Document[Manifest], requires: Sequence[str], shown_as: str) -> Document[Manifest]:
    """A manifest, as if it required these too."""
    had = document.value.requires
    positions: dict[Where, Position] = {
        ("requires", len(had) + i): Position(f"{shown_as} {text}", 0, 0) for i, text in enumerate(requires)
    }
    value = structs.replace(document.value, requires=(*had, *requires))
    return replace(document, value=value, positions={**document.positions, **positions})


def without_tests(document: Document[Manifest]) -> Document[Manifest]:
    return replace(document, value=without(document.value, *OF_TESTS))


def for_users(recipe: Recipe) -> Document[Manifest]:
    """A recipe without its tests, as who requires it has it built."""
    return without_tests(recipe.document)


def recipe_requirements(document: Document[Manifest]) -> list[Asked]:
    """Every entry of `requires` that names a recipe and not a library of the same manifest."""
    manifest = document.value
    lists: list[tuple[Where, tuple[str | Requires, ...]]] = [((), manifest.requires)]
    lists += [(where, target.requires) for where, _, target in targets(manifest)]
    lists += [(("test_libraries", name), library.requires) for name, library in manifest.test_libraries.items()]
    found = []
    for where, requires in lists:
        for i, entry in enumerate(requires):
            named = own_name(entry)
            if where and (named in manifest.libraries or named in manifest.test_libraries):
                continue
            requirement = parse_requirement(entry)
            assert requirement is not None, "checked by manifest.check"
            place = (*where, "requires", i)
            options_at = {name: document.at(*place, "options", name, "<key>") for name, _ in requirement.options}
            found.append(Asked(requirement, RequiredBy(manifest.name, document.at(*place)), options_at))
    return found
