"""The options that every command has."""

from __future__ import annotations

import argparse


def add_common(parser: argparse.ArgumentParser, first: bool) -> None:
    """The options that every command has; they may stand before the command or after it."""

    def default(value: object) -> object:
        return value if first else argparse.SUPPRESS

    parser.add_argument("-C", dest="directory", metavar="DIR", default=default(None), help="start in this directory")
    parser.add_argument("-v", dest="verbose", action="store_true", default=default(False), help="show commands")
    parser.add_argument("-q", dest="quiet", action="store_true", default=default(False), help="show errors only")
    parser.add_argument("--json", action="store_true", default=default(False), help="print the result as JSON")
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default=default("auto"),
        help="colour on standard error",
    )
