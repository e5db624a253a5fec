"""A cache that somebody or something has been at: what is damaged is made again or refused, nothing crashes, and no
link in it leads anywhere else."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="owners and links as POSIX has them")]

PROJECT = {
    "wasmbuild.yaml": """\
name: user
requires: [given]
programs:
  hello: {sources: [hello.c]}
tests:
  - {name: says it, run: hello, stdout: "41\\n"}
""",
    "hello.c": '#include <stdio.h>\n#include "given.h"\nint main(void) { printf("%d\\n", given()); return 0; }\n',
    "recipes/given/recipe.yaml": """\
name: given
license: MIT
source: [{path: upstream}]
defaults: {libc: none}
libraries: {given: {sources: [given.c], headers: [given.h]}}
""",
    "recipes/given/upstream/given.h": "int given(void);\n",
    "recipes/given/upstream/given.c": "int given(void) { return 41; }\n",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory, project, run_wasmbuild, libc):
    """A cache with an entry of each kind, and the project that filled it. libc is taken from the user's."""
    directory = tmp_path_factory.mktemp("filled")
    (directory / "cache").mkdir(mode=0o700)
    shutil.copytree(libc.parent, directory / "cache/runtime" / libc.parent.name)
    root = project(directory / "project", PROJECT)
    env = {"WASMBUILD_CACHE": str(directory / "cache")}
    for _ in range(2):
        assert run_wasmbuild("test", cwd=root, env=env).status == 0
        assert run_wasmbuild("run", "hello", cwd=root, env=env).stdout == "41\n"
    kinds = {path.name for path in (directory / "cache").iterdir() if path.is_dir()}
    assert {"runtime", "libraries", "compiled", "plans", "builds"} <= kinds
    return directory


@pytest.fixture
def world(filled, tmp_path, run_wasmbuild):
    """A copy of it, and a function that tests the project there: it passes as it did, and what lies beside is left."""
    shutil.copytree(filled, tmp_path / "w", symlinks=True)
    (tmp_path / "w/cache").chmod(0o700)
    (tmp_path / "home").mkdir()
    (tmp_path / "home/file").write_text("mine\n")
    cache, root = tmp_path / "w/cache", tmp_path / "w/project"

    def check() -> None:
        env = {"WASMBUILD_CACHE": str(cache), "HOME": str(tmp_path / "home")}
        shutil.rmtree(root / "build", ignore_errors=True)
        ran = run_wasmbuild("test", cwd=root, env=env, timeout_s=500)
        assert ran.status == 0, ran.stdout + ran.stderr
        assert run_wasmbuild("run", "hello", cwd=root, env=env).stdout == "41\n"
        assert [path.name for path in (tmp_path / "home").iterdir()] == ["file"]
        assert (tmp_path / "home/file").read_text() == "mine\n"

    check.cache, check.home = cache, tmp_path / "home"  # type: ignore[attr-defined]
    check()
    return check


def files(world, kind: str) -> list[Path]:
    """But for empty ones, of which some headers of libc are: there is nothing in them to damage."""
    found = [path for path in (world.cache / kind).rglob("*") if path.is_file() and path.suffix != ".lock"]
    return sorted(path for path in found if path.stat().st_size)


def flip(path: Path, chance: random.Random) -> None:
    status, data = path.stat(), bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def cut(path: Path, chance: random.Random) -> None:
    path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)])


def empty(path: Path, _chance: random.Random) -> None:
    path.write_bytes(b"")


def by_another(path: Path, _chance: random.Random) -> None:
    path.write_bytes(b"\0asm\1\0\0\0" + os.urandom(4096))


def by_a_directory(path: Path, _chance: random.Random) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("kind", ["libraries", "compiled", "plans", "builds"])
def test_what_is_damaged_is_made_again(world, kind):
    chance = random.Random(1)
    for how in (flip, cut, empty, by_another, by_a_directory):
        for path in files(world, kind):
            if not path.relative_to(world.cache / kind).parts[0].startswith("libc-"):  # it takes long; see below
                how(path, chance)
        world()


def test_a_damaged_libc_is_built_again(world):
    flip(next(path for path in files(world, "libraries") if path.name == "libc.so"), random.Random(1))
    world()


@pytest.mark.parametrize("kind", ["libraries", "compiled", "plans", "builds", "sources"])
def test_a_folder_that_is_a_link_to_nothing_or_a_file(world, kind, run_wasmbuild):
    """Not ours to follow anywhere new; what is said, if it cannot be used, is said in a line."""
    shutil.rmtree(world.cache / kind, ignore_errors=True)
    (world.cache / kind).write_text("no folder")
    env = {"WASMBUILD_CACHE": str(world.cache)}
    ran = run_wasmbuild("run", "hello", cwd=world.cache.parent / "project", env=env)
    assert ran.stdout == "41\n" or ran.stderr.startswith("error: ")


@pytest.mark.parametrize("kind", ["libraries", "compiled", "plans", "builds"])
def test_an_entry_that_is_a_link_to_a_file_of_the_user(world, kind):
    for path in files(world, kind):
        path.unlink()
        path.symlink_to(world.home / "file")
    world()


def test_tidying_follows_no_link(world):
    """A folder or an entry that is a link: what it leads to is not what the cache may remove."""
    old = 10**9
    (world.home / "file").write_text("mine\n")
    os.utime(world.home / "file", (old, old))
    for kind in ("compiled", "plans", "builds"):
        (world.cache / kind / "link").symlink_to(world.home / "file")
        (world.cache / kind / "folder").symlink_to(world.home)
        os.utime(world.cache / kind / "link", (old, old), follow_symlinks=False)
    (world.cache / "elsewhere").symlink_to(world.home)
    (world.home / "file").rename(world.home / ".tmp-99999999-0123456789abcdef")
    (world.cache / ".tidied").unlink(missing_ok=True)
    (world.home / "file").write_text("mine\n")
    kept = world.home / ".tmp-99999999-0123456789abcdef"
    from wasmbuild.sources.store import Store, tidy

    tidy(Store(world.cache))
    assert kept.exists()
    kept.unlink()
    world()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_cache_of_another_user_is_refused(world, run_wasmbuild):
    os.chown(world.cache, 12345, 12345)
    env = {"WASMBUILD_CACHE": str(world.cache)}
    for command in (("build",), ("test",), ("run", "hello")):
        ran = run_wasmbuild(*command, cwd=world.cache.parent / "project", env=env)
        assert ran.status == 1
        assert "the cache is not this user's alone" in ran.stderr
