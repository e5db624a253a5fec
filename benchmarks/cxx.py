"""C++ over a shared libc++.so: against the same sources linked statically, what throwing costs, and what not throwing.

python -m benchmarks cxx [--runs N]
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from statistics import median

import wasmbuild as package
from benchmarks.measure import Table, environment, milliseconds, options, ratio, run, scratch, take_turns, wasmbuild

HERE = Path(__file__).parent
LOADS = ("throws", "allocates and formats", "sorts")
THROWN = 5000
MANIFEST = """\
name: cxx
libraries:
  other: {sources: [cxx_other.cpp], exports: ["_Z*Failure*", "_Z*thrown_there*"]}
  shared: {sources: [cxx.cpp], requires: [other], exports: [perform, catches, "_Z*thrown_here*"]}
  static: {sources: [cxx.cpp, cxx_other.cpp], link: static, exports: [perform, catches]}
  quiet: {sources: [cxx_quiet.cpp], exports: [quiet]}
  without: {sources: [cxx_quiet.cpp], cxxflags: [-fno-exceptions], exports: [quiet]}
"""


def main() -> None:
    chosen = options(__doc__, runs=21)
    with scratch() as directory:
        project = Path(directory, "project")
        project.mkdir()
        (project / "wasmbuild.yaml").write_text(MANIFEST)
        for source in HERE.glob("cxx*.[ch]*"):
            shutil.copy(source, project)
        run((*wasmbuild(), "build", "-j", str(chosen.jobs)), project, environment(directory))
        built = project / "build" / "lib"
        with (
            package.load(built / "libshared.so") as shared,
            package.load(built / "static.wasm") as static,
            package.load(built / "libquiet.so") as quiet,
            package.load(built / "libwithout.so") as without,
        ):
            over_static(shared.functions["perform"], static.functions["perform"], chosen.runs)
            throwing(shared.functions["catches"], static.functions["catches"], chosen.runs)
            not_throwing(quiet.functions["quiet"], without.functions["quiet"], chosen.runs)


def over_static(shared: Callable[[int], int], static: Callable[[int], int], runs: int) -> None:
    table = Table(
        f"Speed over shared libc++.so ({runs} runs in turns)", "", "shared", "static", "static / shared", "goal"
    )
    for number, name in enumerate(LOADS):
        assert shared(number) == static(number)
        times = take_turns({"shared": lambda n=number: shared(n), "static": lambda n=number: static(n)}, runs)
        table.add(
            name,
            milliseconds(times["shared"]),
            milliseconds(times["static"]),
            f"{ratio(times['static'], times['shared']):.2f}",
            "≥ 0.97",
        )
    table.print()


def throwing(shared: Callable[[int, int], int], static: Callable[[int, int], int], runs: int) -> None:
    sides = {
        "within a library": lambda: shared(THROWN, 0),
        "across two libraries": lambda: shared(THROWN, 1),
        "linked statically": lambda: static(THROWN, 1),
    }
    times = take_turns(sides, runs)
    table = Table(f"Throw and catch ({runs} runs of {THROWN} in turns)", "", "each", "ratio", "goal")
    for name in sides:
        over = f"{ratio(times[name], times['within a library']):.2f}"
        goal = "≤ 1.2, and ≤ 4 µs" if name.startswith("across") else ""
        table.add(name, f"{median(times[name]) / THROWN * 1e6:.2f} µs", over, goal)
    table.print()


def not_throwing(quiet: Callable[[int], int], without: Callable[[int], int], runs: int) -> None:
    times = take_turns({"with exceptions": lambda: quiet(8), "-fno-exceptions": lambda: without(8)}, runs)
    table = Table(f"Nothing is thrown ({runs} runs in turns)", "", "time", "ratio", "goal")
    for name in times:
        goal = "≤ 1.03" if name == "with exceptions" else ""
        table.add(name, milliseconds(times[name]), f"{ratio(times[name], times['-fno-exceptions']):.2f}", goal)
    table.print()


if __name__ == "__main__":
    main()
