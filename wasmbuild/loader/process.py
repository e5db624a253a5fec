"""A live process: the modules of a plan, instantiated and initialised in wasmtime."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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

from wasmbuild.link.plan import (
    Call,
    Cell,
    Constant,
    Direct,
    LinkPlan,
    LoaderCall,
    ModulePlan,
    Shared,
    Slot,
    Stub,
    Supply,
    Trap,
)
from wasmbuild.link.resolve import LOADER_FUNCTIONS, HostFunction, Wasi
from wasmbuild.loader.adapters import SLOT, stub_module, wasi_adapter
from wasmbuild.loader.engine import NO_LIMITS, ProcessLimits, compile_all, make_store
from wasmbuild.loader.wasi import World, wasi_config
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


MakeFunction = Callable[[wasmtime.Store, FuncType, Callable[..., Any]], Func]
"""How a Python function becomes wasm's. wasmtime's own way keeps the last exception that one raised in a global of its
module, so where several threads run processes at once, the embedder gives another way."""

LoaderFunctions = Callable[[str, int], Callable[..., int]]
"""(name, number of the calling library) → what a function of the dlopen family does for it."""


@dataclass(frozen=True, slots=True)
class Process:
    """What was made. Libraries are named by number: those of the plan by their place in it, the root is 0."""

    plan: LinkPlan
    store: wasmtime.Store
    engine: wasmtime.Engine
    linker: Linker
    memory: Memory
    table: Table
    stack_pointer: Global
    supplies: Supplies
    cache: Store | None

    def export(self, library: int, name: str) -> Any:
        """An export of a module. Raises WasmtimeError where there is none of this name."""
        return self.linker.get(self.store, _scope_name(library), name)

    def call(self, name: str, *arguments: int | float) -> Any:
        """Call a function that the root exports. A trap is raised as wasmtime.Trap."""
        function = self.export(0, name)
        return function(self.store, *arguments)


def run_start(store: wasmtime.Store, start: Func) -> int:
    """Call a `_start`: its return is status 0, and `exit` ends it from anywhere."""
    try:
        start(store)
    except wasmtime.ExitTrap as ended:
        return ended.code
    return 0


def define_host(
    linker: Linker, store: wasmtime.Store, host: Mapping[str, HostImport], make_function: MakeFunction = Func
) -> None:
    """Give a module that stands alone what its host supplies."""
    for name, entry in host.items():
        linker.define(store, abi.ENV, name, make_function(store, function_type(entry.type), entry.function))


def make_process(
    plan: LinkPlan,
    engine: wasmtime.Engine,
    world: World,
    cache: Store | None,
    host: Mapping[str, HostImport],
    loader: LoaderFunctions,
    limits: ProcessLimits = NO_LIMITS,
    make_function: MakeFunction = Func,
) -> Process:
    """Make everything that a plan names, before any constructor runs. What the engine refuses, and traps of start
    functions, are raised as they are."""
    stubs = _stubs(plan.modules)
    images = [Path(module.identity).read_bytes() for module in plan.modules]
    generated = [wasi_adapter(), *([stub_module(tuple(stub.type for stub in stubs))] if stubs else [])]
    compiled = compile_all(engine, [*images, *generated], cache)

    store = make_store(engine, limits)
    store.set_wasi(wasi_config(world))
    memory = Memory(store, MemoryType(Limits(plan.memory_pages, plan.memory_max_pages)))
    table = Table(store, TableType(ValType.funcref(), Limits(plan.table_size, plan.table_max_size)), None)
    stack_pointer = Global(store, GlobalType(ValType.i32(), True), plan.stack_high)
    linker = Linker(engine)
    linker.allow_shadowing = True  # a library that comes back has its number again
    linker.define_wasi()
    linker.define(store, abi.ENV, abi.MEMORY, memory)
    linker.define_instance(store, _WASI, linker.instantiate(store, compiled[len(images)]))
    shared = {"memory": memory, "table": table, "stack_pointer": stack_pointer}
    supplies = Supplies(store, linker, shared, host, loader, make_function)
    process = Process(plan, store, engine, linker, memory, table, stack_pointer, supplies, cache)
    if stubs:
        supplies.add_stubs(stubs, compiled[-1])
    for number in plan.instantiate:
        instantiate(process, number, compiled[number], plan.modules[number])
    fill_slots(process, plan.slots)
    return process


def instantiate(process: Process, number: int, compiled: wasmtime.Module, plan: ModulePlan) -> Instance:
    """Make one module; its exports can be had by its number from then on."""
    imports = [process.supplies.make(supply) for supply in plan.imports]
    instance = Instance(process.store, compiled, imports)
    define(process, number, instance)
    return instance


def define(process: Process, number: int, instance: Instance) -> None:
    process.linker.define_instance(process.store, _scope_name(number), instance)


def compile_modules(process: Process, modules: Sequence[ModulePlan]) -> list[wasmtime.Module]:
    """Compile modules that join the process; the stubs that they need are made on the way."""
    stubs = [stub for stub in _stubs(modules) if stub not in process.supplies.made]
    images = [Path(module.identity).read_bytes() for module in modules]
    generated = [stub_module(tuple(stub.type for stub in stubs))] if stubs else []
    compiled = compile_all(process.engine, [*images, *generated], process.cache)
    if stubs:
        process.supplies.add_stubs(stubs, compiled.pop())
    return compiled


def fill_slots(process: Process, slots: Iterable[Slot]) -> None:
    for slot, function in slots:
        process.table.set(process.store, slot, process.supplies.make(function))


def initialise(process: Process, calls: Iterable[Call]) -> None:
    """Run relocations and constructors. Traps are raised as they are."""
    for call in calls:
        arguments = () if call.argument is None else (_signed(call.argument),)
        process.export(call.library, call.export)(process.store, *arguments)


_WASI = "wasi"


def _scope_name(library: int) -> str:
    """The linker knows each module's exports under a name of its own."""
    return f"module {library}"


def _stubs(modules: Iterable[ModulePlan]) -> list[Stub]:
    return list(dict.fromkeys(s for module in modules for s in module.imports if isinstance(s, Stub)))


class Supplies:
    """Makes what plans supply; things that are one for the process are made once."""

    def __init__(
        self,
        store: wasmtime.Store,
        linker: Linker,
        shared: Mapping[str, Any],
        host: Mapping[str, HostImport],
        loader: LoaderFunctions,
        make_function: MakeFunction = Func,
    ) -> None:
        self.store, self.linker, self.shared, self.host, self.loader = store, linker, shared, host, loader
        self.make_function = make_function
        self.made: dict[Supply, Any] = {}
        self.mutable, self.immutable = GlobalType(ValType.i32(), True), GlobalType(ValType.i32(), False)

    def make(self, supply: Supply) -> Any:
        if isinstance(supply, Direct):
            # Not kept: who comes back under the same number may be another instance.
            return self.linker.get(self.store, _scope_name(supply.library), supply.export)
        if supply not in self.made:
            self.made[supply] = self._make(supply)
        return self.made[supply]

    def _make(self, supply: Supply) -> Any:
        match supply:
            case Wasi(name):
                return self.linker.get(self.store, _WASI, name)
            case Cell(_, value):
                return Global(self.store, self.mutable, _signed(value))
            case Constant(value):
                return Global(self.store, self.immutable, _signed(value))
            case Shared(what):
                return self.shared[what]
            case HostFunction(name):
                return self.make_function(self.store, function_type(self.host[name].type), self.host[name].function)
            case LoaderCall(name, library):
                return self.make_function(self.store, function_type(LOADER_FUNCTIONS[name]), self.loader(name, library))
            case Trap(name, type_):
                return self.make_function(self.store, function_type(type_), raiser(name))
        raise AssertionError(f"stubs are made beforehand, all together: {supply}")

    def add_stubs(self, stubs: Sequence[Stub], compiled: wasmtime.Module) -> None:
        slots = [Global(self.store, self.immutable, stub.slot) for stub in stubs]
        instance = Instance(self.store, compiled, [self.shared["table"], *slots])
        self.linker.define_instance(self.store, SLOT, instance)
        for index, stub in enumerate(stubs):
            self.made[stub] = self.linker.get(self.store, SLOT, str(index))


def function_type(type_: wasm.FuncType) -> FuncType:
    return FuncType([_TYPES[name]() for name in type_.params], [_TYPES[name]() for name in type_.results])


def raiser(name: str) -> Callable[..., NoReturn]:
    def undefined(*_: object) -> NoReturn:
        raise UndefinedFunctionCalled(name)

    return undefined


def _signed(value: int) -> int:
    """wasmtime takes i32 as signed; addresses are unsigned."""
    return value - (1 << 32) if value >= 1 << 31 else value
