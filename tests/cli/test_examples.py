"""The examples and every command, run through the real command line as a newcomer does."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cliprojects import COMPILES_RECIPES_S, EXAMPLES, TWO_LIBRARIES, copy_example, edit, marks_for_source, outputs

ESCAPE = "\x1b["

BROKEN = {"wasmbuild.yaml": "name: broken\nlibrarys: {}\n"}

# `json-table` is over large libraries: those that are not in the cache yet take minutes.
MARKS_OF_JSON_TABLE = (
    pytest.mark.slow,
    *(mark for recipe in ("abseil", "fmt", "nlohmann-json", "re2") for mark in marks_for_source(recipe)),
)
MARKS_OF_PLACARD = (
    pytest.mark.slow,
    *(mark for recipe in ("freetype", "libpng", "sqlite", "zlib") for mark in marks_for_source(recipe)),
)


@pytest.fixture(scope="module")
def greet(tmp_path_factory: pytest.TempPathFactory, libc: Path, run_wasmbuild) -> Path:
    """The example `greet`, built; nothing here changes it."""
    directory = copy_example("greet", tmp_path_factory.mktemp("examples"))
    built = run_wasmbuild("build", cwd=directory)
    assert built.status == 0, built.stderr
    return directory


# The examples.


@pytest.mark.parametrize(
    ("name", "tests"),
    [
        ("two-modules", ["prints 42", "loads libmodule1.so", "loads libmodule2.so"]),
        ("shared-globals", ["a callback goes down", "a table that points into other libraries", "loads libuser.so"]),
        ("greet", ["greets everybody in the file, by length", "errno crosses from the library to the program"]),
        pytest.param("zpipe", ["compresses a file and gets it back"], marks=marks_for_source("zlib")),
        pytest.param(
            "placard",
            ["draws a word, keeps its picture, and reads it back"],
            marks=MARKS_OF_PLACARD,
        ),
        pytest.param(
            "json-table",
            ["what the libraries throw is caught by its type and by its bases", "fifty thousand rows"],
            marks=MARKS_OF_JSON_TABLE,
        ),
    ],
)
def test_an_example_passes_its_tests(name, tests, tmp_path, libc, run_wasmbuild):
    directory = copy_example(name, tmp_path)
    ran = run_wasmbuild("test", cwd=directory, timeout_s=COMPILES_RECIPES_S)
    assert ran.status == 0, ran.stdout + ran.stderr
    lines = ran.stdout.splitlines()
    for test in tests:
        assert any(line.startswith(f"test {test} ... ok (") for line in lines), ran.stdout
    passed = sum(line.startswith("test ") for line in lines)
    assert lines[-1] == f"{passed} passed, 0 failed"
    assert passed >= len(tests)


def test_there_is_a_test_for_every_example():
    assert {path.parent.name for path in EXAMPLES.glob("*/wasmbuild.yaml")} == {
        "two-modules",
        "shared-globals",
        "greet",
        "zpipe",
        "placard",
        "json-table",
    }


@pytest.fixture(scope="module", params=[pytest.param("json-table", marks=MARKS_OF_JSON_TABLE)])
def json_table(request, tmp_path_factory: pytest.TempPathFactory, libc: Path, run_wasmbuild) -> Path:
    """The example `json-table`, built without a warning and with nothing but what it uses."""
    directory = copy_example(request.param, tmp_path_factory.mktemp("examples"))
    built = run_wasmbuild("build", cwd=directory, timeout_s=COMPILES_RECIPES_S)
    assert built.status == 0, built.stderr
    assert "warning" not in built.stderr
    return directory


def test_an_application_has_with_it_what_it_uses(json_table, run_wasmbuild):
    libraries = sorted(path.name for path in (json_table / "build/lib").glob("*.so"))
    ours = ["libdocument.so", "libquery.so", "libtable.so"]
    theirs = ["libabsl.so", "libc++.so", "libc.so", "libfmt.so", "libre2.so"]
    assert libraries == sorted(ours + theirs)
    files = ["build/bin/jsontable.wasm", *(f"build/lib/{name}" for name in ours)]
    ran = run_wasmbuild("check", *files, cwd=json_table)
    assert (ran.status, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["broken.json"], "broken.json:2:16: unexpected ']'; expected '}'\n"),
        (["missing.json"], "jsontable: missing.json: No such file or directory\n"),
        (["--rows=a.b", "rows.json"], "rows.json: there is no `a`\n"),
        (["--sort=nmae", "rows.json"], "jsontable: no column `nmae`; did you mean `name`?\n"),
        (["--sort=altitude", "rows.json"], "jsontable: no column `altitude`\n"),
        (["--where=name=(", "rows.json"], "jsontable: not a regular expression: `(`: missing ): (\n"),
    ],
)
def test_exceptions_of_libraries_become_messages_of_the_program(arguments, said, json_table, run_wasmbuild):
    (json_table / "broken.json").write_text('[\n  {"näme": "é" ]\n', encoding="utf-8")
    (json_table / "rows.json").write_text('[{"name": "x"}]', encoding="utf-8")
    ran = run_wasmbuild("run", "--dir", ".", "jsontable", "--", *arguments, cwd=json_table)
    assert (ran.status, ran.stdout, ran.stderr) == (1, "", said)


def test_a_test_that_fails_is_shown_with_its_place_and_both_values(tmp_path, libc, run_wasmbuild):
    directory = copy_example("greet", tmp_path)
    edit(directory / "wasmbuild.yaml", 'stdout: "3 greeted, 15 letters\\n"', 'stdout: "4 greeted\\n"')
    ran = run_wasmbuild("test", "-k", "writes", cwd=directory)
    assert ran.status == 1
    assert "error: test failed: `writes the greetings into a file`" in ran.stdout
    assert "wasmbuild.yaml:" in ran.stdout
    assert r"expected: '4 greeted\n'" in ran.stdout
    assert r"actual:   '3 greeted, 15 letters\n'" in ran.stdout
    assert ran.stdout.splitlines()[-1] == "0 passed, 1 failed"


def test_tests_are_chosen_and_reported_for_programs(greet, tmp_path, run_wasmbuild):
    report = tmp_path / "report.xml"
    ran = run_wasmbuild("test", "-k", "errno", "--json", "--junit-xml", report, cwd=greet)
    assert ran.status == 0, ran.stderr
    document = ran.json()
    assert [document["schema"], document["passed"], document["failed"]] == [1, 1, 0]
    assert [test["name"] for test in document["tests"]] == ["errno crosses from the library to the program"]
    assert 'name="errno crosses from the library to the program"' in report.read_text(encoding="utf-8")


# run


def test_run_passes_the_exit_status_arguments_and_directories(greet, run_wasmbuild):
    ran = run_wasmbuild("run", "--dir", "data::/in", "greet", "/in/names.txt", cwd=greet)
    assert (ran.status, ran.stdout.splitlines()) == (
        0,
        ["hello, Ada!", "hello, Grace!", "hello, Barbara!", "3 greeted, 15 letters"],
    )
    missing = run_wasmbuild("run", "--dir", "data::/in", "greet", "--", "/in/nobody.txt", cwd=greet)
    assert (missing.status, missing.stdout) == (2, "")
    assert "/in/nobody.txt: No such file or directory" in missing.stderr
    assert run_wasmbuild("run", "greet", cwd=greet).status == 64


def test_run_shows_a_program_only_the_directories_that_were_named(greet, run_wasmbuild):
    hidden = run_wasmbuild("run", "greet", "data/names.txt", cwd=greet)
    assert hidden.status != 0
    assert "data/names.txt" in hidden.stderr
    shown = run_wasmbuild("run", "--dir", "data", "greet", "--", "data/names.txt", cwd=greet)
    assert shown.status == 0, shown.stderr


def test_run_passes_environment_and_standard_input(greet, run_wasmbuild):
    ran = run_wasmbuild("run", "--env", "GREETING=moin", "greet", "--", "-", cwd=greet, stdin="Grete\n")
    assert (ran.status, ran.stdout) == (0, "moin, Grete!\n1 greeted, 5 letters\n")
    outside = run_wasmbuild("run", "greet", "--", "-", cwd=greet, stdin="Grete\n", env={"GREETING": "no"})
    assert outside.stdout == "hello, Grete!\n1 greeted, 5 letters\n"


def test_run_takes_a_file_from_anywhere(greet, tmp_path, run_wasmbuild):
    ran = run_wasmbuild("run", greet / "build/bin/greet.wasm", "--", "-", cwd=tmp_path, stdin="Ada\n")
    assert (ran.status, ran.stdout) == (0, "hello, Ada!\n1 greeted, 3 letters\n")


@pytest.mark.parametrize(
    ("arguments", "headline", "more"),
    [
        (["greeet"], "error: no program `greeet`", "help: did you mean `greet`?"),
        (["nothing.wasm"], "error: no such file: `nothing.wasm`", ""),
        (["--env", "ALONE", "greet"], "error: not NAME=VALUE: `--env ALONE`", ""),
        (["--dir", "nowhere::/", "greet"], "error: no such directory: `nowhere`", "in `--dir nowhere::/`"),
    ],
)
def test_run_says_what_is_wrong_with_its_arguments(arguments, headline, more, greet, run_wasmbuild):
    ran = run_wasmbuild("run", *arguments, cwd=greet)
    assert ran.status == 1
    assert headline in ran.stderr
    assert more in ran.stderr
    assert ran.stdout == ""


def test_run_ends_with_134_and_says_where_when_a_program_traps(tmp_path, libc, project, run_wasmbuild):
    manifest = "name: crash\nprograms:\n  crash: {sources: [crash.c]}\n"
    code = "#include <stdlib.h>\nint main(int argc, char **argv) {\n    if (argc)\n        abort();\n    return 0;\n}\n"
    directory = project(tmp_path, {"wasmbuild.yaml": manifest, "crash.c": code})
    ran = run_wasmbuild("run", "crash", cwd=directory)
    assert ran.status == 134
    assert "error: `build/bin/crash.wasm` trapped: " in ran.stderr
    assert "abort" in ran.stderr


# check and inspect


def test_check_finds_nothing_wrong_with_what_was_built(greet, run_wasmbuild):
    files = ["build/bin/greet.wasm", "build/lib/libgreeting.so", "build/lib/libnames.so", "build/lib/libc.so"]
    ran = run_wasmbuild("check", *files, cwd=greet)
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [f"{file}: ok" for file in files]
    assert run_wasmbuild("check", "-q", *files, cwd=greet).stdout == ""
    document = run_wasmbuild("check", "--json", *files, cwd=greet).json()
    assert (document["schema"], document["ok"]) == (1, True)
    assert [entry["path"] for entry in document["files"]] == files


def test_inspect_shows_what_is_in_each_output(greet, run_wasmbuild):
    ran = run_wasmbuild("inspect", "build/lib/libgreeting.so", "build/bin/greet.wasm", cwd=greet)
    assert (ran.status, ran.stderr) == (0, "")
    assert "build/lib/libgreeting.so: shared library, " in ran.stdout
    assert "build/bin/greet.wasm: program (-pie), " in ran.stdout
    assert re.search(r"func \(i32\) -> i32 +greeting_for\n", ran.stdout)


def test_inspect_prints_the_same_as_json(greet, run_wasmbuild):
    document = run_wasmbuild("inspect", "--json", "build/lib/libgreeting.so", cwd=greet).json()
    assert (document["schema"], document["ok"]) == (1, True)
    (file,) = document["files"]
    assert file["kind"] == "shared library"
    assert file["size_bytes"] == (greet / "build/lib/libgreeting.so").stat().st_size
    assert file["dylink"]["needed"] == ["libc.so"]
    assert {"greeting_for", "greeting_letters"} <= {export["name"] for export in file["exports"]}


def test_inspect_reads_objects(greet, run_wasmbuild):
    ran = run_wasmbuild("inspect", "build/obj/library-names/src/names.c.o", cwd=greet)
    assert ran.status == 0
    assert "relocatable object" in ran.stdout
    assert "names_read" in ran.stdout


def test_inspect_shows_what_it_can_and_fails_for_the_rest(greet, run_wasmbuild):
    ran = run_wasmbuild("inspect", "nothing.so", "build/lib/libnames.so", cwd=greet)
    assert ran.status == 1
    assert "build/lib/libnames.so: shared library" in ran.stdout
    assert "nothing.so" in ran.stderr
    document = run_wasmbuild("inspect", "--json", "nothing.so", "build/lib/libnames.so", cwd=greet).json()
    assert document["ok"] is False
    assert len(document["files"]) == len(document["diagnostics"]) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk that is always full")
def test_output_that_cannot_be_written_is_an_error_and_no_traceback(greet, user_environment):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "wasmbuild", "inspect", "build/lib/libc.so"],
            cwd=greet,
            env=user_environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("error: no space left on device\n")


def test_a_reader_that_goes_away_is_no_error(greet, start_wasmbuild):
    process = start_wasmbuild("inspect", "build/lib/libc.so", cwd=greet)
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(60) == 1


# new, clean, doctor, recipe, schema


def test_new_makes_a_project_that_passes_its_tests(tmp_path, libc, run_wasmbuild):
    made = run_wasmbuild("new", "my-tool", cwd=tmp_path)
    assert made.status == 0
    assert "wasmbuild test" in made.stderr
    ran = run_wasmbuild("-C", "my-tool", "test", cwd=tmp_path)
    assert ran.status == 0, ran.stdout + ran.stderr
    assert ran.stdout.splitlines()[-1] == "4 passed, 0 failed"
    assert run_wasmbuild("-C", "my-tool", "run", "my-tool", "--", "20", "22", cwd=tmp_path).stdout == "42\n"
    schema = json.loads((tmp_path / "my-tool/wasmbuild.schema.json").read_text(encoding="utf-8"))
    assert "Manifest" in schema["$defs"]


@pytest.mark.parametrize("name", ["1st", "a/b", "..", "with space", "ünicode", "-"])
def test_new_refuses_what_is_no_name(name, tmp_path, run_wasmbuild):
    ran = run_wasmbuild("new", "--", name, cwd=tmp_path)
    assert (ran.status, list(tmp_path.iterdir())) == (1, [])
    assert ran.stderr.startswith(f"error: not a project's name: `{name}`\n")


def test_new_does_not_touch_what_is_there(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path / "mine", {"wasmbuild.yaml": "precious"})
    ran = run_wasmbuild("new", "mine", cwd=tmp_path)
    assert ran.status == 1
    assert ran.stderr.startswith("error: `mine` exists already\n")
    assert (directory / "wasmbuild.yaml").read_text() == "precious"


def test_clean_removes_the_build_directory_and_nothing_else(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path, TWO_LIBRARIES)
    assert run_wasmbuild("build", cwd=directory).status == 0
    before = outputs(directory)
    ran = run_wasmbuild("clean", cwd=directory)
    assert (ran.status, ran.stderr) == (0, "removed build/\n")
    left = {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()}
    assert left == set(TWO_LIBRARIES)
    assert run_wasmbuild("clean", cwd=directory).status == 0
    assert run_wasmbuild("build", "-q", cwd=directory).status == 0
    assert outputs(directory) == before


def test_clean_removes_nothing_outside_of_a_project(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path, {"build/precious.txt": "mine"})
    assert run_wasmbuild("clean", cwd=directory).status == 1
    assert (directory / "build/precious.txt").read_text() == "mine"


def test_doctor_finds_everything(tmp_path, libc, run_wasmbuild):
    ran = run_wasmbuild("doctor", cwd=tmp_path)
    assert ran.status == 0, ran.stdout
    assert "MISSING" not in ran.stdout
    assert str(libc) in ran.stdout
    document = run_wasmbuild("doctor", "--json", cwd=tmp_path).json()
    assert document["ok"] is True
    assert {"python", "ninja", "wasmtime", "ziglang", "cache"} <= {entry["name"] for entry in document["found"]}


def test_doctor_says_what_is_wrong(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path, {"toolchain.yaml": "toolchain: llvm\nllvm: {suffix: -nowhere}\n", "file": ""})
    ran = run_wasmbuild("doctor", cwd=directory, env={"WASMBUILD_CACHE": str(directory / "file" / "cache")})
    assert ran.status == 1
    missing = [line for line in ran.stdout.splitlines() if line.startswith("MISSING")]
    assert [line.split()[1] for line in missing] == ["toolchain", "cache"]
    assert "set WASMBUILD_CACHE to a directory that you can write to" in ran.stdout


def test_recipe_list_and_show(tmp_path, run_wasmbuild):
    listed = run_wasmbuild("recipe", "list", cwd=tmp_path)
    assert listed.status == 0
    assert {"lua", "zlib"} <= {line.split()[0] for line in listed.stdout.splitlines()}
    entries = run_wasmbuild("recipe", "list", "--json", cwd=tmp_path).json()["recipes"]
    assert {"libz.so"} == {name for entry in entries if entry["name"] == "zlib" for name in entry["libraries"]}
    shown = run_wasmbuild("recipe", "show", "zlib", cwd=tmp_path)
    assert shown.status == 0
    assert shown.stdout.startswith("zlib: ")
    assert run_wasmbuild("recipe", "show", "zlib", "--json", cwd=tmp_path).json()["recipe"]["name"] == "zlib"


def test_recipes_of_the_project_are_listed_first_and_hide_others(tmp_path, project, run_wasmbuild):
    recipe = 'name: zlib\nversion: "99"\nsource: [{path: .}]\nlibraries: {z: {sources: [z.c]}}\n'
    directory = project(tmp_path, {"recipes/zlib/recipe.yaml": recipe})
    lines = run_wasmbuild("recipe", "list", cwd=directory).stdout.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("  zlib ")] == ["99"]


@pytest.mark.parametrize("action", ["show", "fetch", "test"])
def test_an_unknown_recipe_is_an_error_that_suggests_one(action, tmp_path, run_wasmbuild):
    ran = run_wasmbuild("recipe", action, "zlip", cwd=tmp_path)
    assert ran.status == 1
    assert ran.stderr == "error: unknown recipe: `zlip`\nhelp: did you mean `zlib`?\n"


@pytest.mark.parametrize("recipe", [pytest.param("zlib", marks=marks_for_source("zlib"))])
def test_recipe_fetch_says_what_it_has_and_from_where(recipe, tmp_path, run_wasmbuild):
    assert run_wasmbuild("recipe", "fetch", recipe, cwd=tmp_path).status == 0
    again = run_wasmbuild("recipe", "fetch", "--offline", recipe, cwd=tmp_path)
    assert again.status == 0
    assert again.stdout.startswith("zlib 1.3.1: ")
    assert again.stdout.endswith("  the cache\n")


def test_recipe_fetch_wants_names(tmp_path, run_wasmbuild):
    ran = run_wasmbuild("recipe", "fetch", cwd=tmp_path)
    assert (ran.status, ran.stderr) == (1, "error: no recipe named\nhelp: name recipes, or say --all\n")


@pytest.mark.parametrize(("kind", "root"), [([], "Manifest"), (["manifest"], "Manifest"), (["toolchain"], "Toolchain")])
def test_schema_prints_a_json_schema(kind, root, tmp_path, run_wasmbuild):
    document = run_wasmbuild("schema", *kind, cwd=tmp_path).json()
    assert document["$schema"].startswith("https://json-schema.org/")
    assert root in document["$ref"]
    assert document["$ref"].rpartition("/")[2] in document["$defs"]


# What all commands have in common.


def test_version_is_that_of_the_package(tmp_path, run_wasmbuild):
    from wasmbuild import __version__

    ran = run_wasmbuild("--version", cwd=tmp_path)
    assert (ran.status, ran.stdout) == (0, f"wasmbuild {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "COMMAND"),
        (["frobnicate"], "frobnicate"),
        (["build", "--frobnicate"], "--frobnicate"),
        (["build", "-j", "0"], "1 or more"),
        (["build", "-j", "many"], "many"),
        (["build", "--color", "sometimes"], "sometimes"),
        (["build", "--offlin"], "--offlin"),
        (["inspect"], "FILE"),
        (["run"], "the following arguments are required: PROGRAM\n"),
        (["run", "--frobnicate", "greet"], "--frobnicate"),
        (["new"], "NAME"),
        (["recipe"], "ACTION"),
        (["recipe", "bake"], "bake"),
        (["schema", "recipe"], "recipe"),
        (["completion"], "the following arguments are required: SHELL\n"),
        (["completion", "csh"], "must be bash, zsh, fish, not `csh`\n"),
    ],
)
def test_a_command_line_that_makes_no_sense_ends_with_2(arguments, message, tmp_path, run_wasmbuild):
    ran = run_wasmbuild(*arguments, cwd=tmp_path)
    assert (ran.status, ran.stdout) == (2, "")
    assert ran.stderr.startswith("usage: wasmbuild")
    assert message in ran.stderr
    assert "_jobs" not in ran.stderr  # a name of our code says nothing to a user


@pytest.mark.parametrize("command", [["build"], ["test"], ["run", "greet"], ["clean"]])
def test_a_directory_without_a_project_is_an_error_with_help(command, tmp_path, run_wasmbuild):
    ran = run_wasmbuild(*command, cwd=tmp_path)
    assert (ran.status, ran.stdout) == (1, "")
    assert ran.stderr.startswith(f"error: no `wasmbuild.yaml` in `{tmp_path}` or in a directory above it\n")
    assert "help: go to the project's directory, or name it with -C\n" in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["before", "after"])
def test_capital_c_starts_in_another_directory(place, tmp_path, project, run_wasmbuild):
    project(tmp_path / "there", TWO_LIBRARIES)
    arguments = ["-C", "there", "build"] if place == "before" else ["build", "-C", "there"]
    ran = run_wasmbuild(*arguments, cwd=tmp_path)
    assert ran.status == 0, ran.stderr
    assert set(outputs(tmp_path / "there")) == {"include/base.h", "lib/libbase.so", "lib/libtotal.so"}


def test_capital_c_names_a_directory_that_is_not_there(tmp_path, run_wasmbuild):
    ran = run_wasmbuild("-C", "nowhere", "build", cwd=tmp_path)
    assert (ran.status, ran.stderr) == (1, "error: no such file or directory: `nowhere`\n")


def test_quiet_says_errors_only(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path, TWO_LIBRARIES)
    built = run_wasmbuild("-q", "build", cwd=directory)
    assert (built.status, built.stdout, built.stderr) == (0, "", "")
    again = run_wasmbuild("build", "-q", cwd=directory)
    assert (again.status, again.stdout, again.stderr) == (0, "", "")
    edit(directory / "src/base/one.c", "return 1;", "return one;")
    failed = run_wasmbuild("build", "-q", cwd=directory)
    assert failed.status == 1
    assert failed.stderr.startswith("src/base/one.c:4:12: error:")


def test_verbose_shows_the_commands(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path, TWO_LIBRARIES)
    ran = run_wasmbuild("build", "-v", cwd=directory)
    assert ran.status == 0
    compiled = [line for line in ran.stderr.splitlines() if "-c src/base/one.c" in line]
    assert compiled
    assert "-fPIC" in compiled[0]


def test_color_is_for_terminals_and_for_whom_asks(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path, BROKEN)
    plain = run_wasmbuild("build", cwd=directory).stderr
    always = run_wasmbuild("build", "--color", "always", cwd=directory)
    assert ESCAPE not in plain
    assert plain.startswith("error: unknown key")
    assert always.status == 1
    assert always.stderr.startswith("\x1b[1;31merror:\x1b[0m unknown key")
    asked = run_wasmbuild("--color=always", "build", cwd=directory, env={"NO_COLOR": "1"})
    assert asked.stderr == always.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("changes", "options", "colored"),
    [
        ({}, [], True),
        ({"NO_COLOR": "1"}, [], False),
        ({"TERM": "dumb"}, [], False),
        ({}, ["--color", "never"], False),
        ({"NO_COLOR": "1"}, ["--color", "always"], True),
    ],
)
def test_color_on_a_terminal(changes, options, colored, tmp_path, project, user_environment):
    import pty

    directory = project(tmp_path, BROKEN)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "wasmbuild", "build", *options],
        cwd=directory,
        env=user_environment({"TERM": "xterm", **changes}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    text = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # what Linux says when the other end is closed
            break
        if not piece:
            break
        text += piece
    os.close(ours)
    assert process.wait(60) == 1
    assert b"unknown key" in text
    assert (b"\x1b[1;31m" in text) == colored


def test_clang_colors_its_messages_when_asked(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path, TWO_LIBRARIES | {"src/base/one.c": "int base_one(void) { return one; }\n"})
    assert ESCAPE in run_wasmbuild("build", "--color", "always", cwd=directory).stderr
    assert ESCAPE not in run_wasmbuild("build", cwd=directory).stderr


def test_build_prints_json_alone_on_stdout(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path, TWO_LIBRARIES)
    for _ in range(2):  # with everything to do, and with nothing
        document = run_wasmbuild("build", "--json", cwd=directory).json()
        assert (document["schema"], document["ok"], document["diagnostics"]) == (1, True, [])
        assert [entry["path"] for entry in document["outputs"]] == ["build/lib/libbase.so", "build/lib/libtotal.so"]
    edit(directory / "wasmbuild.yaml", "requires: [base]", "requires: []")
    failed = run_wasmbuild("build", "--json", cwd=directory)
    assert failed.status == 1
    document = failed.json()
    assert document["ok"] is False
    codes = {finding["code"] for finding in document["diagnostics"]}
    assert codes == {"undefined-symbol"}


def test_a_program_that_runs_forever_is_interrupted(tmp_path, libc, project, start_wasmbuild, run_wasmbuild):
    manifest = "name: spin\nprograms:\n  spin: {sources: [spin.c]}\n"
    code = (
        '#include <stdio.h>\nint main(void) {\n    puts("spinning");\n    fflush(stdout);\n    for (;;)\n        ;\n}\n'
    )
    directory = project(tmp_path, {"wasmbuild.yaml": manifest, "spin.c": code})
    assert run_wasmbuild("build", cwd=directory).status == 0
    process = start_wasmbuild("run", "spin", cwd=directory)
    assert process.stdout.readline() == "spinning\n"
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode in (130, -signal.SIGINT)  # a shell shows 130 for both
    assert stderr == ""
