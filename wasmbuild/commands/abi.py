"""say whether a new build of a library fits who was linked against the old one"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wasmbuild.explain.changes import Build


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", help="the library that users were linked against")
    parser.add_argument("new", metavar="NEW", help="the one that takes its place; of a recipe, write NAME==VERSION")
    parser.add_argument("--profile", default="release", help="how versions of recipes are built")
    parser.add_argument("--offline", action="store_true", help="never touch the network")


def run(arguments: argparse.Namespace) -> int:
    """Compare the two. 1 where an old user would break."""
    from wasmbuild.explain.changes import changes
    from wasmbuild.report.changes import change_to_json, changes_text, changes_to_json
    from wasmbuild.report.messages import print_json

    is_fitting = True
    documents = []
    for name, before, after in _pairs(arguments):
        old, new = read_build(before), read_build(after)
        found = changes(old, new)
        fits = not any(change.breaks for change in found)
        is_fitting = is_fitting and fits
        sides = {"old": changes_to_json(old, str(before)), "new": changes_to_json(new, str(after))}
        documents.append({"ok": fits, **sides, "changes": [change_to_json(change) for change in found]})
        if not arguments.json and not (fits and arguments.quiet):
            print(changes_text(name, old, new, found))
    if arguments.json:
        print_json(documents[0] if len(documents) == 1 else {"ok": is_fitting, "libraries": documents})
    return 0 if is_fitting else 1


def _pairs(arguments: argparse.Namespace) -> list[tuple[str, Path, Path]]:
    """What the new one is called, and the files to compare: of versions of a recipe, its libraries."""
    recipes = [_is_of_recipe(text) for text in (arguments.old, arguments.new)]
    if not any(recipes):
        return [(arguments.new, Path(arguments.old), Path(arguments.new))]
    old, new = (
        _libraries(text, arguments) if is_recipe else {Path(text).name: Path(text)}
        for text, is_recipe in zip((arguments.old, arguments.new), recipes, strict=True)
    )
    names = [name for name in old if name in new]
    if not names:
        from wasmbuild.diagnostics import Diagnostic, WasmbuildError

        facts = tuple((text, ", ".join(each) or "none") for text, each in ((arguments.old, old), (arguments.new, new)))
        raise WasmbuildError(Diagnostic("nothing-to-compare", "no library is in both", facts=facts))
    return [(f"{name} of {arguments.new}" if recipes[1] else arguments.new, old[name], new[name]) for name in names]


def _is_of_recipe(text: str) -> bool:
    from wasmbuild.manifest.requirement import parse_requirement

    return "==" in text and not Path(text).exists() and parse_requirement(text) is not None


def _libraries(text: str, arguments: argparse.Namespace) -> dict[str, Path]:
    """Those of a version of a recipe, built first if the cache has them not."""
    from wasmbuild.builder.project import Request, make_builder, requires_libcxx
    from wasmbuild.builder.runninja import RunOptions
    from wasmbuild.commands.recipe import read
    from wasmbuild.manifest.recipes import find_recipes, recipe_directories
    from wasmbuild.report.console import progress_for
    from wasmbuild.selection.known import resolve
    from wasmbuild.selection.required import asking_for
    from wasmbuild.sources.store import Store

    known = find_recipes(recipe_directories(Path.cwd()))
    recipe = read(text, known)
    required = resolve(asking_for((text,), "abi"), known)
    with progress_for(arguments) as progress:
        request, running = Request(profile=arguments.profile, offline=arguments.offline), RunOptions()
        cxx = requires_libcxx(required)
        builder = make_builder(Path.cwd(), request, progress, running, Store.of_user(), libc=True, cxx=cxx)
        built = builder.build_all(required)[recipe.name]
    return {Path(library).name: Path(library) for library in built.libraries}


def read_build(path: Path) -> Build:
    """A library with its debug information, and the headers that were installed with it. Raises WasmbuildError."""
    import os

    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.explain.changes import Build
    from wasmbuild.search.files import read_file
    from wasmbuild.search.module import decode_library, not_a_library
    from wasmbuild.wasm.dwarftypes import read_types
    from wasmbuild.wasm.own import data_bytes, own_facts

    data = read_file(path, str(path))
    library = decode_library(data, path.name, os.path.realpath(path), str(path))
    if library.module.dylink is None:
        raise WasmbuildError(not_a_library(library))
    sizes = data_bytes(own_facts(data, library.module), library.module)
    return Build(library.module, sizes, read_types(data, library.module), _headers(path))


def _headers(library: Path) -> frozenset[str] | None:
    """As builds and installed trees have them: in `include`, beside `lib`. None where there are none."""
    directory = library.resolve().parent.parent / "include"
    return frozenset(path.name for path in directory.rglob("*") if path.is_file()) or None
