"""The cache: whole entries or none, whoever is killed, competes, or runs out of space."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.sources import store as store_module
from wasmbuild.sources.store import STALE_AFTER_S, Store, building, cache_root, claim, discard, scratch, tidy, writing

WRITER = """
import sys, time
from pathlib import Path
from wasmbuild.sources.store import building, writing
kind, final = sys.argv[1], Path(sys.argv[2])
with (building if kind == "directory" else writing)(final) as target:
    if kind == "directory":
        (target / "half").write_text("half")
    else:
        target.write(b"half"); target.flush()
    print("inside", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    place = tmp_path / "small"
    place.mkdir()
    yield from _mounted(place, "size=1m")


def _mounted(place: Path, options: str) -> Iterator[Path]:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"mounting is impossible here: {error}")
    if done.returncode != 0:
        pytest.skip(f"mounting a small file system is refused here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def temporaries(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir() if path.name.startswith(".tmp-")]


def test_the_cache_lies_where_the_variable_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WASMBUILD_CACHE", str(tmp_path))
    assert cache_root() == tmp_path


def test_a_relative_override_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WASMBUILD_CACHE", "here")
    assert cache_root() == tmp_path / "here"


def test_an_empty_override_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WASMBUILD_CACHE", "")
    assert cache_root().is_absolute()
    assert cache_root().name == "wasmbuild"


def test_importing_the_sources_loads_nothing_heavy() -> None:
    names = "source store download fetch unpack patch members hashing apt_sources fetch_url fetch_debian"
    heavy = "urllib.request subprocess tarfile zipfile platformdirs ssl hashlib shutil"
    code = (
        "import sys\nbefore = set(sys.modules)\n"
        f"for name in '{names} fetch_pypi fetch_npm fetch_git'.split():\n"
        "    __import__('wasmbuild.sources.' + name)\n"
        f"print(sorted((set(sys.modules) - before) & set('{heavy}'.split())))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_directory_appears_whole_when_the_block_ends(tmp_path: Path) -> None:
    final = tmp_path / "deep" / "entry"
    with building(final) as directory:
        (directory / "file").write_text("content")
        assert not final.exists()
    assert (final / "file").read_text() == "content"
    assert temporaries(final.parent) == []


def test_a_failed_block_leaves_nothing(tmp_path: Path) -> None:
    def half_a_directory() -> None:
        with building(tmp_path / "entry") as directory:
            (directory / "file").write_text("half")
            raise RuntimeError("stop")

    def half_a_file() -> None:
        with writing(tmp_path / "file") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(RuntimeError, match="stop"):
        half_a_directory()
    with pytest.raises(KeyboardInterrupt):
        half_a_file()
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_block_that_is_not_the_caches_passes_unchanged(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), building(tmp_path / "cache" / "entry"):
        (tmp_path / "missing").read_bytes()
    elsewhere = PermissionError(13, "Permission denied", "/elsewhere/file")
    with pytest.raises(PermissionError), building(tmp_path / "cache" / "entry"):
        raise elsewhere


def test_the_directory_published_first_stays(tmp_path: Path) -> None:
    final = tmp_path / "entry"
    with building(final) as ours:
        (ours / "who").write_text("second")
        with building(final) as theirs:
            (theirs / "who").write_text("first")
    assert (final / "who").read_text() == "first"
    assert temporaries(tmp_path) == []


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    final = tmp_path / "file"
    final.write_bytes(b"old")
    with writing(final) as file:
        file.write(b"new")
        file.flush()
        assert final.read_bytes() == b"old"
    assert final.read_bytes() == b"new"


def test_a_scratch_directory_goes_at_the_end(tmp_path: Path) -> None:
    with scratch(tmp_path / "entry") as directory:
        (directory / "file").write_text("x")
        assert directory.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("kind", ["directory", "file"])
def test_a_writer_killed_in_the_middle_leaves_no_entry(tmp_path: Path, kind: str) -> None:
    final = tmp_path / "entry"
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, kind, str(final)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "inside\n"
        writer.send_signal(signal.SIGKILL)
    assert not final.exists()
    (left,) = temporaries(tmp_path)

    # It may still be somebody's until it is old.
    with writing(tmp_path / "other") as file:
        file.write(b"x")
    assert temporaries(tmp_path) == [left]

    long_ago = time.time() - STALE_AFTER_S - 60
    os.utime(tmp_path / left, (long_ago, long_ago))
    with writing(tmp_path / "other") as file:
        file.write(b"x")
    assert temporaries(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="on Windows age alone decides")
def test_an_old_temporary_of_a_living_process_stays(tmp_path: Path) -> None:
    ours = tmp_path / f".tmp-{os.getpid()}-{'0' * 16}"
    ours.mkdir()
    os.utime(ours, (0, 0))
    with writing(tmp_path / "other") as file:
        file.write(b"x")
    assert ours.is_dir()


def test_many_writers_at_once_agree_on_one_whole_entry(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from wasmbuild.sources.store import building, writing\n"
        "for n in range(30):\n"
        "    with building(Path(sys.argv[1]) / f'd{n}') as d:\n"
        "        for i in range(5): (d / str(i)).write_text(sys.argv[2])\n"
        "    assert len({(Path(sys.argv[1]) / f'd{n}' / str(i)).read_text() for i in range(5)}) == 1\n"
        "    with writing(Path(sys.argv[1]) / f'f{n}') as f: f.write(sys.argv[2].encode() * 5000)\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), who]) for who in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert temporaries(tmp_path) == []
    for n in range(30):
        assert len({(tmp_path / f"d{n}" / str(i)).read_text() for i in range(5)}) == 1
        assert (tmp_path / f"f{n}").read_bytes() in {who * 5000 for who in (b"a", b"b", b"c")}


def test_a_full_disk_is_explained_and_leaves_nothing(small_disk: Path) -> None:
    with pytest.raises(WasmbuildError) as caught, building(small_disk / "entry") as directory:
        (directory / "file").write_bytes(b"x" * (2 << 20))
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "disk-full"
    assert str(small_disk) in diagnostic.headline
    assert "WASMBUILD_CACHE" in diagnostic.help[0]
    with pytest.raises(WasmbuildError) as caught, writing(small_disk / "file") as file:
        file.write(b"x" * (2 << 20))
    assert caught.value.diagnostics[0].code == "disk-full"
    assert list(small_disk.iterdir()) == []


def test_a_read_only_cache_is_explained(tmp_path: Path) -> None:
    place = tmp_path / "read-only"
    place.mkdir()
    for mounted in _mounted(place, "ro,size=1m"):
        for parts in (("entry",), ("sources", "sha256", "0")):
            with pytest.raises(WasmbuildError) as caught, building(Store(mounted).entry(*parts)):
                pytest.fail("nothing can be written here")
            (diagnostic,) = caught.value.diagnostics
            assert diagnostic.code == "cache-not-writable"
            assert str(mounted) in diagnostic.headline
            assert "WASMBUILD_CACHE" in diagnostic.help[0]


def test_a_file_where_the_cache_should_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    with pytest.raises(WasmbuildError) as caught, building(tmp_path / "cache" / "sources" / "x"):
        pytest.fail("nothing can be written here")
    assert caught.value.diagnostics[0].code == "cache-not-writable"


posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


@posix
def test_the_cache_is_made_for_its_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WASMBUILD_CACHE", str(tmp_path / "new" / "cache"))
    before = os.umask(0)
    try:
        store = Store.of_user()
    finally:
        os.umask(before)
    assert store.root.stat().st_mode & 0o777 == 0o700


@posix
@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770, 0o702])
def test_a_cache_that_others_can_write_to_is_refused(mode: int, tmp_path: Path) -> None:
    root = tmp_path / "cache"
    root.mkdir()
    root.chmod(mode)
    with pytest.raises(WasmbuildError) as refused:
        claim(root)
    (said,) = refused.value.diagnostics
    assert (said.code, said.headline) == ("cache-not-private", f"the cache is not this user's alone: `{root}`")
    assert said.facts == (("mode", f"{mode:o}: others can write to it"),)
    assert f"`chmod go-w {root}`" in said.help[0]


@posix
@pytest.mark.parametrize("mode", [0o700, 0o755, 0o500])
def test_a_cache_that_others_can_only_read_will_do(mode: int, tmp_path: Path) -> None:
    root = tmp_path / "cache"
    root.mkdir(mode=0o700)
    root.chmod(mode)
    claim(root)


@posix
@pytest.mark.parametrize(("owner", "user", "refused"), [(0, 0, False), (0, 7, False), (7, 7, False), (7, 0, True)])
def test_whose_a_cache_may_be(
    owner: int, user: int, refused: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "cache"
    root.mkdir(mode=0o700)
    status = os.stat_result((0o40700, 1, 1, 1, owner, 0, 0, 0, 0, 0))
    monkeypatch.setattr(Path, "stat", lambda *_, **__: status)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    if not refused:
        claim(root)
        return
    with pytest.raises(WasmbuildError) as raised:
        claim(root)
    assert raised.value.diagnostics[0].facts == (("owner", f"user {owner}, and this is user {user}"),)


@posix
def test_a_cache_that_cannot_be_made_is_no_error_before_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    claim(tmp_path / "file" / "cache")
    claim(tmp_path / "file")


def test_an_entry_is_discarded_at_once(tmp_path: Path) -> None:
    final = tmp_path / "entry"
    assert discard(final) is False
    with building(final) as directory:
        (directory / "file").write_text("")
    assert discard(final) is True
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_a_day_later_wherever_it_is(tmp_path: Path) -> None:
    store, long_ago = Store(tmp_path), time.time() - STALE_AFTER_S - 60
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = {}
    for folder in ("runtime", "libraries", "sources/sha256", "sources/git", "compiled", "plans"):
        for what, process_id in (("old", dead.pid), ("new", dead.pid), ("alive", os.getpid())):
            path = store.entry(folder, f".tmp-{process_id}-{os.urandom(8).hex()}")
            path.mkdir(parents=True)
            (path / "half").write_text("half")
            left[folder, what] = path
            if what != "new":
                os.utime(path, (long_ago, long_ago))
    tidy(store)
    assert {what for (_, what), path in left.items() if path.exists()} == {"new", "alive"}
    for path in left.values():
        if path.exists():
            os.utime(path, (long_ago, long_ago))
    tidy(store)  # not twice on one day
    assert {what for (_, what), path in left.items() if path.exists()} == {"new", "alive"}
    os.utime(store.entry(".tidied"), (long_ago, long_ago))
    tidy(store)
    assert {what for (_, what), path in left.items() if path.exists()} == {"alive"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs is asked itself")
@pytest.mark.parametrize("xdg", [None, "", "  ", "/somewhere/else"])
def test_the_place_of_the_cache_is_the_platforms(xdg: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    monkeypatch.delenv("WASMBUILD_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if xdg is not None:
        monkeypatch.setenv("XDG_CACHE_HOME", xdg)
    assert cache_root() == platformdirs.user_cache_path("wasmbuild", appauthor=False)


def test_what_guests_can_fill_is_bounded_by_number_and_by_bytes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(store_module._BOUNDS, "compiled", (8, 1000))
    for number in range(40):
        with writing(store.entry("compiled", str(number))) as file:
            file.write(b"x")
        os.utime(store.entry("compiled", str(number)), (number, number))
        assert len(os.listdir(store.entry("compiled"))) <= 8
    kept = set(os.listdir(store.entry("compiled")))
    assert kept >= {"39", "38", "37"}
    for number in range(40, 60):
        with writing(store.entry("compiled", str(number))) as file:
            file.write(b"x" * 400)
        assert sum(path.stat().st_size for path in store.entry("compiled").iterdir()) <= 1000
    assert store.entry("compiled", "59").is_file()
    with writing(store.entry("compiled", "60")) as file:
        file.write(b"x" * 5000)  # larger than all that there may be: it is the only one
    assert os.listdir(store.entry("compiled")) == ["60"]


def test_other_folders_are_not_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_BOUNDS", {"compiled": (1, 1)})
    for number in range(4):
        with writing(store.entry("sources", str(number))) as file:
            file.write(b"x")
    assert len(os.listdir(store.entry("sources"))) == 4
