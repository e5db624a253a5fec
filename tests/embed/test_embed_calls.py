"""Calls from Python into C: what goes in, what comes out, what is refused and how that is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from embedding import MakeKit

import wasmbuild
from wasmbuild import BadDeclaration, Library, ProcessExited, WasmbuildError


def test_numbers_go_in_and_come_out_as_their_types_in_wasm_say(kit: Library) -> None:
    assert kit.call("add", 2, 3) == 5
    assert kit.call("add", 0xFFFFFFFF, 0) == -1  # undeclared, an i32 is signed when it comes out
    assert kit.call("add64", 1 << 62, -1) == (1 << 62) - 1
    assert kit.call("half", 3) == 1.5
    assert kit.call("root", 2.25) == 1.5
    assert kit.call("nothing") is None
    assert kit.call("is_odd", True) == 1


def test_what_is_needed_comes_along_and_its_functions_can_be_called(kit: Library) -> None:
    assert kit.call("through_base") == 42
    assert kit.call("base_value") == 41
    assert kit.call("abs", -3) == 3
    assert "base_value" in kit.functions
    assert "base_value" not in list(kit.functions)
    assert {"add", "twice"} <= set(kit.functions)


def test_declared_functions_convert_as_c_does(kit: Library) -> None:
    assert kit.call("most") == -2
    assert kit.declare("unsigned most(void);")() == 0xFFFFFFFE
    assert kit.call("most") == 0xFFFFFFFE  # from then on
    assert kit.declare("u8 next_u8(u8 x)")(255) == 0
    assert kit.declare("int16_t next_i16(int16_t)")(32767) == -32768
    assert kit.declare("bool is_odd(int x)")(3) is True
    assert kit.functions["is_odd"](4) is False


def test_bytes_and_text_are_copied_in(kit: Library) -> None:
    assert kit.call("length", b"hello") == 5
    assert kit.call("length", "h\u00e9llo \U0001f600") == 11
    length = kit.declare("size_t length(const char *text)")
    assert length("h\u00e9llo") == 6
    assert length(b"") == 0
    total = kit.declare("unsigned sum_bytes(const uint8_t *bytes, size_t n)")
    assert total(b"\0\1\2", 3) == 3
    assert total(bytearray([250, 250]), 2) == 500
    numbers = kit.declare("int sum(const int *numbers, size_t n)")
    assert numbers([1, -2, 3], 3) == 2
    assert numbers(None, 0) == 0


def test_c_writes_into_buffers(kit: Library) -> None:
    divide = kit.declare("void divide(int a, int b, int *quotient, int *rest)")
    quotient, rest = kit.scalar("int"), kit.scalar("i32", 99)
    divide(17, 5, quotient, rest)
    assert (quotient.value, rest.value) == (3, 2)


def test_an_address_is_read_and_freed_as_c_does(kit: Library) -> None:
    twice = kit.declare("char *twice(const char *text)")
    address = twice("\u00e4b")
    assert kit.cstring(address) == "\u00e4b\u00e4b"
    kit.call("free", address)


def test_a_huge_text_goes_through(kit: Library) -> None:
    text = "x" * (16 << 20)
    assert kit.call("length", text) == len(text)
    assert kit.call("length", text) == len(text)  # in the same room
    assert kit.memory.size_bytes < 40 << 20


def test_arguments_by_the_thousand_leave_nothing_behind(kit: Library) -> None:
    data = b"x" * 5000
    kit.call("length", data)
    before = kit.memory.size_bytes
    for _ in range(10_000):
        assert kit.call("length", data) == 5000
    assert kit.memory.size_bytes == before


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda z: z.call("add", 1), TypeError, "`add`, `(i32, i32) -> i32`, 2 arguments wanted, 1 given"),
        (lambda z: z.call("abs"), TypeError, "1 argument wanted, 0 given"),
        (lambda z: z.call("add", 1, "x\0y"), ValueError, "argument 2: a C string ends at its first null character"),
        (lambda z: z.call("add", 1.0, 2), TypeError, "argument 1: expected an integer (i32) and not 1.0 (float)"),
        (lambda z: z.call("add", 1 << 32, 2), OverflowError, "argument 1: 4294967296 does not fit in i32"),
        (lambda z: z.call("add64", 1 << 64, 2), OverflowError, "does not fit in i64"),
        (lambda z: z.call("add64", b"x", 2), TypeError, "expected an integer (i64)"),
        (lambda z: z.call("root", "2"), TypeError, "expected a number and not '2' (str)"),
        (lambda z: z.call("apply", lambda x: x, 1), TypeError, "a Python function must be made one of C's"),
        (lambda z: z.call("length", "\ud800"), ValueError, "surrogates not allowed"),
        (
            lambda z: z.declare("u8 next_u8(u8 number)")(256),
            OverflowError,
            "`next_u8`, `u8 (u8 number)`, argument 1 (`number`): 256 does not fit in `u8`, which holds 0 to 255",
        ),
        (lambda z: z.declare("int add(int, int)")(1, 1 << 31), OverflowError, "argument 2: 2147483648 does not fit"),
        (
            lambda z: z.declare("void divide(int a, int b, int *quotient, int *rest)")(1, 1, b"1234", None),
            TypeError,
            "argument 3 (`quotient`): C may write to a `i32 *`: give it a buffer and not b'1234' (bytes)",
        ),
        (
            lambda z: z.declare("int sum(const int *numbers, size_t n)")(z.array("f64", [1]), 1),
            TypeError,
            "an array of `f64` is no `const i32 *`",
        ),
        (
            lambda z: z.declare("int apply(int (*f)(int), int x)")(z.callback("() -> ()", print), 1),
            TypeError,
            "a callback of type `void (void)` is no `i32 (i32)`",
        ),
        (lambda z: z.declare("int apply(int (*f)(int), int x)")("f", 1), TypeError, "expected a function `i32 (i32)`"),
    ],
)  # fmt: skip
def test_arguments_that_do_not_fit_are_said_with_their_place(
    kit: Library, call: object, error: type[Exception], said: str
) -> None:
    assert callable(call)
    with pytest.raises(error) as caught:
        call(kit)
    assert said in str(caught.value)
    assert kit.alive
    assert kit.call("add", 1, 1) == 2


def test_a_name_that_is_nowhere_is_said_with_the_nearest(kit: Library) -> None:
    with pytest.raises(WasmbuildError, match="exports no function `lenght`") as caught:
        kit.call("lenght", b"")
    assert "did you mean `length`?" in str(caught.value)
    with pytest.raises(WasmbuildError, match="no function"):
        kit.declare("int absent(void)")


def test_a_declaration_that_differs_from_the_module_is_refused(kit: Library) -> None:
    with pytest.raises(BadDeclaration, match=r"`add` is `\(i32, i32\) -> i32`, and not `\(i32, i64\) -> i32`"):
        kit.declare("int add(int, long long)")
    assert kit.call("add", 1, 2) == 3


def test_python_functions_are_called_from_c(kit: Library) -> None:
    with kit.callback("(i32) -> i32", lambda x: 10 * x) as ten:
        assert kit.call("apply", ten, 4) == 41
        assert repr(ten).startswith("<Callback `i32 (i32)`: at ")
    with pytest.raises(IndexError, match="the callback was freed"):
        kit.call("apply", ten, 4)
    apply = kit.declare("int apply(int (*f)(int), int x)")
    assert apply(lambda x: x * x, 7) == 50
    assert apply(kit.call("get_negate"), 7) == -6  # C's own function


def test_qsort_with_a_python_callback(kit: Library) -> None:
    qsort = kit.declare("void qsort(void *base, size_t n, size_t size, int (*cmp)(const void *, const void *))")
    numbers = kit.array("i32", [5, -1, 3, 2])
    qsort(numbers, 4, 4, lambda a, b: kit.memory.get("i32", a) - kit.memory.get("i32", b))
    assert numbers.value == [-1, 2, 3, 5]


def test_callbacks_by_the_thousand_use_the_same_table_entries(kit: Library) -> None:
    apply = kit.declare("int apply(int (*f)(int), int x)")
    first = kit.callback("int f(int)", abs)
    first.free()
    for x in range(2000):
        assert apply(lambda y: y + 1, x) == x + 2
    assert kit.callback("int f(int)", abs).address == first.address


def test_a_callback_may_use_the_process_that_calls_it(kit: Library) -> None:
    depth = kit.functions["depth"]
    kit.declare("int depth(int (*f)(int), int n)")

    def deeper(n: int) -> int:
        assert kit.call("length", b"abc") == 3
        return int(depth(deeper, n))

    assert depth(deeper, 5) == 5


def test_a_freed_callback_that_c_kept_traps_and_says_so(kit: Library) -> None:
    kit.declare("void keep(int (*f)(int))")
    with kit.callback("int f(int)", lambda x: x + 1) as kept:
        kit.call("keep", kept)
        assert kit.call("call_kept", 1) == 2
    with pytest.raises(wasmbuild.Trap, match="undefined function called: `a callback that was freed`") as caught:
        kit.call("call_kept", 1)
    assert caught.value.frames[0].function == "call_kept"


def test_host_functions_have_c_types(make: MakeKit) -> None:
    seen: list[object] = []

    def ask(question: int, n: int) -> int:
        seen.extend((asks.cstring(question), n))
        return 41

    host = {"ask": ("int ask(const char *question, unsigned n)", ask), "note": ("(i32) -> ()", seen.append)}
    asks = make("asks", host=host)
    assert asks.call("asks") == 42
    assert seen == [-1, "how many?", 4000000000]


@pytest.mark.parametrize(
    ("returned", "error", "said"),
    [
        ("x", TypeError, "expected an integer (`i32`) and not 'x' (str)"),
        (None, TypeError, "expected an integer"),
        (1 << 40, OverflowError, "does not fit in `i32`"),
    ],
)
def test_a_result_that_does_not_fit_is_raised_by_the_call(
    kit: Library, returned: object, error: type[Exception], said: str
) -> None:
    with pytest.raises(error) as caught:
        kit.call("apply", kit.callback("(i32) -> i32", lambda _: returned), 1)
    assert said in str(caught.value)
    assert not kit.alive


def test_a_library_that_lacks_its_host_function_is_not_loaded(guests: Path) -> None:
    with pytest.raises(WasmbuildError, match="ask"):
        wasmbuild.load(guests / "lib/libasks.so", host={"note": ("(i32) -> ()", print)})


def test_a_program_runs_with_what_it_is_given(make: MakeKit, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("from a file")
    given = {"args": ("one", "tw\u00f6"), "env": {"WORD": "given"}, "directories": [(tmp_path, "/in")]}
    prog = make("prog", **given, stdio="captured")
    assert prog.run() == 3
    assert prog.stdout.decode() == "one\ntw\u00f6\ngiven\nfrom a file\n"
    with pytest.raises(wasmbuild.ProcessDead, match="ended with exit status 3"):
        prog.run()


def test_a_program_sees_nothing_else(make: MakeKit) -> None:
    prog = make("prog", stdio="captured")
    assert prog.run() == 3
    assert prog.stdout == b"no word\n"


def test_what_a_library_prints_is_captured(make: MakeKit) -> None:
    kit = make("kit", stdio="captured")
    kit.call("say", "h\u00e9")
    assert (kit.stdout, kit.stderr) == ("h\u00e9\n".encode(), b"oh\n")


def test_a_library_cannot_be_run(kit: Library) -> None:
    with pytest.raises(WasmbuildError, match="is no program"):
        kit.run()


def test_exit_in_a_call_ends_the_process(kit: Library) -> None:
    with pytest.raises(ProcessExited) as caught:
        kit.call("leave", 5)
    assert caught.value.status == 5
    with pytest.raises(wasmbuild.ProcessDead, match="ended with exit status 5"):
        kit.call("add", 1, 2)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"memory_limit": "much"}, "`memory_limit`"),
        ({"memory_limit": -1}, "`memory_limit`"),
        ({"fuel": -1}, "`fuel`"),
        ({"table_limit": 1.5}, "`table_limit`"),
        ({"timeout_s": 0}, "`timeout_s`"),
        ({"stdio": "loud"}, "`stdio`"),
        ({"host": {"f": ("int f(...)", print)}}, "`...` is not supported"),
    ],
)
def test_options_that_mean_nothing_are_refused(guests: Path, options: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=r"expected|not") as caught:
        wasmbuild.load(guests / "lib/libkit.so", **options)  # type: ignore[arg-type]
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WasmbuildError, match="cannot read"):
        wasmbuild.load(tmp_path / "no.so")
