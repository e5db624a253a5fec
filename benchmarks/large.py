"""A generated project of 10,000 files in 200 libraries: built once, with nothing to do, and with one file touched.

Against ninja running the same commands, which are all written down for it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.clean_build import write_bare
from benchmarks.figures import Figure, ratios
from benchmarks.measure import Table, environment, options, ratio, run, scratch, seconds, take_turns, wasmbuild
from benchmarks.nothing_to_do import build_until_nothing_to_do
from benchmarks.projects import of_large
from benchmarks.touched import change
from wasmbuild.builder.runninja import find_ninja

GOALS = {"clean": None, "nothing to do": 6.0, "one file touched": None}


def main() -> list[Figure]:
    chosen = options(__doc__, runs=11, files=10_000, libraries=200)
    jobs = ("-j", str(chosen.jobs))
    with scratch() as directory:
        env = environment(directory)
        ours, bare = (of_large(chosen.files, chosen.libraries, Path(directory, side)) for side in ("ours", "bare"))
        build, ninja = (*wasmbuild(), "build", *jobs), (find_ninja(), "-f", "bare.ninja", *jobs)
        times = {"clean": {"ours": [timed(build, ours, env)]}}
        write_bare(ours, bare, env)
        times["clean"]["bare"] = [timed(ninja, bare, env)]
        build_until_nothing_to_do(ours, env, chosen.jobs)
        sides = {"ours": partial(run, build, ours, env), "bare": partial(run, ninja, bare, env)}
        times["nothing to do"] = take_turns(sides, chosen.runs)
        touch = partial(change, [side / "l0" / "f0.c" for side in (ours, bare)])
        times["one file touched"] = take_turns(sides, chosen.runs, before=touch, warm_up=1)
    what = f"{chosen.files:,} files"
    title = f"{what} in {chosen.libraries} libraries, -j {chosen.jobs} ({chosen.runs} runs in turns; clean: one)"
    table = Table(title, "", "ours", "ninja", "ratio", "goal")
    for name, side in times.items():
        goal = GOALS[name]
        over = f"{ratio(side['ours'], side['bare']):.2f}"
        table.add(name, seconds(side["ours"]), seconds(side["bare"]), over, f"≤ {goal}" if goal else "")
    table.print()
    return [
        Figure("large", f"{what}, {name} / ninja", ratios(side["ours"], side["bare"]), at_most=GOALS[name])
        for name, side in times.items()
    ]


def timed(command: Sequence[str], directory: Path, env: dict[str, str]) -> float:
    started = time.perf_counter()
    run(command, directory, env)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
