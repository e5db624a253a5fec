"""A commit becomes the same archive everywhere."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.sources.fetch import fetch
from wasmbuild.sources.source import GitSource
from wasmbuild.sources.store import Store
from wasmbuild.sources.unpack import place_source

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not on this machine")


def git(repository: Path, *arguments: str) -> str:
    who = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"]
    done = subprocess.run(["git", *who, *arguments], cwd=repository, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits; attributes that would change what an export holds."""
    root = tmp_path / "lib.git"
    (root / "tests").mkdir(parents=True)
    git(root, "init", "--quiet", "--initial-branch=main")
    (root / ".gitattributes").write_text("tests export-ignore\nv.h export-subst\n*.c text eol=crlf\n")
    (root / "v.h").write_text("$Format:%H$\n")
    (root / "tests" / "t.c").write_text("one\ntwo\n")
    (root / "run").write_text("#!/bin/sh\n")
    (root / "run").chmod(0o755)
    (root / "link").symlink_to("v.h")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message=first")
    (root / "v.h").write_text("second\n")
    git(root, "commit", "--quiet", "--all", "--message=second")
    return root


def test_the_archive_holds_the_commits_own_bytes(repository: Path, store: Store) -> None:
    first = git(repository, "rev-parse", "HEAD~1")
    found = fetch([GitSource(str(repository), first)], name="lib", store=store)
    assert found.file_name == f"lib-{first[:12]}.tar"
    tree = repository.parent / "tree"
    place_source(found, tree)
    assert (tree / "v.h").read_bytes() == b"$Format:%H$\n"
    assert (tree / "tests" / "t.c").read_bytes() == b"one\ntwo\n"
    assert (tree / "run").stat().st_mode & 0o777 == 0o755
    assert (tree / "link").readlink() == Path("v.h")


def test_two_stores_hold_the_same_archive(repository: Path, tmp_path: Path) -> None:
    head = git(repository, "rev-parse", "HEAD")
    addresses = (str(repository), repository.as_uri())
    hashes = {
        fetch([GitSource(address, head)], name="lib", store=Store(tmp_path / f"cache{n}")).sha256
        for n, address in enumerate(addresses)
    }
    assert len(hashes) == 1


def test_a_stored_commit_needs_no_repository(repository: Path, store: Store) -> None:
    source = GitSource(str(repository), git(repository, "rev-parse", "HEAD"))
    before = fetch([source], name="lib", store=store)
    shutil.rmtree(repository)
    assert fetch([source], name="lib", store=store, offline=True).path == before.path


def test_what_is_no_commit_there_is_refused(repository: Path, store: Store) -> None:
    tree = git(repository, "rev-parse", "HEAD^{tree}")
    for wrong in ("1" * 40, tree):
        with pytest.raises(WasmbuildError) as caught:
            fetch([GitSource(str(repository), wrong)], name="lib", store=store)
        assert caught.value.diagnostics[0].code == "source-unavailable"
    assert not store.entry("sources", "git").exists()
