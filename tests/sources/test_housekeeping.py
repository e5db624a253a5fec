"""What is in the cache, and taking it out again."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from wasmbuild.sources.housekeeping import Folder, clean, look
from wasmbuild.sources.store import Store, mark_directory_used

DAY_S = 24 * 60 * 60


@pytest.fixture
def store(tmp_path: Path) -> Store:
    for place in ("libraries/z-1/lib/libz.so", "libraries/a-1/seal.json", "sources/sha256/00", "from-stores/s/z-1/x"):
        path = tmp_path / place
        path.parent.mkdir(parents=True)
        path.write_bytes(b"12345")
    (tmp_path / "libraries" / "z-1.lock").write_bytes(b"")
    (tmp_path / "libraries" / "z-1.tmp-1-00").mkdir()
    return Store(tmp_path)


def age(path: Path, days: int) -> None:
    then = time.time() - days * DAY_S
    os.utime(path, (then, then))


def test_entries_are_counted_and_locks_and_what_is_being_written_are_none(store: Store) -> None:
    assert look(store) == [Folder("from-stores", 1, 5), Folder("libraries", 2, 10), Folder("sources", 1, 5)]


def test_only_what_is_old_goes(store: Store) -> None:
    age(store.entry("libraries", "z-1"), 10)
    age(store.entry("sources", "sha256", "00"), 31)
    assert clean(store, 30 * DAY_S) == [Folder("sources", 1, 5)]
    assert clean(store, 9 * DAY_S) == [Folder("libraries", 1, 5)]
    assert [folder.name for folder in look(store)] == ["from-stores", "libraries"]


def test_what_is_used_is_young_again(store: Store) -> None:
    entry = store.entry("libraries", "z-1")
    age(entry, 40)
    mark_directory_used(entry)
    mark_directory_used(store.entry("libraries", "not-there"))
    assert clean(store, 30 * DAY_S) == []


def test_all_of_it_goes_where_no_age_is_said(store: Store) -> None:
    assert sum(folder.entries for folder in clean(store, 0)) == 4
    assert look(store) == []
