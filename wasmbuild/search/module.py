"""One module from its file, read once; and what is said of a file that is no shared library."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.explain.areas import own_memory
from wasmbuild.link.scope import Library
from wasmbuild.search.files import read_file, shown_path
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.module import Module
from wasmbuild.wasm.own import STACK_BYTES, environment, lazy, linked_against, own_facts


def read_module(path: Path, name: str | None = None, shown_as: str | None = None) -> Library:
    """Read and decode any module. Raises WasmbuildError: unreadable, or MalformedModule."""
    shown = shown_as or shown_path(path)
    return decode_library(read_file(path, shown), name or path.name, os.path.realpath(path), shown)


def decode_library(data: bytes, name: str, identity: str, shown: str) -> Library:
    """A module of any kind from its bytes. Raises MalformedModule, which says `shown`."""
    module = decode(data, shown)
    if module.is_whole:
        module = msgspec.structs.replace(module, dylink=None)  # it says nothing there
    facts = own_facts(data, module)
    sha256 = hashlib.sha256(data).hexdigest()
    own = _stack_bytes(facts), linked_against(facts), lazy(facts), environment(facts)
    return Library(name, identity, module, sha256, *own)


def _stack_bytes(facts: Mapping[str, Any]) -> int | None:
    """The stack that a program asks for in its own section."""
    wanted = facts.get(STACK_BYTES)
    return wanted if isinstance(wanted, int) and 0 < wanted < 1 << 31 else None


def stands_alone(module: Module) -> bool:
    """Whether a module without dylink.0 was linked to be whole: it has a memory of its own, or needs none."""
    return not module.is_object and not module.has_old_dylink and not any(i.name == abi.MEMORY for i in module.imports)


def not_a_library(library: Library, shown_as: str | None = None) -> Diagnostic:
    """Why a module without dylink.0 cannot be linked dynamically, and what made it probably meant."""
    shown, module = shown_as or shown_path(Path(library.identity)), library.module
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
    if module.is_whole and any(section.name == abi.DYLINK_SECTION for section in module.sections):
        return own_memory(shown, module)
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
