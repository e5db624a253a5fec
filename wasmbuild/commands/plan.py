"""print how a program is loaded, as a document"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from wasmbuild.commands.project import enter
from wasmbuild.commands.roots import add_search


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("program", metavar="PROGRAM", help="a program of the project, or a file")
    add_search(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the plan, which is JSON with or without `--json`. Nothing is run."""
    from wasmbuild.link.plan import plan_text
    from wasmbuild.search.libraries import Search
    from wasmbuild.search.root import decide_root

    path = _file(arguments)
    decision = decide_root(path, dict.fromkeys(arguments.imports), Search(tuple(arguments.library_path)))
    assert decision.plan is not None, "decide_root raises where there is none"
    sys.stdout.write(plan_text(decision.plan))
    return 0


def _file(arguments: argparse.Namespace) -> Path:
    """The file; of a name of the project, what its last build made."""
    given = Path(arguments.program)
    if given.suffix or len(given.parts) > 1 or given.is_file():
        return given
    enter(arguments)
    from wasmbuild.builder.builddir import BUILD_DIRECTORY
    from wasmbuild.builder.project import read_project
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean
    from wasmbuild.manifest.outputs import output_name

    document, _ = read_project(Path.cwd())
    programs = document.value.programs
    if arguments.program not in programs:
        near = did_you_mean(arguments.program, programs)
        help_ = (f"did you mean `{near}`?",) if near else ()
        problem = f"no program `{arguments.program}`"
        raise WasmbuildError(Diagnostic("unknown-program", problem, document.at("programs"), help=help_))
    path = Path(BUILD_DIRECTORY, "bin", output_name(arguments.program, programs[arguments.program]))
    if not path.is_file():
        problem = f"`{arguments.program}` was not built yet"
        raise WasmbuildError(Diagnostic("not-built", problem, help=("`wasmbuild build` builds the project",)))
    return path
