"""A lock on a directory, held by a process and by what it starts."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

TYPE_CHECKING = False  # see runninja
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def locked(path: str | os.PathLike[str], waiting: Callable[[], None]) -> Iterator[int]:
    """Hold the lock file `path` and yield its descriptor; `waiting` is called once if somebody else has it.

    On POSIX the lock belongs to the open file: a child that inherits the descriptor (`pass_fds`) keeps it locked
    after this process is killed. So ninja and its compilers, which outlive a killed wasmbuild for a moment, are out
    of the way before the next build starts.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        if not _try_lock(descriptor):
            waiting()
            _lock(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt
    import time

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _lock(descriptor: int) -> None:
        while not _try_lock(descriptor):
            time.sleep(0.05)

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
