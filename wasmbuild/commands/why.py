"""say who defines a symbol, who imports it, and who wins"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from wasmbuild.commands.roots import add_search


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("symbol", metavar="SYMBOL", help="a name of C, or of C++: mangled, or as one writes it")
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="modules; else what the project built")
    add_search(parser)


def run(arguments: argparse.Namespace) -> int:
    """Explain the symbol in each process that has it. 1 where none has, or where it does not fit."""
    from wasmbuild.commands.roots import roots
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError, diagnostic_to_json, did_you_mean
    from wasmbuild.explain.why import Explanation, explain, matching, names_of
    from wasmbuild.report.explanation import explanation_text, explanations_to_json
    from wasmbuild.report.messages import format_message, print_json, use_color
    from wasmbuild.search.libraries import Search
    from wasmbuild.search.root import open_root
    from wasmbuild.wasm.demangle import demangle

    modules = roots(arguments)
    search = Search(tuple(arguments.library_path))
    explanations, known, missing = list[Explanation](), set[str](), dict[Diagnostic, None]()
    for root in modules:
        opened = open_root(Path(root.path), search)
        missing.update(dict.fromkeys(opened.missing))
        scope, names = opened.scope, names_of(opened.scope)
        known |= names
        meant = matching(arguments.symbol, names)
        if meant:
            explanations += explain(scope, dict.fromkeys(root.imports), root.path, meant)
    if not explanations:
        written = {demangle(name): name for name in sorted(known)}
        near = did_you_mean(arguments.symbol, [*written, *known])
        raise WasmbuildError(
            *missing,
            Diagnostic(
                "unknown-symbol",
                f"no module imports or exports `{arguments.symbol}`",
                notes=("what a library does not export has no name any more",),
                help=(f"did you mean `{near}`?",) if near else (),
            ),
        )
    fits = not missing and all(explanation.fits for explanation in explanations)
    if arguments.json:
        diagnostics = [diagnostic_to_json(finding) for finding in missing]
        print_json({"ok": fits, "explanations": explanations_to_json(explanations), "diagnostics": diagnostics})
    else:
        color = use_color(arguments.color, sys.stderr)
        for finding in missing:
            print(format_message(finding, color) + "\n", file=sys.stderr)
        print("\n\n".join(map(explanation_text, explanations)))
    return 0 if fits else 1
