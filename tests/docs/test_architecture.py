"""docs/architecture.md names what is there, and it and docs/journeys.md nothing that is not: files, and the tests that
prove what is said."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "wasmbuild"

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
JOURNEYS = (ROOT / "docs" / "journeys.md").read_text(encoding="utf-8")

MAX_LINES = 300


def spans(page: str = PAGE) -> Iterator[tuple[str, Path]]:
    """Everything in backticks, in order, and the folder that its section is of: the package where it is of none."""
    for section in page.split("\n## "):
        folder = PACKAGE / section.partition("\n")[0].partition(":")[0]
        for span in re.findall(r"`([^`\n]+)`", section):
            yield span, folder if folder.is_dir() else PACKAGE


def place(name: str, folder: Path) -> Path:
    """The file that is meant: a test's path starts from the top, others from the section's folder or the package."""
    if name.startswith("tests/"):
        return ROOT / name
    return folder / name if (folder / name).is_file() else PACKAGE / name


def named_files(page: str) -> list[tuple[str, Path]]:
    return [(span, place(span, folder)) for span, folder in spans(page) if re.fullmatch(r"[\w./-]+\.(py|c|h)", span)]


NAMED = named_files(PAGE)
FILES = sorted(path for suffix in ("py", "c", "h") for path in PACKAGE.rglob(f"*.{suffix}"))
MARKERS = [path for path in FILES if path.name == "__init__.py" and path.parent != PACKAGE]
"""They are named all together, by what they have in common; see the test of that."""


def test_every_file_is_named() -> None:
    named = {path for _, path in NAMED}
    assert [path.relative_to(PACKAGE).as_posix() for path in FILES if path not in named and path not in MARKERS] == []


def test_every_file_that_is_named_is_there() -> None:
    assert [name for name, path in [*NAMED, *named_files(JOURNEYS)] if not path.is_file()] == []


def test_every_test_that_is_named_is_in_the_file_named_before_it() -> None:
    missing, text, file = [], "", "no file"
    for span, _ in spans():
        if span.startswith("tests/") and span.endswith(".py"):
            file, text = span, (ROOT / span).read_text(encoding="utf-8")
        elif span.startswith("test_") and f"def {span}(" not in text:
            missing.append(f"{file}: {span}")
    assert missing == []


@pytest.mark.parametrize("page", [PAGE, JOURNEYS], ids=["architecture", "journeys"])
def test_the_page_is_not_too_long_to_be_read(page: str) -> None:
    assert len(page.splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", MARKERS, ids=lambda path: path.parent.name)
def test_the_init_of_a_folder_has_a_sentence_and_nothing_else(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1
