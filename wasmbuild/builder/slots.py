"""One `-j` for several ninjas, and for what they start: who runs a command takes a slot for it, in the protocol of GNU
make's jobserver, from a pipe that has a name. Where that cannot be (Windows has no such pipes, siso does not ask), one
runs at a time.

GNU make's manual, "Sharing Job Slots with GNU make".
"""

from __future__ import annotations

import os
import select
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_POLL_S = 0.2


class Slots:
    """As many as commands may run at once. To be closed."""

    def __init__(self, jobs: int | None, can_share: bool = True) -> None:
        self.jobs = jobs
        """What was asked for; None is what ninja would do."""
        self._one = threading.Lock()
        self._directory = tempfile.mkdtemp(prefix="wasmbuild-")
        self._pipe: int | None = None
        path = f"{self._directory}/slots"
        if can_share and hasattr(os, "mkfifo") and not any(character.isspace() for character in path):
            os.mkfifo(path, 0o600)
            self._pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK)
            count = jobs or _usual()
            os.write(self._pipe, b"+" * count)
            # Whoever starts has a slot already, which is not said to it: the one that `one` took.
            self.environment = {"MAKEFLAGS": f" -j{count} --jobserver-auth=fifo:{path}"}
        else:
            self.environment = {}

    @property
    def are_shared(self) -> bool:
        """Whether a ninja that has one takes more by itself, and must not be told how many."""
        return self._pipe is not None

    @contextmanager
    def one(self, wait: Callable[[], None]) -> Iterator[None]:
        """Have a slot, for a ninja that is started. `wait` is called before, and while there is none: it may raise."""
        if self._pipe is None:
            with self._one:
                wait()
                yield
            return
        token = b""
        while not token:
            wait()
            select.select([self._pipe], [], [], _POLL_S)
            try:
                token = os.read(self._pipe, 1)
            except BlockingIOError:
                continue  # somebody was faster
        try:
            yield
        finally:
            os.write(self._pipe, token)

    def close(self) -> None:
        if self._pipe is not None:
            os.close(self._pipe)
        shutil.rmtree(self._directory, ignore_errors=True)


def _usual() -> int:
    """As many as ninja runs by itself."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {1: 2, 2: 3}.get(count, count + 2)
