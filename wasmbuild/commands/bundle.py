"""make a directory for a site or for npm"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wasmbuild.commands import build
from wasmbuild.commands.project import enter
from wasmbuild.commands.roots import add_search

if TYPE_CHECKING:
    from wasmbuild.builder.linkspec import Root
    from wasmbuild.bundle.package import Title
    from wasmbuild.bundle.world import Wanted, World
    from wasmbuild.manifest.reader import Document
    from wasmbuild.manifest.schema import Manifest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    build.add_build_arguments(parser)
    parser.add_argument("targets", metavar="TARGET", nargs="*", help="programs and libraries of the project, or files")
    parser.add_argument("--to", choices=("web", "node"), required=True, help="a site, or a package for Node")
    parser.add_argument("-o", dest="output", metavar="DIR", type=Path, required=True, help="the bundle's directory")
    parser.add_argument("--shrink", action="store_true", help="link libraries down to what is used; no names")
    parser.add_argument("--inline", action="store_true", help="one HTML file, with all of it in it: -o names it")
    add_search(parser)


def run(arguments: argparse.Namespace) -> int:
    from wasmbuild.builder.outputs import replace_if_different
    from wasmbuild.bundle.contents import contents, declared_functions, one_file
    from wasmbuild.bundle.world import gather
    from wasmbuild.bundle.write import write_bundle
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError
    from wasmbuild.report.messages import print_json

    if arguments.inline and arguments.to != "web":
        raise WasmbuildError(Diagnostic("bad-option", "`--inline` makes a page: it goes with `--to web`"))
    if arguments.inline and arguments.output.suffix != ".html":
        help_ = f"-o {arguments.output}.html"
        raise WasmbuildError(
            Diagnostic("bad-option", "`--inline` writes one file, whose name ends in .html", help=(help_,))
        )
    wanted, title = _wanted(arguments)
    if not wanted:
        return 1
    world = gather(wanted, tuple(arguments.library_path))
    functions = declared_functions(world)
    if arguments.shrink:
        world = _shrunk(arguments, world, wanted)
    if arguments.inline:
        files = {arguments.output.name: one_file(world, title, functions)}
        replace_if_different(arguments.output, files[arguments.output.name])
    else:
        maps: dict[str, bytes] = {}
        if arguments.to == "web" and world.has_lines:
            from wasmbuild.bundle.sourcemap import with_source_maps

            world, maps = with_source_maps(world, Path.cwd())
        files = {**contents(world, title, arguments.to, functions), **maps}
        write_bundle(arguments.output, arguments.to, files)
    if arguments.json:
        listed = [{"path": place, "size_bytes": len(data)} for place, data in files.items()]
        print_json({"ok": True, "directory": str(arguments.output), "files": listed})
    elif not arguments.quiet:
        _print(arguments, files)
    return 0


def _shrunk(arguments: argparse.Namespace, world: World, wanted: list[Wanted]) -> World:
    from wasmbuild.builder.builddir import BUILD_DIRECTORY
    from wasmbuild.builder.libc import embedded_toolchain
    from wasmbuild.builder.toolchain import read_settings
    from wasmbuild.bundle.shrink import links_of_build, links_of_cache, shrink, unknown
    from wasmbuild.printing import printable
    from wasmbuild.sources.store import Store

    links = {} if _are_files(arguments) else links_of_build(world, Path(BUILD_DIRECTORY))
    wasm_opt = next((spec.wasm_opt for spec in links.values() if spec.wasm_opt), ())
    links |= links_of_cache(world, Store.of_user(), embedded_toolchain(read_settings(None, None)), wasm_opt)
    for name in unknown(world, links):
        if not arguments.quiet:
            print(f"{printable(name)} stays whole: the cache does not have what it was built from", file=sys.stderr)
    return shrink(world, wanted, links)


def _print(arguments: argparse.Namespace, files: dict[str, bytes]) -> None:
    from wasmbuild.printing import printable

    modules = [place for place in files if place.endswith(".wasm")]
    for place in modules:
        size_bytes = len(files[place])
        print(f"{printable(place):40} {size_bytes:>10,} bytes")
    size_bytes = sum(map(len, files.values())) - sum(len(files[place]) for place in modules)
    name = str(arguments.output) if arguments.inline else f"{len(files) - len(modules)} other files"
    print(f"{printable(name):40} {size_bytes:>10,} bytes")
    if arguments.to == "web" and not arguments.inline:
        print(f"try it: wasmbuild serve {printable(str(arguments.output))}", file=sys.stderr)


def _wanted(arguments: argparse.Namespace) -> tuple[list[Wanted], Title]:
    """What the targets name, built first where they are of a project. None where the build failed, which was shown."""
    from wasmbuild.bundle.package import Title
    from wasmbuild.bundle.world import Wanted, entry_name
    from wasmbuild.search.module import read_module

    if _are_files(arguments):
        paths = [Path(target) for target in arguments.targets]
        name = entry_name(read_module(paths[0]))
        return [Wanted(path, tuple(arguments.imports)) for path in paths], Title(name)
    return _of_project(arguments)


def _are_files(arguments: argparse.Namespace) -> bool:
    """Whether no project is looked at, and nothing built."""
    return bool(arguments.targets) and all(_is_path(target) for target in arguments.targets)


def _is_path(target: str) -> bool:
    """Whether it is a file, and not a name of the manifest."""
    return "/" in target or target.endswith((".so", ".wasm"))


def _of_project(arguments: argparse.Namespace) -> tuple[list[Wanted], Title]:
    from wasmbuild.builder.builddir import BUILD_DIRECTORY
    from wasmbuild.builder.linkspec import read_check_spec
    from wasmbuild.builder.project import read_project
    from wasmbuild.bundle.package import Title
    from wasmbuild.bundle.world import Wanted
    from wasmbuild.report.console import progress_for

    way = enter(arguments)
    document, _ = read_project(Path.cwd())
    manifest = document.value
    title = Title(manifest.name, manifest.version, manifest.description, manifest.license)
    files = [Path(way, name) for name in arguments.targets if _is_path(name)]
    outputs = _outputs([name for name in arguments.targets if not _is_path(name)], document, bool(files))
    with progress_for(arguments) as progress:
        built = build.build(arguments, progress, ("all",))
    if not built:
        return [], title
    known = {root.path: root for root in read_check_spec(Path(BUILD_DIRECTORY, "obj", "check.json")).roots}
    extra = tuple(arguments.imports)
    wanted = [_of_root(known[place], extra) if place in known else Wanted(Path(place), extra) for place in outputs]
    return [*wanted, *(Wanted(path, extra) for path in files)], title


def _of_root(root: Root, extra: tuple[str, ...]) -> Wanted:
    from wasmbuild.bundle.world import Wanted

    return Wanted(Path(root.path), (*root.imports, *extra), tuple(map(Path, root.opens)))


def _outputs(names: list[str], document: Document[Manifest], others: bool) -> list[str]:
    """Where a build puts what is named; without names, all programs, else all libraries."""
    from wasmbuild.builder.builddir import BUILD_DIRECTORY
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean
    from wasmbuild.manifest.outputs import output_name

    programs, libraries = document.value.programs, document.value.libraries
    found = []
    for name in names or ([] if others else [*(programs or libraries)]):
        target = programs.get(name) or libraries.get(name)
        if target is None:
            near = did_you_mean(name, [*programs, *libraries])
            there = f"there are: {', '.join([*programs, *libraries])}"
            help_ = f"did you mean `{near}`?" if near else there
            raise WasmbuildError(Diagnostic("unknown-target", f"no program or library `{name}`", help=(help_,)))
        directory = "bin" if name in programs else "lib"
        found.append(f"{BUILD_DIRECTORY}/{directory}/{output_name(name, target)}")
    if not found and not others:
        raise WasmbuildError(Diagnostic("nothing-to-bundle", "the manifest has neither programs nor libraries"))
    return found
