"""What the benchmarks share: one environment for all processes, sides that take turns, medians, and a table.

The machine may be busy. So both sides of a comparison run in turns (A B A B …), and a ratio is the median of the
ratios of one turn: what slows a whole stretch of time slows both of its sides.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

BARE = (sys.executable, "-c", "pass")
"""What every comparison of start-up times starts from: the interpreter alone."""


def options(doc: str | None, runs: int, **counts: int) -> argparse.Namespace:
    """The command line of a benchmark: `--runs`, `-j` for those that build, and what else it counts, with defaults."""
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=runs, metavar="N", help=f"how many of each side (default: {runs})")
    parser.add_argument("--against", default="", metavar="PEERS", help="of static, native, zig, emcc; all without it")
    parser.add_argument("-j", dest="jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="commands at once")
    for name, count in counts.items():
        parser.add_argument(f"--{name}", type=int, default=count, metavar="N", help=f"how many (default: {count})")
    return parser.parse_args()


def scratch() -> AbstractContextManager[str]:
    """A temporary directory. A name without a dot, because patterns in a manifest skip hidden directories."""
    return TemporaryDirectory(prefix="wasmbuild-benchmark-")


def environment(directory: str) -> dict[str, str]:
    """For every process that is measured: Python's bytecode is kept, apart from everybody else's.

    With PYTHONDONTWRITEBYTECODE, which containers like to set, a source tree is compiled anew in each process.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(Path(directory) / "bytecode")}


def wasmbuild() -> tuple[str, ...]:
    """The command as users start it, of this interpreter's installation."""
    script = shutil.which("wasmbuild", path=sysconfig.get_path("scripts"))
    return (script,) if script else (sys.executable, "-m", "wasmbuild")


def run(command: Sequence[str], directory: str | Path, environment: Mapping[str, str]) -> str:
    """Run a command to its end and return what it wrote. Raises SystemExit with that when it fails."""
    done = subprocess.run(
        command,
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit status {done.returncode}\n{done.stdout}")
    return done.stdout


Side = Callable[[], object]


def take_turns(
    sides: Mapping[str, Side], runs: int, before: Side | None = None, warm_up: int = 2
) -> dict[str, list[float]]:
    """Time each side `runs` times, in turns: name → seconds. `before` comes before each and is not timed, and the
    first `warm_up` turns do not count."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(-warm_up, runs):
        for name, side in sides.items():
            if before is not None:
                before()
            started = time.perf_counter()
            side()
            if turn >= 0:
                times[name].append(time.perf_counter() - started)
    return times


def ratio(side: Sequence[float], to: Sequence[float]) -> float:
    """The median over the turns of how many times as long one side took as the other."""
    return median(a / b for a, b in zip(side, to, strict=True))


def difference(side: Sequence[float], to: Sequence[float]) -> float:
    """The median over the turns of how much longer one side took than the other, in seconds."""
    return median(a - b for a, b in zip(side, to, strict=True))


def milliseconds(times_s: Sequence[float]) -> str:
    """The median, and in brackets the quickest and the slowest."""
    return f"{median(times_s) * 1e3:.1f} ms [{min(times_s) * 1e3:.1f} … {max(times_s) * 1e3:.1f}]"


def seconds(times_s: Sequence[float]) -> str:
    return f"{median(times_s):.2f} s [{min(times_s):.2f} … {max(times_s):.2f}]"


class Table:
    """Rows of text under a title: the first column to the left, the others to the right."""

    def __init__(self, title: str, *columns: str) -> None:
        self.title = title
        self.rows: list[tuple[str, ...]] = [columns]

    def add(self, *cells: str) -> None:
        assert len(cells) == len(self.rows[0])
        self.rows.append(cells)

    def print(self) -> None:
        widths = [max(map(len, column)) for column in zip(*self.rows, strict=True)]
        print(f"\n{self.title}\n")
        for number, (first, *rest) in enumerate(self.rows):
            cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
            print("  " + "   ".join(cells).rstrip())
            if number == 0:
                print("  " + "   ".join("─" * width for width in widths))
