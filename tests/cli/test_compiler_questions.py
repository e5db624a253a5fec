"""What build systems ask a compiler before they use it, and how they call it otherwise than by the book."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from wasmbuild.wasm.decode import decode

MAIN = '#include <stdio.h>\nint twice(int);\nint main(void) {\n    printf("%d\\n", twice(21));\n    return 0;\n}\n'
TWICE = "int twice(int x) { return 2 * x; }\nint thrice(int x) { return 3 * x; }\n"


@pytest.fixture
def here(tmp_path, project):
    return project(tmp_path, {"main.c": MAIN, "twice.c": TWICE})


def exports(path):
    return {each.name for each in decode(path.read_bytes()).exports} - {"__wasm_call_ctors"}


def test_what_the_compiler_made_is_checked_and_run_without_a_word(here, tool, run_wasmbuild):
    tool("cc", "-shared", "twice.c", "-o", "libtwice.so")
    tool("cc", "main.c", "-L.", "-ltwice", "-o", "prog")
    checked = run_wasmbuild("check", "prog", "libtwice.so", cwd=here)
    assert checked.status == 0, checked.stderr
    assert "warning: found only beside the compiler that linked it: `libc.so`" in checked.stderr
    assert run_wasmbuild("run", "prog", cwd=here).stdout == "42\n"


def test_libraries_beside_a_program_come_before_those_of_the_compiler(here, tool, environment, run_wasmbuild):
    tool("cc", "main.c", "twice.c", "-o", "prog")
    (here / "libc.so").write_bytes(Path(environment["directory"], "lib", "libc.so").read_bytes())
    checked = run_wasmbuild("check", "prog", cwd=here)
    assert (checked.status, checked.stderr) == (0, "")


@pytest.mark.parametrize("declared", ["char {} ();", "char {} (void);"])
@pytest.mark.parametrize(
    ("name", "library"), [("strdup", "-lc"), ("sin", "-lm"), ("twice", "-ltwice"), ("thrice", "-lt")]
)
def test_scripts_ask_whether_a_function_exists(declared, name, library, here, tool):
    tool("cc", "-shared", "twice.c", "-o", "libtwice.so")
    tool("cc", "-c", "twice.c")
    tool("ar", "rcs", "libt.a", "twice.o")
    (here / "conftest.c").write_text(f"{declared.format(name)}\nint main (void)\n{{\nreturn {name} ();\n}}\n")
    tool("cc", "-w", "conftest.c", "-o", "conftest", "-L.", library)
    assert (here / "conftest").is_file()


def test_scripts_are_told_that_a_function_does_not_exist(here, tool):
    (here / "conftest.c").write_text("char no_such ();\nint main (void) { return no_such (); }\n")
    assert "undefined symbol: `no_such`" in tool("cc", "conftest.c", "-o", "conftest", status=1)


def test_types_are_compared_in_every_other_program(here, tool):
    (here / "more.c").write_text(
        "char strdup ();\nint more(void) { return strdup (); }\nint main(void) { return 0; }\n"
    )
    assert "signature mismatch: `strdup`" in tool("cc", "-w", "more.c", "-o", "prog", status=1)
    assert "signature mismatch: `strdup`" in tool("cc", "-w", "-shared", "more.c", "-o", "more.so", status=1)


def test_a_source_from_standard_input_is_linked(here, environment, user_environment):
    command = [Path(environment["directory"], "bin", "cc"), "-x", "c", "-", "-o", "prog"]
    source = b"int main(void) { return 0; }\n"
    done = subprocess.run(command, cwd=here, env=user_environment(), input=source, check=False)
    assert done.returncode == 0
    assert (here / "prog").is_file()


def test_libc_by_its_name_is_needed_once(here, tool):
    tool("cc", "main.c", "twice.c", "-lc", "-lm", "-o", "prog")
    assert decode((here / "prog").read_bytes()).dylink.needed == ("libc.so",)


def test_an_output_that_cannot_be_is_said_before_anything_is_compiled(here, tool):
    said = tool("cc", "main.c", "-o", "gone/prog", status=1)
    assert said == "error: cannot write `gone/prog`: no such directory\n"
    assert not (here / "gone").exists()
    assert tool("cc", "main.c", "-o", ".", status=1) == "error: cannot write `.`: it is a directory\n"


@pytest.mark.parametrize(
    ("option", "exported"),
    [("ALL", {"own"}), ("libt.a", {"own"}), ("libu.a:libt", {"own"}), ("libu.a", {"own", "twice", "thrice"})],
)
def test_nothing_is_exported_of_excluded_archives(option, exported, here, tool):
    (here / "own.c").write_text("int twice(int);\nint own(void) { return twice(1); }\n")
    tool("cc", "-c", "twice.c")
    tool("ar", "rcs", "libt.a", "twice.o")
    tool("cc", "-shared", "own.c", "-L.", "-lt", f"-Wl,--exclude-libs,{option}", "-o", "own.so")
    assert exports(here / "own.so") == exported


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"@arguments", "a file of arguments that names itself: `arguments`"),
        (b"'main.c", "cannot read the file of arguments `arguments`: no closing quote"),
        (b"\xff.c", "no such file: "),
    ],
)
def test_a_file_of_arguments_that_is_none(content, said, here, tool):
    (here / "arguments").write_bytes(content)
    found = tool("cc", "@arguments", status=1)
    assert said in found
    assert "Traceback" not in found


def test_it_tells_where_its_tools_and_libraries_are(environment, tool):
    directory = Path(environment["directory"])
    for option in ("-print-file-name", "--print-file-name"):
        assert tool("cc", f"{option}=libc.so") == f"{directory}/lib/libc.so\n"
    assert tool("cc", "-print-file-name=libnone.so") == "libnone.so\n"
    assert tool("cc", "-print-prog-name=ld") == f"{directory}/bin/ld\n"
    assert f"libraries: ={directory}/lib\n" in tool("c++", "-print-search-dirs")


def test_archivers_tell_who_they_are(tool):
    assert "LLVM" in tool("ar", "--version")
    assert "LLVM" in tool("ranlib", "--version")


def test_nm_lists_symbols_as_libtool_reads_them(here, tool):
    (here / "one.c").write_text("int twice(int); int data = 1; static int own(void) { return 1; }\n")
    (here / "one.c").write_text((here / "one.c").read_text() + "int one(void) { return twice(own()); }\n")
    tool("cc", "-O0", "-c", "one.c", "twice.c")
    lines = tool("nm", "-B", "one.o").splitlines()
    assert {"00000000 D data", "00000000 T one", "00000000 t own", "         U twice"} <= set(lines)
    tool("ar", "rcs", "lib.a", "one.o", "twice.o")
    assert "00000000 T thrice" in tool("nm", "-p", "lib.a").splitlines()
    tool("cc", "-shared", "one.o", "twice.o", "-o", "one.so")
    assert "one T 00000000" in tool("nm", "-P", "-g", "--defined-only", "one.so").splitlines()
    assert "no such file" in tool("nm", "gone.o", status=1).lower()


def test_strip_leaves_what_a_module_is_linked_by(here, tool):
    tool("cc", "-g", "-shared", "twice.c", "-o", "twice.so")
    before = {section.name for section in decode((here / "twice.so").read_bytes()).sections}
    assert {".debug_info", "name", "dylink.0", "wasmbuild"} <= before
    tool("strip", "--strip-debug", "twice.so", "-o", "less.so")
    assert {section.name for section in decode((here / "less.so").read_bytes()).sections} == {
        name for name in before if not name.startswith(".debug_")
    }
    tool("strip", "twice.so")
    after = {section.name for section in decode((here / "twice.so").read_bytes()).sections}
    assert after == {name for name in before if name != "name" and not name.startswith(".debug_")}
    tool("cc", "-c", "twice.c")
    tool("strip", "twice.o")
    tool("cc", "main.c", "twice.o", "-o", "prog")


def test_numbers_are_written_short_where_no_debug_information_counts_them(here, tool):
    tool("cc", "-shared", "twice.c", "-o", "plain.so")
    tool("cc", "-shared", "-Wl,-S", "twice.c", "-o", "short.so")
    size = {name: (here / name).stat().st_size for name in ("plain.so", "short.so")}
    assert size["plain.so"] == size["short.so"]


OPENS = """\
#include <dlfcn.h>
#include <stdio.h>
int main(int count, char **words) {
    void *opened = dlopen(words[count - 1], RTLD_NOW);
    int (*twice)(int) = opened ? (int (*)(int))dlsym(opened, "twice") : 0;
    if (!twice) puts(dlerror());
    else printf("%d\\n", twice(21));
    return !twice;
}
"""


@pytest.mark.parametrize(
    "runtime",
    ["wasmtime", pytest.param("node", marks=pytest.mark.skipif(not shutil.which("node"), reason="there is no node"))],
)
def test_a_program_opens_what_is_in_its_directory(runtime, here, tool, run_wasmbuild):
    (here / "opens.c").write_text(OPENS)
    tool("cc", "opens.c", "-o", "opens")
    tool("cc", "-shared", "twice.c", "-o", "plugin.so")
    ran = run_wasmbuild("run", "--runtime", runtime, "--dir", ".", "opens", "./plugin.so", cwd=here)
    assert (ran.status, ran.stdout) == (0, "42\n"), ran.stderr
