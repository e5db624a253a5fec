"""Time limits: one thread for all processes that have one moves their engines' epochs on, and ends with the last."""

from __future__ import annotations

import math
import threading
import time
import weakref
from typing import TYPE_CHECKING

import wasmtime

if TYPE_CHECKING:
    from wasmbuild.loader.engine import ProcessStore

TICK_S = 0.01
"""How exact a time limit is: it is never early, and late by two ticks and what the thread must wait for Python."""


def ticks(timeout_s: float) -> int:
    """The epochs of a time limit. One more, because the first may end at once."""
    return max(1, math.ceil(timeout_s / TICK_S)) + 1


def set_deadline(store: ProcessStore, timeout_s: float) -> None:
    """Let wasm in this store trap after `timeout_s` from now. Its engine must be watched."""
    store.set_epoch_deadline(ticks(timeout_s))
    store.ends_at_s = time.monotonic() + timeout_s


class _Ticker:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engines: weakref.WeakSet[wasmtime.Engine] = weakref.WeakSet()
        self._thread: threading.Thread | None = None

    def watch(self, engine: wasmtime.Engine) -> None:
        with self._lock:
            self._engines.add(engine)
            # In a process that was forked there is no thread, whatever its parent had.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="wasmbuild time limits", daemon=True)
                self._thread.start()

    def unwatch(self, engine: wasmtime.Engine) -> None:
        with self._lock:
            self._engines.discard(engine)

    def runs(self) -> bool:
        with self._lock:
            return self._thread is not None and self._thread.is_alive()

    def _run(self) -> None:
        while True:
            # A tick that is late is not made up for: a call would lose time that passed before it began.
            time.sleep(TICK_S)
            with self._lock:
                if not self._engines:
                    self._thread = None
                    return
                for engine in self._engines:
                    engine.increment_epoch()


_TICKER = _Ticker()

watch = _TICKER.watch
"""Move an engine's epoch on every `TICK_S`, for as long as it lives or until `unwatch`."""

unwatch = _TICKER.unwatch

runs = _TICKER.runs
"""Whether the thread is there: only while some engine is watched."""
