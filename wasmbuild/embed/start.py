"""`wasmbuild.load`: from a file to a process that Python uses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import wasmtime

from wasmbuild.embed.convert import function_type_of, typed
from wasmbuild.embed.declare import parse_function_type
from wasmbuild.embed.guest import Guest, translated
from wasmbuild.embed.library import Library
from wasmbuild.embed.native import make_function
from wasmbuild.loader.engine import ProcessLimits
from wasmbuild.loader.options import HostImport, ProcessOptions
from wasmbuild.loader.program import link_file, load_linked
from wasmbuild.loader.wasi import Captured, World
from wasmbuild.manifest.sizes import parse_size
from wasmbuild.sources.store import Store

StrPath = str | os.PathLike[str]


def load(
    path: StrPath,
    *,
    host: Mapping[str, tuple[str, Callable[..., Any]]] | None = None,
    directories: Iterable[StrPath | tuple[StrPath, str]] = (),
    env: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    args: Iterable[str] = (),
    library_path: Iterable[StrPath] = (),
    memory_limit: int | str | None = "256MiB",
    table_limit: int | None = None,
    fuel: int | None = None,
    timeout_s: float | None = None,
    cache: bool = True,
    stdio: Literal["inherit", "captured", "none"] = "inherit",
) -> Library:
    """Load a library, a program or a module that stands alone, with all that it needs, into a process of its own.

    It sees nothing of the machine but what is given here.

    host: functions that it imports from Python, by name: (type, function). A type is wasm's, `(i32, i32) -> i32`, or
        C's, `int ask(const char *question)`.
    directories: what it may open, and change: a path, or (path, its name in the process).
    env, args: its environment, and its arguments without its own name.
    library_path: where needed libraries are looked for, besides where they say themselves.
    memory_limit: bytes, or such as `64KiB`; table_limit: function pointers. Beyond it, growing fails.
    fuel: what it may do in all, about one for an instruction; OutOfFuel then.
    timeout_s: how long loading it, and each call from outside, may take; DeadlineExceeded then. To compile it is not
        counted; to compile what it opens itself is. Time in which WASI waits for the machine (sleep, standard input)
        is not interrupted, but counts.
    cache: whether machine code is kept in the user's cache.
    stdio: whose standard input, output and error it has: ours, `stdout` and `stderr` of what is returned, or none.

    Constructors have run when it returns. Raises WasmbuildError for what does not fit, BadDeclaration for the type of
    a host function, ValueError for a limit that is none; and what they do, Trap and its kin.
    """
    limits = ProcessLimits(_size(memory_limit), _count("table_limit", table_limit), _count("fuel", fuel), timeout_s)
    if timeout_s is not None and not 0 < timeout_s < 1 << 32:
        raise ValueError(f"`timeout_s` is a number of seconds, more than 0, and not {timeout_s!r}")
    if stdio not in ("inherit", "captured", "none"):
        raise ValueError(f"`stdio` is `inherit`, `captured` or `none`, and not {stdio!r}")
    file = Path(path)
    captured = Captured() if stdio == "captured" else None
    world = World(
        (file.stem, *args),
        tuple(env.items() if isinstance(env, Mapping) else env),
        tuple((Path(d[0]), d[1]) if isinstance(d, tuple) else (Path(d), os.fspath(d)) for d in directories),
        stdio == "inherit",
        captured,
    )
    options = ProcessOptions(
        world=world,
        cache=Store.of_user() if cache else None,
        host={name: _host_import(*given) for name, given in (host or {}).items()},
        library_path=tuple(Path(place) for place in library_path),
        limits=limits,
        make_function=make_function,
    )
    linked = link_file(file, options)
    failure: BaseException
    try:
        loaded = load_linked(linked, options)
    except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
        failure = translated(error, linked.modules)
    else:
        return Library(loaded, Guest(loaded, timeout_s), captured)
    raise failure  # from here, what a host function raised keeps its own context


def _host_import(type_: str, function: Callable[..., Any]) -> HostImport:
    signature = parse_function_type(type_)
    return HostImport(function_type_of(signature), typed(signature, function))


def _size(size: int | str | None) -> int | None:
    parsed = parse_size(size) if size is not None else None
    if size is not None and parsed is None:
        raise ValueError(f"`memory_limit` is a number of bytes, or such as `64MiB`, and not {size!r}")
    return parsed


def _count(name: str, count: int | None) -> int | None:
    if count is not None and (not isinstance(count, int) or count < 0):
        raise ValueError(f"`{name}` is a number, 0 or more, and not {count!r}")
    return count
