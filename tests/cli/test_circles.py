"""Libraries that require each other, and what a change in one of them builds again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cliprojects import copy_built, edit, outputs

EVEN_AND_ODD = {
    "wasmbuild.yaml": """\
name: parity
defaults: {libc: none}
libraries:
  even: {sources: [even.c], headers: [even.h], requires: [odd]}
  odd: {sources: [odd.c], headers: [odd.h], requires: [even]}
tests:
  - {name: ten is even, call: even, in: even, args: [10], returns: 1}
  - {name: seven is odd, call: odd, in: odd, args: [7], returns: 1}
""",
    "even.h": "extern int even_calls;\nint even(unsigned number);\n",
    "odd.h": "int odd(unsigned number);\n",
    "even.c": """\
#include "even.h"
#include "odd.h"

int even_calls;

int even(unsigned number) {
    even_calls++;
    return number == 0 ? 1 : odd(number - 1);
}
""",
    "odd.c": """\
#include "odd.h"
#include "even.h"

int odd(unsigned number) {
    return number == 0 ? 0 : even(number - 1);
}
""",
}


@pytest.fixture(scope="session")
def built_parity(tmp_path_factory, project, run_wasmbuild) -> Path:
    directory = project(tmp_path_factory.mktemp("built") / "parity", EVEN_AND_ODD)
    built = run_wasmbuild("build", cwd=directory)
    assert built.status == 0, built.stderr
    return directory


@pytest.fixture
def parity(built_parity, tmp_path) -> Path:
    return copy_built(built_parity, tmp_path / "parity")


def links(ran) -> set[str]:
    return {step.removeprefix("link build/lib/") for step in ran.steps if step.startswith("link ")}


def test_two_libraries_that_require_each_other_are_built_checked_and_run(parity, run_wasmbuild):
    found = run_wasmbuild("inspect", "--json", "build/lib/libeven.so", "build/lib/libodd.so", cwd=parity).json()
    assert [file["dylink"]["needed"] for file in found["files"]] == [["libodd.so"], ["libeven.so"]]
    ran = run_wasmbuild("test", cwd=parity)
    assert ran.status == 0, ran.stdout + ran.stderr
    assert "4 passed" in ran.stdout + ran.stderr


def test_a_circle_is_built_to_the_same_bytes_again(parity, run_wasmbuild):
    before = outputs(parity)
    shutil.rmtree(parity / "build")
    assert run_wasmbuild("build", cwd=parity).status == 0
    assert outputs(parity) == before


def test_a_change_inside_a_library_links_nothing_else(parity, run_wasmbuild):
    edit(parity / "even.c", "even_calls++", "even_calls += 2")
    ran = run_wasmbuild("build", cwd=parity)
    assert ran.status == 0, ran.stderr
    assert links(ran) == {"libeven.so"}


def test_a_change_of_its_interface_links_its_dependants(parity, run_wasmbuild):
    edit(parity / "even.c", "int even_calls;", "int even_calls, more;")
    ran = run_wasmbuild("build", cwd=parity)
    assert ran.status == 0, ran.stderr
    assert links(ran) == {"libeven.so", "libodd.so"}


def test_a_type_that_no_longer_fits_is_found_at_the_link_of_the_dependant(parity, run_wasmbuild):
    for file in ("even.c", "even.h"):
        edit(parity / file, "int even(unsigned number)", "int even(unsigned long long number)")
    edit(parity / "odd.c", '#include "even.h"', "int even(unsigned number);")
    ran = run_wasmbuild("build", cwd=parity)
    assert ran.status == 1
    assert "error: signature mismatch: `even`" in ran.stderr
    (said,) = [line for line in ran.stderr.splitlines() if "exported as" in line]
    assert said.endswith("in build/lib/libeven.so")


def test_a_program_over_a_circle_can_be_linked_statically(parity, run_wasmbuild):
    main = "#include <even.h>\n\nint _start(void) {\n    return even(4) - 1;\n}\n"
    (parity / "main.c").write_text(main)
    more = "programs:\n  all: {sources: [main.c], requires: [even], exports: [_start], link: static}\n"
    edit(parity / "wasmbuild.yaml", "tests:\n", f"{more}tests:\n")
    ran = run_wasmbuild("build", cwd=parity)
    assert ran.status == 0, ran.stderr
    assert (parity / "build/bin/all.wasm").is_file()


def test_a_fault_of_both_the_link_and_the_interface_is_told_once(parity, run_wasmbuild):
    edit(parity / "wasmbuild.yaml", "requires: [odd]", "requires: [odd], exports: [evn]")
    ran = run_wasmbuild("build", cwd=parity)
    assert ran.status == 1
    assert ran.stderr.count("error: nothing to export matches `evn`") == 1
