"""Whatever a module is, a command that is given it ends soon, in little memory, with an answer or with a message."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from attacks import ATTACKS

resource = pytest.importorskip("resource", reason="limits of processes are POSIX's")

MEMORY_BYTES = 1 << 30
ENGINE_BYTES = 48 << 30
"""Of address space: the engine reserves much, and uses little."""
CPU_S = 60
"""Generous: what is not linear takes minutes or hours."""

COMMANDS = {
    "inspect": ("inspect",),
    "inspect as JSON": ("inspect", "--json"),
    "relocations": ("inspect", "--relocs"),
    "check": ("check",),
    "why": ("why", "f"),
    "graph": ("graph",),
    "graph as svg": ("graph", "--format", "svg"),
    "plan": ("plan",),
    "run": ("run",),
}


def limited(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))


def ran(arguments: tuple[str, ...], file: str, directory: Path, environment: dict[str, str]) -> tuple[int, str]:
    memory_bytes = ENGINE_BYTES if arguments == ("run",) else MEMORY_BYTES
    with open(directory / ".said", "w+b") as said:  # noqa: PTH123 - a file, as a pipe would hold it all here
        status = subprocess.run(
            [sys.executable, "-P", "-m", "wasmbuild", *arguments, file],
            cwd=directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            preexec_fn=lambda: limited(memory_bytes),
            check=False,
        ).returncode
        assert said.tell() < 128 << 20, "more than anybody wants to be told"
        said.seek(0)
        return status, said.read().decode("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_module_is_answered_by_every_command(name, tmp_path, user_environment):
    files = ATTACKS[name]()
    for path, data in files.items():
        (tmp_path / path).write_bytes(data)
    for command, arguments in COMMANDS.items():
        status, said = ran(arguments, next(iter(files)), tmp_path, user_environment())
        # 134: it ran, and trapped.
        assert status in (0, 1, *((134,) if command == "run" else ())), (command, said[-2000:])
        assert "Traceback (most recent call last)" not in said, (command, said[-2000:])
        assert "MemoryError" not in said, command
        # With a line break at an end each, all of it is printable.
        assert all(line.isprintable() for line in said.split("\n")), command
        if status == 1:  # `why` says in its answer that nobody defines it
            assert "error: " in said or (command == "why" and "nobody defines it" in said) or "JSON" in command, command
        if "JSON" in command:
            json.loads(said)


@pytest.mark.slow
def test_the_members_of_a_hostile_archive(tmp_path):
    (data,) = ATTACKS["archive_of_one_long_name"]().values()
    (tmp_path / "attack.a").write_bytes(data)
    read = (
        "import sys\n"
        "from wasmbuild.diagnostics import WasmbuildError\n"
        "from wasmbuild.wasm.archive import members\n"
        "try:\n    print(len(list(members(open(sys.argv[1], 'rb').read(), 'attack.a'))))\n"
        "except WasmbuildError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", read, str(tmp_path / "attack.a")],
        capture_output=True,
        text=True,
        preexec_fn=lambda: limited(MEMORY_BYTES),
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "a member's name is longer than 4096 bytes" in done.stdout


@pytest.mark.slow
def test_what_there_is_no_memory_for_is_said(tmp_path, user_environment):
    (tmp_path / "large.so").touch()
    os.truncate(tmp_path / "large.so", 1 << 30)
    for command in ("inspect", "check"):
        status, said = ran((command,), "large.so", tmp_path, user_environment())
        assert (status, said) == (1, "error: cannot allocate memory\n")


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_without_an_end_and_one_that_nobody_writes(command, tmp_path, user_environment):
    os.mkfifo(tmp_path / "fifo.so")
    (tmp_path / "large.so").touch()
    os.truncate(tmp_path / "large.so", 5 << 30)
    (tmp_path / "directory.so").mkdir()
    for file in ("fifo.so", "large.so", "directory.so", "/dev/zero", "nothing.so"):
        status, said = ran(COMMANDS[command], file, tmp_path, user_environment())
        assert status == 1, (file, said)
        assert "error: " in said or '"ok": false' in said, (file, said)
        assert "Traceback" not in said, (file, said)
