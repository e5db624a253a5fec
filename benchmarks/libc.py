"""libc, compared with others on the same work: ours over a shared libc.so, the others linked statically.

    python -m benchmarks libc [--runs N] [--wasi-libc DIR] [--only TEXT]

The same C is linked by `zig cc`; with wasi-libc, where DIR (or /usr, for Debian's package) has its headers and archives
in `include/wasm32-wasi` and `lib/wasm32-wasi`; and by emcc with -msimd128, where there is one, to be run in Node.
"""

from __future__ import annotations

import argparse
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import wasmtime

import wasmbuild as package
from benchmarks.figures import Figure, geometric_mean, mean_of_ratios, ratios
from benchmarks.measure import Table, environment, milliseconds, ratio, run, scratch, wasmbuild
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


def main() -> list[Figure]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=11, metavar="N", help="how many of each side")
    parser.add_argument("--wasi-libc", type=Path, default=Path("/usr"), metavar="DIR", help="where wasi-libc is")
    parser.add_argument("--against", default="", metavar="PEERS", help=argparse.SUPPRESS)
    parser.add_argument("-j", dest="jobs", help=argparse.SUPPRESS)
    parser.add_argument("--only", default="", metavar="TEXT", help="loads with TEXT in their name")
    arguments = parser.parse_args()
    zig = find_toolchain(read_settings(None))
    with scratch() as directory:
        sides: dict[str, Run] = {"ours": ours(directory), "zig cc": with_zig(zig, directory)}
        if (arguments.wasi_libc / "lib/wasm32-wasi/libc.a").is_file():
            sides["wasi-libc"] = with_wasi_libc(zig, arguments.wasi_libc, directory)
        missing = [name for name in ("wasi-libc",) if name not in sides]
        missing += ["emcc"]  # emcc's modules run in Node: see the issue of benchmarks against peers
        found = compare(sides, arguments.runs, arguments.only)
    print(f"\n  not on this machine, or not run: {', '.join(missing)}")
    return found


def compare(sides: Mapping[str, Run], runs: int, only: str) -> list[Figure]:
    others = [name for name in sides if name != "ours"]
    table = Table(
        f"libc ({runs} runs of each, in turns)", "", "ours", *(f"{name} / ours" for name in others), "best / ours"
    )
    best: dict[str, float] = {}
    turns: dict[str, tuple[float, ...]] = {}
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
        over = {other: ratio(times[other], times["ours"]) for other in others}
        nearest = min(over, key=lambda other: over[other])
        turns[name] = ratios(times[nearest], times["ours"])
        for other, value in over.items():
            of_each[other].append(value)
        best[name] = min(over.values())
        table.add(name, milliseconds(times["ours"]), *(f"{over[other]:.2f}" for other in others), f"{best[name]:.2f}")
    means = {name: geometric_mean(values) for name, values in of_each.items()}
    table.add(
        "geometric mean", "", *(f"{means[other]:.2f}" for other in others), f"{geometric_mean(best.values()):.2f}"
    )
    table.print()
    worst = min(best, key=lambda name: best[name])
    print("\n  goal: at least 1.0 against the best of them as a geometric mean, and none under 0.8")
    print(f"  worst: {worst} {best[worst]:.2f}")
    found = [Figure("libc", f"{name}: best / ours", each, at_least=0.8) for name, each in turns.items()]
    return [*found, Figure("libc", "best / ours, geometric mean", mean_of_ratios(list(turns.values())), at_least=1.0)]


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
