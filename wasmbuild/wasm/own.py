"""The section in which our link driver writes down what dylink.0 has no place for. All of it is optional."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from wasmbuild.wasm import abi
from wasmbuild.wasm.module import Module
from wasmbuild.wasm.reader import Cursor, MalformedModule

STACK_BYTES = "stack_bytes"
EXCEPTIONS = "exceptions"
ABI = "abi"
LINKED_AGAINST = "needed"
DATA_BYTES = "data_bytes"
SONAME = "soname"
LAZY = "lazy"
ENVIRONMENT = "environment"

_LONGEST_HASH = 64
_HEADER_BYTES = 8


def own_facts(data: bytes, module: Module) -> dict[str, Any]:
    """What it says, as JSON; nothing where it is not there or cannot be read: custom sections are advice."""
    section = next((s for s in module.sections if s.id == 0 and s.name == abi.OWN_SECTION), None)
    return _parsed(data[section.offset : section.offset + section.size_bytes]) if section else {}


def _parsed(text: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}


def carried_abi(data: bytes) -> str | None:
    """The hash of its exports that a library carries, from its bytes alone: a link is not to wait for all of them to
    be decoded."""
    cursor = Cursor(data, _HEADER_BYTES, len(data), "", "the module")
    try:
        while cursor.pos < cursor.end:
            id_ = cursor.u8()
            section = cursor.part(cursor.u32(), "a section")
            if id_ == 0 and section.text() == abi.OWN_SECTION:
                return _hash(_parsed(data[section.pos : section.end]).get(ABI))
    except MalformedModule:
        pass
    return None


def linked_against(facts: Mapping[str, Any]) -> Mapping[str, str]:
    """By the names of needed libraries, the hashes of those that were there at the link."""
    found = facts.get(LINKED_AGAINST)
    if not isinstance(found, dict):
        return {}
    return {name: hash_ for name, value in found.items() if (hash_ := _hash(value)) is not None}


def lazy(facts: Mapping[str, Any]) -> frozenset[str]:
    """The names of needed libraries that may wait until they are called. Who does not know this loads them at once."""
    names = facts.get(LAZY)
    return frozenset(name for name in names if isinstance(name, str)) if isinstance(names, list) else frozenset()


def environment(facts: Mapping[str, Any]) -> str | None:
    """The name of the directory of tools that linked it: some letters and digits, so that no path is made of it."""
    name = facts.get(ENVIRONMENT)
    is_name = isinstance(name, str) and name.isascii() and name.isalnum() and len(name) <= _LONGEST_HASH
    return name if is_name else None


def _hash(value: object) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_HASH else None


def data_bytes(facts: Mapping[str, Any], module: Module) -> Mapping[str, int]:
    """The sizes of exported data: they stand there in the order of these exports. Nothing where some tool has taken
    exports out since."""
    names = exported_data(module)
    sizes = facts.get(DATA_BYTES)
    if not isinstance(sizes, list) or len(sizes) != len(names):
        return {}
    return {name: size for name, size in zip(names, sizes, strict=True) if isinstance(size, int) and size > 0}


def exported_data(module: Module) -> Sequence[str]:
    return [export.name for export in module.exports if export.kind == "global"]
