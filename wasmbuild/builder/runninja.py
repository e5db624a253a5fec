"""Runs ninja and tells of its progress. What the tools print is passed on as it is; see `compileoutput`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

TYPE_CHECKING = False  # `typing` costs two milliseconds, and ninja is not to wait for them
if TYPE_CHECKING:
    from wasmbuild.builder.compileoutput import CompilerOutput
    from wasmbuild.builder.runsiso import Remote
    from wasmbuild.builder.slots import Slots
    from wasmbuild.diagnostics import Diagnostic
    from wasmbuild.progress import Progress

STATUS = "\x01%f/%t\x01"
"""NINJA_STATUS: lines that start like this are ninja's, all others come from the tools."""

_STATUS_LINE = re.compile(r"^\x01(\d+)/(\d+)\x01(.*)$")
_COLOR = re.compile("\x1b\\[[0-9;]*m")
_FAILED = re.compile(r"^FAILED: (?:\[code=\d+\] )?(.*?) *$")
_OF_NINJA = ("ninja: build stopped", "ninja: no work to do", "ninja: Jobserver mode detected")

_DIAGNOSTIC = "\x02"
"""A step prints a diagnostic as one line of JSON after this; see `steps`."""


ENVIRONMENT_FILE = "obj/environment.json"
"""What commands are to find in their environment, unless the user has it set: name → value."""


def find_ninja() -> str:
    """The ninja of the wheel."""
    import ninja

    return os.path.join(ninja.BIN_DIR, "ninja.exe" if sys.platform == "win32" else "ninja")


class RunOptions:
    """How ninja is run; none of it changes what is built. A plain class: `dataclasses` costs what ninja does."""

    def __init__(
        self,
        jobs: int | None = None,
        verbose: bool = False,
        color: bool = False,
        lock: int | None = None,
        hide_warnings: bool = False,
        remote: Remote | None = None,
        slots: Slots | None = None,
        ninja: str | None = None,
    ) -> None:
        self.jobs, self.verbose, self.color = jobs, verbose, color
        self.ninja = ninja
        """Where it is, if that is known: to look for it takes as long as it does."""
        self.hide_warnings = hide_warnings
        """Of sources that compile, unless `verbose`: nobody here can do anything about another's warnings."""
        self.lock = lock
        """A descriptor that ninja inherits, so that the lock is held while it runs."""
        self.remote = remote
        """Servers that do its work."""
        self.slots = slots
        """What it shares with other ninjas that run beside it."""


def run_ninja(
    directory: str | os.PathLike[str],
    build_file: str,
    targets: tuple[str, ...],
    progress: Progress,
    options: RunOptions,
) -> bool:
    """Build; True when everything was built. After a failure ninja goes on with what does not depend on it, so that one
    knows how many sources have an error; `compileoutput` shows as much as one wants to read."""
    if options.remote is not None:
        from pathlib import Path

        from wasmbuild.builder.runsiso import run_siso

        return run_siso(Path(directory), build_file, targets, progress, options, options.remote)
    with _started(directory, build_file, targets, options) as process:
        assert process.stdout is not None
        try:
            output = _new_output(directory, build_file, options)
            _tell_all(process.stdout, output, progress, options.verbose)
        except BaseException:
            # ninja has the terminal's interrupt too and ends by itself; wait, so that its log is whole.
            process.terminate()
            raise
    for finding in output.findings():
        progress.diagnostic(finding)
    return process.returncode == 0


@contextmanager
def _started(
    directory: str | os.PathLike[str], build_file: str, targets: tuple[str, ...], options: RunOptions
) -> Iterator[subprocess.Popen[str]]:
    """ninja, as soon as can be: what tells of it is imported while the first commands run."""
    from wasmbuild.builder.stepserver import serving

    is_shared = options.slots is not None and options.slots.are_shared
    jobs = ("-j", str(options.jobs)) if options.jobs and not is_shared else ()
    verbose = ("-v",) if options.verbose else ()
    command = [options.ninja or find_ninja(), "-f", build_file, *jobs, "-k", "0", *verbose, *targets]
    environment = {**_settings(directory, build_file), **os.environ, "NINJA_STATUS": STATUS, "WASMBUILD_STEP_JSON": "1"}
    environment |= options.slots.environment if options.slots else {}
    environment.pop("CLICOLOR_FORCE", None)
    if options.color:
        environment["CLICOLOR_FORCE"] = "1"
    locks = (options.lock,) if options.lock is not None and sys.platform != "win32" else ()
    with (
        serving(locks) as (of_steps, alive),
        subprocess.Popen(
            command,
            cwd=directory,
            env=environment | of_steps,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            pass_fds=(*locks, *alive),
        ) as process,
    ):
        yield process


def _new_output(directory: str | os.PathLike[str], build_file: str, options: RunOptions) -> CompilerOutput:
    from pathlib import Path

    from wasmbuild.builder.compileoutput import CompilerOutput

    build = Path(directory, os.path.dirname(build_file))
    return CompilerOutput(Path(directory), build, options.verbose, options.hide_warnings)


def _settings(directory: str | os.PathLike[str], build_file: str) -> dict[str, str]:
    import json

    with open(os.path.join(directory, os.path.dirname(build_file), ENVIRONMENT_FILE), "rb") as file:
        found: dict[str, str] = json.load(file)
    return found


def _tell_all(lines: Iterable[str], output: CompilerOutput, progress: Progress, verbose: bool) -> None:
    after_failed, said = False, set[str]()
    for line in lines:
        status = _STATUS_LINE.match(line)
        failed = _FAILED.match(_COLOR.sub("", line))
        shown = ""
        if status:
            shown = output.begin(status[3].strip())
        elif failed:
            output.fail(failed[1])
        elif not tell_finding(line, said, progress) and not (after_failed or line.startswith(_OF_NINJA)):
            shown = output.line(line)
        # The command line below `FAILED: …` says nothing that the tool's message does not.
        after_failed = failed is not None
        tell_text(shown, progress)
        if status:
            tell_step(status[3].strip(), int(status[1]), int(status[2]), progress, verbose)
    tell_text(output.end(), progress)


def tell_step(title: str, done: int, total: int, progress: Progress, verbose: bool) -> None:
    progress.step(title, done, total)
    tell_text(f"{title}\n" if verbose else "", progress)


def tell_finding(line: str, said: set[str], progress: Progress) -> bool:
    """Whether a line is a diagnostic of a step's."""
    if line.startswith(_DIAGNOSTIC):
        if line not in said:  # a library's link and its interface may find the same fault
            try:
                progress.diagnostic(_diagnostic(line[1:]))
            except (ValueError, KeyError):  # the step was killed while it wrote
                tell_text(line[1:], progress)
        said.add(line)
        return True
    return False


def tell_text(text: str, progress: Progress) -> None:
    if text:
        progress.output(text)


def _diagnostic(text: str) -> Diagnostic:
    import json

    from wasmbuild.diagnostics import diagnostic_from_json

    return diagnostic_from_json(json.loads(text))
