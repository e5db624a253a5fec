"""The section in which our link driver writes down what dylink.0 has no place for."""

from __future__ import annotations

import json
from typing import Any

from wasmbuild.wasm import abi
from wasmbuild.wasm.module import Module


def own_facts(data: bytes, module: Module) -> dict[str, Any]:
    """What it says, as JSON; nothing where it is not there or cannot be read: custom sections are advice."""
    section = next((s for s in module.sections if s.id == 0 and s.name == abi.OWN_SECTION), None)
    if section is None:
        return {}
    try:
        facts = json.loads(data[section.offset : section.offset + section.size_bytes])
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}
