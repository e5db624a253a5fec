"""What a build does again after a change, and what it leaves alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cliprojects import LOCAL_RECIPE, TWO_LIBRARIES, edit, outputs

BASE = {f"compile src/base/{name}.c" for name in ("one", "two", "three")}
INTERFACE = "interface build/obj/library-base/interface/libbase.so"
TOTAL = {f"compile src/total/{name}.c" for name in ("total", "tens", "hundreds")}


@pytest.fixture
def rebuild(run_wasmbuild):
    """Build again; which files were compiled, and everything else that ran."""

    def run(directory: Path, *options: str, **more) -> tuple[set[str], set[str]]:
        ran = run_wasmbuild("build", *options, cwd=directory, **more)
        assert ran.status == 0, ran.stderr
        compiled = {step for step in ran.steps if step.startswith("compile ")}
        return compiled, set(ran.steps) - compiled

    return run


def test_the_first_build_does_everything(tmp_path, project, rebuild):
    compiled, others = rebuild(project(tmp_path, TWO_LIBRARIES))
    assert compiled == BASE | TOTAL
    links = {"link build/lib/libbase.so", "link build/lib/libtotal.so"}
    assert others == links | {INTERFACE, "install headers", "check the link"}


def test_a_build_with_nothing_to_do_says_so_and_runs_nothing(two, run_wasmbuild):
    run_wasmbuild("build", cwd=two)  # it was copied here
    before = {path: path.stat().st_mtime_ns for path in (two / "build").rglob("*.[ocs]*") if path.is_file()}
    assert any(path.name == "one.c.o" for path in before)
    for _ in range(3):
        ran = run_wasmbuild("build", cwd=two)
        assert (ran.status, ran.stdout, ran.stderr) == (0, "", "nothing to do\n")
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_changed_source_is_compiled_alone(two, rebuild):
    edit(two / "src/total/tens.c", "SCALE * number", "SCALE * (number + 1)")
    compiled, others = rebuild(two)
    assert compiled == {"compile src/total/tens.c"}
    assert others == {"link build/lib/libtotal.so", "check the link"}


def test_a_changed_header_recompiles_exactly_what_includes_it(two, rebuild):
    edit(two / "include/scale.h", "10", "100")
    compiled, others = rebuild(two)
    assert compiled == {"compile src/total/tens.c", "compile src/total/hundreds.c"}
    assert others == {"link build/lib/libtotal.so", "check the link"}


def test_a_change_that_changes_no_output_goes_no_further(two, rebuild):
    before = outputs(two)
    edit(two / "src/base/one.c", "return 1;", "return 2 - 1; /* the same */")
    compiled, others = rebuild(two)
    assert compiled == {"compile src/base/one.c"}
    assert others == {"link build/lib/libbase.so", INTERFACE}
    assert outputs(two) == before


def test_a_changed_public_header_is_installed_and_recompiles_its_users(two, rebuild):
    edit(two / "include/base.h", "int base_one(void);", "int base_one(void); /* 1 */")
    compiled, others = rebuild(two)
    assert compiled == BASE | {"compile src/total/total.c"}
    assert "install headers" in others
    assert "/* 1 */" in (two / "build/include/base.h").read_text()


def test_flags_of_one_target_recompile_that_target(two, rebuild):
    edit(two / "wasmbuild.yaml", "requires: [base]", "requires: [base]\n    defines: {EXTRA: 1}")
    assert rebuild(two)[0] == TOTAL
    edit(two / "wasmbuild.yaml", "include: [include]}", "include: [include], cflags: [-Wall]}")
    assert rebuild(two)[0] == BASE | TOTAL


def test_a_change_of_exports_links_again_and_compiles_nothing(two, rebuild, run_wasmbuild):
    edit(two / "wasmbuild.yaml", "requires: [base]", "requires: [base]\n    exports: [total]")
    assert rebuild(two) == (set(), {"link build/lib/libtotal.so", "check the link"})
    (file,) = run_wasmbuild("inspect", "--json", "build/lib/libtotal.so", cwd=two).json()["files"]
    assert {"total"} == {export["name"] for export in file["exports"]} - {"__wasm_call_ctors"}


def test_a_change_of_a_list_of_exports_links_again_and_compiles_nothing(two, rebuild, run_wasmbuild):
    (two / "total.sym").write_text("total\ntens\n")
    edit(two / "wasmbuild.yaml", "requires: [base]", "requires: [base]\n    exports: {file: total.sym}")
    assert rebuild(two) == (set(), {"link build/lib/libtotal.so", "check the link"})
    edit(two / "total.sym", "tens\n", "")
    assert rebuild(two) == (set(), {"link build/lib/libtotal.so", "check the link"})
    (two / "total.sym").unlink()
    ran = run_wasmbuild("build", cwd=two)
    assert ran.status == 1
    assert "error: no such file: `total.sym`" in ran.stderr
    assert "wasmbuild.yaml:10:21" in ran.stderr


def test_a_comment_in_the_manifest_builds_nothing(two, rebuild):
    edit(two / "wasmbuild.yaml", "name: two\n", "# two libraries\nname: two\n")
    assert rebuild(two)[0] == set()


def test_a_file_that_a_pattern_matches_joins_and_leaves(two, rebuild, project, run_wasmbuild):
    before = outputs(two)
    project(two, {"src/base/four.c": "int base_four(void) {\n    return 4;\n}\n"})
    compiled, others = rebuild(two)
    assert compiled == {"compile src/base/four.c"}
    assert "link build/lib/libbase.so" in others
    assert b"base_four" in outputs(two)["lib/libbase.so"]
    (two / "src/base/four.c").unlink()
    assert rebuild(two)[0] == set()
    assert outputs(two) == before
    assert not list((two / "build").rglob("four.c.o"))


def test_the_output_of_a_renamed_library_disappears(two, rebuild):
    edit(two / "wasmbuild.yaml", "  total:\n", "  sum:\n")
    edit(two / "wasmbuild.yaml", "in: total", "in: sum")
    rebuild(two)
    assert set(outputs(two)) == {"include/base.h", "lib/libbase.so", "lib/libsum.so"}


def test_a_header_that_is_no_longer_public_disappears(two, rebuild):
    edit(two / "wasmbuild.yaml", "    headers: [include/base.h]\n", "")
    rebuild(two)
    assert set(outputs(two)) == {"lib/libbase.so", "lib/libtotal.so"}


def test_an_output_that_was_deleted_is_made_again(two, rebuild):
    before = outputs(two)
    (two / "build/lib/libbase.so").unlink()
    assert "link build/lib/libbase.so" in rebuild(two)[1]
    assert outputs(two) == before


@pytest.mark.parametrize("part", ["obj", "build.ninja", "compile_commands.json", "lib", ".ninja_log"])
def test_a_part_of_the_build_directory_that_was_deleted_is_made_again(part, two, rebuild):
    for _ in range(2):
        rebuild(two)
    before, path = outputs(two), two / "build" / part
    assert path.exists()
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    rebuild(two)
    assert path.exists()
    assert outputs(two) == before


def test_a_toolchain_file_that_appears_changes_and_goes(two, rebuild, run_wasmbuild):
    before, file = outputs(two), two / "toolchain.yaml"
    file.write_text("profiles:\n  release: {cflags: [-O0]}\n")
    assert rebuild(two)[0] == BASE | TOTAL
    unoptimised = outputs(two)
    assert unoptimised != before
    file.write_text("profiles:\n  release: {cflags: [-O3]}\n")
    assert rebuild(two)[0] == BASE | TOTAL
    assert outputs(two) != unoptimised
    file.write_text("profiles:\n  release: {cflag: [-O3]}\n")
    broken = run_wasmbuild("build", cwd=two)
    assert broken.status == 1
    assert "toolchain.yaml:2:13" in broken.stderr
    file.unlink()
    assert rebuild(two)[0] == BASE | TOTAL
    assert outputs(two) == before


def test_a_copied_project_is_a_project_of_its_own(two, run_wasmbuild):
    for _ in range(2):
        run_wasmbuild("build", cwd=two)
    copied = two.with_name("copied")
    shutil.copytree(two, copied, symlinks=True)
    edit(copied / "wasmbuild.yaml", "requires: [base]", "requires: [bsae]")
    ran = run_wasmbuild("build", cwd=copied)
    assert ran.status == 1, ran.stderr
    assert "unknown recipe or library: `bsae`" in ran.stderr


def test_a_moved_project_is_built_where_it_is(two, run_wasmbuild):
    before, moved = outputs(two), two.with_name("moved")
    two.rename(moved)
    assert run_wasmbuild("test", cwd=moved).status == 0
    assert outputs(moved) == before
    entries = json.loads((moved / "build/compile_commands.json").read_text())
    assert {entry["directory"] for entry in entries} == {str(moved)}


# Recipes of the project.


@pytest.fixture
def given(tmp_path, project, run_wasmbuild):
    """A project with a recipe of its own, built, and a function that builds it again with the same cache."""
    directory, env = project(tmp_path / "given", LOCAL_RECIPE), {"WASMBUILD_CACHE": str(tmp_path / "cache")}

    def build(*command: str):
        ran = run_wasmbuild(*(command or ("build",)), cwd=directory, env=env)
        assert ran.status == 0, ran.stdout + ran.stderr
        return ran

    build()
    return directory, build


def test_the_second_build_says_that_there_is_nothing_to_do(given):
    _, build = given
    assert build().stderr == "nothing to do\n"


def test_a_recipe_that_changes_is_built_again(given):
    directory, build = given
    before = outputs(directory)
    edit(directory / "recipes/given/recipe.yaml", "libc: none}", "libc: none, cflags: [-O0]}")
    assert {"given: compile given.c", "given: compile more.c"} <= set(build().steps)
    assert outputs(directory)["lib/libgiven.so"] != before["lib/libgiven.so"]
    edit(directory / "recipes/given/recipe.yaml", ", cflags: [-O0]", "")
    assert "given: compile given.c" not in build().steps  # still in the cache
    assert outputs(directory) == before


def test_a_comment_in_a_recipe_and_its_description_build_nothing(given):
    directory, build = given
    edit(directory / "recipes/given/recipe.yaml", "name: given\n", "# given\nname: given\ndescription: a number\n")
    assert not [step for step in build().steps if step.startswith(("compile", "link"))]


def test_what_only_a_recipes_tests_require_is_not_built_for_its_users(given):
    directory, build = given
    recipe = directory / "recipes/given/recipe.yaml"
    (directory / "recipes/helper").mkdir()
    (directory / "recipes/helper/recipe.yaml").write_text(
        recipe.read_text().replace("name: given", "name: helper").replace("path: upstream", "path: ../given/upstream")
    )
    with recipe.open("a") as file:
        file.write("tests: [{name: t, program: {sources: [given.c], requires: [helper]}}]\n")
    assert not [step for step in build().steps if step.startswith(("compile", "link"))]


def test_a_project_that_only_requires_has_what_it_requires(tmp_path, project, libc, run_wasmbuild):
    """With the cache of the machine, which has libc: to compile that once more proves nothing here."""
    directory = project(tmp_path / "given", LOCAL_RECIPE)
    edit(directory / "recipes/given/recipe.yaml", "defaults: {libc: none}\n", "")
    (directory / "wasmbuild.yaml").write_text("name: user\nrequires: [given]\n")
    built = run_wasmbuild("build", cwd=directory)
    assert built.status == 0, built.stderr
    assert set(outputs(directory)) == {"include/given.h", "lib/libgiven.so", "lib/libc.so"}
    assert run_wasmbuild("check", "build/lib/libgiven.so", cwd=directory).status == 0


def test_a_source_of_a_recipe_that_changes_is_built_again(given):
    directory, build = given
    assert build("test").stdout.splitlines()[-1].endswith(" passed, 0 failed")
    edit(directory / "recipes/given/upstream/more.c", "return 1;", "return 2;")
    edit(directory / "wasmbuild.yaml", "returns: 42", "returns: 43")
    assert build("test").stdout.splitlines()[-1].endswith(" passed, 0 failed")


def test_a_source_beside_the_recipe_that_changes_is_built_again(given):
    directory, build = given
    (directory / "recipes/given/upstream").rename(directory / "vendor")
    edit(directory / "recipes/given/recipe.yaml", "path: upstream", "path: ../../vendor")
    for _ in range(3):  # until a build with nothing to do looks at no source itself
        build()
    before = outputs(directory)
    edit(directory / "vendor/more.c", "return 1;", "return 2;")
    assert "given: compile more.c" in build().steps
    assert outputs(directory)["lib/libgiven.so"] != before["lib/libgiven.so"]


def test_what_is_no_longer_required_disappears(given):
    directory, build = given
    edit(directory / "wasmbuild.yaml", "requires: [given]\n", "")
    edit(directory / "user.c", '#include "given.h"\n\n', "static int given(void) {\n    return 41;\n}\n\n")
    build()
    assert set(outputs(directory)) == {"lib/libuser.so"}


def test_an_emptied_cache_is_filled_again(given, tmp_path):
    directory, build = given
    before = outputs(directory)
    build()
    shutil.rmtree(tmp_path / "cache")
    assert "given: compile given.c" in build().steps
    assert outputs(directory) == before


# Profiles, options, and what else a build leaves.


def test_profiles_differ_as_promised(two, rebuild, run_wasmbuild):
    sections, sizes = {}, {}
    for profile in ("release", "debug", "size"):
        rebuild(two, "--profile", profile)
        (file,) = run_wasmbuild("inspect", "--json", "build/lib/libtotal.so", cwd=two).json()["files"]
        sections[profile], sizes[profile] = {section["name"] for section in file["sections"]}, file["size_bytes"]
    assert {".debug_info", ".debug_line", "name"} <= sections["debug"]
    assert "name" in sections["release"]
    assert not any(name.startswith(".debug") for name in sections["release"])
    assert not any(name.startswith(".debug") or name == "name" for name in sections["size"])
    assert sizes["size"] < sizes["release"] < sizes["debug"]


def test_a_profile_of_the_projects_own_and_one_that_is_not_there(two, rebuild, run_wasmbuild):
    (two / "toolchain.yaml").write_text("profiles:\n  fast: {cflags: [-O3, -DFAST]}\n")
    assert rebuild(two, "--profile", "fast")[0] == BASE | TOTAL
    assert "-DFAST" in (two / "build/compile_commands.json").read_text()
    ran = run_wasmbuild("build", "--profile", "fats", cwd=two)
    assert ran.status == 1
    assert ran.stderr.startswith("error: unknown profile: `fats`\n")
    assert "fast" in ran.stderr


def test_compile_commands_compile(two, rebuild):
    rebuild(two)
    entries = json.loads((two / "build/compile_commands.json").read_text())
    assert {f"compile {entry['file']}" for entry in entries} == BASE | TOTAL
    for entry in entries:  # what lies below the project is named from there
        assert not [argument for argument in entry["arguments"] if str(two) in argument]
    for entry in entries[:2]:
        assert entry["directory"] == str(two)
        made = two / entry["output"]
        before = made.read_bytes()
        made.unlink()
        subprocess.run(entry["arguments"], cwd=entry["directory"], check=True)
        assert made.read_bytes() == before


def test_one_job_at_a_time_builds_the_same(two, tmp_path, project, rebuild):
    alone = project(tmp_path / "alone", TWO_LIBRARIES)
    assert rebuild(alone, "-j1")[0] == BASE | TOTAL
    assert outputs(alone) == outputs(two)


@pytest.mark.parametrize("profile", ["release", "debug"])
def test_outputs_do_not_depend_on_the_directory(profile, tmp_path, project, rebuild):
    built = []
    for name in ("a", "elsewhere/with a space and $signs: 100%"):
        directory = project(tmp_path / name, LOCAL_RECIPE)
        cache = {"WASMBUILD_CACHE": str(tmp_path / name / "its cache")}
        rebuild(directory, "--profile", profile, env=cache, alone=True)  # hashes differ
        built.append(outputs(directory))
    assert set(built[0]) == {"include/given.h", "lib/libgiven.so", "lib/libuser.so"}
    assert built[0] == built[1]


def test_names_with_spaces_and_signs(tmp_path, project, run_wasmbuild):
    files = {name.replace("src/base/one.c", "src/base/öne & $two's.c"): text for name, text in TWO_LIBRARIES.items()}
    directory = project(tmp_path, files)
    ran = run_wasmbuild("test", cwd=directory)
    assert ran.status == 0, ran.stderr
    assert "compile" in ran.stderr
    edit(directory / "include/base.h", "int base_one(void);", "int base_one(void); ")
    again = run_wasmbuild("build", cwd=directory)
    assert len([step for step in again.steps if step.startswith("compile ")]) == 4  # its header is known as well


def test_times_alone_build_nothing_new(two, rebuild):
    before = outputs(two)
    os.utime(two / "include/scale.h")
    rebuild(two)
    assert outputs(two) == before
