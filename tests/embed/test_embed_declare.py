"""C declarations of functions: what they mean, what is refused and where, and that writing undoes reading."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmbuild import BadDeclaration
from wasmbuild.embed.convert import function_type_of
from wasmbuild.embed.ctype import (
    BOOL,
    CHAR,
    F32,
    F64,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    CType,
    Opaque,
    Pointer,
    Signature,
    Void,
    declaration,
)
from wasmbuild.embed.declare import parse_declaration, parse_function_type, parse_scalar

HANDLER = Pointer(Signature(Void(), (I32,)))

SCALARS = (I8, U8, I16, U16, I32, U32, I64, U64, F32, F64, BOOL, CHAR)


@pytest.mark.parametrize(
    ("text", "scalar"),
    [
        ("char", CHAR),
        ("signed char", I8),
        ("unsigned char", U8),
        ("short int", I16),
        ("unsigned short", U16),
        ("unsigned", U32),
        ("long", I32),  # 32 bits in wasm32
        ("long unsigned int", U32),
        ("long long", I64),
        ("unsigned long long int", U64),
        ("long unsigned long", U64),
        ("int8_t", I8),
        ("uint64_t", U64),
        ("size_t", U32),
        ("ptrdiff_t", I32),
        ("off_t", I64),
        ("float", F32),
        ("double", F64),
        ("_Bool", BOOL),
        ("const volatile int", I32),
        ("enum colour", I32),
    ],
)
def test_the_names_of_numbers(text: str, scalar: CType) -> None:
    assert parse_scalar(text) == scalar


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("void f(void)", Signature(Void())),
        ("extern int f();", Signature(I32)),
        ("int f(int, float)", Signature(I32, (I32, F32))),
        ("char *f(const char *s)", Signature(Pointer(CHAR), (Pointer(CHAR, const=True),), ("s",))),
        ("int f(char const *restrict s)", Signature(I32, (Pointer(CHAR, const=True),), ("s",))),
        ("int f(char *const s)", Signature(I32, (Pointer(CHAR),), ("s",))),
        (
            "int f(const char *const *a)",
            Signature(I32, (Pointer(Pointer(CHAR, const=True), const=True),), ("a",)),
        ),
        ("int f(const int a[], int b[3][4])", Signature(I32, (Pointer(I32, const=True), Pointer(I32)), ("a", "b"))),
        ("int f(const char *argv[])", Signature(I32, (Pointer(Pointer(CHAR, const=True)),), ("argv",))),
        ("int f(int (*p)[3])", Signature(I32, (Pointer(I32),), ("p",))),
        (
            "int f(z_stream *z, struct stat *s)",
            Signature(I32, (Pointer(Opaque("z_stream")), Pointer(Opaque("struct stat"))), ("z", "s")),
        ),
        ("int f(int g(int))", Signature(I32, (Pointer(Signature(I32, (I32,))),), ("g",))),
        ("int f(int (*g)(int))", Signature(I32, (Pointer(Signature(I32, (I32,))),), ("g",))),
        ("void (*f(int n, void (*g)(int)))(int)", Signature(HANDLER, (I32, HANDLER), ("n", "g"))),
        ("int\n\tf(/* none */ void) // at all", Signature(I32)),
        ("int (f)(int (x))", Signature(I32, (I32,), ("x",))),
    ],
)  # fmt: skip
def test_what_declarations_mean(text: str, type_: Signature) -> None:
    assert parse_declaration(text) == ("f", type_)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("(i32, f64) -> i64", Signature(I64, (I32, F64))),
        ("() -> ()", Signature(Void())),
        ("int (*)(int)", Signature(I32, (I32,))),
        ("int (int)", Signature(I32, (I32,))),
        ("double cmp(float)", Signature(F64, (F32,))),
    ],
)
def test_types_of_callbacks_may_be_wasms_and_need_no_name(text: str, type_: Signature) -> None:
    assert parse_function_type(text) == type_


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("int printf(const char *f, ...)", 27, "`...` is not supported"),
        ("int f(int", 10, "expected `,` and not the end"),
        ("int f(int x", 12, "expected `,`"),
        ("int f(int x y)", 13, "expected `,` and not `y`"),
        ("int f(,)", 7, "expected a type and not `,`"),
        ("int f(int @)", 11, "unexpected '@'"),
        ("int f(uint33_t x)", 7, "unknown type `uint33_t`; did you mean `uint32_t`?"),
        ("widget f(void)", 8, "unknown type `widget` (a pointer to it is fine)"),
        ("int f(struct point p)", 7, "`struct point` by value is not supported"),
        ("long double f(void)", 6, "`long double` is not supported"),
        ("short long f(void)", 1, "`short long` is not a type"),
        ("int f(void x)", 7, "a parameter of type `void`"),
        ("int f", 1, "not a function"),
        ("int f(int), g(int)", 11, "unexpected `,`"),
        ("int f(int); int g(int);", 13, "one declaration at a time"),
        ("int (f(int)", 5, "a parenthesis that is never closed"),
        ("int (int)", 1, "a function without a name"),
        ("struct", 7, "`struct` without a name"),
        ("int f(void)(void)", 12, "unexpected `(`"),
        ("int f[3](void)", 6, "an array of functions"),
        ("", 1, "expected a type and not the end"),
    ],
)
def test_what_is_refused_says_where(text: str, column: int, said: str) -> None:
    with pytest.raises(BadDeclaration) as caught:
        parse_declaration(text)
    assert said in caught.value.problem
    assert f"line 1, column {column}\n" in str(caught.value)


def test_the_place_is_shown_in_its_line() -> None:
    with pytest.raises(BadDeclaration) as caught:
        parse_declaration("int f(int a,\n      size b)")
    assert str(caught.value).splitlines()[1:] == ["  line 2, column 7", "        size b)", "        ^"]


@pytest.mark.parametrize("text", ["(i32) -> (i32, i32)", "(i31) -> ()", "i32 -> i32", "->"])
def test_signatures_of_wasm_that_are_none(text: str) -> None:
    with pytest.raises(BadDeclaration, match="not a signature"):
        parse_function_type(text)


@pytest.mark.parametrize(
    "text", ["int " + "(" * 5000, "int " + "(" * 300 + "f" + ")" * 300 + "(int)", "int f" + "(int g" * 500]
)
def test_nesting_without_an_end_is_refused(text: str) -> None:
    with pytest.raises(BadDeclaration):
        parse_declaration(text)


def values() -> st.SearchStrategy[CType]:
    """Types of parameters."""
    targets = st.one_of(st.sampled_from([*SCALARS, Void(), Opaque("struct stat"), Opaque("FILE")]))
    pointers = st.recursive(
        st.builds(Pointer, targets, st.booleans()),
        lambda inner: st.one_of(st.builds(Pointer, inner, st.booleans()), st.builds(Pointer, signatures(inner))),
        max_leaves=6,
    )
    return st.one_of(st.sampled_from(SCALARS), pointers)


def signatures(inner: st.SearchStrategy[CType]) -> st.SearchStrategy[Signature]:
    def named(result: CType, parameters: list[CType], with_names: bool) -> Signature:
        names = tuple(f"p{place}" for place in range(len(parameters))) if with_names else ()
        return Signature(result, tuple(parameters), names)

    results = st.one_of(st.just(Void()), inner)
    return st.builds(named, results, st.lists(inner, max_size=4), st.booleans())


@given(signatures(values()), st.sampled_from([" ", "\n", "\t ", " /* * ( */ ", " // )\n"]))
def test_reading_undoes_writing(signature: Signature, space: str) -> None:
    text = declaration(signature, "f")
    assert parse_declaration(text) == ("f", signature)
    assert parse_declaration(re.sub(r"(?<=\w) (?=\w)| (?=\*)|(?<=,) ", space, text)) == ("f", signature)
    assert len(function_type_of(signature).params) == len(signature.parameters)


@given(st.text(alphabet="int f(*)[],;.x3 const\n/") | st.text())
def test_any_text_is_a_declaration_or_refused(text: str) -> None:
    for parse in (parse_declaration, parse_function_type, parse_scalar):
        with suppress(BadDeclaration):
            parse(text)
