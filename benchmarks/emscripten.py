"""The peer: Lua by emcc as a main module and a side module, the API of Lua exported, setjmp by wasm's exceptions."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measure import run
from wasmbuild.wasm.decode import decode

FLAGS = ("-O2", "-sSUPPORT_LONGJMP=wasm", "-sWASM_BIGINT", "-w")


def is_here() -> bool:
    return shutil.which("emcc") is not None


def lua(project: Path, env: Mapping[str, str]) -> tuple[Path, Path]:
    """From a project of the recipe `lua` that was built: the main module's JavaScript, and the side module."""
    directory = project / "emcc"
    directory.mkdir()
    exported = decode((project / "build/lib/liblua.so").read_bytes()).exports
    names = ",".join(f"_{each.name}" for each in exported if each.name.startswith("lua"))
    sources = [path for path in sorted((project / "src").glob("*.c")) if path.name not in ("lua.c", "luac.c")]
    side, main = directory / "liblua.wasm", directory / "lua.js"
    _emcc(project, env, *sources, "-sSIDE_MODULE=2", f"-sEXPORTED_FUNCTIONS={names}", "-o", side)
    main_flags = ("-sMAIN_MODULE=2", "-sALLOW_MEMORY_GROWTH", "-sEXIT_RUNTIME", "-sENVIRONMENT=node", "-sNODERAWFS")
    _emcc(directory, env, project / "src" / "lua.c", side.name, *main_flags, "-o", main)
    return main, side


def _emcc(directory: Path, env: Mapping[str, str], *arguments: str | Path) -> None:
    command: Sequence[str] = ("emcc", *FLAGS, "-DLUA_COMPAT_5_3", *map(str, arguments))
    run(command, directory, env)
