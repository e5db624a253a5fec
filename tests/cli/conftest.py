"""The project that most tests of the command line change and build again."""

from __future__ import annotations

from pathlib import Path

import pytest
from cliprojects import TWO_LIBRARIES, copy_built


@pytest.fixture(scope="session")
def built_two(tmp_path_factory, project, run_wasmbuild) -> Path:
    """The two libraries, built once. Nobody changes it: copy it, as `two` does."""
    directory = project(tmp_path_factory.mktemp("built") / "two", TWO_LIBRARIES)
    built = run_wasmbuild("build", cwd=directory)
    assert built.status == 0, built.stderr
    return directory


@pytest.fixture
def two(built_two, tmp_path) -> Path:
    """The two libraries, built, in a directory that the test may change."""
    return copy_built(built_two, tmp_path / "two")
