"""libc, compared with others on the same work: ours over a shared libc.so, the others linked statically.

    python benchmarks/libc.py [--runs N] [--wasi-libc DIR] [--only TEXT]

The same C is linked by `zig cc`; with wasi-libc, where DIR (or /usr, for Debian's package) has its headers and archives
in `include/wasm32-wasi` and `lib/wasm32-wasi`; and by emcc with -msimd128, where there is one, to be run in Node.
"""

from __future__ import annotations

import argparse
import math
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import wasmtime
from measure import Table, environment, milliseconds, ratio, run, scratch, wasmbuild

import wasmbuild as package
from wasmbuild.builder.libc import libc_entry
from wasmbuild.builder.toolchain import Toolchain, find_toolchain, read_settings
from wasmbuild.sources.store import Store

HERE = Path(__file__).parent
FLAGS = ("-O2", "-fno-builtin", "-w")
MANIFEST = """\
name: loads
libraries:
  loads: {sources: [libc.c], cflags: [-fno-builtin, -w], exports: [perform]}
"""

Run = Callable[[int], int]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=11, metavar="N", help="how many of each side")
    parser.add_argument("--wasi-libc", type=Path, default=Path("/usr"), metavar="DIR", help="where wasi-libc is")
    parser.add_argument("--only", default="", metavar="TEXT", help="loads with TEXT in their name")
    arguments = parser.parse_args()
    zig = find_toolchain(read_settings(None))
    with scratch() as directory:
        sides: dict[str, Run] = {"ours": ours(directory), "zig cc": with_zig(zig, directory)}
        if (arguments.wasi_libc / "lib/wasm32-wasi/libc.a").is_file():
            sides["wasi-libc"] = with_wasi_libc(zig, arguments.wasi_libc, directory)
        missing = [name for name in ("wasi-libc",) if name not in sides]
        missing += ["emcc"]  # emcc's modules run in Node: see the issue of benchmarks against peers
        compare(sides, arguments.runs, arguments.only)
    print(f"\n  not on this machine, or not run: {', '.join(missing)}")


def compare(sides: Mapping[str, Run], runs: int, only: str) -> None:
    others = [name for name in sides if name != "ours"]
    table = Table(
        f"libc ({runs} runs of each, in turns)", "", "ours", *(f"{name} / ours" for name in others), "best / ours"
    )
    best: dict[str, float] = {}
    of_each: dict[str, list[float]] = {name: [] for name in others}
    for number, name in enumerate(loads()):
        if only not in name:
            continue
        times: dict[str, list[float]] = {side: [] for side in sides}
        for turn in range(-1, runs):
            results = set()
            for side, call in sides.items():
                started = time.perf_counter()
                results.add(call(number))
                if turn >= 0:
                    times[side].append(time.perf_counter() - started)
            assert len(results) == 1, f"{name}: the sides disagree: {results}"
        ratios = {other: ratio(times[other], times["ours"]) for other in others}
        for other, value in ratios.items():
            of_each[other].append(value)
        best[name] = min(ratios.values())
        table.add(name, milliseconds(times["ours"]), *(f"{ratios[other]:.2f}" for other in others), f"{best[name]:.2f}")
    means = {name: mean(values) for name, values in of_each.items()}
    table.add("geometric mean", "", *(f"{means[other]:.2f}" for other in others), f"{mean(list(best.values())):.2f}")
    table.print()
    worst = min(best, key=lambda name: best[name])
    print("\n  goal: at least 1.0 against the best of them as a geometric mean, and none under 0.8")
    print(f"  worst: {worst} {best[worst]:.2f}")


def mean(values: list[float]) -> float:
    return math.exp(sum(map(math.log, values)) / len(values)) if values else math.nan


def loads() -> list[str]:
    """The names of the loads, in the order of their numbers."""
    text = (HERE / "libc.c").read_text()
    return text.partition("loads[])(void) = {")[2].partition("}")[0].replace(",", " ").split()


def ours(directory: str) -> Run:
    project = Path(directory, "project")
    project.mkdir()
    (project / "wasmbuild.yaml").write_text(MANIFEST)
    shutil.copy(HERE / "libc.c", project)
    run((*wasmbuild(), "build", "-q"), project, environment(directory))
    library = package.load(project / "build/lib/libloads.so")
    return lambda number: int(library.functions["perform"](number))


def with_zig(zig: Toolchain, directory: str) -> Run:
    module = Path(directory, "zig.wasm")
    caches = {name: str(Path(directory, "zig")) for name in ("ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR")}
    command = (zig.clang[0], "cc", "-target", "wasm32-wasi", *FLAGS, "-Wl,--export=perform", str(HERE / "libc.c"))
    run((*command, "-o", str(module)), directory, {**environment(directory), **caches})
    return in_wasmtime(module)


def with_wasi_libc(zig: Toolchain, place: Path, directory: str) -> Run:
    parts, module = place / "lib/wasm32-wasi", Path(directory, "wasi-libc.wasm")
    include = (zig.builtin_include, place / "include/wasm32-wasi")
    flags = ("--target=wasm32-wasip1", *FLAGS, "-nostdinc", *(f"-isystem{path}" for path in include))
    run((*zig.clang, *flags, "-c", str(HERE / "libc.c"), "-o", "loads.o"), directory, environment(directory))
    # Debian has the compiler's own functions in a package of LLVM; ours are the same for both sides.
    builtins = next(
        path for path in libc_entry(read_settings(None), Store.of_user()).static if "compiler_rt" in path.name
    )
    archives = (str(parts / "crt1-command.o"), "loads.o", str(parts / "libc.a"), str(builtins))
    run((*zig.wasm_ld, "--export=perform", *archives, "-o", str(module)), directory, environment(directory))
    return in_wasmtime(module)


def in_wasmtime(path: Path) -> Run:
    store = wasmtime.Store()
    linker = wasmtime.Linker(store.engine)
    linker.define_wasi()
    store.set_wasi(wasmtime.WasiConfig())
    call = linker.instantiate(store, wasmtime.Module(store.engine, path.read_bytes())).exports(store)["perform"]
    assert isinstance(call, wasmtime.Func)
    return lambda number: int(call(store, number))


if __name__ == "__main__":
    main()
