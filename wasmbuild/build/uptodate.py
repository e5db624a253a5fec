"""Whether `build.ninja` still says what the manifest and its surroundings say. Imports next to nothing: this is all
that a build with nothing to do runs, besides ninja.

The state file has a line for what was asked (profile, options), one for where ninja is, then one for each input of
the generation: its size and time, and its path. A file that was not there is an input too: it must still not be there.
"""

from __future__ import annotations

import os
import time

STATE_FILE = ".wasmbuild-state"

_GRANULARITY_NS = 50_000_000
"""File times are as coarse as this on some systems: what changed so shortly before it was read may have changed
again, unseen."""


def signature(path: str) -> str:
    """The size and the time of a file or a directory; `-` where there is none."""
    try:
        status = os.stat(path)
    except OSError:
        return "-"
    # Not a directory's size: it says nothing, and some file systems change it on their own.
    size = 0 if os.path.isdir(path) else status.st_size
    return f"{size}:{status.st_mtime_ns}"


def fresh_ninja(build_directory: str, asked: str) -> str | None:
    """If nothing changed since `remember`, the ninja to run; looking for it again costs as much as running it."""
    try:
        with open(os.path.join(build_directory, STATE_FILE), encoding="utf-8") as file:
            lines = file.read().split("\n")
    except (OSError, UnicodeDecodeError):
        return None
    if len(lines) < 3 or lines[0] != asked or lines[-1] != "end":
        return None
    for line in lines[2:-1]:
        expected, _, path = line.partition(" ")
        if signature(path) != expected:
            return None
    return lines[1]


def observe(paths: list[str]) -> list[str]:
    """The state of inputs, to be taken before they are read."""
    return [f"{signature(path)} {path}" for path in dict.fromkeys(paths)]


def remember(build_directory: str, asked: str, ninja: str, observed: list[str], started_ns: int) -> None:
    """Write the state down, unless an input is so new that its time may not tell the next change from this one."""
    path = os.path.join(build_directory, STATE_FILE)
    times = [int(line.partition(" ")[0].partition(":")[2] or 0) for line in observed]
    if max(times, default=0) > started_ns - _GRANULARITY_NS or any("\n" in line for line in observed):
        forget(build_directory)
        return
    temporary = f"{path}.{os.getpid()}.tmp"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write("\n".join([asked, ninja, *observed, "end"]))
    os.replace(temporary, path)


def forget(build_directory: str) -> None:
    try:
        os.unlink(os.path.join(build_directory, STATE_FILE))
    except OSError:
        pass


def now_ns() -> int:
    return time.time_ns()
