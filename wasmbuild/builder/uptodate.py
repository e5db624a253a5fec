"""Whether `build.ninja` still says what the manifest and its surroundings say. Imports next to nothing: this is all
that a build with nothing to do runs, besides ninja.

The state file has a line for what was asked (profile, options), one for where ninja is, then one for each input of
the generation: what tells its state, and its path. Of a file that is its size and time, of a directory the names in it.
A file that was not there is an input too: it must still not be there.
"""

from __future__ import annotations

import os
import stat
import sys
import time
import zlib

STATE_FILE = ".wasmbuild-state"

_GRANULARITY_NS = 50_000_000
"""File times are as coarse as this on some systems: what changed so shortly before it was read may have changed
again, unseen."""


def request_line(profile: str, toolchain_file: str | None) -> str:
    """What is asked of a build, as a line: another request, another wasmbuild or another directory (a copied project)
    needs another `build.ninja`."""
    from wasmbuild import __version__

    chosen = os.path.realpath(toolchain_file) if toolchain_file else ""
    return f"wasmbuild {__version__} {sys.prefix} {os.getcwd()} {profile} {chosen}"


def signature(path: str) -> str:
    """What tells a change: a file's size and time, the names in a directory, `-` where there is nothing."""
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            return names_signature(os.listdir(path))
    except OSError:
        return "-"
    return f"{status.st_size}:{status.st_mtime_ns}"


def names_signature(names: list[str]) -> str:
    return f"names:{zlib.crc32(os.fsencode('/'.join(sorted(names)))):08x}:{len(names)}"


def fresh_ninja(build_directory: str, asked: str) -> str | None:
    """If nothing changed since `remember`, the ninja to run; looking for it again costs as much as running it."""
    try:
        with open(os.path.join(build_directory, STATE_FILE), encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().split("\n")
    except OSError:
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


def is_racy(observed: list[str], now_ns: int) -> bool:
    """Whether a file is so new that its time may not tell the next change from this one."""
    tokens = [line.partition(" ")[0] for line in observed]
    times = [int(token.partition(":")[2]) for token in tokens if token[0].isdigit()]
    return max(times, default=0) > now_ns - _GRANULARITY_NS


def remember(build_directory: str, asked: str, ninja: str, observed: list[str]) -> None:
    """Write the state down."""
    if any("\n" in line for line in observed):
        forget(build_directory)
        return
    path = os.path.join(build_directory, STATE_FILE)
    temporary = f"{path}.{os.getpid()}.tmp"
    with open(temporary, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write("\n".join([asked, ninja, *observed, "end"]))
    os.replace(temporary, path)


def forget(build_directory: str) -> None:
    try:
        os.unlink(os.path.join(build_directory, STATE_FILE))
    except OSError:
        pass


def now_ns() -> int:
    return time.time_ns()
