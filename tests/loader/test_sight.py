"""What a running guest may have opened: what is in its directories and in those where the host has libraries, and no
other file of the machine, whatever names it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from loading import Load, Wat

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.link.transitions import RTLD_NOW
from wasmbuild.loader.program import Loaded
from wasmbuild.loader.sight import OPENED_LIMIT_BYTES, Sight, open_beneath
from wasmbuild.loader.wasi import World

SECRET = "root:x:0:0"


class Attack:
    """A process that sees one directory, `/`, and a machine around it: a secret, a foreign module."""

    def __init__(self, wat: Wat, load: Load, place: Path) -> None:
        self.wat, self.load, self.place = wat, load, place
        self.given = place / "given"
        self.given.mkdir()
        self.secret = place / "secret.txt"
        self.secret.write_text(SECRET)
        self.foreign = wat("elsewhere/foreign.so")
        self.root = wat("app/root.so")

    def process(self, **more: object) -> Loaded:
        return self.load(self.root, World(directories=((self.given, "/"),), stdio=False), **more)

    def library(self, dylink: str, name: str = "given/evil.so") -> Path:
        return self.wat(name, dylink=f"(mem-info (memory 0 0)) {dylink}")


@pytest.fixture
def attack(wat: Wat, load: Load, tmp_path: Path) -> Attack:
    return Attack(wat, load, tmp_path)


def refusal(loaded: Loaded, name: str) -> str:
    """What dlerror says."""
    before = loaded.dl.state
    assert loaded.dl._guarded(lambda: loaded.dl.open(name, RTLD_NOW), failed=0) == 0
    assert loaded.dl.state is before
    assert loaded.dl.message is not None
    return loaded.dl.message


Names = Callable[[Attack], str]


@pytest.mark.parametrize(
    "needed",
    [
        lambda a: f'(needed "{a.secret}")',
        lambda a: f'(needed "{a.foreign}")',
        lambda a: '(needed "../secret.txt")',
        lambda a: '(needed "../elsewhere/foreign.so")',
        lambda a: '(needed "sub/../../secret.txt")',
        lambda a: '(needed "$ORIGIN/../secret.txt")',
        lambda a: f'(runtime-path "{a.foreign.parent}") (needed "foreign.so")',
        lambda a: '(runtime-path "$ORIGIN/../elsewhere") (needed "foreign.so")',
        lambda a: f'(runtime-path "{a.place}") (needed "secret.txt")',
        lambda a: '(needed "/proc/self/environ")',
    ],
)
def test_a_library_of_the_guests_needs_nothing_outside(attack: Attack, needed: Names) -> None:
    attack.library(needed(attack))
    said = refusal(attack.process(), "/evil.so")
    attack.library(needed(attack).replace("secret.txt", "gone.txt").replace("foreign.so", "gone.so"))
    assert "needed library not found" in said
    assert SECRET not in said
    # Whether a file is there is not to be told either.
    gone = refusal(attack.process(), "/evil.so")
    assert said == gone.replace("gone.txt", "secret.txt").replace("gone.so", "foreign.so")


@pytest.mark.parametrize("target", ["../elsewhere/foreign.so", "{foreign}", "here/../../elsewhere/foreign.so"])
def test_a_link_of_the_guests_leads_nowhere_outside(attack: Attack, target: str) -> None:
    (attack.given / "here").mkdir()
    link = attack.given / "link.so"
    link.symlink_to(target.format(foreign=attack.foreign))
    assert link.is_file()
    assert "library not found" in refusal(attack.process(), "/link.so")
    attack.library('(needed "./link.so")')
    assert "needed library not found" in refusal(attack.process(), "/evil.so")


def test_a_directory_that_becomes_a_link_leads_nowhere(attack: Attack, wat: Wat) -> None:
    """Between the start and the opening: as with the host's own directories of libraries inside the guest's."""
    wat("given/lib/good.so")
    shutil.copy(attack.root, attack.given / "root.so")
    attack.root = attack.given / "root.so"
    loaded = attack.process(library_path=(attack.given / "lib",))
    assert loaded.dl.open("good.so", RTLD_NOW)
    (attack.given / "lib").rename(attack.given / "old")
    (attack.given / "lib").symlink_to("../elsewhere")
    said = refusal(loaded, "foreign.so")
    assert "library not found" in said


def test_the_file_of_a_library_cannot_be_exchanged_for_a_link(attack: Attack) -> None:
    evil = attack.library("")
    loaded = attack.process()
    library = loaded.dl._find("/evil.so", 0)
    evil.unlink()
    evil.symlink_to("../secret.txt")
    with pytest.raises(WasmbuildError) as caught:
        loaded.dl.open_library(library, RTLD_NOW, loaded.dl.of_guest)
    said = "".join(map(str, caught.value.diagnostics))
    assert "cannot read `/evil.so`" in said
    assert "sha256" not in said


def test_what_the_host_granted_is_found(attack: Attack, wat: Wat) -> None:
    """The library path, the directories of what it started with; links inside; what the host itself opens."""
    wat("plugins/plugin.so", dylink='(mem-info (memory 0 0)) (needed "inner.so")')
    wat("plugins/inner.so")
    wat("app/beside.so")
    wat("given/sub/mine.so", dylink='(mem-info (memory 0 0)) (runtime-path "$ORIGIN/..") (needed "other.so")')
    wat("given/other.so")
    (attack.given / "alias.so").symlink_to("sub/../sub/mine.so")
    loaded = attack.process(library_path=(attack.place / "plugins",))
    for name in ("plugin.so", "beside.so", "/sub/mine.so"):
        assert loaded.dl.open(name, RTLD_NOW)
    assert loaded.dl.open("/alias.so", RTLD_NOW) == loaded.dl.open("/sub/mine.so", RTLD_NOW)
    host = loaded.dl.search.open(attack.foreign)
    assert loaded.dl.open_library(host, RTLD_NOW, loaded.dl.search)


def test_messages_name_no_place_of_the_machine(attack: Attack, wat: Wat) -> None:
    attack.library('(needed "gone.so")')
    (attack.place / "app" / "notes.so").write_text(SECRET)
    loaded = attack.process(library_path=(attack.place / "app",))
    said = [refusal(loaded, name) for name in ("/evil.so", "gone.so", "notes.so", "/gone.so")]
    assert not [text for text in said if str(attack.place) in text or SECRET in text]
    assert "searched:  ." in said[0]
    member = loaded.dl.state.root
    assert loaded.dl.sight.named(member.identity) == "./root.so"


def test_what_a_guest_opens_has_a_size(attack: Attack, wat: Wat) -> None:
    large = attack.given / "large.so"
    large.touch()
    os.truncate(large, 3 << 30)
    attack.library('(needed "./large.so")')
    loaded = attack.process()
    for name in ("/large.so", "/evil.so"):
        assert "too large for this process to open: `/large.so`" in refusal(loaded, name)
    os.truncate(large, OPENED_LIMIT_BYTES - 1000)
    assert "malformed module" in refusal(loaded, "/large.so")
    os.truncate(large, 2000)
    assert "too large" in refusal(loaded, "/large.so")


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("file", True),
        ("sub/deep/../../file", True),
        ("sub/up", True),
        ("sub/deep/far", True),
        ("chain", True),
        (".", True),
        ("sub/out", False),
        ("sub/deep/absolute", False),
        ("loop", False),
        ("..", False),
        ("sub/../..", False),
        ("gone", False),
        ("file/x", False),
        ("fifo", True),
        ("nul\0", False),
    ],
)
def test_paths_are_walked_beneath_a_directory(tmp_path: Path, path: str, there: bool) -> None:
    root = tmp_path / "root"
    (root / "sub" / "deep").mkdir(parents=True)
    (root / "file").touch()
    (tmp_path / "out").touch()
    os.mkfifo(root / "fifo")
    for name, target in {
        "sub/up": "../file",
        "sub/deep/far": "../../sub/./up",
        "sub/out": "../../out",
        "sub/deep/absolute": str(root / "file"),
        "loop": "loop",
        "chain": "sub/deep/far",
    }.items():
        (root / name).symlink_to(target)
    try:
        found = open_beneath(str(root), path)
    except (OSError, ValueError):
        found = None
    assert (found is not None) is there
    if found is not None:
        os.close(found[0])
        assert found[1] == os.path.realpath(root / path)


def test_a_path_of_the_guests_is_in_the_directory_of_the_longest_name(tmp_path: Path) -> None:
    sight = Sight(((tmp_path / "a", "/"), (tmp_path / "b", "/data")), (), ())
    assert sight.place("/data/../data/x") == str(tmp_path / "b" / "x")
    assert sight.place("database") == str(tmp_path / "a" / "database")
    assert sight.place("../../x") == str(tmp_path / "a" / "x")
    assert sight.visible(str(tmp_path / "b" / "x")) == "/data/x"
    assert sight.visible(str(tmp_path / "bc")) is None
