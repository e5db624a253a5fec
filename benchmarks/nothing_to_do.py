"""`wasmbuild build` with nothing to do, against the same interpreter doing nothing.

The example `greet`, and a project of 1,000 C files; and what ninja alone needs for the same question.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure, ratios
from benchmarks.measure import (
    BARE,
    Table,
    environment,
    milliseconds,
    options,
    ratio,
    run,
    scratch,
    take_turns,
    wasmbuild,
)
from benchmarks.projects import of_example, of_many_files
from wasmbuild.builder.runninja import find_ninja

GOAL = 2.5
FILES = 1_000


def main() -> list[Figure]:
    chosen = options(__doc__, runs=41)
    with scratch() as directory:
        env = environment(directory)
        greet = of_example("greet", Path(directory, "greet"))
        many = of_many_files(FILES, Path(directory, "many"))
        for project in (greet, many):
            build_until_nothing_to_do(project, env, chosen.jobs)
        ask_ninja = (find_ninja(), "-f", "build/build.ninja", "-n", "all")
        times = take_turns(
            {
                "python -c pass": partial(run, BARE, greet, env),
                "wasmbuild build, greet": partial(run, (*wasmbuild(), "build"), greet, env),
                "ninja alone, greet": partial(run, ask_ninja, greet, env),
                f"wasmbuild build, {FILES:,} files": partial(run, (*wasmbuild(), "build"), many, env),
                f"ninja alone, {FILES:,} files": partial(run, ask_ninja, many, env),
            },
            chosen.runs,
        )
    table = Table(f"A build with nothing to do ({chosen.runs} runs in turns)", "", "time", "ratio", "goal")
    for name, side in times.items():
        goal = f"≤ {GOAL}" if name == "wasmbuild build, greet" else ""
        table.add(name, milliseconds(side), f"{ratio(side, times['python -c pass']):.2f}", goal)
    table.print()
    bare, greet_s, many_s = (
        times["python -c pass"],
        times["wasmbuild build, greet"],
        times[f"wasmbuild build, {FILES:,} files"],
    )
    return [
        Figure("nothing_to_do", "greet / python -c pass", ratios(greet_s, bare), at_most=GOAL),
        Figure("nothing_to_do", f"{FILES:,} files / ninja", ratios(many_s, times[f"ninja alone, {FILES:,} files"])),
    ]


def build_until_nothing_to_do(project: Path, env: dict[str, str], jobs: int) -> None:
    """Build, then again until wasmbuild takes the short way. The build right after files were made does not count
    on their times, because those may be too coarse to show the next change."""
    for _ in range(4):
        if "nothing to do" in run((*wasmbuild(), "build", "-j", str(jobs)), project, env):
            return
        time.sleep(0.2)
    raise SystemExit(f"{project} is built again and again")


if __name__ == "__main__":
    main()
