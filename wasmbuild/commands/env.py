"""print what makes other build systems build for WebAssembly"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from wasmbuild.commands.build import jobs

if TYPE_CHECKING:
    from wasmbuild.driver.environment import Environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--with", dest="recipes", metavar="RECIPE", action="append", default=[],
        help="have this library in it, built first; also `RECIPE >=VERSION`",
    )  # fmt: skip
    parser.add_argument("--toolchain", metavar="FILE", help="in the place of the project's toolchain.yaml")
    parser.add_argument("--offline", action="store_true", help="never touch the network")
    parser.add_argument("-j", dest="jobs", type=jobs, metavar="N", help="how many commands at once")


def run(arguments: argparse.Namespace) -> int:
    import os

    from wasmbuild.driver.buildsystems import as_shell, variables

    environment = environment_for(arguments)
    found = variables(environment, os.environ)
    if arguments.json:
        from wasmbuild.report.messages import print_json

        print_json({"directory": environment.directory, "variables": found})
    else:
        print(as_shell(found), end="")
    return 0


def environment_for(arguments: argparse.Namespace) -> Environment:
    """The environment that is asked for, with what the project here or above requires. Stays where the user stands."""
    from wasmbuild.builder.project import Request
    from wasmbuild.builder.runninja import RunOptions
    from wasmbuild.commands.project import find_project
    from wasmbuild.driver.make import make_environment
    from wasmbuild.report.console import progress_for

    found = find_project(str(Path.cwd()))
    request = Request(
        toolchain_file=Path(arguments.toolchain) if arguments.toolchain else None, offline=arguments.offline
    )
    with progress_for(arguments) as progress:
        options = RunOptions(arguments.jobs, arguments.verbose)
        return make_environment(arguments.recipes, Path(found) if found else None, request, progress, options)
