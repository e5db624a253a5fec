"""What a library needs of its program: said once, at the library; supplied, checked and run where a program has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

MANIFEST = """\
name: plugins
libraries:
  plug:
    sources: [src/plug.c]
    from_program: [parent, "config_*"]
programs:
  host: {sources: [src/host.c], requires: [plug]}
tests:
  - {name: runs, run: host, stdout: "parent(42) level 7\\nplug = 8\\n"}
"""

PLUG = """\
extern int config_level;
int parent(int value);
int plug(void) { parent(42); return ++config_level; }
"""

HOST = """\
#include <stdio.h>
int config_level = 7;
int plug(void);
int parent(int value) { printf("parent(%d) level %d\\n", value, config_level); return value; }
int main(void) { printf("plug = %d\\n", plug()); return 0; }
"""

OPENER = """\
#include <dlfcn.h>
#include <stdio.h>
int config_level = 7;
int parent(int value) { printf("parent(%d) level %d\\n", value, config_level); return value; }
int main(void) {
    void *library = dlopen("libplug.so", RTLD_NOW);
    if (!library) { puts(dlerror()); return 1; }
    printf("plug = %d\\n", ((int (*)(void))dlsym(library, "plug"))());
    return 0;
}
"""

OPENS = MANIFEST.replace("requires: [plug]", "opens: [plug]")

Make = Callable[[Path, Mapping[str, str]], Path]


def files(manifest: str = MANIFEST, plug: str = PLUG, host: str = HOST) -> dict[str, str]:
    return {"wasmbuild.yaml": manifest, "src/plug.c": plug, "src/host.c": host}


@pytest.mark.parametrize(("manifest", "host"), [(MANIFEST, HOST), (OPENS, OPENER)], ids=["required", "opened"])
def test_the_program_supplies_functions_and_data(tmp_path: Path, project: Make, run_wasmbuild, manifest, host) -> None:
    ran = run_wasmbuild("test", cwd=project(tmp_path, files(manifest, host=host)))
    assert ran.status == 0, ran.stdout + ran.stderr
    assert "loads host.wasm" in ran.stdout
    assert run_wasmbuild("run", "host", cwd=tmp_path).stdout == "parent(42) level 7\nplug = 8\n"


@pytest.mark.parametrize(("manifest", "host"), [(MANIFEST, HOST), (OPENS, OPENER)], ids=["required", "opened"])
def test_a_program_that_lacks_it_is_an_error_of_the_build(
    tmp_path: Path, project: Make, run_wasmbuild, manifest, host
) -> None:
    forgot = host.replace("int config_level = 7;", "static int config_level = 7;")
    ran = run_wasmbuild("build", cwd=project(tmp_path, files(manifest, host=forgot)))
    assert ran.status == 1
    assert "error: undefined symbol: `config_level`" in ran.stderr
    assert "imported by: libplug.so" in ran.stderr


@pytest.mark.parametrize(("manifest", "host"), [(MANIFEST, HOST), (OPENS, OPENER)], ids=["required", "opened"])
def test_a_program_that_has_another_type_is_an_error_of_the_build(
    tmp_path: Path, project: Make, run_wasmbuild, manifest, host
) -> None:
    other = host.replace("int parent(int value) {", "int parent(long long value_) { int value = (int)value_;")
    ran = run_wasmbuild("build", cwd=project(tmp_path, files(manifest, host=other)))
    assert ran.status == 1
    assert "error: signature mismatch: `parent`" in ran.stderr


def test_what_is_not_listed_is_missed(tmp_path: Path, project: Make, run_wasmbuild) -> None:
    manifest = MANIFEST.replace('[parent, "config_*"]', "[parent]")
    ran = run_wasmbuild("build", cwd=project(tmp_path, files(manifest)))
    assert ran.status == 1
    assert "config_level" in ran.stderr


def test_a_library_that_may_be_opened_is_one_of_the_manifest(tmp_path: Path, project: Make, run_wasmbuild) -> None:
    manifest = OPENS.replace("opens: [plug]", "opens: [plugg]")
    ran = run_wasmbuild("build", cwd=project(tmp_path, files(manifest, host=OPENER)))
    assert ran.status == 1
    assert "error: no library `plugg`" in ran.stderr
    assert "did you mean `plug`?" in ran.stderr
