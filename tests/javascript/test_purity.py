"""The linker in JavaScript decides and does nothing else: it reads no files, and its imports run one way."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

JAVASCRIPT = Path(__file__).parents[2] / "javascript"
FILES = [JAVASCRIPT / "linker.mjs", *sorted((JAVASCRIPT / "linker").rglob("*.mjs"))]

MAX_LINES = 400
"""A file holds one idea."""

OF_THE_PLATFORM = re.compile(
    r"\b(process|globalThis|window|document|fetch|require|Deno|Bun|console|WebAssembly|crypto)\b"
)
"""What differs between engines, or does something."""


def imported(path: Path) -> list[Path]:
    names = re.findall(r'^(?:import|export)\b[^;]*?\bfrom "([^"]+)";', path.read_text(encoding="utf-8"), re.MULTILINE)
    return [(path.parent / name).resolve() for name in names]


def code(path: Path) -> str:
    """Without comments and texts."""
    text = re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r'"[^"\n]*"|`[^`]*`|/[^/\n]+/[a-z]+\b', "", text)


def test_imports_run_one_way() -> None:
    assert list(TopologicalSorter({path: imported(path) for path in FILES}).static_order())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(JAVASCRIPT).as_posix())
def test_a_file_of_the_linker_imports_its_own_and_asks_nobody(path: Path) -> None:
    assert [each for each in imported(path) if each not in FILES] == []
    assert OF_THE_PLATFORM.findall(code(path)) == []


@pytest.mark.parametrize(
    "path", sorted(JAVASCRIPT.rglob("*.mjs")), ids=lambda path: path.relative_to(JAVASCRIPT).as_posix()
)
def test_a_file_holds_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_what_decides_needs_no_texts() -> None:
    """`explain` comes last: a loader fetches it where something does not fit."""
    explain = JAVASCRIPT / "linker" / "explain"
    core = [path for path in FILES if explain not in path.parents and path.name != "explain.mjs"]
    assert [path.name for path in core for each in imported(path) if explain in each.parents] == []
