"""The command line: finds the command, runs it, and turns what it raises into a message and an exit status.

Start-up is a feature: only the chosen command's module is imported, and it imports what it needs when it runs.
Exit status: 0 done, 1 failure or findings, 2 usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from importlib import import_module

from wasmbuild.commands import tool
from wasmbuild.commands.parser import parse
from wasmbuild.commands.tool import TOOLS


def main(argv: list[str]) -> int:
    if argv and argv[0] in TOOLS:  # what stands after their names is not for us to parse
        return tool.run(argv[0], argv[1:])
    arguments = parse(argv)
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
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone, as in `wasmbuild inspect … | head`; nothing is wrong with us.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _report_system_error(error, arguments)
    except MemoryError:
        return _report_system_error(OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), arguments)
    except Exception as error:
        from wasmbuild.diagnostics import WasmbuildError

        if not isinstance(error, WasmbuildError):
            raise
        from wasmbuild.report.messages import report_error

        return report_error(error, arguments)


def _report_system_error(error: OSError, arguments: argparse.Namespace) -> int:
    from wasmbuild.diagnostics import WasmbuildError, system_error
    from wasmbuild.report.messages import report_error

    return report_error(WasmbuildError(system_error(error)), arguments)
