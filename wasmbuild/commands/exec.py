"""run a command in the environment that `env` prints"""

from __future__ import annotations

import argparse
import os

from wasmbuild.commands import env


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = "wasmbuild exec [OPTION ...] [--] COMMAND [ARGUMENT ...]"
    env.add_arguments(parser)
    parser.add_argument("program", metavar="COMMAND", help="what is run: cmake, meson, make, ./configure, sh …")
    rest = parser.add_argument("program_arguments", metavar="ARGUMENT", nargs=argparse.REMAINDER)
    rest.required = False  # else argparse lists it as missing where COMMAND is


def run(arguments: argparse.Namespace) -> int:
    """Become the command; 127 where there is no such command, as in a shell."""
    import shutil

    from wasmbuild.builder.stepserver import serve_while_open
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError
    from wasmbuild.driver.buildsystems import variables, variables_to_run

    environment = env.environment_for(arguments)
    os.environ |= variables(environment, os.environ) | variables_to_run(environment, os.environ)
    program = shutil.which(arguments.program)
    if program is None:
        tools = {"cmake": "cmake", "meson": "meson", "ninja": "ninja"}
        install = f"pip install {tools[arguments.program]}" if arguments.program in tools else ""
        help_ = (install,) if install else ("install it, or put its directory into PATH",)
        raise WasmbuildError(Diagnostic("no-command", f"no such command: `{arguments.program}`", help=help_))
    os.environ |= serve_while_open(("wasmbuild.driver.tools", "wasmbuild.driver.link"))
    os.execv(program, [arguments.program, *arguments.program_arguments])
