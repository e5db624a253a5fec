"""Node for the tests of `javascript/`, and what they ask of it."""

from __future__ import annotations

import atexit
import contextlib
import json
import subprocess
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import IO, Any

import pytest

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.testing import runtimes

DRIVER = Path(__file__).parent / "driver.mjs"
TIMEOUT_S = 600


def find_node() -> str:
    """As `wasmbuild test --runtime node` finds it. Skips the test where there is none."""
    try:
        return runtimes.find_node()
    except WasmbuildError as error:
        pytest.skip(str(error))


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


def ask(*requests: dict[str, Any]) -> list[Any]:
    """The driver's answers. One process answers all requests of a session: starting Node takes longer than most."""
    process, errors = _driver()
    watch = threading.Timer(TIMEOUT_S, process.kill)
    watch.start()
    try:
        return [_answer(process, errors, request) for request in requests]
    finally:
        watch.cancel()


def _answer(process: subprocess.Popen[bytes], errors: IO[bytes], request: dict[str, Any]) -> Any:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        errors.seek(0)
        _driver.cache_clear()
        raise AssertionError(f"the driver ended: {errors.read().decode()}")
    return json.loads(line)


@cache
def _driver() -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    errors = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
    command = [find_node(), str(DRIVER)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
    atexit.register(process.communicate)  # which ends its input, and so the process
    return process, errors
