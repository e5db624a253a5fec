"""Which numbers of a manifest are values of which type, and as what an engine gets them."""

from __future__ import annotations

import math

import pytest

from wasmbuild.manifest.numbers import Number, as_value, why_not

NAN, INFINITY = float("nan"), float("inf")

VALUES: tuple[tuple[str, Number, Number | None], ...] = (
    ("i32", 0, 0),
    ("i32", -1, -1),
    ("i32", 0x7FFFFFFF, 0x7FFFFFFF),
    ("i32", 0x80000000, -0x80000000),
    ("i32", 0xFFFFFFFF, -1),
    ("i32", 1 << 32, None),
    ("i32", -0x80000000, -0x80000000),
    ("i32", -0x80000001, None),
    ("i32", 2.9, None),
    ("i32", 2.0, None),
    ("i32", NAN, None),
    ("i32", INFINITY, None),
    ("i64", (1 << 64) - 1, -1),
    ("i64", 1 << 64, None),
    ("i64", -(1 << 63), -(1 << 63)),
    ("i64", -(1 << 63) - 1, None),
    ("i64", 1e300, None),
    ("f32", 3, 3.0),
    ("f32", 0.1, 0.1),
    ("f32", -INFINITY, -INFINITY),
    ("f32", 1e39, None),
    ("f32", 1 << 200, None),
    ("f64", 1 << 62, float(1 << 62)),
    ("f64", 1e300, 1e300),
    ("f64", 10**400, None),
    ("v128", 0, None),
    ("externref", 0.5, None),
)


@pytest.mark.parametrize(("type_", "number", "value"), VALUES)
def test_a_number_is_a_value_of_a_type_or_not(type_: str, number: Number, value: Number | None) -> None:
    found = as_value(number, type_)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("type_", ["f32", "f64"])
def test_nan_is_a_float(type_: str) -> None:
    value = as_value(NAN, type_)
    assert value is not None
    assert math.isnan(value)


@pytest.mark.parametrize(
    ("type_", "number", "reason"),
    [
        ("i32", 2.9, "is not a whole number"),
        ("i32", NAN, "is not a whole number"),
        ("i32", 1 << 32, "is out of range: from -2147483648 to 4294967295"),
        ("i64", 1 << 64, "is out of range: from -9223372036854775808 to 18446744073709551615"),
        ("f32", 1e39, "is out of range"),
        ("v128", 1, "cannot be written: a test has no values of v128"),
    ],
)
def test_the_reason_is_the_range_or_the_kind_of_number(type_: str, number: Number, reason: str) -> None:
    assert why_not(number, type_) == reason
