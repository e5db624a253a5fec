"""docs/linking.md has every diagnostic of the link, and none that is not there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "linking.md").read_text(encoding="utf-8")
PART = TEXT.partition("\n## Diagnostics\n")[2]

BUILDER = (
    "inputs.py",
    "compileoutput.py",
    "linkerrors.py",
    "keyfunctions.py",
    "destructors.py",
    "linkstep.py",
    "checkstep.py",
)
FILES = [
    *(path for folder in ("link", "explain", "search") for path in sorted((ROOT / "wasmbuild" / folder).glob("*.py"))),
    *(ROOT / "wasmbuild" / "builder" / name for name in BUILDER),
    ROOT / "wasmbuild" / "loader" / "dl.py",
    ROOT / "wasmbuild" / "loader" / "process.py",
    ROOT / "wasmbuild" / "loader" / "sight.py",
    ROOT / "wasmbuild" / "wasm" / "reader.py",
]


def codes(path: Path) -> set[str]:
    """The first argument of each `Diagnostic(…)`, and of each `Lack(…)`, which becomes one."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="Diagnostic" | "Lack"), args=[ast.Constant(value=str() as code), *_]):
                found.add(code)
    return found


WRITTEN = {code for line in re.findall(r"^#### (.*)$", PART, re.MULTILINE) for code in re.findall(r"`([^`]+)`", line)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_diagnostic_is_explained(path: Path) -> None:
    assert codes(path) <= WRITTEN


def test_every_explanation_is_of_a_diagnostic_that_is_there() -> None:
    assert set().union(*map(codes, FILES)) >= WRITTEN


def test_every_code_is_explained_once() -> None:
    headings = re.findall(r"^#### (.*)$", PART, re.MULTILINE)
    assert len(headings) == len(set(headings)) > 20
