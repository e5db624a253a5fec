"""python -m benchmarks [NAME…] [--against emcc,zig,static,native] [--runs N] [-j N] [--json FILE] [--plot FILE]
[--page FILE] [--compare OLD.json]: run benchmarks, print their tables, and keep what they found.

Without names, all. `--compare` exits with 1 when a ratio got worse than in an older run by more than the noise of both.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.figures import Figure, goal, shown, worse
from benchmarks.machine import description

BENCHMARKS = (
    "running",
    "imported_memory",
    "load",
    "lazy",
    "startup",
    "nothing_to_do",
    "clean_build",
    "touched",
    "link_graph",
    "calls",
    "python_call",
    "libc",
    "cxx",
    "compiler",
    "load_node",
    "sizes",
)
"""In the order in which they run. Those that are not here need more than a checkout, or measure no ratio."""


class Run(Struct, frozen=True):
    """What `--json` keeps."""

    machine: dict[str, str]
    figures: tuple[Figure, ...]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the ratios as SVG")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write a page of Markdown about it")
    parser.add_argument("--compare", type=Path, metavar="OLD.json", help="exit with 1 where a ratio got worse")
    chosen, rest = parser.parse_known_args(arguments)
    unknown = [name for name in chosen.names if not (Path(__file__).parent / f"{name}.py").is_file()]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    old = msgspec.json.decode(chosen.compare.read_bytes(), type=Run) if chosen.compare else None
    machine = dict(description())
    found = [figure for name in chosen.names or BENCHMARKS for figure in measured(name, rest)]
    run = Run(machine, tuple(found))
    _print_figures(found)
    if chosen.json:
        chosen.json.write_bytes(msgspec.json.format(msgspec.json.encode(run), indent=1) + b"\n")
    if chosen.plot:
        from benchmarks.plot import plot

        chosen.plot.write_text(plot(found), encoding="utf-8")
    if chosen.page:
        from benchmarks.page import page

        limits = Path(__file__).with_name("limits.md").read_text(encoding="utf-8")
        chosen.page.write_text(page(machine, found, limits), encoding="utf-8")
    return _compared(old.figures, found) if old else 0


def measured(name: str, arguments: Sequence[str]) -> Sequence[Figure]:
    """Run one; it reads its options from the command line, and prints its tables."""
    before, sys.argv = sys.argv, [f"python -m benchmarks {name}", *arguments]
    try:
        return import_module(f"benchmarks.{name}").main() or ()
    finally:
        sys.argv = before


def _print_figures(found: Sequence[Figure]) -> None:
    if not found:
        return
    print("\nAll figures\n")
    width = max(len(f"{each.benchmark}: {each.name}") for each in found)
    for each in found:
        verdict = {True: "reached", False: "missed", None: ""}[each.is_reached]
        print(f"  {f'{each.benchmark}: {each.name}':{width}}  {shown(each):>16}  {goal(each):>8}  {verdict}".rstrip())


def _compared(old: Sequence[Figure], new: Sequence[Figure]) -> int:
    found = worse(old, new)
    for each in found:
        name = f"{each.new.benchmark}: {each.new.name}"
        print(f"\nworse: {name}: {shown(each.new)}, before {shown(each.old)} (noise {each.noise:.3f})", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
