"""Plans in the cache: nothing is decoded when all is as it was, and everything is decided again when it is not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import wasmtime

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.link.plan import LinkPlan
from wasmbuild.loader.options import HostImport, ProcessOptions
from wasmbuild.loader.program import link_file
from wasmbuild.search import module as module_file
from wasmbuild.search.files import read_verified
from wasmbuild.sources.store import Store
from wasmbuild.wasm.module import FuncType

MEMORY = '(import "env" "memory" (memory 0)) (import "env" "__memory_base" (global i32))'


def write(path: Path, dylink: str, contents: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(wasmtime.wat2wasm(f"(module (@dylink.0 {dylink}) {MEMORY} {contents})"))
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path / "libb.so", "(mem-info (memory 8 2))")
    return write(tmp_path / "root.so", '(mem-info (memory 4 2)) (needed "libb.so") (runtime-path "$ORIGIN/near")')


@pytest.fixture
def options(tmp_path: Path) -> ProcessOptions:
    return ProcessOptions(cache=Store(tmp_path / "cache"))


Link = Callable[..., tuple[list[str], LinkPlan]]


@pytest.fixture
def link(monkeypatch: pytest.MonkeyPatch, options: ProcessOptions) -> Link:
    """Links a file: which modules were decoded for it, and the plan."""
    decoded: list[str] = []
    real = module_file.decode

    def noting(data: bytes, name: str) -> object:
        decoded.append(Path(name).name)
        return real(data, name)

    monkeypatch.setattr(module_file, "decode", noting)

    def link(path: Path, given: ProcessOptions = options) -> tuple[list[str], LinkPlan]:
        decoded.clear()
        plan = link_file(path, given).plan
        return list(decoded), plan

    return link


def test_the_second_time_nothing_is_decoded(root: Path, link: Link) -> None:
    first = link(root)
    assert first[0] == ["root.so", "libb.so"]
    assert link(root) == ([], first[1])


def test_without_a_cache_nothing_is_remembered(root: Path, link: Link) -> None:
    link(root, ProcessOptions())
    assert link(root, ProcessOptions())[0] == ["root.so", "libb.so"]


def test_a_module_that_changed_is_decided_for_again(root: Path, link: Link) -> None:
    link(root)
    write(root.parent / "libb.so", "(mem-info (memory 80 4))")
    decoded, plan = link(root)
    assert decoded == ["root.so", "libb.so"]
    assert plan.memory is not None
    assert plan.memory.heap_base == plan.modules[1].memory_base + 80


def test_a_module_that_appears_where_it_is_looked_for_first_is_found(root: Path, link: Link) -> None:
    assert link(root)[1].modules[1].path == "libb.so"
    write(root.parent / "near" / "libb.so", "(mem-info (memory 80 4))")
    assert link(root)[1].modules[1].path == "near/libb.so"


def test_a_module_that_has_gone_is_missed(root: Path, link: Link) -> None:
    link(root)
    (root.parent / "libb.so").unlink()
    with pytest.raises(WasmbuildError, match="needed library not found"):
        link(root)


def test_a_module_with_the_times_of_the_one_before_it_is_told_by_its_hash(
    root: Path, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = root.parent / "libb.so"
    old = library.read_bytes()
    link(root)
    new = wasmtime.wat2wasm(f"(module (@dylink.0 (mem-info (memory 9 2))) {MEMORY})")
    assert len(new) == len(old)
    before = library.stat()
    library.write_bytes(new)
    os.utime(library, ns=(before.st_atime_ns, before.st_mtime_ns))
    # The change of the inode cannot be hidden like this; on file systems without one, it is not there to see.
    from wasmbuild.search import files, remembered

    real = files.file_state
    for user in (files, remembered):
        monkeypatch.setattr(user, "file_state", lambda path: real(path)[:5])
    link(root)
    library.write_bytes(old)
    os.utime(library, ns=(before.st_atime_ns, before.st_mtime_ns))
    decoded, plan = link(root)
    assert decoded == ["root.so", "libb.so"]
    assert plan.memory is not None
    assert plan.memory.heap_base == 1048592


def test_another_host_is_another_question(root: Path, link: Link, options: ProcessOptions) -> None:
    link(root)
    host = {"f": HostImport(FuncType(), print)}
    assert link(root, ProcessOptions(cache=options.cache, host=host))[0] == ["root.so", "libb.so"]


def test_a_damaged_entry_is_none(root: Path, link: Link, options: ProcessOptions) -> None:
    plan = link(root)[1]
    assert options.cache is not None
    (entry,) = options.cache.entry("plans").iterdir()
    data = bytearray(entry.read_bytes())
    for damaged in (b"", bytes(data[:-1]), bytes((*data[:200], data[200] ^ 1, *data[201:]))):
        entry.write_bytes(damaged)
        assert link(root) == (["root.so", "libb.so"], plan)


def test_a_directory_that_moved_is_another_question_with_the_same_answer(root: Path, link: Link) -> None:
    plan = link(root)[1]
    moved = root.parent.rename(root.parent.with_name("moved")) / "root.so"
    assert link(moved) == (["root.so", "libb.so"], plan)


def test_what_was_decided_for_is_what_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.so", "(mem-info (memory 1 0))")
    with pytest.raises(WasmbuildError) as caught:
        read_verified(str(path), "0" * 64, "a.so")
    (problem,) = caught.value.diagnostics
    assert problem.code == "module-changed"
    assert ("checked", f"sha256:{'0' * 64}") in problem.facts


def test_a_library_path_that_was_relative_is_no_other_elsewhere(
    root: Path, tmp_path: Path, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "libs").mkdir()
    elsewhere.mkdir()
    cache = Store(tmp_path / "cache")
    monkeypatch.chdir(tmp_path)
    _, before = link(root, ProcessOptions(cache=cache, library_path=(Path("libs"),)))
    assert before.modules[1].path == "libb.so"
    write(tmp_path / "libs/libb.so", "(mem-info (memory 16 2))")
    monkeypatch.chdir(elsewhere)
    _, after = link(root, ProcessOptions(cache=cache, library_path=(tmp_path / "libs",)))
    assert after.modules[1].path == "libs/libb.so"


def test_a_path_that_leads_to_another_directory_is_another_question(tmp_path: Path, link: Link) -> None:
    first = write(tmp_path / "v1/root.so", '(needed "libb.so")')
    (tmp_path / "v2").mkdir()
    (tmp_path / "v2/root.so").hardlink_to(first)
    write(tmp_path / "v1/libb.so", "(mem-info (memory 8 2))")
    write(tmp_path / "v2/libb.so", "(mem-info (memory 16 2))")
    current = tmp_path / "current"
    current.symlink_to("v1")
    _, before = link(current / "root.so")
    current.unlink()
    current.symlink_to("v2")
    _, after = link(current / "root.so")
    assert before.modules[1].sha256 != after.modules[1].sha256
