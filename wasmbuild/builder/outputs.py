"""Writing into the build directory: whole or not at all, and only what changed."""

from __future__ import annotations

import os
from pathlib import Path


def replace_if_different(path: Path, data: bytes) -> bool:
    """Write a file whole, by renaming, unless it holds the same already. True if it was written."""
    try:
        if path.read_bytes() == data:
            return False
    except OSError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True
