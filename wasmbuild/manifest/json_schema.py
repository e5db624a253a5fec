"""The JSON Schema of a manifest, for editors: generated from the types that the reader uses.

What an editor shows of a field is the text that stands below it in the type, so it is read from the source.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from itertools import pairwise
from typing import Any

import msgspec

from wasmbuild.schemas import schema_of


def json_schema(type_: type[Any]) -> dict[str, Any]:
    """The schema of a struct type. All struct types in it must be of the same module."""
    schema = schema_of(type_)
    module = sys.modules[type_.__module__]
    for name, definition in schema["$defs"].items():
        struct = getattr(module, name)
        texts = descriptions(struct)
        for field in msgspec.structs.fields(struct):
            if name in _IN_REPEATED:
                found = definition["properties"][field.encode_name]
                found = {"anyOf": [found, _NAMED], **({"default": found["default"]} if "default" in found else {})}
                definition["properties"][field.encode_name] = found
            definition["properties"][field.encode_name]["description"] = texts[field.name]
    return schema


_IN_REPEATED = ("Test", "Run", "Produced")
"""What an entry with `for` consists of: there, the name of a list stands for its values, whatever they are."""

_NAMED = {"type": "string", "pattern": r"^\{[^{}]+\}$"}


def descriptions(struct: type[Any]) -> dict[str, str]:
    """field → the text below it, of the fields that it inherits too."""
    found: dict[str, str] = {}
    for part in reversed(struct.__mro__):
        if part is not msgspec.Struct and issubclass(part, msgspec.Struct):
            (definition,) = ast.parse(textwrap.dedent(inspect.getsource(part))).body
            assert isinstance(definition, ast.ClassDef)
            for field, below in pairwise(definition.body):
                match field, below:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str() as text)):
                        found[name] = text
    return found
