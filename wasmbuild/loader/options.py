"""What a process is made with, apart from its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import wasmtime
from msgspec import Struct, field

from wasmbuild.loader.engine import NO_LIMITS, ProcessLimits, ProcessStore
from wasmbuild.loader.wasi import World
from wasmbuild.sources.store import Store
from wasmbuild.wasm.module import FuncType

if TYPE_CHECKING:
    from wasmbuild.link.resolve import Host


class HostImport(Struct, frozen=True):
    """A function that the embedder supplies. It takes and returns Python numbers."""

    type: FuncType
    function: Callable[..., Any]


MakeFunction = Callable[[ProcessStore, wasmtime.FuncType, Callable[..., Any]], wasmtime.Func]
"""How a Python function becomes wasm's. wasmtime's own way keeps the last exception that one raised in a global of its
module, so where several threads run processes at once, the embedder gives another way."""


class ProcessOptions(Struct, frozen=True):
    """`cache` keeps machine code and plans; None keeps nothing. `large_stack`: called by `on_large_stack`, so that a
    program may recurse as deeply as its own stack allows."""

    world: World = field(default_factory=World)
    cache: Store | None = None
    host: Mapping[str, HostImport] = field(default_factory=dict)
    library_path: tuple[Path, ...] = ()
    limits: ProcessLimits = NO_LIMITS
    large_stack: bool = False
    make_function: MakeFunction = wasmtime.Func

    @property
    def host_types(self) -> Host:
        return {name: entry.type for name, entry in self.host.items()}
