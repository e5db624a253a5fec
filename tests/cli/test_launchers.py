"""Programs in front of the compiler: compilers' caches that are shared, and compilers on other machines."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from farm import COMPILED_BESIDE, Server, files, free_port, machine, made

from wasmbuild.builder.toolchain import find_toolchain, read_settings

COUNT = 24
ALL = COUNT + COMPILED_BESIDE


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, project: Any, run_wasmbuild: Any) -> Any:
    """What is made without a launcher."""
    root = tmp_path_factory.mktemp("local")
    directory = project(root / "project", files(COUNT))
    assert run_wasmbuild("build", "-j2", cwd=directory, env=machine(root)).status == 0
    found = made(directory / "build")
    assert len([place for place in found if place.startswith("obj/") and "src/" in place]) == COUNT + 1
    return found


def statistics(env: dict[str, str]) -> dict[str, int]:
    """What ccache counted, and then it counts from nothing again."""
    changed = {**os.environ, **env}
    said = subprocess.run(["ccache", "--print-stats"], env=changed, capture_output=True, text=True, check=True).stdout
    subprocess.run(["ccache", "--zero-stats"], env=changed, capture_output=True, check=True)
    return {name: int(value) for name, value in (line.split("\t") for line in said.splitlines())}


def hits(counted: dict[str, int]) -> int:
    return counted["direct_cache_hit"] + counted["preprocessed_cache_hit"]


@pytest.mark.slow
@needs("ccache")
def test_homes_caches_environments_and_directories_share_what_was_compiled(
    tmp_path: Path, project: Any, run_wasmbuild: Any, local: Any
) -> None:
    counted = []
    for number, place in enumerate(("one", "two/deeper", "three with $ and blanks")):
        env = {**machine(tmp_path / f"m{number}"), "CCACHE_DIR": str(tmp_path / "ccache"), "TERM": str(number)}
        directory = project(tmp_path / place, files(COUNT))
        ran = run_wasmbuild("build", "-j2", "--launcher", "ccache", cwd=directory, env=env)
        assert ran.status == 0, ran.stderr
        assert made(directory / "build") == local
        counted.append(statistics(env))
    assert [hits(each) for each in counted] == [0, ALL, ALL]
    assert [each["cache_miss"] for each in counted] == [ALL, 0, 0]


@pytest.mark.slow
@needs("ccache", "redis-server")
def test_an_empty_machine_is_filled_from_a_server_and_builds_without_it_too(
    tmp_path: Path, project: Any, run_wasmbuild: Any, local: Any
) -> None:
    port = free_port()
    server = ("redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no")

    def build(name: str) -> int:
        env = {**machine(tmp_path / name), "CCACHE_DIR": str(tmp_path / name / "ccache")}
        env["CCACHE_REMOTE_STORAGE"] = f"redis://127.0.0.1:{port}"
        directory = project(tmp_path / name / "project", files(COUNT))
        ran = run_wasmbuild("build", "-j2", "--launcher", "ccache", cwd=directory, env=env)
        assert ran.status == 0, ran.stderr
        assert made(directory / "build") == local
        return hits(statistics(env))

    with Server((*server, "--dir", tmp_path), port, tmp_path / "redis.log"):
        assert build("first") == 0
        assert build("second") >= 0.95 * ALL
    assert build("without the server") == 0


@pytest.fixture
def distcc_servers() -> Iterator[tuple[Server, Server]]:
    """Two servers with the compiler under the name and version that commands ask for. As root, they run as nobody, who
    must be able to read it."""
    toolchain = find_toolchain(read_settings(None))
    with tempfile.TemporaryDirectory(prefix="wasmbuild-distcc-") as name:
        root = Path(name)
        root.chmod(0o755)
        home = root / toolchain.place
        home.mkdir()
        shutil.copyfile(toolchain.zig, home / "zig")
        (home / "clang").write_text('#!/bin/sh\nexec "${0%/*}/zig" clang "$@"\n')
        for program in home.iterdir():
            program.chmod(0o755)
        (root / "allowed").write_text(f"{home}/clang\n")
        env = {"DISTCC_CMDLIST": str(root / "allowed"), "DISTCC_CMDLIST_NUMWORDS": "2", "TMPDIR": "/tmp"}
        servers = []
        for _ in range(2):
            port = free_port()
            log = root / f"{port}.log"
            log.touch()
            log.chmod(0o666)
            command = ["distccd", "--no-detach", "--daemon", "--listen", "127.0.0.1", "--allow", "127.0.0.1"]
            command += ["--port", str(port), "--jobs", "2", "--enable-tcp-insecure", "--log-file", str(log)]
            command += ["--user", "nobody"] if os.geteuid() == 0 else []
            servers.append(Server(command, port, log, env))
        try:
            yield servers[0], servers[1]
        finally:
            for server in servers:
                server.end()


@pytest.mark.slow
@needs("distcc", "distccd")
def test_a_build_over_two_servers_is_right_though_one_is_killed(
    tmp_path: Path,
    project: Any,
    start_wasmbuild: Callable[..., subprocess.Popen[str]],
    run_wasmbuild: Any,
    local: Any,
    distcc_servers: tuple[Server, Server],
) -> None:
    env = {**machine(tmp_path / "m"), "DISTCC_DIR": str(tmp_path / "m/home")}
    env["DISTCC_HOSTS"] = " ".join(f"127.0.0.1:{server.port}/2" for server in distcc_servers)
    ran = run_wasmbuild("doctor", "--launcher", "distcc", cwd=tmp_path, env=env)
    assert "distcc: a file compiled through it, twice, is what it is without" in ran.stdout
    directory = project(tmp_path / "project", files(COUNT))
    building = start_wasmbuild("build", "-j4", "--launcher", "distcc", cwd=directory, env=env)
    assert building.stderr is not None
    said = ""
    for line in building.stderr:
        said += line
        if f"[{COUNT // 3}/" in line and "src/" in line:
            distcc_servers[1].end()
    assert building.wait() == 0, said
    assert made(directory / "build") == local
    logs = [server.log.read_text() for server in distcc_servers]
    assert all("COMPILE_OK" in log for log in logs), logs
    assert "COMPILE_OK" in logs[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--launcher", "no-such-thing"), "launcher not found: `no-such-thing`"),
        (("--launcher", "ccach"), "did you mean `ccache`?"),
        (("--remote", "nonsense"), "not the address of a server: `nonsense`"),
        (("--remote", "http://127.0.0.1:1"), "not the address of a server"),
        (("--remote", "grpc://127.0.0.1"), "not the address of a server"),
        (("--remote", "grpc://127.0.0.1:99999"), "not the address of a server"),
        (("--remote", "grpc://[::1"), "not the address of a server"),
        (("--remote-cache", "grpc://u:p@127.0.0.1:80"), "not the address of a server"),
        (("--remote", "grpc://127.0.0.1:1"), "`siso` not found"),
    ],
)
def test_what_is_not_there_is_said_before_anything_is_built(
    tmp_path: Path, project: Any, run_wasmbuild: Any, arguments: tuple[str, ...], said: str
) -> None:
    directory = project(tmp_path / "project", files(1))
    (tmp_path / "nothing").mkdir()
    ran = run_wasmbuild(
        "build", *arguments, cwd=directory, env={**machine(tmp_path / "m"), "PATH": str(tmp_path / "nothing")}
    )
    assert ran.status == 1
    assert said in ran.stderr
    assert not list((directory / "build").rglob("*.o"))


def program(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_doctor_finds_a_launcher_that_breaks_what_it_makes(tmp_path: Path, run_wasmbuild: Any) -> None:
    tried = {
        "right": ('exec "$@"', "is what it is without, byte for byte"),
        "fails": ("echo no license >&2; exit 3", "nothing can be compiled through the launcher"),
        "silent": ("exit 0", "no object was written"),
        "changes": ('"$@" -DX=1 -g', "the launcher changes what is compiled"),
        "of this machine": ('"$@" -target x86_64-linux-gnu', "finds no `-target`"),
    }
    for name, (text, said) in tried.items():
        path = program(tmp_path / name.replace(" ", "-"), text)
        ran = run_wasmbuild(
            "doctor", "--launcher", path, cwd=tmp_path, env={"WASMBUILD_CACHE": None, "HOME": str(tmp_path)}
        )
        (line,) = [line for line in ran.stdout.splitlines() if "launcher  " in line]
        assert line.startswith("ok" if name == "right" else "MISSING"), ran.stdout
        assert said in ran.stdout


def test_a_project_chooses_among_known_launchers_and_names_no_program(
    tmp_path: Path, project: Any, run_wasmbuild: Any
) -> None:
    mark = tmp_path / "was-run"
    (tmp_path / "bin").mkdir()
    evil = program(tmp_path / "bin/evil", f"touch {mark}")
    for words in ("[./evil]", "[evil]", f"[{evil}]", "[recc]", "[ccache, ./evil]", "[env, ccache]"):
        directory = project(tmp_path / "project", {**files(1), "toolchain.yaml": f"launcher: {words}\n"})
        program(directory / "evil", f"touch {mark}")
        path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
        ran = run_wasmbuild("build", cwd=directory, env={"PATH": path})
        assert ran.status == 1
        assert "a project does not say which programs are run" in ran.stderr
        assert not mark.exists()


def test_a_launcher_of_a_chosen_file_is_run_and_the_command_line_takes_it_out(
    tmp_path: Path, project: Any, run_wasmbuild: Any
) -> None:
    mark = tmp_path / "was-run"
    counting = program(tmp_path / "counting", f'echo "$1" >> {mark}; exec "$@"')
    directory = project(tmp_path / "project", files(2))
    (tmp_path / "mine.yaml").write_text(f"launcher: [{counting}]\n")
    env = machine(tmp_path / "m")
    ran = run_wasmbuild("build", "--toolchain", tmp_path / "mine.yaml", "--launcher", "", cwd=directory, env=env)
    assert ran.status == 0, ran.stderr
    assert not mark.exists()
    ran = run_wasmbuild("build", "--toolchain", tmp_path / "mine.yaml", cwd=directory, env=env)
    assert ran.status == 0, ran.stderr
    # The recipe is in the cache: no launcher is part of its key.
    assert len(mark.read_text().splitlines()) == 3
    assert all(line.startswith("build/toolchain/compiler/") for line in mark.read_text().splitlines())
    assert (
        run_wasmbuild("build", "--toolchain", tmp_path / "mine.yaml", cwd=directory, env=env).stderr
        == "nothing to do\n"
    )
