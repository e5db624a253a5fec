"""The fuzzer itself: its targets like their seeds, and it finds what there is to find."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT))

from tests.fuzz.__main__ import fuzz, outcome  # noqa: E402
from tests.fuzz.targets import TARGETS, Target  # noqa: E402


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_survives_its_seeds_and_a_little_more(name: str) -> None:
    target, findings = TARGETS[name], dict[str, bytes]()
    seeds = target.seeds()
    assert seeds
    assert "fine" in {outcome(target, seed, findings) for seed in seeds}
    fuzz(target, random.Random(1), 0.2)
    assert findings == {}


def test_a_crash_is_found_and_cut_down() -> None:
    def fragile(data: bytes) -> None:
        if b"\xff" in data[3:]:
            raise KeyError(data)

    _, findings = fuzz(Target(fragile, lambda: [b"a seed of some length"]), random.Random(1), 1)
    ((where, data),) = findings.items()
    assert where.startswith("KeyError\n")
    assert len(data) == 4


def test_the_command_line_says_what_was_tried() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--seconds", "0.2", "--seed", "5", "small"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("seed 5\nsmall ")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not say how much memory there is")
def test_an_input_that_becomes_very_much_is_found() -> None:
    findings: dict[str, bytes] = {}
    outcome(Target(lambda data: data * (1 << 28), list), b"ab", findings)
    (where,) = findings
    assert where.startswith("MemoryError\n")
