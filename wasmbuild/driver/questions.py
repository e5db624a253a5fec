"""Programs that are linked only to see whether they can be. Pure.

So ask scripts that configure a project whether a function exists: they call it by no type of its own, as in
`char strdup (); int main () { return strdup (); }`. Other linkers do not look at types, and answer that it does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from wasmbuild.builder.inputs import Input
from wasmbuild.diagnostics import Diagnostic
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import MAGIC, VERSION
from wasmbuild.wasm.encode import EXPORT_SECTION, encoded_export, section, vector
from wasmbuild.wasm.module import FuncType, Module
from wasmbuild.wasm.objects import defined_symbols, exportable, symbol_type, undefined_symbols

_MAINS = frozenset((*abi.MAINS, abi.MAIN_VOID, "__original_main"))
"""What one `main` is in an object."""

_TYPE = FuncType((), ("i32",))


def asked_for(inputs: Sequence[Input], libraries: Iterable[Module]) -> frozenset[str]:
    """The functions that a program asks for which is nothing but `main`, where they are there and of another type."""
    objects = [each for each in inputs if not each.is_member]
    if len(objects) != 1:
        return frozenset()
    obj = objects[0].object
    if not _MAINS.issuperset(symbol.name for symbol in defined_symbols(obj) if symbol.kind == "function"):
        return frozenset()
    called = (each for each in undefined_symbols(obj) if each.kind == "function" and symbol_type(obj, each) == _TYPE)
    asked = frozenset(symbol.name for symbol in called)
    found = _defined(inputs, libraries, asked) if asked else ()
    return frozenset(name for name, type_ in found if type_ != _TYPE)


def _defined(
    inputs: Iterable[Input], libraries: Iterable[Module], names: frozenset[str]
) -> Iterator[tuple[str, object]]:
    for each in inputs:
        for symbol in exportable(each.object) if each.is_member else ():
            if symbol.kind == "function" and symbol.name in names:
                yield symbol.name, symbol_type(each.object, symbol)
    for module in libraries:
        for name in names:
            export = module.exports_by_name.get(name)
            if export is not None and export.kind == "func":
                yield name, module.export_type(export)


def without(data: bytes, module: Module, names: Collection[str]) -> bytes:
    """A library that does not export these functions, so that a linker has no types of them to compare."""
    parts, end = [data[: len(MAGIC) + len(VERSION)]], len(MAGIC) + len(VERSION)
    kept = vector([encoded_export(export) for export in module.exports if export.name not in names])
    for each in module.sections:
        start, end = end, each.offset + each.size_bytes
        parts.append(section(EXPORT_SECTION, kept) if each.id == EXPORT_SECTION else data[start:end])
    return b"".join(parts)


def warning(asked: Iterable[str], output: str) -> Diagnostic:
    return Diagnostic(
        "signature-mismatch",
        f"linked only to see whether it can be: `{output}`",
        facts=(("called by no type of its own", ", ".join(f"`{name}`" for name in sorted(asked))),),
        notes=("so ask scripts that configure a project; the program cannot be loaded",),
        severity="warning",
    )
