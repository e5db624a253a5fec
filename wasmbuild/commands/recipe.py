"""find, write, check, fetch and test recipes"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from wasmbuild.commands import build, test
from wasmbuild.commands.options import add_common
from wasmbuild.commands.project import enter

if TYPE_CHECKING:
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.manifest.recipes import Directories, Known, Recipe
    from wasmbuild.report.console import Recorder


_WITH_VERSION = "a recipe, or a version of it: NAME==VERSION"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="the recipes there are")
    search = actions.add_parser("search", help="those with all words in their name, description or exports")
    search.add_argument("words", metavar="WORD", nargs="+")
    show = actions.add_parser("show", help="what a recipe is, what it requires, and who requires it")
    show.add_argument("names", metavar="NAME", nargs=1, help=_WITH_VERSION)
    lint = actions.add_parser("lint", help="say what recipes should have")
    lint.add_argument("names", metavar="NAME", nargs="*", help="without any, all")
    new = actions.add_parser("new", help="write a recipe for a library, guessed from its source")
    new.add_argument("place", metavar="PLACE", help="debian:NAME, an archive's URL, or a directory")
    new.add_argument("--name", help="the recipe's name, where it is not to be upstream's")
    new.add_argument("--build", action="store_true", help="run upstream's own build, whatever sources it lists")
    outdated = actions.add_parser(
        "outdated", help="say which have newer versions, as the sources that they name have them"
    )
    outdated.add_argument("names", metavar="NAME", nargs="*", help="without any, all")
    bump = actions.add_parser("bump", help="move a recipe to another version: fetch, build, test, compare, rewrite")
    bump.add_argument("names", metavar="NAME", nargs=1)
    bump.add_argument("version", metavar="VERSION", nargs="?", help="else the newest that its sources have")
    build.add_build_arguments(bump)
    test.add_test_arguments(bump)
    fetch = actions.add_parser("fetch", help="put sources into the cache, for building without a network")
    fetch.add_argument("names", metavar="NAME", nargs="*", help=_WITH_VERSION)
    fetch.add_argument("--all", dest="every", action="store_true", help="of every recipe, in all its versions")
    fetch.add_argument("--offline", action="store_true", help="only look whether they are there")
    tests = actions.add_parser("test", help="build recipes and run their tests")
    tests.add_argument("names", metavar="NAME", nargs="*", help=_WITH_VERSION)
    tests.add_argument("--all", dest="every", action="store_true", help="every recipe, in all its versions")
    tests.add_argument(
        "--option", dest="options", metavar="OPTION=true|false", type=_option, action="append", default=[],
        help="with this option on, or off",
    )  # fmt: skip
    build.add_build_arguments(tests)
    test.add_test_arguments(tests)
    why = actions.add_parser("why-built", help="say what makes a build of it another than those in the cache")
    why.add_argument("names", metavar="NAME", nargs=1, help=_WITH_VERSION)
    why.add_argument("--profile", default="release", help="as for build")
    for action in (listing, search, show, lint, outdated, new, bump, fetch, tests, why):
        add_common(action, first=False)


def _option(text: str) -> tuple[str, bool]:
    name, _, value = text.partition("=")
    if value not in ("true", "false"):
        raise argparse.ArgumentTypeError(f"must be OPTION=true or OPTION=false, not `{text}`")
    return name, value == "true"


def run(arguments: argparse.Namespace) -> int:
    from wasmbuild.manifest.recipes import find_recipes, recipe_directories

    enter(arguments)
    known = find_recipes(recipe_directories(Path.cwd()))
    match arguments.action:
        case "list":
            return _list(known, known, arguments)
        case "search":
            return _list(_matching(known, arguments.words), known, arguments)
        case "show" | "lint" | "outdated" | "new" | "bump":
            module = import_module(f"wasmbuild.commands.recipe_{arguments.action}")
            return int(module.run(known, arguments))
        case "why-built":
            from wasmbuild.commands import recipe_why

            return recipe_why.run(known, arguments)
        case "fetch":
            return _fetch(known, arguments)
    options = dict(arguments.options)
    names = list(_every_version(known)) if arguments.every else arguments.names
    if not names:
        raise _no_names()
    return max(build_and_test(name, known, arguments, options) for name in names)


def _every_version(known: Known) -> Iterator[str]:
    for name in sorted(known):
        yield name
        yield from (f"{name}=={version}" for version in read(name, known).other_versions)


def _no_names() -> WasmbuildError:
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError

    return WasmbuildError(Diagnostic("no-names", "no recipe named", help=("name recipes, or say --all",)))


def read(text: str, known: Known, options: Mapping[str, bool] | None = None) -> Recipe:
    """The recipe that is named, in the version that is, with these options."""
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean
    from wasmbuild.manifest.requirement import parse_requirement
    from wasmbuild.selection.conflicts import not_available, unknown_option
    from wasmbuild.selection.known import Recipes
    from wasmbuild.selection.required import Asked
    from wasmbuild.sources.source import RequiredBy

    requirement = parse_requirement(text)
    name = requirement.name if requirement is not None else text
    if requirement is None or name not in known:
        near = did_you_mean(name, known)
        help_ = f"did you mean `{near}`?" if near else f"there are: {', '.join(known)}"
        raise WasmbuildError(Diagnostic("unknown-recipe", f"unknown recipe: `{name}`", help=(help_,)))
    recipes = Recipes(known, {})
    versions = recipes.versions(name)
    version = next((version for version in versions if requirement.allows(version)), None)
    if version is None:
        raise WasmbuildError(not_available(Asked(requirement, RequiredBy("the command line")), versions))
    recipe = recipes.recipe(name, version, options or {})
    unknown = [unknown_option(recipe, option) for option in options or () if option not in recipe.options]
    if unknown:
        raise WasmbuildError(*unknown)
    return recipe


def _matching(known: Known, words: list[str]) -> list[str]:
    """The names of recipes that have all words, whatever their case. Raises WasmbuildError where there are none."""
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean

    found = [name for name, directories in known.items() if _has(name, directories, known, words)]
    if not found:
        near = [near for word in words if (near := did_you_mean(word, known))]
        help_ = f"did you mean `{near[0]}`?" if near else "`wasmbuild recipe new` writes a recipe"
        raise WasmbuildError(Diagnostic("unknown-recipe", f"no recipe has: {' '.join(words)}", help=(help_,)))
    return found


def _has(name: str, directories: Directories, known: Known, words: list[str]) -> bool:
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.manifest.recipes import read_recipe

    texts = [name]
    try:
        manifest = read_recipe(directories, known).document.value
    except WasmbuildError:
        pass  # it is found by its name, and then said to be broken
    else:
        texts += [manifest.description or "", manifest.homepage or ""]
        for library, target in manifest.libraries.items():
            texts += [library, *(target.exports if isinstance(target.exports, tuple) else ())]
    return all(any(word.lower() in text.lower() for text in texts) for word in words)


def _list(names: Iterable[str], known: Known, arguments: argparse.Namespace) -> int:
    """These recipes; of one that is broken its name, and what is wrong with it afterwards. Then the status is 1."""
    from wasmbuild.diagnostics import WasmbuildError, diagnostic_to_json
    from wasmbuild.report.columns import joined
    from wasmbuild.report.messages import print_json, report_error

    recipes: dict[str, Recipe | WasmbuildError] = {}
    for name in sorted(names):
        try:
            recipes[name] = read(name, known)
        except WasmbuildError as error:
            recipes[name] = error
    findings = [each for entry in recipes.values() if isinstance(entry, WasmbuildError) for each in entry.diagnostics]
    if arguments.json:
        entries = [_as_json(name, entry) for name, entry in recipes.items()]
        diagnostics = [diagnostic_to_json(finding) for finding in findings]
        print_json({"ok": not findings, "recipes": entries, "diagnostics": diagnostics})
        return 1 if findings else 0
    print(joined(_grouped(recipes)), flush=True)
    return report_error(WasmbuildError(*findings), arguments) if findings else 0


_NO_GROUP = "other"


def _grouped(recipes: Mapping[str, Recipe | WasmbuildError]) -> Iterator[str]:
    """Those of one group under its name, which is in the order of the alphabet, and broken ones last."""
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.report.columns import columns

    groups: dict[tuple[bool, str], list[str]] = {}
    for name, entry in recipes.items():
        broken = isinstance(entry, WasmbuildError)
        group = "broken" if isinstance(entry, WasmbuildError) else entry.document.value.group or _NO_GROUP
        groups.setdefault((broken, group), []).append(name)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], item[0][1].lower()))
    rows = iter(columns("  ", [(name, *_said(recipes[name])) for _, names in ordered for name in names], widest=24))
    for (_, group), names in ordered:
        yield f"{group}:"
        yield from (next(rows) for _ in names)


def _said(entry: Recipe | WasmbuildError) -> tuple[str, str, str]:
    """Version, licence and description, or what is wrong."""
    from wasmbuild.diagnostics import WasmbuildError

    if isinstance(entry, WasmbuildError):
        return "broken", "", entry.diagnostics[0].headline
    manifest = entry.document.value
    others = entry.other_versions
    version = f"{entry.version} ({', '.join(others)})" if others else entry.version
    return version, manifest.license or "", manifest.description or ""


def _as_json(name: str, entry: Recipe | WasmbuildError) -> dict[str, object]:
    from wasmbuild.diagnostics import WasmbuildError, diagnostic_to_json
    from wasmbuild.manifest.outputs import has_output, output_name

    if isinstance(entry, WasmbuildError):
        return {"name": name, "diagnostics": [diagnostic_to_json(finding) for finding in entry.diagnostics]}
    manifest = entry.document.value
    fields = ("name", "version", "description", "group", "license", "homepage")
    libraries = [output_name(name, each) for name, each in manifest.libraries.items() if has_output(each)]
    return {
        **{field: getattr(manifest, field) for field in fields},
        "other_versions": entry.other_versions,
        "options": entry.options,
        "libraries": libraries,
    }


def _fetch(known: Known, arguments: argparse.Namespace) -> int:
    from wasmbuild.builder.recipesource import fetch_source
    from wasmbuild.builder.ziglang import ziglang_directory
    from wasmbuild.printing import printable
    from wasmbuild.report.console import progress_for
    from wasmbuild.selection.known import resolve
    from wasmbuild.selection.required import Required
    from wasmbuild.sources.source import RequiredBy
    from wasmbuild.sources.store import Store

    names = sorted(known) if arguments.every else arguments.names
    if not names:
        raise _no_names()
    wanted: dict[str, Required] = {}
    for text in names:
        recipe = read(text, known)
        others = [f"{text}=={version}" for version in recipe.other_versions] if arguments.every else []
        for each in (recipe, *(read(other, known) for other in others)):
            for entry in resolve(each.document, known, each.name):
                wanted[str(entry.recipe)] = entry
            wanted[str(each)] = Required(each, RequiredBy("the command line"))
    lib = ziglang_directory() / "lib"
    with progress_for(arguments) as progress:
        found = [fetch_source(entry, Store.of_user(), lib, arguments.offline, progress) for entry in wanted.values()]
    if not arguments.quiet:
        for entry, source in zip(wanted.values(), found, strict=True):
            print(printable(f"{entry.recipe.name} {entry.recipe.version}: {source.sha256}  {source.main.came_from}"))
    return 0


def build_and_test(
    text: str, known: Known, arguments: argparse.Namespace, options: Mapping[str, bool] | None = None
) -> int:
    """Build a recipe with its tests in a directory of the cache, which stays for the next time, and run them."""
    from wasmbuild.builder.locking import locked
    from wasmbuild.builder.recipetest import prepare_recipe_test
    from wasmbuild.builder.runninja import RunOptions
    from wasmbuild.builder.tree import run as run_tree
    from wasmbuild.manifest.requirement import options_text
    from wasmbuild.report.console import progress_for
    from wasmbuild.sources.store import Store
    from wasmbuild.testing.cases import make_cases

    recipe, store = read(text, known, options), Store.of_user()
    name = text if not options else f"{text} {options_text(sorted(options.items()))}"
    directory = store.entry("recipe-tests", _place_of_test(recipe, known))
    directory.mkdir(parents=True, exist_ok=True)
    with progress_for(arguments) as progress:
        waiting = f"waiting for another process that tests {name}"
        with locked(directory / ".lock", lambda: progress.step(waiting)) as lock:
            running = RunOptions(arguments.jobs, arguments.verbose, progress.shown.color, lock)
            running.remote = build.remote_of(arguments)
            prepared = prepare_recipe_test(recipe, known, directory, build.request(arguments), progress, running, store)
            if not run_tree(prepared.tree, ("all", "tests"), progress, running):
                return 1
            tree, targets = prepared.tree, prepared.targets
            cases = make_cases(recipe.document, targets, tree.root, tree.build, recipe.directories)
            _close(progress)
            return test.run_and_report(name, cases, arguments)


def _place_of_test(recipe: Recipe, known: Known) -> str:
    """Of its build directory: another version, and other options, have another one."""
    usual = read(recipe.name, known)
    chosen = [f"{name}-{'on' if on else 'off'}" for name, on in recipe.options.items() if usual.options.get(name) != on]
    version = [recipe.version] if recipe.version != usual.version else []
    return "-".join((recipe.name, *version, *chosen))


def _close(progress: Recorder) -> None:
    """The bar is done before the tests print."""
    progress.shown.close()
