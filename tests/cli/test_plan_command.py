"""`wasmbuild plan`: how a program is loaded, as a document, of a file and of a name."""

from __future__ import annotations

import subprocess
import sys

from wasmbuild.link.plan import decode_plan

FILES = {
    "wasmbuild.yaml": "name: p\ndefaults: {libc: none}\nlibraries: {a: {sources: [a.c]}}\n"
    "programs: {main: {sources: [m.c], requires: [a]}}\n",
    "a.c": "int a(void) { return 1; }\n",
    "m.c": "int a(void);\nvoid _start(void) { a(); }\n",
}


def test_the_plan_of_a_program_by_its_name_and_by_its_file(tmp_path, project, run_wasmbuild) -> None:
    directory = project(tmp_path, FILES)
    early = run_wasmbuild("plan", "main", cwd=directory)
    assert (early.status, early.stdout) == (1, "")
    assert "error: `main` was not built yet" in early.stderr
    assert run_wasmbuild("build", cwd=directory).status == 0
    by_name = run_wasmbuild("plan", "main", cwd=directory)
    assert by_name.status == 0, by_name.stderr
    plan = decode_plan(by_name.stdout.encode())
    assert [(module.name, module.path) for module in plan.modules] == [
        ("main.wasm", "main.wasm"),
        ("liba.so", "../lib/liba.so"),
    ]
    assert plan.start == "_start"
    (directory / "sub").mkdir()
    for where, name in ((directory, "build/bin/main.wasm"), (directory / "sub", "main")):
        assert run_wasmbuild("plan", name, cwd=where).stdout == by_name.stdout


def test_what_cannot_be_loaded_has_no_plan(tmp_path, project, run_wasmbuild) -> None:
    directory = project(tmp_path, FILES)
    assert run_wasmbuild("build", cwd=directory).status == 0
    (directory / "build/lib/liba.so").unlink()
    ran = run_wasmbuild("plan", "main", cwd=directory)
    assert (ran.status, ran.stdout) == (1, "")
    assert "error: needed library not found: `liba.so`" in ran.stderr
    assert "did you mean `main`?" in run_wasmbuild("plan", "maim", cwd=directory).stderr


def test_a_program_runs_with_a_closed_standard_output(tmp_path, project, run_wasmbuild, user_environment) -> None:
    directory = project(tmp_path, FILES)
    assert run_wasmbuild("build", cwd=directory).status == 0
    command = [sys.executable, "-P", "-m", "wasmbuild", "run", "build/bin/main.wasm"]
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", *command],
        cwd=directory,
        env=user_environment(),
        stderr=subprocess.PIPE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
