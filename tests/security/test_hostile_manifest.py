"""A project and a recipe from somebody who wants more than to be built: whatever they try, what is outside of the build
directory and of the cache stays as it was, and none of their programs is run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="links and scripts as POSIX has them")]

HONEST = {
    "wasmbuild.yaml": "name: p\ndefaults: {libc: none}\nlibraries: {a: {sources: [a.c], headers: [a.h]}}\n",
    "a.c": '#include "a.h"\nint a(void) { return 1; }\n',
    "a.h": "int a(void);\n",
}


def snapshot(*directories: Path) -> dict[str, object]:
    """Every file, link and directory below, with what is in it and when it was written."""
    found: dict[str, object] = {}
    for directory in directories:
        for path in [directory, *directory.rglob("*")]:
            content = str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else None
            found[str(path)] = (content, path.lstat().st_mode, path.lstat().st_mtime_ns)
    return found


@pytest.fixture
def world(tmp_path, project, run_wasmbuild):
    """A home with things in it, a checkout beside them, and a function that builds it and looks at the home again."""
    home, checkout, cache = tmp_path / "home", tmp_path / "checkout", tmp_path / "cache"
    project(home, {"file": "mine\n", "docs/a/letter": "dear\n", ".profile": "\n", "lib/keep.so": "", "obj/keep": ""})
    for folder in (checkout, cache):
        folder.mkdir(mode=0o700)
    env = {"WASMBUILD_CACHE": str(cache), "HOME": str(home), "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    before = snapshot(home)

    def attack(*command: str, files: dict[str, str] | None = None) -> object:
        own = {path.relative_to(checkout).as_posix() for path in checkout.rglob("*") if "build" not in path.parts}
        project(checkout, files or {})
        own |= {name.partition("/")[0] for name in files or {}} | set(files or {})
        ran = run_wasmbuild(*(command or ("build",)), cwd=checkout, env=env)
        assert snapshot(home) == before, ran.stderr
        strange = {path.name for path in checkout.iterdir()} - {name.partition("/")[0] for name in own} - {"build"}
        assert not strange
        assert {path.name for path in tmp_path.iterdir()} == {"home", "checkout", "cache", "tmp"}
        assert not (tmp_path / "tmp/ran").exists()
        return ran

    attack.home, attack.checkout, attack.cache = home, checkout, cache  # type: ignore[attr-defined]
    attack.runs = f"touch {tmp_path}/tmp/ran"  # type: ignore[attr-defined]
    return attack


def manifest(target: str, rest: str = "") -> str:
    return f"name: p\ndefaults: {{libc: none}}\nlibraries:\n  a: {{{target}}}\n{rest}"


@pytest.mark.parametrize(
    "target",
    [
        "sources: [a.c], headers: [a/b/../../../home/file]",
        "sources: [a.c], headers: [../home/docs/a/letter], include: [..]",
        "sources: [a.c], headers: [../home/file], include: [../home/docs/..]",
        'sources: [a.c], cflags: ["-o../home/file"]',
        "sources: [a.c], cflags: [-MF, ../home/file]",
        "sources: [a.c], cflags: [-save-temps=cwd]",
        "sources: [a.c], cflags: [-ftime-trace=../home/x.json]",
        "sources: [a.c], cflags: ['@more']",
        "sources: [a.c], cflags: [-Xclang, -serialize-diagnostic-file, -Xclang, ../home/file]",
        'sources: [a.c], ldflags: ["-Map=../home/file"]',
        'sources: [a.c], ldflags: ["--reproduce=../home/file"]',
        'sources: [a.c], ldflags: ["@more"]',
        'sources: [a.c], ldflags: ["-Map=build/lib/../../../home/x.map"]',
        r'sources: [a.c], defines: {X: "1\nrule r\n  command = touch ran\nbuild ran: r\ndefault ran\n#"}',
        r'sources: [a.c], c_std: "c11\nrule r\n  command = touch ran\nbuild ran: r\ndefault ran\n#"',
        "sources: [a.c], defines: {X: '$(touch ran)', Y: '`touch ran`', Z: \"'; touch ran; '\"}",
        "sources: [a.c], output: ../../home/file.so",
        "sources: ['@a.c']",
        "sources: ['src/@a.c']",
        "sources: [a.c], include: ['@more']",
        "sources: [a.c], headers: ['@more/a.h'], include: ['@more']",
        "sources: [a.c], defines: {'@more': null}",
        "sources: [a.c], cflags: ['-D@more']",
    ],
)
def test_a_manifest_writes_into_the_build_directory_alone(world, target):
    more = {"more": "-o ../home/file\n", "@a.c": "int x;\n", "src/@a.c": "int x;\n", "@more/a.h": "", "a/b/x": ""}
    files = {**HONEST, **more, "wasmbuild.yaml": manifest(target)}
    for command in ("build", "test"):
        world(command, files=files)
    recipe = files["wasmbuild.yaml"].replace("name: p\n", "name: r\nlicense: MIT\nsource: [{path: up}]\n")
    files = {"wasmbuild.yaml": "name: p\nrequires: [r]\n", "recipes/r/recipe.yaml": recipe}
    files |= {f"recipes/r/up/{name}": text for name, text in {**HONEST, "more": "-o x\n"}.items() if "yaml" not in name}
    world("build", files=files)


@pytest.mark.parametrize("name", ["-o..%home%file", "@more", "-Map=..%home%file.o", "-T..%home%file.a", "-fplugin=x.c"])
def test_names_of_files_are_no_options(world, name):
    name = name.replace("%", "\\")  # no name of a file has a slash in it
    world(files={**HONEST, name: "int x;\n", "wasmbuild.yaml": manifest("sources: ['*'], exclude: ['*.yaml', '*.h']")})
    ran = world(files={**HONEST, "-x.c": "int x;\n", "wasmbuild.yaml": manifest('sources: [a.c, "-x.c"]')})
    (world.checkout / name).unlink()
    assert ran.status == 0, ran.stderr


def test_a_checkout_that_brings_a_program_as_its_compiler(world):
    script = f"#!/bin/sh\n{world.runs}\necho 'clang version 22.1.0'\n"
    files = {**HONEST, "bin/clang": script, "bin/wasm-ld": script, "bin/llvm-ar": script}
    for path in ("bin", "./bin", "../checkout/bin", str(world.checkout / "bin"), "/proc/self/cwd/bin"):
        files["toolchain.yaml"] = f"toolchain: llvm\nllvm: {{path: {path}}}\n"
        world(files=files)
        for tool in ("clang", "wasm-ld", "llvm-ar"):
            (world.checkout / "bin" / tool).chmod(0o755)
        for command in ("build", "test", "doctor"):
            assert world(command).status == 1
    world(files={**files, "toolchain.yaml": "toolchain: llvm\nllvm: {suffix: /../../bin/clang}\n"})
    world(files={**files, "toolchain.yaml": "profiles: {release: {cflags: [-fplugin=bin/clang]}}\n"})


@pytest.mark.parametrize("command", ["build", "test", "clean", "run"])
def test_a_build_directory_that_is_a_link(world, command):
    world.checkout.joinpath("build").symlink_to(world.home)
    ran = world(*(("run", "a") if command == "run" else (command,)), files=HONEST)
    assert ran.status == 1
    assert "`build` is a link" in ran.stderr or command == "run"


def shipped_build(world, run: str) -> dict[str, str]:
    """A build directory as ours, of which everything that is obeyed is a lie."""
    ninja = f"rule r\n  command = {run}\nbuild all: r\nbuild tests: r\ndefault all\n"
    away = [f"../{world.home.name}/file", f"{world.home}/file", "lib/../../../home/file", f"{world.home}/docs/a/letter"]
    now = 10**19
    log = "".join(f"0\t1\t{now}\t{path}\tdeadbeef\n" for path in [*away, "build/lib/liba.so"])
    asked = f"wasmbuild 0 {sys.prefix} {world.checkout} release "
    return {
        "build/build.ninja": ninja,
        "build/.ninja_log": f"# ninja log v7\n{log}",
        "build/.wasmbuild-state": f"{asked}\n{world.checkout}/bin/ninja\nend",
        "build/.wasmbuild-lock": "",
        "build/obj/staged.json": json.dumps(away),
        "build/obj/made.json": json.dumps(away),
        "build/obj/library-a/link.json": json.dumps({"wasm_ld": ["touch", "ran"], "output": f"{world.home}/file"}),
        "build/obj/check.json": json.dumps({"roots": [], "library_path": []}),
        "bin/ninja": f"#!/bin/sh\n{world.runs}\n",
    }


def test_a_build_directory_that_came_with_the_checkout_is_not_believed(world):
    files = {**HONEST, **shipped_build(world, world.runs)}
    world("schema", files=files)  # puts the files there
    (world.checkout / "bin/ninja").chmod(0o755)
    ran = world("build")
    assert ran.status == 0, ran.stderr
    assert "compile a.c" in ran.steps
    assert world("build").stderr == "nothing to do\n"


def test_an_object_that_came_with_the_checkout_is_compiled_again(world, run_wasmbuild):
    """Even where somebody knows the path, and brings all that a build here would have left."""
    assert world(files=HONEST).status == 0
    good = (world.checkout / "build/lib/liba.so").read_bytes()
    (world.checkout / "a.c").write_text('#include "a.h"\nint a(void) { return 666; }\n')
    assert world().status == 0
    (world.checkout / "a.c").write_text(HONEST["a.c"])
    os.utime(world.checkout / "a.c", ns=(10**18, 10**18))
    assert (world.checkout / "build/lib/liba.so").read_bytes() != good
    shutil.rmtree(world.cache / "builds")  # as on another machine
    assert world().status == 0
    assert (world.checkout / "build/lib/liba.so").read_bytes() == good


def test_what_is_pulled_into_a_build_directory_of_ours(world):
    assert world(files=HONEST).status == 0
    assert world().stderr == "nothing to do\n"
    for name, text in shipped_build(world, world.runs).items():
        world("schema", files={name: text})
        for command in ("build", "test"):
            ran = world(command)
            assert ran.status == 0, (name, ran.stderr)


@pytest.mark.parametrize(
    "name",
    [
        *("lib", "obj", "include", "obj/library-a", "obj/library-a/a.c.o", "obj/library-a/a.c.o.d", "lib/liba.so"),
        "build.ninja",
        "compile_commands.json",
        "obj/check.stamp",
        "obj/library-a/link.json",
        ".ninja_log",
        "include/a.h",
    ],
)
@pytest.mark.parametrize("ours", [False, True], ids=["shipped", "pulled"])
def test_links_in_a_build_directory_lead_nowhere(world, name, ours):
    if ours:
        assert world(files=HONEST).status == 0
    link = world.checkout / "build" / name
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.exists():
        shutil.rmtree(link) if link.is_dir() else link.unlink()
    link.symlink_to(world.home / ("docs" if "." not in name else "file"))
    assert world(files={**HONEST, "a.c": HONEST["a.c"].replace("1", "2")}).status == 0
    assert not link.is_symlink()
    assert world("clean").status == 0


def test_a_lock_that_is_a_link_makes_no_file(world):
    (world.checkout / "build").mkdir()
    (world.checkout / "build/.wasmbuild-lock").symlink_to(world.home / "new")
    for command in ("build", "clean"):
        world(command, files=HONEST)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_git_checkout_with_all_of_it(world, tmp_path):
    """As one gets it: cloned, its build directory and its links tracked."""
    files = {**HONEST, **shipped_build(world, world.runs)}
    world("schema", files=files)
    (world.checkout / "bin/ninja").chmod(0o755)
    (world.checkout / "build/include").symlink_to(world.home)
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@x", "-C", str(world.checkout)]
    for words in (["init", "-q"], ["add", "-f", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *words], check=True)
    shutil.rmtree(world.checkout / "build")
    subprocess.run([*git, "checkout", "-q", "."], check=True)
    assert (world.checkout / "build/include").is_symlink()
    ran = world("build")
    assert ran.status == 0, ran.stderr
    shutil.rmtree(world.checkout / ".git")
