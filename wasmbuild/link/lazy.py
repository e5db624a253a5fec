"""Lazy libraries: which of a scope are there from the start, and which come at the first call into them. Pure.

A library that is needed lazily is resolved and placed as all others are: only its instantiation, its relocations and
its constructors wait. Whoever calls it goes through its table entries, in which there are openers until then. For what
is no function, its data above all, nobody can wait: who imports that needs it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from wasmbuild.link.resolve import Address, Definition, Resolution
from wasmbuild.link.scope import Scope, depth_first
from wasmbuild.wasm.module import FuncType


class Loading(Struct, frozen=True):
    """`order` has all libraries, each after those that it needs at once: those that come together come in this order.
    `along` has for each library that comes later those that come with it, itself among them."""

    order: tuple[int, ...]
    at_start: frozenset[int]
    along: Mapping[int, frozenset[int]]

    def made_before(self, library: int, other: int, position: Mapping[int, int]) -> bool:
        """Whether a library is there whenever the other is made; `position` is that of each in the order."""
        there = library in self.at_start or library in self.along.get(other, ())
        return there and position[library] < position[other]


def loading(scope: Scope, resolution: Resolution) -> Loading:
    """When each library comes. Where one needs it lazily and another does not, it comes with that."""
    if not scope.lazy:
        return Loading(scope.dependencies_first(), frozenset(range(len(scope.libraries))), {})
    at_once = [
        [other for other in needed if other not in lazy] for needed, lazy in zip(scope.needed, scope.lazy, strict=True)
    ]
    without_data = _reached(at_once, 0)
    edges = [list(needed) for needed in at_once]
    for index in range(len(scope.libraries)):
        edges[index] += dict.fromkeys(other for other, _ in _no_functions(scope, resolution, index, without_data))
    at_start = _reached(edges, 0)
    # Those of the start come as if nothing was lazy, without the others.
    every = scope.dependencies_first()
    order = [index for index in every if index in at_start]
    entered = set(order)
    for start in every:
        if start not in entered:
            order += depth_first(edges, start, entered)
    along = {index: frozenset(_reached(edges, index) - at_start) for index in order if index not in at_start}
    return Loading(tuple(order), frozenset(at_start), along)


class Forced(Struct, frozen=True):
    """A library that is needed lazily, and at once by one that imports what is no function of it: which names."""

    library: int
    importer: int
    names: tuple[str, ...]


def forced(scope: Scope, resolution: Resolution) -> Iterator[Forced]:
    """Libraries that somebody needs lazily and that do not wait for a call, because of their data."""
    if not scope.lazy:
        return
    at_once = [[o for o in needed if o not in lazy] for needed, lazy in zip(scope.needed, scope.lazy, strict=True)]
    there = _reached(at_once, 0)
    wanted = frozenset(index for lazy in scope.lazy for index in lazy)
    for importer in range(len(scope.libraries)):
        names: dict[int, dict[str, None]] = {}
        for library, name in _no_functions(scope, resolution, importer, there):
            if library in wanted and library not in at_once[importer]:
                names.setdefault(library, {})[name] = None
        for library, each in sorted(names.items()):
            yield Forced(library, importer, tuple(each))


def _no_functions(scope: Scope, resolution: Resolution, index: int, there: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Definitions that a library imports and that are no functions, of libraries that are not there anyhow."""
    for import_, binding in zip(scope.libraries[index].module.imports, resolution.bindings[index], strict=True):
        definition = None
        if isinstance(binding, Address) and binding.kind == "mem":
            definition = binding.definition
        elif isinstance(binding, Definition) and not isinstance(import_.type, FuncType):
            definition = binding
        if definition is not None and definition.library != index and definition.library not in there:
            yield definition.library, import_.name


def _reached(edges: Sequence[Iterable[int]], start: int) -> set[int]:
    reached: set[int] = set()
    for _ in depth_first(edges, start, reached):
        pass
    return reached
