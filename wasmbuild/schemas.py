"""JSON Schema of our types, for editors and other loaders."""

from __future__ import annotations

from typing import Any

import msgspec


def schema_of(type_: type[Any]) -> dict[str, Any]:
    """The schema of a struct type. What it says of a type is that one's docstring, in one line: whether msgspec takes
    out the indentation depends on its version."""
    schema = msgspec.json.schema(type_)
    for definition in schema["$defs"].values():
        if "description" in definition:
            definition["description"] = " ".join(definition["description"].split())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
