"""What is measured on and with, so that figures of two machines are not taken for two builds."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PEERS = {
    "static": "the same sources linked statically by us, in wasmtime",
    "native": "`gcc -O2`",
    "zig": "`zig cc`, linked statically",
    "emcc": "emcc's main and side module, in Node",
}
"""Who can be measured against, besides what a benchmark is about."""


def peers(wanted: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Of those that are wanted (`emcc,zig`; all where nothing is said), who is here, and who is missing."""
    names = [name for name in wanted.split(",") if name] or list(PEERS)
    for name in names:
        if name not in PEERS:
            raise SystemExit(f"no such peer: {name}; there are {', '.join(PEERS)}")
    programs = {"native": "gcc", "emcc": "emcc"}
    here = [name for name in names if name not in programs or shutil.which(programs[name])]
    return tuple(here), tuple(name for name in names if name not in here)


def description() -> Mapping[str, str]:
    """Label → what it is here."""
    found = {
        "processor": _processor(),
        "cores": str(os.cpu_count() or 1),
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
    }
    for package in ("wasmbuild", "wasmtime", "ziglang", "ninja"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    for program in ("node", "gcc", "emcc"):
        found[program] = _first_line(program)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return {**found, "load when it began": f"{load:.1f}"}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _first_line(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        return "not here"
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    return said.partition("\n")[0]
