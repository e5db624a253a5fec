"""The project that tests of running bundles share."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import DEMO


@pytest.fixture(scope="session")
def demo(tmp_path_factory, libcxx, project, run_wasmbuild) -> Path:
    """It, built. Nobody changes it."""
    directory: Path = project(tmp_path_factory.mktemp("running") / "demo", DEMO)
    built = run_wasmbuild("build", cwd=directory)
    assert built.status == 0, built.stderr
    return directory
