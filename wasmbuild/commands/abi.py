"""say whether a new build of a library fits who was linked against the old one"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wasmbuild.explain.changes import Build


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", type=Path, help="the library that users were linked against")
    parser.add_argument("new", metavar="NEW", type=Path, help="the one that takes its place")


def run(arguments: argparse.Namespace) -> int:
    """Compare the two. 1 where an old user would break."""
    from wasmbuild.explain.changes import changes
    from wasmbuild.report.changes import change_to_json, changes_text, changes_to_json
    from wasmbuild.report.messages import print_json

    old, new = read_build(arguments.old), read_build(arguments.new)
    found = changes(old, new)
    fits = not any(change.breaks for change in found)
    if arguments.json:
        sides = {"old": changes_to_json(old, str(arguments.old)), "new": changes_to_json(new, str(arguments.new))}
        print_json({"ok": fits, **sides, "changes": [change_to_json(change) for change in found]})
    elif not (fits and arguments.quiet):
        print(changes_text(str(arguments.new), old, new, found))
    return 0 if fits else 1


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
