"""A live process as a value: which libraries are in it and why, and where everything is.

What libraries that come and go do to it is in `transitions`; nothing here is ever changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from wasmbuild.link.arena import Arena
from wasmbuild.link.layout import PAGE_BYTES, areas, own_entries
from wasmbuild.link.plan import FromHost, LinkPlan
from wasmbuild.link.scope import Library, Scope

FIRST_NUMBER = 1 << 16
"""Of a library that joins; more than a process starts with. Those that it started with have their index in the plan."""


class Member(Struct, frozen=True):
    """A library of a live process. Its number is its name there; it is never another library's."""

    number: int
    library: Library
    needed: tuple[int, ...]
    memory: tuple[int, int]
    """(base, size in bytes) of its data"""
    table: tuple[int, int]
    """(base, elements) of the table entries that it fills itself"""
    bound_to: frozenset[int] = frozenset()
    """Who defines what it imports, needed or not: they must stay as long as it does."""


class ProcessState(Struct, frozen=True):
    """`members` are in the order in which they were initialised."""

    members: Mapping[int, Member]
    scope: tuple[int, ...]
    """The global scope: numbers, in the order in which symbols are looked up."""
    entries: Mapping[int, Mapping[int, int]]
    """member → function index → the one table entry of that function"""
    host_entries: Mapping[str, int]
    """function of the host → its one table entry"""
    memory: Arena
    table: Arena
    memory_max_pages: int
    stack_high: int
    heap_base: int
    closed: bool
    """It is one module that stands alone: nothing can be opened in it."""
    counts: Mapping[int, int]
    """How often each member was opened and not closed."""
    kept: frozenset[int]
    """Members that are never unloaded: those from the start, and those opened with RTLD_NODELETE."""
    numbers: Mapping[str, int]
    """The number of each library that ever joined, by identity: who comes back has its number again."""

    @property
    def root(self) -> Library:
        return self.members[0].library

    def find(self, identity: str) -> Member | None:
        return next((m for m in self.members.values() if m.library.identity == identity), None)

    def named(self, name: str) -> Member | None:
        """The member that bears a name: who needs that name needs this member, as with glibc and musl."""
        return next((m for m in self.members.values() if m.library.name == name), None)

    def number_of(self, library: Library) -> int:
        """The number that a library has when it joins."""
        return self.numbers.get(library.identity, FIRST_NUMBER + len(self.numbers))

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
                todo += self.keeps(number)
        return kept

    def keeps(self, number: int) -> tuple[int, ...]:
        """The members that a member needs or is bound to."""
        return (*self.members[number].needed, *self.members[number].bound_to)

    def breadth_first(self, number: int) -> tuple[int, ...]:
        """A member and what it needs: the order in which dlsym looks for a symbol in its handle."""
        order = dict.fromkeys((number,))
        todo = [number]
        for reached in todo:
            new = [needed for needed in self.members[reached].needed if needed not in order]
            order.update(dict.fromkeys(new))
            todo += dict.fromkeys(new)
        return tuple(order)

    def grown(self, memory_bytes: int, table_elements: int) -> ProcessState:
        """The same after the guest has grown its memory by itself, as libc's heap does: that part is not ours."""
        memory, table = self.memory.with_end(memory_bytes), self.table.with_end(table_elements)
        return replace(self, memory=memory, table=table)


def initial_state(libraries: Sequence[Library], plan: LinkPlan) -> ProcessState:
    """The process that a plan makes; `libraries` are its modules, in the plan's order. Lazy ones are members from the
    start: they have their places, and what is bound to them is bound."""
    members = dict[int, Member]()
    entries = dict[int, dict[int, int]]()
    for number in (*plan.instantiate, *(lazy.module for lazy in plan.lazy)):
        module = plan.modules[number]
        members[number] = make_member(number, libraries[number], module.needed, module.memory_base, module.table_base)
        entries[number] = dict(own_entries(libraries[number].module, module.table_base))
    for entry in (*plan.table_entries, *(entry for lazy in plan.lazy for entry in lazy.table_entries)):
        if not isinstance(entry.function, FromHost):
            exports = libraries[entry.function.module].module.exports_by_name
            entries[entry.function.module].setdefault(exports[entry.function.export].index, entry.index)
    memory, table = plan.memory, plan.table
    return ProcessState(
        members=members,
        scope=tuple(range(len(plan.modules))),
        entries=entries,
        host_entries={e.function.name: e.index for e in plan.table_entries if isinstance(e.function, FromHost)},
        memory=Arena(memory.pages * PAGE_BYTES if memory else 0),
        table=Arena(table.size if table else 0),
        memory_max_pages=memory.max_pages if memory else 0,
        stack_high=memory.stack_high if memory else 0,
        heap_base=memory.heap_base if memory else 0,
        closed=memory is None,
        counts={},
        kept=frozenset(members),
        numbers={},
    )


def make_member(number: int, library: Library, needed: Sequence[int], memory_base: int, table_base: int) -> Member:
    info = areas(library.module)
    return Member(number, library, tuple(needed), (memory_base, info.memory_size), (table_base, info.table_size))
