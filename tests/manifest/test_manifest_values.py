"""The small languages inside a manifest: requirements and versions, sizes, signatures."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmbuild.manifest.requirement import Requirement, parse_requirement, version_key
from wasmbuild.manifest.signature import parse_signature
from wasmbuild.manifest.sizes import parse_size


@pytest.mark.parametrize(
    "ascending",
    [
        ["0.9", "1.0", "1.2", "1.2.1", "1.2.10", "1.10", "2", "10"],
        ["1.1.1", "1.1.1w", "1.1.2"],
        ["1.1.1", "1.1.1a", "1.1.1b", "1.1.1c", "1.1.1w"],  # openssl's patches
        ["6", "6b", "9", "9a", "9f"],  # libjpeg's releases
        ["2.0~beta", "2.0~rc1", "2.0", "2.0.1"],
        ["2.0alpha1", "2.0beta1", "2.0rc1", "2.0rc2", "2.0rc10", "2.0"],
        ["2.0a1", "2.0b1", "2.0b2", "2.0rc1", "2.0"],
        ["2.0-pre1", "2.0"],
        ["2.0RC1", "2.0"],
        ["1.0.dev3", "1.0"],
        ["2023.9", "2023.10.1", "20230901"],
        ["1" * 5000, "2" + "0" * 4999, "1" * 5001],  # more digits than Python reads as a number
    ],
)
def test_versions_ascend(ascending: list[str]) -> None:
    for lower, higher in pairwise(ascending):
        assert version_key(lower) < version_key(higher), f"{lower} before {higher}"


@pytest.mark.parametrize(("one", "other"), [("1.02", "1.2"), ("1.2-3", "1.2.3"), ("1_2", "1.2")])
def test_versions_that_are_written_differently_and_mean_the_same(one: str, other: str) -> None:
    assert version_key(one) == version_key(other)


@given(st.lists(st.text("0123456789.abrcw~-+", min_size=1, max_size=8), min_size=2, max_size=4))
def test_any_versions_have_an_order(versions: list[str]) -> None:
    ordered = sorted(versions, key=version_key)
    assert all(not version_key(higher) < version_key(lower) for lower, higher in pairwise(ordered))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zlib", Requirement("zlib")),
        ("  zlib  ", Requirement("zlib")),
        ("zlib >=1.3", Requirement("zlib", ((">=", "1.3"),))),
        ("zlib>=1.3,<2", Requirement("zlib", ((">=", "1.3"), ("<", "2")))),
        ("lib_x++-1.0 == 1.0-rc1 , != 2~b+1", Requirement("lib_x++-1.0", (("==", "1.0-rc1"), ("!=", "2~b+1")))),
        ("7zip > 1", Requirement("7zip", ((">", "1"),))),
        ("", None),
        (">=1.3", None),
        ("-zlib", None),
        ("zlib 1.3", None),
        ("zlib =1.3", None),
        ("zlib ~=1.3", None),
        ("zlib >=", None),
        ("zlib >=1.3,", None),
        ("zlib >=1.3 <2", None),
        ("zlib libpng", None),
        ("../zlib", None),
        ("zlib/x", None),
    ],
)
def test_a_requirement_is_a_name_and_perhaps_versions(text: str, expected: Requirement | None) -> None:
    assert parse_requirement(text) == expected


@pytest.mark.parametrize("text", ["zlib", "zlib >=1.3", "zlib >=1.3, <2, !=1.5"])
def test_a_requirement_is_shown_as_it_is_written(text: str) -> None:
    requirement = parse_requirement(text)
    assert str(requirement) == text
    assert parse_requirement(str(requirement)) == requirement


@pytest.mark.parametrize(
    ("constraint", "allowed", "refused"),
    [
        ("", ["0", "1", "999"], []),
        (">=1.3", ["1.3", "1.3.1", "1.10", "2"], ["1.2.99", "1.3rc1", "0.9"]),
        (">1.3", ["1.3.1", "1.4"], ["1.3", "1.2"]),
        ("<=1.3", ["1.3", "1.2.9", "1.3~beta"], ["1.3.1", "1.10"]),
        ("<2", ["1.99", "2rc1"], ["2", "2.0.1"]),
        ("==1.3", ["1.3", "1.03"], ["1.3.1", "1.30"]),
        ("!=1.3", ["1.3.1", "1.2"], ["1.3"]),
        (">=1.2, <2, !=1.5", ["1.2", "1.5.1", "1.99"], ["1.1", "1.5", "2"]),
    ],
)
def test_a_requirement_allows_versions(constraint: str, allowed: list[str], refused: list[str]) -> None:
    requirement = parse_requirement(f"zlib {constraint}")
    assert requirement is not None
    assert [version for version in allowed + refused if requirement.allows(version)] == allowed


@pytest.mark.parametrize(
    ("size", "size_bytes"),
    [
        (0, 0),
        (65536, 65536),
        ("65536", 65536),
        ("1B", 1),
        ("1KiB", 1024),
        ("1 MiB", 1048576),
        (" 2GiB ", 2147483648),
        ("1.5MiB", 1572864),
        ("0.5KiB", 512),
        ("9007199254740993", 9007199254740993),  # no number of a `float`
        (-1, None),
        ("-1", None),
        ("", None),
        ("MiB", None),
        ("1MB", None),
        ("1mib", None),
        ("1K", None),
        ("1e3", None),
        ("1_000", None),
        ("0x10", None),
        (".5MiB", None),
        ("1.MiB", None),
        ("1 2", None),
        ("inf", None),
        ("9" * 400, None),
    ],
)
def test_a_size_is_bytes_or_has_a_unit(size: int | str, size_bytes: int | None) -> None:
    assert parse_size(size) == size_bytes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("() -> ()", ((), ())),
        ("()->i32", ((), ("i32",))),
        ("(i32, i64) -> f64", (("i32", "i64"), ("f64",))),
        (" ( f32,f64 )  ->  ( i32 , i64 ) ", (("f32", "f64"), ("i32", "i64"))),
        ("(i32) -> i32, i64", (("i32",), ("i32", "i64"))),
        ("", None),
        ("i32", None),
        ("i32 -> i32", None),
        ("(i32)", None),
        ("(int) -> ()", None),
        ("(i32) -> int", None),
        ("(i32,) -> ()", None),
        ("(i32) -> (i32", None),
        ("(i32)) -> ()", None),
        ("(I32) -> ()", None),
        ("() -> () -> ()", None),
    ],
)
def test_a_signature_is_two_lists_of_wasm_types(text: str, expected: object) -> None:
    assert parse_signature(text) == expected
