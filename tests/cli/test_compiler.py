"""The compiler as a program: what build systems call, and the environment they call it in."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

LIBRARY = """\
#include <string.h>

int twice(int x) { return 2 * x; }
static int one(void) { return 1; }
int call(int (*f)(int)) { return f(one()); }
__attribute__((visibility("hidden"))) int secret(void) { return 3; }
int length(const char *text) { return strlen(text); }
"""

PROGRAM = """\
#include <stdio.h>

int twice(int), call(int (*)(int));

int main(int count, char **words) {
    printf("%d %d %s\\n", twice(21), call(twice), words[count - 1]);
    return 0;
}
"""


@pytest.fixture
def sources(tmp_path, project):
    return project(tmp_path, {"lib.c": LIBRARY, "main.c": PROGRAM})


def exports_of(path, run_wasmbuild):
    document = run_wasmbuild("inspect", "--json", path, cwd=path.parent).json()
    return {export["name"] for export in document["files"][0]["exports"]} - {"__wasm_call_ctors"}


def dylink_of(path, run_wasmbuild):
    return run_wasmbuild("inspect", "--json", path, cwd=path.parent).json()["files"][0]["dylink"]


def test_a_shared_library_and_a_program_as_a_makefile_makes_them(sources, tool, run_wasmbuild):
    tool("cc", "-O2", "-c", "lib.c", "-o", "lib.o")
    tool("cc", "-shared", "-o", "libtwice.so", "lib.o", "-lm", "-lpthread")
    assert exports_of(sources / "libtwice.so", run_wasmbuild) == {"twice", "call", "length"}
    tool("cc", "-O2", "main.c", "-L.", "-ltwice", "-o", "prog")
    assert dylink_of(sources / "prog", run_wasmbuild)["needed"] == ["libtwice.so", "libc.so"]
    assert tool("run", "./prog", "x") == "42 2 x\n"


def test_what_it_made_passes_the_check(sources, tool, environment, run_wasmbuild):
    tool("cc", "-shared", "-o", "libtwice.so", "lib.c")
    tool("cc", "main.c", "libtwice.so", "-o", "prog.wasm")
    lib = Path(environment["directory"], "lib")
    ran = run_wasmbuild("check", "--library-path", lib, "prog.wasm", "libtwice.so", cwd=sources)
    assert ran.status == 0, ran.stdout + ran.stderr


def test_a_library_is_needed_by_its_soname(sources, tool, run_wasmbuild):
    tool("cc", "-shared", "-Wl,-soname,libtwice.so.1", "-o", "libtwice.so.1.0", "lib.c")
    (sources / "libtwice.so.1").symlink_to("libtwice.so.1.0")
    (sources / "libtwice.so").symlink_to("libtwice.so.1.0")
    tool("cc", "main.c", "-L.", "-ltwice", "-o", "prog")
    assert dylink_of(sources / "prog", run_wasmbuild)["needed"] == ["libtwice.so.1", "libc.so"]
    assert tool("run", "./prog", "x") == "42 2 x\n"


def test_archives_are_linked_by_what_is_asked_of_them_or_whole(sources, tool, run_wasmbuild):
    (sources / "other.c").write_text("int other(void) { return 1; }\n")
    tool("cc", "-c", "lib.c", "other.c")
    tool("ar", "csrDT", "libboth.a", "lib.o", "other.o")  # as Meson does: thin elsewhere, whole here
    tool("ranlib", "libboth.a")
    (sources / "user.c").write_text("int other(void);\nint user(void) { return other(); }\n")
    tool("cc", "-shared", "-o", "part.so", "user.c", "-L.", "-lboth")
    assert exports_of(sources / "part.so", run_wasmbuild) == {"user", "other"}
    tool("cc", "-shared", "-o", "whole.so", "-Wl,--whole-archive", "libboth.a", "-Wl,--no-whole-archive")
    assert exports_of(sources / "whole.so", run_wasmbuild) == {"twice", "call", "length", "other"}


@pytest.mark.parametrize(
    ("list_", "flag", "exported"),
    [
        ("V1 { global: twice; not_there; local: *; };", "-Wl,--version-script=list", {"twice"}),
        ("V1 { global: twice; local: call; };", "-Wl,--version-script=list", {"twice", "length"}),
        ("twice\nlength\n", "-Wl,--retain-symbols-file=list", {"twice", "length"}),
    ],
)
def test_a_list_says_what_is_exported(list_, flag, exported, sources, tool, run_wasmbuild):
    (sources / "list").write_text(list_)
    tool("cc", "-shared", "-o", "libtwice.so", "lib.c", flag)
    assert exports_of(sources / "libtwice.so", run_wasmbuild) == exported


def test_hidden_visibility_leaves_what_is_annotated(sources, tool, run_wasmbuild):
    (sources / "api.c").write_text('__attribute__((visibility("default"))) int api(void) { return 1; }\n')
    tool("cc", "-fvisibility=hidden", "-shared", "-o", "libapi.so", "api.c", "lib.c")
    assert exports_of(sources / "libapi.so", run_wasmbuild) == {"api"}


def test_as_needed_leaves_out_what_nobody_uses(sources, tool, run_wasmbuild):
    (sources / "other.c").write_text("int other(void) { return 1; }\n")
    tool("cc", "-shared", "-o", "libother.so", "other.c")
    tool("cc", "-shared", "-o", "libtwice.so", "lib.c")
    tool("cc", "-Wl,--as-needed", "main.c", "-L.", "-lother", "-ltwice", "-o", "prog")
    assert dylink_of(sources / "prog", run_wasmbuild)["needed"] == ["libtwice.so", "libc.so"]


def test_cxx_brings_its_library_and_static_links_bring_all(sources, tool, run_wasmbuild):
    text = (
        '#include <iostream>\nint main() { try { throw 7; } catch (int n) { std::cout << "caught " << n << "\\n"; } }\n'
    )
    (sources / "main.cpp").write_text(text)
    tool("c++", "-std=c++20", "-O2", "main.cpp", "-o", "prog")
    assert dylink_of(sources / "prog", run_wasmbuild)["needed"] == ["libc++.so", "libc.so"]
    assert tool("run", "./prog") == "caught 7\n"
    tool("c++", "-static", "-O2", "main.cpp", "-o", "alone")
    assert dylink_of(sources / "alone", run_wasmbuild) is None
    assert tool("run", "./alone") == "caught 7\n"


def test_libtool_links_cxx_by_what_verbose_says(tmp_path, project, tool, run_wasmbuild):
    """It takes the words behind its object, and says `-nostdlib` with them."""
    project(tmp_path, {"a.cpp": "#include <string>\nint f() { return std::stoi(std::string(1, '1')); }\n"})
    tool("c++", "-c", "a.cpp", "-o", "a.o")
    (line,) = (each for each in tool("c++", "-shared", "-v", "a.o", said=True).splitlines() if "-L" in each)
    words = line.split()
    behind = words[words.index("a.o") + 1 :]
    assert all(word.startswith(("-L", "-l")) for word in behind)
    tool("c++", "-shared", "-nostdlib", "a.o", *behind, "-o", "liba.so")
    assert dylink_of(tmp_path / "liba.so", run_wasmbuild)["needed"] == ["libc++.so", "libc.so"]


def test_what_means_nothing_here_is_dropped_where_it_compiles(sources, tool):
    tool("cc", "-pthread", "-flto", "-fno-PIC", "-c", "lib.c", "-o", "lib.o")
    tool("cc", "-pthread", "-shared", "-o", "lib.so", "lib.o")


@pytest.mark.parametrize("macro", ["-D_LIBCPP_ABI_ALTERNATE_STRING_LAYOUT", "-U_LIBCPP_ABI_VERSION"])
@pytest.mark.parametrize("how", [["-c"], []])
def test_macros_that_make_other_classes_of_libcxx_are_refused(macro, how, tmp_path, tool):
    (tmp_path / "one.cpp").write_text("int main() { return 0; }\n")
    said = tool("c++", *how, macro, "one.cpp", "-o", "one", status=1)
    name = macro[2:]
    assert f"error: `{name}` makes classes that libc++.so does not have\n" in said
    assert f"error: `{name}` makes" in tool("c++", *how, macro[:2], name, "one.cpp", "-o", "one", status=1)
    assert not (tmp_path / "one").exists()
    (tmp_path / "one.c").write_text("int main(void) { return 0; }\n")
    tool("cc", *how, macro, "one.c", "-o", "one")


def test_an_assembler_says_nothing_of_flags_that_are_ours(sources, tool):
    code = ".text\n.globl four\n.type four,@function\nfour:\n .functype four () -> (i32)\n i32.const 4\n end_function\n"
    (sources / "four.s").write_text(code)
    assert tool("cc", "-c", "four.s", said=True) == ""
    tool("cc", "-shared", "-o", "libfour.so", "four.s", "lib.c")


def test_files_of_arguments_are_read(sources, tool):
    (sources / "arguments").write_text("-shared -o 'lib one.so' lib.c")
    tool("cc", "@arguments")
    assert (sources / "lib one.so").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["main.c", "-o", "prog"], "error: undefined symbol: `twice`"),
        (["main.c", "-lnowhere"], "error: no library for `-lnowhere`"),
        (["main.c", "gone.o"], "error: no such file: `gone.o`"),
        (["-o", "prog"], "error: no input files"),
        (["main.c", "-Wl,--frob"], "error: the linker cannot `--frob`"),
        (["-static", "main.c", "libnative.so"], "error: a shared library in a static link: `libnative.so`"),
        (["main.c", "libnative.so"], "libnative.so"),
        (["broken.c", "-o", "prog"], "broken.c:1:1: error:"),
    ],
)
def test_what_cannot_be_linked_is_said(arguments, said, sources, tool):
    (sources / "libnative.so").write_bytes(b"\x7fELF" + bytes(60))
    (sources / "broken.c").write_text("nonsense\n")
    assert said in tool("cc", *arguments, status=1)
    assert not (sources / "prog").exists()


def test_a_linker_tells_who_it_is_as_scripts_want_to_hear_it(tool):
    assert "(compatible with GNU linkers)" in tool("ld", "-v")
    assert ": supported targets: elf" in tool("ld", "--help")
    assert "(compatible with GNU linkers)" in tool("cc", "-Wl,--version")


def test_a_tool_whose_cache_was_emptied_makes_it_again(sources, tool, environment):
    description = Path(environment["directory"], "environment.json")
    known = json.loads(description.read_text())
    description.write_text(json.dumps(known | {"crt1": "/gone"}))
    tool("cc", "-shared", "-o", "libtwice.so", "lib.c")
    assert json.loads(description.read_text()) == known


def test_the_command_is_the_tool(sources, run_wasmbuild, environment):
    ran = run_wasmbuild("cc", "-shared", "-o", "libtwice.so", "lib.c", cwd=sources)
    assert (ran.status, ran.stderr) == (0, "")
    assert (sources / "libtwice.so").is_file()
    assert run_wasmbuild("cc", "--version", cwd=sources).stdout.startswith("clang version")


def test_env_prints_what_a_shell_can_read(environment, run_wasmbuild, tmp_path):
    ran = run_wasmbuild("env", cwd=tmp_path)
    for name, value in environment["variables"].items():
        assert f"export {name}={value}" in ran.stdout or f"export {name}='{value}'" in ran.stdout


def test_recipes_are_in_the_environment_that_asks_for_them(sources, run_wasmbuild, project):
    (sources / "z.c").write_text("#include <given.h>\nint main(void) { return given(); }\n")
    project(
        sources,
        {
            "recipes/given/recipe.yaml": "name: given\nversion: '2.1'\nsource: [{path: src}]\nlibraries:\n"
            "  given: {sources: [given.c], headers: [given.h]}\n",
            "recipes/given/src/given.h": "int given(void);\n",
            "recipes/given/src/given.c": "int given(void) { return 7; }\n",
            "wasmbuild.yaml": "name: here\nlibraries: {x: {sources: [lib.c]}}\n",
        },
    )
    ran = run_wasmbuild(
        "exec", "--with", "given >=2", "--", "sh", "-c", '"$CC" z.c -lgiven -o prog && ./prog', cwd=sources
    )
    assert ran.status == 7, ran.stderr
    wrong = run_wasmbuild("env", "--with", "given >=3", cwd=sources)
    assert (wrong.status, wrong.stdout) == (1, "")
    assert "given 2.1" in wrong.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="needs LD_PRELOAD")
def test_exec_runs_modules_by_their_paths(sources, tool, run_wasmbuild):
    tool("cc", "-shared", "-o", "libtwice.so", "lib.c")
    tool("cc", "main.c", "libtwice.so", "-o", "prog")
    python = "import subprocess, sys; sys.exit(subprocess.run(['./prog', 'python']).returncode)"
    ran = run_wasmbuild("exec", "--", "sh", "-c", f'./prog sh; {sys.executable} -c "{python}"', cwd=sources)
    assert (ran.status, ran.stdout) == (0, "42 2 sh\n42 2 python\n")


def test_a_program_starts_where_its_host_is(sources, tool):
    (sources / "where.c").write_text(
        "#include <stdio.h>\n#include <unistd.h>\nint main(void) {\n    char here[4096];\n"
        '    puts(getcwd(here, sizeof here));\n    return fopen("../main.c", "r") == NULL;\n}\n'
    )
    (sources / "below").mkdir()
    tool("cc", "where.c", "-o", "where")
    assert tool("run", "../where", cwd=sources / "below") == f"{sources}/below\n"


def test_exec_says_that_there_is_no_such_command(tmp_path, run_wasmbuild, environment):
    ran = run_wasmbuild("exec", "--", "no-such-command", cwd=tmp_path)
    assert (ran.status, ran.stderr) == (
        1,
        "error: no such command: `no-such-command`\nhelp: install it, or put its directory into PATH\n",
    )
