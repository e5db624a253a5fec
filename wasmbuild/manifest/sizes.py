"""Sizes as a manifest writes them: a number of bytes, or a number with KiB, MiB or GiB."""

from __future__ import annotations

import re
from fractions import Fraction

_UNITS = {"": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}


def parse_size(size: int | str) -> int | None:
    """The size in bytes, or None where `size` is no size."""
    if isinstance(size, int):
        return size if size >= 0 else None
    match = re.fullmatch(r"\s*(\d{1,20}(?:\.\d{1,20})?)\s*([A-Za-z]*)\s*", size)
    if match is None or match[2] not in _UNITS:
        return None
    return int(Fraction(match[1]) * _UNITS[match[2]])
