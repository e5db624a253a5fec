"""What a directory of tools is: the values that a link by command line needs, in a file beside the tools."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from wasmbuild.sources.cacheroot import ENVIRONMENTS

ENVIRONMENT_FILE = "environment.json"


class Environment(Struct, frozen=True, forbid_unknown_fields=True):
    """Commands and flags as they were when the directory was made. Paths are absolute."""

    directory: str
    """In it are `bin`, and of the recipes that were asked for, `include` and `lib`."""
    recipes: tuple[str, ...]
    """Entries of `requires`, as they were asked for."""
    project: str | None
    """The project whose toolchain.yaml holds, and whose recipes can be named."""
    toolchain_file: str | None
    clang: tuple[str, ...]
    wasm_ld: tuple[str, ...]
    ar: tuple[str, ...]
    version: str
    compiler: str
    has_standard_exceptions: bool
    c_flags: tuple[str, ...]
    cxx_flags: tuple[str, ...]
    libc: str
    libcxx: str | None
    crt1: str
    reactor: str
    static_runtime: tuple[str, ...]
    static_libcxx: tuple[str, ...]
    native: str | None
    """A library of this machine that has modules run where a process starts one by its path (`native.py`)."""
    name: str | None
    """Under which what it linked finds its libraries here; None for one that does not stay."""

    @property
    def bin(self) -> Path:
        return Path(self.directory, "bin")

    @property
    def include(self) -> Path:
        return Path(self.directory, "include")

    @property
    def lib(self) -> Path:
        return Path(self.directory, "lib")

    def flags(self, language: Literal["c", "c++"]) -> tuple[str, ...]:
        return self.cxx_flags if language == "c++" else self.c_flags

    @property
    def is_whole(self) -> bool:
        """Whether all that it names is still there: a cache may be emptied."""
        needed = (self.libc, self.crt1, self.clang[0], *((self.libcxx,) if self.libcxx else ()))
        return all(Path(path).exists() for path in needed) and self.bin.is_dir()


def read_environment(directory: Path) -> Environment | None:
    """The environment in a directory; None where there is none, or another version's."""
    try:
        return msgspec.json.decode((directory / ENVIRONMENT_FILE).read_bytes(), type=Environment)
    except (OSError, msgspec.DecodeError):
        return None


def directory_for(cache: Path, recipes: Sequence[str], project: Path | None, toolchain_file: Path | None) -> Path:
    """Where an environment is: the same for the same request, whatever is in it, since build systems remember where
    their compiler was."""
    if not recipes and project is None and toolchain_file is None:
        return cache / ENVIRONMENTS / "default"
    asked = [str(project or ""), os.path.realpath(toolchain_file) if toolchain_file else "", *sorted(recipes)]
    return cache / ENVIRONMENTS / hashlib.sha256("\0".join(asked).encode()).hexdigest()[:16]
