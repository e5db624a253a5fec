"""Signatures as a manifest writes them: `(i32, f64) -> i64`, `() -> ()`, several results in parentheses."""

from __future__ import annotations

VALUE_TYPES = ("i32", "i64", "f32", "f64")


def parse_signature(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The parameters' and the results' types, or None where `text` is no signature."""
    left, arrow, right = text.partition("->")
    if not arrow:
        return None
    params, results = _types(left), _types(right if "(" in right else f"({right})")
    return None if params is None or results is None else (params, results)


def _types(text: str) -> tuple[str, ...] | None:
    text = text.strip()
    if not (text.startswith("(") and text.endswith(")")):
        return None
    inner = text[1:-1].strip()
    types = tuple(part.strip() for part in inner.split(",")) if inner else ()
    return types if all(type_ in VALUE_TYPES for type_ in types) else None
