"""From recipes that are selected to built ones, each into the cache once."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wasmbuild.builder.keys import builder_identity, key_of, write_inputs
from wasmbuild.builder.licenses import LICENSES, copy_licenses
from wasmbuild.builder.locking import locked
from wasmbuild.builder.packages import has_packages, provided
from wasmbuild.builder.recipesource import FetchedSource, fetch_source, prepare_source
from wasmbuild.builder.remotestore import FOLDER, Stores
from wasmbuild.builder.resolved import LIBCXX, Prefix, cxx_patterns, libc_of
from wasmbuild.builder.runninja import RunOptions
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
