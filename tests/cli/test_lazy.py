"""Lazy libraries of a project, from its manifest to what runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import wasmbuild

FILES = {
    "wasmbuild.yaml": """\
name: late
libraries:
  one: {sources: [one.c], headers: [one.h], exports: ["*"]}
  two: {sources: [two.c], exports: ["*"], requires: [{name: one, lazy: true}]}
  both: {sources: [both.c], exports: ["*"], requires: [{name: one, lazy: true}, {name: two, lazy: true}]}
programs:
  app: {sources: [app.c], requires: [{name: one, lazy: true}, {name: two, lazy: true}]}
tests:
  - {name: three, call: three, in: both, args: [1], returns: 4}
  - {name: it runs, run: app, args: [x], stdout: "app\\none comes\\n1\\n"}
""",
    "one.h": "extern int counted;\nint one(void);\n",
    "one.c": """\
#include "one.h"
#include <stdio.h>
int counted;
__attribute__((constructor)) static void comes(void) { puts("one comes"); }
int one(void) { return ++counted; }
""",
    "two.c": """\
#include <stdio.h>
int one(void);
__attribute__((constructor)) static void comes(void) { puts("two comes"); }
int two(void) { return 1 + one(); }
""",
    "both.c": "int one(void), two(void);\nint three(int n) { return n ? one() + two() : 0; }\n",
    "app.c": """\
#include <stdio.h>
int one(void), two(void);
int main(int argc, char **argv) {
    puts("app");
    if (argc > 1) printf("%d\\n", one());
    if (argc > 2) printf("%d\\n", two());
    return argv[0] == 0;
}
""",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory, project, run_wasmbuild) -> Path:
    directory = project(tmp_path_factory.mktemp("late"), FILES)
    ran = run_wasmbuild("build", cwd=directory)
    assert (ran.status, "warning" in ran.stderr) == (0, False), ran.stderr
    return directory


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [([], "app\n"), (["x"], "app\none comes\n1\n"), (["x", "y"], "app\none comes\n1\ntwo comes\n3\n")],
)
def test_a_program_loads_what_it_calls(built, run_wasmbuild, arguments, printed) -> None:
    ran = run_wasmbuild("run", "app", *arguments, cwd=built)
    assert (ran.status, ran.stdout) == (0, printed)


def test_verbose_a_run_says_what_came_at_which_call(built, run_wasmbuild) -> None:
    said = run_wasmbuild("run", "-v", "build/bin/app.wasm", "x", cwd=built).stderr.splitlines()
    assert re.fullmatch(r"lazy: `libone\.so` came at the call of `one`, \d+\.\d ms after the start", said[0])
    assert said[1:] == ["lazy: `libtwo.so` did not come"]


def test_an_inspection_says_what_waits(built, run_wasmbuild) -> None:
    shown = run_wasmbuild("inspect", "build/bin/app.wasm", cwd=built).stdout
    assert "libone.so (lazy), libtwo.so (lazy), libc.so\n" in shown
    assert re.search(r"linked against  libone\.so [0-9a-f]+, libtwo\.so [0-9a-f]+, libc\.so [0-9a-f]+\n", shown)


def test_tests_pass_and_the_graph_says_what_waits(built, run_wasmbuild) -> None:
    tested = run_wasmbuild("test", cwd=built)
    assert tested.status == 0, tested.stdout + tested.stderr
    drawn = run_wasmbuild("graph", "build/bin/app.wasm", cwd=built).stdout
    assert '["libtwo.so (lazy)"]' in drawn
    assert "|1, lazy|" in drawn
    plan = json.loads(run_wasmbuild("plan", "build/bin/app.wasm", cwd=built).stdout)
    assert [plan["modules"][lazy["module"]]["name"] for lazy in plan["lazy"]] == ["libone.so", "libtwo.so"]


def test_python_loads_what_it_calls(built) -> None:
    with wasmbuild.load(built / "build/lib/libboth.so", stdio="captured") as both:
        assert both.call("three", 0) == 0
        assert both.stdout == b""
        assert both.call("three", 1) == 4
        assert both.stdout == b"one comes\n"
        assert both.call("two") == 4
        assert both.memory.get("int", both.address("counted")) == 3
    with wasmbuild.load(built / "build/lib/libboth.so", stdio="none") as both:
        assert both.functions["two"]() == 2  # what a lazy library exports
        with both.open("libone.so") as one:
            assert one.call("one") == 2


def test_what_cannot_be_opened_is_the_end_of_the_process(built, tmp_path) -> None:
    for name in ("libboth.so", "libone.so", "libtwo.so", "libc.so"):
        (tmp_path / name).write_bytes((built / "build/lib" / name).read_bytes())
    with wasmbuild.load(tmp_path / "libboth.so", stdio="none") as both:
        (tmp_path / "libone.so").write_bytes(b"")
        with pytest.raises(wasmbuild.Trap, match=r"`libone\.so` cannot be opened, at the call of `one`: ") as raised:
            both.call("three", 1)
        assert raised.value.kind == "not-opened"
        with pytest.raises(wasmbuild.ProcessDead, match="cannot be opened"):
            both.call("three", 0)


def test_a_build_says_which_data_keep_a_library_from_waiting(tmp_path, project, run_wasmbuild) -> None:
    uses = '#include "one.h"\nint one(void), two(void);\nint three(int n) { return n ? counted + two() : 0; }\n'
    directory = project(tmp_path, FILES | {"both.c": uses})
    ran = run_wasmbuild("build", cwd=directory)
    assert ran.status == 0
    said = (
        "warning: loaded at once, and not at the first call: `libone.so`\n  needed lazily by: libboth.so, libtwo.so\n"
    )
    assert said + "  data used by:     libboth.so  `counted`\n" in ran.stderr
    assert ran.stderr.count("loaded at once") == 1
