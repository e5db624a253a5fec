"""draw which library needs which"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from wasmbuild.commands.roots import add_search


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="modules; else what the project built")
    parser.add_argument("--format", choices=("mermaid", "dot", "svg", "json"), help="what to write (default: mermaid)")
    parser.add_argument("-o", dest="output", metavar="FILE", type=Path, help="write here; .svg and .dot say the format")
    add_search(parser)


def run(arguments: argparse.Namespace) -> int:
    """Draw all processes as one graph. 1 where something needed is missing; it is drawn all the same."""
    from wasmbuild.commands.roots import roots
    from wasmbuild.diagnostics import Diagnostic
    from wasmbuild.explain.needed import needed_graph
    from wasmbuild.report.graphs import graph_to_json
    from wasmbuild.report.messages import print_json
    from wasmbuild.search.libraries import Search
    from wasmbuild.search.root import open_root

    modules = roots(arguments)
    search = Search(tuple(arguments.library_path))
    processes, missing, found = [], dict[str, dict[str, None]](), dict[Diagnostic, None]()
    for root in modules:
        opened = open_root(Path(root.path), search)
        for requester, name in opened.missing_names:
            missing.setdefault(requester, {})[name] = None
        processes.append((opened.scope, dict.fromkeys(root.imports)))
        found.update(dict.fromkeys(opened.missing))
    findings = list(found)
    graph = needed_graph(processes, {requester: tuple(names) for requester, names in missing.items()})
    if _format(arguments) == "json" and arguments.output is None:
        from wasmbuild.diagnostics import diagnostic_to_json

        diagnostics = [diagnostic_to_json(finding) for finding in findings]
        print_json({"ok": not findings, **graph_to_json(graph), "diagnostics": diagnostics})
        return 1 if findings else 0
    text = _text(graph, _format(arguments))
    if arguments.output is not None:
        arguments.output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
        sys.stdout.flush()
    for finding in findings:
        from wasmbuild.report.messages import format_message, use_color

        print(format_message(finding, use_color(arguments.color, sys.stderr)), file=sys.stderr)
    return 1 if findings else 0


def _format(arguments: argparse.Namespace) -> str:
    if arguments.json:
        return "json"
    suffix = arguments.output.suffix if arguments.output is not None else ""
    by_name = {".svg": "svg", ".dot": "dot", ".gv": "dot", ".json": "json"}.get(suffix, "mermaid")
    return str(arguments.format or by_name)


def _text(graph: object, format_: str) -> str:
    import json

    from wasmbuild.explain.needed import NeededGraph
    from wasmbuild.report.graphs import dot, graph_to_json, mermaid
    from wasmbuild.report.messages import SCHEMA
    from wasmbuild.report.svg import svg

    assert isinstance(graph, NeededGraph)
    if format_ == "json":
        return json.dumps({"schema": SCHEMA, **graph_to_json(graph)}, indent=2) + "\n"
    return {"mermaid": mermaid, "dot": dot, "svg": svg}[format_](graph)
