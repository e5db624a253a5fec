"""What a program may see of the machine."""

from __future__ import annotations

import errno
from functools import partial
from pathlib import Path

from msgspec import Struct, field
from wasmtime import WasiConfig

CAPTURED_LIMIT_BYTES = 64 << 20
"""What one stream may print when it is captured: a program that prints without an end must not fill our memory."""


class Captured(Struct, frozen=True):
    """What a program has printed so far."""

    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)


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
        config.stdout_custom = partial(_keep, world.captured.stdout)
        config.stderr_custom = partial(_keep, world.captured.stderr)
    elif world.stdio:
        config.inherit_stdin()
        config.inherit_stdout()
        config.inherit_stderr()
    for place, name in world.directories:
        config.preopen_dir(str(place), name)
    return config


def _keep(kept: bytearray, data: bytes) -> int:
    """Keep what was printed; how much of it, or the negative number of an error."""
    if len(kept) + len(data) > CAPTURED_LIMIT_BYTES:
        return -errno.ENOSPC
    kept += data
    return len(data)
