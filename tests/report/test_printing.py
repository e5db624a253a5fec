"""What is printed comes through `printable` or is our own: nothing in the sources goes around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "wasmbuild"

MAKE_PRINTABLE = {
    *("printable", "format_diagnostic", "format_message", "tool_output"),
    *(
        "columns",
        "joined",
        "outcome_line",
        "summary_text",
        "explanation_text",
        "to_text",
        "plan_text",
        "changes_text",
        "dumps",
        "duration_text",
    ),
}
"""Functions whose result has nothing in it that would act on a terminal; each has a test of that."""

OURS = {
    *("BUILD_DIRECTORY", "SCRIPTS", "_LINKERS_HELP", "ADDRESS"),  # written in our own sources
    *("waiting", "width"),
    *("status", "count", "done", "total", "stat", "size_bytes", "server_port"),  # numbers
}

BY_THEIR_CALLERS = {
    "report/console.py",  # `Recorder` makes all printable before the two shapes of progress have it
    "commands/doctor.py",  # each line went through `map(printable, …)`
    "commands/graph.py",  # drawings are escaped as their formats want it, name by name
    "commands/completion.py",  # words are left out where they are not printable
    "commands/env.py",  # what a shell reads is quoted for it
    "commands/new.py",  # a project's name has letters, digits, `_` and `-`
}


def printed(tree: ast.AST) -> Iterator[ast.expr]:
    """What is given to `print` and to `write` of a standard stream."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in ("print", "sys.stdout.write", "sys.stderr.write"):
                yield from node.args


def raw(value: ast.expr) -> Iterator[str]:
    """The parts of an expression that may have come from outside."""
    match value:
        case ast.Constant():
            return
        case ast.Call():
            names = {ast.unparse(each).rpartition(".")[2] for each in (value.func, *value.args)}
            if names & MAKE_PRINTABLE:
                return
            for argument in value.args:
                yield from raw(argument)
        case ast.JoinedStr():
            for part in value.values:
                if isinstance(part, ast.FormattedValue):
                    yield from raw(part.value)
        case ast.BinOp():
            yield from (*raw(value.left), *raw(value.right))
        case ast.IfExp():
            yield from (*raw(value.body), *raw(value.orelse))
        case ast.GeneratorExp() | ast.ListComp():
            yield from raw(value.elt)
        case _:
            names = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
            names |= {each.attr for each in ast.walk(value) if isinstance(each, ast.Attribute)}
            if not names & OURS:
                yield ast.unparse(value)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_nothing_is_printed_as_it_came(path: Path) -> None:
    if path.relative_to(PACKAGE).as_posix() in BY_THEIR_CALLERS:
        return
    found = [text for value in printed(ast.parse(path.read_text("utf-8"))) for text in raw(value)]
    assert found == []


def test_the_test_sees_what_is_printed_as_it_came() -> None:
    tree = ast.parse("print(f'{path}: ok'); print(printable(path)); sys.stdout.write(text + 'x'); print('x')")
    assert [text for value in printed(tree) for text in raw(value)] == ["path", "text"]
