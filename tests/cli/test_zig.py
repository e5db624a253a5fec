"""Sources in Zig, beside C."""

import pytest
from cliprojects import edit

from wasmbuild.builder.zigstep import imported

FILES = {
    "wasmbuild.yaml": "name: mixed\nlibraries:\n"
    "  area: {sources: [scale.c, src/area.zig], exports: [area, counted, applied, kept]}\n"
    "programs:\n  main: {sources: [main.c], requires: [area]}\n",
    "scale.c": "int factor = 2;\nint scale(int value) { return value * 10; }\n",
    "src/area.zig": 'const shapes = @import("shapes.zig");\n'
    "extern fn scale(value: c_int) c_int;\n"
    "extern var factor: c_int;\n"
    "extern fn malloc(size: usize) ?[*]u8;\n"
    "export var counted: c_int = 0;\n"
    "export fn area(width: c_int, height: c_int) c_int {\n"
    "    counted += 1;\n"
    "    return scale(shapes.product(width, height)) * factor;\n"
    "}\n"
    "export fn applied(f: *const fn (c_int) callconv(.c) c_int, value: c_int) c_int {\n"
    "    return f(value) + 1;\n"
    "}\n"
    "export fn kept() ?[*]u8 {\n"
    "    return malloc(16);\n"
    "}\n",
    "src/shapes.zig": "pub fn product(a: c_int, b: c_int) c_int {\n    return a * b;\n}\n",
    "main.c": "#include <stdio.h>\n#include <stdlib.h>\nint area(int, int), applied(int (*)(int), int);\n"
    "void *kept(void);\nextern int counted;\nstatic int twice(int x) { return 2 * x; }\n"
    'int main(void) { printf("%d ", area(3, 4)); free(kept()); printf("%d %d\\n", counted, applied(twice, 20)); }\n',
}


@pytest.mark.slow
def test_a_source_in_zig_is_part_of_a_library(tmp_path, project, libc, run_wasmbuild):
    here = project(tmp_path, FILES)
    ran = run_wasmbuild("run", "main", cwd=here)
    assert (ran.status, ran.stdout) == (0, "240 1 41\n"), ran.stderr
    assert run_wasmbuild("build", cwd=here).stderr == "nothing to do\n"
    edit(here / "src/shapes.zig", "a * b", "a * b + 1")
    assert run_wasmbuild("run", "main", cwd=here).stdout == "260 1 41\n"
    edit(here / "src/shapes.zig", "return", "retrn")
    ran = run_wasmbuild("build", cwd=here)
    assert ran.status == 1
    assert "src/shapes.zig:2:11: error: expected ';' after statement" in ran.stderr
    assert "error: library `area` is not built: src/area.zig does not compile" in ran.stderr


def test_zig_needs_no_libc(tmp_path, project, run_wasmbuild):
    manifest = "name: bare\nlibraries:\n  one: {sources: [one.zig], libc: none, exports: [one]}\n"
    here = project(tmp_path, {"wasmbuild.yaml": manifest, "one.zig": "export fn one() c_int {\n    return 1;\n}\n"})
    ran = run_wasmbuild("build", cwd=here)
    assert ran.status == 0, ran.stderr
    assert not (here / "build/lib/libc.so").exists()


def test_what_a_source_was_made_from(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b/x.zig").write_text(
        '@import("y.zig"); @import("std"); @embedFile("../z.bin"); @import("gone.zig");'
    )
    (tmp_path / "a b/y.zig").write_text('const x = @import( "x.zig" );')
    (tmp_path / "z.bin").write_bytes(b'\xff@import("a b/x.zig")')
    assert sorted(imported("a b/x.zig")) == ["a b/x.zig", "a b/y.zig", "z.bin"]
