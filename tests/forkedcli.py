"""The command line for tests, forked from a process that has imported all of it already.

Each command is a process of its own, with its own directory, environment, descriptors and end, and nothing that another
left; but for the imports, which take longer than most commands. Which those are, tests/test_import_order.py holds.
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from pkgutil import walk_packages
from unittest import mock

import wasmbuild
from wasmbuild.builder.stepserver import SOCKET, serve_while_open

MODULE = b"wasmbuild.cli"
_OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG", "LD_")
"""Variables that are read when Python starts: with others of these, a command needs a start of its own."""


class ForkedCommandLine:
    """The process that waits; it ends with this one."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        submodules = [each.name for each in walk_packages(wasmbuild.__path__, "wasmbuild.")]
        names = ("rich.console", "wasmtime", "yaml", *(name for name in submodules if not name.endswith("__main__")))
        with mock.patch.dict(os.environ, environment, clear=True):
            self._place = serve_while_open(names).get(SOCKET)
        self._interpreter = _of_the_interpreter(environment)

    def fits(self, environment: Mapping[str, str]) -> bool:
        """Whether a command with these variables would find the same interpreter, and processes fork here."""
        return self._place is not None and _of_the_interpreter(environment) == self._interpreter

    def run(
        self, arguments: list[str], cwd: Path, environment: Mapping[str, str], stdin: str, timeout_s: float
    ) -> tuple[int, str, str]:
        """The exit status, and what went to standard output and standard error."""
        fields = (
            os.fsencode(cwd),
            MODULE,
            b"".join(os.fsencode(each) + b"\0" for each in arguments),
            b"".join(os.fsencode(f"{name}={value}") + b"\0" for name, value in environment.items()),
        )
        request = b"".join(len(field).to_bytes(8, "big") + field for field in fields)
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(stdin.encode())
            given.seek(0)
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(timeout_s)
                connection.connect(self._place)
                socket.send_fds(connection, [b"\0"], [file.fileno() for file in (given, out, err)])
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                status = connection.recv(1)
            assert status, "the process that forks for commands ended before this one"
            out.seek(0)
            err.seek(0)
            return status[0], out.read().decode(), err.read().decode()


def _of_the_interpreter(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(_OF_THE_INTERPRETER)}
