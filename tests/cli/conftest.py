"""The project that most tests of the command line change and build again, and the tools of `env`."""

from __future__ import annotations

import subprocess
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


@pytest.fixture(scope="session")
def environment(libc, libcxx, run_wasmbuild, tmp_path_factory):
    """What `env --json` prints; the tools are made in the cache of the tests."""
    ran = run_wasmbuild("env", "--json", cwd=tmp_path_factory.mktemp("environment"))
    assert ran.status == 0, ran.stderr
    return ran.json()


@pytest.fixture
def tool(environment, tmp_path, user_environment):
    def run(name, *arguments, status=0, cwd=tmp_path, said=False):
        done = subprocess.run(
            [Path(environment["directory"], "bin", name), *arguments],
            cwd=cwd, env=user_environment(), capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout if status == 0 and not said else done.stderr

    return run
