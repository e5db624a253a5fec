"""From recipes that are selected to built ones, each into the cache once."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Semaphore

from wasmbuild.builder.foreign import build_identity, run_foreign
from wasmbuild.builder.graph import Graph
from wasmbuild.builder.keys import builder_identity, key_of, write_inputs
from wasmbuild.builder.licenses import LICENSES, copy_licenses
from wasmbuild.builder.locking import locked
from wasmbuild.builder.packages import has_packages, provided
from wasmbuild.builder.recipesource import FetchedSource, fetch_source, prepare_source
from wasmbuild.builder.remotestore import FOLDER, Stores
from wasmbuild.builder.resolved import LIBCXX, Prefix, cxx_patterns, libc_of
from wasmbuild.builder.runninja import RunOptions
from wasmbuild.builder.slots import Slots
from wasmbuild.builder.together import Part, Stopped, Together, do_all
from wasmbuild.builder.toolchain import digest, flags_identity
from wasmbuild.builder.tree import Means, Tree, generate, run
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.check import targets
from wasmbuild.manifest.outputs import has_output, output_name
from wasmbuild.manifest.recipes import Recipe
from wasmbuild.manifest.requirement import parse_requirement
from wasmbuild.manifest.schema import Manifest
from wasmbuild.progress import Progress
from wasmbuild.selection.identity import recipe_identity
from wasmbuild.selection.required import Required, for_users, recipe_requirements
from wasmbuild.sources.seal import damage, seal
from wasmbuild.sources.store import building, discard, explaining_cache_errors, mark_directory_used, refuse_full_disk


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
        """Build what the cache lacks, side by side. Raises WasmbuildError when some cannot be built; the others stay in
        the cache."""
        entries = {each.recipe.name: each for each in required if each.recipe.name not in self.means.prefixes}
        with closing(Slots(self.options.jobs, self.options.remote is None)) as slots:
            batch = _Batch(self, entries, Together(self.progress), slots)
            do_all({name: partial(batch.ensure, name) for name in entries}, batch.whole)
        return {**self.means.prefixes, **{name: batch.built[name].result()[name] for name in entries}}

    def key_parts(self, recipe: Recipe, source: FetchedSource, prefixes: Mapping[str, Prefix]) -> Mapping[str, str]:
        """Everything that a built library is a function of."""
        manifest = for_users(recipe).value
        libcs = sorted({libc_of(manifest, target) for _, _, target in targets(manifest)})
        needed = {name: Path(prefixes[name].directory).name for name in _direct(recipe, prefixes)}
        return {
            "wasmbuild": builder_identity() if manifest.build is None else builder_identity("driver"),
            **recipe_identity(recipe),
            "source": source.sha256,
            "toolchain": self.means.toolchain.identity,
            "profile": repr(self.means.profile),
            **(build_identity(manifest.build, recipe.document.at("build")) if manifest.build else {}),
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

    def source(self, required: Required, progress: Progress | None = None) -> FetchedSource:
        store, lib = self.means.store, self.means.toolchain.lib
        return fetch_source(required, store, lib, self.offline, progress or self.progress)

    def means_for(self, prefixes: Mapping[str, Prefix]) -> Means:
        """A recipe is checked against the libraries where they lie in the cache."""
        path = [str(Path(prefix.directory) / "lib") for prefix in prefixes.values()]
        if self.means.runtime:
            path.append(str(self.means.runtime.libc.parent))
        return replace(self.means, prefixes=prefixes, library_path=tuple(path))


_FETCHED_AT_ONCE = 8
_UNPACKED_AT_ONCE = 2


class _Batch:
    """Recipes that are built side by side. Each waits for those that it requires only where it needs them: their keys
    before it is unpacked, their files before it is compiled."""

    def __init__(self, builder: Builder, entries: Mapping[str, Required], whole: Together, slots: Slots) -> None:
        self.builder, self.entries, self.whole, self.slots = builder, entries, whole, slots
        self.named = {name: Future[Prefix]() for name in entries}
        """Where each is going to be in the cache, if no store has it."""
        self.built = {name: Future[Mapping[str, Prefix]]() for name in entries}
        """Each with all that it requires."""
        self._fetching, self._unpacking = Semaphore(_FETCHED_AT_ONCE), Semaphore(_UNPACKED_AT_ONCE)

    def ensure(self, name: str) -> None:
        """In a thread of its own."""
        try:
            self.built[name].set_result(self._ensure(self.entries[name], Part(self.whole, name, counts=False)))
        finally:
            for future in (self.named[name], self.built[name]):
                if not future.done():
                    future.set_exception(Stopped())

    def _ensure(self, required: Required, progress: Part) -> Mapping[str, Prefix]:
        builder, recipe, given = self.builder, required.recipe, self.builder.means.prefixes
        with self._fetching:
            # Also after a failure: so all that cannot be had is said at once.
            source = builder.source(required, progress)
        direct = [name for name in _direct(recipe, given) if name not in given]
        prefix = builder.prefix(recipe, source, {**given, **{name: self.named[name].result() for name in direct}})
        self.named[recipe.name].set_result(prefix)
        final, requires = Path(prefix.directory), dict[str, Prefix](given)
        if damage(final) is not None:
            self.whole.begin()
            key = final.name.rpartition("-")[2]
            taken = builder.stores.take(final.name, key, builder.means.store, progress)
            if taken is not None:
                prefix = _prefix(recipe, taken, prefix.requires)
            else:
                self._make(recipe, source, direct, final, progress)
        mark_directory_used(final)
        for name in direct:
            requires |= self.built[name].result()
        return {**requires, recipe.name: prefix}

    def _make(self, recipe: Recipe, source: FetchedSource, direct: Sequence[str], final: Path, progress: Part) -> None:
        with explaining_cache_errors(final):
            final.parent.mkdir(parents=True, exist_ok=True)
            title = f"waiting for another process that builds {recipe.name}"
            with locked(final.with_name(final.name + ".lock"), lambda: progress.step(title)) as lock:
                problem = damage(final)
                if problem is None:
                    return
                if discard(final):
                    progress.note(f"{recipe.name} in the cache was damaged ({problem}): building it again")
                with building(final) as directory:
                    with self._unpacking:
                        self.whole.begin()
                        prepare_source(recipe, source, directory / "src")
                    prefixes = dict(self.builder.means.prefixes)
                    for name in direct:
                        prefixes |= self.built[name].result()
                    with self.slots.one(self.whole.begin):
                        self._build(recipe, source, prefixes, directory, lock)

    def _build(
        self, recipe: Recipe, source: FetchedSource, prefixes: Mapping[str, Prefix], directory: Path, lock: int
    ) -> None:
        """Into an unpacked source's directory, which is the prefix itself: all else in it is taken out."""
        builder, asked = self.builder, self.builder.options
        tree, means = Tree(for_users(recipe), directory / "src", ".."), builder.means_for(prefixes)
        options = RunOptions(asked.jobs, asked.verbose, asked.color, lock, True, asked.remote, self.slots)
        progress = Part(self.whole, recipe.name, counts=True)
        graph = _compile(recipe, tree, means, progress, options)
        progress.end()
        if graph is None:
            refuse_full_disk(directory)
            raise WasmbuildError(build_failed(recipe, source))
        for archive in graph.archives:
            (tree.root / archive).replace(directory / "lib" / Path(archive).name)
        copy_licenses(recipe.document, tree.root, source.components, directory / LICENSES)
        keep = {"lib", "include", "bin", LICENSES}
        for path in list(directory.iterdir()):
            if path.name not in keep:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        write_inputs(builder.key_parts(recipe, source, prefixes), directory)
        seal(directory)


def build_failed(recipe: Recipe, source: FetchedSource) -> Diagnostic:
    """Behind what its tools had to say."""
    headline, facts = f"building `{recipe.name}` {recipe.version} failed", (("source", source.main.came_from),)
    return Diagnostic("recipe-failed", headline, recipe.document.at("name"), facts)


def _compile(recipe: Recipe, tree: Tree, means: Means, progress: Progress, options: RunOptions) -> Graph | None:
    """None where something failed, which was said."""
    if not run_foreign(recipe, tree, means, progress, options):
        return None
    graph, _ = generate(tree, means)
    return graph if run(tree, ("all", "archives"), progress, options) else None


def _prefix(recipe: Recipe, directory: Path, requires: tuple[str, ...]) -> Prefix:
    libraries = recipe.document.value.libraries
    packaged = has_packages(recipe.document.value)
    dynamic = {name: library for name, library in libraries.items() if library.link == "dynamic"}
    modules = {name: library for name, library in dynamic.items() if has_output(library)}
    return Prefix(
        recipe.name,
        str(directory),
        tuple(str(directory / "lib" / output_name(name, library)) for name, library in modules.items()),
        tuple(str(directory / "lib" / f"lib{name}.a") for name, lib in modules.items() if lib.prebuilt is None),
        requires,
        tuple(dict.fromkeys(name for library in libraries.values() for name in library.imports)),
        tuple(dict.fromkeys(name for library in libraries.values() for name in library.from_program)),
        tuple(dict.fromkeys(name for own, library in dynamic.items() for name in provided(own, library) if packaged)),
        tuple(dynamic) if packaged else (),
        _passed_on(recipe.document.value),
    )


def _passed_on(manifest: Manifest) -> tuple[str, ...]:
    alone = [library for library in manifest.libraries.values() if not has_output(library)]
    entries = [*(entry for library in alone for entry in library.requires), *(manifest.requires if alone else ())]
    found = [parse_requirement(entry) for entry in entries if entry not in manifest.libraries]
    return tuple(dict.fromkeys(requirement.name for requirement in found if requirement is not None))


def _direct(recipe: Recipe, prefixes: Mapping[str, Prefix]) -> tuple[str, ...]:
    names = dict[str, None]()
    for entry in recipe_requirements(for_users(recipe)):
        names[entry.requirement.name] = None
    if LIBCXX in prefixes and recipe.name != LIBCXX and cxx_patterns(for_users(recipe).value):
        names[LIBCXX] = None
    return tuple(names)
