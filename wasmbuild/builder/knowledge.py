"""What is known of a project beside its modules, for help in messages: which library or recipe has a symbol, and how
the headers declare it. Asked only when something is wrong, so it may take a moment."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wasmbuild.builder.declarations import Declaration, declared_by_prefix, declared_for_source
from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.wasm.decode import decode

if TYPE_CHECKING:
    from wasmbuild.sources.store import Store

_MANIFEST = "wasmbuild.yaml"

_LEAST_LITERAL = 3
"""Letters that a pattern must have beside its wildcards: `*` says nothing about who has a symbol."""


@dataclass(frozen=True)
class ProjectKnowledge:
    """Of the project in a directory; `requires_at` is where its `requires` is written, where one knows it better than
    the manifest says."""

    root: Path
    build: Path
    requires_at: str | None = None
    store: Store | None = None

    def exporters(self, name: str) -> tuple[str, ...]:
        """What to add to `requires`, in sentences: a library of this project, else recipes. What the host supplies is
        known to a build; one who asks about a single file must say it."""
        if name in self._from_host():
            return (f"the manifest lists it under `imports`: say so with `--import {name}`",)
        library = next((lib for lib in _shared(self.build / "lib") if name in _exports(lib)), None)
        if library is not None and (own := self._own(library)):
            return (f"`{library.name}` of this project exports it; add `{own}` to `requires`{self._at()}",)
        recipes = dict.fromkeys(self._recipes_with(name))
        return tuple(f"recipe `{recipe}` exports it; add `{recipe}` to `requires`{self._at()}" for recipe in recipes)

    def declarations(self, name: str, importer: str, exporter: str) -> tuple[tuple[str, str], ...]:
        """How both sides declare it; once where both see the same line."""
        sees, has = self.declared(name, Path(importer)), self.declared(name, Path(exporter))
        if sees is not None and sees == has:
            return (("declared", str(sees)),)
        sides = (("importer sees", sees), ("exporter has", has))
        return tuple((label, str(declaration)) for label, declaration in sides if declaration is not None)

    def declared(self, name: str, module: Path) -> Declaration | None:
        """How the sources of a module declare a symbol, else the headers that lie beside it."""
        for source in self._sources(module):
            found = declared_for_source(name, source, self.build)
            if found is not None:
                return found
        return declared_by_prefix(name, _relative(module.parent.parent))

    def _sources(self, module: Path) -> Iterator[Path]:
        """What a module of this project was made from, as the order for its link says."""
        for spec in self._orders():
            if (self.root / spec["output"]).resolve() == module.resolve():
                yield from (Path(source) for _, source in spec["objects"])

    def _from_host(self) -> frozenset[str]:
        try:
            roots = json.loads((self.build / "obj" / "check.json").read_text(encoding="utf-8"))["roots"]
        except (OSError, ValueError):
            return frozenset()
        return frozenset(name for root in roots for name in root["imports"])

    def _own(self, library: Path) -> str | None:
        """The name of a library of this project; None for what a recipe put there."""
        for spec in self._orders():
            if spec["kind"] == "library" and (self.root / spec["output"]).resolve() == library.resolve():
                return str(spec["name"])
        return None

    def _orders(self) -> Iterator[dict[str, Any]]:
        """The orders of this project's links."""
        for order in sorted((self.build / "obj").glob("*/link.json")):
            try:
                yield json.loads(order.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue

    def _recipes_with(self, name: str) -> Iterator[str]:
        """Recipes that export a symbol: the built ones are asked themselves, of others the patterns."""
        # Late: every link and every check knows this module, and hardly any of them reads a manifest.
        from wasmbuild.manifest.recipes import find_recipes, read_recipe, recipe_directories
        from wasmbuild.sources.store import Store

        known = find_recipes(recipe_directories(self.root))
        store = self.store or Store.of_user()
        for directory in sorted((store.root / "libraries").glob("*/lib")):
            recipe = directory.parent.name.rsplit("-", 2)[0]
            if recipe in known and any(name in _exports(library) for library in _shared(directory)):
                yield recipe
        for recipe in known:
            try:
                libraries = read_recipe(known[recipe], known).document.value.libraries.values()
            except (OSError, WasmbuildError):
                continue
            listed = [library.exports for library in libraries if isinstance(library.exports, tuple)]
            if any(_says(pattern, name) for patterns in listed for pattern in patterns):
                yield recipe

    def _at(self) -> str:
        if self.requires_at is not None:
            return f" at {self.requires_at}"
        from wasmbuild.manifest.reader import read_document
        from wasmbuild.manifest.schema import Manifest

        try:
            document = read_document(self.root / _MANIFEST, _MANIFEST, Manifest)
        except (OSError, WasmbuildError):
            return ""
        return f" at {document.at('requires')}"


def _says(pattern: str, name: str) -> bool:
    return len(pattern.replace("*", "").replace("?", "")) >= _LEAST_LITERAL and fnmatchcase(name, pattern)


def _shared(directory: Path) -> list[Path]:
    return sorted(path for path in directory.glob("*") if path.suffix in (".so", ".wasm"))


@cache
def _exports(library: Path) -> frozenset[str]:
    try:
        return frozenset(export.name for export in decode(library.read_bytes(), str(library)).exports)
    except (OSError, WasmbuildError):
        return frozenset()


def _relative(path: Path) -> Path:
    """From here, as a reader wants it, where it is below."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else Path(relative)
