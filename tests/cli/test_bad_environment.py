"""What is wrong around the build: no network, full and read-only disks, killed and interrupted and simultaneous
builds. Nothing is lost, and the next build is right."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from cliprojects import LOCAL_RECIPE, TWO_LIBRARIES, disk, edit, outputs, remount

# The network.


def _remote(project, directory: Path) -> Path:
    """A project that requires a recipe whose only source nobody serves."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    source = f"  - url: http://127.0.0.1:{port}/given-1.0.tar.gz\n    sha256: {'0' * 64}\n"
    recipe = LOCAL_RECIPE["recipes/given/recipe.yaml"].replace("  - path: upstream\n", source)
    assert source in recipe
    return project(directory, LOCAL_RECIPE | {"recipes/given/recipe.yaml": recipe})


@pytest.mark.parametrize("command", [["build"], ["test"], ["recipe", "fetch", "given"]])
def test_no_network_and_an_empty_cache(command, tmp_path, project, run_wasmbuild):
    directory = _remote(project, tmp_path / "project")
    unreachable = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "no_proxy": None}
    for env in ({}, unreachable):
        ran = run_wasmbuild(
            *command, cwd=directory, env={"WASMBUILD_CACHE": str(tmp_path / "cache"), **env}, timeout_s=60
        )
        assert ran.status == 1
        assert ran.stderr.splitlines()[-1].startswith("help: check the network, or run `wasmbuild recipe fetch given` ")
        assert "error: source of `given 1.0` is not available\n" in ran.stderr
        assert "recipes/given/recipe.yaml:5:" in ran.stderr
        assert "http://127.0.0.1:" in ran.stderr
        assert "refused" in ran.stderr


def test_offline_and_an_empty_cache(tmp_path, project, run_wasmbuild):
    directory = _remote(project, tmp_path / "project")
    env = {"WASMBUILD_CACHE": str(tmp_path / "cache")}
    ran = run_wasmbuild("build", "--offline", cwd=directory, env=env)
    assert ran.status == 1
    assert "error: source of `given 1.0` is not available\n" in ran.stderr
    assert "not in the cache, and `--offline` was given" in ran.stderr
    assert "run `wasmbuild recipe fetch given` with a network once" in ran.stderr
    assert "`given 1.0` is required by `user`, at wasmbuild.yaml:3:12" in ran.stderr


def test_a_source_on_this_machine_needs_no_network(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path / "project", LOCAL_RECIPE)
    ran = run_wasmbuild("build", "--offline", cwd=directory, env={"WASMBUILD_CACHE": str(tmp_path / "cache")})
    assert ran.status == 0, ran.stderr


def test_an_error_in_a_recipes_source_names_the_recipe(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path / "project", LOCAL_RECIPE)
    env = {"WASMBUILD_CACHE": str(tmp_path / "cache")}
    edit(directory / "recipes/given/upstream/more.c", "return 1;", "return one;")
    failed = run_wasmbuild("build", cwd=directory, env=env)
    assert failed.status == 1
    assert "more.c:4:12: error: use of undeclared identifier 'one'" in failed.stderr
    assert "error: building `given` 1.0 failed\n" in failed.stderr
    assert "recipes/given/recipe.yaml:1:" in failed.stderr
    edit(directory / "recipes/given/upstream/more.c", "return one;", "return 1;")
    assert run_wasmbuild("build", cwd=directory, env=env).status == 0


# Disks.

BIG = "const char big[1 << 20] = {1};\n"
"""A mebibyte of data, which no small disk has room for."""
LONG = f"/*{' ' * (1 << 20)}*/\nint more_data;\n"
"""A source that is itself as large."""


def test_a_read_only_build_directory(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path, TWO_LIBRARIES)
    with disk(directory / "build", "4m") as mounted:
        assert run_wasmbuild("build", cwd=directory).status == 0
        before = outputs(directory)
        remount(mounted, "ro")
        edit(directory / "src/base/one.c", "return 1;", "return 9;")
        failed = run_wasmbuild("build", cwd=directory)
        assert (failed.status, failed.stdout) == (1, "")
        assert failed.stderr.startswith("error: read-only file system: `")
        assert "help: make it writable" in failed.stderr
        assert outputs(directory) == before
        remount(mounted, "rw")
        assert run_wasmbuild("build", cwd=directory).status == 0
        assert outputs(directory)["lib/libbase.so"] != before["lib/libbase.so"]


def test_a_disk_that_is_full_while_a_project_is_built(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path, TWO_LIBRARIES)
    with disk(directory / "build", "512k") as mounted:
        assert run_wasmbuild("build", cwd=directory).status == 0
        before = outputs(directory)
        project(directory, {"src/base/big.c": BIG})
        failed = run_wasmbuild("build", cwd=directory)
        assert (failed.status, failed.stdout) == (1, "")
        assert "no space left on device" in failed.stderr.lower()
        assert outputs(directory) == before
        remount(mounted, "size=32m")
        again = run_wasmbuild("build", cwd=directory)
        assert again.status == 0, again.stderr
        assert len(outputs(directory)["lib/libbase.so"]) > 1 << 20


def test_a_disk_without_room_for_anything(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path, TWO_LIBRARIES)
    with disk(directory / "build", "4k") as mounted:
        failed = run_wasmbuild("build", cwd=directory)
        assert (failed.status, failed.stdout) == (1, "")
        assert failed.stderr.startswith("error: no space left on device")
        assert "help: free some space" in failed.stderr
        remount(mounted, "size=32m")
        again = run_wasmbuild("test", cwd=directory)
        assert again.status == 0, again.stderr


def test_a_cache_that_is_full(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path / "project", LOCAL_RECIPE)
    with disk(tmp_path / "cache", "512k") as mounted:
        env = {"WASMBUILD_CACHE": str(mounted)}
        assert run_wasmbuild("build", cwd=directory, env=env).status == 0
        before = outputs(directory)
        project(directory, {"recipes/given/upstream/more_data.c": BIG})
        failed = run_wasmbuild("build", cwd=directory, env=env)
        assert (failed.status, failed.stdout) == (1, "")
        assert "no space left" in failed.stderr.lower()
        assert "Errno" not in failed.stderr
        assert outputs(directory) == before
        remount(mounted, "size=32m")
        again = run_wasmbuild("build", cwd=directory, env=env)
        assert again.status == 0, again.stderr
        assert len(outputs(directory)["lib/libgiven.so"]) > 1 << 20


def test_a_cache_that_is_full_says_what_to_do(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path / "project", LOCAL_RECIPE | {"recipes/given/upstream/more_data.c": LONG})
    with disk(tmp_path / "cache", "100k") as mounted:
        failed = run_wasmbuild("build", cwd=directory, env={"WASMBUILD_CACHE": str(mounted)})
        assert failed.status == 1
        assert failed.stderr.startswith(f"error: no space left for the cache: `{mounted}")
        assert "set WASMBUILD_CACHE to a directory that you can write to" in failed.stderr


@pytest.mark.slow
def test_a_cache_that_is_full_while_libc_is_built(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path / "project", {"wasmbuild.yaml": "name: a\nlibraries: {a: {sources: [a.c]}}\n"})
    project(directory, {"a.c": "int a(void) {\n    return 1;\n}\n"})
    with disk(tmp_path / "cache", "4m") as mounted:
        failed = run_wasmbuild("build", cwd=directory, env={"WASMBUILD_CACHE": str(mounted)})
        assert (failed.status, failed.stdout) == (1, "")
        assert f"error: no space left for the cache: `{mounted}" in failed.stderr
        assert "help: free some " in failed.stderr


@pytest.mark.parametrize("why", ["read-only", "a file"])
def test_a_cache_that_cannot_be_written(why, tmp_path, project, run_wasmbuild):
    directory = project(tmp_path / "project", LOCAL_RECIPE | {"file": ""})
    with disk(tmp_path / "cache", "4m") as mounted:
        remount(mounted, "ro")
        cache = mounted if why == "read-only" else directory / "file"
        failed = run_wasmbuild("build", cwd=directory, env={"WASMBUILD_CACHE": str(cache)})
        assert (failed.status, failed.stdout) == (1, "")
        assert failed.stderr.startswith(f"error: cannot write to the cache: `{cache}")
        assert "help: set WASMBUILD_CACHE to a directory that you can write to\n" in failed.stderr


# Killed, interrupted, and more than one at a time.

_MORE = {
    f"recipes/given/upstream/more{i}.c": f'#include "given.h"\n\nint more{i}(int n) {{\n    return n * {i};\n}}\n'
    for i in range(5)
}
_PARTS = {
    f"part{i}.c": f'#include "given.h"\n\nint part{i}(int n) {{\n    return given() * n + {i};\n}}\n' for i in range(5)
}
MANY_STEPS = LOCAL_RECIPE | _MORE | _PARTS
MANY_STEPS["wasmbuild.yaml"] = MANY_STEPS["wasmbuild.yaml"].replace("[user.c]", '[user.c, "part*.c"]')


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory, project, run_wasmbuild):
    """The outputs of a build of MANY_STEPS that nobody disturbed, before and after the edit of `_edit`."""
    directory, cache = (tmp_path_factory.mktemp(name) for name in ("undisturbed", "cache"))
    project(directory, MANY_STEPS)
    found = []
    for change in (lambda _: None, _edit):
        change(directory)
        built = run_wasmbuild("build", cwd=directory, env={"WASMBUILD_CACHE": str(cache)})
        assert built.status == 0, built.stderr
        found.append(outputs(directory))
    first, second = found
    assert set(first) == set(second) == {"include/given.h", "lib/libgiven.so", "lib/libuser.so"}
    assert all(first[name] != second[name] for name in first)
    return first, second


def _edit(directory: Path) -> None:
    """A change after which everything is compiled again."""
    edit(directory / "recipes/given/upstream/given.h", "int given(void);", "int given(void);\n#define CHANGED 1")
    for name in ("user.c", "recipes/given/upstream/given.c"):
        edit(directory / name, "return ", "return CHANGED + ")


def _wait_for_steps(process: subprocess.Popen[str], steps: int) -> list[str]:
    """Read on until so many commands have run; what was read."""
    lines = []
    for line in process.stderr:
        lines.append(line)
        steps -= line.startswith("[")
        if steps <= 0:
            break
    return lines


DISTURBANCES = [pytest.param(seed, marks=pytest.mark.slow if seed > 0 else ()) for seed in range(8)]


@pytest.mark.parametrize("seed", DISTURBANCES)
@pytest.mark.parametrize("again", [False, True], ids=["first build", "later build"])
@pytest.mark.parametrize("whole_group", [False, True], ids=["wasmbuild alone", "the whole group"])
def test_a_killed_build(whole_group, again, seed, undisturbed, tmp_path, project, start_wasmbuild, run_wasmbuild):
    chance, env = random.Random(f"{whole_group} {again} {seed}"), {"WASMBUILD_CACHE": str(tmp_path / "cache")}
    directory = project(tmp_path / "project", MANY_STEPS)
    if again:
        assert run_wasmbuild("build", cwd=directory, env=env).status == 0
        _edit(directory)
    process = start_wasmbuild("build", cwd=directory, env=env)
    _wait_for_steps(process, chance.randrange(1, 16))
    time.sleep(chance.uniform(0, 0.06))  # into the middle of a command, or between two: nothing to poll for
    (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL
    next_build = run_wasmbuild("build", cwd=directory, env=env)
    assert next_build.status == 0, next_build.stderr
    assert outputs(directory) == undisturbed[again]


@pytest.mark.parametrize("steps", [1, 4, 9, 12])
def test_an_interrupted_build_ends_with_130(steps, undisturbed, tmp_path, project, start_wasmbuild, run_wasmbuild):
    env = {"WASMBUILD_CACHE": str(tmp_path / "cache")}
    directory = project(tmp_path / "project", MANY_STEPS)
    process = start_wasmbuild("build", cwd=directory, env=env)
    before = _wait_for_steps(process, steps)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, "".join(before) + stderr
    assert stdout == ""
    assert stderr.splitlines()[-1] == "interrupted"
    assert "Traceback" not in stderr
    assert "ninja" not in stderr
    next_build = run_wasmbuild("build", cwd=directory, env=env)
    assert next_build.status == 0, next_build.stderr
    assert outputs(directory) == undisturbed[0]


@pytest.mark.parametrize("projects", [1, 2])
def test_two_builds_at_once(projects, undisturbed, tmp_path, project, start_wasmbuild):
    env = {"WASMBUILD_CACHE": str(tmp_path / "cache")}
    directories = [project(tmp_path / f"project{i % projects}", MANY_STEPS) for i in range(2)]
    processes = [start_wasmbuild("build", cwd=directory, env=env) for directory in directories]
    for process in processes:
        _, stderr = process.communicate(timeout=120)
        assert process.returncode == 0, stderr
    for directory in directories:
        assert outputs(directory) == undisturbed[0]
    libraries = [path.name for path in (tmp_path / "cache/libraries").iterdir() if path.is_dir()]
    assert len(libraries) == 1, libraries  # nothing half-built beside it


def test_a_build_waits_for_another_one_and_says_so(tmp_path, project, start_wasmbuild):
    import fcntl

    directory = project(tmp_path, TWO_LIBRARIES)
    (directory / "build").mkdir()
    with (directory / "build/.wasmbuild-lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = start_wasmbuild("build", cwd=directory)
        assert process.stderr.readline() == "waiting for another build of this project\n"
        assert not (directory / "build/build.ninja").exists()
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0, stderr
    assert set(outputs(directory)) == {"include/base.h", "lib/libbase.so", "lib/libtotal.so"}


def _entry_of_given(cache: Path) -> Path:
    (entry,) = (path for path in (cache / "libraries").iterdir() if path.is_dir())
    return entry


@pytest.mark.parametrize("name", ["lib/libgiven.so", "lib/libgiven.a", "include/given.h"])
def test_a_damaged_library_in_the_cache_is_built_again_once(name, tmp_path, project, run_wasmbuild):
    root = project(tmp_path / "user", LOCAL_RECIPE)
    env = {"WASMBUILD_CACHE": str(tmp_path / "cache")}
    assert run_wasmbuild("build", cwd=root, env=env).status == 0
    expected = outputs(root)
    damaged = _entry_of_given(tmp_path / "cache") / name
    status, data = damaged.stat(), bytearray(damaged.read_bytes())
    data[len(data) // 2] ^= 1
    damaged.write_bytes(data)
    os.utime(damaged, ns=(status.st_atime_ns, status.st_mtime_ns))
    shutil.rmtree(tmp_path / "cache/builds")
    (root / "build" / name).unlink(missing_ok=True)
    again = run_wasmbuild("build", cwd=root, env=env)
    assert again.status == 0
    said = f"given in the cache was damaged (`{name}` was changed): building it again"
    assert said in again.stderr.splitlines()
    assert outputs(root) == expected
    shutil.rmtree(tmp_path / "cache/builds")
    assert "damaged" not in run_wasmbuild("build", cwd=root, env=env).stderr


@pytest.mark.parametrize("arguments", [("build",), ("run", "a.wasm"), ("recipe", "fetch", "zlib")])
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_cache_that_others_can_write_to_is_refused(arguments, tmp_path, project, run_wasmbuild):
    root = project(tmp_path / "user", LOCAL_RECIPE)
    (root / "a.wasm").write_bytes(b"\0asm\1\0\0\0")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o777)
    ran = run_wasmbuild(*arguments, cwd=root, env={"WASMBUILD_CACHE": str(tmp_path / "cache")})
    assert ran.status == 1
    assert ran.stderr.startswith("error: the cache is not this user's alone: `")
    assert "\nhelp: if nobody else did so yet, `chmod go-w " in ran.stderr
