"""Work for a guest that cannot be interrupted, and keeps its time limit nevertheless: it is left to itself."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from wasmbuild.loader.engine import ProcessStore
from wasmbuild.loader.hosttrap import HostTrap

T = TypeVar("T")


class _Abandoned(SystemExit):
    """Of this kind, because it may come when the work is done already: then the thread ends without a word."""


def in_time(store: ProcessStore, act: Callable[[], T], goes_on: bool = False) -> T:
    """What `act` returns or raises; it touches nothing of the process. Where the process has a time limit, it has no
    more time than that: HostTrap is raised then, and what is Python's of it ends soon, unless it `goes_on` for the sake
    of the next time."""
    if store.ends_at_s is None:
        return act()
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(act())
        except _Abandoned:
            pass
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="wasmbuild work for a guest", daemon=True)
    thread.start()
    thread.join(max(0.0, store.ends_at_s - time.monotonic()))
    if errors:
        raise errors[0]
    if results:
        return results[0]
    if not goes_on and thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(_Abandoned))
    raise HostTrap("out-of-time")
