"""A call of each kind: within a library, into another, through a pointer, through the stub of a circle, and between
Python and wasm in both directions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median

import wasmbuild as package
from benchmarks.figures import Figure, ratios
from benchmarks.measure import Table, environment, options, ratio, run, scratch, take_turns, wasmbuild

COUNT = 2_000_000
PYTHON_COUNT = 20_000

ONE = """\
int two_next(int x);
int two_back(int n, int x);
__attribute__((noinline)) static int own(int x) { return x * 3 + 1; }
int one_next(int x) { return x * 3 + 1; }
static int (*volatile chosen)(int);
unsigned within(unsigned n) { unsigned x = 1; for (unsigned i = 0; i < n; i++) x = own(x) ^ i; return x; }
unsigned across(unsigned n) { unsigned x = 1; for (unsigned i = 0; i < n; i++) x = two_next(x) ^ i; return x; }
unsigned pointer(unsigned n) {
    chosen = two_next;
    unsigned x = 1;
    for (unsigned i = 0; i < n; i++) x = chosen(x) ^ i;
    return x;
}
unsigned circle(unsigned n) { return two_back(n, 1); }
int host(int x);
unsigned to_host(unsigned n) { unsigned x = 1; for (unsigned i = 0; i < n; i++) x = host(x) ^ i; return x; }
int nothing(int x) { return x; }
"""

TWO = """\
int one_next(int x);
int two_next(int x) { return x * 3 + 1; }
unsigned two_back(unsigned n, unsigned x) { for (unsigned i = 0; i < n; i++) x = one_next(x) ^ i; return x; }
"""

MANIFEST = """\
name: calls
defaults: {libc: none}
libraries:
  one:
    sources: [one.c]
    requires: [two]
    imports: [host]
    exports: [within, across, pointer, circle, to_host, nothing, one_next]
  two: {sources: [two.c], requires: [one], exports: [two_next, two_back]}
"""

KINDS = {
    "within a library": "within",
    "into another library": "across",
    "through a pointer": "pointer",
    "through the stub of a circle": "circle",
}


def main() -> list[Figure]:
    chosen = options(__doc__, runs=21)
    with scratch() as directory:
        for name, text in (("one.c", ONE), ("two.c", TWO), ("wasmbuild.yaml", MANIFEST)):
            Path(directory, name).write_text(text)
        run((*wasmbuild(), "build", "-j", str(chosen.jobs)), directory, environment(directory))
        host = {"host": ("(i32) -> i32", lambda x: x)}
        with package.load(Path(directory, "build/lib/libone.so"), host=host) as one:
            return measured(one, chosen.runs)


def measured(one: package.Library, runs: int) -> list[Figure]:
    functions = one.functions
    nothing = functions["nothing"]

    def from_python() -> None:
        for _ in range(PYTHON_COUNT):
            nothing(1)

    sides: dict[str, Callable[[], object]] = {
        name: lambda function=function: functions[function](COUNT) for name, function in KINDS.items()
    }
    sides["from Python into C"] = from_python
    sides["from C into Python"] = lambda: functions["to_host"](PYTHON_COUNT)
    times = take_turns(sides, runs)
    counts = {name: COUNT if name in KINDS else PYTHON_COUNT for name in sides}
    base = times["within a library"]
    table = Table(f"Calls ({runs} runs in turns)", "", "each", "over within")
    found = []
    for name, each in times.items():
        each_ns = median(each) / counts[name] * 1e9
        table.add(name, f"{each_ns:.2f} ns", f"{ratio(each, base):.2f}" if name in KINDS else "")
        if name in KINDS and each is not base:
            found.append(Figure("calls", f"{name} / within", ratios(each, base)))
        elif name not in KINDS:
            found.append(Figure("calls", name, tuple(x / counts[name] * 1e6 for x in each), "us"))
    table.print()
    return found


if __name__ == "__main__":
    main()
