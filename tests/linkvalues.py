"""Modules as values for the tests of `link`: written with `encode` and read with `decode`, without a compiler."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wasmbuild.link.scope import Library, NotFound, Scope, find_scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.encode import DataSpec, ElementSpec, Function, ModuleSpec, body, encode
from wasmbuild.wasm.module import (
    ConstExpr,
    Dylink,
    Export,
    FuncType,
    Global,
    GlobalType,
    Import,
    Limits,
    MemInfo,
    MemoryType,
    TableType,
    TagType,
)

I_I = FuncType(("i32",), ("i32",))
II_I = FuncType(("i32", "i32"), ("i32",))
NOTHING = FuncType()

GOT = GlobalType("i32", True)
UNREACHABLE_BODY = body(b"\0")

STANDARD = (
    Import(abi.ENV, abi.MEMORY, MemoryType(Limits(0))),
    Import(abi.ENV, abi.INDIRECT_FUNCTION_TABLE, TableType("funcref", Limits(0))),
    Import(abi.ENV, abi.STACK_POINTER, GlobalType("i32", True)),
    Import(abi.ENV, abi.MEMORY_BASE, GlobalType("i32")),
    Import(abi.ENV, abi.TABLE_BASE, GlobalType("i32")),
)
"""What every module that clang and wasm-ld make imports; the table base is global 2."""

TABLE_BASE_GLOBAL = 2

NO_AREAS = MemInfo()


def function_import(name: str, type_: FuncType = I_I, module: str = abi.ENV) -> Import:
    return Import(module, name, type_)


def got_mem(name: str) -> Import:
    return Import(abi.GOT_MEM, name, GOT)


def got_func(name: str) -> Import:
    return Import(abi.GOT_FUNC, name, GOT)


def spec(
    *,
    needed: Iterable[str] = (),
    imports: Iterable[Import] = (),
    functions: Mapping[str, FuncType] | None = None,
    data: Mapping[str, int] | None = None,
    tags: Mapping[str, FuncType] | None = None,
    own_elements: Iterable[str] = (),
    mem_info: MemInfo = NO_AREAS,
    weak: Iterable[str] = (),
    absolute: Iterable[str] = (),
    runtime_paths: Iterable[str] = (),
    standard: tuple[Import, ...] = STANDARD,
    aliases: Mapping[str, str] | None = None,
) -> ModuleSpec:
    """A shared library: `functions` and `data` (name → offset) are what it defines and exports, `own_elements` those
    of its functions that it puts into its own table area, in this order."""
    functions, data, tags = functions or {}, data or {}, tags or {}
    every = (*standard, *imports)
    first_function = sum(isinstance(i.type, FuncType) for i in every)
    first_global = sum(isinstance(i.type, GlobalType) for i in every)
    first_tag = sum(isinstance(i.type, TagType) for i in every)
    index = {name: first_function + place for place, name in enumerate(functions)}
    exports = [Export(name, "func", place) for name, place in index.items()]
    exports += [Export(alias, "func", index[name]) for alias, name in (aliases or {}).items()]
    exports += [Export(name, "global", first_global + place) for place, name in enumerate(data)]
    exports += [Export(name, "tag", first_tag + place) for place, name in enumerate(tags)]
    elements = tuple(index[name] for name in own_elements)
    return ModuleSpec(
        imports=every,
        functions=tuple(Function(type_, UNREACHABLE_BODY) for type_ in functions.values()),
        globals=tuple(Global(GlobalType("i32"), ConstExpr(None, offset)) for offset in data.values()),
        tags=tuple(TagType(type_) for type_ in tags.values()),
        exports=tuple(exports),
        elements=(ElementSpec(elements, ConstExpr(TABLE_BASE_GLOBAL, 0)),) if elements else (),
        data=(DataSpec(b"", ConstExpr(1, 0)),) if mem_info.memory_size else (),
        dylink=Dylink(
            mem_info,
            tuple(needed),
            dict.fromkeys(absolute, abi.ABSOLUTE),
            {(abi.ENV, name): abi.WEAK | abi.UNDEFINED for name in weak},
            tuple(runtime_paths),
        ),
    )


def library(name: str, module: ModuleSpec | None = None, identity: str | None = None, **parts: object) -> Library:
    """A library from a spec, or from the parts that `spec` takes."""
    made = module if module is not None else spec(**parts)  # type: ignore[arg-type]
    return Library(name, identity or f"/lib/{name}", decode(encode(made), name))


def opener(libraries: Iterable[Library]):  # type: ignore[no-untyped-def]
    """Finds libraries by their names, among these."""
    by_name = {each.name: each for each in libraries}

    def open_needed(needed: str, requester: Library, root: Library) -> Library | NotFound:
        return by_name.get(needed) or NotFound(("here", "there"))

    return open_needed


def scope_of(*libraries: Library) -> Scope:
    """The scope of the first of them; all that is needed must be among the others."""
    scope, missing = find_scope(libraries[0], opener(libraries))
    assert missing == ()
    return scope


def names(scope: Scope) -> list[str]:
    return [each.name for each in scope.libraries]
