"""What a program may see of the machine."""

from __future__ import annotations

import ctypes
import errno
import itertools
import weakref
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from wasmtime import WasiConfig, _ffi

CAPTURED_LIMIT_BYTES = 64 << 20
"""What one stream may print when it is captured: a program that prints without an end must not fill our memory."""


class Printed:
    """What a program has printed so far on one stream."""

    __slots__ = ("__weakref__", "data")

    def __init__(self) -> None:
        self.data = bytearray()


class Captured(Struct, frozen=True):
    """What a program has printed so far."""

    stdout: Printed = field(default_factory=Printed)
    stderr: Printed = field(default_factory=Printed)


class World(Struct, frozen=True):
    """Arguments, environment and directories of a process. Nothing else of the machine is visible to it.

    `directories` are (place on this machine, name in the program). Standard input, output and error are this
    process's own, unless `stdio` is off, or output and error are kept in `captured`; there is no input then.
    """

    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    directories: tuple[tuple[Path, str], ...] = ()
    stdio: bool = True
    captured: Captured | None = None


def wasi_config(world: World) -> WasiConfig:
    config = WasiConfig()
    config.argv = list(world.arguments)
    config.env = [list(pair) for pair in world.environment]
    if world.captured is not None:
        streams = (
            (_ffi.wasi_config_set_stdout_custom, world.captured.stdout),
            (
                _ffi.wasi_config_set_stderr_custom,
                world.captured.stderr,
            ),
        )
        for set_custom, kept in streams:
            number = next(_NUMBERS)
            _KEPT[number] = kept
            # Not by wasmtime's package: it has Python called when the stream goes, by a thread of the engine's, which
            # that does not survive at the end of Python.
            set_custom(config.ptr(), _write, number, _NO_FINALIZER)
    elif world.stdio:
        config.inherit_stdin()
        config.inherit_stdout()
        config.inherit_stderr()
    for place, name in world.directories:
        config.preopen_dir(str(place), name)
    return config


_NUMBERS = itertools.count(1)
_KEPT: weakref.WeakValueDictionary[int, Printed] = weakref.WeakValueDictionary()
"""Where the engine writes to, by the number that it has of it."""

_NO_FINALIZER = ctypes.cast(0, ctypes.CFUNCTYPE(None, ctypes.c_void_p))


def _write_kept(number: int, data: Any, size_bytes: int) -> int:
    kept = _KEPT.get(number)
    return size_bytes if kept is None else _keep(kept.data, ctypes.string_at(data, size_bytes))


_write = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.POINTER(ctypes.c_ubyte), ctypes.c_size_t)(
    _write_kept
)


def _keep(kept: bytearray, data: bytes) -> int:
    """Keep what was printed; how much of it, or the negative number of an error."""
    if len(kept) + len(data) > CAPTURED_LIMIT_BYTES:
        return -errno.ENOSPC
    kept += data
    return len(data)
