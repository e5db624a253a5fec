"""Why a symbol is what it is in a process: who imports it and how, who defines it, who wins. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from wasmbuild.link.resolve import (
    NOT_SYMBOLS,
    Address,
    AddressOfHost,
    Binding,
    Definition,
    Host,
    OfHost,
    OfLoader,
    OfWasi,
    Problem,
    Provided,
    Resolution,
    WeakUndefined,
    exported_type,
    private_names,
    resolve,
)
from wasmbuild.link.scope import Library, Scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.demangle import demangle
from wasmbuild.wasm.module import ExternType, FuncType, Import, MemoryType, TableType, TagType

How: TypeAlias = Literal["call", "address of function", "address of data", "tag", "memory", "table", "global"]

Outcome: TypeAlias = Literal["bound", "undefined", "mismatch", "wrong-kind", "unsupported", "weak"]


class Use(Struct, frozen=True):
    """An import: `module` is where it is imported from, `bound_to` who supplies it (None: nobody)."""

    library: str
    module: str
    how: How
    type: str
    weak: bool
    outcome: Outcome
    bound_to: str | None


class Definer(Struct, frozen=True):
    """An export: `place` is its library's in the scope, from 1; `chain` who needs that library, up to the root.

    `status`: "used" is the first one, "hidden" those behind it; "private" is a name that describes its own module,
    or that its flags hide: nobody else is ever bound to it.
    """

    library: str
    path: str
    kind: Literal["function", "data", "tag", "memory", "table"]
    type: str
    weak: bool
    place: int
    chain: tuple[str, ...]
    status: Literal["used", "hidden", "private"]


class Explanation(Struct, frozen=True):
    """One symbol in one process. `scope` has all its libraries, in the order in which names are looked up."""

    root: str
    symbol: str
    demangled: str | None
    uses: tuple[Use, ...]
    definitions: tuple[Definer, ...]
    scope: tuple[str, ...]
    verdict: str

    @property
    def fits(self) -> bool:
        return all(use.outcome in ("bound", "weak") for use in self.uses)


def names_of(scope: Scope) -> frozenset[str]:
    """Every name that some module of the scope imports or exports."""
    modules = [library.module for library in scope.libraries]
    exported = {export.name for module in modules for export in module.exports}
    return frozenset(exported | {import_.name for module in modules for import_ in module.imports})


def matching(wanted: str, names: Iterable[str]) -> tuple[str, ...]:
    """The symbols that a user means: the name itself, else a C++ name as people write it, with its parameters or
    without (then all overloads)."""
    names = sorted(names)
    if wanted in names:
        return (wanted,)
    bare = _squeezed(wanted)
    meanings = [(name, _squeezed(demangle(name))) for name in names if name.startswith("_Z")]
    exact = tuple(name for name, meaning in meanings if meaning == bare)
    return exact or tuple(name for name, meaning in meanings if _without_parameters(meaning) == bare)


def explain(scope: Scope, host: Host, root: str, symbols: Collection[str]) -> Iterator[Explanation]:
    """One for each of the symbols that some module of the scope has; `root` is what to call the process."""
    resolution = resolve(scope, host)
    uses = _uses(scope, resolution, frozenset(symbols))
    private = [private_names(library.module) for library in scope.libraries]
    for symbol in symbols:
        definitions = tuple(_definitions(scope, resolution, private, symbol))
        if uses[symbol] or definitions:
            yield _explanation(scope, root, symbol, tuple(uses[symbol]), definitions)


def _explanation(
    scope: Scope, root: str, symbol: str, uses: tuple[Use, ...], definitions: tuple[Definer, ...]
) -> Explanation:
    meaning = demangle(symbol)
    return Explanation(
        root=root,
        symbol=symbol,
        demangled=None if meaning == symbol else meaning,
        uses=uses,
        definitions=definitions,
        scope=tuple(library.name for library in scope.libraries),
        verdict=_verdict(symbol, uses, definitions, len(scope.libraries)),
    )


def _uses(scope: Scope, resolution: Resolution, symbols: frozenset[str]) -> Mapping[str, list[Use]]:
    found: dict[str, list[Use]] = {symbol: [] for symbol in symbols}
    for library, bindings in zip(scope.libraries, resolution.bindings, strict=True):
        for import_, binding in zip(library.module.imports, bindings, strict=True):
            if import_.name in found:
                outcome, bound_to = _outcome(scope, binding)
                dylink = library.module.dylink
                weak = dylink is not None and dylink.is_weak(import_.module, import_.name)
                use = Use(library.name, import_.module, _how(import_), str(import_.type), weak, outcome, bound_to)
                found[import_.name].append(use)
    return found


def _how(import_: Import) -> How:
    if import_.module == abi.GOT_FUNC:
        return "address of function"
    if import_.module == abi.GOT_MEM:
        return "address of data"
    return _kind_of_import(import_.type)


def _kind_of_import(type_: ExternType) -> How:
    match type_:
        case FuncType():
            return "call"
        case TagType():
            return "tag"
        case MemoryType():
            return "memory"
        case TableType():
            return "table"
    return "global"


def _outcome(scope: Scope, binding: Binding | Problem) -> tuple[Outcome, str | None]:
    match binding:
        case Definition(library) | Address(_, _, Definition(library)):
            return "bound", scope.libraries[library].name
        case Address("mem", name, None) if name in abi.LINKER_SYMBOLS:
            return "bound", "the loader"
        case Provided() | OfLoader():
            return "bound", "the loader"
        case OfWasi():
            return "bound", "WASI"
        case OfHost() | AddressOfHost():
            return "bound", "the host"
        case Address() | WeakUndefined():
            return "weak", None
        case Problem(code, _, _, definition):
            return code, scope.libraries[definition.library].name if definition else None
    raise AssertionError(f"no outcome for {binding}")


def _definitions(
    scope: Scope, resolution: Resolution, private: Sequence[frozenset[str]], symbol: str
) -> Iterator[Definer]:
    joined = resolution.symbols.get(symbol, ())
    for place, definition in enumerate(joined):
        yield _definer(scope, definition, "hidden" if place else "used")
    for index, library in enumerate(scope.libraries):
        if symbol in private[index]:
            export = library.module.exports_by_name.get(symbol)
            if export is not None:
                yield _definer(scope, Definition(index, export), "private")


def _definer(scope: Scope, definition: Definition, status: Literal["used", "hidden", "private"]) -> Definer:
    library: Library = scope.libraries[definition.library]
    flags = library.module.dylink.export_flags.get(definition.export.name, 0) if library.module.dylink else 0
    kinds: dict[str, Literal["function", "data", "tag", "memory", "table"]] = {
        "func": "function",
        "global": "data",
        "tag": "tag",
        "memory": "memory",
        "table": "table",
    }
    return Definer(
        library=library.name,
        path=library.identity,
        kind=kinds[definition.export.kind],
        type=str(exported_type(scope, definition)),
        weak=bool(flags & abi.WEAK),
        place=definition.library + 1,
        chain=tuple(scope.libraries[index].name for index in scope.chain(definition.library)[1:]),
        status=status,
    )


def _verdict(symbol: str, uses: tuple[Use, ...], definitions: tuple[Definer, ...], size: int) -> str:
    """One sentence: who supplies the symbol in this process, and by which rule."""
    used = next((definer for definer in definitions if definer.status == "used"), None)
    suppliers = {use.bound_to for use in uses if use.bound_to is not None} - {used.library if used else None}
    others = sum(definer.status == "hidden" for definer in definitions)
    if definitions and used is None and symbol in NOT_SYMBOLS:
        return "each module has its own: the name describes the module, and nobody is bound to another's"
    if definitions and used is None and not suppliers:
        owners = " and ".join(dict.fromkeys(definer.library for definer in definitions))
        return f"defined for itself alone, by {owners}: its flags say that it is hidden or local"
    if suppliers:
        supplier = " and ".join(sorted(str(supplier) for supplier in suppliers))
        hidden = f", whatever {used.library} defines" if used else ""
        return f"supplied by {supplier}{hidden}"
    if used is None:
        if all(use.outcome == "weak" for use in uses):
            return "nobody defines it; it is weak: its address is 0, and a call to it traps"
        return "nobody defines it"
    where = "the root" if used.place == 1 else f"number {used.place} of {size}"
    if others:
        weakness = ", though it is weak: that counts only within one link" if used.weak else ""
        return f"{used.library} wins: the first of {others + 1} that define it, {where} in the scope{weakness}"
    if not uses:
        return f"{used.library} defines it, and nobody imports it"
    return f"{used.library} is the only one that defines it"


def _squeezed(name: str) -> str:
    return "".join(name.split())


def _without_parameters(name: str) -> str:
    """Of `f<int>(int)const`, `f<int>`; the parentheses of an `operator()` or an `(anonymous namespace)` stay."""
    depth, end = 0, name.rfind(")") + 1
    for place in range(end - 1, -1, -1):
        depth += (name[place] == ")") - (name[place] == "(")
        if depth == 0 and place < end:
            return name[:place] or name
    return name
