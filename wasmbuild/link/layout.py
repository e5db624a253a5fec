"""Where everything is.

The layout of memory, from address 0: the stack (so that overflow runs below 0 and traps), each module's area, the
heap. Of the table: entry 0 stays null, each module's area, then one entry for each function whose address is needed
and that has none in its own module's area.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec
from msgspec import Struct

from wasmbuild.link.scope import Scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import GlobalType, MemInfo, MemoryType, Module, TableType

PAGE_BYTES = 65536
MAX_PAGES = 65536
MAX_TABLE_ELEMENTS = 10_000_000
"""What wasmtime allows a table to hold."""

STACK_BYTES = 1 << 20
"""When the program does not say. wasm-ld's own 64 KiB is too little for much of what is ported."""

STACK_ALIGN = 16


T = TypeVar("T", MemoryType, TableType)


def imported(scope: Scope, kind: type[T]) -> list[T]:
    return [i.type for library in scope.libraries for i in library.module.imports if isinstance(i.type, kind)]


class Layout(Struct, frozen=True):
    """Where everything is. Bases are 0 for a module that has no areas."""

    stack_high: int
    memory_bases: tuple[int, ...]
    table_bases: tuple[int, ...]
    heap_base: int
    table_end: int
    memory_pages: int

    def address(self, name: str) -> int:
        """The value of one of `LOADER_ADDRESSES`."""
        known = {
            "__stack_high": self.stack_high,
            "__global_base": self.stack_high,
            "__data_end": self.heap_base,
            "__heap_base": self.heap_base,
            "__heap_end": min(self.memory_pages * PAGE_BYTES, abi.ADDRESS_MASK),
        }
        return known.get(name, 0)


def lay_out(scope: Scope, stack_bytes: int = STACK_BYTES) -> Layout:
    """Place the areas. The result may be more than a process can have: `check` says so before it is used."""
    memory = stack_high = align(stack_bytes, STACK_ALIGN)
    table = 1
    memory_bases, table_bases = [], []
    for library in scope.libraries:
        info = areas(library.module)
        if library.module.dylink is None:
            memory_bases.append(0)
            table_bases.append(0)
            continue
        memory, table = align(memory, 1 << info.memory_p2align), align(table, 1 << info.table_p2align)
        memory_bases.append(memory)
        table_bases.append(table)
        memory, table = memory + info.memory_size, table + info.table_size
    heap_base = align(memory, STACK_ALIGN)
    pages = max(-(-heap_base // PAGE_BYTES), *(type_.limits.minimum for type_ in imported(scope, MemoryType)), 0)
    return Layout(stack_high, tuple(memory_bases), tuple(table_bases), heap_base, table, pages)


def areas(module: Module) -> MemInfo:
    """The areas that a module has in memory and table: what it asks for, and behind its data its thread-local block, of
    which a process with one thread has one. Who registers destructors does it under `__dso_handle`, the start of its
    area, which is nobody else's only if there is a byte in it."""
    info = module.dylink.mem_info if module.dylink else MemInfo()
    if info.memory_size == 0 and any(each.name in abi.ATEXIT for each in module.imports):
        info = msgspec.structs.replace(info, memory_size=1)
    offset = tls_offset(module)
    if offset is None:
        return info
    p2align = max(info.memory_p2align, (_constant(module, abi.TLS_ALIGN) - 1).bit_length())
    return msgspec.structs.replace(info, memory_size=offset + _constant(module, abi.TLS_SIZE), memory_p2align=p2align)


def tls_offset(module: Module) -> int | None:
    """Where in its memory area a module's thread-local block is; None where it has none."""
    if module.dylink is None or abi.INIT_TLS not in module.exports_by_name:
        return None
    return align(module.dylink.mem_info.memory_size, max(_constant(module, abi.TLS_ALIGN), 1))


def _constant(module: Module, name: str) -> int:
    """The value of an exported constant; 0 where there is none."""
    export = module.exports_by_name.get(name)
    global_ = module.defined_global(export.index) if export is not None and export.kind == "global" else None
    return global_.init.value & abi.ADDRESS_MASK if global_ is not None and global_.init is not None else 0


def own_entries(module: Module, table_base: int) -> Mapping[int, int]:
    """The table entries that a module fills itself when it is instantiated: function index → table index."""
    entries: dict[int, int] = {}
    imported_globals = [i for i in module.imports if isinstance(i.type, GlobalType)]
    for element in module.elements:
        if element.mode != "active" or element.offset is None or element.table != 0:
            continue
        base = element.offset.base_global
        if base is not None and (base >= len(imported_globals) or imported_globals[base].name != abi.TABLE_BASE):
            continue
        start = element.offset.value + (table_base if base is not None else 0)
        for table_index, function in enumerate(element.functions, start):
            if function is not None:
                entries.setdefault(function, table_index)
    return entries


def align(value: int, alignment: int) -> int:
    return -(-value // alignment) * alignment
