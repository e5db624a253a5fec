"""Everything a loader has to do, decided beforehand and as plain data: `make_plan` is pure, loaders carry it out.

The layout of memory, from address 0: the stack (so that overflow runs below 0 and traps), each module's area, the
heap. Of the table: slot 0 stays null, each module's area, then one slot for each function whose address is needed
and that has no slot in its own module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from wasmbuild.link.resolve import (
    Address,
    Definition,
    HostAddress,
    HostFunction,
    Problem,
    Provided,
    Resolution,
    Wasi,
    WeakUndefined,
)
from wasmbuild.link.scope import Scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import FuncType, GlobalType, MemoryType, Module, TableType

PAGE_BYTES = 65536
MAX_PAGES = 65536
STACK_BYTES = 1 << 20
"""When the program does not say. wasm-ld's own 64 KiB is too little for much of what is ported."""

STACK_ALIGN = 16


@dataclass(frozen=True, slots=True)
class Direct:
    """The exporter's function, tag or global itself."""

    library: int
    export: str


@dataclass(frozen=True, slots=True)
class Stub:
    """A generated function that calls through a table slot: the exporter does not exist yet when it is imported."""

    slot: int
    type: FuncType


@dataclass(frozen=True, slots=True)
class Trap:
    """A weak function that nobody defines: calling it traps, naming it."""

    name: str
    type: FuncType


@dataclass(frozen=True, slots=True)
class Cell:
    """A GOT entry, one for the process: a mutable i32 global that holds `value` from the start."""

    name: str
    value: int


@dataclass(frozen=True, slots=True)
class Constant:
    """An immutable i32 global: a module's memory or table base."""

    value: int


@dataclass(frozen=True, slots=True)
class Shared:
    """The process's one memory, table or stack pointer."""

    what: str


Supply = Direct | Stub | Trap | Cell | Constant | Shared | Wasi | HostFunction


@dataclass(frozen=True, slots=True)
class ModulePlan:
    """One module: where its areas are, and one supply for each of its imports, in their order."""

    name: str
    identity: str
    memory_base: int
    table_base: int
    imports: tuple[Supply, ...]


@dataclass(frozen=True, slots=True)
class Call:
    library: int
    export: str


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """`modules` are in the scope's order, the root first; `instantiate` is the order to make them in."""

    modules: tuple[ModulePlan, ...]
    instantiate: tuple[int, ...]
    memory_pages: int
    memory_max_pages: int
    stack_low: int
    stack_high: int
    heap_base: int
    table_size: int
    table_max_size: int | None
    slots: tuple[tuple[int, Direct | HostFunction], ...]
    """Table slots to fill once all modules exist: (index, function)."""
    initialise: tuple[Call, ...]
    """To call then, in this order: every module's data relocations, then constructors, dependencies first."""
    start: str | None
    """The root's `_start`, if it is a program. It runs the root's own constructors."""


def make_plan(scope: Scope, resolution: Resolution, stack_bytes: int = STACK_BYTES) -> LinkPlan:
    """Plan the process of `scope`. `resolution` must be without problems: what does not fit was said before."""
    assert not resolution.problems, "a plan is made only for what fits"
    layout = lay_out(scope, stack_bytes)
    table = _Table(scope, layout.table_bases, layout.table_end)
    order = scope.dependencies_first()
    position = {index: place for place, index in enumerate(order)}
    modules = []
    for index, library in enumerate(scope.libraries):
        supplies: list[Supply] = []
        for import_, binding in zip(library.module.imports, resolution.bindings[index], strict=True):
            late = isinstance(binding, Definition) and position[binding.library] >= position[index]
            if late and isinstance(binding, Definition) and isinstance(import_.type, FuncType):
                supplies.append(Stub(table.slot(binding), import_.type))
            else:
                supplies.append(_supply(binding, import_.type, layout, table, index))
        bases = layout.memory_bases[index], layout.table_bases[index]
        modules.append(ModulePlan(library.name, library.identity, *bases, tuple(supplies)))
    most = [type_.limits.maximum for type_ in _imported(scope, MemoryType) if type_.limits.maximum is not None]
    most_table = [type_.limits.maximum for type_ in _imported(scope, TableType) if type_.limits.maximum is not None]
    minimum_table = [type_.limits.minimum for type_ in _imported(scope, TableType)]
    return LinkPlan(
        modules=tuple(modules),
        instantiate=order,
        memory_pages=layout.memory_pages,
        memory_max_pages=min(most, default=MAX_PAGES),
        stack_low=0,
        stack_high=layout.stack_high,
        heap_base=layout.heap_base,
        table_size=max(table.end, *minimum_table, 0),
        table_max_size=min(most_table, default=None),
        slots=tuple(table.filled),
        initialise=tuple(_initialisation(scope, order)),
        start=abi.START if abi.START in scope.libraries[0].module.exports_by_name else None,
    )


T = TypeVar("T", MemoryType, TableType)


def _imported(scope: Scope, kind: type[T]) -> list[T]:
    return [i.type for library in scope.libraries for i in library.module.imports if isinstance(i.type, kind)]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is. Bases are 0 for a module that has no areas."""

    stack_high: int
    memory_bases: tuple[int, ...]
    table_bases: tuple[int, ...]
    heap_base: int
    table_end: int
    memory_pages: int

    def address(self, name: str) -> int:
        """The value of one of `LOADER_ADDRESSES`."""
        known = {
            "__stack_high": self.stack_high,
            "__global_base": self.stack_high,
            "__data_end": self.heap_base,
            "__heap_base": self.heap_base,
            "__heap_end": min(self.memory_pages * PAGE_BYTES, 0xFFFFFFFF),
        }
        return known.get(name, 0)


def lay_out(scope: Scope, stack_bytes: int = STACK_BYTES) -> Layout:
    """Place the areas. The result may be more than a process can have: `check` says so before it is used."""
    memory = stack_high = _align(stack_bytes, STACK_ALIGN)
    table = 1
    memory_bases, table_bases = [], []
    for library in scope.libraries:
        info = library.module.dylink.mem_info if library.module.dylink else None
        if info is None:
            memory_bases.append(0)
            table_bases.append(0)
            continue
        memory, table = _align(memory, 1 << info.memory_p2align), _align(table, 1 << info.table_p2align)
        memory_bases.append(memory)
        table_bases.append(table)
        memory, table = memory + info.memory_size, table + info.table_size
    heap_base = _align(memory, STACK_ALIGN)
    pages = max(-(-heap_base // PAGE_BYTES), *(type_.limits.minimum for type_ in _imported(scope, MemoryType)), 0)
    return Layout(stack_high, tuple(memory_bases), tuple(table_bases), heap_base, table, pages)


class _Table:
    """Gives each function that needs an address its one slot, and remembers which must be filled."""

    def __init__(self, scope: Scope, bases: tuple[int, ...], end: int) -> None:
        self.scope, self.bases, self.end = scope, bases, end
        self.filled: list[tuple[int, Direct | HostFunction]] = []
        self.given: dict[tuple[int, int] | str, int] = {}
        self.own: dict[int, Mapping[int, int]] = {}

    def slot(self, definition: Definition) -> int:
        library, function = definition.library, definition.export.index
        if library not in self.own:
            self.own[library] = own_slots(self.scope.libraries[library].module, self.bases[library])
        if function in self.own[library]:
            return self.own[library][function]
        return self._new((library, function), Direct(library, definition.export.name))

    def host_slot(self, name: str) -> int:
        return self._new(name, HostFunction(name))

    def _new(self, key: tuple[int, int] | str, function: Direct | HostFunction) -> int:
        if key not in self.given:
            self.given[key] = self.end
            self.filled.append((self.end, function))
            self.end += 1
        return self.given[key]


def own_slots(module: Module, table_base: int) -> Mapping[int, int]:
    """The table slots that a module fills itself when it is instantiated: function index → slot."""
    slots: dict[int, int] = {}
    imported_globals = [i for i in module.imports if isinstance(i.type, GlobalType)]
    for element in module.elements:
        if element.mode != "active" or element.offset is None or element.table != 0:
            continue
        base = element.offset.base_global
        if base is not None and (base >= len(imported_globals) or imported_globals[base].name != abi.TABLE_BASE):
            continue
        start = element.offset.value + (table_base if base is not None else 0)
        for place, function in enumerate(element.functions):
            if function is not None:
                slots.setdefault(function, start + place)
    return slots


def _supply(binding: object, type_: object, layout: Layout, table: _Table, index: int) -> Supply:
    match binding:
        case Provided("memory_base"):
            return Constant(layout.memory_bases[index])
        case Provided("table_base"):
            return Constant(layout.table_bases[index])
        case Provided(what):
            return Shared(what)
        case Definition(library, export):
            return Direct(library, export.name)
        case Address(kind, name, None):
            return Cell(f"{kind}:{name}", layout.address(name) if kind == "mem" else 0)
        case Address("func", name, Definition() as definition):
            return Cell(f"func:{name}", table.slot(definition))
        case Address("mem", name, Definition() as definition):
            return Cell(f"mem:{name}", _data_address(definition, layout, table.scope))
        case HostAddress(name):
            return Cell(f"func:{name}", table.host_slot(name))
        case WeakUndefined(name):
            assert isinstance(type_, FuncType)
            return Trap(name, type_)
        case Wasi() | HostFunction():
            return binding
    assert not isinstance(binding, Problem)
    raise AssertionError(f"no supply for {binding}")


def _data_address(definition: Definition, layout: Layout, scope: Scope) -> int:
    """Where data is: its exporter's base plus the offset that the export holds (not for ABSOLUTE symbols)."""
    module = scope.libraries[definition.library].module
    global_ = module.defined_global(definition.export.index)
    offset = global_.init.value if global_ is not None and global_.init is not None else 0
    flags = module.dylink.export_flags.get(definition.export.name, 0) if module.dylink else 0
    base = 0 if flags & abi.ABSOLUTE else layout.memory_bases[definition.library]
    return (base + offset) & 0xFFFFFFFF


def _initialisation(scope: Scope, order: tuple[int, ...]) -> list[Call]:
    calls = [
        Call(index, abi.APPLY_DATA_RELOCS)
        for index in order
        if abi.APPLY_DATA_RELOCS in scope.libraries[index].module.exports_by_name
    ]
    for index in order:
        exports = scope.libraries[index].module.exports_by_name
        if index == 0 and abi.START in exports:
            continue
        entry = abi.INITIALIZE if abi.INITIALIZE in exports else abi.CALL_CTORS
        if entry in exports:
            calls.append(Call(index, entry))
    return calls


def _align(value: int, alignment: int) -> int:
    return -(-value // alignment) * alignment
