"""What `import wasmbuild.cli` loads, and what that costs over the interpreter alone.

Every command starts with it, so none of the big packages may be in it: a command imports them when it needs them.
"""

from __future__ import annotations

import sys
from functools import partial

from measure import (
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


def main() -> None:
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
    bare = times["python -c pass"]
    table = Table(f"Starting up ({chosen.runs} runs in turns)", "", "time", "over bare", "ratio", "goal")
    for name, side in times.items():
        over = f"+{difference(side, bare) * 1e3:.1f} ms" if side is not bare else ""
        table.add(name, milliseconds(side), over, f"{ratio(side, bare):.2f}", "")
    table.print()

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


def _origin(package: str) -> str:
    if package == "wasmbuild":
        return "of wasmbuild"
    return "of the standard library" if package in sys.stdlib_module_names else "of others"


if __name__ == "__main__":
    main()
