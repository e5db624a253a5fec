"""The benchmarks run, once each: what they find is not looked at."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=280
    )


def test_a_name_that_there_is_not_is_an_error_that_lists_those_that_there_are() -> None:
    ran = benchmarks("speed")
    assert ran.returncode == 2
    assert "no such benchmark: speed; there are running, " in ran.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", ["calls", "startup", "touched"])
def test_it_runs_and_can_be_compared_with_itself(name: str, tmp_path: Path) -> None:
    kept = tmp_path / "run.json"
    ran = benchmarks(name, "--runs", "1", "--json", str(kept), "--plot", str(tmp_path / "run.svg"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "All figures" in ran.stdout
    found = json.loads(kept.read_text())
    assert found["machine"]["cores"]
    assert {each["benchmark"] for each in found["figures"]} == {name}
    better = {**found, "figures": [{**each, "samples": [s / 9 for s in each["samples"]]} for each in found["figures"]]}
    kept.write_text(json.dumps(better))
    assert benchmarks(name, "--runs", "1", "--compare", str(kept)).returncode == 1
