"""`why` as text and as JSON."""

from __future__ import annotations

import json

from wasmbuild.explain.why import Definer, Explanation, Use
from wasmbuild.report.explanation import explanation_text, explanations_to_json

EXPLANATION = Explanation(
    root="build/bin/app.wasm",
    symbol="_ZN3foo3barEi",
    demangled="foo::bar(int)",
    uses=(
        Use("app.wasm", "env", "call", "(i32) -> i32", False, "bound", "a.so"),
        Use("app.wasm", "GOT.func", "address of function", "global mutable i32", False, "bound", "a.so"),
        Use("b.so", "env", "call", "(i64) -> i32", True, "mismatch", "a.so"),
    ),
    definitions=(
        Definer("a.so", "/l/a.so", "function", "(i32) -> i32", False, 2, ("app.wasm",), "used"),
        Definer("longer.so", "/l/longer.so", "function", "(i64) -> i32", True, 4, ("a.so", "app.wasm"), "hidden"),
    ),
    scope=("app.wasm", "a.so", "b.so", "longer.so"),
    verdict="a.so wins",
)


def test_text_is_aligned() -> None:
    assert explanation_text(EXPLANATION) == (
        "build/bin/app.wasm: _ZN3foo3barEi  foo::bar(int)\n"
        "  a.so wins\n"
        "\n"
        "  imported by: 3\n"
        "    app.wasm  call                 (i32) -> i32        → a.so\n"
        "    app.wasm  address of function                      → a.so\n"
        "    b.so      call                 (i64) -> i32  weak  does not fit a.so: another type\n"
        "\n"
        "  defined by: 2\n"
        "    a.so       function  (i32) -> i32        used    number 2, needed by app.wasm\n"
        "    longer.so  function  (i64) -> i32  weak  hidden  number 4, needed by a.so, needed by app.wasm\n"
        "\n"
        "  scope: app.wasm, a.so, b.so, longer.so"
    )


def test_many_importers_are_counted() -> None:
    uses = tuple(Use(f"u{i}", "env", "call", "() -> ()", False, "undefined", None) for i in range(15))
    lines = explanation_text(
        Explanation("r", "f\x1b", None, uses, (), ("r",), "nobody defines it"),
    ).splitlines()
    assert lines[0] == "r: f\\x1b"
    assert lines[3] == "  imported by: 15"
    assert lines[16] == "    and 3 more"
    assert lines[18] == "  defined by: nobody"


def test_json_has_everything() -> None:
    (document,) = json.loads(json.dumps(explanations_to_json([EXPLANATION])))
    assert document["fits"] is False
    assert document["uses"][2]["outcome"] == "mismatch"
    assert document["definitions"][1]["chain"] == ["a.so", "app.wasm"]
    assert document["scope"] == ["app.wasm", "a.so", "b.so", "longer.so"]
