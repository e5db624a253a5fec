"""A step does the same whether a process that waits does it or its own: where there is one, where there is none, and
where it is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from wasmbuild.builder import stepclient
from wasmbuild.builder.stepserver import serve_while_open, serving

CLIENT = (sys.executable, "-I", "-S", stepclient.__file__)

SPEAKING = """
import os, subprocess, sys
def main(arguments):
    print("out", *arguments, os.environ.get("SAID"), os.getcwd(), sys.stdin.read(), flush=True)
    print("err", file=sys.stderr)
    if arguments[0] == "crash":
        os.kill(os.getpid(), 11)
    if arguments[0] == "become":
        os.execv("/bin/sh", ["sh", "-c", "echo became; exit 5"])
    if arguments[0] == "sleep":
        print(os.getpid(), flush=True)
        subprocess.run(["sleep", "600"])
    if arguments[0] == "fault":
        raise ValueError("a fault of ours")
    return int(arguments[0])
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A step that says what it got, found by the process that waits and by Python alone."""
    (tmp_path / "speaking.py").write_text(SPEAKING)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.setattr("wasmbuild.builder.stepserver.STEPS", ("speaking",))
    return "speaking"


def step(module: str, *arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CLIENT, module, *arguments],
        input="in",
        cwd=cwd,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary directory of its own, whose path is short enough for a socket's; nothing is left in it."""
    with tempfile.TemporaryDirectory(prefix="t") as directory:
        monkeypatch.setenv("TMPDIR", directory)
        yield Path(directory)
        assert list(Path(directory).iterdir()) == []


@pytest.mark.parametrize("arguments", [("0",), ("3", "two words", "ä", ""), ("fault",), ("become",)])
def test_a_step_is_the_same_with_and_without(
    arguments: tuple[str, ...], module: str, tmp_path: Path, temporary: Path
) -> None:
    place = tmp_path / "a place"
    place.mkdir()
    with serving() as (variables, _):
        assert variables
        served = step(module, *arguments, cwd=place, SAID="this", **variables)
    alone = step(module, *arguments, cwd=place, SAID="this")
    assert (served.returncode, served.stdout) == (alone.returncode, alone.stdout)
    assert served.stderr.splitlines()[-1] == alone.stderr.splitlines()[-1]


def test_a_step_that_crashes_is_not_done_again(module: str, tmp_path: Path) -> None:
    with serving() as (variables, _):
        ended = step(module, "crash", cwd=tmp_path, **variables)
    assert ended.returncode == 128 + signal.SIGSEGV
    assert ended.stdout.count("out crash") == 1


def test_a_step_ends_with_its_client_and_what_it_started_too(module: str, tmp_path: Path) -> None:
    with serving() as (variables, _):
        command, env = [*CLIENT, module, "sleep"], {**os.environ, **variables}
        with subprocess.Popen(
            command, cwd=tmp_path, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        ) as client:
            assert client.stdout is not None
            client.stdout.readline()
            group = int(client.stdout.readline())
            client.kill()
        assert not_there(group)


def not_there(group: int, within_s: float = 60) -> bool:
    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_where_nobody_waits_any_more_the_client_is_the_step(module: str, tmp_path: Path) -> None:
    with serving() as (variables, _):
        pass
    assert step(module, "4", cwd=tmp_path, **variables).returncode == 4


def test_where_a_socket_cannot_be_all_is_as_without(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    monkeypatch.setenv("TMPDIR", str(deep))
    with serving() as (variables, alive):
        assert (variables, alive) == ({}, ())
    assert list(deep.iterdir()) == []


OWNER = """
import subprocess, sys, time
from wasmbuild.builder.stepserver import serving
with serving() as (variables, alive):
    print(*variables.values(), flush=True)
    time.sleep(600)
"""


def gone(directory: Path, within_s: float = 60) -> bool:
    ends = time.monotonic() + within_s
    while directory.exists() and time.monotonic() < ends:
        time.sleep(0.05)
    return not directory.exists()


def test_it_ends_when_its_owner_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        directory = Path(owner.stdout.readline().strip()).parent
        assert directory.is_dir()
        owner.kill()
    assert gone(directory)


BECOMES = """
import os, sys
from wasmbuild.builder.stepserver import serve_while_open
os.environ |= serve_while_open(("speaking",))
os.execv("/bin/sh", ["sh", "-c", sys.argv[1]])
"""


def test_what_a_process_becomes_is_served_as_long_as_it_lives(module: str, tmp_path: Path) -> None:
    client = " ".join((*CLIENT, module))
    script = f'{client} 3 </dev/null; echo "status $?"; {client} become </dev/null; echo "status $? $WASMBUILD_STEPS"'
    ran = subprocess.run([sys.executable, "-c", BECOMES, script], cwd=tmp_path, capture_output=True, text=True)
    said = ran.stdout.splitlines()
    assert next(line for line in said if line.startswith("status")) == "status 3"
    status, place = said[-1].rsplit(" ", 1)
    assert status == "status 5"
    assert gone(Path(place).parent)


def test_nothing_is_started_where_nothing_can_be_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    assert serve_while_open(()) == {}
