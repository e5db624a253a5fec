"""One file of Lua touched, and then a header that all of it includes: against ninja running the same commands alone."""

from __future__ import annotations

import os
import shutil
import time
from functools import partial
from pathlib import Path

from benchmarks.clean_build import RECIPE, write_bare
from benchmarks.figures import Figure, ratios
from benchmarks.measure import Table, environment, options, ratio, run, scratch, seconds, take_turns, wasmbuild
from benchmarks.projects import of_recipe
from wasmbuild.builder.runninja import find_ninja

TOUCHED = {"one file": "src/lapi.c", "a header": "src/lua.h"}
GOALS = {"one file": 1.3, "a header": None}


def main() -> list[Figure]:
    chosen = options(__doc__, runs=11)
    found = []
    with scratch() as directory:
        env = environment(directory)
        ours, bare = of_recipe(RECIPE, Path(directory, "ours")), of_recipe(RECIPE, Path(directory, "bare"))
        jobs = ("-j", str(chosen.jobs))
        build = (*wasmbuild(), "build", *jobs)
        run(build, ours, env)
        write_bare(ours, bare, env)
        ninja = (find_ninja(), "-f", "bare.ninja", *jobs)
        shutil.copytree(ours / "build" / "include", bare / "build" / "include", dirs_exist_ok=True)
        run(ninja, bare, env)
        table = Table(
            f"Lua, touched, -j {chosen.jobs} ({chosen.runs} runs in turns)", "", "ours", "ninja", "ratio", "goal"
        )
        for name, place in TOUCHED.items():
            times = take_turns(
                {"ours": partial(run, build, ours, env), "bare": partial(run, ninja, bare, env)},
                chosen.runs,
                before=partial(change, [ours / place, bare / place]),
                warm_up=1,
            )
            goal = GOALS[name]
            over = f"{ratio(times['ours'], times['bare']):.2f}"
            table.add(name, seconds(times["ours"]), seconds(times["bare"]), over, f"≤ {goal}" if goal else "")
            found.append(Figure("touched", f"{name} / ninja", ratios(times["ours"], times["bare"]), at_most=goal))
        table.print()
    return found


def change(paths: list[Path]) -> None:
    """Add a line that changes the text and nothing else: what is compiled is the same, and is linked again all the
    same where an object is new."""
    for path in paths:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nextern int touched_{time.time_ns()};\n")
        os.utime(path)


if __name__ == "__main__":
    main()
