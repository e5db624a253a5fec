"""A call from Python into C: ours, compared with wasmtime's own `Func.__call__`, which converts and checks less.

Every sample is as many calls of one kind; the kinds take turns. The function does next to nothing, so what is timed is
the way there and back.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median

import wasmbuild as package
from benchmarks.figures import Figure, ratios
from benchmarks.measure import Table, environment, options, ratio, run, scratch, take_turns, wasmbuild

GOAL = 1.3
CALLS = 2000

MANIFEST = "name: calls\nlibraries:\n  calls: {sources: [calls.c], exports: ['*']}\n"
SOURCE = """
int add(int a, int b) { return a + b; }
double mean(double a, double b) { return (a + b) / 2; }
unsigned first(const unsigned char *bytes) { return bytes[0]; }
int apply(int (*f)(int), int x) { return f(x); }
"""


def main() -> list[Figure]:
    chosen = options(__doc__, runs=101)
    with scratch() as directory:
        project = Path(directory, "calls")
        project.mkdir()
        (project / "wasmbuild.yaml").write_text(MANIFEST)
        (project / "calls.c").write_text(SOURCE)
        run((*wasmbuild(), "build", "-j", str(chosen.jobs)), project, environment(directory))
        path = project / "build" / "lib" / "libcalls.so"
        with (
            package.load(path) as z,
            package.load(path, timeout_s=60) as timed,
            package.load(path, fuel=1 << 60) as counted,
        ):
            return compare(z, timed, counted, chosen.runs)


def compare(z: package.Library, timed: package.Library, counted: package.Library, runs: int) -> list[Figure]:
    raw = {name: z._loaded.function(name) for name in ("add", "mean")}
    store = z._loaded.store
    declared = timed.declare("int add(int a, int b)")
    buffer = z.bytes(b"x")
    identity = z.callback("(i32) -> i32", lambda x: x)
    add, mean = z.functions["add"], z.functions["mean"]
    sides: dict[str, Callable[[], object]] = {
        "wasmtime: add(1, 2)": lambda: raw["add"](store, 1, 2),
        'z.call("add", 1, 2)': lambda: z.call("add", 1, 2),
        "functions[…](1, 2)": lambda: add(1, 2),
        "declared, with a time limit": lambda: declared(1, 2),
        "with fuel": lambda: counted.call("add", 1, 2),
        "wasmtime: mean(1.0, 2.0)": lambda: raw["mean"](store, 1.0, 2.0),
        "functions[…](1.0, 2.0)": lambda: mean(1.0, 2.0),
        'z.call("first", buffer)': lambda: z.call("first", buffer),
        'z.call("first", b"x")': lambda: z.call("first", b"x"),
        'z.call("apply", callback, 1)': lambda: z.call("apply", identity, 1),
    }
    times = take_turns({name: repeated(side) for name, side in sides.items()}, runs)
    table = Table(f"A call from Python ({runs} samples of {CALLS} calls)", "", "time", "ratio to wasmtime", "goal")
    base = times["wasmtime: add(1, 2)"]
    found = []
    for name, side in times.items():
        against = times["wasmtime: mean(1.0, 2.0)"] if "(1.0, 2.0)" in name else base
        goal = f"≤ {GOAL}" if name.startswith(('z.call("add"', "functions")) else ""
        table.add(name, f"{median(side) / CALLS * 1e6:.2f} µs", f"{ratio(side, against):.2f}", goal)
        if side is not against:
            limit = GOAL if goal else None
            found.append(Figure("python_call", f"{name} / wasmtime's own", ratios(side, against), at_most=limit))
    table.print()
    return found


def repeated(side: Callable[[], object]) -> Callable[[], object]:
    def calls() -> None:
        for _ in range(CALLS):
            side()

    return calls


if __name__ == "__main__":
    main()
