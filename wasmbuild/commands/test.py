"""build, then run the tests"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wasmbuild.commands import build
from wasmbuild.commands.project import enter

if TYPE_CHECKING:
    from wasmbuild.diagnostics import Diagnostic
    from wasmbuild.testing.cases import Case
    from wasmbuild.testing.outcome import Outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    build.add_build_arguments(parser)
    build.add_locked(parser)
    add_test_arguments(parser)


def add_test_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-k", dest="pattern", metavar="TEXT", help="only tests whose name contains TEXT")
    parser.add_argument("-x", dest="stop_at_failure", action="store_true", help="stop at the first failure")
    parser.add_argument(
        "--runtime", dest="runtimes", metavar="NAME,...", default="wasmtime",
        help="where to run them: wasmtime, node, chromium, or several (`wasmtime,node,chromium`)",
    )  # fmt: skip
    parser.add_argument("--junit-xml", metavar="FILE", help="write the outcomes as JUnit XML too")


def run(arguments: argparse.Namespace) -> int:
    from wasmbuild.builder.builddir import BUILD_DIRECTORY
    from wasmbuild.builder.globs import expand
    from wasmbuild.builder.project import read_project
    from wasmbuild.report.console import progress_for
    from wasmbuild.testing.cases import make_cases

    enter(arguments)
    with progress_for(arguments) as progress:
        built = build.build(arguments, progress, ("all", "tests"))
    if not built:
        if arguments.json:
            build.print_build_json(False, progress)
        return 1
    root = Path.cwd()
    document, _ = read_project(root)
    targets = expand(document, root, root / BUILD_DIRECTORY).targets
    cases = make_cases(document, targets, root, BUILD_DIRECTORY, (root,))
    return run_and_report(document.value.name, cases, arguments)


def run_and_report(suite: str, cases: tuple[Case, ...], arguments: argparse.Namespace) -> int:
    """Run the cases that `-k` leaves, and tell of them in every way that was asked for. The exit status."""
    import time

    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.report.messages import print_json, report_error, use_color
    from wasmbuild.report.results import outcome_line, outcomes_json, summary_text
    from wasmbuild.testing.prepare import compile_modules
    from wasmbuild.testing.runner import run_cases
    from wasmbuild.testing.runtimes import WASMTIME, open_runtimes, start_forking

    chosen = tuple(case for case in cases if arguments.pattern is None or arguments.pattern in case.name)
    if not chosen and arguments.pattern is not None:
        return report_error(WasmbuildError(_no_test(arguments.pattern, [case.name for case in cases])), arguments)
    color = use_color(arguments.color, sys.stdout)
    started = time.monotonic()

    def finished(outcome: Outcome) -> None:
        if not arguments.json and not arguments.quiet:
            print(outcome_line(outcome, color), flush=True)

    jobs = arguments.jobs or os.cpu_count() or 1
    with open_runtimes(arguments.runtimes) as runtimes:
        if chosen:
            start_forking()
        if WASMTIME in runtimes:
            compile_modules(chosen)
        outcomes = run_cases(chosen, jobs, finished, arguments.stop_at_failure, runtimes)
    duration_s = time.monotonic() - started
    if arguments.junit_xml:
        _write_junit(Path(arguments.junit_xml), suite, outcomes, duration_s)
    if arguments.json:
        print_json(outcomes_json(outcomes, duration_s))
    else:
        print(summary_text(outcomes, duration_s, color))
    return 0 if all(outcome.status == "passed" for outcome in outcomes) else 1


def _no_test(pattern: str, names: Sequence[str]) -> Diagnostic:
    """What `-k` says where it leaves nothing: the names that have something like the pattern in them, else the first
    that there are."""
    from wasmbuild.diagnostics import Diagnostic

    near = [f"`{name}`" for name in _near(pattern, names)]
    if near:
        help_ = f"did you mean {' or '.join(near)}?"
    else:
        more = f", and {len(names) - 5} more" if len(names) > 5 else ""
        help_ = f"there are: {', '.join(f'`{name}`' for name in names[:5])}{more}"
    return Diagnostic("no-test", f"no test's name contains `{pattern}`", help=(help_,) if names else ())


def _near(pattern: str, names: Sequence[str]) -> list[str]:
    """At most three, the nearest first: as many words of a name as the pattern has are compared with it."""
    from difflib import SequenceMatcher

    def likeness(name: str) -> float:
        words, count = name.lower().split(), max(1, len(pattern.split()))
        parts = {" ".join(words[i : i + count]) for i in range(max(1, len(words) - count + 1))}
        return max(SequenceMatcher(None, pattern.lower(), part).ratio() for part in parts)

    likely = {name: likeness(name) for name in names}
    return sorted((name for name in names if likely[name] >= 0.6), key=lambda name: -likely[name])[:3]


def _write_junit(path: Path, suite: str, outcomes: Sequence[Outcome], duration_s: float) -> None:
    from wasmbuild.builder.outputs import replace_if_different
    from wasmbuild.report.junit import junit_xml

    replace_if_different(path, junit_xml(suite, outcomes, duration_s).encode())
