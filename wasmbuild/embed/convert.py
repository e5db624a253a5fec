"""Values of Python as numbers of wasm, and back, as the C types of a function say."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Protocol

from wasmbuild.embed.buffers import Array, Buffer
from wasmbuild.embed.callback import Callback
from wasmbuild.embed.ctype import BOOL, CHAR, I8, U8, CType, Pointer, Scalar, Signature, Void, wasm_type
from wasmbuild.embed.memory import pack
from wasmbuild.embed.native import Number
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import FuncType


class Temporary(Protocol):
    """Something that was made for one call."""

    @property
    def argument(self) -> int: ...

    def free(self) -> None: ...


class Maker(Protocol):
    """Makes the temporary things of a call."""

    def copied(self, data: bytes) -> Temporary:
        """Bytes in the process's memory, with a null byte behind them."""

    def called_back(self, signature: Signature, function: Callable[..., Any]) -> Temporary:
        """A C function that calls a Python function."""


ToWasm = Callable[[Any, list[Temporary]], Number]
"""(value, the temporary things of this call, to add to) → number. Raises TypeError and OverflowError."""


def to_wasm(type_: CType | str, maker: Maker) -> ToWasm:
    """What converts an argument of this C type, or of this type of wasm where nothing was declared."""
    match type_:
        case str():
            return _raw_float if type_ in ("f32", "f64") else _raw_integer(32 if type_ == "i32" else 64, maker)
        case Scalar():
            return _float if type_.is_float else _integer(type_)
        case Pointer(Signature() as signature):
            return _function_pointer(signature, maker)
        case Pointer():
            return _pointer(type_, maker)
    raise AssertionError(f"a declaration has no parameter of type `{type_}`")


def from_wasm(type_: CType | str) -> Callable[[Any], Any] | None:
    """What converts a number of wasm, its integers signed; None where it stays as it is."""
    match type_:
        case Scalar() if type_ == BOOL:
            return lambda number: bool(number & 0xFF)
        case Scalar() if not type_.is_float:
            size, low = 1 << (8 * type_.size_bytes), type_.low
            # C leaves the bits above a short type alone only by convention, and this module keeps to none.
            return None if low == -(1 << (31 if type_.wasm == "i32" else 63)) else lambda n: (n - low) % size + low
        case Pointer() | Signature():
            return lambda number: number & 0xFFFFFFFF
    return None


def function_type_of(signature: Signature) -> FuncType:
    """The type that a C function has in wasm."""
    result = wasm_type(signature.result)
    return FuncType(tuple(wasm_type(each) or "i32" for each in signature.parameters), (result,) if result else ())


def result_to_wasm(type_: CType, value: Any) -> Number | None:
    """What a Python function returned to C. Raises TypeError and OverflowError."""
    match type_:
        case Void():
            return None  # what a function returns that C wants nothing of is nobody's concern
        case Scalar():
            return (_float if type_.is_float else _integer(type_))(value, [])
    if value is None:
        return 0
    return value.argument if isinstance(value, Buffer | Callback) else _address(value)


def typed(signature: Signature, function: Callable[..., Any]) -> Callable[..., Any]:
    """A Python function as wasm calls it: its arguments and its result are as the C types say."""
    converters = tuple(from_wasm(type_) for type_ in signature.parameters)

    def called(*numbers: Number) -> Any:
        arguments = [
            number if convert is None else convert(number) for convert, number in zip(converters, numbers, strict=True)
        ]
        return result_to_wasm(signature.result, function(*arguments))

    return called


def _float(value: Any, _: list[Temporary]) -> float:
    if isinstance(value, float | int):
        return float(value)
    if hasattr(value, "__float__") and not isinstance(value, str | bytes):
        return float(value)
    raise TypeError(f"expected a number and not {_shown(value)}")


_raw_float = _float


def _integer(scalar: Scalar) -> ToWasm:
    low, high = scalar.low, scalar.high

    def convert(value: Any, _: list[Temporary]) -> int:
        if type(value) is not int:
            try:
                value = int(operator.index(value))
            except TypeError:
                raise TypeError(f"expected an integer (`{scalar}`) and not {_shown(value)}") from None
        if not low <= value <= high:
            raise OverflowError(f"{value} does not fit in `{scalar}`, which holds {low} to {high}")
        return int(value)

    return convert


def _raw_integer(bits: int, maker: Maker) -> ToWasm:
    low, end = -(1 << (bits - 1)), 1 << bits

    def convert(value: Any, temporary: list[Temporary]) -> int:
        if type(value) is int and low <= value < end:
            return value
        if bits == 32:
            if value is None:
                return 0
            if isinstance(value, Buffer | Callback):
                return value.argument
            if isinstance(value, bytes | str):
                return _copied(_text(value), maker, temporary)
            if callable(value) and not hasattr(value, "__index__"):
                raise TypeError("a Python function must be made one of C's: with `callback`, or by a declaration")
        try:
            value = operator.index(value)
        except TypeError:
            raise TypeError(f"expected an integer (i{bits}) and not {_shown(value)}") from None
        if not low <= value < end:
            raise OverflowError(f"{value} does not fit in i{bits}")
        return int(value)

    return convert


def _pointer(pointer: Pointer, maker: Maker) -> ToWasm:
    target = pointer.target
    is_text = not isinstance(target, Scalar) or target in (CHAR, I8, U8)

    def convert(value: Any, temporary: list[Temporary]) -> int:
        if isinstance(value, Buffer):
            if isinstance(value, Array) and isinstance(target, Scalar) and not _same_memory(value.scalar, target):
                raise TypeError(f"an array of `{value.scalar}` is no `{pointer}`")
            return value.argument
        if value is None:
            return 0
        if isinstance(value, bytes | str | list | tuple):
            if not pointer.const:
                raise TypeError(
                    f"C may write to a `{pointer}`: give it a buffer and not {_shown(value)}, for example of `bytes`, "
                    "`buffer`, `array` or `scalar`"
                )
            if isinstance(value, bytes | str) and is_text:
                return _copied(_text(value), maker, temporary)
            if isinstance(value, list | tuple) and isinstance(target, Scalar):
                return _copied(pack(target, value), maker, temporary)
        if isinstance(value, bytearray | memoryview) and pointer.const and is_text:
            return _copied(bytes(value), maker, temporary)
        return _address(value, f"a `{pointer}`")

    return convert


def _function_pointer(signature: Signature, maker: Maker) -> ToWasm:
    def convert(value: Any, temporary: list[Temporary]) -> int:
        if value is None:
            return 0
        if isinstance(value, Callback):
            if function_type_of(value.signature) != function_type_of(signature):
                raise TypeError(f"a callback of type `{value.signature}` is no `{signature}`")
            return value.argument
        if callable(value):
            made = maker.called_back(signature, value)
            temporary.append(made)
            return made.argument
        return _address(value, f"a function `{signature}`")

    return convert


def _copied(data: bytes, maker: Maker, temporary: list[Temporary]) -> int:
    made = maker.copied(data)
    temporary.append(made)
    return made.argument


def _text(value: bytes | str) -> bytes:
    """Bytes to be copied in. Raises ValueError for text that C would take for shorter than it is."""
    if isinstance(value, bytes):
        return value
    if "\0" in value:
        raise ValueError("a C string ends at its first null character: give bytes for such a text")
    return value.encode()


def _same_memory(one: Scalar, other: Scalar) -> bool:
    return (one.size_bytes, one.is_float) == (other.size_bytes, other.is_float)


def _address(value: Any, wanted: str = "an address") -> int:
    try:
        address = operator.index(value)
    except TypeError:
        raise TypeError(f"expected {wanted} and not {_shown(value)}") from None
    if not -abi.ADDRESS_SPACE_BYTES // 2 <= address < abi.ADDRESS_SPACE_BYTES:
        raise OverflowError(f"{address} is no address: they have 32 bits")
    return address


def _shown(value: object) -> str:
    """A value in a message: not all of a long one."""
    text = repr(value)
    return f"{text if len(text) <= 40 else text[:37] + '...'} ({type(value).__name__})"
