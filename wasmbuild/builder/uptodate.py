"""Whether `build.ninja` still says what the manifest and its surroundings say. Imports next to nothing: this is all
that a build with nothing to do runs, besides ninja.

The state file has a line for what was asked (profile, options), one for where ninja is, one for the build directory,
then one for `build.ninja` and for each input of the generation: what tells its state, and its path. Of a file that is
its size and time, of a directory the names in it. What was not there is an input too: it must still not be there.

It lies in the cache, where nobody but the user can have put it: a build directory may have come with the project, and
what it says of itself may be a lie. One is known if its `build.ninja` is the file that we wrote there.
"""

from __future__ import annotations

import os
import stat
import sys
import time
import zlib

from wasmbuild.sources.cacheroot import cache_path, who_else

FOLDER = "builds"
"""In the cache."""

_A_DAY_S = 24 * 60 * 60
_NEVER = ""
"""As what was asked: known, and yet not fresh."""

_GRANULARITY_NS = 50_000_000
"""File times are as coarse as this on some systems: what changed so shortly before it was read may have changed
again, unseen."""


def request_line(profile: str, toolchain_file: str | None, launcher: str | None, is_sent: bool) -> str:
    """What is asked of a build, as a line: another request, another wasmbuild or another directory (a copied project)
    needs another `build.ninja`."""
    from wasmbuild import __version__

    chosen = os.path.realpath(toolchain_file) if toolchain_file else ""
    return f"wasmbuild {__version__} {sys.prefix} {os.getcwd()} {profile} {chosen} {launcher!r} {is_sent}"


def signature(path: str) -> str:
    """What tells a change: a file's size and time, the names in a directory, `-` where there is nothing; of a link,
    first where it leads."""
    leads = ""
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            leads = f"{os.fsencode(os.readlink(path)).hex()}>"
            status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            return leads + names_signature(os.listdir(path))
    except OSError:
        return leads + "-"
    return f"{leads}{status.st_size}:{status.st_mtime_ns}"


def names_signature(names: list[str]) -> str:
    return f"names:{zlib.crc32(os.fsencode('/'.join(sorted(names)))):08x}:{len(names)}"


def state_path(build_directory: str) -> str:
    """Where the state of a build directory is. It has its whole path in it, should two have one name."""
    place = os.fsencode(os.path.join(os.getcwd(), build_directory))
    return os.path.join(cache_path(), FOLDER, f"{zlib.crc32(place):08x}{zlib.adler32(place):08x}")


def _read(build_directory: str) -> list[str]:
    """The lines of the state, or none at all where there is no whole one, or none that can be trusted."""
    lines = read_kept(state_path(build_directory)).split("\n")
    return lines if len(lines) > 3 and lines[2] == os.path.join(os.getcwd(), build_directory) else []


def keep(path: str, text: str) -> None:
    """Write a file of the cache whole, by renaming, with a CRC-32 behind it. One that cannot be written is forgotten:
    then the next build is longer."""
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(temporary, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(f"{text}\n{_crc(text)}")
        os.replace(temporary, path)
    except OSError:
        for each in (temporary, path):
            _remove(each)


def read_kept(path: str) -> str:
    """What was kept; nothing where it was not, was damaged, or may be of somebody else."""
    try:
        if who_else(os.stat(cache_path())) is not None:
            return ""
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            text, _, crc = file.read().rpartition("\n")
            if time.time() - os.fstat(file.fileno()).st_mtime > _A_DAY_S:
                os.utime(path)  # so that it is not taken for one that nobody needs
    except OSError:
        return ""
    return text if crc == _crc(text) else ""


def _crc(text: str) -> str:
    return f"{zlib.crc32(text.encode('utf-8', 'surrogateescape')):08x}"


def _holds(line: str) -> bool:
    expected, _, path = line.partition(" ")
    return signature(path) == expected


def fresh_ninja(build_directory: str, asked: str) -> str | None:
    """If nothing changed since `remember`, the ninja to run; looking for it again costs as much as running it."""
    lines = _read(build_directory)
    if not lines or lines[0] != asked or asked == _NEVER:
        return None
    return lines[1] if all(map(_holds, lines[3:])) else None


def is_known(build_directory: str) -> bool:
    """Whether the `build.ninja` in it is the one that we wrote last."""
    lines = _read(build_directory)
    return bool(lines) and not lines[3].startswith("-") and _holds(lines[3])


def observe(paths: list[str]) -> list[str]:
    """The state of inputs, to be taken before they are read."""
    return [f"{signature(path)} {path}" for path in dict.fromkeys(paths)]


def is_racy(observed: list[str], now_ns: int) -> bool:
    """Whether a file is so new that its time may not tell the next change from this one."""
    tokens = [line.partition(" ")[0].rpartition(">")[2] for line in observed]
    times = [int(token.partition(":")[2]) for token in tokens if token[0].isdigit()]
    return max(times, default=0) > now_ns - _GRANULARITY_NS


def remember(build_directory: str, asked: str | None, ninja: str, observed: list[str]) -> None:
    """Write the state down; without `asked` it is not fresh, only known."""
    directory = os.path.join(os.getcwd(), build_directory)
    lines = [ninja, directory, *observe([os.path.join(build_directory, "build.ninja")]), *observed]
    if any("\n" in line for line in lines):
        forget(build_directory)
    else:
        keep(state_path(build_directory), "\n".join([asked or _NEVER, *lines]))


def forget(build_directory: str) -> None:
    _remove(state_path(build_directory))


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass


def now_ns() -> int:
    return time.time_ns()
