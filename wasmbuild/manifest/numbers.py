"""Numbers of a manifest as values of WebAssembly's types. Nothing is rounded to fit an integer, and nothing wraps."""

from __future__ import annotations

import math
import struct

Number = int | float

_BITS = {"i32": 32, "i64": 64}


def as_value(number: Number, type_: str) -> Number | None:
    """A number as an engine takes it: integers signed, floats as floats. None where it is no value of the type.

    An integer may be written signed or unsigned: -1 and 4294967295 are the same `i32`.
    """
    if type_ in _BITS:
        bits = _BITS[type_]
        if isinstance(number, float) or not -(1 << (bits - 1)) <= number < 1 << bits:
            return None
        return number - (1 << bits) if number >> (bits - 1) > 0 else number
    try:
        value = float(number)
        if type_ == "f32" and math.isfinite(value):
            struct.pack("<f", value)
    except OverflowError:
        return None
    return value if type_ in ("f32", "f64") else None


def why_not(number: Number, type_: str) -> str:
    """What is wrong with a number that `as_value` refuses, as the end of a sentence on it."""
    bits = _BITS.get(type_)
    if bits is None:
        return "is out of range" if type_ in ("f32", "f64") else f"cannot be written: a test has no values of {type_}"
    if isinstance(number, float):
        return "is not a whole number"
    return f"is out of range: from {-(1 << (bits - 1))} to {(1 << bits) - 1}"
