"""The compiler as a program: what its wrapper costs over clang alone, a link by command line over wasm-ld's own, and a
project's configuring by CMake over the same for this machine (`--project DIR`; cmake and a native compiler are needed).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from functools import partial
from pathlib import Path

from benchmarks.measure import (
    Table,
    difference,
    environment,
    milliseconds,
    ratio,
    run,
    scratch,
    seconds,
    take_turns,
    wasmbuild,
)

GOAL_COMPILE_MS = 5
GOAL_CONFIGURE = 1.5

SOURCE = '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n'


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=41, metavar="N", help="how many of each side (default: 41)")
    parser.add_argument("--project", type=Path, metavar="DIR", help="a CMake project to configure")
    chosen = parser.parse_args()
    with scratch() as directory:
        env = environment(directory)
        tools = json.loads(run((*wasmbuild(), "env", "--json"), directory, env))
        here = Path(tools["directory"])
        known = json.loads((here / "environment.json").read_text())
        Path(directory, "hello.c").write_text(SOURCE)
        clang = (*known["clang"], *known["c_flags"], "-isystem", f"{here}/include", "-fPIC")
        compiles = ("-c", "hello.c", "-o", "hello.o")
        cc = str(here / "bin" / "cc")
        run((cc, *compiles), directory, env)
        pie = ("-pie", "--experimental-pic", "--import-memory", "--strip-debug")
        bare_link = (*known["wasm_ld"], *pie, known["crt1"], "hello.o", known["libc"], "-o", "bare.wasm")
        sides = {
            "clang": partial(run, (*clang, *compiles), directory, env),
            "cc -c": partial(run, (cc, *compiles), directory, env),
            "wasm-ld": partial(run, bare_link, directory, env),
            "cc, linking": partial(run, (cc, "hello.o", "-o", "hello"), directory, env),
        }
        times = take_turns(sides, chosen.runs)
        table = Table(f"The compiler as a program ({chosen.runs} runs in turns)", "", "time", "over", "goal")
        table.add("clang", milliseconds(times["clang"]), "", "")
        over_ms = difference(times["cc -c"], times["clang"]) * 1000
        table.add("cc -c", milliseconds(times["cc -c"]), f"{over_ms:+.1f} ms", f"≤ {GOAL_COMPILE_MS} ms")
        table.add("wasm-ld", milliseconds(times["wasm-ld"]), "", "")
        over_ms = difference(times["cc, linking"], times["wasm-ld"]) * 1000
        table.add("cc, linking", milliseconds(times["cc, linking"]), f"{over_ms:+.1f} ms", "")
        table.print()
        if chosen.project is not None:
            configure(chosen.project.resolve(), Path(directory), env | tools["variables"], env)


def configure(project: Path, directory: Path, ours: dict[str, str], native: dict[str, str]) -> None:
    """CMake from an empty directory, each time anew."""
    cmake = shutil.which("cmake") or "cmake"
    native = {name: value for name, value in native.items() if name not in ("CC", "CXX", "CMAKE_TOOLCHAIN_FILE")}

    def once(name: str, env: dict[str, str]) -> None:
        out = directory / name
        shutil.rmtree(out, ignore_errors=True)
        run((cmake, "-S", str(project), "-B", str(out)), directory, {**os.environ, **env})

    times = take_turns({"native": partial(once, "native", native), "ours": partial(once, "ours", ours)}, 3)
    table = Table(f"CMake configures {project.name} (3 runs in turns)", "", "time", "ratio", "goal")
    table.add("for this machine", seconds(times["native"]), "", "")
    table.add(
        "with our tools", seconds(times["ours"]), f"{ratio(times['ours'], times['native']):.2f}", f"≤ {GOAL_CONFIGURE}"
    )
    table.print()


if __name__ == "__main__":
    main()
