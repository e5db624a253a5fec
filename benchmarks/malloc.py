"""libc's malloc, compared with others on the same work: time, and how much memory grew.

    python -m benchmarks malloc [name=allocator.c …] [name=archive.a …]

Ours is `recipes/libc/malloc.c`, zig's is that in the wheel's libzigc.a. Others are given: wasi-libc's is the
file `dlmalloc/src/dlmalloc.c` of its source.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import wasmtime

from benchmarks.measure import Table, milliseconds, ratio, scratch
from wasmbuild.builder.embedded import ensure_embedded
from wasmbuild.builder.libc import embedded_toolchain
from wasmbuild.builder.runtime import Runtime, own_sources
from wasmbuild.builder.toolchain import Toolchain, compile_flags, read_settings
from wasmbuild.progress import Silent
from wasmbuild.sources.store import Store

LOADS = ("one small size", "mixed sizes", "realloc by a half", "realloc by a line", "500,000 live", "fragments")
RUNS = 11
HERE = Path(__file__).parent
OURS = own_sources() / "malloc.c"


def main() -> None:
    zig = embedded_toolchain(read_settings(None))
    built = ensure_embedded(zig, Store.of_user(), Silent())  # zig's malloc is in that libc alone
    others = dict(argument.split("=", 1) for argument in sys.argv[1:] if "=" in argument)
    with scratch() as directory:
        allocators = {"ours": OURS, **{name: Path(path).resolve() for name, path in others.items()}, "zig's": None}
        engine = wasmtime.Engine()
        modules = {
            name: link(zig, built, Path(directory), number, source, engine)
            for number, (name, source) in enumerate(allocators.items())
        }
        table = Table(f"malloc ({RUNS} runs of each, in turns)", "", "time", "ratio to ours", "memory", "ratio to ours")
        for load, title in enumerate(LOADS):
            times: dict[str, list[float]] = {name: [] for name in modules}
            pages = dict.fromkeys(modules, 0)
            for turn in range(-1, RUNS):
                for name, module in modules.items():
                    taken, pages[name] = one(engine, module, load)
                    if turn >= 0:
                        times[name].append(taken)
            for name, taken_s in times.items():
                to, more = times["ours"], pages[name] / max(pages["ours"], 1)
                mib = f"{pages[name] / 16:.1f} MiB"
                table.add(f"{title}: {name}", milliseconds(taken_s), f"{ratio(taken_s, to):.2f}", mib, f"{more:.2f}")
        table.print()
        print("\n  memory: what the load made it grow by, beyond what the process starts with")


def one(engine: wasmtime.Engine, module: wasmtime.Module, load: int) -> tuple[float, int]:
    """One load in a process of its own: seconds, and pages of 64 KiB."""
    store, linker = wasmtime.Store(engine), wasmtime.Linker(engine)
    linker.define_wasi()
    store.set_wasi(wasmtime.WasiConfig())
    run = linker.instantiate(store, module).exports(store)["run"]
    assert isinstance(run, wasmtime.Func)
    started = time.perf_counter()
    pages = run(store, load)
    return time.perf_counter() - started, pages


def link(
    zig: Toolchain, built: Runtime, directory: Path, number: int, source: Path | None, engine: wasmtime.Engine
) -> wasmtime.Module:
    """The loads with one allocator, in a module that is linked statically. Without a source it is zig's."""
    objects = []
    for place in (HERE / "malloc.c", *([source] if source else [])):
        target = directory / f"{number}-{len(objects)}.o"
        flags = (*compile_flags(zig, libc="wasi", cxx=False), "-O2", "-w", "-fno-builtin-malloc")
        call((*zig.clang, *flags, "-c", str(place), "-o", str(target)))
        objects.append(str(target))
    module = directory / f"{number}.wasm"
    # libzigc.a first: its malloc, which is weak, then comes before that in libc.a.
    archives = [str(built.directory / name) for name in ("libzigc.a", "libc.a", "libcompiler_rt.a")]
    options = ("--no-entry", "--export=run", "-z", "stack-size=1048576")
    call((*zig.wasm_ld, *options, *objects, *archives, "-o", str(module)))
    return wasmtime.Module(engine, module.read_bytes())


def call(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr)


if __name__ == "__main__":
    main()
