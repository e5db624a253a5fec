"""Linking a large process: a generated graph of libraries is decoded, checked and planned.

Each library exports 100 functions and data symbols and imports 50 from others: from the layer below, its own, and the
one above, so that there are cycles. Goals: 1,000 libraries within 1.5 s, 3,000 within 5 s; time grows with the work.
"""

from __future__ import annotations

import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.measure import options
from wasmbuild.search.libraries import Search
from wasmbuild.search.root import decide_root
from wasmbuild.wasm import abi
from wasmbuild.wasm.encode import Function, ModuleSpec, body, encode, i32_const
from wasmbuild.wasm.module import (
    ConstExpr,
    Dylink,
    Export,
    FuncType,
    Global,
    GlobalType,
    Import,
    Limits,
    MemInfo,
    MemoryType,
    TableType,
)

EXPORTS, IMPORTS, LAYER = 100, 50, 25
RUNS = 5
TYPE = FuncType(("i32",), ("i32",))


def generate(directory: Path, count: int) -> Path:
    """Write `count` libraries; the root, which reaches all of them, is returned."""
    rng = random.Random(count)
    for number in range(count):
        layer = number // LAYER
        near = [n for n in range((layer - 1) * LAYER, (layer + 2) * LAYER) if 0 <= n < count and n != number]
        needed = sorted(rng.sample(near, min(6, len(near))) + [n for n in (number + LAYER,) if n < count])
        (directory / f"lib{number}.so").write_bytes(_library(number, needed, rng))
    root = directory / "root.so"
    first = tuple(f"lib{number}.so" for number in range(min(LAYER, count)))
    root.write_bytes(encode(ModuleSpec(dylink=Dylink(MemInfo(), needed=first))))
    return root


def _library(number: int, needed: list[int], rng: random.Random) -> bytes:
    imports = [
        Import(abi.ENV, abi.MEMORY, MemoryType(Limits(0))),
        Import(abi.ENV, abi.INDIRECT_FUNCTION_TABLE, TableType("funcref", Limits(0))),
        Import(abi.ENV, abi.MEMORY_BASE, GlobalType("i32")),
        Import(abi.ENV, abi.TABLE_BASE, GlobalType("i32")),
    ]
    wanted = {(rng.choice(needed), rng.randrange(EXPORTS)) for _ in range(2 * IMPORTS)} if needed else set()
    functions = 0
    for library, symbol in sorted(wanted)[:IMPORTS]:
        if symbol % 4 == 3:
            imports.append(Import(abi.GOT_MEM, f"data_{library}_{symbol}", GlobalType("i32", True)))
        elif symbol % 4 == 2:
            imports.append(Import(abi.GOT_FUNC, f"function_{library}_{symbol}", GlobalType("i32", True)))
        else:
            imports.append(Import(abi.ENV, f"function_{library}_{symbol}", TYPE))
            functions += 1
    globals_before = sum(isinstance(i.type, GlobalType) for i in imports)
    exports: list[Export] = []
    defined: list[Function] = []
    data: list[Global] = []
    for symbol in range(EXPORTS):
        if symbol % 4 == 3:
            exports.append(Export(f"data_{number}_{symbol}", "global", globals_before + len(data)))
            data.append(Global(GlobalType("i32"), ConstExpr(None, 4 * symbol)))
        else:
            exports.append(Export(f"function_{number}_{symbol}", "func", functions + len(defined)))
            defined.append(Function(TYPE, body(i32_const(symbol))))
    dylink = Dylink(MemInfo(4 * EXPORTS, 2, 0, 0), tuple(f"lib{other}.so" for other in needed))
    return encode(
        ModuleSpec(
            imports=tuple(imports),
            functions=tuple(defined),
            globals=tuple(data),
            exports=tuple(exports),
            dylink=dylink,
        )
    )


def measure(root: Path) -> tuple[float, int, int]:
    """Seconds, libraries and peak memory in KiB of one link, in this process."""
    started = time.perf_counter()
    decision = decide_root(root, {}, Search())
    seconds = time.perf_counter() - started
    assert decision.plan is not None, "everything fits in a generated graph"
    return seconds, len(decision.plan.modules), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


GOALS_S = {10: None, 100: None, 1000: 1.5, 3000: 5.0}


ONE = """
import sys
from pathlib import Path
from benchmarks.link_graph import measure
print(*measure(Path(sys.argv[1])))
"""
"""Each in a process of its own: its peak of memory is then its own."""


def main() -> list[Figure]:
    options(__doc__, runs=RUNS)
    with tempfile.TemporaryDirectory() as name:
        found: dict[int, float] = {}
        samples: dict[int, list[float]] = {}
        for count, goal_s in GOALS_S.items():
            directory = Path(name, str(count))
            directory.mkdir()
            root = generate(directory, count)
            runs = []
            for _ in range(RUNS):
                done = subprocess.run(
                    [sys.executable, "-c", ONE, str(root)], capture_output=True, text=True, check=True
                )
                seconds, libraries, peak = done.stdout.split()
                runs.append((float(seconds), int(libraries), int(peak)))
            samples[count] = [taken_s for taken_s, _, _ in runs]
            found[count] = sorted(runs)[len(runs) // 2][0]
            goal = f", goal {goal_s} s: {found[count] / goal_s:.2f}" if goal_s else ""
            peak_mb = runs[0][2] / 1024
            print(f"{runs[0][1]:5} libraries: {found[count]:.3f} s (median of 5){goal}, peak {peak_mb:.0f} MB")
    exponents = tuple(exponent({count: taken[turn] for count, taken in samples.items()}) for turn in range(RUNS))
    print(f"1,000 to 100: {found[1000] / found[100]:.1f} times; 3,000 to 1,000: {found[3000] / found[1000]:.1f} times")
    return [Figure("link_graph", "time over libraries, 10 to 3,000", exponents, "exponent", at_most=1.1)]


def exponent(times_s: Mapping[int, float]) -> float:
    """The slope of a line through the logarithms, by least squares."""
    xs, ys = [math.log(count) for count in times_s], [math.log(taken) for taken in times_s.values()]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


if __name__ == "__main__":
    main()
