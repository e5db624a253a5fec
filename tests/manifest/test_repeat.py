"""`for` in tests and in their runs: one entry that stands for several."""

from __future__ import annotations

import pytest
from manifests import project_findings, read, refused

from wasmbuild.manifest import schema

HEAD = "name: p\nprograms: {tool: {sources: [a.c]}}\ntests:\n"


def written(text: str) -> tuple[schema.Test, ...]:
    return read(HEAD + text).value.tests


def test_an_entry_stands_for_one_of_each_value() -> None:
    found = written(
        '  - {for: {part: [add, mul], status: [0, 3]}, name: "mpz/{part}", program: {sources: ["t/{part}.c"]},\n'
        '     exit: "{status}", files: {"{part}.in": "source:in"}, args: ["{status}", "-{status}", "{other}"]}\n'
        "  - {name: last, run: tool}\n"
    )
    assert [test.name for test in found] == ["mpz/add", "mpz/mul", "last"]
    assert [test.program.sources for test in found if test.program] == [("t/add.c",), ("t/mul.c",)]
    assert [test.exit for test in found] == [0, 3, 0]
    assert found[1].files == {"mul.in": "source:in"}
    assert found[1].args == (3, "-3", "{other}")


def test_runs_go_through_lists_of_their_own_within_those_of_the_test() -> None:
    found = written(
        '  - {for: {bits: [8, 16]}, name: "-{bits}", run: tool,\n'
        '     then: [{for: {n: [1, "x{bits}"]}, args: ["{bits}/{n}"]}]}\n'
    )
    assert [[run.args for run in test.then] for test in found] == [[("8/1",), ("8/x8",)], [("16/1",), ("16/x16",)]]


def test_a_value_is_as_it_was_written_and_knows_its_place() -> None:
    document = read(HEAD + '  - {for: {v: [1.10]}, name: "{v}", run: tool, args: ["{v}", "v{v}"]}\n')
    assert document.value.tests[0].name == "1.10"
    assert document.texts["tests", 0, "args", 0] == "1.10"
    assert document.value.tests[0].args[1] == "v1.10"
    assert str(document.at("tests", 0, "args", 0)).endswith(":4:16")


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ("{a: [1, 2], b: [1]}", "4:11: the lists of `for` are not equally long: `a` has 2, `b` has 1"),
        ("{a: []}", "4:11: `for` has nothing to go through"),
        ("{}", "4:11: `for` has nothing to go through"),
        ("[a, b]", "4:11: `tests[0].for` must be a mapping of keys to values, not a list"),
        ("{a: [[1]]}", "4:16: `tests[0].for.a[0]` must be"),
    ],
)
def test_what_is_wrong_with_the_lists_is_said_where_they_are(lists: str, said: str) -> None:
    (error,) = refused(HEAD + f'  - {{for: {lists}, name: "t{{a}}", run: tool}}\n')
    assert error.at is not None
    assert f"{error.at.line}:{error.at.column}: {error.headline}".startswith(said)


def test_tests_that_would_have_one_name_are_refused() -> None:
    (error,) = project_findings(HEAD + "  - {for: {a: [1, 2]}, name: same, run: tool}\n")
    assert error.headline == "two tests are named `same`"


def test_little_text_does_not_become_much() -> None:
    values = ", ".join(["x" * 1000] * 300)
    entry = f'{{for: {{a: [{values}]}}, name: "{"{a}" * 90}", run: tool, stdin: "{"{a}" * 90}"}}'
    (error,) = refused(f"{HEAD}  - {entry}\n")
    assert error.headline == "aliases (`*name`) or `for` make too many values of a few"
    (error,) = refused(HEAD + f'  - {{for: {{a: [{"x" * 1000}]}}, name: "{"{a}" * 200}", run: tool}}\n')
    assert error.headline == "a text of more than 100000 characters, with what `for` puts in"
