"""show what is in a WebAssembly file: its kind, dylink.0, imports, exports, sections, symbols"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, TypeAlias

_View: TypeAlias = tuple[Callable[[bytes, str], Any], Callable[[Any], str], Callable[[Any], dict[str, Any]]]
"""Bytes and a name → what is shown; that → text; that → JSON."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a module, shared library, program or object file")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--relocs", action="store_true", help="show the relocations of objects instead")
    instead.add_argument("--cost", action="store_true", help="count what a module reaches indirectly instead")


def run(arguments: argparse.Namespace) -> int:
    """Show every file that can be read; then raise WasmbuildError about the others."""
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError, diagnostic_to_json
    from wasmbuild.report.messages import print_json
    from wasmbuild.search.files import read_file

    read, to_text, to_json = _relocations() if arguments.relocs else _costs() if arguments.cost else _whole()
    inspections = []
    findings: list[Diagnostic] = []
    for path in arguments.files:
        try:
            inspections.append(read(read_file(path, path), path))
        except WasmbuildError as error:
            findings.extend(error.diagnostics)
    if inspections and arguments.json:
        # Not raised: what went wrong belongs to the one document that is printed.
        diagnostics = [diagnostic_to_json(finding) for finding in findings]
        files = [to_json(inspection) for inspection in inspections]
        print_json({"ok": not findings, "files": files, "diagnostics": diagnostics})
        return 1 if findings else 0
    if inspections:
        # Flushed, so that the errors follow it where both go to one file.
        print("\n\n".join(map(to_text, inspections)), flush=True)
    if findings:
        raise WasmbuildError(*findings)
    return 0


def _whole() -> _View:
    from wasmbuild.report.inspection import inspect_bytes, inspection_text, inspection_to_json

    return inspect_bytes, inspection_text, inspection_to_json


def _relocations() -> _View:
    from wasmbuild.report.relocations import relocations, relocations_text, relocations_to_json

    return relocations, relocations_text, relocations_to_json


def _costs() -> _View:
    from wasmbuild.report.costs import costs, costs_text, costs_to_json

    return costs, costs_text, costs_to_json
