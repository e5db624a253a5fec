"""print how a program is loaded, as a document"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from wasmbuild.commands.roots import add_search


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="PROGRAM", type=Path, help="a program or a library")
    add_search(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the plan, which is JSON with or without `--json`. Nothing is run."""
    from wasmbuild.link.plan import plan_text
    from wasmbuild.search.libraries import Search
    from wasmbuild.search.root import decide_root

    decision = decide_root(arguments.file, dict.fromkeys(arguments.imports), Search(tuple(arguments.library_path)))
    assert decision.plan is not None, "decide_root raises where there is none"
    sys.stdout.write(plan_text(decision.plan))
    return 0
