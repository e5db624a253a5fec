"""libc's place in the cache, and what is shown while it is built."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from wasmbuild.builder import embedded, libc, recipesource
from wasmbuild.builder.runninja import RunOptions
from wasmbuild.builder.runtime import own_sources
from wasmbuild.builder.toolchain import find_toolchain, read_settings
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.recipes import read_recipe
from wasmbuild.progress import Silent
from wasmbuild.sources.fetch import FetchedArchive
from wasmbuild.sources.store import Store


@pytest.mark.parametrize("name", ["malloc.c", "reactor.c", "include/dlfcn.h", "patches/cosh.patch", "recipe.yaml"])
def test_all_of_the_recipe_is_part_of_the_key(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Path(shutil.copytree(own_sources(), tmp_path / "libc"))
    for module in (libc, embedded):
        monkeypatch.setattr(module, "own_sources", lambda: recipe)
    settings, zig = read_settings(None), find_toolchain(read_settings(None))
    monkeypatch.setattr(recipesource, "fetch", fetched)
    store = Store(tmp_path / "cache")
    before, before_embedded = libc.libc_entry(settings, store), embedded.embedded_runtime(zig, store)
    assert (libc.libc_entry(settings, store), before.origin) == (before, "upstream")
    text = (recipe / name).read_text()
    (recipe / name).write_text(text.replace("gnu17", "gnu11") if name == "recipe.yaml" else f"{text}\n")
    assert libc.libc_entry(settings, store) != before
    assert (embedded.embedded_runtime(zig, store) != before_embedded) == name.endswith(".c")


def fetched(alternatives: Sequence[object], **_given: object) -> FetchedArchive:
    return FetchedArchive(Path("archive"), "0" * 64, "archive", "a test")


@pytest.mark.parametrize("name", [*sorted(path.name for path in own_sources().glob("*.c"))])
def test_each_of_our_files_is_in_the_recipe_or_is_start_code(name: str) -> None:
    recipe = read_recipe((own_sources(),), {}).document.value
    assert (name in recipe.files.values()) != (name == "reactor.c")


@pytest.mark.parametrize("offline", [True, False])
def test_without_its_source_the_embedded_copy_stands_in(
    offline: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[bool]()

    def fetch(_alternatives: object, **given: object) -> FetchedArchive:
        asked.append(bool(given["offline"]))
        raise WasmbuildError(Diagnostic("source-unavailable", "source of `libc 1` is not available"))

    monkeypatch.setattr(recipesource, "fetch", fetch)
    monkeypatch.setattr(embedded, "_build", lambda _zig, directory, _progress: (directory / "libc.so").touch())
    settings, store, told = read_settings(None), Store(tmp_path), Notes()
    for _ in range(2):
        made = libc.ensure_libc(settings, store, told, RunOptions(), offline)
        assert (made.origin, made) == ("embedded", libc.libc_entry(settings, store))
    note = "libc: source of `libc 1` is not available; the toolchain's own copy stands in for it"
    assert told.notes == [note, note]
    # With a network it is asked for once, and then not for an hour.
    assert asked == [offline, True, True, True]


class Notes(Silent):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def test_progress_counts_sources_first_and_then_objects(tmp_path: Path) -> None:
    def files(directory: str, count: int) -> None:
        for number in range(count):
            (tmp_path / directory / str(number)).mkdir(parents=True, exist_ok=True)

    reading = "building libc (once): the sources that zig has read"
    assert embedded.how_far(tmp_path) == (reading, 0, None)
    files("z", 40)
    files("o", 2)
    assert embedded.how_far(tmp_path) == (reading, 40, None)
    files("o", 12)
    assert embedded.how_far(tmp_path) == ("building libc (once)", 12, embedded._OBJECTS_OF_LIBC)
    files("o", embedded._OBJECTS_OF_LIBC + 1)
    assert embedded.how_far(tmp_path) == ("building libc (once)", embedded._OBJECTS_OF_LIBC, embedded._OBJECTS_OF_LIBC)


def test_libc_and_all_that_is_required_ask_the_same_stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each says once which store is of no use."""
    from types import SimpleNamespace

    from wasmbuild.builder import project

    asked = []
    made = SimpleNamespace(include=tmp_path, directory=tmp_path)
    monkeypatch.setattr(project, "ensure_libc", lambda *given: asked.append(given[-1]) or made)
    monkeypatch.setattr(project, "ensure_libcxx", lambda *given: asked.append(given[-1]))
    monkeypatch.setenv("WASMBUILD_STORE", "http://127.0.0.1:9")
    builder = project.make_builder(None, project.Request(), Silent(), RunOptions(), Store(tmp_path), cxx=True)
    assert builder.stores.urls == ["http://127.0.0.1:9"]
    assert [each is builder.stores for each in asked] == [True, True]
