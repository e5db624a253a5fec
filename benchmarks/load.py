"""Loading a program over libc.so from a warm cache: the whole and our own time, by phase, and the memory it takes.

A load is `load_file`: it finds the plan in the cache, reads and verifies the modules, takes their machine code from the
cache, makes the instances and runs the constructors, up to before `_start`. Both are compared with a goal: the whole,
and our own time, which is the whole without the time in wasmtime's C functions that map the machine code, make the
instances, and run the constructors. What Python's wrapper of them costs is ours. README.md says how memory is counted.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import wasmtime._ffi

from benchmarks.figures import Figure
from benchmarks.measure import Table, environment, milliseconds, options, run, scratch, wasmbuild
from benchmarks.projects import of_example, of_libraries, of_recipe, of_streams
from wasmbuild.loader import process, program
from wasmbuild.loader.options import ProcessOptions
from wasmbuild.sources.store import Store

PROGRAMS = ("greet", "lua", "streams", "thirty", "many")
OWN_GOAL_MS = {"greet": 5.0, "lua": 5.0, "streams": 12.0, "thirty": 15.0, "many": 50.0}
WHOLE_GOAL_MS = {"greet": 7.0, "lua": 7.0, "streams": None, "thirty": None, "many": None}
GOAL_MEMORY_MB = 20.0
SAMPLES = 9

PHASES: dict[str, tuple[tuple[Any, str], ...]] = {
    "find the plan": ((program, "recall"),),
    "read and verify": ((program, "read_verified"),),
    "decide": ((program, "_decided"),),
    "engine": ((program, "make_engine"),),
    "machine code": ((process, "compile_all"),),
    "instances, constructors": ((program, "make_process"), (program, "make_calls")),
}
"""The functions of each phase, where they are called from. A phase's time is without that of phases called in it; what
is in none of them is the rest."""

WASMTIME = (
    "wasmtime_module_deserialize_file",
    "wasmtime_linker_instantiate",
    "wasmtime_instance_new",
    "wasmtime_func_call",
)
"""The C functions in which wasmtime does its part of a load; none of them calls back into Python meanwhile."""

_MEMORY = """
import json, sys
import wasmtime

def now_and_peak_bytes():
    fields = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return tuple(int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))

bare, _ = now_and_peak_bytes()
if len(sys.argv) < 2:
    print(json.dumps({"rss": bare}))
    sys.exit()

opened = []
original = wasmtime.Module.deserialize_file
def deserialize_file(engine, path):
    opened.append(path)
    return original(engine, path)
wasmtime.Module.deserialize_file = deserialize_file

import os, time
from pathlib import Path
from wasmbuild.loader.options import ProcessOptions
from wasmbuild.loader.program import load_file
from wasmbuild.sources.store import Store

started = time.perf_counter()
loaded = load_file(Path(sys.argv[1]), ProcessOptions(cache=Store.of_user()))
load_us = (time.perf_counter() - started) * 1e6
rss, peak = now_and_peak_bytes()
linear = loaded.process.memory.data_len(loaded.store)
code = sum(map(os.path.getsize, opened))
print(json.dumps({"rss": rss, "peak": peak, "code": code, "linear": linear, "load_us": load_us}))
"""
"""Prints memory in bytes: of a process that imported wasmtime, or with an argument, of one that loaded a program. The
peak is VmHWM, because `ru_maxrss` of a new process starts from what its parent had."""


def main() -> list[Figure]:
    chosen = options(__doc__, runs=51)
    with scratch() as directory:
        env = environment(directory)
        projects = {
            "greet": of_example("greet", Path(directory, "greet")),
            "lua": of_recipe("lua", Path(directory, "lua")),
            "streams": of_streams(Path(directory, "streams")),
            "thirty": of_libraries(30, Path(directory, "thirty")),
            "many": of_libraries(111, Path(directory, "many")),  # as many as SciPy has in Pyodide
        }
        programs = {}
        for name in PROGRAMS:
            project = projects[name]
            run((*wasmbuild(), "build", "-j", str(chosen.jobs)), project, env)
            program_name = "thirty" if name == "many" else name
            programs[name] = project / "build" / "bin" / f"{program_name}.wasm"
            load(programs[name])  # fills the cache, and makes what is made once in a process
        found = [figure for name, path in programs.items() for figure in time_by_phase(name, path, chosen.runs)]
        if Path("/proc/self/status").exists():
            count_memory(programs, env, directory)
        else:
            print("\nMemory is not measured: this system has no /proc/self/status.")
    return found


def load(path: Path) -> program.Loaded:
    return program.load_file(path, ProcessOptions(cache=Store.of_user()))


def time_by_phase(name: str, path: Path, runs: int) -> list[Figure]:
    """Three kinds of load take turns: timed as it is, without wasmtime's part, and taken apart into phases."""
    whole: list[float] = []
    own: list[float] = []
    phases: dict[str, list[float]] = {phase: [] for phase in PHASES}
    rest: list[float] = []
    for _ in range(runs):
        gc.collect()  # what the loads before left behind is not this load's
        started = time.perf_counter()
        loaded = load(path)
        whole.append(time.perf_counter() - started)
        del loaded  # its end is not part of the load either
        gc.collect()
        with in_wasmtime() as calls_s:
            started = time.perf_counter()
            loaded = load(path)
            own.append(time.perf_counter() - started - sum(calls_s))
        del loaded
        gc.collect()
        with taken_apart() as spent_s:
            started = time.perf_counter()
            loaded = load(path)
            total_s = time.perf_counter() - started
        del loaded
        for phase, times in phases.items():
            times.append(spent_s[phase])
        rest.append(total_s - sum(spent_s.values()))
    table = Table(
        f"Loading {name} ({runs} loads in one process, warm cache)", "", "time", "part", "ratio to goal", "goal"
    )
    for row, times, goal_ms in (
        ("the whole load", whole, WHOLE_GOAL_MS[name]),
        ("our own time", own, OWN_GOAL_MS[name]),
    ):
        part = f"{median(times) / median(whole):.0%}"
        ratio = f"{median(times) * 1e3 / goal_ms:.2f}" if goal_ms else ""
        table.add(row, milliseconds(times), part, ratio, f"≤ {goal_ms:.0f} ms" if goal_ms else "")
    for phase, times in (*phases.items(), ("the rest", rest)):
        table.add(f"  {phase}", milliseconds(times), f"{median(times) / median(whole):.0%}", "", "")
    table.print()
    own_ms, whole_ms = (tuple(each * 1e3 for each in times) for times in (own, whole))
    return [
        Figure("load", f"{name}: our own time", own_ms, "ms", at_most=OWN_GOAL_MS[name]),
        Figure("load", f"{name}: the whole", whole_ms, "ms", at_most=WHOLE_GOAL_MS[name]),
    ]


@contextmanager
def in_wasmtime() -> Iterator[list[float]]:
    """Time the C functions of wasmtime while the block runs: the seconds of each call."""
    calls_s: list[float] = []

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*arguments)
            finally:
                calls_s.append(time.perf_counter() - started)

        return wrapper

    with ExitStack() as patches:
        for name in WASMTIME:
            patches.enter_context(patch.object(wasmtime._ffi, name, timed(getattr(wasmtime._ffi, name))))
        yield calls_s


@contextmanager
def taken_apart() -> Iterator[dict[str, float]]:
    """Time the functions of the phases while the block runs: phase → seconds, each moment in one phase only."""
    spent_s = dict.fromkeys(PHASES, 0.0)
    running: list[str] = []
    since = 0.0

    def switch() -> None:
        """Give the time since the last switch to whatever phase was running."""
        nonlocal since
        now = time.perf_counter()
        if running:
            spent_s[running[-1]] += now - since
        since = now

    def timed(phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **named: Any) -> Any:
            switch()
            running.append(phase)
            try:
                return function(*arguments, **named)
            finally:
                switch()
                running.pop()

        return wrapper

    with ExitStack() as patches:
        for phase, functions in PHASES.items():
            for owner, attribute in functions:
                wrapper = timed(phase, getattr(owner, attribute))
                patches.enter_context(patch.object(owner, attribute, wrapper))
        yield spent_s


def count_memory(programs: dict[str, Path], env: dict[str, str], directory: str) -> None:
    def measured(*arguments: str) -> dict[str, int]:
        samples = [json.loads(run((sys.executable, "-c", _MEMORY, *arguments), directory, env)) for _ in range(SAMPLES)]
        return {key: int(median(sample[key] for sample in samples)) for key in samples[0]}

    bare = measured()["rss"]
    table = Table(f"A process that loads one program (medians of {SAMPLES})", "", *programs, "goal")
    found = {name: measured(str(path)) for name, path in programs.items()}
    own = {name: m["peak"] - bare - m["code"] - m["linear"] for name, m in found.items()}
    rows = {
        "peak of the process": [m["peak"] for m in found.values()],
        "less a process with wasmtime imported": [bare for _ in found],
        "less machine code (.cwasm files)": [m["code"] for m in found.values()],
        "less linear memory": [m["linear"] for m in found.values()],
        "ours": list(own.values()),
        "at the end, less wasmtime imported": [m["rss"] - bare for m in found.values()],
    }
    for row, sizes in rows.items():
        goal = f"≤ {GOAL_MEMORY_MB:.0f} MB" if row == "ours" else ""
        table.add(row, *(f"{size / 1e6:.1f} MB" for size in sizes), goal)
    table.add("  ratio to goal", *(f"{size / 1e6 / GOAL_MEMORY_MB:.2f}" for size in own.values()), "")
    table.add("time of its first load", *(f"{m['load_us'] / 1e3:.1f} ms" for m in found.values()), "")
    table.print()


if __name__ == "__main__":
    main()
