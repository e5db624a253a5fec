"""docs/quickstart.md, carried out: its files are written, its commands run, and they print what it says they print."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

QUICKSTART = Path(__file__).parents[2] / "docs" / "quickstart.md"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.network,
    pytest.mark.skipif(sys.platform == "win32", reason="its commands are for a POSIX shell"),
]


def blocks(text: str) -> Iterator[tuple[str, str, str]]:
    """(kind, the last line before it, its text) of each fenced block."""
    for match in re.finditer(r"([^\n]*)\n\n```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        yield match[2], match[1], match[3]


def write(root: Path, kind: str, said_before: str, block: str) -> None:
    """A block is a whole file, what comes at the end of one, or changes to one."""
    named = re.fullmatch(r"(At the end of )?`([\w./]+)`:", said_before)
    assert named, f"which file is it? {said_before!r}"
    path = root / named[2]
    if kind == "diff":
        changed = path.read_text(encoding="utf-8")
        for hunk in block.split("@@\n"):
            old, new = (
                "".join(line[1:] for line in hunk.splitlines(True) if line[0] in signs) for signs in (" -", " +")
            )
            assert changed.count(old) == 1, f"in {path.name}: {old}"
            changed = changed.replace(old, new)
        path.write_text(changed)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((path.read_text(encoding="utf-8") if named[1] else "") + block)


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the lines that it is said to print."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *output = part.splitlines()
        yield command, output


def comparable(line: str) -> str:
    """Without times, which are never the same, and without sizes, which are another compiler's concern."""
    return re.sub(r"\d[\d,.]* (ms|s|bytes)\b", "N", re.sub(r" +", " ", line.strip()))


def test_the_quickstart_does_what_it_says(tmp_path: Path) -> None:
    root, programs = tmp_path / "tally", tmp_path / "programs"
    root.mkdir()
    programs.mkdir()
    wasmbuild = programs / "wasmbuild"
    wasmbuild.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m wasmbuild "$@"\n')
    wasmbuild.chmod(0o755)
    for kind, said_before, block in blocks(QUICKSTART.read_text(encoding="utf-8")):
        if kind != "console":
            write(root, kind, said_before, block)
            continue
        for command, expected in commands(block):
            shell = f'PATH="{programs}:$PATH"; {command}'
            done = subprocess.run(["sh", "-c", shell], cwd=root, capture_output=True, text=True, check=False)
            printed = list(map(comparable, (done.stderr + done.stdout).splitlines()))
            # Steps are compared by nobody: their order and number depend on what the cache has.
            wanted = [comparable(line) for line in expected if line.strip() not in ("", "…") and line[0] != "["]
            missing = [line for line in wanted if line not in printed]
            assert not missing, f"$ {command}\n{done.stderr}{done.stdout}"
