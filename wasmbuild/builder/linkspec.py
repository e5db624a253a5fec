"""The orders that the graph writes for the steps which ninja runs: one JSON file a link, one for the check."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, field


class LinkSpec(Struct, frozen=True):
    """One link. Paths are from the directory that ninja runs in; `…_at` are places for messages."""

    output: str
    kind: Literal["library", "program"]
    static: bool
    name: str
    objects: tuple[tuple[str, str], ...]
    """(object, the source that it was compiled from)"""
    exports: tuple[str, ...] | None
    """Patterns over the symbols that the objects define; None is all of them."""
    imports: tuple[str, ...]
    """What the host supplies."""
    interpose: tuple[str, ...]
    """What another module may define in the place of this one."""
    libraries: tuple[str, ...]
    """What is linked against: files of libraries, and interfaces of those of this project."""
    archives: tuple[str, ...]
    start: str | None
    """The object with `_start` or `_initialize`."""
    rpath: tuple[str, ...]
    clang: tuple[str, ...]
    wasm_ld: tuple[str, ...]
    ldflags: tuple[str, ...]
    strip: Literal["nothing", "debug", "all"]
    compiler: str
    has_standard_exceptions: bool
    without_exceptions: bool
    """It is C++, and compiled with -fno-exceptions."""
    stack_bytes: int | None
    initial_bytes: int | None
    max_bytes: int | None
    exports_at: str
    requires_at: str
    target_at: str
    cflags_at: str
    from_program: tuple[str, ...] = ()
    """Patterns: of a library, what it has from the program; of a program, what the libraries have from it."""
    whole_archive: bool = False
    annotated: bool = False
    """Exported is what the sources make visible."""
    exports_file: str | None = None
    """A file that lists what is exported."""
    interfaces: Mapping[str, str] = field(default_factory=dict)
    """Which library each interface stands for."""
    default_visible: bool = False
    """C is compiled as for other linkers, with all that is not static left visible."""
    soname: str | None = None
    """The name by which others will need it, where its file is called otherwise."""
    environment: str | None = None
    """Of the tools that link by command line, the directory's name: its libraries are found without a word."""
    wasm_opt: tuple[str, ...] = ()
    """What rewrites the output; nothing where nobody asked for it."""
    lazy: tuple[str, ...] = ()
    """Those of `libraries` that are loaded at the first call into them."""


class Root(Struct, frozen=True):
    """A module that is loaded by itself, and what its host supplies. Of a library, `from_program` are patterns of what
    a program will supply; `opens` are the libraries that a program may open."""

    path: str
    imports: tuple[str, ...]
    from_program: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


class CheckSpec(Struct, frozen=True):
    roots: tuple[Root, ...]
    library_path: tuple[str, ...]


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def read_link_spec(path: Path) -> LinkSpec:
    return LinkSpec(**{key: _tuples(value) for key, value in json.loads(path.read_text()).items()})


def read_check_spec(path: Path) -> CheckSpec:
    data = json.loads(path.read_text())
    roots = tuple(Root(**{key: _tuples(value) for key, value in root.items()}) for root in data["roots"])
    return CheckSpec(roots, tuple(data["library_path"]))
