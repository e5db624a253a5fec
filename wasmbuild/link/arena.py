"""Room in memory or in the table that was used and may be used again. Pure: an arena is the list of its holes."""

from __future__ import annotations

from msgspec import Struct

from wasmbuild.link.layout import align


class Arena(Struct, frozen=True):
    """Holes as (start, size), ascending and apart from each other, below `end`; beyond it there is nothing yet."""

    end: int
    holes: tuple[tuple[int, int], ...] = ()

    def take(self, size: int, alignment: int, granule: int = 1) -> tuple[int, Arena]:
        """Room for `size`: the first hole that has it, else at the end, which grows by whole granules."""
        for index, (start, room) in enumerate(self.holes):
            first = align(start, alignment)
            if first + size <= start + room:
                rest = ((start, first - start), (first + size, start + room - first - size))
                holes = (*self.holes[:index], *(hole for hole in rest if hole[1]), *self.holes[index + 1 :])
                return first, Arena(self.end, holes)
        last = self.holes[-1] if self.holes and sum(self.holes[-1]) == self.end else (self.end, 0)
        first = align(last[0], alignment)
        end = self.end + align(max(first + size - self.end, 0), granule)
        grown = Arena(end, (*(hole for hole in self.holes if hole != last), (last[0], end - last[0])))
        return grown.take(size, alignment, granule) if size else (first, self)

    def give_back(self, start: int, size: int) -> Arena:
        """The same arena with one more hole, joined with its neighbours."""
        if size == 0:
            return self
        joined: list[tuple[int, int]] = []
        for hole in sorted((*self.holes, (start, size))):
            if joined and sum(joined[-1]) == hole[0]:
                joined[-1] = (joined[-1][0], joined[-1][1] + hole[1])
            else:
                joined.append(hole)
        return Arena(self.end, tuple(joined))

    def with_end(self, end: int) -> Arena:
        """The same arena after somebody else has grown what it is in (libc's heap does): that part is not ours."""
        return self if end == self.end else Arena(end, self.holes)
