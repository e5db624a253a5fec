"""A live process: the modules of a plan, instantiated and initialised in wasmtime."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

import wasmtime
from msgspec import Struct, field, json
from wasmtime import Func, FuncType, Global, GlobalType, Instance, Limits, Memory, MemoryType, Table, TableType, ValType

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.link.plan import (
    Call,
    Constant,
    FromHost,
    FromLoader,
    FromModule,
    FromWasi,
    GotEntry,
    ImportValue,
    LinkPlan,
    ModulePlan,
    Opener,
    Shared,
    Stub,
    TableEntry,
    TrapWhenCalled,
)
from wasmbuild.loader.abandon import in_time
from wasmbuild.loader.engine import Image, ProcessStore, compile_all, make_store
from wasmbuild.loader.hosttrap import HostTrap, UndefinedFunctionCalled
from wasmbuild.loader.native import FromInstance, find_export, make_instance
from wasmbuild.loader.options import ProcessOptions
from wasmbuild.loader.wasi import wasi_config
from wasmbuild.wasm import abi
from wasmbuild.wasm import module as wasm

_TYPES = {"i32": ValType.i32, "i64": ValType.i64, "f32": ValType.f32, "f64": ValType.f64}


LoaderFunctions = Callable[[str, int], Callable[..., int]]
"""(name, number of the calling library) → what a function of the dlopen family does for it."""

OpenLazy = Callable[[int, str], None]
"""(number of a lazy module, what of it was called): bring it into the process."""


class Instances(dict[int, Instance]):
    """By number. Who asks for a lazy module that is not there yet brings it in."""

    def __init__(self, open_lazy: OpenLazy) -> None:
        super().__init__()
        self.open_lazy = open_lazy

    def __missing__(self, number: int) -> Instance:
        self.open_lazy(number, "")
        return super().__getitem__(number)


class Process(Struct, frozen=True):
    """What was made. Libraries are named by number: those of the plan by their index in it, the root is 0.

    A module that stands alone has its own memory and table: `memory` and `table` are those that it exports, if it does.
    """

    plan: LinkPlan
    store: ProcessStore
    options: ProcessOptions
    memory: Memory | None
    table: Table | None
    stack_pointer: Global | None
    values: ImportValues
    instances: Instances

    def export(self, library: int, name: str) -> Any:
        """An export of a module. Raises KeyError where there is none of this name."""
        found = find_export(self.store, self.instances[library], name)
        if found is None:
            raise KeyError(f"module {library} exports no `{name}`")
        return found


def make_process(
    plan: LinkPlan,
    images: Mapping[int, bytes],
    engine: wasmtime.Engine,
    options: ProcessOptions,
    loader: LoaderFunctions,
    open_lazy: OpenLazy,
) -> Process:
    """Make everything that a plan has at the start, before any constructor runs. `images` are these modules' bytes,
    verified. What the engine refuses, and traps of start functions, are raised as they are."""
    modules = [plan.modules[number] for number in images]
    placed = openers(plan)
    stubs = [stub for stub in _stubs(modules) if stub.table_index not in placed]
    generated = [wasi_adapter_image()] if plan.memory is not None else []
    generated += [stub_image(stubs)] if stubs else []
    generated += [opener_image(placed)] if placed else []
    compiled = compile_all(engine, [*_images(modules, images.values()), *generated], options.cache)
    compiled_of = dict(zip(images, compiled, strict=False))

    store = make_store(engine, options.limits)
    store.set_wasi(wasi_config(options.world))
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    memory = table = stack_pointer = None
    wasi: Instance | wasmtime.Linker = linker
    if plan.memory is not None and plan.table is not None:
        memory = Memory(store, MemoryType(Limits(plan.memory.pages, plan.memory.max_pages)))
        table = Table(store, TableType(ValType.funcref(), Limits(plan.table.size, plan.table.max_size)), None)
        stack_pointer = Global(store, GlobalType(ValType.i32(), True), signed(plan.memory.stack_high))
        linker.define(store, abi.ENV, abi.MEMORY, memory)
        wasi = linker.instantiate(store, compiled[len(images)])
    instances = Instances(open_lazy)
    shared = {"memory": memory, "table": table, "stack_pointer": stack_pointer}
    values = ImportValues(store, shared, instances, wasi, options, loader)
    if placed:
        values.add_openers(placed, compiled.pop())
    if stubs:
        values.add_stubs(stubs, compiled[-1])
    for number in plan.instantiate:
        instances[number] = instantiate(values, compiled_of[number], plan.modules[number])
    if plan.memory is None:
        memory, table = _own(store, instances[0])
    process = Process(plan, store, options, memory, table, stack_pointer, values, instances)
    fill_entries(process, plan.table_entries)
    return process


def _own(store: wasmtime.Store, instance: Instance) -> tuple[Memory | None, Table | None]:
    """What a module that stands alone gives out. A shared memory is another type of the engine's, and not supported."""
    memory = find_export(store, instance, abi.MEMORY)
    table = find_export(store, instance, abi.INDIRECT_FUNCTION_TABLE)
    return memory if isinstance(memory, Memory) else None, table if isinstance(table, Table) else None


def instantiate(values: ImportValues, compiled: wasmtime.Module, plan: ModulePlan) -> Instance:
    return make_instance(values.store, compiled, list(map(values.given, plan.imports)))


def compile_joining(process: Process, modules: Sequence[ModulePlan], images: Sequence[bytes]) -> list[wasmtime.Module]:
    """Compile modules that join the process; the stubs that they need are made on the way."""
    values = process.values
    stubs = [stub for stub in _stubs(modules) if stub not in values.made and stub.table_index not in values.openers]
    generated = [stub_image(stubs)] if stubs else []
    store, asked, cache = process.store, [*_images(modules, images), *generated], process.options.cache
    compiled = in_time(store, lambda: compile_all(store.engine, asked, cache), goes_on=True)
    if stubs:
        values.add_stubs(stubs, compiled.pop())
    return compiled


def fill_entries(process: Process, entries: Iterable[TableEntry]) -> None:
    for entry in entries:
        if isinstance(entry.function, Opener):
            continue  # all of these are there, from one module
        assert process.table is not None, "who has entries to fill has a table"
        process.table.set(process.store, entry.index, process.values.make(entry.function))


def make_calls(process: Process, calls: Iterable[Call], caught_at: int | None = None) -> None:
    """Run relocations, constructors, destructors. Traps are raised as they are; `caught_at` is as for `told`."""
    for call in calls:
        function = process.export(call.module, call.export)
        call_function(process, function, *map(signed, call.arguments), caught_at=caught_at)


def call_function(process: Process, function: Func, *arguments: Any, caught_at: int | None = None) -> Any:
    """Call a function of the process. Traps are raised as they are, with what C++ has to tell of them, as in `told`."""
    try:
        return function(process.store, *arguments)
    except wasmtime.ExitTrap:
        raise
    except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
        from wasmbuild.loader.uncaught import told

        raise told(process, error, caught_at) from None


def run_start(process: Process) -> int:
    """Run the program: its return is status 0, and `exit` ends it from anywhere. A trap is raised as it is."""
    assert process.plan.start is not None, "asked only of programs"
    try:
        call_function(process, process.export(0, process.plan.start))
    except wasmtime.ExitTrap as ended:
        return ended.code
    return 0


def _images(modules: Iterable[ModulePlan], images: Iterable[bytes]) -> Iterator[Image]:
    for module, image in zip(modules, images, strict=True):
        yield Image(module.sha256, partial(bytes, image))


ADAPTER_FORM = 2
"""Of the modules that `adapters` makes: their machine code is found in the cache without making them."""


def wasi_adapter_image() -> Image:
    def data() -> bytes:
        from wasmbuild.loader.adapters import wasi_adapter

        return wasi_adapter()

    return Image(f"wasi adapter {ADAPTER_FORM}", data)


def stub_image(stubs: Sequence[Stub]) -> Image:
    types = tuple(stub.type for stub in stubs)

    def data() -> bytes:
        from wasmbuild.loader.adapters import stub_module

        return stub_module(types)

    return Image(f"stubs {ADAPTER_FORM} {json.encode(types).decode()}", data)


def openers(plan: LinkPlan) -> dict[int, Opener]:
    """By the table entry that each stands in at the start."""
    return {each.index: each.function for each in plan.table_entries if isinstance(each.function, Opener)}


def opener_image(placed: Mapping[int, Opener]) -> Image:
    entries = tuple((index, opener.type) for index, opener in placed.items())

    def data() -> bytes:
        from wasmbuild.loader.adapters import opener_module

        return opener_module(entries)

    return Image(f"openers {ADAPTER_FORM} {json.encode(entries).decode()}", data)


def _stubs(modules: Iterable[ModulePlan]) -> list[Stub]:
    return list(dict.fromkeys(s for module in modules for s in module.imports if isinstance(s, Stub)))


class ImportValues(Struct):
    """Makes what plans give to modules; things that are one for the process are made once."""

    store: ProcessStore
    shared: dict[str, Any]
    instances: Instances
    wasi: Instance | wasmtime.Linker
    """The adapter, or where a module has its own memory, WASI itself."""
    options: ProcessOptions
    loader: LoaderFunctions
    made: dict[ImportValue, Any] = field(default_factory=dict)
    openers: Mapping[int, Instance] = field(default_factory=dict)
    """By their table entries, the module that has the stubs for these, too."""
    mutable: GlobalType = field(default_factory=lambda: GlobalType(ValType.i32(), True))
    immutable: GlobalType = field(default_factory=lambda: GlobalType(ValType.i32(), False))

    def given(self, value: ImportValue) -> Any:
        """As `make_instance` takes it."""
        return self._elsewhere(value) or self.make(value)

    def make(self, value: ImportValue) -> Any:
        found = self._elsewhere(value)
        if found is not None:
            # Not kept: who comes back under the same number may be another instance.
            export = find_export(self.store, *found)
            assert export is not None, "the plan was made from the module's exports"
            return export
        if value not in self.made:
            self.made[value] = self._make(value)
        return self.made[value]

    def _elsewhere(self, value: ImportValue) -> FromInstance | None:
        """Which instance's export it is: most values are one."""
        if isinstance(value, FromModule):
            return FromInstance(self.instances[value.module], value.export)
        if isinstance(value, Stub) and value.table_index in self.openers:
            return FromInstance(self.openers[value.table_index], str(value.table_index))
        if isinstance(value, FromWasi) and isinstance(self.wasi, Instance):
            return FromInstance(self.wasi, value.name)
        return None

    def _make(self, value: ImportValue) -> Any:
        match value:
            case FromWasi(name):
                assert isinstance(self.wasi, wasmtime.Linker), "of an instance, it is made elsewhere"
                return self.wasi.get(self.store, abi.WASI_SNAPSHOT_PREVIEW1, name)
            case GotEntry(_, address):
                return Global(self.store, self.mutable, signed(address))
            case Constant(address):
                return Global(self.store, self.immutable, signed(address))
            case Shared(what):
                return self.shared[what]
            case FromHost(name):
                return self._function(name, self.options.host[name].type, self.options.host[name].function)
            case FromLoader(name, type_, library):
                return self._function(name, type_, self.loader(name, library))
            case TrapWhenCalled(name, type_):
                return self._function(name, type_, raiser(name))
        raise AssertionError(f"other stubs are made beforehand, all together: {value}")

    def _function(self, name: str, type_: wasm.FuncType, function: Callable[..., Any]) -> Func:
        strange = [each for each in (*type_.params, *type_.results) if each not in _TYPES]
        if strange:
            facts = (("its type", str(type_)),)
            raise WasmbuildError(
                Diagnostic("unsupported-type", f"the host has no values of type {strange[0]}: `{name}`", facts=facts)
            )
        return self.options.make_function(self.store, function_type(type_), function)

    def add_openers(self, placed: Mapping[int, Opener], compiled: wasmtime.Module) -> None:
        """Fill the table entries of functions of lazy modules. They are many: their stubs are taken when asked for."""

        def open_(index: int) -> None:
            opener = placed[index & abi.ADDRESS_MASK]
            if opener.module in self.instances:
                raise HostTrap("null-function")  # a start function called what is not there yet
            self.instances.open_lazy(opener.module, opener.export)

        opening = self.options.make_function(self.store, FuncType([ValType.i32()], []), open_)
        self.openers = dict.fromkeys(placed, make_instance(self.store, compiled, [self.shared["table"], opening]))

    def add_stubs(self, stubs: Sequence[Stub], compiled: wasmtime.Module) -> None:
        indexes = [Global(self.store, self.immutable, stub.table_index) for stub in stubs]
        instance = make_instance(self.store, compiled, [self.shared["table"], *indexes])
        for number, stub in enumerate(stubs):
            self.made[stub] = find_export(self.store, instance, str(number))


def function_type(type_: wasm.FuncType) -> FuncType:
    return FuncType([_TYPES[name]() for name in type_.params], [_TYPES[name]() for name in type_.results])


def raiser(name: str) -> Callable[..., NoReturn]:
    def undefined(*_: object) -> NoReturn:
        raise UndefinedFunctionCalled(name)

    return undefined


def signed(value: int) -> int:
    """wasmtime takes i32 as signed; addresses are unsigned."""
    return value - abi.ADDRESS_SPACE_BYTES if value >= abi.ADDRESS_SPACE_BYTES // 2 else value
