"""What a module offers to others: its symbols with their types, and a short hash of them, by which a module that was
linked against another build can tell. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from wasmbuild.link.resolve import private_names
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import ExternKind, ExternType, Module

HASH_LETTERS = 12


class Symbol(NamedTuple):
    kind: ExternKind
    type: ExternType
    is_tls: bool


def offered(module: Module) -> Mapping[str, Symbol]:
    """What other modules find by name."""
    private = private_names(module)
    flags = module.dylink.export_flags if module.dylink else {}
    return {
        export.name: Symbol(export.kind, module.export_type(export), bool(flags.get(export.name, 0) & abi.TLS))
        for export in module.exports
        if export.name not in private
    }


def symbol_text(symbol: Symbol) -> str:
    """Its type, for people and for the hash."""
    if symbol.kind == "global":
        return "thread-local data" if symbol.is_tls else "data"
    return str(symbol.type)


def abi_hash(module: Module) -> str:
    """The same for equal names with equal types: of a library, and of the interface that others are linked against."""
    lines = sorted(f"{name} {symbol_text(symbol)}\n" for name, symbol in offered(module).items())
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:HASH_LETTERS]
