"""`wasmbuild.lock`: what a project requires as it was selected, beside its manifest, for all who build it.

Builds prefer the versions in it. What else is in it tells whether something became another: the recipe (its revision
is a hash of all that decides what is built), its source, and the toolchain.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import Struct

from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError
from wasmbuild.manifest.compose import compose
from wasmbuild.manifest.merge import entry
from wasmbuild.manifest.reader import Document, decode_nodes
from wasmbuild.manifest.recipes import Recipe
from wasmbuild.manifest.requirement import options_text
from wasmbuild.manifest.schema import Manifest, Name
from wasmbuild.selection.identity import recipe_identity
from wasmbuild.selection.required import Required

LOCK_FILE = "wasmbuild.lock"
FORMAT = 1

_HEAD = """\
# What `requires` of wasmbuild.yaml stands for. `wasmbuild lock` writes this file, and builds keep to it.
"""
_ANEW = "`wasmbuild lock --update` writes it anew"


class LockedRecipe(Struct, frozen=True, forbid_unknown_fields=True):
    """One recipe, as it was selected."""

    version: str
    revision: str
    options: dict[Name, bool] = {}
    source: tuple[str, ...] = ()
    """What its archives must be, in the order in which they are tried."""


class Lock(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    format: int
    project: Name
    toolchain: str
    recipes: dict[Name, LockedRecipe] = {}


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that is not as it was locked; None where it is not there."""

    label: str
    locked: str | None
    now: str | None

    def __str__(self) -> str:
        if self.locked is None:
            return f"{self.label} is new: {self.now}"
        return f"{self.label} is gone" if self.now is None else f"{self.label}: {self.locked}, now {self.now}"


def lock_of(document: Document[Manifest], required: Sequence[Required], toolchain: str) -> Lock:
    recipes = {each.recipe.name: _locked(each.recipe) for each in required}
    return Lock(FORMAT, document.value.name, toolchain, dict(sorted(recipes.items())))


def _locked(recipe: Recipe) -> LockedRecipe:
    parts = (f"{label}\0{value}" for label, value in sorted(recipe_identity(recipe).items()))
    revision = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    manifest = recipe.document.value
    places = (*manifest.source, *(place for places in manifest.components.values() for place in places))
    hashes = (place.sha256 or place.commit for place in places)
    return LockedRecipe(
        recipe.version, revision, dict(recipe.options), tuple(dict.fromkeys(each for each in hashes if each))
    )


def lock_text(lock: Lock) -> str:
    """A line a value, in the order of names: what changes in a diff is what changed."""
    lines = [f"format: {lock.format}", f"project: {lock.project}", f"toolchain: {json.dumps(lock.toolchain)}"]
    lines.append("recipes:" if lock.recipes else "recipes: {}")
    for name, recipe in lock.recipes.items():
        lines += [
            f"  {name}:",
            f"    version: {json.dumps(recipe.version)}",
            f"    revision: {json.dumps(recipe.revision)}",
        ]
        lines += ["    options:"] if recipe.options else []
        lines += [f"      {option}: {str(on).lower()}" for option, on in recipe.options.items()]
        lines += ["    source:"] if recipe.source else []
        lines += [f"      - {json.dumps(sha256)}" for sha256 in recipe.source]
    return _HEAD + "\n".join(lines) + "\n"


def read_lock(path: Path, document: Document[Manifest]) -> Document[Lock] | None:
    """The lock of a project; None where it has none. Raises WasmbuildError for one that is damaged, or another's."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    marker = re.search(rb"^(<{7}|={7}|>{7})( |$)", data, re.MULTILINE)
    if marker is not None:
        at = Position(path.name, data.count(b"\n", 0, marker.start()) + 1, 1)
        headline = f"two versions of `{path.name}` were merged, and not put together"
        raise WasmbuildError(
            Diagnostic("lock-merge", headline, at, help=(f"take one of them, or {_ANEW[0]}{_ANEW[1:]}",))
        )
    try:
        composed = compose(data, path.name)
        written_in = getattr(entry(composed.node, "format"), "value", str(FORMAT))
        if written_in != str(FORMAT):
            raise WasmbuildError(_of_another_format(path.name, written_in))
        lock = decode_nodes(composed, Lock)
    except WasmbuildError as error:
        first = error.diagnostics[0]
        if first.code == "lock-format":
            raise
        headline = f"`{path.name}` is damaged: {first.headline}"
        raise WasmbuildError(Diagnostic("lock-damaged", headline, first.at, help=(_ANEW,))) from None
    if lock.value.project != document.value.name:
        facts = (("this project", f"`{document.value.name}`, {document.at('name')}"),)
        headline = f"`{path.name}` is that of another project: `{lock.value.project}`"
        raise WasmbuildError(Diagnostic("lock-project", headline, lock.at("project"), facts, help=(_ANEW,)))
    return lock


def _of_another_format(name: str, written_in: str) -> Diagnostic:
    headline = f"`{name}` has a format that this wasmbuild does not know: {written_in}"
    help_ = f"take the wasmbuild that wrote it; or {_ANEW}"
    return Diagnostic("lock-format", headline, Position(name, 1, 1), help=(help_,))


def locked_versions(lock: Document[Lock] | None) -> Mapping[str, str]:
    return {name: recipe.version for name, recipe in lock.value.recipes.items()} if lock is not None else {}


def changes(locked: Lock, now: Lock) -> list[Changed]:
    found = []
    if locked.toolchain != now.toolchain:
        found.append(Changed("toolchain", locked.toolchain, now.toolchain))
    for name in sorted({*locked.recipes, *now.recipes}):
        found += _changes(name, locked.recipes.get(name), now.recipes.get(name))
    return found


def _changes(name: str, locked: LockedRecipe | None, now: LockedRecipe | None) -> Iterator[Changed]:
    if locked is None or now is None or locked.version != now.version:
        yield Changed(name, locked.version if locked else None, now.version if now else None)
    elif locked.options != now.options:
        yield Changed(f"options of {name}", options_text(locked.options.items()), options_text(now.options.items()))
    elif locked.source != now.source:
        yield Changed(f"source of {name}", " or ".join(locked.source), " or ".join(now.source))
    elif locked.revision != now.revision:
        yield Changed(f"recipe of {name}", locked.revision, now.revision)


def no_lock() -> Diagnostic:
    headline = f"no `{LOCK_FILE}`, and --locked builds what it says"
    return Diagnostic("no-lock", headline, help=("`wasmbuild lock` writes it",))


def not_as_locked(found: Sequence[Changed]) -> Diagnostic:
    facts = tuple((each.label, f"{each.locked or 'not'} locked, {each.now or 'none'} now") for each in found)
    headline = f"what would be built is not what `{LOCK_FILE}` says"
    help_ = "`wasmbuild lock` writes down what would be built, and so does a build without --locked"
    return Diagnostic("not-as-locked", headline, facts=facts, help=(help_,))
