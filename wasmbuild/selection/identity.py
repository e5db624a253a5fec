"""What of a recipe decides what is built."""

from __future__ import annotations

from collections.abc import Mapping

from wasmbuild.manifest.layers import OF_TESTS
from wasmbuild.manifest.recipes import Recipe, copied_from, is_upstreams, recipe_file
from wasmbuild.manifest.schema import Manifest
from wasmbuild.selection.required import without
from wasmbuild.sources.hashing import hash_file

_ONLY_TELLS = ("description", "group", "homepage", "license", "source", "components", "options", "extends", "replace")
_NOT_BUILT = (*OF_TESTS, "options")


def recipe_identity(recipe: Recipe) -> Mapping[str, str]:
    """What of a recipe decides what is built: what its manifest says, but for what only tells of it or tests it and
    where its source is to be had, and the files that go into the source. How a value is written does not matter, except
    that of a macro, which is compiled as it is written."""
    document = recipe.document
    # Of its options, what they change is in it already; they are named so that a difference has a name.
    manifest = without(document.value, *_ONLY_TELLS, *OF_TESTS)
    nothing = Manifest(name="")
    found = {
        f"recipe: {field}": repr(getattr(manifest, field))
        for field in manifest.__struct_fields__
        if getattr(manifest, field) != getattr(nothing, field)
    }
    found |= {f"option {name}": "on" if recipe.options[name] else "off" for name in recipe.applied}
    texts = sorted(document.texts.items(), key=repr)
    macros = [f"{where} {text}" for where, text in texts if "defines" in where and where[0] not in _NOT_BUILT]
    if macros:
        found["recipe: macros as they are written"] = "\n".join(macros)
    for i, name in enumerate(manifest.patches):
        found[f"recipe: {name}"] = hash_file(recipe_file(recipe, name, document.at("patches", i)))
    for place, file in manifest.files.items():
        if (copied := copied_from(file)) is not None and not is_upstreams(file):
            found[f"recipe: {copied}"] = hash_file(recipe_file(recipe, copied, document.at("files", place)))
    return found
