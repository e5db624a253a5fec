"""`wasmbuild inspect --cost`: what being linked dynamically costs a module, counted, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct, to_builtins

from wasmbuild.report.columns import columns, joined
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.demangle import demangle
from wasmbuild.wasm.module import FuncType


class Costs(Struct, frozen=True):
    """Names, in the order of the file. `own_…` are those of them that the module exports itself: whoever comes first
    in the scope defines them for all, so they are reached as if they were another's."""

    path: str
    functions: tuple[str, ...]
    """Called through an import, instead of directly."""
    data_entries: tuple[str, ...]
    """GOT.mem: an address is read from a global at each use."""
    function_entries: tuple[str, ...]
    """GOT.func: the same of a function pointer; each has an entry of the table, too."""
    own_functions: tuple[str, ...]
    own_data: tuple[str, ...]
    table_entries: int
    """What the module brings along for function pointers of its own functions."""


def costs(data: bytes, path: str) -> Costs:
    """Raises MalformedModule."""
    module = decode(data, path)
    functions = tuple(i.name for i in module.imports if i.module == abi.ENV and isinstance(i.type, FuncType))
    mem = tuple(i.name for i in module.imports if i.module == abi.GOT_MEM)
    func = tuple(i.name for i in module.imports if i.module == abi.GOT_FUNC)
    exported = {export.name for export in module.exports}
    table = module.dylink.mem_info.table_size if module.dylink is not None else 0
    own = tuple(name for name in dict.fromkeys((*functions, *func)) if name in exported)
    return Costs(path, functions, mem, func, own, tuple(name for name in mem if name in exported), table)


def costs_text(found: Costs) -> str:
    """Several lines, without a final newline."""
    return joined(_lines(found))


def costs_to_json(found: Costs) -> dict[str, Any]:
    document: dict[str, Any] = to_builtins(found)
    return document


def _lines(found: Costs) -> Iterator[str]:
    yield f"{found.path}: what it reaches indirectly"
    rows = [
        ("functions imported", found.functions, f"{len(found.own_functions)} its own"),
        ("GOT entries of data", found.data_entries, f"{len(found.own_data)} its own"),
        ("GOT entries of functions", found.function_entries, ""),
    ]
    yield from columns("  ", [(label, f"{len(names):,}", own) for label, names, own in rows], right=(1,))
    yield from columns("  ", [("table entries of its functions", f"{found.table_entries:,}")], right=(1,))
    for label, names in (("its own functions", found.own_functions), ("its own data", found.own_data)):
        if names:
            yield from ("", f"  {label}, reached as if they were another module's: {len(names)}")
            yield from _named(names)


def _named(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        meaning = demangle(name)
        yield f"    {name}" + (f"  {meaning}" if meaning != name else "")
