"""The needed graph and the order in which symbols are looked up: breadth-first, each library once."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property

from msgspec import Struct, field

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.wasm.module import Module


class Library(Struct, frozen=True):
    """A module that was found. `identity` is one for each file, however often and by whatever name it is needed;
    `sha256` is of the bytes that `module` was decoded from; `stack_bytes` is the stack that a program asks for;
    `linked_against` are hashes (`link/interface.py`) of the needed libraries that were there when it was linked; `lazy`
    are the names of those that it needs only when it calls into them; `environment` is where a link by command line
    found its libraries (`search/libraries.py`)."""

    name: str
    identity: str
    module: Module
    sha256: str = ""
    stack_bytes: int | None = None
    linked_against: Mapping[str, str] = field(default_factory=dict)
    lazy: frozenset[str] = frozenset()
    environment: str | None = None


class NotFound(Struct, frozen=True):
    """A needed library that is nowhere: the places that were searched, in order."""

    searched: tuple[str, ...]


Open = Callable[[str, Library, Library], Library | NotFound]
"""(needed name, who needs it, the root) → the library. Raises WasmbuildError where the file is no library."""


class Scope(Struct, frozen=True, dict=True):
    """The root and what it needs, breadth-first: the order in which the first definition of a symbol wins."""

    libraries: tuple[Library, ...]
    needed: tuple[tuple[int, ...], ...]
    """For each library, the indexes of those that it needs itself, in the order of its dylink.0 section."""
    lazy: tuple[frozenset[int], ...] = ()
    """Of these, those that it needs only when it calls into them (`link/lazy.py`); nothing where no library has any."""

    def chain(self, index: int) -> tuple[int, ...]:
        """How a library came into the scope: itself, the first that needs it, and so on up to the root (or to one that
        came by itself, as into a live process)."""
        found = {index: None}
        while index != 0 and index in self._brought_in_by and self._brought_in_by[index] not in found:
            index = self._brought_in_by[index]
            found[index] = None
        return tuple(found)

    @cached_property
    def _brought_in_by(self) -> Mapping[int, int]:
        needed_by: dict[int, int] = {}
        for requester, needed in enumerate(self.needed):
            for other in needed:
                # The scope is breadth-first, so the first one that needs a library is who brought it in.
                needed_by.setdefault(other, requester)
        return needed_by

    def dependencies_first(self) -> tuple[int, ...]:
        """Every library after those that it needs; in a cycle, the one met first comes last."""
        return tuple(depth_first(self.needed, 0, set()))


def depth_first(needed: Sequence[Iterable[int]], start: int, entered: set[int]) -> Iterator[int]:
    """`start` after all that it needs and that was not entered before."""
    todo: list[tuple[int, Iterator[int]]] = [(start, iter(needed[start]))]
    entered.add(start)
    while todo:
        index, rest = todo[-1]
        following = next((other for other in rest if other not in entered), None)
        if following is None:
            yield index
            todo.pop()
        else:
            entered.add(following)
            todo.append((following, iter(needed[following])))


@contextmanager
def without_collecting() -> Iterator[None]:
    """Python's garbage collector stays off while a link is worked out. Nothing in it is garbage or cyclic; walking the
    growing heap over and over would make the time grow faster than the work."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def find_scope(root: Library, open_needed: Open) -> tuple[Scope, tuple[Diagnostic, ...]]:
    """The scope of `root`, and a diagnostic for each needed library that was not found; where one library lacks very
    many, one for all of them."""
    libraries = [root]
    index_of = {root.identity: 0}
    needed: list[tuple[int, ...]] = []
    lazy: list[frozenset[int]] = []
    wanted_by: dict[int, int] = {}
    missing: list[Diagnostic] = []
    todo = deque([0])
    while todo:
        current = todo.popleft()
        library = libraries[current]
        found: dict[int, bool] = {}
        absent: list[tuple[str, NotFound]] = []
        # Linkers write a name twice where an archive's directive and the command line both say it.
        for name in dict.fromkeys(library.module.dylink.needed) if library.module.dylink else ():
            opened = open_needed(name, library, root)
            if isinstance(opened, NotFound):
                absent.append((name, opened))
                continue
            index = index_of.setdefault(opened.identity, len(libraries))
            if index == len(libraries):
                libraries.append(opened)
                wanted_by[index] = current
                todo.append(index)
            found[index] = found.get(index, True) and name in library.lazy
        needed.append(tuple(found))
        lazy.append(frozenset(index for index, is_lazy in found.items() if is_lazy))
        if absent:
            missing += _not_found(absent, chain(libraries, wanted_by, current))
    return Scope(tuple(libraries), tuple(needed), tuple(lazy) if any(lazy) else ()), tuple(missing)


def chain(libraries: list[Library], wanted_by: dict[int, int], index: int) -> str:
    """Who needs whom, from a library up to the root."""
    names = [libraries[index].name]
    while index in wanted_by:
        index = wanted_by[index]
        names.append(libraries[index].name)
    return needed_by_text(names)


def needed_by_text(names: Sequence[str]) -> str:
    """A chain of libraries, each needed by the one behind it. Of a very long one, the middle is left out."""
    left_out = len(names) - _LONGEST_CHAIN
    if left_out > 0:
        ends = _LONGEST_CHAIN // 2
        names = (*names[:ends], f"{left_out} more", *names[-ends:])
    return ", needed by ".join(names)


_LONGEST_CHAIN = 16
_MANY = 16
"""Libraries that one library needs and that are nowhere: beyond that they have one cause, and are one finding."""


def _not_found(absent: Sequence[tuple[str, NotFound]], needed_by: str) -> Iterator[Diagnostic]:
    for name, missing in absent if len(absent) <= _MANY else ():
        yield _nowhere(f"needed library not found: `{name}`", missing, needed_by)
    if len(absent) > _MANY:
        names = ", ".join(f"`{name}`" for name, _ in absent[:_MANY])
        headline = f"{len(absent)} needed libraries not found: {names} and {len(absent) - _MANY} more"
        yield _nowhere(headline, absent[0][1], needed_by)


def _nowhere(headline: str, missing: NotFound, needed_by: str) -> Diagnostic:
    requester = needed_by.partition(",")[0]
    return Diagnostic(
        "needed-not-found",
        headline,
        facts=(("needed by", needed_by), ("searched", ", ".join(missing.searched) or "nowhere")),
        help=(
            f"put it where it is searched for, give `{requester}` a runtime path (`rpath: [$ORIGIN]`), "
            "or name its directory with --library-path",
        ),
    )
