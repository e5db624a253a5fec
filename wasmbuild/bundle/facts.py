"""What a page shows of a link: modules with their sizes, exports and imports, and who binds what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from wasmbuild.bundle.declared import Function
from wasmbuild.explain.needed import NeededGraph
from wasmbuild.link.resolve import (
    Address,
    AddressOfHost,
    Definition,
    OfHost,
    OfLoader,
    OfWasi,
    Provided,
    WeakUndefined,
    private_names,
    resolve,
)
from wasmbuild.link.scope import Library, Scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode_names
from wasmbuild.wasm.demangle import demangle
from wasmbuild.wasm.module import Module
from wasmbuild.wasm.reader import Cursor

Code: TypeAlias = Sequence[tuple[str, int]]
"""Functions by their names, with their sizes in bytes."""


def facts(
    graph: NeededGraph,
    scopes: Sequence[tuple[Scope, Mapping[str, None]]],
    functions: Mapping[str, Sequence[Function]],
    code: Mapping[str, Code],
) -> list[dict[str, Any]]:
    """One for each node of the graph, in its order. `functions` are what headers declare, by identity, as `code` is."""
    by: dict[str, dict[str, dict[str, None]]] = {}
    used: dict[str, dict[str, dict[str, None]]] = {}
    libraries: dict[str, Library] = {}
    for scope, host in scopes:
        libraries.update((library.identity, library) for library in scope.libraries)
        for library, bindings in zip(scope.libraries, resolve(scope, host).bindings, strict=True):
            for import_, binding in zip(library.module.imports, bindings, strict=True):
                key = f"{import_.module} {import_.name}"
                who = _supplier(binding, scope)
                by.setdefault(library.identity, {}).setdefault(key, {})[who] = None
                definition = binding.definition if isinstance(binding, Address) else binding
                if isinstance(definition, Definition):
                    other = scope.libraries[definition.library]
                    if other is not library:
                        users = used.setdefault(other.identity, {}).setdefault(definition.export.name, {})
                        users[library.name] = None
    found = []
    for node in graph.nodes:
        library = libraries[node.id]
        declared = {function.name: function.text for function in functions.get(node.id, ())}
        found.append(
            {
                "name": node.name,
                "kind": node.kind,
                "size_bytes": library.module.size_bytes,
                "sections": _sections(library.module),
                "code": code.get(node.id, []),
                "exports": [
                    [name, type_, declared.get(name), [*used.get(node.id, {}).get(name, ())]]
                    for name, type_ in _exports(library.module)
                ],
                "imports": [
                    [each.name, _kind(each.module), str(each.type), [*by[node.id][f"{each.module} {each.name}"]]]
                    for each in library.module.imports
                    if each.name not in abi.OF_LOADER
                ],
            }
        )
    return found


def _exports(module: Module) -> list[tuple[str, str]]:
    hidden = private_names(module)
    shown = [each for each in module.exports if each.name not in hidden]
    return [(each.name, "data" if each.kind == "global" else str(module.export_type(each))) for each in shown]


def _kind(module: str) -> str:
    """What is imported: a function, an address of data, or of a function."""
    return {abi.GOT_MEM: "address", abi.GOT_FUNC: "pointer"}.get(module, "function")


def _supplier(binding: object, scope: Scope) -> str:
    match binding:
        case Definition(library=number) | Address(definition=Definition(library=number)):
            return scope.libraries[number].name
        case OfWasi():
            return "WASI"
        case OfLoader() | Provided():
            return "the loader"
        case OfHost() | AddressOfHost():
            return "the host"
        case WeakUndefined() | Address():
            return "nobody (weak)"
        case _:
            return "nobody"


def _sections(module: Module) -> list[tuple[str, int]]:
    """Sizes in bytes of what it is made of, largest first: code and data, names and debug information, and the rest."""
    sizes: dict[str, int] = {}
    for section in module.sections:
        part = "debug" if section.id == 0 and section.name.startswith(".debug") else section.name
        sizes[part] = sizes.get(part, 0) + section.size_bytes
    rest = module.size_bytes - sum(sizes.values())
    if rest > 0:
        sizes["headers"] = rest
    return sorted(sizes.items(), key=lambda each: (-each[1], each[0]))


_NAMED = 60
"""Functions of a module that are shown by their names."""


def code_of(data: bytes, module: Module, known: Mapping[int, str]) -> Code:
    """The largest functions with their sizes in bytes, as far as their names are known (`known`: from elsewhere); then
    all others, as one."""
    section = next((each for each in module.sections if each.id == _CODE), None)
    if section is None:
        return []
    imported = len(module.function_space) - len(module.functions)
    names = {
        **known,
        **decode_names(data, module),
        **{each.index: each.name for each in module.exports if each.kind == "func"},
    }
    sizes = []
    cursor = Cursor(data, section.offset, section.offset + section.size_bytes, "", "the code section")
    for number in range(cursor.u32()):
        start = cursor.pos
        cursor.skip(cursor.u32())
        sizes.append((cursor.pos - start, imported + number))
    named = sorted(((size, index) for size, index in sizes if index in names), key=lambda each: (-each[0], each[1]))
    found = [(demangle(names[index]), size) for size, index in named[:_NAMED]]
    rest = section.size_bytes - sum(size for _, size in found)
    return [*found, ("others", rest)] if found else []


_CODE = 10
