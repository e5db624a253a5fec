"""`interpose`: a library's own uses of a symbol go to whoever comes first in the scope."""

from __future__ import annotations

import pytest

LIBRARY = """
int hook(int x) { return x + 1; }
int limit = 10;
typedef int (*function)(int);
function address(void) { return hook; }
int use(int x) { return hook(x) + limit; }
"""

PROGRAM = """
#include <stdio.h>
int hook(int x) { return 100 * x; }
int limit = 1000;
int use(int);
typedef int (*function)(int);
function address(void);
int main(void) {
    printf("%d %d\\n", use(2), address() == hook);
    return 0;
}
"""

MANIFEST = """
name: hooks
libraries:
  hooks: {{sources: [hooks.c, other.c], exports: [use, address]{interpose}}}
programs:
  main: {{sources: [main.c], requires: [hooks], exports: [hook, limit]}}
"""


@pytest.mark.parametrize(
    ("interpose", "printed"),
    [("", "13 0\n"), (", interpose: [hook]", "210 1\n"), (", interpose: [hook, limit]", "1200 1\n")],
)
def test_the_programs_definition_is_used_where_the_library_lets_it(
    interpose, printed, tmp_path, project, run_wasmbuild, libc
):
    files = {"hooks.c": LIBRARY, "other.c": "int other(void) { return 1; }\n", "main.c": PROGRAM}
    directory = project(tmp_path, {**files, "wasmbuild.yaml": MANIFEST.format(interpose=interpose)})
    built = run_wasmbuild("build", cwd=directory)
    assert (built.status, "warning" in built.stderr and "pragma" in built.stderr) == (0, False)
    assert run_wasmbuild("-q", "run", "main", cwd=directory).stdout == printed


def test_a_name_that_the_library_does_not_define_is_an_error(tmp_path, project, run_wasmbuild, libc):
    manifest = MANIFEST.format(interpose=", interpose: [hok]")
    files = {"hooks.c": LIBRARY, "other.c": "int other(void) { return 1; }\n", "main.c": PROGRAM}
    built = run_wasmbuild("build", cwd=project(tmp_path, {**files, "wasmbuild.yaml": manifest}))
    assert built.status == 1
    assert "nothing to export matches `hok`" in built.stderr
    assert "did you mean `hook`?" in built.stderr
