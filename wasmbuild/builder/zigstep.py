"""A source in Zig: compiled, and which files it was made from. The compiler writes no list of them, so its imports are
looked for in the text; more than it uses may be found, and never less of what is named plainly."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path


def compile_zig(command: list[str], output: str, source: str) -> int:
    """Compile `source` to `output`, and write `output.d` for ninja. The compiler's status."""
    done = subprocess.run([*command, f"-femit-bin={output}", source], check=False)
    if done.returncode == 0:
        names = [path.replace(" ", "\\ ") for path in (output, *imported(source))]
        Path(f"{output}.d").write_text(f"{names[0]}: {' '.join(names[1:])}\n", encoding="utf-8")
    return done.returncode


def imported(source: str) -> Iterator[str]:
    """A source, and all that it imports or embeds by path, each once."""
    found, todo = {source}, [source]
    while todo:
        path = todo.pop()
        yield path
        if not path.endswith(".zig"):
            continue
        text = Path(path).read_text(encoding="utf-8", errors="replace")
        for name in _IMPORT.findall(text):
            each = os.path.normpath(Path(path).parent / name)
            if each not in found and Path(each).is_file():
                found.add(each)
                todo.append(each)


_IMPORT = re.compile(r'@(?:import|embedFile)\(\s*"([^"\n]+)"')
