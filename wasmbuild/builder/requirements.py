"""From `requires` to built recipes: which ones, in which order, and each into the cache once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wasmbuild.builder.keys import OF_TESTS, builder_identity, key_of, recipe_identity, without, write_inputs
from wasmbuild.builder.licenses import LICENSES, copy_licenses
from wasmbuild.builder.locking import locked
from wasmbuild.builder.packages import has_packages, provided
from wasmbuild.builder.recipesource import FetchedSource, Required, fetch_source, prepare_source
from wasmbuild.builder.remotestore import FOLDER, Stores
from wasmbuild.builder.resolved import LIBCXX, Prefix, cxx_patterns, libc_of
from wasmbuild.builder.runninja import RunOptions
from wasmbuild.builder.toolchain import digest, flags_identity
from wasmbuild.builder.tree import Means, Tree, generate, run
from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError
from wasmbuild.manifest.check import targets
from wasmbuild.manifest.outputs import output_name
from wasmbuild.manifest.reader import Document, Where, decode_document
from wasmbuild.manifest.recipes import Recipe, read_recipe
from wasmbuild.manifest.requirement import parse_requirement
from wasmbuild.manifest.schema import Manifest
from wasmbuild.progress import Progress
from wasmbuild.sources import source as places
from wasmbuild.sources.seal import damage, seal
from wasmbuild.sources.store import building, discard, explaining_cache_errors, mark_directory_used, refuse_full_disk


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
                found[name] = Required(read_recipe(known[name], known), places.RequiredBy(of.value.name, at))
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


@dataclass(frozen=True, slots=True)
class Builder:
    """Builds recipes into the cache."""

    means: Means
    """Of what is to be built; the prefixes in it are of what is required without being named."""
    runtime_key: str
    offline: bool
    progress: Progress
    options: RunOptions
    stores: Stores

    def build_all(self, required: Sequence[Required]) -> Mapping[str, Prefix]:
        """Build what the cache lacks, in the given order. Raises WasmbuildError when one cannot be built."""
        prefixes = dict(self.means.prefixes)
        for entry in required:
            if entry.recipe.name in self.means.prefixes:
                continue
            prefixes[entry.recipe.name] = self._ensure(entry, prefixes)
        return prefixes

    def key_parts(self, recipe: Recipe, source: FetchedSource, prefixes: Mapping[str, Prefix]) -> Mapping[str, str]:
        """Everything that a built library is a function of."""
        manifest = for_users(recipe).value
        libcs = sorted({libc_of(manifest, target) for _, _, target in targets(manifest)})
        needed = {name: Path(prefixes[name].directory).name for name in _direct(recipe, prefixes)}
        return {
            "wasmbuild": builder_identity(),
            **recipe_identity(recipe),
            "source": source.sha256,
            "toolchain": self.means.toolchain.identity,
            "profile": repr(self.means.profile),
            "libc": self.runtime_key if "wasi" in libcs else ", ".join(libcs),
            "flags of every compilation": digest(*flags_identity(self.means.toolchain, libcs)),
            **{f"requires {name}": directory for name, directory in needed.items()},
        }

    def prefix(self, recipe: Recipe, source: FetchedSource, prefixes: Mapping[str, Prefix]) -> Prefix:
        """Where it is in the cache, whether or not it was built."""
        directory = self.means.store.entry(FOLDER, self._name(recipe, source, prefixes))
        return _prefix(recipe, directory, _direct(recipe, prefixes))

    def _name(self, recipe: Recipe, source: FetchedSource, prefixes: Mapping[str, Prefix]) -> str:
        return f"{recipe.name}-{recipe.version}-{key_of(self.key_parts(recipe, source, prefixes))}"

    def source(self, required: Required) -> FetchedSource:
        return fetch_source(required, self.means.store, self.means.toolchain.lib, self.offline, self.progress)

    def _ensure(self, required: Required, prefixes: Mapping[str, Prefix]) -> Prefix:
        recipe = required.recipe
        source = self.source(required)
        prefix = self.prefix(recipe, source, prefixes)
        final = Path(prefix.directory)
        if damage(final) is not None:
            key = final.name.rpartition("-")[2]
            taken = self.stores.take(final.name, key, self.means.store, self.progress)
            if taken is not None:
                return _prefix(recipe, taken, prefix.requires)
            with explaining_cache_errors(final):
                final.parent.mkdir(parents=True, exist_ok=True)
                title = f"waiting for another process that builds {recipe.name}"
                with locked(final.with_name(final.name + ".lock"), lambda: self.progress.step(title)) as lock:
                    problem = damage(final)
                    if problem is not None:
                        if discard(final):
                            self.progress.note(f"{recipe.name} in the cache was damaged ({problem}): building it again")
                        self._build(recipe, source, prefixes, final, lock)
        mark_directory_used(final)
        return prefix

    def _build(
        self, recipe: Recipe, source: FetchedSource, prefixes: Mapping[str, Prefix], final: Path, lock: int
    ) -> None:
        with building(final) as directory:
            prepare_source(recipe, source, directory / "src")
            # The build directory is the prefix itself; what is not to be kept is taken out of it afterwards.
            tree = Tree(for_users(recipe), directory / "src", "..")
            graph, _ = generate(tree, self.means_for(prefixes))
            options = RunOptions(
                self.options.jobs, self.options.verbose, self.options.color, lock, True, self.options.remote
            )
            if not run(tree, ("all", "archives"), self.progress, options):
                refuse_full_disk(directory)
                raise WasmbuildError(
                    Diagnostic(
                        "recipe-failed",
                        f"building `{recipe.name}` {recipe.version} failed",
                        recipe.document.at("name"),
                        facts=(("source", source.main.came_from),),
                    )
                )
            for archive in graph.archives:
                (tree.root / archive).replace(directory / "lib" / Path(archive).name)
            copy_licenses(recipe.document, tree.root, source.components, directory / LICENSES)
            keep = {"lib", "include", "bin", LICENSES}
            for path in list(directory.iterdir()):
                if path.name not in keep:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
            write_inputs(self.key_parts(recipe, source, prefixes), directory)
            seal(directory)

    def means_for(self, prefixes: Mapping[str, Prefix]) -> Means:
        """A recipe is checked against the libraries where they lie in the cache."""
        path = [str(Path(prefix.directory) / "lib") for prefix in prefixes.values()]
        if self.means.runtime:
            path.append(str(self.means.runtime.libc.parent))
        return replace(self.means, prefixes=prefixes, library_path=tuple(path))


def _prefix(recipe: Recipe, directory: Path, requires: tuple[str, ...]) -> Prefix:
    libraries = recipe.document.value.libraries
    packaged = has_packages(recipe.document.value)
    dynamic = {name: library for name, library in libraries.items() if library.link == "dynamic"}
    return Prefix(
        recipe.name,
        str(directory),
        tuple(str(directory / "lib" / output_name(name, library)) for name, library in dynamic.items()),
        tuple(str(directory / "lib" / f"lib{name}.a") for name, lib in dynamic.items() if lib.prebuilt is None),
        requires,
        tuple(dict.fromkeys(name for library in libraries.values() for name in library.imports)),
        tuple(dict.fromkeys(name for library in libraries.values() for name in library.from_program)),
        tuple(dict.fromkeys(name for own, library in dynamic.items() for name in provided(own, library) if packaged)),
        tuple(dynamic) if packaged else (),
    )


def _direct(recipe: Recipe, prefixes: Mapping[str, Prefix]) -> tuple[str, ...]:
    names = dict[str, None]()
    for text, _ in recipe_requirements(for_users(recipe)):
        requirement = parse_requirement(text)
        if requirement is not None:
            names[requirement.name] = None
    if LIBCXX in prefixes and recipe.name != LIBCXX and cxx_patterns(for_users(recipe).value):
        names[LIBCXX] = None
    return tuple(names)
