"""What dlopen, dlclose, dlsym and dladdr do (POSIX 2024, with RTLD_NOLOAD and RTLD_NODELETE), decided: a process as a
value and a request in; the next value and what to do out, or what is wrong. Nothing is carried out here.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.link.decide import Decision
from wasmbuild.link.joining import Joining, join, leave
from wasmbuild.link.plan import Call, FromModule, ModulePlan, TableEntry
from wasmbuild.link.planner import data_address
from wasmbuild.link.resolve import Host, Symbols, private_names
from wasmbuild.link.scope import Scope
from wasmbuild.link.state import Member, ProcessState
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import Export, FuncType, GlobalType

RTLD_LAZY, RTLD_NOW, RTLD_NOLOAD, RTLD_LOCAL, RTLD_GLOBAL, RTLD_NODELETE = 1, 2, 4, 8, 256, 4096
_MODES = RTLD_LAZY | RTLD_NOW | RTLD_NOLOAD | RTLD_LOCAL | RTLD_GLOBAL | RTLD_NODELETE

RTLD_DEFAULT, RTLD_NEXT = 0, abi.ADDRESS_MASK


class Grow(Struct, frozen=True):
    """Memory and table must have at least this: bytes, elements."""

    memory_bytes: int
    table_elements: int


class Zero(Struct, frozen=True):
    """Memory that another library may have used before."""

    address: int
    size_bytes: int


class Instantiate(Struct, frozen=True):
    """New members, in this order."""

    modules: tuple[tuple[Member, ModulePlan], ...]


class Fill(Struct, frozen=True):
    entries: tuple[TableEntry, ...]


class Clear(Struct, frozen=True):
    """A member leaves: its table entries become null, so that a call through a stale pointer traps."""

    member: int
    table_indexes: tuple[int, ...]


Action: TypeAlias = Grow | Zero | Instantiate | Fill | Clear


class Transition(Struct, frozen=True):
    """Carry out `actions`; then the process is `state`; then make `calls`, which may ask for more. `undo` takes the
    actions back. `value` is the request's result."""

    state: ProcessState
    value: int = 0
    actions: tuple[Action, ...] = ()
    calls: tuple[Call, ...] = ()
    undo: tuple[Clear, ...] = ()


Answer: TypeAlias = Transition | Decision | Diagnostic
"""A decision has no plan here: it says what does not fit."""


def mode_problem(flags: int) -> Diagnostic | None:
    """What is wrong with a mode of dlopen."""
    if flags & ~_MODES or not flags & (RTLD_LAZY | RTLD_NOW):
        return Diagnostic("dl-mode", f"not a mode of dlopen: {flags:#x}")
    return None


def open_member(state: ProcessState, number: int, flags: int) -> Transition:
    """One more opening of a library that is in the process; its handle."""
    joining = [n for n in state.breadth_first(number) if n not in state.scope] if flags & RTLD_GLOBAL else []
    return Transition(
        replace(
            state,
            counts={**state.counts, number: state.counts.get(number, 0) + 1},
            scope=(*state.scope, *joining),
            kept=state.kept | {number} if flags & RTLD_NODELETE else state.kept,
        ),
        handle_of(number),
    )


def open_library(
    state: ProcessState,
    local: Scope,
    flags: int,
    host: Host,
    directory: str,
    global_symbols: Symbols | None = None,
) -> Answer:
    """Bring a library in, with what it needs: `local` is its scope. As for `join`; its handle."""
    library = local.libraries[0]
    if state.closed:
        return Diagnostic("no-dlopen", f"`{state.root.name}` is a closed module: nothing can be opened in it")
    member = state.find(library.identity)
    if member is not None:
        return open_member(state, member.number, flags)
    if flags & RTLD_NOLOAD:
        return not_loaded(library.name)
    joining = join(state, local, host, directory, global_symbols)
    if not isinstance(joining, Joining):
        return joining
    new = {number: joining.state.members[number] for number in joining.modules}
    opened = open_member(joining.state, joining.root, flags)
    return Transition(
        state=opened.state,
        value=opened.value,
        actions=(
            Grow(opened.state.memory.end, opened.state.table.end),
            *(Zero(*member.memory) for member in new.values() if member.memory[1]),
            Instantiate(tuple((new[number], plan) for number, plan in joining.modules.items())),
            Fill(joining.entries),
        ),
        calls=joining.initialise,
        undo=_clear(joining.state, new),
    )


def not_loaded(name: str) -> Diagnostic:
    return Diagnostic("dl-noload", f"not in the process: `{name}`")


def failed(state: ProcessState, new: Iterable[int]) -> Transition:
    """The process without members whose constructors failed. What these opened themselves goes as well, unless
    somebody keeps it: see `next_to_leave`; and in any case what cannot be without them."""
    gone = frozenset(number for number in new if number in state.members)
    while users := {n for n in state.members if n not in gone and not gone.isdisjoint(state.keeps(n))}:
        gone |= users
    return Transition(leave(state, gone), actions=_clear(state, gone))


def close(state: ProcessState, handle: int) -> Transition | Diagnostic:
    """Give a handle back. What nobody uses then must leave: see `next_to_leave`."""
    if handle == handle_of(0) and 0 not in state.counts:
        return Transition(state)
    member = _opened(state, handle)
    if isinstance(member, Diagnostic):
        return member
    counts = {**state.counts, member.number: state.counts[member.number] - 1}
    return Transition(replace(state, counts={number: count for number, count in counts.items() if count}))


def next_to_leave(state: ProcessState) -> tuple[int, ...]:
    """The members that leave first, together, of those that nobody keeps: no other of them is kept by one that stays.
    One, or several that keep each other; the last that was initialised is the first. None if all are kept."""
    staying = state.kept_by(state.kept | set(state.counts))
    gone = [number for number in state.members if number not in staying]
    if not gone:
        return ()
    users: dict[int, list[int]] = {number: [] for number in gone}
    for number in gone:
        for kept in state.keeps(number):
            if kept in users:
                users[kept].append(number)
    group = _first_component(gone[-1], users)
    return tuple(number for number in reversed(gone) if number in group)


def _first_component(start: int, follow: dict[int, list[int]]) -> frozenset[int]:
    """The strongly connected component that is reached from `start` and leads to no other (Tarjan 1972)."""
    found, low, stack = {start: 0}, {start: 0}, [start]
    todo = [(start, iter(follow[start]))]
    while True:
        number, rest = todo[-1]
        following = next(rest, None)
        if following is None:
            if low[number] == found[number]:
                return frozenset(stack[stack.index(number) :])
            todo.pop()
            low[todo[-1][0]] = min(low[todo[-1][0]], low[number])
        elif following in found:
            low[number] = min(low[number], found[following])
        else:
            found[following] = low[following] = len(found)
            stack.append(following)
            todo.append((following, iter(follow[following])))


def finalize(state: ProcessState, group: Iterable[int]) -> tuple[Call, ...]:
    """What runs the destructors of members that leave, if there is a C library that knows them."""
    for number in state.scope:
        if abi.FINALIZE in state.members[number].library.module.exports_by_name:
            bounds = []
            for leaving in group:
                (data, size_bytes), (table, count) = state.members[leaving].memory, state.members[leaving].table
                bounds.append((data, data + size_bytes, table, table + count))
            return tuple(Call(number, abi.FINALIZE, each) for each in bounds)
    return ()


def unload(state: ProcessState, group: Iterable[int]) -> Transition:
    """The process without members whose destructors have run; one that was opened again meanwhile stays, with all that
    it keeps."""
    staying = state.kept_by(state.kept | set(state.counts))
    gone = frozenset(number for number in group if number in state.members and number not in staying)
    return Transition(leave(state, gone), actions=_clear(state, gone))


def symbol(state: ProcessState, handle: int, name: str, caller: int = 0) -> Transition | Diagnostic:
    """The address of data, or a function's table index: it gets an entry if it has none."""
    found = definer(state, handle, name, caller)
    if isinstance(found, Diagnostic):
        return found
    export = found.library.module.exports_by_name[name]
    if export.kind == "func":
        return _function_entry(state, found, export)
    return Transition(state, data_address(found.library, name, found.memory[0]))


def definer(state: ProcessState, handle: int, name: str, caller: int = 0) -> Member | Diagnostic:
    """The member whose symbol is meant."""
    order = _lookup_order(state, handle, caller)
    if isinstance(order, Diagnostic):
        return order
    for number in order:
        member = state.members[number]
        export = member.library.module.exports_by_name.get(name)
        if export is None or name in private_names(member.library.module):
            continue
        type_ = member.library.module.export_type(export)
        if isinstance(type_, FuncType) or (isinstance(type_, GlobalType) and not type_.mutable):
            return member
    searched = ", ".join(state.members[number].library.name for number in order)
    return Diagnostic("dl-symbol", f"undefined symbol: `{name}`", facts=(("searched", searched),))


def _function_entry(state: ProcessState, member: Member, export: Export) -> Transition:
    own = state.entries[member.number]
    if export.index in own:
        return Transition(state, own[export.index])
    index, table = state.table.take(1, 1)
    entries = {**state.entries, member.number: {**own, export.index: index}}
    entry = TableEntry(index, FromModule(member.number, export.name))
    return Transition(replace(state, table=table, entries=entries), index, (Grow(0, table.end), Fill((entry,))))


class Described(Struct, frozen=True):
    """Whose an address is, and the nearest exported symbol at or below it; "" and 0 for none."""

    member: Member
    symbol: str
    symbol_address: int


def describe(state: ProcessState, address: int) -> Described | None:
    for member in state.members.values():
        start, size_bytes = member.memory
        if start <= address < start + size_bytes:
            return _nearest(member, address)
    for number, entries in state.entries.items():
        for function, index in entries.items():
            if index == address:
                member = state.members[number]
                names = (e.name for e in member.library.module.exports if e.kind == "func" and e.index == function)
                return Described(member, next(names, ""), index)
    return None


def _nearest(member: Member, address: int) -> Described:
    best = Described(member, "", 0)
    module = member.library.module
    for export in module.exports:
        if export.kind == "global" and export.name not in abi.LINKER_SYMBOLS:
            type_ = module.export_type(export)
            if isinstance(type_, GlobalType) and not type_.mutable:
                at = data_address(member.library, export.name, member.memory[0])
                if best.symbol_address < at <= address:
                    best = Described(member, export.name, at)
    return best


def _lookup_order(state: ProcessState, handle: int, caller: int) -> tuple[int, ...] | Diagnostic:
    """The members in which a symbol is looked for."""
    if handle == RTLD_DEFAULT:
        return tuple(dict.fromkeys((*state.scope, *state.breadth_first(caller))))
    if handle == RTLD_NEXT:
        order = state.scope if caller in state.scope else state.breadth_first(caller)
        return order[order.index(caller) + 1 :]
    if handle == handle_of(0):
        return state.scope
    member = _opened(state, handle)
    return member if isinstance(member, Diagnostic) else state.breadth_first(member.number)


def handle_of(number: int) -> int:
    """Handles start well above 0, which is RTLD_DEFAULT, and are even: nothing in them is an address."""
    return (number + 1) << 4


def member_of(handle: int) -> int:
    return (handle >> 4) - 1


def _opened(state: ProcessState, handle: int) -> Member | Diagnostic:
    number = member_of(handle)
    if handle_of(number) == handle and number in state.counts:
        return state.members[number]
    return Diagnostic("dl-handle", f"not a handle of an open library: {handle:#x}")


def _clear(state: ProcessState, numbers: Container[int]) -> tuple[Clear, ...]:
    """In the order in which the members were initialised: a set has another one in each process."""
    gone = (number for number in state.members if number in numbers)
    return tuple(Clear(number, tuple(state.entries.get(number, {}).values())) for number in gone)
