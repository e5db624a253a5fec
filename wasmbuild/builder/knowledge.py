"""What is known of a project beside its modules, for help in messages: which library or recipe has a symbol or could
have it, and how the headers declare it. Asked only when something is wrong, so it may take a moment."""

from __future__ import annotations

import json
import os
from collections.abc import Container, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from wasmbuild.builder.cxxpatterns import pattern_for
from wasmbuild.builder.declarations import Declaration, declared_by_prefix, declared_for_source
from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.objects import decode_object

if TYPE_CHECKING:
    from wasmbuild.manifest.schema import Library
    from wasmbuild.sources.store import Store

_MANIFEST = "wasmbuild.yaml"

_LEAST_LITERAL = 3
"""Letters that a pattern must have beside its wildcards: `*` says nothing about who has a symbol."""


class ProjectKnowledge(Struct, frozen=True):
    """Of the project in a directory; `requires_at` is where its `requires` is written, where one knows it better than
    the manifest says, and `linked` what is linked to already."""

    root: Path
    build: Path
    requires_at: str | None = None
    store: Store | None = None
    linked: tuple[str, ...] | None = None

    def exporters(self, name: str) -> tuple[str, ...]:
        """What to change in the manifest, in sentences: a library of this project that exports it or could, else
        recipes. What the host supplies is known to a build; one who asks about a single file must say it."""
        if name in self._from_host():
            return (f"the manifest lists it under `imports`: say so with `--import {name}`",)
        library = next((lib for lib in _shared(self.build / "lib") if name in _exports(lib)), None)
        if library is not None and (own := self._own(library)):
            return (f"`{library.name}` of this project exports it; add `{own}` to `requires`{self._at()}",)
        if hidden := self._hidden(name):
            return (hidden,)
        recipes = dict.fromkeys(self._recipes_with(name))
        return tuple(f"recipe `{recipe}` exports it; add `{recipe}` to `requires`{self._at()}" for recipe in recipes)

    def _hidden(self, name: str) -> str | None:
        """A library of this project whose sources define a symbol that it does not export: in a sentence."""
        for spec in _orders(self.build):
            for path, source in spec["objects"]:
                local = _definitions(self.root / path).get(name)
                if local is None:
                    continue
                library = Path(spec["output"]).name
                if local:
                    return f"{source} of `{library}` defines it as `static`: nobody else can use it"
                asked = "" if self._links_to(spec["output"]) else f", and `{spec['name']}` to `requires`{self._at()}"
                return (
                    f"`{library}` defines it, in {source}, but does not export it; "
                    f"add `{pattern_for(name)}` to `exports` at {spec['exports_at']}{asked}"
                )
        return None

    def _links_to(self, library: str) -> bool:
        """Whether who asks is linked to it already, or to its interface; not known is yes."""
        return self.linked is None or Path(library).name in (Path(path).name for path in self.linked)

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
        from wasmbuild.builder.resolved import LIBCXX  # with what reads manifests, which no step needs that succeeds

        known = recipe_libraries(self.root)
        for recipe, directory in built_recipes(known, self.store):
            if recipe == LIBCXX:
                continue  # whoever may have it has it without asking
            if any(name in _exports(library) for library in _shared(directory / "lib")):
                yield recipe
        for recipe, libraries in known.items():
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


@cache
def recipe_libraries(project: Path) -> Mapping[str, tuple[Library, ...]]:
    """The libraries of every recipe that a project can name. Recipes that cannot be read have none."""
    # Late: every link and every check knows this module, and hardly any of them reads a manifest.
    from wasmbuild.manifest.recipes import find_recipes, read_recipe, recipe_directories

    known = find_recipes(recipe_directories(project))
    found: dict[str, tuple[Library, ...]] = {}
    for recipe in known:
        try:
            found[recipe] = tuple(read_recipe(known[recipe], known).document.value.libraries.values())
        except (OSError, WasmbuildError):
            found[recipe] = ()
    return found


def built_recipes(known: Container[str], store: Store | None = None) -> Iterator[tuple[str, Path]]:
    """Recipes that the cache has built, and where: what they really export and install."""
    from wasmbuild.sources.store import Store

    for directory in sorted(((store or Store.of_user()).root / "libraries").glob("*/lib")):
        recipe = directory.parent.name.rsplit("-", 2)[0]
        if recipe in known:
            yield recipe, directory.parent


@cache
def _orders(build: Path) -> tuple[dict[str, Any], ...]:
    """The orders for the links of the project's libraries."""
    found = []
    for path in sorted((build / "obj").glob("library-*/link.json")):
        try:
            found.append(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
    return tuple(found)


@cache
def _definitions(path: Path) -> Mapping[str, bool]:
    """The symbols that an object defines, and whether they are local to it (`static`)."""
    try:
        symbols = decode_object(path.read_bytes(), str(path)).symbols
    except (OSError, WasmbuildError):
        return {}
    # What is local comes first, so that a symbol of the same name that is not local counts.
    defined = sorted((not symbol.local, symbol.name) for symbol in symbols if symbol.defined)
    return {name: not seen for seen, name in defined}


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
