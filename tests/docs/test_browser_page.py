"""docs/browser.md, carried out: the commands that it starts with, and what it says is in a bundle."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "browser.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_start_works_in_an_empty_directory(tmp_path, libc, run_wasmbuild) -> None:
    """All but the server, which goes on until it is ended."""
    block = re.search(r"In an empty directory:\n\n((?:    .*\n)+)", PAGE)
    assert block is not None
    where = tmp_path
    served = ""
    for command in re.split(r" && |\n\s*", block[1].strip()):
        program, *arguments = shlex.split(command)
        if program == "cd":
            where /= arguments[0]
        elif arguments[0] == "serve":
            served = arguments[1]
        else:
            assert program == "wasmbuild"
            ran = run_wasmbuild(*arguments, cwd=where)
            assert ran.status == 0, ran.stderr
    there = {path.name for path in (where / served).iterdir()}
    said = {
        name.rstrip("/")
        for cells in re.findall(r"^\| (`.*?) \|", PAGE, re.M)
        for name in re.findall(r"`([^`]+)`", cells)
    }
    assert there <= said
    assert {"index.mjs", "modules", "plans", "wasmbuild", "index.html"} <= there
