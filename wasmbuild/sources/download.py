"""What the kinds of sources have in common: a download with its hash, or the reason why there is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

LIMIT_BYTES = 2 << 30
TOOL_TIMEOUT_S = 900

# Called with a file's name, the bytes that have come, and the bytes that will have come (None: not known).
Progress: TypeAlias = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Download:
    """A file that came from somewhere, not yet compared with what was wanted."""

    path: Path
    sha256: str
    file_name: str
    came_from: str


class UnavailableError(Exception):
    """This alternative cannot be had now; the next one may be. Carries one line that says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def find_tool(name: str, purpose: str) -> str:
    """The program `name` on PATH. Raises UnavailableError that says what it would be for."""
    import shutil

    found = shutil.which(name)
    if found is None:
        raise UnavailableError(f"`{name}` is not on this machine ({purpose} needs it)")
    return found


def run_tool(command: Sequence[str], *, cwd: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a program to its end and return its output. Raises UnavailableError with its own last words."""
    import subprocess

    tool = Path(command[0]).name
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TOOL_TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"`{tool}` did not finish within {TOOL_TIMEOUT_S} s") from None
    except OSError as error:
        raise UnavailableError(f"`{tool}` cannot be run: {error.strerror}") from error
    if done.returncode != 0:
        said = _last_words(done.stderr) or _last_words(done.stdout)
        raise UnavailableError(f"`{tool}` failed" + (f": {said}" if said else f" ({done.returncode})"))
    return done.stdout.decode("utf-8", "replace")


def _last_words(output: bytes) -> str:
    """The line of a program's output that most likely says what went wrong."""
    lines = [line.strip() for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    marks = ("fatal:", "E:", "ERROR", "error:", "npm error code", "npm ERR! code")
    telling = [line for line in lines if line.startswith(marks)]
    line = (telling or lines or [""])[-1]
    return redacted("".join(c for c in line if c.isprintable()))


def redacted(text: str) -> str:
    """`text` without the user names and passwords in its URLs."""
    import re

    return re.sub(r"(://)[^/@\s]*@", r"\1", text)
