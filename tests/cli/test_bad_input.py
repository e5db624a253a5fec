"""What is wrong with a manifest or with sources: each gets a message of its own and status 1, good outputs of earlier
builds stay, and with the input repaired the next build succeeds."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cliprojects import edit, outputs

from wasmbuild.builder.toolchain import find_toolchain, read_settings


@pytest.fixture
def fails_then_recovers(run_wasmbuild):
    """Build what is broken: status 1, the outputs untouched. Then put the good text back and build again."""

    def check(directory: Path, file: str, broken: str | bytes, *expected: str) -> str:
        path = directory / file
        good, before = path.read_bytes(), outputs(directory)
        path.write_bytes(broken if isinstance(broken, bytes) else broken.encode())
        failed = run_wasmbuild("build", cwd=directory)
        assert failed.status == 1, failed.stderr
        for text in expected:
            assert text in failed.stderr
        assert failed.stdout == ""
        assert outputs(directory) == before
        path.write_bytes(good)
        repaired = run_wasmbuild("build", cwd=directory)
        assert repaired.status == 0, repaired.stderr
        assert outputs(directory) == before
        return failed.stderr

    return check


# The manifest.

HEAD = "name: two\ndefaults: {libc: none, include: [include]}\n"
LIBRARY = HEAD + "libraries:\n  base:\n    sources: [src/base/one.c]\n"


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        ("name: [two\nlibraries: {}\n", ["error: a list that is not closed", "at: wasmbuild.yaml:1:7"]),
        ("name: two\nlibraries:\n\tbase: {}\n", ["error: a tab where YAML has spaces", "at: wasmbuild.yaml:3:1"]),
        (b"\x7fELF\0\0\0\xff\xfe", ["error: not valid YAML: ", "at: wasmbuild.yaml:1:1"]),
        (b"name: caf\xe9\n", ["error: not valid YAML: ", "at: wasmbuild.yaml:1:"]),
        ("", ["error: `wasmbuild.yaml` is empty"]),
        ("- name: two\n", ["error: ", "at: wasmbuild.yaml:1:1", "a list"]),
        (
            LIBRARY + "    requirse: [base]\n",
            [
                "error: unknown key in `libraries.base`: `requirse`",
                "at: wasmbuild.yaml:6:5",
                "did you mean `requires`?",
            ],
        ),
        (
            HEAD + "libraries:\n  base: {sources: src/base/one.c}\n",
            [
                "error: `libraries.base.sources` must be a list, not text",
                "at: wasmbuild.yaml:4:19",
                "help: write a list",
            ],
        ),
        (
            LIBRARY + "    link: sometimes\n",
            ["error: `libraries.base.link` must be `dynamic` or `static`, not `sometimes`", "wasmbuild.yaml:6:11"],
        ),
        (
            HEAD + 'libraries:\n  base: {sources: ["source/*.c"]}\n',
            ["error: no file matches `source/*.c`", "wasmbuild.yaml:4:20"],
        ),
        (
            HEAD + "libraries:\n  base: {sources: [src/base/on.c]}\n",
            ["error: no such file: `src/base/on.c`", "wasmbuild.yaml:4:20", "did you mean `src/base/one.c`?"],
        ),
        (
            LIBRARY + "requires: [zlip]\n",
            ["error: unknown recipe: `zlip`", "at: wasmbuild.yaml:6:12", "did you mean `zlib`?"],
        ),
        (
            LIBRARY + '    requires: ["zlib >=99"]\n',
            ["error: version not available: `zlib >=99`", "wasmbuild.yaml:6:16", "there are: zlib "],
        ),
        (
            LIBRARY + "    requires: [base]\n",
            ["error: library `base` requires itself", "at: wasmbuild.yaml:6:16"],
        ),
        (
            LIBRARY + "  b: {sources: [src/base/two.c], output: libbase.so}\n",
            ["error: two targets would be `build/lib/libbase.so`", "wasmbuild.yaml:6:", "`base`: wasmbuild.yaml:4:3"],
        ),
        (
            LIBRARY + "  base:\n    sources: [src/base/two.c]\n",
            ["error: `base` is there twice in `libraries`", "at:    wasmbuild.yaml:6:3", "first: wasmbuild.yaml:4:3"],
        ),
    ],
    ids=[
        "not yaml",
        "a tab",
        "binary",
        "not utf-8",
        "empty",
        "a list",
        "unknown key",
        "wrong type",
        "wrong value",
        "a pattern that matches nothing",
        "a file that is not there",
        "unknown recipe",
        "version not available",
        "requires itself",
        "two outputs of one name",
        "two of one name",
    ],
)
def test_a_broken_manifest(broken, expected, two, fails_then_recovers):
    fails_then_recovers(two, "wasmbuild.yaml", broken, *expected)


def test_exports_that_match_nothing(two, fails_then_recovers):
    manifest = (two / "wasmbuild.yaml").read_text()
    broken = manifest.replace("requires: [base]\n", "requires: [base]\n    exports: [totla]\n")
    fails_then_recovers(
        two,
        "wasmbuild.yaml",
        broken,
        "error: nothing to export matches `totla`\n",
        "wasmbuild.yaml:10:14",
        "help: did you mean `total`?",
    )


def test_a_broken_manifest_leaves_no_build_directory(tmp_path, project, run_wasmbuild):
    directory = project(tmp_path, {"wasmbuild.yaml": "name: [two\n"})
    assert run_wasmbuild("build", cwd=directory).status == 1
    assert [path.name for path in directory.iterdir()] == ["wasmbuild.yaml"]


def test_all_that_is_wrong_with_a_manifest_is_said_at_once(tmp_path, project, run_wasmbuild):
    manifest = "name: two\nlibraries:\n  a: {sources: [a.c], requires: [a]}\n  b: {sources: [b.c], requires: [zlip]}\n"
    ran = run_wasmbuild("build", cwd=project(tmp_path, {"wasmbuild.yaml": manifest}))
    assert ran.status == 1
    assert "library `a` requires itself" in ran.stderr
    assert "unknown recipe or library: `zlip`" in ran.stderr
    document = run_wasmbuild("build", "--json", cwd=tmp_path).json()
    assert [(found["code"], found["at"]["line"]) for found in document["diagnostics"]] == [
        ("requires-itself", 3),
        ("unknown-recipe", 4),
    ]


def test_two_libraries_may_install_one_header(two, run_wasmbuild):
    edit(two / "wasmbuild.yaml", "requires: [base]\n", "requires: [base]\n    headers: [include/base.h]\n")
    ran = run_wasmbuild("test", cwd=two)
    assert ran.status == 0, ran.stderr
    assert "include/base.h" in outputs(two)


def test_two_different_headers_of_one_name_are_an_error_of_the_manifest(two, project, run_wasmbuild):
    project(two, {"other/base.h": "int other;\n"})
    edit(two / "wasmbuild.yaml", "requires: [base]\n", "requires: [base]\n    headers: [other/base.h]\n")
    ran = run_wasmbuild("build", cwd=two)
    assert ran.status == 1
    assert "ninja" not in ran.stderr
    assert ran.stderr.startswith("error: ")
    assert "include/base.h" in ran.stderr
    assert "wasmbuild.yaml:" in ran.stderr


# Sources.


def test_a_syntax_error_is_shown_in_clangs_own_words(two, run_wasmbuild, fails_then_recovers):
    broken = '#include "base.h"\n\nint base_one(void) {\n    return 1 +;\n}\n'
    shown = fails_then_recovers(two, "src/base/one.c", broken, "src/base/one.c:4:15: error: expected expression")
    (two / "src/base/one.c").write_text(broken)
    settings = read_settings(None)
    direct = subprocess.run(
        [*find_toolchain(settings).clang, "--target=wasm32-wasi", "-Iinclude", "-fsyntax-only", "src/base/one.c"],
        cwd=two,
        capture_output=True,
        text=True,
        check=False,
    )
    assert direct.returncode != 0
    message = direct.stderr[direct.stderr.index("src/base/one.c:") : direct.stderr.index("1 error generated")]
    assert message.count("\n") == 3  # the error, the line, the caret
    assert message in shown


def test_every_file_with_an_error_is_shown(two, project, run_wasmbuild):
    project(two, {"src/base/one.c": "int base_one(void) { return one; }\n", "src/total/tens.c": "int tens(\n"})
    ran = run_wasmbuild("build", cwd=two)
    assert ran.status == 1
    assert "src/base/one.c:1:" in ran.stderr
    assert "src/total/tens.c:" in ran.stderr
    assert "FAILED" not in ran.stderr
    assert "ninja" not in ran.stderr


def test_a_missing_header(two, fails_then_recovers):
    fails_then_recovers(
        two, "src/total/tens.c", '#include "scael.h"\n', "src/total/tens.c:1:10: fatal error: 'scael.h' file not found"
    )


def test_a_header_that_was_deleted_and_came_back(two, run_wasmbuild):
    before, header = outputs(two), two / "include/scale.h"
    text = header.read_text()
    header.unlink()
    failed = run_wasmbuild("build", cwd=two)
    assert failed.status == 1
    assert "'scale.h' file not found" in failed.stderr
    assert outputs(two) == before
    header.write_text(text)
    assert run_wasmbuild("build", cwd=two).status == 0
    assert outputs(two) == before


def test_an_object_that_is_not_position_independent(two, fails_then_recovers):
    (two / "given.c").write_text("static int counter;\nint *given(void) {\n    return &counter;\n}\n")
    clang = find_toolchain(read_settings(None)).clang
    subprocess.run(
        [*clang, "--target=wasm32-wasi", "-fno-pic", "-O1", "-c", "given.c", "-o", "given.o"], cwd=two, check=True
    )
    manifest = (two / "wasmbuild.yaml").read_text()
    # What it exports stays the same: who is linked against it writes down a hash of that.
    with_object = manifest.replace('["src/base/*.c"]', '["src/base/*.c", given.o]\n    exports: ["base_*"]')
    fails_then_recovers(
        two,
        "wasmbuild.yaml",
        with_object,
        "error: not position-independent: given.o\n",
        "R_WASM_MEMORY_ADDR_",
        "linking:    build/lib/libbase.so",
        "help: compile it with -fPIC",
    )
    subprocess.run(
        [*clang, "--target=wasm32-wasi", "-fPIC", "-O1", "-c", "given.c", "-o", "given.o"], cwd=two, check=True
    )


def test_an_object_that_is_no_object(two, fails_then_recovers):
    (two / "given.o").write_bytes(b"\x7fELF" + bytes(60))
    manifest = (two / "wasmbuild.yaml").read_text()
    with_object = manifest.replace('["src/base/*.c"]', '["src/base/*.c", given.o]')
    fails_then_recovers(two, "wasmbuild.yaml", with_object, "`given.o`", "ELF")


def test_an_undefined_function(two, fails_then_recovers):
    broken = (
        "int base_two(void);\nint base_fuor(void);\nint tens(int n) {\n    return base_two() + base_fuor() + n;\n}\n"
    )
    shown = fails_then_recovers(
        two,
        "src/total/tens.c",
        broken,
        "error: undefined symbol: `base_fuor`\n",
        "used by:  src/total/tens.c\n",
        "linking:  build/lib/libtotal.so\n",
        "searched: libbase.so\n",
        "help: did you mean `base_two`?\n",
        "`requires` at wasmbuild.yaml:9:15",
    )
    assert shown.count("error:") == 1


def test_a_signature_that_differs_between_two_libraries(two, fails_then_recovers):
    broken = "long long base_two(double);\nint tens(int n) {\n    return base_two(2.0) + n;\n}\n"
    fails_then_recovers(
        two,
        "src/total/tens.c",
        broken,
        "error: signature mismatch: `base_two`\n",
        "(f64) -> i64  in src/total/tens.c\n",
        "() -> i32  in build/lib/libbase.so\n",
        "help: compile both against the same header\n",
    )


def test_a_symbol_that_is_defined_twice(two, fails_then_recovers):
    broken = '#include "base.h"\nint base_one(void) {\n    return 1;\n}\nint base_two(void) {\n    return 2;\n}\n'
    fails_then_recovers(
        two, "src/base/one.c", broken, "error: duplicate symbol: `base_two`\n", "src/base/one.c", "src/base/two.c"
    )


def test_a_needed_library_that_is_missing_at_load(tmp_path, libc, project, run_wasmbuild):
    manifest = """\
name: hello
libraries:
  word: {sources: [word.c]}
programs:
  hello: {sources: [hello.c], requires: [word]}
"""
    files = {
        "wasmbuild.yaml": manifest,
        "word.c": 'const char *word(void) {\n    return "hello";\n}\n',
        "hello.c": "#include <stdio.h>\nconst char *word(void);\nint main(void) {\n    return puts(word()) < 0;\n}\n",
    }
    directory = project(tmp_path, files)
    assert run_wasmbuild("run", "hello", cwd=directory).stdout == "hello\n"
    before = outputs(directory)
    (directory / "build/lib/libword.so").unlink()
    for command in ("run", "check"):
        failed = run_wasmbuild(command, "build/bin/hello.wasm", cwd=directory)
        assert (failed.status, failed.stdout) == (1, "")
        assert failed.stderr.startswith(
            "error: needed library not found: `libword.so`\n  needed by: hello.wasm\n  searched:  build/lib"
        )
    # By its name the program is of the project, and what is missing is built again.
    again = run_wasmbuild("run", "hello", cwd=directory)
    assert (again.status, again.stdout) == (0, "hello\n")
    assert again.steps[0] == "link build/lib/libword.so"
    assert outputs(directory) == before
