"""What tests of every part may use: the command line as a user has it, project directories, and libc in the cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from casefiles import Means

_COLOUR_VARIABLES = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="write what comes out into tests/cases/*/case.yaml")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `-n` each worker begins with a part of its own, tests of one file together, as they share what they built,
    and takes from the others when it has done it: a long test at the end is not waited for alone."""
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getoption("dist") == "load" else None


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    stdout: str
    stderr: str

    @property
    def steps(self) -> list[str]:
        """What ninja ran, in order: `compile src/a.c`, `link build/lib/liba.so`, `check the link`."""
        counted = (line for line in self.stderr.splitlines() if line.startswith("["))
        return [line.partition("] ")[2] for line in counted]

    def json(self) -> Any:
        return json.loads(self.stdout)


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """This process's environment without what changes colours; None takes a variable out."""
    from wasmbuild.sources.store import cache_root

    merged: dict[str, str | None] = {**os.environ, **dict.fromkeys(_COLOUR_VARIABLES)}
    merged |= {"WASMBUILD_CACHE": str(cache_root()), "PYTHONUTF8": "1", **(changes or {})}
    return {name: value for name, value in merged.items() if value is not None}


def command_line(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-P", "-m", "wasmbuild", *map(str, arguments)]


@pytest.fixture(scope="session")
def means(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> Means:
    """What makes the cases. What is made is kept in pytest's cache, under hashes of all that decides it."""
    from casefiles import find_means

    assert pytestconfig.cache is not None, "cases are kept in pytest's cache"
    found = find_means(pytestconfig.cache.mkdir("cases"))
    if not found.runtime.libc.is_file():
        request.getfixturevalue("libc")
    if not all(map(Path.is_file, map(Path, found.libcxx.libraries))):
        request.getfixturevalue("libcxx")
    return found


@pytest.fixture(scope="session")
def user_environment() -> Callable[..., dict[str, str]]:
    """`user_environment({"NO_COLOR": "1"})`, for tests that start a process themselves."""
    return environment


@pytest.fixture(scope="session")
def run_wasmbuild() -> Callable[..., Ran]:
    """`run_wasmbuild("build", "-j1", cwd=directory, env={…}, stdin="…")`. A traceback fails the test at once. Each is a
    process of its own, forked with all imports; `alone=True` starts Python for it, as a user's shell does."""
    from forkedcli import ForkedCommandLine

    forked = ForkedCommandLine(environment())

    def run(
        *arguments: str | Path,
        cwd: Path,
        env: Mapping[str, str | None] | None = None,
        stdin: str = "",
        timeout_s: float = 300,
        alone: bool = False,
    ) -> Ran:
        variables = environment(env)
        if forked.fits(variables) and not alone:
            ran = Ran(*forked.run(list(map(str, arguments)), cwd, variables, stdin, timeout_s))
        else:
            done = subprocess.run(
                command_line(*arguments),
                cwd=cwd,
                env=variables,
                input=stdin,
                capture_output=True,
                encoding="utf-8",
                timeout=timeout_s,
                check=False,
            )
            ran = Ran(done.returncode, done.stdout, done.stderr)
        assert "Traceback (most recent call last)" not in ran.stderr + ran.stdout, ran.stderr + ran.stdout
        return ran

    return run


@pytest.fixture(scope="session")
def start_wasmbuild() -> Callable[..., subprocess.Popen[str]]:
    """As `run_wasmbuild`, but returns while it runs, in a session of its own: for what is to be killed."""

    def start(*arguments: str | Path, cwd: Path, env: Mapping[str, str | None] | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command_line(*arguments),
            cwd=cwd,
            env=environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )

    return start


@pytest.fixture(scope="session")
def project() -> Callable[[Path, Mapping[str, str]], Path]:
    """`project(tmp_path, {"wasmbuild.yaml": "…", "src/a.c": "…"})` writes the files and returns the directory."""

    def make(directory: Path, files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return directory

    return make


@pytest.fixture(scope="session")
def libc() -> Path:
    """libc.so in the cache of WASMBUILD_CACHE, else in the user's own: built once for each machine."""
    from wasmbuild.builder.libc import ensure_libc
    from wasmbuild.builder.runninja import RunOptions
    from wasmbuild.builder.toolchain import read_settings
    from wasmbuild.progress import Silent
    from wasmbuild.sources.store import Store

    return ensure_libc(read_settings(None), Store.of_user(), Silent(), RunOptions()).libc


@pytest.fixture(scope="session")
def libcxx(libc: Path) -> Path:
    """libc++.so, likewise."""
    from wasmbuild.builder.project import Request, make_builder
    from wasmbuild.builder.resolved import LIBCXX
    from wasmbuild.builder.runninja import RunOptions
    from wasmbuild.progress import Silent
    from wasmbuild.sources.store import Store

    builder = make_builder(None, Request(), Silent(), RunOptions(), Store.of_user(), cxx=True)
    return Path(builder.means.prefixes[LIBCXX].libraries[0])
