"""From what each import is bound to, to the plan of a process. Pure; loaders carry plans out."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from wasmbuild.link.layout import MAX_PAGES, STACK_BYTES, Layout, imported, lay_out, own_entries, tls_offset
from wasmbuild.link.lazy import Loading, loading
from wasmbuild.link.plan import (
    VERSION,
    Call,
    Constant,
    FromHost,
    FromLoader,
    FromModule,
    FromWasi,
    GotEntry,
    ImportValue,
    LazyPlan,
    LinkPlan,
    MemoryPlan,
    ModulePlan,
    Opener,
    Shared,
    Stub,
    TableEntry,
    TablePlan,
    TrapWhenCalled,
)
from wasmbuild.link.resolve import (
    LOADER_FUNCTIONS,
    Address,
    AddressOfHost,
    Definition,
    OfHost,
    OfLoader,
    OfWasi,
    Provided,
    Resolution,
    WeakUndefined,
)
from wasmbuild.link.scope import Library, Scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import ExternType, FuncType, MemoryType, TableType


def make_plan(
    scope: Scope, resolution: Resolution, stack_bytes: int = STACK_BYTES, when: Loading | None = None
) -> LinkPlan:
    """Plan the process of `scope`. `resolution` must be without problems: see `decide`.

    A module that stands alone is a scope of its own. Its plan has no memory and no table: it brings what it needs.
    """
    assert not resolution.problems, "a plan is made only for what fits"
    when = when or loading(scope, resolution)
    layout = lay_out(scope, stack_bytes)
    end = layout.table_end

    def new_entry() -> int:
        nonlocal end
        end += 1
        return end - 1

    own = [own_entries(lib.module, base) for lib, base in zip(scope.libraries, layout.table_bases, strict=True)]
    numbers = range(len(scope.libraries))
    entries = TableEntries(scope, resolution, own, new_entry, numbers, lazy=when.along)
    order = tuple(index for index in when.order if index in when.at_start)
    position = {index: number for number, index in enumerate(when.order)}

    def made_before(library: int, other: int) -> bool:
        return when.made_before(library, other, position)

    directory = os.path.dirname(scope.libraries[0].identity)
    planner = ModulePlanner(scope, resolution, layout, entries, made_before, directory)
    modules = [planner.plan(index, scope.needed[index]) for index in numbers]
    linked = scope.libraries[0].module.dylink is not None
    program = abi.START in scope.libraries[0].module.exports_by_name
    return LinkPlan(
        version=VERSION,
        pointer_bits=32,
        modules=tuple(modules),
        instantiate=order,
        memory=_memory(scope, layout) if linked else None,
        table=_table(scope, end) if linked else None,
        table_entries=tuple(entries.filled),
        # A program's `_start` runs its own constructors.
        initialise=initialisation(scope, layout.memory_bases, order, skip_ctors={0} if program else set()),
        start=abi.START if program else None,
        lazy=tuple(_lazy(scope, layout, when, entries)),
    )


def _lazy(scope: Scope, layout: Layout, when: Loading, entries: TableEntries) -> Iterator[LazyPlan]:
    for index in when.order:
        if index in when.along:
            order = tuple(other for other in when.order if other in when.along[index])
            calls = initialisation(scope, layout.memory_bases, order, skip_ctors=set())
            yield LazyPlan(index, order, tuple(entries.later.get(index, ())), calls)


def _memory(scope: Scope, layout: Layout) -> MemoryPlan:
    most = [type_.limits.maximum for type_ in imported(scope, MemoryType) if type_.limits.maximum is not None]
    return MemoryPlan(layout.memory_pages, min(most, default=MAX_PAGES), 0, layout.stack_high, layout.heap_base)


def _table(scope: Scope, end: int) -> TablePlan:
    limits = [type_.limits for type_ in imported(scope, TableType)]
    most = [each.maximum for each in limits if each.maximum is not None]
    return TablePlan(max(end, *(each.minimum for each in limits), 0), min(most, default=None))


class TableEntries:
    """Gives each function that needs an address its one table entry, and remembers which must be filled.

    `numbers` are the names of the scope's libraries in the process: what is planned calls them so. `of_host` are the
    entries that functions of the host have already. Entries of libraries that are `lazy` hold openers at first.
    """

    def __init__(
        self,
        scope: Scope,
        resolution: Resolution,
        own: Sequence[Mapping[int, int]],
        new_entry: Callable[[], int],
        numbers: Sequence[int],
        of_host: Mapping[str, int] | None = None,
        lazy: Collection[int] = (),
    ) -> None:
        self.scope, self.bindings = scope, resolution.bindings
        self.own, self.new_entry, self.numbers, self.lazy = own, new_entry, numbers, lazy
        self.filled: list[TableEntry] = []
        self.later: dict[int, list[TableEntry]] = {}
        """What is filled when a lazy library is there."""
        self.openers: set[int] = set()
        self.given: dict[tuple[int, int] | str, int] = {}
        self.given.update(of_host or {})
        self.functions: dict[int, list[int]] = {}
        self.origins: dict[Definition, Definition] = {}

    def of(self, definition: Definition) -> int:
        definition = self._origin(definition)
        library, function = definition.library, definition.export.index
        if function in self.own[library]:
            index = self.own[library][function]
        else:
            itself = FromModule(self.numbers[library], definition.export.name)
            filled = self.later.setdefault(library, []) if library in self.lazy else self.filled
            index = self._given((library, function), itself, filled)
        if library in self.lazy and index not in self.openers:
            self.openers.add(index)
            type_ = self.scope.libraries[library].module.function_space[function]
            self.filled.append(TableEntry(index, Opener(self.numbers[library], definition.export.name, type_)))
        return index

    def _origin(self, definition: Definition) -> Definition:
        """The function itself where a library exports what it imports: it has one address, whatever its names."""
        passed: dict[Definition, None] = {}
        while definition not in passed and definition not in self.origins:
            passed[definition] = None
            functions = self._function_imports(definition.library)
            bindings = self.bindings[definition.library]  # none for a library that was bound before
            if definition.export.index >= len(functions) or not bindings:
                break
            binding = bindings[functions[definition.export.index]]
            if not isinstance(binding, Definition):
                break
            definition = binding
        origin = self.origins.get(definition, definition)
        self.origins.update(dict.fromkeys(passed, origin))  # a chain of them is followed once
        return origin

    def _function_imports(self, library: int) -> list[int]:
        """Which imports of a library are functions."""
        if library not in self.functions:
            imports = self.scope.libraries[library].module.imports
            self.functions[library] = [number for number, i in enumerate(imports) if isinstance(i.type, FuncType)]
        return self.functions[library]

    def of_host(self, name: str) -> int:
        return self._given(name, FromHost(name, None), self.filled)

    def _given(self, key: tuple[int, int] | str, function: FromModule | FromHost, filled: list[TableEntry]) -> int:
        if key not in self.given:
            self.given[key] = self.new_entry()
            filled.append(TableEntry(self.given[key], function))
        return self.given[key]


class ModulePlanner:
    """Plans the modules of one scope. `made_before` says whether one library is there whenever another is made. Paths
    are from `directory`, the root's."""

    def __init__(
        self,
        scope: Scope,
        resolution: Resolution,
        layout: Layout,
        entries: TableEntries,
        made_before: Callable[[int, int], bool],
        directory: str,
    ) -> None:
        self.scope, self.bindings, self.layout = scope, resolution.bindings, layout
        self.entries, self.made_before, self.directory = entries, made_before, directory
        self.numbers = entries.numbers

    def plan(self, index: int, needed: Sequence[int]) -> ModulePlan:
        library = self.scope.libraries[index]
        return ModulePlan(
            library.name,
            relative_path(library, self.directory),
            library.sha256,
            tuple(self.numbers[other] for other in needed),
            self.layout.memory_bases[index],
            self.layout.table_bases[index],
            tuple(
                self._value(index, binding, import_.type)
                for import_, binding in zip(library.module.imports, self.bindings[index], strict=True)
            ),
        )

    def _value(self, index: int, binding: object, type_: ExternType) -> ImportValue:
        layout, numbers = self.layout, self.numbers
        match binding:
            case Definition(library, export):
                if self.made_before(library, index):
                    return FromModule(numbers[library], export.name)
                assert isinstance(type_, FuncType), "nothing else can be late: see decide"
                return Stub(self.entries.of(binding), type_)
            case Provided("memory_base"):
                return Constant(layout.memory_bases[index])
            case Provided("table_base"):
                return Constant(layout.table_bases[index])
            case Provided("tls_base"):
                # An entry for each module: its __wasm_init_tls sets it.
                offset = tls_offset(self.scope.libraries[index].module) or 0
                return GotEntry(f"tls:{numbers[index]}", layout.memory_bases[index] + offset)
            case Provided("memory" | "table" | "stack_pointer" as what):
                return Shared(what)
            case Address("mem", "__dso_handle", None):
                # As where a module defines its own (wasm-ld): it tells modules apart.
                return GotEntry("mem:__dso_handle", layout.memory_bases[index])
            case Address(kind, name, None):
                return GotEntry(f"{kind}:{name}", layout.address(name) if kind == "mem" else 0)
            case Address("func", name, Definition() as definition):
                return GotEntry(f"func:{name}", self.entries.of(definition))
            case Address("mem", name, Definition() as definition):
                exporter = self.scope.libraries[definition.library]
                base = layout.memory_bases[definition.library]
                return GotEntry(f"mem:{name}", data_address(exporter, definition.export.name, base))
            case AddressOfHost(name):
                return GotEntry(f"func:{name}", self.entries.of_host(name))
            case WeakUndefined(name):
                assert isinstance(type_, FuncType)
                return TrapWhenCalled(name, type_)
            case OfLoader(name):
                return FromLoader(name, LOADER_FUNCTIONS[name], numbers[index])
            case OfWasi(name):
                return FromWasi(name)
            case OfHost(name):
                assert isinstance(type_, FuncType)
                return FromHost(name, type_)
        raise AssertionError(f"no value for {binding}")


def relative_path(library: Library, directory: str) -> str:
    """Where a library's file is, from a directory. On another drive (Windows): its whole path."""
    try:
        return os.path.relpath(library.identity, directory or ".").replace(os.sep, "/")
    except ValueError:
        return library.identity.replace(os.sep, "/")


def data_address(library: Library, name: str, memory_base: int) -> int:
    """Where exported data is: its library's base plus the offset that the export holds (not for ABSOLUTE symbols)."""
    module = library.module
    global_ = module.defined_global(module.exports_by_name[name].index)
    offset = global_.init.value if global_ is not None and global_.init is not None else 0
    flags = module.dylink.export_flags.get(name, 0) if module.dylink else 0
    if flags & abi.TLS:
        offset += tls_offset(module) or 0
    return ((0 if flags & abi.ABSOLUTE else memory_base) + offset) & abi.ADDRESS_MASK


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
            calls.append(Call(index, abi.INIT_TLS, (memory_bases[index] + offset,)))
    for index in order:
        exports = scope.libraries[index].module.exports_by_name
        entry = abi.INITIALIZE if abi.INITIALIZE in exports else abi.CALL_CTORS
        if entry in exports and index not in skip_ctors:
            calls.append(Call(index, entry))
    return tuple(calls)
