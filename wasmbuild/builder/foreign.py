"""Upstream's own build, where a recipe has one: it makes archives and headers in the source tree, and from there on
they are sources like others: our link driver makes the library of them, with the manifest's exports, and it is checked.

The build is a command of ninja: `python -m wasmbuild.driver.foreign ORDER`, which makes it the environment of `exec`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from wasmbuild.builder.ninja import ninja_path, quote
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.builder.resolved import Prefix
from wasmbuild.builder.runninja import ENVIRONMENT_FILE, RunOptions, find_ninja, run_ninja
from wasmbuild.builder.runtime import Runtime
from wasmbuild.builder.slots import Slots
from wasmbuild.builder.toolchain import Toolchain
from wasmbuild.builder.tree import Means, Tree
from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError
from wasmbuild.manifest.recipes import Recipe, shipped
from wasmbuild.manifest.schema import Build
from wasmbuild.progress import Progress

FOLDER = "foreign"
"""In the build directory: what the build has beside its source tree."""

ALLOW = "WASMBUILD_ALLOW_BUILD_SCRIPTS"
_TOOLS = {"cmake": "cmake", "meson": "meson"}
"""Those that come from PyPI, and whose versions decide what is built."""


@dataclass(frozen=True, slots=True)
class ForeignOrder:
    """All that the step is told. Paths are absolute."""

    name: str
    build: Build
    at: str
    """Where the recipe says so."""
    source: Path
    """Where its build files are."""
    top: Path
    """The source tree."""
    scratch: Path
    toolchain: Toolchain
    runtime: Runtime
    prefixes: Mapping[str, Prefix]
    cflags: tuple[str, ...]
    """The profile's."""
    cache: Path
    ninja: str


def read_order(path: Path) -> ForeignOrder:
    return msgspec.json.decode(path.read_bytes(), type=ForeignOrder, dec_hook=_path)


def _path(type_: type, value: Any) -> Any:
    return type_(value)


def find_build_tool(name: str) -> str | None:
    """A tool of a build: beside our own Python, where pip puts it, or on the machine."""
    return shutil.which(name, path=os.pathsep.join((sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath))))


def build_identity(build: Build, at: Position) -> Mapping[str, str]:
    """What of this machine decides what a foreign build makes. Raises WasmbuildError where it lacks the tool."""
    tool = _TOOLS.get(build.system or "")
    return {"build tool": _version(tool, at)} if tool else {}


@cache
def _version(tool: str, at: Position) -> str:
    path = find_build_tool(tool)
    if path is None:
        raise WasmbuildError(
            Diagnostic("no-build-tool", f"`{tool}` is not on this machine", at, help=(f"pip install {tool}",))
        )
    said = subprocess.run([path, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+", said.stdout)
    return f"{tool} {found[0] if found else 'of an unknown version'}"


def order_text(recipe: Recipe, tree: Tree, means: Means) -> bytes:
    """The order for the recipe's build; nothing where it has none."""
    build = recipe.document.value.build
    if build is None:
        return b""
    assert means.runtime is not None, "what is built by others has libc"
    root = tree.root.resolve()
    order = ForeignOrder(
        recipe.name,
        build,
        str(recipe.document.at("build")),
        root / (build.directory or "."),
        root,
        (tree.build_directory / FOLDER).resolve(),
        means.toolchain,
        means.runtime,
        means.prefixes,
        means.profile.cflags or (),
        means.store.root,
        find_ninja(),
    )
    return msgspec.json.encode(order, enc_hook=str)


def run_foreign(recipe: Recipe, tree: Tree, means: Means, progress: Progress, options: RunOptions) -> bool:
    """Run the recipe's build in its source tree, if it has one. False when it failed, which was said."""
    build = recipe.document.value.build
    if build is None:
        return True
    at = recipe.document.at("build")
    _refuse_of_strangers(recipe, at)
    scratch, place = tree.build_directory / FOLDER, f"{tree.build}/{FOLDER}"
    replace_if_different(scratch / "order.json", order_text(recipe, tree, means))
    command = quote((sys.executable, "-P", "-m", "wasmbuild.driver.foreign", f"{place}/order.json"))
    text = (
        f"rule foreign\n  command = {command.replace('$', '$$')}\n  description = build with {build.system}\n"
        f"build {place}/stamp: foreign {place}/order.json | {' '.join(map(ninja_path, recipe.document.value.files))}\n"
    )
    replace_if_different(scratch / "build.ninja", text.encode())
    replace_if_different(scratch / ENVIRONMENT_FILE, b"{}\n")
    with ExitStack() as held:
        slots = options.slots
        if slots is None:
            slots = held.enter_context(closing(Slots(options.jobs)))
            held.enter_context(slots.one(lambda: None))
        # Here, also where other commands are sent to servers: what it does, nobody knows beforehand.
        here = RunOptions(
            options.jobs, options.verbose, options.color, options.lock, options.hide_warnings, slots=slots
        )
        return run_ninja(tree.root, f"{place}/build.ninja", (), progress, here)


def _refuse_of_strangers(recipe: Recipe, at: Position) -> None:
    """A build runs programs of the source, as its user. Those of our recipes are known by their hashes; a project's
    recipes are whoever's the project is."""
    ours = shipped("recipes").resolve()
    if all(each.resolve().is_relative_to(ours) for each in recipe.directories) or os.environ.get(ALLOW) == "1":
        return
    raise WasmbuildError(
        Diagnostic(
            "build-scripts",
            f"`{recipe.name}` runs build scripts of its source, and is no recipe of wasmbuild's own",
            at,
            help=(f"if you trust the recipe and its source, set {ALLOW}=1",),
        )
    )
