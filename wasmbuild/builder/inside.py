"""What compile commands name beside sources, inside the build directory: the compiler, its headers, libc's and those of
recipes. Under these names they are there on every machine, so a command is the same everywhere, and what one machine
compiled another can use. Pure but for `lay`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from wasmbuild.builder.builddir import remove_links
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.builder.resolved import Prefix
from wasmbuild.builder.toolchain import Toolchain

DIRECTORY = "toolchain"
"""In the build directory."""

_HEADERS = f"{DIRECTORY}/headers"


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
    home, headers_at = f"{build}/{DIRECTORY}/{toolchain.place}", f"{build}/{_HEADERS}"
    links = {f"{home}/zig": toolchain.zig, f"{home}/lib": str(toolchain.lib)}
    if toolchain.kind == "llvm":
        links |= {f"{home}/llvm": toolchain.clang[0], f"{home}/include": str(toolchain.builtin_include)}
        run, builtin_include = "llvm", Path(home, "include")
    else:
        run, builtin_include = "zig clang", Path(home, "lib/include")
    libc_include = []
    for path in toolchain.libc_include:
        if path.is_relative_to(toolchain.lib):
            libc_include.append(Path(home, "lib", path.relative_to(toolchain.lib)))
        else:
            libc_include.append(Path(headers_at, path.parent.name))
            links[str(libc_include[-1])] = str(path)
    headers = {}
    for name, prefix in prefixes.items():
        headers[name] = f"{headers_at}/{PurePosixPath(prefix.directory).name}"
        links[headers[name]] = f"{prefix.directory}/include"
    if not toolchain.has_standard_exceptions:
        links[f"{home}/old"] = str(toolchain.old_include)
    named = replace(
        toolchain,
        clang=(f"{home}/clang",),
        lib=Path(home, "lib"),
        builtin_include=builtin_include,
        libc_include=tuple(libc_include),
        old_include=Path(home, "old"),
    )
    text = f'#!/bin/sh\n# {toolchain.identity}\nexec "${{0%/*}}"/{run} "$@"\n'
    return Inside(named, headers, links, (named.clang[0], text), ((headers_at, "/wasmbuild"),))


def lay(root: Path, build: str, inside: Inside) -> None:
    """Put it there. Whatever lay there before may have come with the project."""
    directory = root / build / DIRECTORY
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
        at.symlink_to(path)
    if inside.compiler is not None:
        place, text = inside.compiler
        replace_if_different(root / place, text.encode())
        (root / place).chmod(0o755)
