"""Whether a module keeps to what it asked for: the process's one memory and table, and its own area in each. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from msgspec import Struct

from wasmbuild.link.layout import areas
from wasmbuild.link.scope import Library
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import ConstExpr, GlobalType, Module


class OwnMemory(Struct, frozen=True):
    """A module brings a memory or a table of its own, where all modules share one."""

    library: int


class OutsideSegment(Struct, frozen=True):
    """Bytes or elements at `start`: from the module's base, or `fixed`, as an address."""

    number: int
    start: int
    size: int
    fixed: bool


class OutsideArea(Struct, frozen=True):
    """Segments that reach beyond the area that a module asked for: they would overwrite what others have there."""

    library: int
    what: Literal["data", "table entries"]
    area: int
    segments: tuple[OutsideSegment, ...]


AreaMisfit: TypeAlias = OwnMemory | OutsideArea


def area_misfits(index: int, library: Library, alone: bool) -> Iterator[AreaMisfit]:
    """`alone`: it is the only module of the process, and may have its own of what it has no area in."""
    module = library.module
    if module.dylink is None:
        return
    if _owns(module, alone):
        yield OwnMemory(index)
    info = areas(module)
    if not module.owns_memory:
        data = [(segment.offset, segment.size_bytes) for segment in module.data if segment.memory == 0]
        outside = tuple(_outside(module, data, abi.MEMORY_BASE, info.memory_size))
        if outside:
            yield OutsideArea(index, "data", info.memory_size, outside)
    if not module.owns_table:
        elements = [(segment.offset, len(segment.functions)) for segment in module.elements if segment.table == 0]
        outside = tuple(_outside(module, elements, abi.TABLE_BASE, info.table_size))
        if outside:
            yield OutsideArea(index, "table entries", info.table_size, outside)


def _owns(module: Module, alone: bool) -> bool:
    imports = {i.module if i.module in (abi.GOT_MEM, abi.GOT_FUNC) else i.name for i in module.imports}
    of_memory = {abi.GOT_MEM, abi.MEMORY_BASE, abi.STACK_POINTER, abi.TLS_BASE}
    of_table = {abi.GOT_FUNC, abi.TABLE_BASE}
    memory = module.owns_memory and (not alone or bool(imports & of_memory))
    return memory or (module.owns_table and (not alone or bool(imports & of_table)))


def _outside(
    module: Module, segments: list[tuple[ConstExpr | None, int]], base: str, area: int
) -> Iterator[OutsideSegment]:
    """Only where the offset is a constant, or a base and a constant: that is all that linkers write."""
    bases = [import_.name for import_ in module.imports if isinstance(import_.type, GlobalType)]
    for number, (offset, size) in enumerate(segments):
        if offset is None or size == 0:
            continue
        if offset.base_global is None:
            yield OutsideSegment(number, offset.value % (1 << abi.POINTER_BITS), size, fixed=True)
            continue
        relative = offset.base_global < len(bases) and bases[offset.base_global] == base
        if relative and (offset.value < 0 or offset.value + size > area):
            yield OutsideSegment(number, offset.value, size, fixed=False)
