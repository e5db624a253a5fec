"""What requires what: the entries of a manifest that name recipes, and the recipes that were found for them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from wasmbuild.diagnostics import Position
from wasmbuild.manifest.check import targets
from wasmbuild.manifest.reader import Document, Where, decode_document
from wasmbuild.manifest.recipes import Recipe
from wasmbuild.manifest.schema import Manifest
from wasmbuild.sources.source import RequiredBy

OF_TESTS = ("tests", "test_defaults", "test_libraries")


@dataclass(frozen=True, slots=True)
class Required:
    """A recipe, and who was the first to require it, where."""

    recipe: Recipe
    by: RequiredBy


def without(manifest: Manifest, *fields: str) -> Manifest:
    """The manifest as if nothing stood in these fields."""
    nothing = Manifest(name=manifest.name)
    return structs.replace(manifest, **{field: getattr(nothing, field) for field in fields})


def asking_for(requires: Sequence[str], shown_as: str) -> Document[Manifest]:
    """A manifest that requires these and has nothing else. Raises WasmbuildError for what is no requirement."""
    return decode_document(json.dumps({"name": "nothing", "requires": list(requires)}).encode(), shown_as, Manifest)


def without_tests(document: Document[Manifest]) -> Document[Manifest]:
    return replace(document, value=without(document.value, *OF_TESTS))


def for_users(recipe: Recipe) -> Document[Manifest]:
    """A recipe without its tests, as who requires it has it built."""
    return without_tests(recipe.document)


def recipe_requirements(document: Document[Manifest]) -> list[tuple[str, Position]]:
    """Every entry of `requires` that names a recipe and not a library of the same manifest."""
    manifest = document.value
    entries = [(text, document.at("requires", i)) for i, text in enumerate(manifest.requires)]
    lists: list[tuple[Where, tuple[str, ...]]] = [(where, target.requires) for where, _, target in targets(manifest)]
    lists += [(("test_libraries", name), library.requires) for name, library in manifest.test_libraries.items()]
    for where, requires in lists:
        for i, text in enumerate(requires):
            if text not in manifest.libraries and text not in manifest.test_libraries:
                entries.append((text, document.at(*where, "requires", i)))
    return entries
