"""Modules from files: where a needed library is looked for, and what is refused as no library."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.link.layout import STACK_BYTES
from wasmbuild.link.scope import Library, NotFound
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.module import Module
from wasmbuild.wasm.traits import Traits, read_traits


@dataclass(frozen=True, slots=True)
class Search:
    """Finds needed libraries: the requester's runtime path, then the library path, then the root's directory."""

    library_path: tuple[Path, ...] = ()
    read: dict[str, tuple[tuple[int, ...], Library]] = field(default_factory=dict)
    """What was read already, by path and by real path: a file is decoded once, as long as it is the same."""
    by_library_path: dict[tuple[str, str], Path] = field(default_factory=dict)
    """(requester's identity, needed name) → the directory of the library path that it was found in, and nowhere else:
    where the modules are shipped, it has to be found without."""

    traits: dict[str, Traits] = field(default_factory=dict)

    def __call__(self, needed: str, requester: Library, root: Library) -> Library | NotFound:
        # Strings: a large process asks thousands of times, and pathlib would be half of the whole link.
        searched = []
        name, beside_root = os.path.basename(needed), os.path.dirname(root.identity)
        for directory, given in self._directories(needed, requester, beside_root):
            candidate = os.path.join(directory, name)
            if os.path.isfile(candidate):
                if given and not os.path.isfile(os.path.join(beside_root, name)):
                    self.by_library_path[requester.identity, needed] = Path(directory)
                return self.open(Path(candidate), needed)
            searched.append(_shown(Path(directory)))
        return NotFound(tuple(dict.fromkeys(searched)))

    def _directories(self, needed: str, requester: Library, beside_root: str) -> Iterator[tuple[str, bool]]:
        """Where to look, in order, and whether that is a directory of the library path."""
        origin = os.path.dirname(requester.identity)
        if "/" in needed:
            yield _expand(os.path.dirname(needed), origin), False
            return
        for path in requester.module.dylink.runtime_paths if requester.module.dylink else ():
            yield _expand(path, origin), False
        for directory in self.library_path:
            yield str(directory), True
        yield beside_root, False

    def traits_of(self, library: Library) -> Traits:
        """Read a library's file once more, for what only a check wants to know."""
        if library.identity not in self.traits:
            try:
                data = Path(library.identity).read_bytes()
                self.traits[library.identity] = read_traits(data, library.module)
            except OSError:
                self.traits[library.identity] = Traits()
        return self.traits[library.identity]

    def open(self, path: Path, name: str | None = None, shown_as: str | None = None) -> Library:
        """Read a shared library (or a program made with `-pie`). Raises WasmbuildError for anything else; its message
        says `shown_as` for the path, which a program should not be told."""
        state = _state(path)
        known = self.read.get(str(path))
        if known is not None and known[0] == state:
            return known[1]
        identity = os.path.realpath(path)
        known = self.read.get(identity)
        if known is None or known[0] != state:
            library = read_module(path, name, shown_as)
            if library.module.dylink is None:
                raise WasmbuildError(not_a_library(library, shown_as))
            known = self.read[identity] = (state, library)
        self.read[str(path)] = known
        return known[1]


def _state(path: Path) -> tuple[int, ...]:
    """What tells that another file is there: which one it is, its size and time."""
    try:
        status = os.stat(path)
    except OSError:
        return ()
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def read_module(path: Path, name: str | None = None, shown_as: str | None = None) -> Library:
    """Read and decode any module. Raises WasmbuildError: unreadable, or MalformedModule."""
    shown = shown_as or _shown(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WasmbuildError(Diagnostic("cannot-read", f"cannot read `{shown}`: {error.strerror}")) from None
    return Library(name or path.name, os.path.realpath(path), decode(data, shown))


def stands_alone(module: Module) -> bool:
    """Whether a module without dylink.0 was linked to be whole: it has a memory of its own, or needs none."""
    return not module.is_object and not module.has_old_dylink and not any(i.name == abi.MEMORY for i in module.imports)


def stack_bytes(root: Library) -> int:
    """The stack that a program asks for in its own section, else `STACK_BYTES`."""
    for section in root.module.sections:
        if section.id == 0 and section.name == abi.OWN_SECTION:
            data = Path(root.identity).read_bytes()[section.offset : section.offset + section.size_bytes]
            try:
                wanted: Any = json.loads(data)["stack_bytes"]
            except (ValueError, KeyError, TypeError):
                break
            if isinstance(wanted, int) and 0 < wanted < 1 << 31:
                return wanted
    return STACK_BYTES


def not_a_library(library: Library, shown_as: str | None = None) -> Diagnostic:
    """Why a module without dylink.0 cannot be linked dynamically, and what made it probably meant."""
    shown, module = shown_as or _shown(Path(library.identity)), library.module
    if module.has_old_dylink:
        return Diagnostic(
            "old-dylink",
            f"made for an older convention: `{shown}`",
            facts=(
                ("found", "a `dylink` section"),
                ("needed", "a `dylink.0` section, which LLVM writes since 2022"),
            ),
            help=("build it again with LLVM 16 or later, or with Emscripten 3.1 or later",),
        )
    if not module.is_object and _is_stripped(module):
        return Diagnostic(
            "stripped-dylink",
            f"its `dylink.0` section is gone: `{shown}`",
            facts=(("imports", f"`{abi.ENV}.{abi.MEMORY_BASE}`, as only what is linked dynamically does"),),
            notes=("a tool that rewrote the module (strip, wasm-opt, wasm-snip) did not keep the section",),
            help=("let wasm-ld strip it, with --strip-debug or --strip-all: they keep `dylink.0`",),
        )
    if module.is_object:
        kind, help_ = (
            "an object file, not yet linked",
            "link it with `wasm-ld -shared`, or list it under `sources`",
        )
    elif any(export.name == "_start" for export in module.exports):
        kind, help_ = (
            "a program that was linked statically",
            "a program that needs libraries is linked with -pie",
        )
    else:
        kind, help_ = "a module without a `dylink.0` section", "link it with `wasm-ld -shared`"
    return Diagnostic(
        "not-a-library",
        f"not a shared library: `{shown}`",
        facts=(("it is", kind),),
        notes=("tools that rewrite a module (strip, wasm-opt) can lose its `dylink.0` section",)
        if not module.is_object
        else (),
        help=(help_,),
    )


def _is_stripped(module: Module) -> bool:
    return any(import_.module == abi.ENV and import_.name == abi.MEMORY_BASE for import_ in module.imports)


def _expand(path: str, origin: str) -> str:
    expanded = path.replace("${ORIGIN}", origin).replace("$ORIGIN", origin)
    return os.path.join(origin, expanded)


def _shown(path: Path) -> str:
    """A path as a user wants to read it: from here if it is below, else whole."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive, on Windows
        return str(path)
    return str(path) if relative.startswith("..") else Path(relative).as_posix()
