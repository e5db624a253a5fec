"""From the manifest's tests to cases: what each field becomes, and what is refused before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasmbuild.builder.globs import expand
from wasmbuild.diagnostics import Position, WasmbuildError
from wasmbuild.manifest.reader import decode_document
from wasmbuild.manifest.schema import Manifest
from wasmbuild.testing.calls import Call
from wasmbuild.testing.cases import Case, Expected, Step, make_cases

TARGETS = """\
name: thing
libraries:
  one: {sources: [a.c], imports: [log, ask]}
  still: {sources: [a.c], link: static}
programs:
  app: {sources: [a.c], imports: [ask, extra]}
"""


def cases_of(tmp_path: Path, tests: str) -> tuple[Case, ...]:
    """The cases of a manifest with these tests; sources are in `root`, the recipe's own files in `own`."""
    for name in ("root/a.c", "root/tests/data.txt", "own/in.txt", "own/golden.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    document = decode_document((TARGETS + tests).encode(), "wasmbuild.yaml", Manifest)
    root = tmp_path / "root"
    files = expand(document, root, root / "build")
    return make_cases(document, files.targets, root, "build", (tmp_path / "own",))


def only(tmp_path: Path, test: str) -> Case:
    """The case of one test, the last one."""
    return cases_of(tmp_path, f"tests:\n  - {test}\n")[-1]


def errors(tmp_path: Path, tests: str) -> list[str]:
    with pytest.raises(WasmbuildError) as caught:
        cases_of(tmp_path, tests)
    return [str(each) for each in caught.value.diagnostics]


def test_every_library_and_program_is_a_case_of_loading_before_the_tests(tmp_path: Path) -> None:
    cases = cases_of(tmp_path, "tests:\n  - {name: second, run: app}\n  - {name: first, run: app}\n")
    assert [case.name for case in cases] == [
        "loads libone.so", "loads still.wasm", "loads app.wasm", "second", "first",
    ]  # fmt: skip
    loads = cases[0]
    assert (loads.module, loads.steps, loads.call) == (tmp_path / "root/build/lib/libone.so", (), None)
    assert loads.imports == ("log", "ask", "extra")
    assert str(loads.at) == "wasmbuild.yaml:3:8"


def test_a_run_becomes_steps_with_the_programs_name_first(tmp_path: Path) -> None:
    case = only(
        tmp_path,
        "{name: t, run: app, args: [1, 2.5, true, x], stdin: hä, stdout: a, exit: 3, env: {A: '1'}, timeout_s: 2,"
        " memory_limit: 3MiB, then: [{args: [y], stdout_matches: b}]}",
    )
    assert case.module == tmp_path / "root/build/bin/app.wasm"
    assert case.steps == (
        Step(("app", "1", "2.5", "true", "x"), "hä".encode(), "a", None, 3),
        Step(("app", "y"), b"", None, "b", 0),
    )
    assert (case.environment, case.timeout_s, case.memory_limit_bytes) == ((("A", "1"),), 2.0, 3 << 20)
    assert str(case.at) == "wasmbuild.yaml:8:12"


def test_a_call_becomes_one_step_without_its_arguments(tmp_path: Path) -> None:
    case = only(tmp_path, "{name: t, in: one, call: f, args: [1, 0.5], returns: -1}")
    at, first, second, result = (Position("wasmbuild.yaml", 8, column) for column in (30, 40, 43, 58))
    assert case.call == Call("f", (1, 0.5), -1, at, (first, second), result)
    assert case.module == tmp_path / "root/build/lib/libone.so"
    assert case.steps == (Step(("libone",)),)


def test_a_program_of_the_test_itself_is_run_and_is_no_case_of_loading(tmp_path: Path) -> None:
    cases = cases_of(tmp_path, "tests:\n  - {name: my test, program: {sources: [a.c], imports: [own]}, args: [x]}\n")
    assert len(cases) == 4
    assert cases[-1].module.parent == tmp_path / "root/build/test"
    assert cases[-1].steps[0].arguments[1:] == ("x",)
    assert "own" in cases[-1].imports


DEFAULTS = """\
test_defaults: {timeout_s: 60, memory_limit: 2MiB, env: {A: "1", B: "2"}, files: {a.txt: in.txt, b.txt: golden.txt}}
"""


def test_every_test_takes_the_defaults_and_wins_where_it_says_more(tmp_path: Path) -> None:
    tests = """\
tests:
  - {name: plain, run: app}
  - {name: call, call: f, in: one}
  - {name: own, run: app, timeout_s: 0.5, memory_limit: 64KiB, env: {B: x, C: y}, files: {b.txt: in.txt}}
"""
    *loads, plain, call, own = cases_of(tmp_path, DEFAULTS + tests)
    assert {(case.timeout_s, case.memory_limit_bytes) for case in loads} == {(60.0, 1 << 30)}
    in_txt, golden = tmp_path / "own/in.txt", tmp_path / "own/golden.txt"
    for case in (plain, call):
        assert (case.timeout_s, case.memory_limit_bytes) == (60.0, 2 << 20)
        assert case.environment == (("A", "1"), ("B", "2"))
        assert case.files == (("a.txt", in_txt), ("b.txt", golden))
    assert (own.timeout_s, own.memory_limit_bytes) == (0.5, 64 << 10)
    assert own.environment == (("A", "1"), ("B", "x"), ("C", "y"))
    assert own.files == (("a.txt", in_txt), ("b.txt", in_txt))
    assert only(tmp_path, "{name: t, run: app}").timeout_s == 10.0
    assert only(tmp_path, "{name: t, run: app}").memory_limit_bytes == 1 << 30


def test_a_file_of_the_defaults_that_is_not_there_is_said_once(tmp_path: Path) -> None:
    tests = "test_defaults: {files: {a: gone.txt}}\ntests:\n  - {name: t, run: app}\n  - {name: u, run: app}\n"
    (error,) = errors(tmp_path, tests)
    assert error.startswith("error: no such file: `gone.txt`\n  at:        wasmbuild.yaml:7:28\n")


def test_host_functions_have_a_type_and_perhaps_a_result(tmp_path: Path) -> None:
    case = only(tmp_path, "{name: t, run: app, host: {log: (i32) -> (), ask: {type: () -> i32, returns: 4}}}")
    assert case.host == (("log", "(i32) -> ()", None), ("ask", "() -> i32", 4))


def test_files_come_from_the_recipe_or_from_the_source(tmp_path: Path) -> None:
    case = only(
        tmp_path,
        "{name: t, run: app, files: {a/b.txt: in.txt, c.txt: 'source:tests/data.txt'},"
        f" produces: {{o: {{equals: golden.txt}}, p: {{sha256: {'ab' * 32}}}, q: {{}}}}}}",
    )
    assert case.files == (("a/b.txt", tmp_path / "own/in.txt"), ("c.txt", tmp_path / "root/tests/data.txt"))
    assert dict(case.produces) == {
        "o": Expected(None, tmp_path / "own/golden.txt"),
        "p": Expected("ab" * 32, None),
        "q": Expected(None, None),
    }


def test_a_directory_stands_for_all_files_below_it(tmp_path: Path) -> None:
    (tmp_path / "root/tests/deep/er").mkdir(parents=True)
    (tmp_path / "root/tests/deep/er/more.txt").write_text("")
    case = only(tmp_path, '{name: t, run: app, files: {"d": "source:tests"}, args: [{path: "source:tests/deep"}]}')
    assert case.files == (
        ("d/data.txt", tmp_path / "root/tests/data.txt"),
        ("d/deep/er/more.txt", tmp_path / "root/tests/deep/er/more.txt"),
        ("tests/deep/er/more.txt", tmp_path / "root/tests/deep/er/more.txt"),
    )


def test_expected_output_is_a_text_or_a_file_of_the_recipe_or_of_the_source(tmp_path: Path) -> None:
    case = only(
        tmp_path,
        "{name: t, run: app, stdout: {equals: golden.txt},"
        " then: [{stdout: {equals: 'source:tests/data.txt'}}, {stdout: golden.txt}]}",
    )
    expected = [tmp_path / "own/golden.txt", tmp_path / "root/tests/data.txt", "golden.txt"]
    assert [step.stdout for step in case.steps] == expected


def test_standard_input_is_a_text_or_a_file_of_the_recipe_or_of_the_source(tmp_path: Path) -> None:
    case = only(
        tmp_path,
        "{name: t, run: app, stdin: {file: golden.txt},"
        " then: [{stdin: {file: 'source:tests/data.txt'}}, {stdin: golden.txt}, {}]}",
    )
    given = [tmp_path / "own/golden.txt", tmp_path / "root/tests/data.txt", b"golden.txt", b""]
    assert [step.stdin for step in case.steps] == given
    assert not case.files


def test_an_argument_that_is_a_file_is_put_where_the_argument_says(tmp_path: Path) -> None:
    case = only(
        tmp_path,
        "{name: t, run: app, args: [-x, {path: in.txt}, 1.10], files: {a: golden.txt},"
        " then: [{args: [{path: 'source:tests/data.txt'}, {path: ./in.txt}]}]}",
    )
    assert [step.arguments for step in case.steps] == [
        ("app", "-x", "in.txt", "1.10"),
        ("app", "tests/data.txt", "./in.txt"),
    ]
    assert case.files == (
        ("a", tmp_path / "own/golden.txt"),
        ("in.txt", tmp_path / "own/in.txt"),
        ("tests/data.txt", tmp_path / "root/tests/data.txt"),
    )


def test_an_argument_can_be_all_files_that_a_pattern_matches(tmp_path: Path) -> None:
    for name in ("b.bin", "a.bin", "[c].bin", ".hidden.bin", "a.bin.d/x"):
        (tmp_path / "root/tests/deep" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "root/tests/deep" / name).write_text("")
    case = only(tmp_path, "{name: t, run: app, args: [-x, {path: 'source:tests/deep/*.bin'}, {path: '[i]*.txt'}, y]}")
    assert [step.arguments for step in case.steps] == [
        ("app", "-x", "tests/deep/[c].bin", "tests/deep/a.bin", "tests/deep/b.bin", "in.txt", "y"),
    ]
    assert [place for place, _ in case.files] == [*case.steps[0].arguments[2:5], "in.txt"]
    case = only(tmp_path, "{name: t, run: app, args: [{path: 'source:tests/deep/[c].bin'}]}")
    assert case.steps[0].arguments[1:] == ("tests/deep/[c].bin",)


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("args: [{path: '*.gone'}]", "no such file: `*.gone`\n  at:        wasmbuild.yaml:8:39"),
        ("args: [{path: gone.txt}]", "no such file: `gone.txt`\n  at:        wasmbuild.yaml:8:39"),
        ("args: [{path: ../own/in.txt}]", "not in the private directory: `../own/in.txt`\n  at: wasmbuild.yaml:8:39"),
        (
            "args: [{path: in.txt}], files: {in.txt: golden.txt}",
            "two files would be `in.txt`\n  at:     wasmbuild.yaml:8",
        ),
        (
            "args: [{path: in.txt}, {path: 'source:in.txt'}]",
            "two files would be `in.txt`\n  at:     wasmbuild.yaml:8:55",
        ),
    ],
)
def test_an_argument_that_is_no_file_for_it_is_refused(tmp_path: Path, test: str, said: str) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root/in.txt").write_text("")
    (error,) = errors(tmp_path, f"tests:\n  - {{name: t, run: app, {test}}}\n")
    assert error.startswith(f"error: {said}")
    assert ("help: copy it to a place there with `files`" in error) == ("../" in test)


def test_all_files_that_are_missing_are_reported_with_their_places(tmp_path: Path) -> None:
    tests = """\
tests:
  - name: t
    run: app
    files:
      a: gone.txt
      b: source:lost.txt
    produces:
      c: {equals: nowhere.txt}
    stdout: {equals: no.txt}
    then:
      - stdout: {equals: source:none.txt}
        stdin: {file: not.txt}
"""
    own, root = tmp_path / "own", tmp_path / "root"
    assert errors(tmp_path, tests) == [
        f"error: no such file: `gone.txt`\n  at:        wasmbuild.yaml:11:10\n  looked at: {own / 'gone.txt'}",
        f"error: no such file: `source:lost.txt`\n  at:        wasmbuild.yaml:12:10\n  looked at: {root / 'lost.txt'}",
        f"error: no such file: `nowhere.txt`\n  at:        wasmbuild.yaml:14:10\n  looked at: {own / 'nowhere.txt'}",
        f"error: no such file: `no.txt`\n  at:        wasmbuild.yaml:15:22\n  looked at: {own / 'no.txt'}",
        f"error: no such file: `source:none.txt`\n  at:        wasmbuild.yaml:17:26\n  looked at: {root / 'none.txt'}",
        f"error: no such file: `not.txt`\n  at:        wasmbuild.yaml:18:23\n  looked at: {own / 'not.txt'}",
    ]


@pytest.mark.parametrize("place", ["../out", "a/../../out", "a/../b", "/etc/out", "..", "."])
@pytest.mark.parametrize("field", ["files: {'%s': in.txt}", "produces: {'%s': {}}"])
def test_a_place_outside_of_the_private_directory_is_refused(tmp_path: Path, field: str, place: str) -> None:
    (error,) = errors(tmp_path, f"tests:\n  - {{name: t, run: app, {field % place}}}\n")
    assert error.startswith(f"error: not in the private directory: `{place}`\n  at: wasmbuild.yaml:8:")
    assert error.endswith("\nhelp: name a place below the test's private directory, such as `data/in.txt`")


def test_a_place_with_dots_in_its_name_is_inside(tmp_path: Path) -> None:
    assert only(tmp_path, "{name: t, run: app, files: {'a..b/..c': in.txt}}").files[0][0] == "a..b/..c"


def test_without_tests_each_output_must_load(tmp_path: Path) -> None:
    assert [case.call or case.steps for case in cases_of(tmp_path, "")] == [(), (), ()]
