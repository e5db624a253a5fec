"""Building a recipe together with its tests, as a project of its own in a directory of the cache."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from wasmbuild.builder.foreign import order_text, run_foreign
from wasmbuild.builder.globs import TargetFiles
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.builder.project import Request, make_builder, needs_runtime, requires_libcxx, stage
from wasmbuild.builder.recipesource import prepare_source, put_files, tree_identity
from wasmbuild.builder.requirements import build_failed
from wasmbuild.builder.resolved import LIBCXX, cxx_patterns
from wasmbuild.builder.runninja import RunOptions
from wasmbuild.builder.toolchain import digest
from wasmbuild.builder.tree import Tree, generate
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.recipes import Known, Recipe
from wasmbuild.progress import Progress
from wasmbuild.selection.known import resolve
from wasmbuild.selection.required import Required
from wasmbuild.sources.source import RequiredBy
from wasmbuild.sources.store import Store


@dataclass(frozen=True, slots=True)
class PreparedTest:
    tree: Tree
    targets: tuple[TargetFiles, ...]


def prepare_recipe_test(
    recipe: Recipe,
    known: Known,
    directory: Path,
    request: Request,
    progress: Progress,
    options: RunOptions,
    store: Store,
) -> PreparedTest:
    """Unpack into `directory`/src, unless it is there from the last time and is the same, and write `build.ninja`. What
    the manifest says and what is in the recipe's files may have changed: as in a project, ninja builds what follows."""
    if recipe.name in ("libc", LIBCXX):
        headline = f"`{recipe.name}` is what recipes are tested with, and is not tested as one"
        raise WasmbuildError(Diagnostic("runtime-recipe", headline))
    required = resolve(recipe.document, known, recipe.name)
    cxx = bool(cxx_patterns(recipe.document.value)) or requires_libcxx(required)
    libc = needs_runtime(recipe.document, required)
    builder = make_builder(None, request, progress, options, store, libc, cxx)
    prefixes = builder.build_all(required)
    source = builder.source(Required(recipe, RequiredBy("the command line")))
    tree, means = Tree(recipe.document, directory / "src", "../build"), replace(builder.means, prefixes=prefixes)
    # What upstream builds in its tree, it does not build anew for other flags.
    key, mark = digest(tree_identity(recipe, source), order_text(recipe, tree, means).decode()), directory / "key"
    if mark.is_file() and mark.read_text() == key:
        put_files(recipe, directory / "src")
    else:
        for name in ("src", "build"):
            shutil.rmtree(directory / name, ignore_errors=True)
        mark.unlink(missing_ok=True)
        prepare_source(recipe, source, directory / "src")
        replace_if_different(mark, key.encode())
    if not run_foreign(recipe, tree, means, progress, options):
        raise WasmbuildError(build_failed(recipe, source))
    staged = stage(tree, prefixes, builder.means.runtime)
    _, files = generate(tree, means, staged)
    return PreparedTest(tree, files.targets)
