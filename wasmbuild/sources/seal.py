"""What stands in a directory of the cache, with the hash of each file, written when it was built: so that what is taken
from there later is what was put there.

It finds damage: a disk that loses bits, a tool that strips what it finds, somebody who edits a header in the wrong
place. Who can write into the cache on purpose can write a new seal too; `store.claim` keeps others out.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from wasmbuild.sources.hashing import hash_file

SEAL_FILE = "seal.json"


def seal(directory: Path) -> None:
    """Write down what is in a directory; it is not to be changed from here on."""
    text = json.dumps(_hashes(directory), indent=1, sort_keys=True)
    (directory / SEAL_FILE).write_text(text + "\n", encoding="ascii")


def damage(directory: Path) -> str | None:
    """What is wrong with a sealed directory, or None. Reads every file: some milliseconds for libc."""
    try:
        expected = json.loads((directory / SEAL_FILE).read_bytes())
    except FileNotFoundError:
        return "it has no list of its files" if directory.is_dir() else "it is not there"
    except (OSError, ValueError, RecursionError):
        return "its list of files cannot be read"
    try:
        found = _hashes(directory)
    except OSError as error:
        return f"{error.strerror}: `{error.filename}`"
    if not isinstance(expected, dict):
        return "its list of files cannot be read"
    for name in sorted({*expected, *found}):
        if name not in found:
            return f"`{name}` is gone"
        if name not in expected:
            return f"`{name}` was put there by somebody else"
        if found[name] != expected[name]:
            return f"`{name}` was changed"
    return None


def _hashes(directory: Path) -> dict[str, str]:
    found = {}
    for folder, _, files in os.walk(directory):
        for name in files:
            path = Path(folder, name)
            if path != directory / SEAL_FILE:
                found[path.relative_to(directory).as_posix()] = hash_file(path)
    return found
