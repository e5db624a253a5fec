"""What a built library is a function of: labelled values, whose digest is its key in the cache and in stores. They lie
beside what was built, so that it can be said why another build of it was another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import structs

from wasmbuild.builder.recipesource import copied_from, is_upstreams, recipe_file
from wasmbuild.builder.toolchain import digest
from wasmbuild.manifest.recipes import Recipe
from wasmbuild.manifest.schema import Manifest
from wasmbuild.sources.hashing import hash_file

INPUTS_FILE = "inputs.json"
"""In a built library's directory: label → value."""

OF_TESTS = ("tests", "test_defaults", "test_libraries")
_ONLY_TELLS = ("description", "homepage", "license", "source", "components")


def without(manifest: Manifest, *fields: str) -> Manifest:
    """The manifest as if nothing stood in these fields."""
    nothing = Manifest(name=manifest.name)
    return structs.replace(manifest, **{field: getattr(nothing, field) for field in fields})


@cache
def builder_identity() -> str:
    """What of wasmbuild itself decides what is built: all that compiles, links, chooses exports and writes modules."""
    package = Path(__file__).parents[1]
    files = [path for folder in ("builder", "wasm") for path in sorted((package / folder).rglob("*")) if path.is_file()]
    sources = [path for path in files if path.suffix in (".py", ".c", ".h")]
    return digest(*(f"{path.relative_to(package).as_posix()} {hash_file(path)}" for path in sources))


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
        if (copied := copied_from(file)) is not None and not is_upstreams(file):
            found[f"recipe: {copied}"] = hash_file(recipe_file(recipe, copied, document.at("files", place)))
    return found


def key_of(parts: Mapping[str, str]) -> str:
    return digest(*(f"{label}\0{value}" for label, value in parts.items()))


def write_inputs(parts: Mapping[str, str], directory: Path) -> None:
    (directory / INPUTS_FILE).write_text(json.dumps(parts, indent=1) + "\n", encoding="ascii")


def read_inputs_of(directory: Path) -> Mapping[str, str] | None:
    """What a built library was a function of; None where it does not say."""
    try:
        found = json.loads((directory / INPUTS_FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        return None
    return found
