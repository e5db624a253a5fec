"""Work over libraries, once over shared ones and once all in one module, both ours and in wasmtime: zlib, SQLite, Lua,
libpng, integers, an FFT, JSON in C++, exceptions. What is in C is also run as gcc makes it of the same sources.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import wasmbuild as package
from benchmarks.figures import Figure, mean_of_ratios, ratios
from benchmarks.machine import peers
from benchmarks.measure import Table, environment, milliseconds, options, ratio, run, scratch, take_turns, wasmbuild
from benchmarks.native import perform

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
RECIPES = ("zlib", "sqlite", "lua", "libpng")
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
    here, missing = peers(chosen.against)
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
            sides: dict[str, Perform] = {"shared": shared.functions["perform"], "static": static.functions["perform"]}
            if "native" in here:
                native = Path(directory, "native")
                native.mkdir()
                sides["native"] = perform(project / "running.c", RECIPES, native, environment(directory))
            times = compare(LOADS, sides, chosen.runs)
            cxx = {"shared": sharedxx.functions["perform_cxx"], "static": staticxx.functions["perform_cxx"]}
            times |= compare(CXX_LOADS, cxx, chosen.runs)
    print(f"\n  not on this machine: {', '.join(missing) or 'nobody'}")
    return figures(times)


def compare(names: tuple[str, ...], sides: Mapping[str, Perform], runs: int) -> dict[str, dict[str, list[float]]]:
    found = {}
    table = Table(f"Work ({runs} runs in turns)", "", *sides, "static / shared", "goal")
    for number, name in enumerate(names):
        answers = {side: work(number) for side, work in sides.items()}
        assert len(set(answers.values())) == 1, f"{name}: {answers}"
        assert answers["shared"] >= 0, f"{name}: {answers}"
        found[name] = times = take_turns({side: partial(work, number) for side, work in sides.items()}, runs, warm_up=1)
        over = f"{ratio(times['static'], times['shared']):.3f}"
        table.add(name, *(milliseconds(each) for each in times.values()), over, f"≥ {GOAL_WORST}")
    table.print()
    return found


def figures(times: Mapping[str, Mapping[str, list[float]]]) -> list[Figure]:
    over = {name: ratios(each["static"], each["shared"]) for name, each in times.items()}
    found = [Figure("running", f"{name}: static / shared", each, at_least=GOAL_WORST) for name, each in over.items()]
    mean = mean_of_ratios(list(over.values()))
    found.append(Figure("running", "static / shared, geometric mean", mean, at_least=GOAL_MEAN))
    native = {n: ratios(each["native"], each["shared"]) for n, each in times.items() if "native" in each}
    found += [Figure("running", f"{name}: native / shared", each) for name, each in native.items()]
    if native:
        found.append(Figure("running", "native / shared, geometric mean", mean_of_ratios(list(native.values()))))
    return found


if __name__ == "__main__":
    main()
