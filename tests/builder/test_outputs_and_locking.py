"""Files are written whole and only when they change; a lock outlives a killed holder while its children run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from wasmbuild.builder.locking import locked
from wasmbuild.builder.outputs import replace_if_different

HOLDER = """
import subprocess, sys
from pathlib import Path
from wasmbuild.builder.locking import locked
with locked(Path(sys.argv[1]), lambda: None) as lock:
    inherited = (lock,) if sys.argv[2] == "yes" else ()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=0, pass_fds=inherited)
    print(child.pid, flush=True)
    child.wait()
"""


def test_what_is_new_or_differs_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "directory" / "file"
    assert replace_if_different(path, b"one")
    assert replace_if_different(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(path.parent) == ["file"]


def test_what_is_the_same_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_if_different(path, b"same")
    os.utime(path, ns=(1, 1))
    before = path.stat()
    assert not replace_if_different(path, b"same")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (1, before.st_ino)


def test_who_reads_the_old_file_goes_on_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_if_different(path, b"old")
    with path.open("rb") as reader:
        replace_if_different(path, b"new and longer")
        assert reader.read() == b"old"


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()
    (tmp_path / "file" / "in the way").write_text("")
    with pytest.raises(OSError, match="directory"):
        replace_if_different(tmp_path / "file", b"data")
    assert os.listdir(tmp_path) == ["file"]


def try_lock(path: Path) -> bool:
    """Whether a lock can be had at once; asked in a process of its own that gives up as soon as it must wait."""
    script = (
        "import sys; from pathlib import Path; from wasmbuild.builder.locking import locked\n"
        "with locked(Path(sys.argv[1]), lambda: sys.exit(3)): pass\n"
    )
    status = subprocess.run([sys.executable, "-c", script, path], check=False, timeout=30).returncode
    assert status in (0, 3)
    return status == 0


def test_a_lock_is_had_once_and_given_back(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    waits: list[str] = []
    with locked(path, lambda: waits.append("first")):
        assert not try_lock(path)
    assert try_lock(path)
    with pytest.raises(ZeroDivisionError), locked(path, lambda: waits.append("second")):
        raise ZeroDivisionError
    assert try_lock(path)
    assert waits == []


def test_who_must_wait_is_told_once_and_then_gets_the_lock(tmp_path: Path) -> None:
    path, waits = tmp_path / "lock", list[str]()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path, "no"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    assert int(holder.stdout.readline()) > 0

    def waiting() -> None:
        waits.append("told")
        assert holder.stdin is not None
        holder.stdin.close()  # its child ends, and so does it

    with locked(path, waiting):
        assert waits == ["told"]
        assert not try_lock(path)
    assert holder.wait(timeout=30) is not None
    holder.stdout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="children inherit locks on POSIX only")
@pytest.mark.parametrize("inherits", ["yes", "no"])
def test_a_child_that_inherits_the_lock_keeps_it_after_its_parent_is_killed(tmp_path: Path, inherits: str) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path, inherits], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    child = int(holder.stdout.readline())
    assert not try_lock(path)
    os.kill(holder.pid, signal.SIGKILL)
    assert holder.wait(timeout=30) == -signal.SIGKILL
    os.kill(child, 0)  # it is there still
    assert try_lock(path) is (inherits == "no")
    os.kill(child, signal.SIGKILL)
    assert holder.stdout.read() == ""  # the child's end closes it
    assert try_lock(path)
    holder.stdin.close()
    holder.stdout.close()
