"""What each import of each module is bound to: by name first, then the types are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from wasmbuild.link.scope import Library, Scope
from wasmbuild.link.wasi import WASI_FUNCTIONS
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import (
    Export,
    ExternType,
    FuncType,
    GlobalType,
    Import,
    MemoryType,
    TableType,
    TagType,
)

LOADER_ADDRESSES = (
    "__heap_base",
    "__heap_end",
    "__stack_low",
    "__stack_high",
    "__data_end",
    "__global_base",
    "__dso_handle",
)
"""Addresses that describe the process and not a module; the loader knows them, wherever they are imported."""

ENTRY_POINTS = frozenset({abi.START, abi.INITIALIZE, abi.CALL_CTORS})


@dataclass(frozen=True, slots=True)
class Provided:
    """A thing that the loader makes: memory, table, stack pointer, or a module's own bases."""

    what: Literal["memory", "table", "stack_pointer", "memory_base", "table_base"]


@dataclass(frozen=True, slots=True)
class Definition:
    """An export of a library in the scope."""

    library: int
    export: Export


@dataclass(frozen=True, slots=True)
class Address:
    """A GOT entry. `definition` is None for an address of the loader's, and for a weak symbol that nobody defines."""

    kind: Literal["mem", "func"]
    name: str
    definition: Definition | None


@dataclass(frozen=True, slots=True)
class Wasi:
    name: str


@dataclass(frozen=True, slots=True)
class HostFunction:
    """A function that the embedder supplies: the manifest's `imports`."""

    name: str


@dataclass(frozen=True, slots=True)
class HostAddress:
    """The table index of a function that the embedder supplies."""

    name: str


@dataclass(frozen=True, slots=True)
class WeakUndefined:
    """A function that nobody defines and that need not be defined: a call to it traps."""

    name: str


Binding = Provided | Definition | Address | Wasi | HostFunction | HostAddress | WeakUndefined


@dataclass(frozen=True, slots=True)
class Problem:
    """An import that cannot be bound."""

    code: Literal["undefined", "mismatch", "wrong-kind", "unsupported"]
    library: int
    import_: Import
    definition: Definition | None = None
    has: str = ""
    """What stands on the other side: the definition's type, or why the import cannot be supplied."""


@dataclass(frozen=True, slots=True)
class Resolution:
    bindings: tuple[tuple[Binding | Problem, ...], ...]
    """For each library of the scope, one binding for each of its imports."""
    symbols: Mapping[str, tuple[Definition, ...]]
    """Every symbol with all its definitions, in the scope's order."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(b for bindings in self.bindings for b in bindings if isinstance(b, Problem))


Host = Mapping[str, FuncType | None]
"""What the embedder supplies by name; None where only the name is known, as when a build is checked."""


def symbol_table(scope: Scope) -> Mapping[str, tuple[Definition, ...]]:
    """Every symbol with all its definitions, in the scope's order: the first one wins."""
    table: dict[str, list[Definition]] = {}
    for index, library in enumerate(scope.libraries):
        for export in library.module.exports:
            if export.name not in abi.LINKER_SYMBOLS and export.name not in ENTRY_POINTS:
                table.setdefault(export.name, []).append(Definition(index, export))
    return {name: tuple(definitions) for name, definitions in table.items()}


def resolve(scope: Scope, host: Host) -> Resolution:
    table = symbol_table(scope)
    return Resolution(
        tuple(
            tuple(_bind(scope, table, host, index, library, import_) for import_ in library.module.imports)
            for index, library in enumerate(scope.libraries)
        ),
        table,
    )


def _bind(
    scope: Scope,
    table: Mapping[str, tuple[Definition, ...]],
    host: Host,
    index: int,
    library: Library,
    import_: Import,
) -> Binding | Problem:
    match import_.module:
        case abi.ENV:
            return _provided(index, import_) or _symbol(scope, table, host, index, library, import_)
        case abi.GOT_MEM | abi.GOT_FUNC:
            return _got(scope, table, host, index, library, import_)
        case abi.WASI_SNAPSHOT_PREVIEW1:
            return _wasi(index, import_)
    return Problem("undefined", index, import_)


def _provided(index: int, import_: Import) -> Provided | Problem | None:
    type_ = import_.type
    match import_.name, type_:
        case abi.MEMORY, MemoryType():
            if type_.is64 or type_.shared or type_.page_size_p2 != 16:
                return Problem("unsupported", index, import_, has="the process has an unshared 32-bit memory")
            return Provided("memory")
        case abi.INDIRECT_FUNCTION_TABLE, TableType():
            if type_.is64 or type_.element != "funcref":
                return Problem("unsupported", index, import_, has="the process has a 32-bit table of funcref")
            return Provided("table")
        case abi.STACK_POINTER, GlobalType("i32", True):
            return Provided("stack_pointer")
        case abi.MEMORY_BASE, GlobalType("i32", False):
            return Provided("memory_base")
        case abi.TABLE_BASE, GlobalType("i32", False):
            return Provided("table_base")
    return None


def _symbol(
    scope: Scope,
    table: Mapping[str, tuple[Definition, ...]],
    host: Host,
    index: int,
    library: Library,
    import_: Import,
) -> Binding | Problem:
    if isinstance(import_.type, FuncType) and import_.name in host:
        has = host[import_.name]
        if has is not None and has != import_.type:
            return Problem("mismatch", index, import_, has=str(has))
        return HostFunction(import_.name)
    definitions = table.get(import_.name)
    if definitions:
        return _compare(scope, index, import_, definitions[0])
    if isinstance(import_.type, FuncType) and _is_weak(library, import_):
        return WeakUndefined(import_.name)
    return Problem("undefined", index, import_)


def _compare(scope: Scope, index: int, import_: Import, definition: Definition) -> Definition | Problem:
    has = exported_type(scope, definition)
    if has == import_.type:
        return definition
    same_kind = type(has) is type(import_.type) and isinstance(has, FuncType | TagType)
    return Problem("mismatch" if same_kind else "wrong-kind", index, import_, definition, str(has))


def _got(
    scope: Scope,
    table: Mapping[str, tuple[Definition, ...]],
    host: Host,
    index: int,
    library: Library,
    import_: Import,
) -> Binding | Problem:
    kind: Literal["mem", "func"] = "mem" if import_.module == abi.GOT_MEM else "func"
    if not isinstance(import_.type, GlobalType) or import_.type.value != "i32":
        return Problem("unsupported", index, import_, has="a GOT entry is a global of type i32")
    if kind == "func" and import_.name in host:
        return HostAddress(import_.name)
    if kind == "mem" and import_.name in LOADER_ADDRESSES:
        return Address(kind, import_.name, None)
    definitions = table.get(import_.name)
    if not definitions:
        weak = _is_weak(library, import_)
        return Address(kind, import_.name, None) if weak else Problem("undefined", index, import_)
    definition = definitions[0]
    has = exported_type(scope, definition)
    if isinstance(has, FuncType) != (kind == "func") or not isinstance(has, FuncType | GlobalType):
        return Problem("wrong-kind", index, import_, definition, str(has))
    return Address(kind, import_.name, definition)


def _wasi(index: int, import_: Import) -> Binding | Problem:
    has = WASI_FUNCTIONS.get(import_.name)
    if has is None:
        return Problem("undefined", index, import_)
    return Wasi(import_.name) if has == import_.type else Problem("mismatch", index, import_, has=str(has))


def exported_type(scope: Scope, definition: Definition) -> ExternType:
    return scope.libraries[definition.library].module.export_type(definition.export)


def _is_weak(library: Library, import_: Import) -> bool:
    dylink = library.module.dylink
    # LLVM writes `env` in IMPORT_INFO even for GOT imports, so the field's name decides.
    flags = dylink.import_flags.get((abi.ENV, import_.name), 0) if dylink else 0
    return bool(flags & abi.WEAK)
