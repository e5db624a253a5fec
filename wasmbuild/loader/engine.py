"""The engine, and modules compiled to machine code, kept in the cache."""

from __future__ import annotations

import ctypes
import hashlib
import mmap
import os
import struct
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Thread

import wasmtime
from msgspec import Struct
from wasmtime import Config, Engine, Module, WasmtimeError, _ffi

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.loader.deadline import set_deadline, watch
from wasmbuild.sources.store import Store, mark_used, tidy, writing


class ProcessLimits(Struct, frozen=True):
    """What a process may use; None is without a limit.

    `fuel` is for all its calls together, about one unit for an instruction; `timeout_s` is for each call from outside.
    """

    memory_bytes: int | None = None
    table_elements: int | None = None
    fuel: int | None = None
    timeout_s: float | None = None


NO_LIMITS = ProcessLimits()


class ConfiguredEngine(Engine):
    """An engine, with what its machine code has that other engines' code has not: a part of the cache's key."""

    code = ""


def make_engine(native_stack_bytes: int | None = None, limits: ProcessLimits = NO_LIMITS) -> ConfiguredEngine:
    """An engine that takes what our compiler makes: the standard exception encoding for setjmp and C++.

    `native_stack_bytes` is what wasm may use of the calling thread's stack; the thread must have more than that.
    """
    config = Config()
    config.wasm_exceptions = True
    config.consume_fuel = limits.fuel is not None
    config.epoch_interruption = limits.timeout_s is not None
    if native_stack_bytes is not None:
        config.max_wasm_stack = _allow_stack(config, native_stack_bytes)
    engine = ConfiguredEngine(config)
    # Counting costs time in every loop, so only what has a limit is compiled to count.
    engine.code = " fuel" * (limits.fuel is not None) + " epochs" * (limits.timeout_s is not None)
    return engine


class ProcessStore(wasmtime.Store):
    """A store, with what lives as long as it does."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.functions: list[object] = []
        """Python functions that its wasm calls: it alone keeps them, so what they refer to, a process perhaps, goes
        with it."""
        self.ends_at_s: float | None = None
        """When its time limit is reached, by the monotonic clock."""


def make_store(engine: Engine, limits: ProcessLimits) -> ProcessStore:
    """A store that keeps to its limits from the first constructor on; the clock of a timeout starts now."""
    store = ProcessStore(engine)
    given = {"memory_size": limits.memory_bytes, "table_elements": limits.table_elements}
    if any(size is not None for size in given.values()):
        store.set_limits(**{name: size for name, size in given.items() if size is not None})
    if limits.fuel is not None:
        store.set_fuel(limits.fuel)
    if limits.timeout_s is not None:
        watch(engine)
        set_deadline(store, limits.timeout_s)
    return store


_ASYNC_STACK_BYTES = 2 << 20
"""wasmtime's default; it refuses to start with a larger stack for wasm than for its fibers, used or not."""


def _allow_stack(config: Config, wanted_bytes: int) -> int:
    """Raise the limit of the engine's fibers; the stack that wasm may then have. The setter is in wasmtime's C API, but
    not in its Python package."""
    set_size = getattr(_ffi.dll, "wasmtime_config_async_stack_size_set", None)
    if set_size is None:
        return min(wanted_bytes, _ASYNC_STACK_BYTES)
    set_size.argtypes, set_size.restype = [ctypes.c_void_p, ctypes.c_uint64], None
    set_size(config.ptr(), max(wanted_bytes, _ASYNC_STACK_BYTES))
    return wanted_bytes


class Image(Struct, frozen=True):
    """A module to compile. `identity` tells it from all others: the hash of its bytes, or what they are made from;
    `data` gives the bytes, which are not wanted where the machine code is in the cache."""

    identity: str
    data: Callable[[], bytes]


def image_of(data: bytes) -> Image:
    return Image(hashlib.sha256(data).hexdigest(), lambda: data)


def compile_all(engine: Engine, images: Sequence[Image], store: Store | None) -> list[Module]:
    """Compile modules, or take them from the cache. New ones are compiled side by side: wasmtime lets Python's lock
    go. Raises WasmtimeError for a module that the engine refuses."""
    found = [_cached(engine, _entry(engine, store, image)) if store else None for image in images]
    missing = [index for index, module in enumerate(found) if module is None]
    new = _side_by_side([partial(_compile, engine, images[index], store) for index in missing])
    return [module if module is not None else next(new) for module in found]


def _side_by_side(work: Sequence[Callable[[], Module]]) -> Iterator[Module]:
    """What each returns, in order; the first that raised, raises. The end of Python does not wait for the threads."""
    results: list[Module | BaseException | None] = [None] * len(work)
    todo = iter(range(len(work)))

    def run() -> None:
        for number in todo:  # Python's lock makes each step one
            try:
                results[number] = work[number]()
            except BaseException as error:
                results[number] = error

    threads = [Thread(target=run, daemon=True) for _ in range(min(len(work), os.cpu_count() or 1) - 1)]
    for thread in threads:
        thread.start()
    run()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException):
            raise result
        assert result is not None, "all was done"
        yield result


def _entry(engine: Engine, store: Store, image: Image) -> Path:
    # wasmtime itself refuses what another version of it or a lesser processor compiled; then we compile again.
    code = engine.code if isinstance(engine, ConfiguredEngine) else ""
    key = hashlib.sha256(f"{_machine()} exceptions{code}\n{image.identity}".encode())
    return store.entry("compiled", f"{key.hexdigest()[:40]}.cwasm")


def _machine() -> str:
    if hasattr(os, "uname"):
        return os.uname().machine
    import platform  # takes longer to import than to ask the system

    return platform.machine()


_TRAILER = struct.Struct("<8s40sQI")
_MAGIC = b"wasmbld1"
"""Behind the machine code, where wasmtime does not look: for which module it is, how long, and its CRC-32."""


def _cached(engine: Engine, path: Path) -> Module | None:
    """The module of an entry, or None where there is none, or not the one that was written there under this name."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            size_bytes = status.st_size - _TRAILER.size
            if size_bytes <= 0:
                return None
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data, memoryview(data) as view:
                trailer = _trailer(path, view[:size_bytes])
                if view[size_bytes:] != trailer:
                    return None
        module = Module.deserialize_file(engine, str(path))
    except (OSError, ValueError, WasmtimeError):
        return None
    mark_used(path, time.time() - status.st_mtime)
    return module


def _trailer(path: Path, code: bytes | bytearray | memoryview) -> bytes:
    return _TRAILER.pack(_MAGIC, path.stem.encode(), len(code), zlib.crc32(code))


def _compile(engine: Engine, image: Image, store: Store | None) -> Module:
    module = Module(engine, image.data())
    if store is not None:
        try:
            path, code = _entry(engine, store, image), module.serialize()
            with writing(path) as file:
                file.write(code)
                file.write(_trailer(path, code))
            tidy(store)
        except WasmbuildError:
            pass  # a cache that cannot be written to makes the next start slower, nothing worse
    return module
