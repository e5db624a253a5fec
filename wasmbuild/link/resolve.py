"""What each import of each module is bound to: by name first, then the types are compared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Literal, NamedTuple

from msgspec import Struct

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
    Module,
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
NOT_SYMBOLS = abi.LINKER_SYMBOLS | ENTRY_POINTS
"""What a module exports about itself: no other module's import binds to it."""


def private_names(module: Module) -> frozenset[str]:
    """The names under which no other module finds an export of this one."""
    private = module.dylink.private_exports() if module.dylink is not None else None
    return NOT_SYMBOLS | private if private else NOT_SYMBOLS


class Provided(Struct, frozen=True):
    """A thing that the loader makes: memory, table, stack pointer, or a module's own bases."""

    what: Literal["memory", "table", "stack_pointer", "memory_base", "table_base", "tls_base"]


class Definition(NamedTuple):
    """An export of a library in the scope. A tuple: large processes have hundreds of thousands of them."""

    library: int
    export: Export


class Address(Struct, frozen=True):
    """A GOT entry. `definition` is None for an address of the loader's, and for a weak symbol that nobody defines."""

    kind: Literal["mem", "func"]
    name: str
    definition: Definition | None


class OfWasi(Struct, frozen=True):
    name: str


class OfHost(Struct, frozen=True):
    """A function that the embedder supplies: the manifest's `imports`."""

    name: str


class AddressOfHost(Struct, frozen=True):
    """The table index of a function that the embedder supplies."""

    name: str


class OfLoader(Struct, frozen=True):
    """A function of the dlopen family. It belongs to the importing library: the loader must know who asks."""

    name: str


class WeakUndefined(Struct, frozen=True):
    """A function that nobody defines and that need not be defined: a call to it traps."""

    name: str


Binding = Provided | Definition | Address | OfWasi | OfLoader | OfHost | AddressOfHost | WeakUndefined

LOADER_FUNCTIONS: Mapping[str, FuncType] = {
    name: FuncType(("i32",) * parameters, ("i32",))
    for name, parameters in (("dlopen", 2), ("dlsym", 2), ("dlclose", 1), ("dlerror", 2), ("dladdr", 5))
}
"""What libc.so imports from the loader."""

_CALLER_MATTERS = ("dlopen", "dlsym")


class Problem(Struct, frozen=True):
    """An import that cannot be bound."""

    code: Literal["undefined", "mismatch", "wrong-kind", "unsupported"]
    library: int
    import_: Import
    definition: Definition | None = None
    has: str = ""
    """What stands on the other side: the definition's type, or why the import cannot be supplied."""


Symbols = Mapping[str, tuple[Definition, ...]]
"""Every symbol with all its definitions, in the order of a scope."""


class Resolution(Struct, frozen=True):
    bindings: tuple[tuple[Binding | Problem, ...], ...]
    """For each library of the scope, one binding for each of its imports."""
    symbols: Symbols

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(b for bindings in self.bindings for b in bindings if isinstance(b, Problem))


Host = Mapping[str, FuncType | None]
"""What the embedder supplies by name; None where only the name is known, as when a build is checked."""


def symbol_table(scope: Scope, before: Symbols | None = None, start: int = 0) -> Symbols:
    """Every symbol with all its definitions, in the scope's order: the first one wins. `before` is the table of the
    first `start` libraries, where somebody has it already."""
    table = dict(before or {})
    many: dict[str, list[Definition]] = {}  # a tuple that grows by one each time takes the square of its length
    for index in range(start, len(scope.libraries)):
        module = scope.libraries[index].module
        private = private_names(module)
        for export in module.exports:
            name = export.name
            if name not in private:
                definition = Definition(index, export)
                if name not in table:
                    table[name] = (definition,)
                elif name in many:
                    many[name].append(definition)
                else:
                    many[name] = [*table[name], definition]
    table.update((name, tuple(definitions)) for name, definitions in many.items())
    return table


def resolve(scope: Scope, host: Host, known: Collection[int] = (), table: Symbols | None = None) -> Resolution:
    """Bind the imports of a scope's libraries. Those in `known` are in the process already: they define symbols, and
    what they import was bound before. `table` is the scope's symbol table, where somebody has it already."""
    table = symbol_table(scope) if table is None else table
    return Resolution(
        tuple(
            tuple(_bind(scope, table, host, index, library, import_) for import_ in library.module.imports)
            if index not in known
            else ()
            for index, library in enumerate(scope.libraries)
        ),
        table,
    )


def _bind(
    scope: Scope,
    table: Symbols,
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
            return _supplied(WASI_FUNCTIONS, OfWasi, index, library, import_)
        case abi.LOADER:
            return _supplied(LOADER_FUNCTIONS, OfLoader, index, library, import_)
    return _unbound(index, library, import_)


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
        case abi.STACK_POINTER, GlobalType(abi.POINTER_TYPE, True):
            return Provided("stack_pointer")
        case abi.MEMORY_BASE, GlobalType(abi.POINTER_TYPE, False):
            return Provided("memory_base")
        case abi.TABLE_BASE, GlobalType(abi.POINTER_TYPE, False):
            return Provided("table_base")
        case abi.TLS_BASE, GlobalType(abi.POINTER_TYPE, True):
            return Provided("tls_base")
    has = _LOADERS.get(import_.name)
    return Problem("unsupported", index, import_, has=f"the loader has {has}") if has else None


_LOADERS = {
    abi.MEMORY: "a memory",
    abi.INDIRECT_FUNCTION_TABLE: "a table",
    abi.STACK_POINTER: "a mutable global of type i32",
    abi.MEMORY_BASE: "a constant global of type i32",
    abi.TABLE_BASE: "a constant global of type i32",
}
"""What the loader has under a name, for an import of another type."""


def _symbol(
    scope: Scope,
    table: Symbols,
    host: Host,
    index: int,
    library: Library,
    import_: Import,
) -> Binding | Problem:
    if isinstance(import_.type, FuncType) and import_.name in host:
        has = host[import_.name]
        if has is not None and has != import_.type:
            return Problem("mismatch", index, import_, has=str(has))
        return OfHost(import_.name)
    definitions = table.get(import_.name)
    if definitions:
        if import_.name in _CALLER_MATTERS and _asks_loader(scope, definitions[0], import_):
            return OfLoader(import_.name)
        return _compare(scope, index, import_, definitions[0])
    return _unbound(index, library, import_)


def _unbound(index: int, library: Library, import_: Import) -> WeakUndefined | Problem:
    """Nobody has it: only a weak function need not be there."""
    if isinstance(import_.type, FuncType) and _is_weak(library, import_):
        return WeakUndefined(import_.name)
    return Problem("undefined", index, import_)


def _asks_loader(scope: Scope, definition: Definition, import_: Import) -> bool:
    """Whether a definition of dlopen or dlsym is our libc's, which does nothing but ask the loader."""
    asked = scope.libraries[definition.library].module.import_names
    return import_.type == LOADER_FUNCTIONS[import_.name] and (abi.LOADER, import_.name) in asked


def _compare(scope: Scope, index: int, import_: Import, definition: Definition) -> Definition | Problem:
    has = exported_type(scope, definition)
    if has == import_.type:
        return definition
    same_kind = type(has) is type(import_.type) and isinstance(has, FuncType | TagType)
    return Problem("mismatch" if same_kind else "wrong-kind", index, import_, definition, str(has))


def _got(
    scope: Scope,
    table: Symbols,
    host: Host,
    index: int,
    library: Library,
    import_: Import,
) -> Binding | Problem:
    kind: Literal["mem", "func"] = "mem" if import_.module == abi.GOT_MEM else "func"
    if import_.type != GlobalType(abi.POINTER_TYPE, mutable=True):
        return Problem("unsupported", index, import_, has="a GOT entry is a mutable global of type i32")
    if kind == "func" and import_.name in host:
        return AddressOfHost(import_.name)
    if kind == "mem" and import_.name in LOADER_ADDRESSES:
        return Address(kind, import_.name, None)
    definitions = table.get(import_.name)
    if not definitions:
        weak = _is_weak(library, import_)
        return Address(kind, import_.name, None) if weak else Problem("undefined", index, import_)
    definition = definitions[0]
    has = exported_type(scope, definition)
    fits = isinstance(has, FuncType) if kind == "func" else has == GlobalType(abi.POINTER_TYPE, mutable=False)
    if not fits:
        return Problem("wrong-kind", index, import_, definition, str(has))
    return Address(kind, import_.name, definition)


def _supplied(
    functions: Mapping[str, FuncType],
    make: Callable[[str], OfWasi | OfLoader],
    index: int,
    library: Library,
    import_: Import,
) -> Binding | Problem:
    has = functions.get(import_.name)
    if has is None:
        return _unbound(index, library, import_)
    return make(import_.name) if has == import_.type else Problem("mismatch", index, import_, has=str(has))


def definers_of(bindings: Iterable[Binding | Problem]) -> set[int]:
    """The libraries of the scope whose symbols are among the bindings."""
    definitions = [b.definition if isinstance(b, Address) else b for b in bindings]
    return {definition.library for definition in definitions if isinstance(definition, Definition)}


def exported_type(scope: Scope, definition: Definition) -> ExternType:
    return scope.libraries[definition.library].module.export_type(definition.export)


def _is_weak(library: Library, import_: Import) -> bool:
    dylink = library.module.dylink
    return dylink is not None and dylink.is_weak(import_.module, import_.name)
