"""A live process: the modules of a plan, instantiated and initialised in wasmtime."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import wasmtime
from wasmtime import (
    Func,
    FuncType,
    Global,
    GlobalType,
    Instance,
    Limits,
    Linker,
    Memory,
    MemoryType,
    Table,
    TableType,
    ValType,
)

from wasmbuild.link.plan import Cell, Constant, Direct, LinkPlan, Shared, Stub, Supply, Trap
from wasmbuild.link.resolve import HostFunction, Wasi
from wasmbuild.load.adapters import SLOT, stub_module, wasi_adapter
from wasmbuild.load.engine import compile_all
from wasmbuild.load.wasi import World, wasi_config
from wasmbuild.sources.store import Store
from wasmbuild.wasm import abi
from wasmbuild.wasm import module as wasm

_TYPES = {"i32": ValType.i32, "i64": ValType.i64, "f32": ValType.f32, "f64": ValType.f64}


class UndefinedFunctionCalled(Exception):
    """A weak function that nothing defines was called."""


@dataclass(frozen=True, slots=True)
class HostImport:
    """A function that the embedder supplies. It takes and returns Python numbers."""

    type: wasm.FuncType
    function: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Process:
    """What was loaded. Instances are in the plan's order, the root first."""

    store: wasmtime.Store
    linker: Linker
    memory: Memory
    table: Table
    plan: LinkPlan
    instances: Mapping[int, Instance] = field(default_factory=dict)

    def export(self, library: int, name: str) -> Any:
        """An export of a module. Raises WasmtimeError where there is none of this name."""
        return self.linker.get(self.store, _scope_name(library), name)

    def call(self, name: str, *arguments: int | float) -> Any:
        """Call a function that the root exports. A trap is raised as wasmtime.Trap."""
        function = self.export(0, name)
        return function(self.store, *arguments)

    def run(self) -> int:
        """Run the root's `_start` and return the exit status. A trap is raised as wasmtime.Trap."""
        assert self.plan.start is not None
        return run_start(self.store, self.export(0, self.plan.start))


def run_start(store: wasmtime.Store, start: Func) -> int:
    """Call a `_start`: its return is status 0, and `exit` ends it from anywhere."""
    try:
        start(store)
    except wasmtime.ExitTrap as ended:
        return ended.code
    return 0


def define_host(linker: Linker, store: wasmtime.Store, host: Mapping[str, HostImport]) -> None:
    """Give a module that stands alone what its host supplies."""
    for name, entry in host.items():
        linker.define(store, abi.ENV, name, Func(store, function_type(entry.type), entry.function))


def load(
    plan: LinkPlan,
    engine: wasmtime.Engine,
    world: World,
    cache: Store | None,
    host: Mapping[str, HostImport] | None = None,
    memory_limit_bytes: int | None = None,
) -> Process:
    """Carry a plan out, up to and with the constructors. Traps and refusals of the engine are raised as they are."""
    host = host or {}
    stubs = _stubs(plan)
    images = [Path(module.identity).read_bytes() for module in plan.modules]
    images += [
        wasi_adapter(),
        *([stub_module(tuple(stub.type for stub in stubs))] if stubs else []),
    ]
    compiled = compile_all(engine, images, cache)

    store = wasmtime.Store(engine)
    if memory_limit_bytes is not None:
        store.set_limits(memory_size=memory_limit_bytes)
    store.set_wasi(wasi_config(world))
    process = _empty(plan, store, engine)
    wasi = process.linker.instantiate(store, compiled[len(plan.modules)])
    process.linker.define_instance(store, _WASI, wasi)
    makers = _Makers(process, host)
    if stubs:
        makers.make_stubs(stubs, compiled[-1])
    instances: dict[int, Instance] = {}
    for index in plan.instantiate:
        imports = [makers.make(supply) for supply in plan.modules[index].imports]
        instances[index] = Instance(store, compiled[index], imports)
        process.linker.define_instance(store, _scope_name(index), instances[index])
    for slot, function in plan.slots:
        process.table.set(store, slot, makers.make(function))
    process = Process(store, process.linker, process.memory, process.table, plan, instances)
    for call in plan.initialise:
        process.export(call.library, call.export)(store)
    return process


_WASI = "wasi"


def _scope_name(library: int) -> str:
    """The linker knows each module's exports under a name of its own."""
    return f"module {library}"


def _empty(plan: LinkPlan, store: wasmtime.Store, engine: wasmtime.Engine) -> Process:
    memory = Memory(store, MemoryType(Limits(plan.memory_pages, plan.memory_max_pages)))
    table = Table(store, TableType(ValType.funcref(), Limits(plan.table_size, plan.table_max_size)), None)
    linker = Linker(engine)
    linker.define_wasi()
    linker.define(store, abi.ENV, abi.MEMORY, memory)
    return Process(store, linker, memory, table, plan)


def _stubs(plan: LinkPlan) -> list[Stub]:
    return list(dict.fromkeys(s for module in plan.modules for s in module.imports if isinstance(s, Stub)))


class _Makers:
    """Makes what the plan supplies; things that are one for the process are made once."""

    def __init__(self, process: Process, host: Mapping[str, HostImport]) -> None:
        self.process, self.host = process, host
        self.made: dict[Supply, Any] = {}
        stack_pointer = Global(process.store, GlobalType(ValType.i32(), True), process.plan.stack_high)
        self.shared = {"memory": process.memory, "table": process.table, "stack_pointer": stack_pointer}
        self.mutable, self.immutable = GlobalType(ValType.i32(), True), GlobalType(ValType.i32(), False)

    def make(self, supply: Supply) -> Any:
        if supply not in self.made:
            self.made[supply] = self._make(supply)
        return self.made[supply]

    def _make(self, supply: Supply) -> Any:
        store = self.process.store
        match supply:
            case Direct(library, export):
                return self.process.linker.get(store, _scope_name(library), export)
            case Wasi(name):
                return self.process.linker.get(store, _WASI, name)
            case Cell(_, value):
                return Global(store, self.mutable, _signed(value))
            case Constant(value):
                return Global(store, self.immutable, _signed(value))
            case Shared(what):
                return self.shared[what]
            case HostFunction(name):
                return Func(store, function_type(self.host[name].type), self.host[name].function)
            case Trap(name, type_):
                return Func(store, function_type(type_), raiser(name))
        raise AssertionError(f"stubs are made beforehand, all together: {supply}")

    def make_stubs(self, stubs: list[Stub], compiled: wasmtime.Module) -> None:
        store = self.process.store
        slots = [Global(store, self.immutable, stub.slot) for stub in stubs]
        instance = Instance(store, compiled, [self.process.table, *slots])
        self.process.linker.define_instance(store, SLOT, instance)
        for index, stub in enumerate(stubs):
            self.made[stub] = self.process.linker.get(store, SLOT, str(index))


def function_type(type_: wasm.FuncType) -> FuncType:
    return FuncType([_TYPES[name]() for name in type_.params], [_TYPES[name]() for name in type_.results])


def raiser(name: str) -> Callable[..., NoReturn]:
    def undefined(*_: object) -> NoReturn:
        raise UndefinedFunctionCalled(name)

    return undefined


def _signed(value: int) -> int:
    """wasmtime takes i32 as signed; addresses are unsigned."""
    return value - (1 << 32) if value >= 1 << 31 else value
