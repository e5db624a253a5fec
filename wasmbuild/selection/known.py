"""The recipes that there are, as they are chosen from: each is read once, and only when it is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.layers import Layer, read_layers, versions
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.recipes import Known, Recipe, make_recipe
from wasmbuild.manifest.schema import Manifest
from wasmbuild.selection.required import Required
from wasmbuild.selection.select import select


def resolve(
    document: Document[Manifest], known: Known, recipe: str | None = None, locked: Mapping[str, str] | None = None
) -> tuple[Required, ...]:
    """What a manifest requires of these recipes; a version that is `locked` is preferred. See `select`."""
    return select(document, Recipes(known, locked or {}), recipe)


class Recipes:
    """What was read of them. Options that a recipe has not make no difference to it."""

    def __init__(self, known: Known, locked: Mapping[str, str]) -> None:
        self._known = known
        self._locked = locked
        self._layers: dict[str, tuple[Layer, ...]] = {}
        self._recipes: dict[tuple[str, str, tuple[tuple[str, bool], ...]], Recipe] = {}

    def versions(self, name: str) -> Sequence[str]:
        return versions(self._of(name))

    def locked(self, name: str) -> str | None:
        locked = self._locked.get(name)
        if locked is not None and locked not in self.versions(name):
            raise WasmbuildError(_gone(name, locked, self.versions(name)))
        return locked

    def recipe(self, name: str, version: str, options: Mapping[str, bool]) -> Recipe:
        key = (name, version, tuple(sorted(options.items())))
        if key not in self._recipes:
            self._recipes[key] = make_recipe(self._of(name), self._known, version, options)
        return self._recipes[key]

    def _of(self, name: str) -> tuple[Layer, ...]:
        if name not in self._layers:
            self._layers[name] = read_layers(self._known[name])
        return self._layers[name]


def _gone(name: str, locked: str, there: Sequence[str]) -> Diagnostic:
    facts = (("locked", f"{name} {locked}"), ("there is" if len(there) == 1 else "there are", ", ".join(there)))
    help_ = f"`wasmbuild lock --update {name}` takes another one"
    return Diagnostic("locked-version", f"the locked version of `{name}` is not there", facts=facts, help=(help_,))
