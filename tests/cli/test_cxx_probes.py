"""libc++'s public behaviour: the programs of tests/probes, built as one project and run by its own tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import yaml

PROBES = Path(__file__).parent.parent / "probes"
NAMES = [test["name"] for test in yaml.safe_load((PROBES / "wasmbuild.yaml").read_text(encoding="utf-8"))["tests"]]


@pytest.fixture(scope="module")
def outcomes(pytestconfig, run_wasmbuild, libcxx):
    """Name → what became of it. What was built is kept in pytest's cache, where workers find it too."""
    here = pytestconfig.cache.mkdir("probes")
    for source in PROBES.rglob("*.*"):
        copy_if_it_differs(source, here / source.relative_to(PROBES))
    ran = run_wasmbuild("test", "--json", cwd=here, timeout_s=1800)
    assert ran.stdout, ran.stderr
    return {test["name"]: test for test in ran.json()["tests"]}


def copy_if_it_differs(source, to):
    if not to.is_file() or to.read_bytes() != source.read_bytes():
        to.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(shutil.copy(source, f"{to}.{os.getpid()}"))
        aside.replace(to)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_probe(name, outcomes):
    outcome = outcomes[name]
    assert outcome["status"] == "passed", outcome


def test_every_program_is_a_test_and_there_are_enough():
    files = {path.stem for path in (*PROBES.glob("src/*.cpp"), *PROBES.glob("across/across_*.cpp"))}
    assert files == set(NAMES)
    assert len(NAMES) >= 80
    assert sum(name.startswith("across_") for name in NAMES) >= 10
