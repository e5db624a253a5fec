"""docs/architecture.md names what is there, and nothing that is not: files, and the tests that prove what it says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "wasmbuild"

SPANS = re.findall(r"`([^`\n]+)`", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
"""Everything in backticks, in order. A path starts from `wasmbuild/`, that of a test from the top."""

NAMED = [span for span in SPANS if re.fullmatch(r"[\w./-]+\.(py|c|h)", span)]

PACKAGE_FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))

MARKERS = [name for name in PACKAGE_FILES if name.endswith("/__init__.py")]
"""They are named all together, by what they have in common; see the test of that."""


def test_every_file_is_named() -> None:
    assert [name for name in PACKAGE_FILES if name not in MARKERS and name not in NAMED] == []


def test_every_file_that_is_named_is_there() -> None:
    places = {name: ROOT / name if name.startswith("tests/") else PACKAGE / name for name in NAMED}
    assert [name for name, place in places.items() if name != "__init__.py" and not place.is_file()] == []


def test_every_test_that_is_named_is_in_the_file_named_before_it() -> None:
    missing, text, file = [], "", "no file"
    for span in SPANS:
        if span.startswith("tests/"):
            file, text = span, (ROOT / span).read_text(encoding="utf-8")
        elif span.startswith("test_") and f"def {span}(" not in text:
            missing.append(f"{file}: {span}")
    assert missing == []


@pytest.mark.parametrize("name", MARKERS)
def test_the_init_of_a_folder_has_a_sentence_and_nothing_else(name: str) -> None:
    tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1
