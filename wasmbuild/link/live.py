"""A process that libraries join and leave: what is in it, and what opening one more would do. Pure, like `plan`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.explain.findings import explain
from wasmbuild.link.arena import Arena
from wasmbuild.link.layout import PAGE_BYTES, Layout, areas, own_slots
from wasmbuild.link.plan import Call, Direct, LinkPlan, ModulePlan, Slot, Slots, initialisation, plan_module
from wasmbuild.link.resolve import Host, Symbols, definers_of, resolve, symbol_table
from wasmbuild.link.scope import Library, Scope


@dataclass(frozen=True, slots=True)
class Member:
    """A library of a live process. Its number is its name there; it is never another library's."""

    number: int
    library: Library
    needed: tuple[int, ...]
    memory: tuple[int, int]
    """(base, size in bytes) of its data"""
    table: tuple[int, int]
    """(base, elements) of the slots that it fills itself"""
    bound_to: frozenset[int] = frozenset()
    """Who defines what it imports, needed or not: they must stay as long as it does."""


@dataclass(frozen=True, slots=True)
class Live:
    members: Mapping[int, Member]
    scope: tuple[int, ...]
    """The global scope: numbers, in the order in which symbols are looked up."""
    slots: Mapping[tuple[int, int], int]
    """(member, function index) → the one table slot of that function"""
    memory: Arena
    table: Arena
    stack_high: int
    heap_base: int

    def find(self, identity: str) -> Member | None:
        return next((m for m in self.members.values() if m.library.identity == identity), None)

    def global_scope(self) -> Scope:
        libraries = tuple(self.members[number].library for number in self.scope)
        return Scope(libraries, ((),) * len(libraries))

    def kept_by(self, numbers: Collection[int]) -> set[int]:
        """The members that stay as long as these do."""
        kept: set[int] = set()
        todo = list(numbers)
        while todo:
            number = todo.pop()
            if number not in kept:
                kept.add(number)
                todo += (*self.members[number].needed, *self.members[number].bound_to)
        return kept

    def breadth_first(self, number: int) -> tuple[int, ...]:
        """A member and what it needs: the order in which dlsym looks for a symbol in its handle."""
        order = [number]
        for reached in order:
            order += [needed for needed in self.members[reached].needed if needed not in order]
        return tuple(order)


@dataclass(frozen=True, slots=True)
class Opening:
    """What opening a library does. `live` is the process afterwards; members are named by number throughout."""

    live: Live
    root: int
    modules: Mapping[int, ModulePlan]
    """The new members, in the order to instantiate them in."""
    slots: tuple[Slot, ...]
    initialise: tuple[Call, ...]


def live_from(scope: Scope, plan: LinkPlan) -> Live:
    """The process that a plan makes."""
    members: dict[int, Member] = {}
    slots: dict[tuple[int, int], int] = {}
    for number, (library, module) in enumerate(zip(scope.libraries, plan.modules, strict=True)):
        members[number] = _member(number, library, scope.needed[number], module.memory_base, module.table_base)
        for function, slot in own_slots(library.module, module.table_base).items():
            slots[number, function] = slot
    for slot, given in plan.slots:
        if isinstance(given, Direct):
            exports = members[given.library].library.module.exports_by_name
            slots.setdefault((given.library, exports[given.export].index), slot)
    arenas = Arena(plan.memory_pages * PAGE_BYTES), Arena(plan.table_size)
    return Live(members, tuple(members), slots, *arenas, plan.stack_high, plan.heap_base)


def plan_opening(
    live: Live,
    local: Scope,
    host: Host,
    number_of: Callable[[Library], int],
    memory_max_pages: int,
    global_symbols: Symbols | None = None,
) -> Opening:
    """Plan to bring a library and what it needs into a process; some of it may be there already.

    `number_of` names a library that is not there. Symbols are looked up in the global scope, whose table may be given,
    then in `local`. Raises WasmbuildError with everything that does not fit; nothing has changed then.
    """
    joint = _join(live, local, number_of)
    table = symbol_table(joint.scope, global_symbols, len(live.scope) if global_symbols is not None else 0)
    resolution = resolve(joint.scope, host, joint.known, table)
    position = dict.fromkeys(joint.known, -1) | {index: place for place, index in enumerate(joint.order)}
    problems = tuple(explain(joint.scope, resolution, position))
    if problems:
        raise WasmbuildError(*problems)
    live, layout = _place(live, joint)
    if layout.memory_pages > memory_max_pages:
        facts = (("needed", f"{layout.memory_pages} pages"), ("at most", f"{memory_max_pages} pages"))
        name = local.libraries[0].name
        raise WasmbuildError(Diagnostic("no-memory", f"no memory left for `{name}`", facts=facts))
    arena = live.table

    def new_slot() -> int:
        nonlocal arena
        slot, arena = arena.take(1, 1)
        return slot

    own = [_slots_of(live, number) for number in joint.numbers]
    slots = Slots(joint.scope, resolution, own, new_slot, joint.numbers)
    modules = {
        joint.numbers[index]: plan_module(joint.scope, resolution, layout, slots, position, index)
        for index in joint.order
    }
    given = {(joint.numbers[key[0]], key[1]): slot for key, slot in slots.given.items() if not isinstance(key, str)}
    members = dict(live.members)
    for index in joint.order:
        number = joint.numbers[index]
        definers = {joint.numbers[library] for library in definers_of(resolution.bindings[index])}
        members[number] = replace(members[number], bound_to=frozenset(definers - {number}))
    calls = initialisation(joint.scope, layout.memory_bases, joint.order, skip_ctors=set())
    return Opening(
        live=replace(live, members=members, table=arena, slots={**live.slots, **given}),
        root=joint.numbers[joint.root],
        modules=modules,
        slots=tuple(slots.filled),
        initialise=tuple(replace(call, library=joint.numbers[call.library]) for call in calls),
    )


def without(live: Live, gone: Collection[int]) -> Live:
    """The process after members have left it: their room is free again."""
    memory, table = live.memory, live.table
    for number in gone:
        member = live.members[number]
        memory, table = memory.give_back(*member.memory), table.give_back(*member.table)
        start, size = member.table
        for (owner, _), slot in live.slots.items():
            if owner == number and not start <= slot < start + size:
                table = table.give_back(slot, 1)
    return replace(
        live,
        members={number: member for number, member in live.members.items() if number not in gone},
        scope=tuple(number for number in live.scope if number not in gone),
        slots={key: slot for key, slot in live.slots.items() if key[0] not in gone},
        memory=memory,
        table=table,
    )


@dataclass(frozen=True, slots=True)
class _Joint:
    """The libraries that symbols are looked up in, as one scope, and which of them are new."""

    scope: Scope
    numbers: tuple[int, ...]
    root: int
    order: tuple[int, ...]
    """The new ones, dependencies first."""

    @property
    def known(self) -> tuple[int, ...]:
        return tuple(index for index in range(len(self.numbers)) if index not in self.order)


def _join(live: Live, local: Scope, number_of: Callable[[Library], int]) -> _Joint:
    numbers = list(live.scope)
    libraries = [live.members[number].library for number in numbers]
    index_of = {library.identity: index for index, library in enumerate(libraries)}
    new = set()
    for library in local.libraries:
        if library.identity not in index_of:
            member = live.find(library.identity)
            index_of[library.identity] = len(libraries)
            if member is None:
                new.add(library.identity)
            numbers.append(number_of(library) if member is None else member.number)
            libraries.append(library)
    places = [index_of[library.identity] for library in local.libraries]
    order = [places[i] for i in local.dependencies_first() if local.libraries[i].identity in new]
    needed: list[tuple[int, ...]] = [()] * len(libraries)
    for i, place in enumerate(places):
        if place in order:
            needed[place] = tuple(places[other] for other in local.needed[i])
    return _Joint(Scope(tuple(libraries), tuple(needed)), tuple(numbers), places[0], tuple(order))


def _place(live: Live, joint: _Joint) -> tuple[Live, Layout]:
    """Give each new library its areas, and make them members."""
    memory, table, members, slots = live.memory, live.table, dict(live.members), dict(live.slots)
    for index in joint.order:
        library, number = joint.scope.libraries[index], joint.numbers[index]
        info = areas(library.module)
        memory_base, memory = memory.take(info.memory_size, 1 << info.memory_p2align, PAGE_BYTES)
        table_base, table = table.take(info.table_size, 1 << info.table_p2align)
        needed = [joint.numbers[other] for other in joint.scope.needed[index]]
        members[number] = _member(number, library, needed, memory_base, table_base)
        slots |= {(number, function): slot for function, slot in own_slots(library.module, table_base).items()}
    placed = replace(live, members=members, slots=slots, memory=memory, table=table)
    bases = [members[number] for number in joint.numbers]
    layout = Layout(
        live.stack_high,
        tuple(member.memory[0] for member in bases),
        tuple(member.table[0] for member in bases),
        live.heap_base,
        table.end,
        memory.end // PAGE_BYTES,
    )
    return placed, layout


def _slots_of(live: Live, number: int) -> dict[int, int]:
    return {function: slot for (owner, function), slot in live.slots.items() if owner == number}


def _member(number: int, library: Library, needed: Sequence[int], memory_base: int, table_base: int) -> Member:
    info = areas(library.module)
    return Member(number, library, tuple(needed), (memory_base, info.memory_size), (table_base, info.table_size))
