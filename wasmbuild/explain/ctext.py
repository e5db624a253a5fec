"""Types as C writes them, for messages."""

from __future__ import annotations

from wasmbuild.wasm.dwarftypes import Alias, Array, Base, Enum, Function, Pointer, Record, Ref, Types

_DEEPEST = 12
_A_FUNCTION = 4
"""What a function within a type counts: few bytes could say one with parameters that are functions with parameters."""
_MOST = 24
"""Parameters that are written out."""
_WIDEST = 200
"""Characters of a name."""


def c_declaration(types: Types, name: str, function: Ref) -> str:
    """`int f(const char *, double)`"""
    return _text(types, function, name, 0)


def c_type(types: Types, ref: Ref) -> str:
    """`const struct point *`"""
    return _text(types, ref, "", 0)


def _text(types: Types, ref: Ref, inner: str, depth: int) -> str:
    """A type around what it is the type of, as declarations in C are written from the inside out."""
    if depth > _DEEPEST:
        return f"… {inner}".rstrip()
    type_ = types.at(ref)
    match type_:
        case None:
            return f"void {inner}".rstrip()
        case Base(name) | Enum(name) | Record(name=name):
            keyword = "enum" if isinstance(type_, Enum) else type_.kind if isinstance(type_, Record) else ""
            return " ".join(filter(None, (keyword, _short(name) or "(without a name)", inner)))
        case Alias(name, "", _):
            return f"{_short(name)} {inner}".rstrip()
        case Alias(_, qualifier, target):
            if isinstance(types.at(target), Pointer):
                return _text(types, target, f"{qualifier} {inner}".rstrip(), depth + 1)
            return f"{qualifier} {_text(types, target, inner, depth + 1)}"
        case Pointer(target, sign):
            around = isinstance(types.at(target), Array | Function)
            return _text(types, target, f"({sign}{inner})" if around else f"{sign}{inner}", depth + 1)
        case Array(element, counts):
            sizes = "".join("[]" if count is None else f"[{count}]" for count in counts) or "[]"
            return _text(types, element, f"{inner}{sizes}", depth + 1)
        case Function(result, parameters, is_variadic):
            listed = [_text(types, each, "", depth + _A_FUNCTION) for each in parameters[:_MOST]]
            listed += ["…"] * (len(parameters) > _MOST) + ["..."] * is_variadic
            return _text(types, result, f"{inner}({', '.join(listed) or 'void'})", depth + 1)
    return f"(unknown) {inner}".rstrip()


def _short(name: str) -> str:
    return name if len(name) <= _WIDEST else f"{name[: _WIDEST - 1]}…"
