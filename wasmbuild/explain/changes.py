"""What became of a library's exports from one build to another, and whether who was linked against the old one can go
on with the new one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from wasmbuild.explain.typechanges import Change, Public, TypeChanges
from wasmbuild.link.interface import Symbol, offered, symbol_text
from wasmbuild.printing import counted
from wasmbuild.wasm.dwarftypes import Types
from wasmbuild.wasm.module import Dylink, Module


class Build(Struct, frozen=True):
    """One build of a library. `data_bytes` are sizes of its data, where it says them; `types` is None without debug
    information; `headers` are the names of those that its users include, None where that is not known."""

    module: Module
    data_bytes: Mapping[str, int] = field(default_factory=dict)
    types: Types | None = None
    headers: frozenset[str] | None = None


def changes(old: Build, new: Build) -> tuple[Change, ...]:
    """All that differs for its users: first what breaks them."""
    found = [*_symbols(old, new), *_types(old, new), *_dylink(old.module, new.module)]
    return tuple(sorted(found, key=lambda change: not change.breaks))


def _symbols(old: Build, new: Build) -> Iterator[Change]:
    before, after = offered(old.module), offered(new.module)
    for name, symbol in before.items():
        if name not in after:
            yield Change(True, "removed", name, symbol_text(symbol), "")
        elif symbol.kind != after[name].kind or symbol.type != after[name].type:
            yield Change(True, "type", name, *_declared(name, symbol, after[name], old, new))
        elif symbol.is_tls != after[name].is_tls:
            yield Change(True, "thread-local", name, symbol_text(symbol), symbol_text(after[name]))
        elif symbol.kind == "global":
            yield from _size(name, old, new)
    for name, symbol in after.items():
        if name not in before:
            yield Change(False, "added", name, "", symbol_text(symbol))


def _declared(name: str, before: Symbol, after: Symbol, old: Build, new: Build) -> tuple[str, str]:
    """Both types: as C has them, where that is known and tells them apart."""
    if old.types and new.types and before.kind == after.kind == "func":
        declared = TypeChanges(old.types, new.types).declarations(name)
        if declared is not None and declared[0] != declared[1]:
            return declared
    return symbol_text(before), symbol_text(after)


def _size(name: str, old: Build, new: Build) -> Iterator[Change]:
    """Who knows the old size reads no further: only what shrank breaks. But classes are derived from, and then their
    tables go on where those of the base end."""
    before, after = (_size_bytes(build, name) for build in (old, new))
    if before is not None and after is not None and before != after:
        is_table = name.startswith("_ZTV")
        yield Change(after < before or is_table, "size", name, counted(before, "byte"), counted(after, "byte"))


def _size_bytes(build: Build, name: str) -> int | None:
    if name in build.data_bytes or build.types is None:
        return build.data_bytes.get(name)
    return build.types.size_bytes(build.types.variables.get(name))


def _types(old: Build, new: Build) -> Iterator[Change]:
    if old.types is None or new.types is None:
        return
    before, after = offered(old.module), offered(new.module)
    both = [name for name in before if name in after and before[name].kind == after[name].kind]
    said = {name for name in both if before[name] != after[name]}
    yield from TypeChanges(old.types, new.types, Public(old.headers)).of(both, said)


def _dylink(old: Module, new: Module) -> Iterator[Change]:
    before, after = (module.dylink or Dylink() for module in (old, new))
    for name in dict.fromkeys((*before.needed, *after.needed)):
        if (name in before.needed) != (name in after.needed):
            was, is_ = ("", "needed") if name in after.needed else ("needed", "")
            yield Change(False, "needed", name, was, is_)
    if before.runtime_paths != after.runtime_paths:
        was, is_ = (", ".join(each.runtime_paths) or "nothing" for each in (before, after))
        yield Change(False, "runtime path", "", was, is_)
