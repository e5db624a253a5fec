"""What `check`, `why` and `graph` look at: the modules that were named, or all outputs of the project here."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from wasmbuild.commands.project import enter

if TYPE_CHECKING:
    from wasmbuild.builder.linkspec import Root


def add_search(parser: argparse.ArgumentParser) -> None:
    """The options that say where libraries are and what the host supplies."""
    parser.add_argument("--library-path", metavar="DIR", type=Path, action="append", default=[], help="search here too")
    parser.add_argument(
        "--import",
        dest="imports",
        metavar="NAME",
        action="append",
        default=[],
        help="a function that the host supplies",
    )


def roots(arguments: argparse.Namespace) -> tuple[Root, ...]:
    """The named files; without any, what the last build of the project here or above made, with the hosts that its
    manifest says: its directory is then the current one. Raises WasmbuildError where nothing was built."""
    from wasmbuild.builder.builddir import BUILD_DIRECTORY
    from wasmbuild.builder.linkspec import Root, read_check_spec
    from wasmbuild.builder.project import read_project
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError

    extra = tuple(arguments.imports)
    if arguments.files:
        return tuple(Root(str(path), extra) for path in arguments.files)
    enter(arguments)
    orders = Path(BUILD_DIRECTORY, "obj", "check.json")
    if not orders.is_file():
        read_project(Path.cwd())  # says what is wrong if there is no project
        raise WasmbuildError(
            Diagnostic(
                "not-built",
                "nothing was built here yet",
                help=("`wasmbuild build` builds the project; or name a module",),
            )
        )
    return tuple(Root(root.path, (*root.imports, *extra)) for root in read_check_spec(orders).roots)
