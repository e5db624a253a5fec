"""What it takes for a library to join a live process, with what it needs: the same resolution as at the start, looked
up in the global scope first, then in the library's own. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.link.areas import area_misfits
from wasmbuild.link.decide import Decision, Misfit, second_run_times, too_late
from wasmbuild.link.entries import entry_misfits
from wasmbuild.link.layout import PAGE_BYTES, Layout, areas, own_entries
from wasmbuild.link.plan import Call, ModulePlan, TableEntry
from wasmbuild.link.planner import ModulePlanner, TableEntries, initialisation
from wasmbuild.link.resolve import Host, Symbols, definers_of, resolve, symbol_table
from wasmbuild.link.scope import Scope
from wasmbuild.link.state import ProcessState, make_member


class Joining(Struct, frozen=True):
    """`state` is the process afterwards; members are named by number throughout."""

    state: ProcessState
    root: int
    modules: Mapping[int, ModulePlan]
    """The new members, in the order to instantiate them in."""
    entries: tuple[TableEntry, ...]
    initialise: tuple[Call, ...]


def join(
    state: ProcessState, local: Scope, host: Host, directory: str, global_symbols: Symbols | None = None
) -> Joining | Decision | Diagnostic:
    """Plan to bring a library and what it needs into a process; some of it may be there already.

    `global_symbols` is the symbol table of the global scope, where somebody has it; paths will be from `directory`.
    What does not fit comes back as a decision without a plan.
    """
    joint = _joint_scope(state, local)
    table = symbol_table(joint.scope, global_symbols, len(state.scope) if global_symbols is not None else 0)
    resolution = resolve(joint.scope, host, joint.known, table)
    position = dict.fromkeys(joint.known, -1) | {index: number for number, index in enumerate(joint.order)}
    misfits: list[Misfit] = [
        misfit for index in joint.order for misfit in area_misfits(index, joint.scope.libraries[index], alone=False)
    ]
    misfits += [misfit for index in joint.order for misfit in entry_misfits(index, joint.scope.libraries[index])]
    misfits += second_run_times(joint.scope)
    misfits += too_late(joint.scope, resolution, position)
    if misfits or resolution.problems:
        return Decision(joint.scope, resolution, tuple(misfits), None)
    placed, layout = _place(state, joint)
    if layout.memory_pages > state.memory_max_pages:
        facts = (("needed", f"{layout.memory_pages} pages"), ("at most", f"{state.memory_max_pages} pages"))
        return Diagnostic("no-memory", f"no memory left for `{local.libraries[0].name}`", facts=facts)
    arena = placed.table

    def new_entry() -> int:
        nonlocal arena
        index, arena = arena.take(1, 1)
        return index

    own = [placed.entries.get(number, {}) for number in joint.numbers]
    entries = TableEntries(joint.scope, resolution, own, new_entry, joint.numbers, state.host_entries)
    planner = ModulePlanner(
        joint.scope, resolution, layout, entries, lambda one, other: position[one] < position[other], directory
    )
    modules = {joint.numbers[index]: planner.plan(index, joint.scope.needed[index]) for index in joint.order}
    all_entries = {number: dict(given) for number, given in placed.entries.items()}
    for key, index in entries.given.items():
        if not isinstance(key, str):
            all_entries[joint.numbers[key[0]]][key[1]] = index
    members = dict(placed.members)
    for index in joint.order:
        number = joint.numbers[index]
        definers = {joint.numbers[library] for library in definers_of(resolution.bindings[index])}
        members[number] = replace(members[number], bound_to=frozenset(definers - {number}))
    calls = initialisation(joint.scope, layout.memory_bases, joint.order, skip_ctors=set())
    return Joining(
        state=replace(
            placed,
            members=members,
            table=arena,
            entries=all_entries,
            host_entries={key: index for key, index in entries.given.items() if isinstance(key, str)},
        ),
        root=joint.numbers[joint.root],
        modules=modules,
        entries=tuple(entries.filled),
        initialise=tuple(Call(joint.numbers[call.module], call.export, call.arguments) for call in calls),
    )


class _Joint(Struct, frozen=True):
    """The libraries that symbols are looked up in, as one scope, and which of them are new."""

    scope: Scope
    numbers: tuple[int, ...]
    root: int
    order: tuple[int, ...]
    """The new ones, dependencies first."""
    known: frozenset[int]
    """The others."""


def _joint_scope(state: ProcessState, local: Scope) -> _Joint:
    numbers = list(state.scope)
    libraries = [state.members[number].library for number in numbers]
    index_of = {library.identity: index for index, library in enumerate(libraries)}
    member_of = {member.library.identity: number for number, member in state.members.items()}
    known = set(range(len(libraries)))
    given = dict(state.numbers)
    for library in local.libraries:
        if library.identity not in index_of:
            index_of[library.identity] = len(libraries)
            if library.identity in member_of:
                known.add(len(libraries))
                numbers.append(member_of[library.identity])
            else:
                number = replace(state, numbers=given).number_of(library)
                given[library.identity] = number
                numbers.append(number)
            libraries.append(library)
    where = [index_of[library.identity] for library in local.libraries]
    order = tuple(where[i] for i in local.dependencies_first() if where[i] not in known)
    needed: list[tuple[int, ...]] = [()] * len(libraries)
    for i, index in enumerate(where):
        if index not in known:
            needed[index] = tuple(where[other] for other in local.needed[i])
    return _Joint(Scope(tuple(libraries), tuple(needed)), tuple(numbers), where[0], order, frozenset(known))


def _place(state: ProcessState, joint: _Joint) -> tuple[ProcessState, Layout]:
    """Give each new library its areas, and make them members."""
    memory, table, members = state.memory, state.table, dict(state.members)
    entries, numbers = dict(state.entries), dict(state.numbers)
    for index in joint.order:
        library, number = joint.scope.libraries[index], joint.numbers[index]
        info = areas(library.module)
        memory_base, memory = memory.take(info.memory_size, 1 << info.memory_p2align, PAGE_BYTES)
        table_base, table = table.take(info.table_size, 1 << info.table_p2align)
        needed = [joint.numbers[other] for other in joint.scope.needed[index]]
        members[number] = make_member(number, library, needed, memory_base, table_base)
        entries[number] = own_entries(library.module, table_base)
        numbers[library.identity] = number
    placed = replace(state, members=members, entries=entries, numbers=numbers, memory=memory, table=table)
    bases = [members[number] for number in joint.numbers]
    layout = Layout(
        state.stack_high,
        tuple(member.memory[0] for member in bases),
        tuple(member.table[0] for member in bases),
        state.heap_base,
        table.end,
        memory.end // PAGE_BYTES,
    )
    return placed, layout


def leave(state: ProcessState, gone: frozenset[int]) -> ProcessState:
    """The process after members have left it: their room is free again."""
    memory, table = state.memory, state.table
    for number in gone:
        member = state.members[number]
        memory, table = memory.give_back(*member.memory), table.give_back(*member.table)
        start, size = member.table
        for index in state.entries.get(number, {}).values():
            if not start <= index < start + size:
                table = table.give_back(index, 1)
    return replace(
        state,
        members={number: member for number, member in state.members.items() if number not in gone},
        scope=tuple(number for number in state.scope if number not in gone),
        entries={number: given for number, given in state.entries.items() if number not in gone},
        counts={number: count for number, count in state.counts.items() if number not in gone},
        kept=state.kept - gone,
        memory=memory,
        table=table,
    )
