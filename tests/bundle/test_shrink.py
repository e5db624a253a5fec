"""`--shrink` links the project's own libraries again, with what the bundle uses of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from running import run_in_node

from wasmbuild.wasm.decode import decode

pytestmark = pytest.mark.slow

FILES = {
    "wasmbuild.yaml": """\
name: parts
libraries:
  deep: {sources: [deep.c], exports: ["deep_*"]}
  parts: {sources: [parts.c], exports: ["part_*"], requires: [deep]}
  plug: {sources: [plug.c], exports: ["plug_*"]}
programs:
  app: {sources: [app.c], requires: [parts], opens: [plug]}
""",
    "deep.c": """\
#include <string.h>
int deep_level = 7;
int deep_used(const char *text) { return strlen(text) + deep_level; }
int deep_of_unused(char *text) { return strcspn(text, "x"); }
""",
    "parts.c": """\
#include <stdio.h>
extern int deep_level;
int deep_used(const char *text), deep_of_unused(char *text);
static int made;
__attribute__((constructor)) static void make(void) { made = 30; }
static int by_address(int number) { return number + made; }
int (*part_pointer)(int) = by_address;
int part_used(const char *text) { return deep_used(text) + deep_level; }
int part_unused(char *text) { return deep_of_unused(text) + printf("%s", text); }
""",
    "plug.c": "int plug_in(void) { return 1; }\nint plug_more(void) { return 2; }\n",
    "app.c": """\
#include <stdio.h>
extern int (*part_pointer)(int);
int part_used(const char *text);
int main(void) { printf("%d %d\\n", part_used("four"), part_pointer(12)); }
""",
}


def test_libraries_have_what_is_used_of_them_and_those_that_are_opened_all(tmp_path, project, run_wasmbuild) -> None:
    directory = project(tmp_path / "parts", FILES)
    ran = run_wasmbuild("bundle", "--to", "node", "app", "--shrink", "-o", str(tmp_path / "out"), cwd=directory)
    assert ran.status == 0, ran.stderr
    assert exported(tmp_path / "out/modules/libparts.so.wasm", "part_") == {"part_used", "part_pointer"}
    assert exported(tmp_path / "out/modules/libdeep.so.wasm", "deep_") == {"deep_used", "deep_level"}
    assert exported(tmp_path / "out/modules/libplug.so.wasm", "plug_") == {"plug_in", "plug_more"}
    assert exported(tmp_path / "out/modules/libc.so.wasm", "strcspn") == set()
    body = """
        let printed = "";
        const p = await load("app", { stdout: (data) => (printed += text(data)) });
        say(p.main(), printed, (await p.open("libplug.so")).call("plug_more"));
    """
    assert run_in_node(tmp_path, body) == [0, "18 42\n", 2]


def test_what_a_user_loads_by_its_name_has_all_that_it_exports(tmp_path, project, run_wasmbuild) -> None:
    directory = project(tmp_path / "parts", FILES)
    command = ("bundle", "--to", "node", "app", "parts", "--shrink", "-o", str(tmp_path / "out"))
    ran = run_wasmbuild(*command, cwd=directory)
    assert ran.status == 0, ran.stderr
    names = {"part_used", "part_pointer", "part_unused"}
    assert exported(tmp_path / "out/modules/libparts.so.wasm", "part_") == names
    assert "deep_of_unused" in exported(tmp_path / "out/modules/libdeep.so.wasm", "deep_")


def exported(path: Path, prefix: str) -> set[str]:
    names = decode(path.read_bytes(), path.name).exports_by_name
    return {name for name in names if name.startswith(prefix)}
