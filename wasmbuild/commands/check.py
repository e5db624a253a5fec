"""check that modules will load"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wasmbuild.commands.roots import add_search, roots

if TYPE_CHECKING:
    from wasmbuild.diagnostics import Diagnostic


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="modules; else what the project built")
    add_search(parser)


def run(arguments: argparse.Namespace) -> int:
    from wasmbuild.diagnostics import diagnostic_to_json
    from wasmbuild.printing import printable
    from wasmbuild.report.messages import format_message, print_json, use_color

    color = use_color(arguments.color, sys.stderr)
    results: list[dict[str, object]] = []
    findings: dict[Diagnostic, None] = {}
    for module in roots(arguments):
        path = Path(module.path)
        found = check_file(path, tuple(arguments.library_path), module.imports)
        errors = [finding for finding in found if finding.severity == "error"]
        results.append({"path": str(path), "ok": not errors, "diagnostics": [diagnostic_to_json(f) for f in found]})
        new = [finding for finding in found if finding not in findings]
        findings.update(dict.fromkeys(new))
        if not arguments.json:
            for finding in new:
                print(format_message(finding, color) + "\n", file=sys.stderr)
            if not errors and not arguments.quiet:
                print(printable(f"{path}: ok"))
    ok = all(result["ok"] for result in results)
    if arguments.json:
        print_json({"ok": ok, "files": results})
    return 0 if ok else 1


def check_file(path: Path, library_path: tuple[Path, ...], imports: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    """Every finding about a module and all that it needs, errors and warnings."""
    from wasmbuild.builder.builddir import BUILD_DIRECTORY
    from wasmbuild.builder.knowledge import ProjectKnowledge
    from wasmbuild.explain.doubts import not_deployed
    from wasmbuild.search.libraries import Search
    from wasmbuild.search.root import check_root

    search = Search(library_path)
    found = check_root(path, dict.fromkeys(imports), search, ProjectKnowledge(Path.cwd(), Path(BUILD_DIRECTORY)))
    by_tools = not_deployed(search.by_tools, "beside the compiler that linked it", "on another machine")
    return (*found, *not_deployed(search.by_library_path), *by_tools)
