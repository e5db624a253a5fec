"""What the tests of loading share: modules from text or from C, and a cache for the whole session."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import wasmtime
from loading import IMPORTS, CompileC, Load, Wat

from wasmbuild.builder.ziglang import ziglang_directory
from wasmbuild.loader.options import HostImport, ProcessOptions
from wasmbuild.loader.program import Loaded, load_file
from wasmbuild.loader.wasi import World
from wasmbuild.sources.store import Store


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def wat(tmp_path: Path) -> Wat:
    """Writes a shared library, from its imports and its contents in the text format, and its dylink.0 section."""

    def write(name: str, imports: str = "", contents: str = "", dylink: str = "(mem-info (memory 0 0))") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f"(module (@dylink.0 {dylink}) {IMPORTS} {imports} {contents})"
        path.write_bytes(wasmtime.wat2wasm(text))
        return path

    return write


@pytest.fixture
def load(cache: Store) -> Load:
    """Loads a file, without the machine's standard input and output."""

    def load(
        path: Path, world: World | None = None, host: Mapping[str, HostImport] | None = None, **more: Any
    ) -> Loaded:
        return load_file(path, ProcessOptions(world or World(stdio=False), cache, host or {}, **more))

    return load


@pytest.fixture
def compile_c(tmp_path: Path) -> CompileC:
    """Compiles C without a libc and links it into a shared library that exports the names given."""
    zig = ziglang_directory() / "zig"

    def run(*arguments: str | Path) -> None:
        done = subprocess.run([zig, *arguments], capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr

    def compile_(name: str, source: str, exports: Iterable[str], needed: Iterable[Path] = ()) -> Path:
        (tmp_path / f"{name}.c").write_text(source)
        obj, output = tmp_path / f"{name}.o", tmp_path / name
        flags = ("--target=wasm32-unknown-unknown", "-fPIC", "-fvisibility=hidden", "-O1", "-nostdinc")
        run("clang", *flags, "-c", tmp_path / f"{name}.c", "-o", obj)
        linked = ("-shared", "--experimental-pic", "--unresolved-symbols=import-dynamic")
        run("wasm-ld", *linked, *(f"--export={each}" for each in exports), obj, *needed, "-o", output)
        return output

    return compile_
