"""A call of a manifest against the type of the function that it finds."""

from __future__ import annotations

import pytest

from wasmbuild.diagnostics import Position
from wasmbuild.testing.calls import Call, misfits
from wasmbuild.wasm.module import FuncType

AT, RETURNS_AT = Position("wasmbuild.yaml", 3, 11), Position("wasmbuild.yaml", 5, 14)
ARGUMENTS_AT = tuple(Position("wasmbuild.yaml", 4, column) for column in (12, 15))


def found(arguments: tuple[int | float, ...], returns: int | float | None, type_: FuncType) -> list[str]:
    call = Call("f", arguments, returns, AT, ARGUMENTS_AT[: len(arguments)], RETURNS_AT)
    return [str(each) for each in misfits(call, type_)]


def test_numbers_of_the_right_types_fit() -> None:
    assert found((1, 2), 3, FuncType(("i32", "f64"), ("f32",))) == []
    assert found((), None, FuncType((), ("i32", "i32"))) == []
    assert found((), None, FuncType((), ("externref",))) == []


def test_each_argument_that_is_no_value_of_its_type_is_said_where_it_stands() -> None:
    assert found((2.9, 1 << 32), None, FuncType(("i64", "i32"))) == [
        "error: argument 1 of `f` is of type i64: 2.9 is not a whole number\n"
        "  at:   wasmbuild.yaml:4:12\n  type: (i64, i32) -> ()",
        "error: argument 2 of `f` is of type i32: 4294967296 is out of range: from -2147483648 to 4294967295\n"
        "  at:   wasmbuild.yaml:4:15\n  type: (i64, i32) -> ()",
    ]


@pytest.mark.parametrize(
    ("returns", "results", "said"),
    [
        (2.5, ("i32",), "`f` returns a value of type i32: 2.5 is not a whole number"),
        (1 << 64, ("i64",), "`f` returns a value of type i64: 18446744073709551616 is out of range"),
        (0, (), "`f` returns nothing, and the test expects 0"),
        (0, ("i32", "i32"), "`f` returns 2 values, and the test expects 0"),
    ],
)
def test_a_result_that_can_never_come_is_said_at_returns(returns: float, results: tuple[str, ...], said: str) -> None:
    (error,) = found((), returns, FuncType((), results))
    assert error.startswith(f"error: {said}")
    assert "\n  at:   wasmbuild.yaml:5:14\n  type: () -> " in error


@pytest.mark.parametrize(("arguments", "count"), [((), "0 arguments"), ((1,), "1 argument")])
def test_the_number_of_arguments_is_said_at_the_call(arguments: tuple[int, ...], count: str) -> None:
    (error,) = found(arguments, None, FuncType(("i32", "f64"), ("i32",)))
    assert error == (
        f"error: `f` is called with {count}, and takes 2\n  at:   wasmbuild.yaml:3:11\n  type: (i32, f64) -> i32"
    )


def test_a_call_of_no_manifest_has_no_places() -> None:
    assert [each.at for each in misfits(Call("f", (0.5,), 0.5), FuncType(("i32",), ("i32",)))] == [None, None]
