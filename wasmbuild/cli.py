"""The command line: finds the command, runs it, and turns what it raises into a message and an exit status.

Start-up is a feature: only the chosen command's module is imported, and it imports what it needs when it runs.
Exit status: 0 done, 1 failure or findings, 2 usage, 130 interrupted.
"""

from __future__ import annotations

import os
import sys

from wasmbuild.starting import import_msgspec

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def main(argv: list[str]) -> int:
    has_nothing_to_do = None
    if argv == ["build"]:  # what is typed most, and most often to find that all is done, needs no parser
        from wasmbuild.commands.unchanged import plain_build_has_nothing_to_do

        try:
            has_nothing_to_do = plain_build_has_nothing_to_do()
        except KeyboardInterrupt:
            return _interrupted()
        if has_nothing_to_do:
            return 0
    from wasmbuild.commands import tool

    if argv and argv[0] in tool.TOOLS:  # what stands after their names is not for us to parse
        return tool.run(argv[0], argv[1:])
    from wasmbuild.commands.parser import parse

    arguments = parse(argv)
    arguments.has_work = has_nothing_to_do is False  # so that a build need not ask again
    return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    from importlib import import_module

    if arguments.command != "build":  # which needs it where there is something to do
        import_msgspec()
    if arguments.directory is not None:
        try:
            os.chdir(arguments.directory)
        except OSError as error:
            return _report_system_error(error, arguments)
    try:
        status = import_module(f"wasmbuild.commands.{arguments.command}").run(arguments)
        if sys.stdout is not None:  # whoever starts us may have closed it
            sys.stdout.flush()
        return int(status)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        # Whoever read our output has gone, as in `wasmbuild inspect … | head`; nothing is wrong with us.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _report_system_error(error, arguments)
    except MemoryError:
        import errno

        return _report_system_error(OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), arguments)
    except Exception as error:
        from wasmbuild.diagnostics import WasmbuildError

        if not isinstance(error, WasmbuildError):
            raise
        from wasmbuild.report.messages import report_error

        return report_error(error, arguments)


def _interrupted() -> int:
    print("interrupted", file=sys.stderr)
    return 130


def _report_system_error(error: OSError, arguments: argparse.Namespace) -> int:
    from wasmbuild.diagnostics import WasmbuildError, system_error
    from wasmbuild.report.messages import report_error

    return report_error(WasmbuildError(system_error(error)), arguments)
