"""Whether a scope fits, and then the plan: what `check`, the loaders and a build decide alike. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from wasmbuild.link.areas import AreaMisfit, area_misfits
from wasmbuild.link.entries import NotCallable, entry_misfits
from wasmbuild.link.layout import MAX_PAGES, MAX_TABLE_ELEMENTS, PAGE_BYTES, STACK_BYTES, Layout, lay_out
from wasmbuild.link.lazy import loading
from wasmbuild.link.plan import LinkPlan
from wasmbuild.link.planner import make_plan
from wasmbuild.link.resolve import Definition, Host, Resolution, resolve
from wasmbuild.link.scope import Scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import FuncType, Import, MemoryType, TableType


class ProgramAsLibrary(Struct, frozen=True):
    """A library of the scope is a program: nobody would call its `_start`."""

    library: int


class TooLate(Struct, frozen=True):
    """A tag or a global is imported before it exists: a stub can stand in for a function, for these nothing."""

    library: int
    import_: Import
    definer: int


class TooLarge(Struct, frozen=True):
    """Bytes of memory, or elements of the table: more than a process can have."""

    what: Literal["memory", "table"]
    needed: int
    most: int


class LimitTooSmall(Struct, frozen=True):
    """A library allows the process less than it needs: pages of memory, or elements of the table."""

    library: int
    import_: Import
    needed: int
    most: int


class SecondAllocator(Struct, frozen=True):
    """A library gives out functions of the heap beside libc: what one allocates, the other would be given back."""

    library: int
    libc: int
    names: tuple[str, ...]
    is_libc: bool


class SecondLibcxx(Struct, frozen=True):
    """A library gives out a C++ run-time library beside libc++.so: what one throws, the other does not catch."""

    library: int
    libcxx: int


Misfit: TypeAlias = (
    ProgramAsLibrary | NotCallable | SecondAllocator | SecondLibcxx | AreaMisfit | TooLate | TooLarge | LimitTooSmall
)
"""What does not fit although every import is bound; imports that are not are the resolution's problems."""


class Decision(Struct, frozen=True):
    """`plan` is None where something does not fit: `resolution.problems` and `misfits` say all of it."""

    scope: Scope
    resolution: Resolution
    misfits: tuple[Misfit, ...]
    plan: LinkPlan | None


def decide(scope: Scope, host: Host, stack_bytes: int = STACK_BYTES) -> Decision:
    resolution = resolve(scope, host)
    when = loading(scope, resolution)
    position = {index: number for number, index in enumerate(when.order)}
    alone = len(scope.libraries) == 1
    areas = (misfit for index, each in enumerate(scope.libraries) for misfit in area_misfits(index, each, alone))
    entries = (misfit for index, each in enumerate(scope.libraries) for misfit in entry_misfits(index, each))
    misfits: list[Misfit] = [*_programs(scope), *entries, *second_run_times(scope), *areas]
    misfits += too_late(scope, resolution, position)
    plan = None if misfits or resolution.problems else make_plan(scope, resolution, stack_bytes, when)
    misfits += _limits(scope, lay_out(scope, stack_bytes), plan)
    return Decision(scope, resolution, tuple(misfits), None if misfits else plan)


def _programs(scope: Scope) -> Iterator[ProgramAsLibrary]:
    for index, library in enumerate(scope.libraries):
        if index and abi.START in library.module.exports_by_name:
            yield ProgramAsLibrary(index)


def second_run_times(scope: Scope) -> Iterator[SecondAllocator | SecondLibcxx]:
    """A second libc.so, or a library or a program that stands in for some of the heap's functions; and a second
    libc++."""
    libc, libcxx = _first_with(abi.FINALIZE, scope), _first_with(abi.TAKE_EXCEPTION, scope)
    for index, library in enumerate(scope.libraries):
        names = abi.ALLOCATOR & library.module.exports_by_name.keys()
        if libc is not None and index != libc and names:
            is_libc = abi.FINALIZE in library.module.exports_by_name
            yield SecondAllocator(index, libc, tuple(sorted(names)), is_libc)
        if libcxx is not None and index != libcxx and abi.CXA_THROW in library.module.exports_by_name:
            yield SecondLibcxx(index, libcxx)


def _first_with(name: str, scope: Scope) -> int | None:
    return next((i for i, each in enumerate(scope.libraries) if name in each.module.exports_by_name), None)


def too_late(scope: Scope, resolution: Resolution, position: Mapping[int, int]) -> Iterator[TooLate]:
    """`position` is the order of instantiation."""
    for index, (library, bindings) in enumerate(zip(scope.libraries, resolution.bindings, strict=True)):
        # A library that is in the process already has no bindings here.
        for import_, binding in zip(library.module.imports, bindings, strict=False):
            if (
                isinstance(binding, Definition)
                and not isinstance(import_.type, FuncType)
                and position[binding.library] >= position[index]
            ):
                yield TooLate(index, import_, binding.library)


def _limits(scope: Scope, layout: Layout, plan: LinkPlan | None) -> Iterator[Misfit]:
    if layout.memory_pages > MAX_PAGES:
        by_areas = layout.heap_base > abi.ADDRESS_SPACE_BYTES
        needed = layout.heap_base if by_areas else layout.memory_pages * PAGE_BYTES
        yield TooLarge("memory", needed, abi.ADDRESS_SPACE_BYTES)
    if layout.table_end > MAX_TABLE_ELEMENTS:
        yield TooLarge("table", layout.table_end, MAX_TABLE_ELEMENTS)
    table_size = plan.table.size if plan and plan.table else layout.table_end
    for index, library in enumerate(scope.libraries):
        for import_ in library.module.imports:
            match import_.type:
                case MemoryType() as type_ if import_.name == abi.MEMORY:
                    needed = layout.memory_pages
                case TableType() as type_:
                    needed = table_size
                case _:
                    continue
            if type_.limits.maximum is not None and needed > type_.limits.maximum:
                yield LimitTooSmall(index, import_, needed, type_.limits.maximum)
