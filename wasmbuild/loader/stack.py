"""Room on the native stack: wasm's calls use it beside the stack in its memory, and Python's main thread has little."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

THREAD_STACK_BYTES = 256 << 20
"""Address space alone: only what is touched becomes memory."""

_SPARE_BYTES = 8 << 20
"""For the engine, Python and the host's functions, which run on the same stack."""


def native_stack_bytes(stack_bytes: int) -> int:
    """How much native stack wasm may use, given the stack in its memory. A frame takes some of both, and which of the
    two it takes more of depends on the function, so the native one is the larger."""
    return min(4 * stack_bytes, THREAD_STACK_BYTES - _SPARE_BYTES)


def on_large_stack(function: Callable[[], T]) -> T:
    """Call a function in a thread with a stack of `THREAD_STACK_BYTES`; returns or raises what it does."""
    results: list[T] = []
    errors: list[BaseException] = []

    def target() -> None:
        try:
            results.append(function())
        except BaseException as error:
            errors.append(error)

    before = threading.stack_size(THREAD_STACK_BYTES)
    try:
        thread = threading.Thread(target=target)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
