"""What a memory costs that is imported: the module of `running` that has everything in it, as it is and with nothing
but its memory imported, in bare wasmtime. Libraries that share a memory must import it, so what this finds no
loader can make up for.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import wasmtime

from benchmarks.figures import Figure, mean_of_ratios, ratios
from benchmarks.measure import Table, environment, milliseconds, options, ratio, run, scratch, take_turns, wasmbuild
from benchmarks.running import HERE, LOADS, MANIFEST
from wasmbuild.loader.engine import make_engine
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.encode import IMPORT_SECTION, MAGIC, VERSION, name, section, unsigned
from wasmbuild.wasm.reader import Cursor

MEMORY_SECTION = 5


def main() -> list[Figure]:
    chosen = options(__doc__, runs=11)
    with scratch() as directory:
        project = Path(directory, "project")
        project.mkdir()
        (project / "wasmbuild.yaml").write_text(
            "".join(each for each in MANIFEST.splitlines(True) if "xx:" not in each)
        )
        shutil.copy(HERE / "running.c", project)
        run((*wasmbuild(), "build", "-j", str(chosen.jobs)), project, environment(directory))
        own = (project / "build/lib/static.wasm").read_bytes()
    engine = make_engine()
    perform, perform_imported = started(engine, own), started(engine, importing_memory(own))
    table = Table(f"One module ({chosen.runs} runs in turns)", "", "own memory", "imported", "own / imported")
    over = {}
    for number, load in enumerate(LOADS):
        assert perform(number) == perform_imported(number) >= 0, load
        sides = {"own": partial(perform, number), "imported": partial(perform_imported, number)}
        times = take_turns(sides, chosen.runs, warm_up=1)
        over[load] = ratios(times["own"], times["imported"])
        table.add(
            load,
            milliseconds(times["own"]),
            milliseconds(times["imported"]),
            f"{ratio(times['own'], times['imported']):.3f}",
        )
    table.print()
    found = [Figure("imported_memory", f"{load}: own / imported", each) for load, each in over.items()]
    mean = mean_of_ratios(list(over.values()))
    return [*found, Figure("imported_memory", "own / imported, geometric mean", mean)]


def importing_memory(data: bytes) -> bytes:
    """The same module, but its memory comes from outside; still exported, as WASI wants it."""
    sections = [
        (each.id, data[each.offset : each.offset + each.size_bytes])
        for each in decode(data, "static.wasm").sections
        if each.id  # what the custom ones say of offsets no longer holds
    ]
    [limits] = [contents[1:] for id_, contents in sections if id_ == MEMORY_SECTION]
    memory = name("env") + name("memory") + b"\x02" + limits
    parts = [MAGIC, VERSION]
    for id_, contents in sections:
        if id_ == IMPORT_SECTION:
            reader = Cursor(contents, 0, len(contents), "static.wasm", "the imports")
            count = reader.u32()
            parts.append(section(id_, unsigned(count + 1) + contents[reader.pos :] + memory))
        elif id_ != MEMORY_SECTION:
            parts.append(section(id_, contents))
    return b"".join(parts)


def started(engine: wasmtime.Engine, data: bytes) -> Callable[[int], int]:
    store, linker, module = wasmtime.Store(engine), wasmtime.Linker(engine), wasmtime.Module(engine, data)
    linker.define_wasi()
    store.set_wasi(wasmtime.WasiConfig())
    for each in module.imports:
        if isinstance(each.type, wasmtime.MemoryType):
            linker.define(store, each.module, each.name or "", wasmtime.Memory(store, each.type))
    exports = linker.instantiate(store, module).exports(store)
    initialize, perform = exports["_initialize"], exports["perform"]
    assert isinstance(initialize, wasmtime.Func)
    assert isinstance(perform, wasmtime.Func)
    initialize(store)
    return lambda load: perform(store, load)


if __name__ == "__main__":
    main()
