"""The interface of a library: a module that exports what the library will export, and has nothing in it.

Others are linked against it in the library's place. So no link waits for another, libraries may need each other in a
circle, and a change inside of a library links nothing again but the library itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from wasmbuild.builder.inputs import choose_exports, exported_symbols, read_inputs
from wasmbuild.builder.linkspec import read_link_spec
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.wasm import abi
from wasmbuild.wasm.encode import UNREACHABLE, Function, ModuleSpec, body, encode
from wasmbuild.wasm.module import ConstExpr, Dylink, Export, FuncType, Global, GlobalType, MemInfo, TagType
from wasmbuild.wasm.objects import ObjectFile, Symbol, symbol_type


def write_interface(spec_path: Path, output: Path) -> None:
    """Read the objects of a link and write its interface, if it is not what is there. Raises WasmbuildError where the
    exports cannot be chosen."""
    spec = read_link_spec(spec_path)
    inputs = list(read_inputs(spec))
    exported = exported_symbols(spec, inputs, choose_exports(spec, inputs))
    replace_if_different(output, interface_module(exported.items()))


def interface_module(exported: Iterable[tuple[str, tuple[ObjectFile, Symbol]]]) -> bytes:
    """A shared library of these names and types: a function traps, and data lies at 0. Equal exports are equal bytes,
    whatever the order of the objects."""
    functions: dict[FuncType, int] = {}
    tags: dict[TagType, int] = {}
    exports, flags = [], {}
    for name, (object_, symbol) in sorted(exported, key=lambda entry: entry[0]):
        match symbol_type(object_, symbol):
            case FuncType() as type_:
                exports.append(Export(name, "func", functions.setdefault(type_, len(functions))))
            case TagType() as tag:
                exports.append(Export(name, "tag", tags.setdefault(tag, len(tags))))
            case _:  # an address
                exports.append(Export(name, "global", 0))
        if kept := symbol.flags & (abi.TLS | abi.ABSOLUTE):
            flags[name] = kept
    spec = ModuleSpec(
        functions=tuple(Function(type_, body(UNREACHABLE)) for type_ in functions),
        tags=tuple(tags),
        globals=(Global(GlobalType("i32"), ConstExpr(None, 0)),),
        exports=tuple(exports),
        dylink=Dylink(MemInfo(), (), flags, {}, ()),
    )
    return encode(spec)
