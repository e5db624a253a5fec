"""Diagnostics on standard error, or for `--json` on standard output. See `console` for why it imports so little."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import TextIO

    from wasmbuild.diagnostics import Diagnostic, WasmbuildError

SCHEMA = 1
"""The version of every JSON document that a command prints, as its field `schema`."""

_ANSI = {"error": "1;31", "warning": "1;33", "label": "2", "note": "1;36", "help": "1;32"}


def use_color(choice: str, stream: TextIO) -> bool:
    """Whether to colour `stream`: what `--color` says, then NO_COLOR, then whether it is a terminal."""
    if choice != "auto":
        return choice == "always"
    return "NO_COLOR" not in os.environ and stream.isatty() and os.environ.get("TERM") != "dumb"


def colored(part: str, text: str) -> str:
    return f"\x1b[{_ANSI[part]}m{text}\x1b[0m"


def format_message(diagnostic: Diagnostic, color: bool) -> str:
    from wasmbuild.diagnostics import format_diagnostic

    return format_diagnostic(diagnostic, colored) if color else format_diagnostic(diagnostic)


def report_error(error: WasmbuildError, arguments: argparse.Namespace) -> int:
    """Print an error and return the exit status."""
    if arguments.json:
        from wasmbuild.diagnostics import diagnostic_to_json

        print_json({"ok": False, "diagnostics": [diagnostic_to_json(d) for d in error.diagnostics]})
    else:
        color = use_color(arguments.color, sys.stderr)
        print("\n\n".join(format_message(d, color) for d in error.diagnostics), file=sys.stderr)
    return 1


def print_json(document: dict[str, object]) -> None:
    import json

    print(json.dumps({"schema": SCHEMA, **document}, indent=2))
