"""Calls of a test: the numbers that a manifest says, against the type that the function turns out to have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wasmbuild.diagnostics import Diagnostic, Position
from wasmbuild.manifest.numbers import Number, as_value, why_not
from wasmbuild.wasm.module import FuncType


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the library and its arguments. Without `returns`, whatever it returns is right."""

    function: str
    arguments: tuple[Number, ...]
    returns: Number | None
    at: Position | None = None
    arguments_at: tuple[Position, ...] = ()
    returns_at: Position | None = None


def misfits(call: Call, type_: FuncType) -> Iterator[Diagnostic]:
    """What makes a call impossible, or its result never right: only the module says what the types are."""
    name, facts = call.function, (("type", str(type_)),)
    if len(type_.params) != len(call.arguments):
        count = "1 argument" if len(call.arguments) == 1 else f"{len(call.arguments)} arguments"
        said = f"`{name}` is called with {count}, and takes {len(type_.params)}"
        yield Diagnostic("wrong-arguments", said, call.at, facts)
    else:
        for i, (number, param) in enumerate(zip(call.arguments, type_.params, strict=True)):
            if as_value(number, param) is None:
                at = call.arguments_at[i] if call.arguments_at else call.at
                said = f"argument {i + 1} of `{name}` is of type {param}: {number} {why_not(number, param)}"
                yield Diagnostic("wrong-arguments", said, at, facts)
    if call.returns is not None:
        if len(type_.results) != 1:
            what = f"{len(type_.results)} values" if type_.results else "nothing"
            said = f"`{name}` returns {what}, and the test expects {call.returns}"
            yield Diagnostic("wrong-returns", said, call.returns_at or call.at, facts)
        elif as_value(call.returns, type_.results[0]) is None:
            said = f"`{name}` returns a value of type {type_.results[0]}: {call.returns} "
            said += why_not(call.returns, type_.results[0])
            yield Diagnostic("wrong-returns", said, call.returns_at or call.at, facts)
