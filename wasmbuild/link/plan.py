"""Everything a loader has to do, decided beforehand and as plain data: `make_plan` is pure, loaders carry it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from wasmbuild.link.layout import MAX_PAGES, STACK_BYTES, Layout, imported, lay_out, own_slots, tls_offset
from wasmbuild.link.resolve import (
    Address,
    Definition,
    HostAddress,
    HostFunction,
    LoaderFunction,
    Problem,
    Provided,
    Resolution,
    Wasi,
    WeakUndefined,
)
from wasmbuild.link.scope import Scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import ExternType, FuncType, MemoryType, TableType


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


@dataclass(frozen=True, slots=True)
class LoaderCall:
    """A function of the dlopen family, for the library that calls it."""

    name: str
    library: int


Supply = Direct | Stub | Trap | Cell | Constant | Shared | Wasi | HostFunction | LoaderCall


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
    argument: int | None = None


Slot = tuple[int, Direct | HostFunction]
"""A table slot to fill once all modules exist: (index, function)."""


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
    slots: tuple[Slot, ...]
    initialise: tuple[Call, ...]
    """To call then, in this order: every module's data relocations, then constructors, dependencies first."""
    start: str | None
    """The root's `_start`, if it is a program. It runs the root's own constructors."""


def make_plan(scope: Scope, resolution: Resolution, stack_bytes: int = STACK_BYTES) -> LinkPlan:
    """Plan the process of `scope`. `resolution` must be without problems: what does not fit was said before."""
    assert not resolution.problems, "a plan is made only for what fits"
    layout = lay_out(scope, stack_bytes)
    end = layout.table_end

    def new_slot() -> int:
        nonlocal end
        end += 1
        return end - 1

    own = [own_slots(lib.module, base) for lib, base in zip(scope.libraries, layout.table_bases, strict=True)]
    numbers = range(len(scope.libraries))
    slots = Slots(scope, resolution, own, new_slot, numbers)
    order = scope.dependencies_first()
    position = {index: place for place, index in enumerate(order)}
    modules = [plan_module(scope, resolution, layout, slots, position, index) for index in numbers]
    most = [type_.limits.maximum for type_ in imported(scope, MemoryType) if type_.limits.maximum is not None]
    most_table = [type_.limits.maximum for type_ in imported(scope, TableType) if type_.limits.maximum is not None]
    minimum_table = [type_.limits.minimum for type_ in imported(scope, TableType)]
    program = abi.START in scope.libraries[0].module.exports_by_name
    return LinkPlan(
        modules=tuple(modules),
        instantiate=order,
        memory_pages=layout.memory_pages,
        memory_max_pages=min(most, default=MAX_PAGES),
        stack_low=0,
        stack_high=layout.stack_high,
        heap_base=layout.heap_base,
        table_size=max(end, *minimum_table, 0),
        table_max_size=min(most_table, default=None),
        slots=tuple(slots.filled),
        # A program's `_start` runs its own constructors.
        initialise=initialisation(scope, layout.memory_bases, order, skip_ctors={0} if program else set()),
        start=abi.START if program else None,
    )


class Slots:
    """Gives each function that needs an address its one slot, and remembers which must be filled.

    `numbers` are the names of the scope's libraries in the process: what is planned calls them so.
    """

    def __init__(
        self,
        scope: Scope,
        resolution: Resolution,
        own: Sequence[Mapping[int, int]],
        new_slot: Callable[[], int],
        numbers: Sequence[int],
    ) -> None:
        self.scope, self.bindings = scope, resolution.bindings
        self.own, self.new_slot, self.numbers = own, new_slot, numbers
        self.filled: list[Slot] = []
        self.given: dict[tuple[int, int] | str, int] = {}

    def of(self, definition: Definition) -> int:
        definition = self._origin(definition)
        library, function = definition.library, definition.export.index
        if function in self.own[library]:
            return self.own[library][function]
        return self._given((library, function), Direct(self.numbers[library], definition.export.name))

    def _origin(self, definition: Definition) -> Definition:
        """The function itself where a library exports what it imports: it has one address, whatever its names."""
        seen: set[Definition] = set()
        while definition not in seen:
            seen.add(definition)
            module = self.scope.libraries[definition.library].module
            imported = [place for place, i in enumerate(module.imports) if isinstance(i.type, FuncType)]
            bindings = self.bindings[definition.library]  # none for a library that was bound before
            if definition.export.index >= len(imported) or not bindings:
                break
            binding = bindings[imported[definition.export.index]]
            if not isinstance(binding, Definition):
                break
            definition = binding
        return definition

    def of_host(self, name: str) -> int:
        return self._given(name, HostFunction(name))

    def _given(self, key: tuple[int, int] | str, function: Direct | HostFunction) -> int:
        if key not in self.given:
            self.given[key] = self.new_slot()
            self.filled.append((self.given[key], function))
        return self.given[key]


def plan_module(
    scope: Scope, resolution: Resolution, layout: Layout, slots: Slots, position: Mapping[int, int], index: int
) -> ModulePlan:
    """One module's areas and supplies. `position` is the order of instantiation; libraries that exist already stand
    before all others."""
    library = scope.libraries[index]
    supplies: list[Supply] = []
    for import_, binding in zip(library.module.imports, resolution.bindings[index], strict=True):
        if isinstance(binding, Definition) and position[binding.library] >= position[index]:
            assert isinstance(import_.type, FuncType), "nothing else can be late: see check"
            supplies.append(Stub(slots.of(binding), import_.type))
        else:
            supplies.append(_supply(scope, binding, import_.type, layout, slots, index))
    bases = layout.memory_bases[index], layout.table_bases[index]
    return ModulePlan(library.name, library.identity, *bases, tuple(supplies))


def _supply(scope: Scope, binding: object, type_: ExternType, layout: Layout, slots: Slots, index: int) -> Supply:
    match binding:
        case Provided("memory_base"):
            return Constant(layout.memory_bases[index])
        case Provided("table_base"):
            return Constant(layout.table_bases[index])
        case Provided("tls_base"):
            # A cell for each module: its __wasm_init_tls sets it.
            offset = tls_offset(scope.libraries[index].module) or 0
            return Cell(f"tls:{slots.numbers[index]}", layout.memory_bases[index] + offset)
        case Provided(what):
            return Shared(what)
        case Definition(library, export):
            return Direct(slots.numbers[library], export.name)
        case Address("mem", "__dso_handle", None):
            # As where a module defines its own (wasm-ld): it tells modules apart.
            return Cell("mem:__dso_handle", layout.memory_bases[index])
        case Address(kind, name, None):
            return Cell(f"{kind}:{name}", layout.address(name) if kind == "mem" else 0)
        case Address("func", name, Definition() as definition):
            return Cell(f"func:{name}", slots.of(definition))
        case Address("mem", name, Definition() as definition):
            return Cell(f"mem:{name}", data_address(scope, definition, layout.memory_bases[definition.library]))
        case HostAddress(name):
            return Cell(f"func:{name}", slots.of_host(name))
        case WeakUndefined(name):
            assert isinstance(type_, FuncType)
            return Trap(name, type_)
        case LoaderFunction(name):
            return LoaderCall(name, slots.numbers[index])
        case Wasi() | HostFunction():
            return binding
    assert not isinstance(binding, Problem)
    raise AssertionError(f"no supply for {binding}")


def data_address(scope: Scope, definition: Definition, memory_base: int) -> int:
    """Where data is: its exporter's base plus the offset that the export holds (not for ABSOLUTE symbols)."""
    module = scope.libraries[definition.library].module
    global_ = module.defined_global(definition.export.index)
    offset = global_.init.value if global_ is not None and global_.init is not None else 0
    flags = module.dylink.export_flags.get(definition.export.name, 0) if module.dylink else 0
    if flags & abi.TLS:
        offset += tls_offset(module) or 0
    return ((0 if flags & abi.ABSOLUTE else memory_base) + offset) & 0xFFFFFFFF


def initialisation(
    scope: Scope, memory_bases: Sequence[int], order: Sequence[int], skip_ctors: set[int]
) -> tuple[Call, ...]:
    """Every module's data relocations, its thread-local data, then every module's constructors, in the order given."""
    calls = [
        Call(index, abi.APPLY_DATA_RELOCS)
        for index in order
        if abi.APPLY_DATA_RELOCS in scope.libraries[index].module.exports_by_name
    ]
    for index in order:
        offset = tls_offset(scope.libraries[index].module)
        if offset is not None:
            calls.append(Call(index, abi.INIT_TLS, memory_bases[index] + offset))
    for index in order:
        exports = scope.libraries[index].module.exports_by_name
        entry = abi.INITIALIZE if abi.INITIALIZE in exports else abi.CALL_CTORS
        if entry in exports and index not in skip_ctors:
            calls.append(Call(index, entry))
    return tuple(calls)
