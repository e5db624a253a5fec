"""The types of C as far as a call needs them: how many bytes in memory, and which value in wasm (wasm32's C ABI)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

WasmType: TypeAlias = Literal["i32", "i64", "f32", "f64"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number. `name` is the shortest name of it; `code` is that of Python's `struct`."""

    name: str
    wasm: WasmType
    size_bytes: int
    code: str
    low: int = 0
    high: int = 0
    """The range of an integer; both 0 for a floating-point number."""

    @property
    def is_float(self) -> bool:
        return self.wasm in ("f32", "f64")

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Void:
    def __str__(self) -> str:
        return "void"


@dataclass(frozen=True, slots=True)
class Opaque:
    """Something that is known by its name alone, and so is only pointed at: `struct stat`, `FILE`."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Pointer:
    """The address of `target`; `const`: C does not write there."""

    target: CType
    const: bool = False

    def __str__(self) -> str:
        return declaration(self, "")


@dataclass(frozen=True, slots=True)
class Signature:
    """A function. `Pointer(Signature(…))` is what C calls back."""

    result: CType
    parameters: tuple[CType, ...] = ()
    names: tuple[str, ...] = ()
    """Of the parameters; empty for those without."""

    def __str__(self) -> str:
        return declaration(self, "")


CType: TypeAlias = Scalar | Void | Opaque | Pointer | Signature


def _integer(name: str, bits: int, signed: bool, code: str) -> Scalar:
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    return Scalar(name, "i64" if bits == 64 else "i32", bits // 8, code, low, high)


I8, U8 = _integer("i8", 8, True, "b"), _integer("u8", 8, False, "B")
I16, U16 = _integer("i16", 16, True, "h"), _integer("u16", 16, False, "H")
I32, U32 = _integer("i32", 32, True, "i"), _integer("u32", 32, False, "I")
I64, U64 = _integer("i64", 64, True, "q"), _integer("u64", 64, False, "Q")
F32, F64 = Scalar("f32", "f32", 4, "f"), Scalar("f64", "f64", 8, "d")
BOOL = Scalar("bool", "i32", 1, "?", 0, 1)
CHAR = Scalar("char", "i32", 1, "b", -128, 127)
"""Signed in wasm. A type of its own, because text is made of it."""

_SHORT = {scalar.name: scalar for scalar in (I8, U8, I16, U16, I32, U32, I64, U64, F32, F64)}

SCALARS: Mapping[str, Scalar] = {
    **_SHORT,
    **{f"int{bits}_t": _SHORT[f"i{bits}"] for bits in (8, 16, 32, 64)},
    **{f"uint{bits}_t": _SHORT[f"u{bits}"] for bits in (8, 16, 32, 64)},
    **dict.fromkeys(("ssize_t", "ptrdiff_t", "intptr_t", "wchar_t"), I32),
    **dict.fromkeys(("size_t", "uintptr_t", "wint_t"), U32),
    **dict.fromkeys(("intmax_t", "off_t", "time_t"), I64),
    "uintmax_t": U64,
    "bool": BOOL,
    "_Bool": BOOL,
    "float": F32,
    "double": F64,
}
"""Types of one word. `long` has 32 bits in wasm32; wasi-libc's `off_t` and `time_t` have 64."""

KEYWORDS: Mapping[tuple[str, ...], Scalar] = {
    ("char",): CHAR,
    ("char", "signed"): I8,
    ("char", "unsigned"): U8,
    **dict.fromkeys((("short",), ("short", "signed"), ("int", "short"), ("int", "short", "signed")), I16),
    **dict.fromkeys((("short", "unsigned"), ("int", "short", "unsigned")), U16),
    **dict.fromkeys((("int",), ("signed",), ("int", "signed")), I32),
    **dict.fromkeys((("long",), ("int", "long"), ("long", "signed"), ("int", "long", "signed")), I32),
    **dict.fromkeys((("unsigned",), ("int", "unsigned"), ("long", "unsigned"), ("int", "long", "unsigned")), U32),
    **dict.fromkeys((("long", "long"), ("int", "long", "long")), I64),
    **dict.fromkeys((("long", "long", "signed"), ("int", "long", "long", "signed")), I64),
    **dict.fromkeys((("long", "long", "unsigned"), ("int", "long", "long", "unsigned")), U64),
}
"""Types of several words, which C lets stand in any order: here they are sorted."""


def wasm_type(type_: CType) -> WasmType | None:
    """What carries a value of this type into and out of a function; None for nothing."""
    match type_:
        case Scalar():
            return type_.wasm
        case Void() | Opaque():
            return None
    return "i32"


def declaration(type_: CType, name: str) -> str:
    """The C declaration of `name` as this type; of a parameter or a cast where there is no name."""
    match type_:
        case Pointer(Signature() as target):
            return declaration(target, f"(*{name})")
        case Pointer(Pointer() as target, const):
            return declaration(target, f"const *{name}" if const else f"*{name}")
        case Pointer(target, const):
            return f"{'const ' if const else ''}{target} *{name}"
        case Signature(result, parameters, names):
            named = zip(parameters, names or ("",) * len(parameters), strict=True)
            inside = ", ".join(declaration(parameter, each) for parameter, each in named) or "void"
            return declaration(result, f"{name}({inside})")
    return f"{type_} {name}".rstrip()
