"""The same build by siso, on a server of the Remote Execution API; both are Debian's, from sid."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from farm import COMPILED_BESIDE, Server, files, free_port, machine, made

from wasmbuild.builder.locking import locked

COUNT = 12
ALL = COUNT + COMPILED_BESIDE
SID = Path(__file__).parents[2] / ".ci/sid"

pytestmark = pytest.mark.network


@pytest.fixture(scope="session")
def sid(pytestconfig: pytest.Config) -> Path:
    """Where siso and buildbox are; had once, and kept in pytest's cache."""
    if not sys.platform.startswith("linux") or shutil.which("apt-get") is None or shutil.which("patchelf") is None:
        pytest.skip("sid's packages need apt-get and patchelf")
    assert pytestconfig.cache is not None
    directory = pytestconfig.cache.mkdir("sid")
    with locked(directory / ".lock", lambda: None):
        bin_ = directory / "tools/root/usr/bin"
        done = subprocess.run([bin_ / "siso", "version"], capture_output=True) if (bin_ / "siso").exists() else None
        if done is None or done.returncode != 0:
            shutil.rmtree(directory / "tools", ignore_errors=True)
            had = subprocess.run([SID, directory / "tools"], capture_output=True, text=True, timeout=1200)
            if had.returncode != 0:
                shutil.rmtree(directory / "tools", ignore_errors=True)
                pytest.skip(f"sid's packages cannot be had: {(had.stderr or had.stdout).strip()[-300:]}")
    return bin_


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, project: Any, run_wasmbuild: Any) -> Any:
    root = tmp_path_factory.mktemp("local")
    directory = project(root / "project", files(COUNT))
    assert run_wasmbuild("build", "-j2", cwd=directory, env=machine(root)).status == 0
    return made(directory / "build")


def casd(sid: Path, root: Path, runner: str = "") -> Server:
    """A server that keeps results and compiles. `runner` is what its worker does before it starts a command."""
    worker = root / "worker"
    worker.write_text(f'#!/bin/sh\n{runner}\nexec {sid}/buildbox-run-hosttools "$@"\n')
    worker.chmod(0o755)
    port = free_port()
    command = [sid / "buildbox-casd", "--bind", f"127.0.0.1:{port}", "--buildbox-run", worker, "--jobs", "2"]
    return Server([*command, "--quota-high", "4G", "--cache-failures=false", root / "cas"], port, root / "casd.log")


def on(sid: Path, root: Path) -> dict[str, str]:
    return {**machine(root), "PATH": f"{sid}:{os.environ['PATH']}"}


def counts(said: str) -> tuple[int, int]:
    """How many steps were done elsewhere, and how many results taken from the cache."""
    lines = [line.split() for line in said.splitlines() if "done elsewhere" in line]
    return sum(int(words[0]) for words in lines), sum(int(words[3]) for words in lines)


def test_a_remote_build_is_a_local_one_byte_for_byte_and_other_directories_take_it_from_there(
    tmp_path: Path, sid: Path, project: Any, run_wasmbuild: Any, local: Any
) -> None:
    with casd(sid, tmp_path) as server:
        at = f"grpc://127.0.0.1:{server.port}"
        one = project(tmp_path / "one", files(COUNT))
        ran = run_wasmbuild("build", "--remote", at, cwd=one, env=on(sid, tmp_path / "m1"))
        assert ran.status == 0, ran.stderr
        assert counts(ran.stderr) == (ALL, 0), ran.stderr
        assert made(one / "build") == local
        assert run_wasmbuild("build", "--remote", at, cwd=one, env={**on(sid, tmp_path / "m0"),
            "WASMBUILD_CACHE": str(tmp_path / "m1/cache")}).stderr == "nothing to do\n"  # fmt: skip

        two = project(tmp_path / "two/deeper", files(COUNT))
        ran = run_wasmbuild("build", "--remote", at, cwd=two, env=on(sid, tmp_path / "m2"))
        assert ran.status == 0, ran.stderr
        assert counts(ran.stderr) == (0, ALL), ran.stderr
        assert made(two / "build") == local

        (two / "src/f0.c").write_text('#include "all.h"\nint f0(int x) { return y; }\n')
        (two / "src/f1.c").write_text("#warning of this\nint f1(int x) { return x; }\n")
        ran = run_wasmbuild("build", "--remote", at, cwd=two, env={**on(sid, tmp_path / "m3")})
        assert ran.status == 1
        assert "src/f0.c:2:24: error: use of undeclared identifier 'y'" in ran.stderr
        assert "src/f1.c:1:2: warning: of this" in ran.stderr
        assert "library `one` is not built: src/f0.c does not compile" in ran.stderr

        # The same directory without servers: links again, and by ninja.
        ran = run_wasmbuild("build", cwd=one, env=machine(tmp_path / "m4"))
        assert ran.status == 0, ran.stderr
        assert (one / "build/toolchain/compiler").is_dir()
        assert made(one / "build") == local


def test_results_are_shared_where_all_is_compiled_here(
    tmp_path: Path, sid: Path, project: Any, run_wasmbuild: Any, local: Any
) -> None:
    with casd(sid, tmp_path, "exit 1") as server:
        expected = [(0, 0), (0, ALL)]
        for name, seen in zip(("one", "two"), expected, strict=True):
            directory = project(tmp_path / name, files(COUNT))
            at = f"grpc://127.0.0.1:{server.port}"
            ran = run_wasmbuild("build", "--remote-cache", at, cwd=directory, env=on(sid, tmp_path / f"m-{name}"))
            assert ran.status == 0, ran.stderr
            assert counts(ran.stderr) == seen, ran.stderr
            assert made(directory / "build") == local


def test_a_worker_that_is_killed_half_way_spoils_nothing(
    tmp_path: Path, sid: Path, project: Any, run_wasmbuild: Any, local: Any
) -> None:
    fifth = (
        f'n=$(ls "{tmp_path}" | grep -c ^n); mkdir "{tmp_path}/n$n" 2>/dev/null',
        f'[ -d "{tmp_path}/n4" ] && mkdir "{tmp_path}/killed" 2>/dev/null && kill -9 $$',
    )
    with casd(sid, tmp_path, "\n".join(fifth)) as server:
        directory = project(tmp_path / "project", files(COUNT))
        at = f"grpc://127.0.0.1:{server.port}"
        ran = run_wasmbuild("build", "--remote", at, cwd=directory, env=on(sid, tmp_path / "m"), timeout_s=900)
    assert (tmp_path / "killed").is_dir()
    assert ran.status == 0, ran.stderr
    assert made(directory / "build") == local


def test_a_server_that_goes_half_way_is_an_error_that_names_it(
    tmp_path: Path,
    sid: Path,
    project: Any,
    start_wasmbuild: Callable[..., subprocess.Popen[str]],
    run_wasmbuild: Any,
    local: Any,
) -> None:
    server = casd(sid, tmp_path)
    at, env = f"grpc://127.0.0.1:{server.port}", on(sid, tmp_path / "m")
    directory = project(tmp_path / "project", files(COUNT))
    try:
        building = start_wasmbuild("build", "--remote", at, cwd=directory, env=env)
        assert building.stderr is not None
        said = ""
        for line in building.stderr:
            said += line
            if "[5/" in line and "src/" in line:
                server.end()
        status = building.wait()
    finally:
        server.end()
    assert status == 1, said
    assert f"the server at 127.0.0.1:{server.port} is gone" in said, said
    ran = run_wasmbuild(
        "build", "--remote", at, cwd=directory, env={**env, "WASMBUILD_CACHE": str(tmp_path / "m/cache")}
    )
    assert ran.status == 1
    assert f"no server at 127.0.0.1:{server.port}" in ran.stderr
    ran = run_wasmbuild("build", cwd=directory, env=env)
    assert ran.status == 0, ran.stderr
    assert made(directory / "build") == local


def test_a_compiler_of_this_machine_is_not_sent_to_another(
    tmp_path: Path, sid: Path, project: Any, run_wasmbuild: Any
) -> None:
    directory = project(
        tmp_path / "project", {**files(1), "toolchain.yaml": "toolchain: llvm\nllvm: {suffix: '-19'}\n"}
    )
    with casd(sid, tmp_path) as server:
        at = f"grpc://127.0.0.1:{server.port}"
        ran = run_wasmbuild("build", "--remote", at, cwd=directory, env=on(sid, tmp_path / "m"))
        assert (ran.status, "an LLVM of this machine cannot be sent to another" in ran.stderr) == (1, True), ran.stderr
        (directory / "toolchain.yaml").unlink()
        ran = run_wasmbuild("build", "--remote", at, "--launcher", "env", cwd=directory, env=on(sid, tmp_path / "m2"))
        assert (ran.status, "servers and a launcher at once: `env`" in ran.stderr) == (1, True), ran.stderr
