"""What `import wasmbuild.cli` loads, and what that costs over the interpreter alone.

Every command starts with it, so none of the big packages may be in it: a command imports them when it needs them.
"""

from __future__ import annotations

import sys
from functools import partial

from benchmarks.figures import Figure, ratios
from benchmarks.measure import (
    BARE,
    Table,
    difference,
    environment,
    milliseconds,
    options,
    ratio,
    run,
    scratch,
    take_turns,
    wasmbuild,
)

BIG = ("rich", "wasmtime", "yaml")

_LOADED = """
import sys
before = set(sys.modules)
import wasmbuild.cli
print(*sorted(set(sys.modules) - before), sep="\\n")
"""


def run_hello(directory: str, env: dict[str, str], runs: int) -> dict[str, list[float]]:
    """A new project's program, from its name and from its file, against importing the engine alone."""
    run((*wasmbuild(), "new", "hello"), directory, env)
    project = f"{directory}/hello"
    run((*wasmbuild(), "build"), project, env)
    return take_turns(
        {
            "import wasmtime": partial(run, (sys.executable, "-c", "import wasmtime"), project, env),
            "wasmbuild run hello": partial(run, (*wasmbuild(), "run", "hello", "1", "2"), project, env),
            "wasmbuild run FILE": partial(run, (*wasmbuild(), "run", "build/bin/hello.wasm", "1", "2"), project, env),
        },
        runs,
    )


def main() -> list[Figure]:
    chosen = options(__doc__, runs=41)
    with scratch() as directory:
        env = environment(directory)
        loaded = run((sys.executable, "-c", _LOADED), directory, env).split()
        times = take_turns(
            {
                "python -c pass": partial(run, BARE, directory, env),
                "import argparse": partial(run, (sys.executable, "-c", "import argparse"), directory, env),
                "import wasmbuild.cli": partial(run, (sys.executable, "-c", "import wasmbuild.cli"), directory, env),
                "wasmbuild --version": partial(run, (*wasmbuild(), "--version"), directory, env),
            },
            chosen.runs,
        )
        running = run_hello(directory, env, chosen.runs)
    bare = times["python -c pass"]
    table = Table(f"Starting up ({chosen.runs} runs in turns)", "", "time", "over bare", "ratio", "goal")
    for name, side in times.items():
        over = f"+{difference(side, bare) * 1e3:.1f} ms" if side is not bare else ""
        table.add(name, milliseconds(side), over, f"{ratio(side, bare):.2f}", "")
    table.print()

    engine = running["import wasmtime"]
    starts = Table(
        f"Running a program, warm ({chosen.runs} runs in turns)", "", "time", "over the engine", "ratio", "goal"
    )
    for name, side in running.items():
        over = f"+{difference(side, engine) * 1e3:.1f} ms" if side is not engine else ""
        goal = "≤ 1.6" if name == "wasmbuild run hello" else ""
        starts.add(name, milliseconds(side), over, f"{ratio(side, engine):.2f}", goal)
    starts.print()

    parts: dict[str, list[str]] = {}
    for name in loaded:
        parts.setdefault(_origin(name.partition(".")[0]), []).append(name)
    what = Table(f"What `import wasmbuild.cli` loads: {len(loaded)} modules", "", "", "goal")
    for name in BIG:
        what.add(name, "loaded" if name in loaded else "not loaded", "not loaded")
    for origin, names in sorted(parts.items(), reverse=True):
        what.add(origin, " ".join(names) if len(names) <= 6 else f"{len(names)} modules", "")
    what.print()
    print("\n  " + " ".join(loaded))
    imports, versions = times["import wasmbuild.cli"], times["wasmbuild --version"]
    hello = ratios(running["wasmbuild run hello"], engine)
    return [
        Figure("startup", "import wasmbuild.cli / python -c pass", ratios(imports, bare)),
        Figure("startup", "wasmbuild --version / python -c pass", ratios(versions, bare)),
        Figure("startup", "wasmbuild run hello / import wasmtime", hello, at_most=1.6),
    ]


def _origin(package: str) -> str:
    if package == "wasmbuild":
        return "of wasmbuild"
    return "of the standard library" if package in sys.stdlib_module_names else "of others"


if __name__ == "__main__":
    main()
