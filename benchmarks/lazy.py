"""A program over 111 lazy libraries that calls three of them, against one over these three alone: loaded and run, warm.

Both are run in one process, in turns: `load_file`, with everything from the cache, then `_start`. As a measure of what
is saved, also the same program over 111 libraries that are not lazy.
"""

from __future__ import annotations

import gc
import time
from pathlib import Path

from benchmarks.figures import Figure, ratios
from benchmarks.measure import Table, environment, milliseconds, options, ratio, run, scratch, wasmbuild
from benchmarks.projects import of_libraries
from wasmbuild.loader import program
from wasmbuild.loader.options import ProcessOptions
from wasmbuild.loader.wasi import World
from wasmbuild.sources.store import Store

COUNT, CALLED = 111, 3
GOAL = 1.1


def main() -> list[Figure]:
    chosen = options(__doc__, runs=51)
    with scratch() as directory:
        env = environment(directory)
        projects = {
            "three": of_libraries(CALLED, Path(directory, "three")),
            "lazy": of_libraries(COUNT, Path(directory, "lazy"), CALLED, lazy=True),
            "all": of_libraries(COUNT, Path(directory, "all"), CALLED),
        }
        for project in projects.values():
            run((*wasmbuild(), "build", "-j", str(chosen.jobs)), project, env)
        files = {name: project / "build" / "bin" / "thirty.wasm" for name, project in projects.items()}
        times: dict[str, list[float]] = {name: [] for name in files}
        for turn in range(-1, chosen.runs):  # the first fills the cache
            for name, file in files.items():
                taken_s = load_and_run(file)
                if turn >= 0:
                    times[name].append(taken_s)
    table = Table(f"Loading and running ({chosen.runs} times, in turns)", "a program over", "time", "ratio", "goal")
    labels = {
        "three": f"{CALLED} libraries",
        "lazy": f"{COUNT} lazy ones, {CALLED} called",
        "all": f"{COUNT} that are not lazy",
    }
    for name, each in times.items():
        goal = f"≤ {GOAL}" if name == "lazy" else ""
        table.add(labels[name], milliseconds(each), format(ratio(each, times["three"]), ".2f"), goal)
    table.print()
    over = ratios(times["lazy"], times["three"])
    return [Figure("lazy", f"{COUNT} lazy libraries, {CALLED} called / {CALLED} libraries", over, at_most=GOAL)]


def load_and_run(path: Path) -> float:
    """Seconds; what ends a process is not counted."""
    gc.collect()
    options = ProcessOptions(World(stdio=False), Store.of_user())
    started = time.perf_counter()
    loaded = program.load_file(path, options)
    assert loaded.run() == 0
    taken_s = time.perf_counter() - started
    assert len(loaded.came) == (CALLED if loaded.process.plan.lazy else 0)
    return taken_s


if __name__ == "__main__":
    main()
