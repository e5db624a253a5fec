"""Modules from files: where a needed library is looked for, and what is refused as no library."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.link.plan import STACK_BYTES
from wasmbuild.link.scope import Library, NotFound
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode


@dataclass(frozen=True, slots=True)
class Search:
    """Finds needed libraries: the requester's runtime path, then the library path, then the root's directory."""

    library_path: tuple[Path, ...] = ()
    read: dict[str, Library] = field(default_factory=dict)
    """What was read already, by real path: each file is decoded once."""

    def __call__(self, needed: str, requester: Library, root: Library) -> Library | NotFound:
        searched = []
        for candidate in self._candidates(needed, requester, root):
            if candidate.is_file():
                return self.open(candidate, needed)
            searched.append(_shown(candidate.parent))
        return NotFound(tuple(dict.fromkeys(searched)))

    def _candidates(self, needed: str, requester: Library, root: Library) -> list[Path]:
        origin = Path(requester.identity).parent
        if "/" in needed:
            return [Path(_expand(needed, origin))]
        paths = requester.module.dylink.runtime_paths if requester.module.dylink else ()
        directories = [Path(_expand(path, origin)) for path in paths]
        return [directory / needed for directory in (*directories, *self.library_path, Path(root.identity).parent)]

    def open(self, path: Path, name: str | None = None) -> Library:
        """Read a shared library (or a program made with `-pie`). Raises WasmbuildError for anything else."""
        identity = os.path.realpath(path)
        if identity not in self.read:
            library = read_module(path, name)
            if library.module.dylink is None:
                raise WasmbuildError(not_a_library(library))
            self.read[identity] = library
        return self.read[identity]


def read_module(path: Path, name: str | None = None) -> Library:
    """Read and decode any module. Raises WasmbuildError: unreadable, or MalformedModule."""
    shown = _shown(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WasmbuildError(Diagnostic("cannot-read", f"cannot read `{shown}`: {error.strerror}")) from None
    return Library(name or path.name, os.path.realpath(path), decode(data, shown))


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


def not_a_library(library: Library) -> Diagnostic:
    """Why a module without dylink.0 cannot be linked dynamically, and what made it probably meant."""
    shown, module = _shown(Path(library.identity)), library.module
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


def _expand(path: str, origin: Path) -> str:
    expanded = path.replace("${ORIGIN}", str(origin)).replace("$ORIGIN", str(origin))
    return expanded if os.path.isabs(expanded) else str(origin / expanded)


def _shown(path: Path) -> str:
    """A path as a user wants to read it: from here if it is below, else whole."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive, on Windows
        return str(path)
    return str(path) if relative.startswith("..") else Path(relative).as_posix()
