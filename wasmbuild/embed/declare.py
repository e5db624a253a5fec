"""C declarations of functions, read: `int compress(u8* dst, u32* dst_len, const u8* src, u32 len)`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from wasmbuild.diagnostics import did_you_mean
from wasmbuild.embed.ctype import (
    F32,
    F64,
    I32,
    I64,
    KEYWORDS,
    SCALARS,
    CType,
    Opaque,
    Pointer,
    Scalar,
    Signature,
    Void,
)
from wasmbuild.embed.errors import BadDeclaration
from wasmbuild.manifest.signature import parse_signature

_QUALIFIERS = {"const", "volatile", "restrict", "__restrict", "__restrict__"}
_STORAGE = {"extern", "static", "inline"}
_TAGS = {"struct", "union", "enum"}
_WORDS = {word for words in KEYWORDS for word in words}
_TOKEN = re.compile(r"(?P<space>\s+|/\*.*?\*/|//[^\n]*)|(?P<token>[A-Za-z_]\w*|\d\w*|\.\.\.|[()*,\[\];])", re.DOTALL)
_NESTED = 64
"""How deep parentheses may be nested: no declaration that anybody reads comes near."""


def parse_declaration(text: str) -> tuple[str, Signature]:
    """The name and the type of a C function. Raises BadDeclaration, with the place in the text."""
    name, signature = _parse(text)
    if not name:
        raise BadDeclaration("a function without a name", text, 0)
    return name, signature


def parse_function_type(text: str) -> Signature:
    """A function's type, as C writes it (a name may be there, or `(*)`) or as wasm does: `(i32, f64) -> i32`.

    Raises BadDeclaration, with the place in the text."""
    if "->" not in text:
        return _parse(text)[1]
    types = parse_signature(text)
    if types is None or len(types[1]) > 1:
        raise BadDeclaration("not a signature such as `(i32, f64) -> i32` or `() -> ()`", text, 0)
    parameters, results = ([_RAW[name] for name in names] for names in types)
    return Signature(results[0] if results else Void(), tuple(parameters))


_RAW = {"i32": I32, "i64": I64, "f32": F32, "f64": F64}


def parse_scalar(text: str) -> Scalar:
    """The type of a number: `u8`, `unsigned long`, `double`. Raises BadDeclaration."""
    parser = _Parser(text)
    type_, _ = parser.specifiers()
    parser.end()
    if not isinstance(type_, Scalar):
        raise BadDeclaration(f"`{text.strip()}` is not the type of a number", text, 0)
    return type_


def _parse(text: str) -> tuple[str, Signature]:
    parser = _Parser(text)
    base, const = parser.specifiers()
    name, type_ = parser.declarator(base, const)
    parser.end()
    if isinstance(type_, Pointer) and isinstance(type_.target, Signature):
        type_ = type_.target
    if not isinstance(type_, Signature):
        raise BadDeclaration("not a function", text, 0)
    return name, type_


@dataclass(frozen=True, slots=True)
class _Array:
    """As a parameter it is a pointer to its elements; an array of arrays is one of all the elements."""

    element: CType
    const: bool

    @property
    def pointer(self) -> Pointer:
        return Pointer(self.element, self.const)


_Type: TypeAlias = CType | _Array


class _Parser:
    """Recursive descent. A declarator is written inside out, so what is in parentheses is read after what follows."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, int]] = []
        self.pos = 0
        self.depth = 0
        place = 0
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                raise BadDeclaration(f"unexpected {text[place]!r}", text, place)
            if match["token"]:
                self.tokens.append((match["token"], place))
            place = match.end()
        self.tokens.append(("", len(text)))

    @property
    def next(self) -> str:
        """The next token; empty at the end."""
        return self.tokens[self.pos][0]

    def fail(self, problem: str, pos: int | None = None) -> NoReturn:
        raise BadDeclaration(problem, self.text, self.tokens[self.pos if pos is None else pos][1])

    def take(self, token: str) -> bool:
        if self.next != token:
            return False
        self.pos += 1
        return True

    def expect(self, token: str) -> None:
        if not self.take(token):
            self.fail(f"expected `{token}` and not " + (f"`{self.next}`" if self.next else "the end"))

    def end(self) -> None:
        self.take(";")
        if self.next == ";" or (self.tokens[self.pos - 1][0] == ";" and self.next):
            self.fail("one declaration at a time")
        if self.next:
            self.fail(f"unexpected `{self.next}`")

    def is_word(self) -> bool:
        return self.next[:1].isalpha() or self.next[:1] == "_"

    def starts_type(self) -> bool:
        """Whether a parameter begins here, and not the inside of a declarator."""
        return self.next in _WORDS | _QUALIFIERS | _TAGS | {"void", "..."} or self.next in SCALARS

    def specifiers(self) -> tuple[CType, bool]:
        """A type without its declarator, and whether it is const."""
        const, words, start = False, list[str](), self.pos
        found: CType | None = None
        while self.is_word():
            word = self.next
            if word in _QUALIFIERS or word in _STORAGE:
                const |= word == "const"
            elif word in _WORDS and found is None:
                words.append(word)
            elif word == "double" and words == ["long"]:
                self.fail("`long double` is not supported")
            elif found is not None or words:
                break
            elif word in _TAGS:
                self.pos += 1
                if not self.is_word():
                    self.fail(f"`{word}` without a name")
                found = I32 if word == "enum" else Opaque(f"{word} {self.next}")
            else:
                found = Void() if word == "void" else SCALARS.get(word) or Opaque(word)
            self.pos += 1
        if words:
            found = KEYWORDS.get(tuple(sorted(words)))
            if found is None:
                self.fail(f"`{' '.join(words)}` is not a type", start)
        if found is None:
            self.fail("expected a type and not " + (f"`{self.next}`" if self.next else "the end"))
        return found, const

    def declarator(self, type_: _Type, const: bool) -> tuple[str, _Type]:
        """The name that is declared (or none) and its type."""
        while self.take("*"):
            # The address of an array is that of its first element.
            type_ = type_.pointer if isinstance(type_, _Array) else Pointer(type_, const)
            const = False
            while self.next in _QUALIFIERS:
                const |= self.next == "const"
                self.pos += 1
        if self.next == "(" and not self._has_parameters():
            inside = self.pos + 1
            self._skip_parentheses()
            type_ = self.suffixes(type_, const)
            after, self.pos = self.pos, inside
            self.depth += 1
            if self.depth > _NESTED:
                self.fail("too many parentheses")
            name, type_ = self.declarator(type_, const and not isinstance(type_, Signature))
            self.expect(")")
            self.depth -= 1
            self.pos = after
            return name, type_
        name = ""
        if self.is_word():
            name = self.next
            self.pos += 1
        return name, self.suffixes(type_, const)

    def _has_parameters(self) -> bool:
        """Whether the parenthesis here begins parameters: of a function without a name."""
        self.pos += 1
        answer = self.next == ")" or self.starts_type()
        self.pos -= 1
        return answer

    def _skip_parentheses(self) -> None:
        start, depth = self.pos, 0
        while True:
            depth += {"(": 1, ")": -1}.get(self.next, 0)
            if not self.next:
                self.fail("a parenthesis that is never closed", start)
            self.pos += 1
            if depth == 0:
                return

    def suffixes(self, type_: _Type, const: bool) -> _Type:
        """What follows a name: parameters, or lengths of an array."""
        if self.next == "(":
            return self.parameters(type_)
        start = self.pos
        if self.take("["):
            while self.next in _QUALIFIERS | {"static"}:
                self.pos += 1
            if self.next[:1].isdigit() or self.is_word():
                self.pos += 1
            self.expect("]")
            inner = self.suffixes(type_, const)
            if isinstance(inner, Signature):
                self.fail("an array of functions", start)
            return inner if isinstance(inner, _Array) else _Array(inner, const)
        return type_

    def parameters(self, result: _Type) -> Signature:
        start = self.pos
        self.expect("(")
        if isinstance(result, _Array | Signature):
            self.fail("a function returns neither an array nor a function", start)
        if isinstance(result, Opaque):
            self._refuse_value(result, start - 1)
        found: list[CType] = []
        names: list[str] = []
        while not self.take(")"):
            if found:
                self.expect(",")
            if self.next == "...":
                self.fail("`...` is not supported: wrap the function in one with the parameters that you need")
            at = self.pos
            base, const = self.specifiers()
            self.depth += 1
            if self.depth > _NESTED:
                self.fail("too many parentheses")
            name, type_ = self.declarator(base, const)
            self.depth -= 1
            if isinstance(type_, Void) and not name and not found and self.take(")"):
                break
            if isinstance(type_, _Array):
                type_ = type_.pointer
            if isinstance(type_, Signature):
                type_ = Pointer(type_)
            if isinstance(type_, Void):
                self.fail("a parameter of type `void`", at)
            if isinstance(type_, Opaque):
                self._refuse_value(type_, at)
            found.append(type_)
            names.append(name)
        return Signature(result, tuple(found), tuple(names) if any(names) else ())

    def _refuse_value(self, type_: Opaque, at: int) -> NoReturn:
        if " " in type_.name:
            self.fail(f"`{type_}` by value is not supported: only pointers to it are", at)
        near = did_you_mean(type_.name, [*SCALARS, "char", "short", "int", "long", "unsigned", "void"])
        self.fail(
            f"unknown type `{type_}`" + (f"; did you mean `{near}`?" if near else " (a pointer to it is fine)"), at
        )
