"""Asks ninja whether there is nothing to do, without building. All that a build with nothing to do starts, so it
imports next to nothing: `subprocess` alone would take a fifth of that build's time."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def has_nothing_to_do(ninja: str, build_file: str, targets: tuple[str, ...]) -> bool:
    return asking_ninja(ninja, build_file, targets)()


def asking_ninja(ninja: str, build_file: str, targets: tuple[str, ...]) -> Callable[[], bool]:
    """Ask; the answer can be had later, and once. No lock is needed: if there is nothing to do, nobody else is doing
    it either."""
    command = [ninja, "-f", build_file, "-n", *targets]
    return _asking(command) if hasattr(os, "posix_spawn") else _asking_by_subprocess(command)


def _asking(command: list[str]) -> Callable[[], bool]:
    reading, writing = os.pipe()  # neither is inherited
    output = os.fdopen(reading, "rb")  # closed with whoever may have the answer
    redirected = (
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, writing, 1),
        (os.POSIX_SPAWN_DUP2, writing, 2),
    )
    try:
        process = os.posix_spawn(command[0], command, os.environ, file_actions=redirected)
    finally:
        os.close(writing)

    def answer() -> bool:
        with output:
            said = output.read()
        _, status = os.waitpid(process, 0)
        return _is_nothing(said, status)

    return answer


def _asking_by_subprocess(command: list[str]) -> Callable[[], bool]:
    import subprocess

    asked = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def answer() -> bool:
        said, _ = asked.communicate()
        return _is_nothing(said, asked.returncode)

    return answer


def _is_nothing(said: bytes, status: int) -> bool:
    return status == 0 and b"no work to do" in said
