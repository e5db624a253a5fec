"""What compile commands name beside sources, inside the build directory: the compiler, its headers, libc's and those of
recipes. Under these names they are there on every machine, so a command is the same everywhere, and what one machine
compiled another can use. Pure but for `lay`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from wasmbuild.builder.builddir import TOOLCHAIN_DIRECTORY, remove_links
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.builder.resolved import Prefix
from wasmbuild.builder.toolchain import Toolchain
from wasmbuild.builder.ziglang import ziglang_version


@dataclass(frozen=True, slots=True)
class Inside:
    toolchain: Toolchain
    """As compile commands name it."""
    headers: Mapping[str, str]
    """Of each recipe, the directory of its headers."""
    links: Mapping[str, str]
    """Place → what is there, by its path on this machine."""
    compiler: tuple[str, str] | None
    """A program, and its text: it states its version, since caches and servers know it by its bytes."""
    prefix_map: tuple[tuple[str, str], ...]
    """What outputs say in the place of directories, as (directory, name)."""

    @property
    def places(self) -> tuple[str, ...]:
        """All that is put into the build directory."""
        return (*self.links, *((self.compiler[0],) if self.compiler else ()))


def inside_of(toolchain: Toolchain, prefixes: Mapping[str, Prefix], build: str) -> Inside:
    """Names have versions, or the keys of the cache, in them: whatever is another one is compiled with again."""
    if sys.platform == "win32":  # neither links nor programs that are text
        headers = {name: f"{prefix.directory}/include" for name, prefix in prefixes.items()}
        return Inside(toolchain, headers, {}, None, ())
    # Nothing but the compiler is where it is: siso takes all that is around it for a part of it.
    home, headers_at = (
        f"{build}/{TOOLCHAIN_DIRECTORY}/compiler/{toolchain.place}",
        f"{build}/{TOOLCHAIN_DIRECTORY}/headers",
    )
    lib = Path(build, TOOLCHAIN_DIRECTORY, f"ziglang-{ziglang_version()}")
    if toolchain.kind == "llvm":
        run, links = "llvm", {f"{home}/llvm": toolchain.clang[0]}
    else:
        run, links = "zig clang", {f"{home}/zig": toolchain.zig}

    def place(path: Path, name: str = "") -> Path:
        at = Path(headers_at, name or path.parent.name)
        if path.is_relative_to(toolchain.lib):
            at = lib / path.relative_to(toolchain.lib)
        links[str(at)] = str(path)
        return at

    for part in ("libcxx/include", "libcxxabi/include"):
        place(toolchain.lib / part)
    headers = {}
    for name, prefix in prefixes.items():
        headers[name] = str(place(Path(prefix.directory, "include")))
    named = replace(
        toolchain,
        clang=(f"{home}/clang",),
        lib=lib,
        builtin_include=place(toolchain.builtin_include, f"clang-{toolchain.version}"),
        libc_include=tuple(place(path) for path in toolchain.libc_include),
        old_include=place(toolchain.old_include, "old-llvm"),
    )
    text = f'#!/bin/sh\n# {toolchain.identity}\nexec "${{0%/*}}"/{run} "$@"\n'
    return Inside(named, headers, links, (named.clang[0], text), ((headers_at, "/wasmbuild"),))


def used_by(inside: Inside, commands: Iterable[tuple[str, ...]]) -> Inside:
    """What of it these commands name."""
    words = {word.removeprefix("-I") for command in commands for word in command}
    if inside.compiler is None or inside.compiler[0] not in words:
        return replace(inside, links={}, compiler=None)
    home = inside.compiler[0].rpartition("/")[0]
    links = {place: path for place, path in inside.links.items() if place in words or place.startswith(f"{home}/")}
    return replace(inside, links=links)


def _copy(path: Path, at: Path) -> None:
    """Everything again, with its times; where that can be, the same files once more, which costs nothing."""
    if path.is_dir():
        shutil.copytree(path, at, copy_function=_copy_file)
    elif path.exists():
        _copy_file(str(path), str(at))


def _copy_file(path: str, at: str) -> None:
    try:
        os.link(path, at)
    except OSError:
        shutil.copy2(path, at)


def lay(root: Path, build: str, inside: Inside) -> None:
    """Put it there. Whatever lay there before may have come with the project."""
    directory = root / build / TOOLCHAIN_DIRECTORY
    if directory.is_symlink():
        directory.unlink()
    elif directory.is_dir():
        remove_links(directory)
    for place, path in inside.links.items():
        at = root / place
        at.parent.mkdir(parents=True, exist_ok=True)
        if at.is_dir():
            shutil.rmtree(at)
        at.unlink(missing_ok=True)
        if inside.toolchain.is_sent:
            _copy(Path(path), at)
        else:
            at.symlink_to(path)
    if inside.compiler is not None:
        place, text = inside.compiler
        replace_if_different(root / place, text.encode())
        (root / place).chmod(0o755)
