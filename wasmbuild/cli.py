"""The command line: finds the command, runs it, and turns what it raises into a message and an exit status.

Start-up is a feature: only the chosen command's module is imported, and it imports what it needs when it runs.
Exit status: 0 done, 1 failure or findings, 2 usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

from wasmbuild.commands.options import add_common

COMMANDS = {
    "new": "start a project",
    "build": "build the project and check its link",
    "test": "build, then run the tests",
    "run": "run a program",
    "check": "check that modules will load",
    "inspect": "show what is in a module or an object",
    "why": "say who defines a symbol and who wins",
    "plan": "print how a program is loaded, as a document",
    "graph": "draw which library needs which",
    "recipe": "list, show, fetch and test recipes",
    "schema": "print the JSON Schema of the manifest",
    "clean": "remove the build directory",
    "doctor": "show what was found and what is missing",
}


def main(argv: list[str]) -> int:
    arguments = parse(argv)
    if arguments.directory is not None:
        try:
            os.chdir(arguments.directory)
        except OSError as error:
            return _report_system_error(error, arguments)
    try:
        status = import_module(f"wasmbuild.commands.{arguments.command}").run(arguments)
        sys.stdout.flush()
        return int(status)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone, as in `wasmbuild inspect … | head`; nothing is wrong with us.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _report_system_error(error, arguments)
    except Exception as error:
        from wasmbuild.diagnostics import WasmbuildError

        if not isinstance(error, WasmbuildError):
            raise
        from wasmbuild.report.messages import report_error

        return report_error(error, arguments)


def parse(argv: list[str]) -> argparse.Namespace:
    """Parse a command line. Exits with 2 where it makes no sense, as argparse does."""
    parser = argparse.ArgumentParser(
        prog="wasmbuild",
        description="Build C and C++ into WebAssembly shared libraries and programs that link dynamically, "
        "and prove that they load.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=_Version("%(prog)s"))
    add_common(parser, first=True)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, help_ in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=help_, description=help_, allow_abbrev=False)
        if name in argv:
            add_common(subparser, first=False)
            import_module(f"wasmbuild.commands.{name}").add_arguments(subparser)
    return parser.parse_args(argv)


class _Version(str):
    """Read only when it is asked for."""

    __slots__ = ()

    def __mod__(self, _: object) -> str:
        from wasmbuild import __version__

        return f"wasmbuild {__version__}"


def _report_system_error(error: OSError, arguments: argparse.Namespace) -> int:
    from wasmbuild.diagnostics import WasmbuildError, system_error
    from wasmbuild.report.messages import report_error

    return report_error(WasmbuildError(system_error(error)), arguments)
