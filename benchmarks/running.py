"""Work over libraries, once over shared ones and once all in one module, both ours and in wasmtime: zlib, SQLite, Lua,
libpng, integers, an FFT, JSON in C++, exceptions.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import wasmbuild as package
from benchmarks.figures import Figure, mean_of_ratios, ratios
from benchmarks.machine import peers
from benchmarks.measure import Table, environment, milliseconds, options, ratio, run, scratch, take_turns, wasmbuild

HERE = Path(__file__).parent
LOADS = (
    "zlib, 50 MB",
    "SQLite",
    "Lua: recursion",
    "Lua: strings",
    "Lua: tables",
    "Lua: pcall",
    "integers",
    "FFT",
    "libpng",
)
CXX_LOADS = ("JSON in C++", "C++ exceptions")
MANIFEST = """\
name: running
libraries:
  shared: {sources: [running.c], requires: [zlib, sqlite, lua, libpng], exports: [perform]}
  static: {sources: [running.c], requires: [zlib, sqlite, lua, libpng], link: static, exports: [perform]}
  sharedxx: {sources: [running.cpp], requires: [nlohmann-json], exports: [perform_cxx]}
  staticxx: {sources: [running.cpp], requires: [nlohmann-json], link: static, exports: [perform_cxx]}
"""
GOAL_MEAN, GOAL_WORST = 0.98, 0.95

Perform = Callable[[int], int]


def main() -> list[Figure]:
    chosen = options(__doc__, runs=11)
    _, missing = peers(chosen.against)
    with scratch() as directory:
        project = Path(directory, "project")
        project.mkdir()
        (project / "wasmbuild.yaml").write_text(MANIFEST)
        for name in ("running.c", "running.cpp"):
            shutil.copy(HERE / name, project)
        run((*wasmbuild(), "build", "-j", str(chosen.jobs)), project, environment(directory))
        built = project / "build" / "lib"
        with (
            package.load(built / "libshared.so") as shared,
            package.load(built / "static.wasm") as static,
            package.load(built / "libsharedxx.so") as sharedxx,
            package.load(built / "staticxx.wasm") as staticxx,
        ):
            times = compare(LOADS, shared.functions["perform"], static.functions["perform"], chosen.runs)
            times |= compare(
                CXX_LOADS, sharedxx.functions["perform_cxx"], staticxx.functions["perform_cxx"], chosen.runs
            )
    print(f"\n  not on this machine: {', '.join(missing) or 'nobody'}")
    return figures(times)


def compare(names: tuple[str, ...], shared: Perform, static: Perform, runs: int) -> dict[str, dict[str, list[float]]]:
    found = {}
    table = Table(f"Work ({runs} runs in turns)", "", "shared", "static", "static / shared", "goal")
    for number, name in enumerate(names):
        assert shared(number) == static(number) >= 0, f"{name}: {shared(number)}, {static(number)}"
        sides = {"shared": lambda n=number: shared(n), "static": lambda n=number: static(n)}
        found[name] = times = take_turns(sides, runs, warm_up=1)
        over = f"{ratio(times['static'], times['shared']):.3f}"
        table.add(name, milliseconds(times["shared"]), milliseconds(times["static"]), over, f"≥ {GOAL_WORST}")
    table.print()
    return found


def figures(times: Mapping[str, Mapping[str, list[float]]]) -> list[Figure]:
    over = {name: ratios(each["static"], each["shared"]) for name, each in times.items()}
    found = [Figure("running", f"{name}: static / shared", each, at_least=GOAL_WORST) for name, each in over.items()]
    mean = mean_of_ratios(list(over.values()))
    return [*found, Figure("running", "static / shared, geometric mean", mean, at_least=GOAL_MEAN)]


if __name__ == "__main__":
    main()
