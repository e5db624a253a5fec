"""What a program may see of the machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from wasmtime import WasiConfig


@dataclass(frozen=True, slots=True)
class World:
    """Arguments, environment and directories of a process. Nothing else of the machine is visible to it.

    `directories` are (place on this machine, name in the program). Standard input, output and error are this
    process's own, unless `stdio` is off.
    """

    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    directories: tuple[tuple[Path, str], ...] = field(default=())
    stdio: bool = True


def wasi_config(world: World) -> WasiConfig:
    config = WasiConfig()
    config.argv = list(world.arguments)
    config.env = [list(pair) for pair in world.environment]
    if world.stdio:
        config.inherit_stdin()
        config.inherit_stdout()
        config.inherit_stderr()
    for place, name in world.directories:
        config.preopen_dir(str(place), name)
    return config
