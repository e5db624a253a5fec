"""Runs ninja and tells of its progress. What the tools print is passed on as it is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator

TYPE_CHECKING = False  # `typing` costs two milliseconds, and a build with nothing to do imports this file
if TYPE_CHECKING:
    from pathlib import Path

    from wasmbuild.diagnostics import Diagnostic
    from wasmbuild.progress import Progress

STATUS = "\x01%f/%t\x01"
"""NINJA_STATUS: lines that start like this are ninja's, all others come from the tools."""

_STATUS_LINE = re.compile(r"^\x01(\d+)/(\d+)\x01(.*)$")
_COLOR = re.compile("\x1b\\[[0-9;]*m")

_DIAGNOSTIC = "\x02"
"""A step prints a diagnostic as one line of JSON after this; see `steps`."""


def find_ninja() -> str:
    """The ninja of the wheel."""
    import ninja

    return os.path.join(ninja.BIN_DIR, "ninja.exe" if sys.platform == "win32" else "ninja")


def has_nothing_to_do(ninja: str, build_file: str, targets: tuple[str, ...]) -> bool:
    return asking_ninja(ninja, build_file, targets)()


def asking_ninja(ninja: str, build_file: str, targets: tuple[str, ...]) -> Callable[[], bool]:
    """Ask ninja whether there is nothing to do, without building; the answer can be had later. No lock is needed: if
    there is nothing to do, nobody else is doing it either."""
    asked = subprocess.Popen(
        [ninja, "-f", build_file, "-n", *targets],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )

    def answer() -> bool:
        said, _ = asked.communicate()
        return asked.returncode == 0 and b"no work to do" in said

    return answer


class RunOptions:
    """How ninja is run; none of it changes what is built. A plain class: `dataclasses` costs what ninja does."""

    def __init__(
        self, jobs: int | None = None, verbose: bool = False, color: bool = False, lock: int | None = None
    ) -> None:
        self.jobs, self.verbose, self.color = jobs, verbose, color
        self.lock = lock
        """A descriptor that ninja inherits, so that the lock is held while it runs."""


def run_ninja(
    directory: Path, build_file: str, targets: tuple[str, ...], progress: Progress, options: RunOptions
) -> bool:
    """Build; True when everything was built. After a failure ninja goes on with what does not depend on it, up to
    the number of failures that one still wants to read."""
    jobs = ("-j", str(options.jobs)) if options.jobs else ()
    command = [find_ninja(), "-f", build_file, *jobs, "-k", "20", *(("-v",) if options.verbose else ()), *targets]
    environment = {**os.environ, "NINJA_STATUS": STATUS, "WASMBUILD_STEP_JSON": "1"}
    environment.pop("CLICOLOR_FORCE", None)
    if options.color:
        environment["CLICOLOR_FORCE"] = "1"
    pass_fds = (options.lock,) if options.lock is not None and sys.platform != "win32" else ()
    with subprocess.Popen(
        command,
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        pass_fds=pass_fds,
    ) as process:
        assert process.stdout is not None
        said: set[str] = set()
        try:
            for line in process.stdout if options.verbose else _without_failed_commands(process.stdout):
                if line not in said:  # a library's link and its interface may find the same fault
                    _tell(line, progress, options.verbose)
                if line.startswith(_DIAGNOSTIC):
                    said.add(line)
        except BaseException:
            # ninja has the terminal's interrupt too and ends by itself; wait, so that its log is whole.
            process.terminate()
            raise
    return process.returncode == 0


def _tell(line: str, progress: Progress, verbose: bool) -> None:
    status = _STATUS_LINE.match(line)
    if status:
        progress.step(status[3].strip(), int(status[1]), int(status[2]))
        if verbose:
            progress.output(status[3].strip() + "\n")
    elif line.startswith(_DIAGNOSTIC):
        progress.diagnostic(_diagnostic(line[1:]))
    else:
        progress.output(line)


def _diagnostic(text: str) -> Diagnostic:
    import json

    from wasmbuild.diagnostics import diagnostic_from_json

    return diagnostic_from_json(json.loads(text))


def _without_failed_commands(lines: Iterable[str]) -> Iterator[str]:
    """Ninja's own `FAILED: …` and the command line below it say nothing that the tool's message does not."""
    after_failed = False
    for line in lines:
        if after_failed:
            after_failed = False
        elif _COLOR.sub("", line).startswith("FAILED: "):
            after_failed = True
        elif not line.startswith(("ninja: build stopped", "ninja: no work to do")):
            yield line


def clean_dead(directory: Path, build_file: str) -> None:
    """Remove what earlier builds made and the graph no longer has, such as the output of a renamed library."""
    command = [find_ninja(), "-f", build_file, "-t", "cleandead"]
    subprocess.run(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
