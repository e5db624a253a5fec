"""What of a recipe decides what is built."""

from __future__ import annotations

from collections.abc import Mapping

from wasmbuild.manifest.recipes import Recipe, recipe_file
from wasmbuild.manifest.schema import SOURCE_PREFIX, Manifest
from wasmbuild.selection.required import OF_TESTS, without
from wasmbuild.sources.hashing import hash_file

_ONLY_TELLS = ("description", "homepage", "license", "source", "components")


def recipe_identity(recipe: Recipe) -> Mapping[str, str]:
    """What of a recipe decides what is built: what its manifest says, but for what only tells of it or tests it and
    where its source is to be had, and the files that go into the source. How a value is written does not matter, except
    that of a macro, which is compiled as it is written."""
    document = recipe.document
    manifest = without(document.value, *_ONLY_TELLS, *OF_TESTS)
    nothing = Manifest(name="")
    found = {
        f"recipe: {field}": repr(getattr(manifest, field))
        for field in manifest.__struct_fields__
        if getattr(manifest, field) != getattr(nothing, field)
    }
    texts = sorted(document.texts.items(), key=repr)
    macros = [f"{where} {text}" for where, text in texts if "defines" in where and where[0] not in OF_TESTS]
    if macros:
        found["recipe: macros as they are written"] = "\n".join(macros)
    for i, name in enumerate(manifest.patches):
        found[f"recipe: {name}"] = hash_file(recipe_file(recipe, name, document.at("patches", i)))
    for place, file in manifest.files.items():
        if not file.startswith(SOURCE_PREFIX):
            found[f"recipe: {file}"] = hash_file(recipe_file(recipe, file, document.at("files", place)))
    return found
