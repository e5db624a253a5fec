"""The plan as a document: what is written can be read, and its schema is the one in docs/."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from linkvalues import I_I, function_import, got_func, library, scope_of

from wasmbuild.link.decide import decide
from wasmbuild.link.plan import LinkPlan, decode_plan, plan_schema, plan_text

DOCS = Path(__file__).parents[2] / "docs"


def some_plan() -> LinkPlan:
    root = library("a", needed=("b",), imports=(function_import("g"), got_func("g")), functions={"f": I_I})
    b = library(
        "b", needed=("a",), imports=(function_import("f"), function_import("w")), functions={"g": I_I}, weak=("w",)
    )
    plan = decide(scope_of(root, b), {}).plan
    assert plan is not None
    return plan


def test_reading_undoes_writing_in_both_forms() -> None:
    plan = some_plan()
    assert decode_plan(msgspec.json.encode(plan)) == plan
    assert decode_plan(plan_text(plan).encode()) == plan
    assert json.loads(plan_text(plan)) == json.loads(msgspec.json.encode(plan))


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (b"{}", "missing required field `version`"),
        (b"nonsense", "malformed"),
        (msgspec.json.encode(msgspec.structs.replace(some_plan(), version=2)), "a plan of version 2, where 1 is known"),
        (msgspec.json.encode(some_plan()).replace(b'"stub"', b'"magic"'), "magic"),
    ],
)
def test_what_is_no_plan_is_refused(document: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        decode_plan(document)


def test_the_schema_in_the_documentation_is_that_of_the_types() -> None:
    assert json.loads((DOCS / "plan.schema.json").read_text(encoding="utf-8")) == json.loads(json.dumps(plan_schema()))


def test_every_field_is_described() -> None:
    """By itself, or by the one sentence of a type whose fields need no more."""
    for name, type_ in plan_schema()["$defs"].items():
        assert type_.get("description") or name == "FuncType", name


def test_the_example_in_the_documentation_is_a_plan() -> None:
    text = (DOCS / "plan.md").read_text(encoding="utf-8").partition("```json\n")[2].partition("```")[0]
    assert decode_plan(text.encode()).instantiate == (1, 0)


def test_a_document_that_is_nested_without_an_end_is_no_plan() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        decode_plan(b'{"x":' + b"[" * 100_000)
