"""Our JavaScript that goes into a bundle: what is reached from where it starts, as sources by their places."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection

from wasmbuild.bundle.jstext import imported
from wasmbuild.manifest.recipes import shipped

LOADER = "wasmbuild"
"""The directory in a bundle that has it."""

START = ("loader.mjs", "loader/bundled.mjs")
TYPES = "loader.d.mts"
PAGE = ("page/page.mjs",)
WORKER = "page/worker.mjs"
STYLE = "page/page.css"

_OF_NODE = ("loader/node.mjs", "loader/nodefiles.mjs")
_TO_OPEN = ("loader/deciding.mjs", "loader/opening.mjs", "loader/opened.mjs", "loader/suspending.mjs")


def reached(read: Callable[[str], str], start: Collection[str], without: Collection[str] = ()) -> dict[str, str]:
    """Files and all that they import, in a fixed order; not what is left out, and what only that imports."""
    found: dict[str, str] = {}
    todo = list(start)
    while todo:
        place = todo.pop()
        if place in found or place in without:
            continue
        found[place] = read(place)
        todo += [posixpath.normpath(posixpath.join(posixpath.dirname(place), each)) for each in imported(found[place])]
    return dict(sorted(found.items()))


def read_shipped(place: str) -> str:
    """A file of our directory `javascript`."""
    return (shipped("javascript") / place).read_text(encoding="utf-8")


def left_out(to: str, may_open: bool) -> tuple[str, ...]:
    """What a bundle can do without: the linker where nothing is opened, files of the machine in a page."""
    return (*(() if to == "node" else _OF_NODE), *(() if may_open else _TO_OPEN))
