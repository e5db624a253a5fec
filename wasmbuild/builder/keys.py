"""What a built library is a function of: labelled values, whose digest is its key in the cache and in stores. They lie
beside what was built, so that it can be said why another build of it was another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from wasmbuild.builder.toolchain import digest
from wasmbuild.sources.hashing import hash_file

INPUTS_FILE = "inputs.json"
"""In a built library's directory: label → value."""


@cache
def builder_identity(*more: str) -> str:
    """What of wasmbuild itself decides what is built: all that compiles, links, chooses exports and writes modules, and
    what is in these folders more."""
    package = Path(__file__).parents[1]
    files = [
        path
        for folder in ("builder", "wasm", *more)
        for path in sorted((package / folder).rglob("*"))
        if path.is_file()
    ]
    sources = [path for path in files if path.suffix in (".py", ".c", ".h")]
    return digest(*(f"{path.relative_to(package).as_posix()} {hash_file(path)}" for path in sources))


def key_of(parts: Mapping[str, str]) -> str:
    return digest(*(f"{label}\0{value}" for label, value in parts.items()))


def write_inputs(parts: Mapping[str, str], directory: Path) -> None:
    (directory / INPUTS_FILE).write_text(json.dumps(parts, indent=1) + "\n", encoding="ascii")


def read_inputs_of(directory: Path) -> Mapping[str, str] | None:
    """What a built library was a function of; None where it does not say."""
    try:
        found = json.loads((directory / INPUTS_FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        return None
    return found
