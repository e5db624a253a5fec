"""`recipe lint`: what recipes should say."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wasmbuild.manifest.recipes import Known, Recipe


def run(known: Known, arguments: argparse.Namespace) -> int:
    """Look at the named recipes, or at all. 1 where there is something to be said, or one cannot be read."""
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError, diagnostic_to_json
    from wasmbuild.manifest.lint import lint
    from wasmbuild.printing import printable
    from wasmbuild.report.messages import format_message, print_json, use_color

    found: dict[str, list[Diagnostic]] = {}
    for name in arguments.names or sorted(known):
        try:
            found[name] = [finding for recipe in _variants(name, known) for finding in lint(recipe.document)]
        except WasmbuildError as error:
            found[name] = list(error.diagnostics)
    ok = not any(found.values())
    if arguments.json:
        entries = [
            {"name": name, "diagnostics": [diagnostic_to_json(finding) for finding in findings]}
            for name, findings in found.items()
        ]
        print_json({"ok": ok, "recipes": entries})
        return 0 if ok else 1
    color = use_color(arguments.color, sys.stderr)
    for name, findings in found.items():
        for finding in findings:
            print(format_message(finding, color) + "\n", file=sys.stderr)
        if not findings and not arguments.quiet:
            print(printable(f"{name}: ok"))
    return 0 if ok else 1


def _variants(name: str, known: Known) -> Iterator[Recipe]:
    """The recipe as it is by default. All its versions are read, with each option the other way, so that they are
    checked."""
    from wasmbuild.commands.recipe import read

    current = read(name, known)
    yield current
    for version in (current.version, *current.other_versions):
        text = f"{current.name}=={version}"
        for option, on in read(text, known).options.items():
            read(text, known, {option: not on})
