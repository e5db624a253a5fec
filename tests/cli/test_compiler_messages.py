"""What a build says when a compiler fails: once, with what to do, and which target was not built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Run = Callable[..., Any]
Project = Callable[[Path, Mapping[str, str]], Path]

MANIFEST = """\
name: many
defaults: {libc: none}
libraries:
  given:
    sources: [src/given.c]
    headers: [include/given.h]
  user:
    sources: ["src/user/*.c"]
  again:
    sources: [src/user/0.c]
"""


def test_a_header_of_another_library_in_many_sources(run_wasmbuild: Run, project: Project, tmp_path: Path) -> None:
    files = {"wasmbuild.yaml": MANIFEST, "src/given.c": "int given;\n", "include/given.h": "extern int given;\n"}
    files |= {f"src/user/{i}.c": f'#include "given.h"\nint user_{i};\n' for i in range(30)}
    root = project(tmp_path, files)
    ran = run_wasmbuild("build", cwd=root)
    assert ran.status == 1
    assert ran.stderr.count("fatal error: 'given.h' file not found\n    1 |") == 3
    assert "\nand 27 more files: fatal error: 'given.h' file not found\n" in ran.stderr
    assert "FAILED" not in ran.stderr
    assert (
        "help: library `given` of this project has it; add `given` to `requires` at wasmbuild.yaml:8:5\n" in ran.stderr
    )
    assert "error: library `user` is not built: 30 of its sources do not compile\n" in ran.stderr
    assert "error: library `again` is not built: src/user/0.c does not compile\n" in ran.stderr
    assert run_wasmbuild("build", "-v", cwd=root).stderr.count("file not found\n    1 |") == 31
    found = run_wasmbuild("build", "--json", cwd=root).json()
    assert [each["code"] for each in found["diagnostics"]] == [
        *("missing-header", "missing-header"), *("compile-failed", "compile-failed"),
    ]  # fmt: skip


def test_warnings_of_a_recipe_are_seen_only_if_asked_for(run_wasmbuild: Run, project: Project, tmp_path: Path) -> None:
    recipe = "name: given\nversion: '1'\ndefaults: {libc: none}\nsource: [{path: upstream}]\n"
    recipe += "libraries: {given: {sources: [given.c]}}\n"
    warns = "int %s(int n) { if (n = 1) return 2; return 3; }\n"
    root = project(
        tmp_path / "project",
        {
            "wasmbuild.yaml": (
                "name: user\ndefaults: {libc: none}\nrequires: [given]\nlibraries: {user: {sources: [u.c]}}\n"
            ),
            "u.c": warns % "user",
            "recipes/given/recipe.yaml": recipe,
            "recipes/given/upstream/given.c": warns % "given",
        },
    )
    own = {"WASMBUILD_CACHE": str(tmp_path / "cache")}
    quiet = run_wasmbuild("build", cwd=root, env=own)
    assert quiet.status == 0
    assert "u.c:1:25: warning: " in quiet.stderr
    assert "given.c:1:26: warning: " not in quiet.stderr
    (root / "recipes/given/upstream/given.c").write_text(warns % "given" + "// changed\n")
    assert "given.c:1:26: warning: " in run_wasmbuild("build", "-v", cwd=root, env=own).stderr
    (root / "recipes/given/upstream/given.c").write_text(warns % "given" + "int f( {\n")
    failed = run_wasmbuild("build", cwd=root, env=own)
    assert "given.c:1:26: warning: " in failed.stderr
    assert "given.c:2:8: error: " in failed.stderr
    assert "error: library `given` is not built: given.c does not compile\n" in failed.stderr


def test_flags_for_a_compilers_driver_are_understood(run_wasmbuild: Run, project: Project, tmp_path: Path) -> None:
    manifest = "name: z\ndefaults: {libc: none}\nlibraries:\n  z:\n    sources: [z.c]\n"
    flags = "    ldflags: [-lm, -lpthread, '-Wl,-Map=build/z.map,--no-gc-sections']\n"
    root = project(tmp_path, {"wasmbuild.yaml": manifest + flags, "z.c": "int z;\n"})
    ran = run_wasmbuild("build", cwd=root)
    assert ran.status == 0
    assert ran.stderr.startswith("warning: there are no threads: `-lpthread` is left out\n  at: wasmbuild.yaml:6:20\n")
    assert (root / "build/z.map").stat().st_size > 0


def test_what_a_required_library_defines_and_keeps(run_wasmbuild: Run, project: Project, tmp_path: Path) -> None:
    manifest = "name: z\ndefaults: {libc: none}\nlibraries:\n  kept: {sources: [kept.c], exports: ['open_*']}\n"
    manifest += "  user: {sources: [user.c], requires: [kept]}\n"
    kept = "int foo(void) { return 1; }\nint open_it(void) { return foo(); }\n"
    user = "int foo(void);\nint use(void) { return foo(); }\n"
    ran = run_wasmbuild("build", cwd=project(tmp_path, {"wasmbuild.yaml": manifest, "kept.c": kept, "user.c": user}))
    assert ran.status == 1
    assert (
        "help: `libkept.so` defines it, in kept.c, but does not export it; "
        "add `foo` to `exports` at wasmbuild.yaml:4:38\n"
    ) in ran.stderr
