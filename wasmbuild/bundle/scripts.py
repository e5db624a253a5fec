"""Our JavaScript that goes into a bundle: what is reached from where it starts, joined to few files."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Mapping
from typing import Literal

from wasmbuild.bundle.jsjoin import joined, joined_module, joined_more
from wasmbuild.bundle.jstext import imported
from wasmbuild.manifest.recipes import shipped

LOADER = "wasmbuild"
"""The directory in a bundle that has it."""

LOADER_FILE = "loader.mjs"
"""All that a start needs; `loader.d.mts` has its types."""

REST_FILE = "rest.mjs"
"""What is needed rarely: the linker, where something is opened that a plan does not know."""

TYPES = "loader.d.mts"
PAGE = "page/page.mjs"
WORKER = "page/worker.mjs"
STYLE = "page/page.css"

Part = Literal["opening", "lines", "stubs", "exceptions", "wasi"]

PARTS: Mapping[Part, tuple[str, ...]] = {
    "opening": ("loader/deciding.mjs", "loader/opening.mjs", "loader/later.mjs", "loader/suspending.mjs"),
    "lines": ("loader/lines.mjs", "loader/dwarf.mjs"),
    "stubs": ("loader/stubs.mjs",),
    "exceptions": ("loader/uncaught.mjs",),
    "wasi": ("loader/world.mjs", "wasi/wasi.mjs"),
}
"""What not every bundle needs of the loader: to open more (which takes all of it), lines of the source for backtraces,
stubs, exceptions of C++, WASI."""

_START = ("loader.mjs", "loader/bundled.mjs")
_OF_NODE = ("loader/node.mjs", "loader/nodefiles.mjs")
_RARE = (*PARTS["opening"], *PARTS["lines"])
_RARE_IN_NODE = ("loader/nodefiles.mjs", "loader/web.mjs")


def loader_files(to: str, parts: Collection[Part]) -> dict[str, str]:
    """The loader, by the names of its files."""
    left_out = _left_out(to, parts)
    whole = reached(read_shipped, _START, left_out)
    start = reached(read_shipped, _START, (*left_out, *_RARE, *(_RARE_IN_NODE if to == "node" else ())))
    rest = {place: text for place, text in whole.items() if place not in start}
    first = joined_module(start, _START, REST_FILE if rest else None)
    return {LOADER_FILE: first, **({REST_FILE: joined_more(rest, f"./{LOADER_FILE}")} if rest else {})}


def page_files() -> dict[str, str]:
    """The page's scripts and its style. Its worker has a loader in the directory above."""
    loader = reached(read_shipped, _START)
    worker = {place: text for place, text in reached(read_shipped, (WORKER,)).items() if place not in loader}
    return {
        PAGE: joined_module(reached(read_shipped, (PAGE,), (WORKER,)), (PAGE,)),
        WORKER: joined_more(worker, f"../{LOADER_FILE}", WORKER),
        STYLE: read_shipped(STYLE),
    }


def page_script() -> str:
    """The page's script, where nothing is run."""
    return joined(reached(read_shipped, (PAGE,), (WORKER,)), f'$use("{PAGE}");\n')


def whole_script(parts: Collection[Part]) -> str:
    """The page's script, its worker and the loader. The worker is made of the page's own script."""
    sources = reached(read_shipped, (PAGE, WORKER), _left_out("web", parts))
    return joined(sources, f'$use(globalThis.document ? "{PAGE}" : "{WORKER}");\n')


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


def _left_out(to: str, parts: Collection[Part]) -> tuple[str, ...]:
    """What a bundle can do without; a page also without the files of the machine."""
    unused = [place for part, places in PARTS.items() if part not in parts for place in places]
    return (*(() if to == "node" else _OF_NODE), *unused)
