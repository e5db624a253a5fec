"""Upstream's projects, unchanged, by the build systems that they have: shared libraries that pass the check, and their
own tests run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cliprojects import COMPILES_RECIPES_S, marks_for_source

from wasmbuild.manifest.recipes import find_recipes, read_recipe, shipped

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="their tests need LD_PRELOAD")]


def needs(*programs):
    missing = [name for name in programs if not (shutil.which(name) or Path(sys.executable).with_name(name).exists())]
    return pytest.mark.skipif(bool(missing), reason=f"there is no {' and no '.join(missing)} here")


def case(recipe, *programs):
    return pytest.param(recipe, id=recipe, marks=(*marks_for_source(recipe), needs(*programs)))


@pytest.fixture
def source(request, tmp_path, run_wasmbuild):
    """The source of a recipe, as upstream ships it."""
    from wasmbuild.builder.recipesource import fetch_source
    from wasmbuild.builder.ziglang import ziglang_directory
    from wasmbuild.progress import Silent
    from wasmbuild.selection.required import Required
    from wasmbuild.sources.source import RequiredBy
    from wasmbuild.sources.store import Store

    known = find_recipes((shipped("recipes"),))
    required = Required(read_recipe(known[request.param], known), RequiredBy("a test"))
    fetched = fetch_source(required, Store.of_user(), ziglang_directory() / "lib", False, Silent())
    (tmp_path / "source").mkdir()
    # With the times of its files, which automake's makefiles go by.
    command = ["tar", "-xf", fetched.main.path, "-C", tmp_path / "source", "--strip-components=1"]
    subprocess.run(command, check=True)
    return tmp_path / "source"


@pytest.fixture
def execute(run_wasmbuild, libc, libcxx):
    """`execute("make", cwd=…)`: a command in the environment, which must do well; what it printed."""

    def run(*command, cwd):
        ran = run_wasmbuild("exec", "--", *command, cwd=cwd, timeout_s=COMPILES_RECIPES_S)
        assert ran.status == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
        return ran.stdout + ran.stderr

    return run


def check(library, run_wasmbuild):
    environment = run_wasmbuild("env", "--json", cwd=library.parent).json()
    ran = run_wasmbuild("check", "--library-path", Path(environment["directory"], "lib"), library, cwd=library.parent)
    assert ran.status == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("source", [case("expat", "cmake", "make")], indirect=True)
def test_cmake(source, execute, run_wasmbuild):
    directory = source / "expat"
    execute("cmake", "-B", "out", cwd=directory)
    execute("cmake", "--build", "out", "-j2", cwd=directory)
    check(directory / "out/libexpat.so", run_wasmbuild)
    assert "100% tests passed, 0 tests failed" in execute("ctest", "--test-dir", "out", cwd=directory)


@pytest.mark.parametrize("source", [case("pixman", "meson", "ninja")], indirect=True)
def test_meson(source, execute, run_wasmbuild):
    without = [f"-D{feature}=disabled" for feature in ("demos", "gtk", "libpng", "openmp")]
    execute("meson", "setup", "out", "--cross-file", "wasmbuild", *without, cwd=source)
    execute("ninja", "-C", "out", cwd=source)
    check(source / "out/pixman/libpixman-1.so.0", run_wasmbuild)
    tests = ("--timeout-multiplier", "10", "region-test", "oob-test", "fetch-test")
    said = execute("meson", "test", "-C", "out", *tests, cwd=source)
    assert re.search(r"^Ok: +3 *$", said, re.M), said
    assert re.search(r"^Fail: +0 *$", said, re.M), said


@pytest.mark.parametrize("source", [case("jsoncpp", "meson", "ninja")], indirect=True)
def test_meson_with_cxx_and_tests_that_scripts_run(source, execute, run_wasmbuild):
    execute("meson", "setup", "out", "--cross-file", "wasmbuild", cwd=source)
    execute("ninja", "-C", "out", cwd=source)
    for module in ("libjsoncpp.so", "jsoncpp_test", "jsontestrunner"):
        check(source / "out" / module, run_wasmbuild)
    chosen = ("unittest_jsoncpp_test", "jsonchecker_jsontestrunner")  # the third starts hundreds of programs
    said = execute("meson", "test", "-C", "out", *("--timeout-multiplier", "10"), *chosen, cwd=source)
    assert re.search(r"^Ok: +2 *$", said, re.M), said


@pytest.mark.parametrize("source", [case("libogg", "make", "sh")], indirect=True)
def test_autotools(source, execute, run_wasmbuild):
    execute("sh", "./configure", cwd=source)
    execute("make", "-j2", cwd=source)
    check(source / "src/.libs/libogg.so", run_wasmbuild)
    assert "Testing recapture... ok." in execute("make", "check", cwd=source)


@pytest.mark.parametrize("source", [case("libconfig", "make", "sh")], indirect=True)
def test_autotools_with_cxx(source, execute, run_wasmbuild):
    execute("sh", "./configure", cwd=source)
    execute("make", "-j2", cwd=source)
    for module in ("lib/.libs/libconfig.so", "lib/.libs/libconfig++.so"):
        check(source / module, run_wasmbuild)
    assert re.search(r"^# PASS: +1$", execute("make", "check", cwd=source), re.M)


SMALL = {
    "CMakeLists.txt": """
cmake_minimum_required(VERSION 3.16)
project(small C)
include(CheckFunctionExists)
include(CheckLibraryExists)
check_function_exists(strdup HAVE_STRDUP)
check_library_exists(m sin "" HAVE_SIN)
check_function_exists(no_such_function HAVE_NO_SUCH)
if(NOT HAVE_STRDUP OR NOT HAVE_SIN OR HAVE_NO_SUCH)
    message(FATAL_ERROR "wrong answers")
endif()
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/some/libraries")
add_library(one SHARED one.c)
add_library(plugin MODULE plugin.c)
add_executable(program main.c)
target_link_libraries(program one)
enable_testing()
add_test(NAME program COMMAND program $<TARGET_FILE:plugin>)
set_property(TARGET program PROPERTY ENABLE_EXPORTS ON)
install(TARGETS one program)
install(TARGETS plugin LIBRARY DESTINATION lib)
""",
    "one.c": "int one(void) { return 1; }\n",
    "plugin.c": "int of_program(void);\nint plugin(void) { return of_program(); }\n",
    "main.c": """
#include <dlfcn.h>
int one(void);
int of_program(void) { return one(); }
int main(int count, char **words) {
    void *plugin = count == 2 ? dlopen(words[1], RTLD_NOW) : 0;
    int (*called)(void) = plugin ? (int (*)(void))dlsym(plugin, "plugin") : of_program;
    return called && called() == 1 ? 0 : 1;
}
""",
}


@needs("cmake", "ninja")
def test_cmake_installs_what_ninja_built(tmp_path, project, execute, run_wasmbuild):
    directory = project(tmp_path / "small", SMALL)
    said = execute("cmake", "-G", "Ninja", "-B", "out", f"-DCMAKE_INSTALL_PREFIX={tmp_path}/installed", cwd=directory)
    assert "System is unknown" not in said
    execute("cmake", "--build", "out", cwd=directory)
    assert "100% tests passed" in execute("ctest", "--test-dir", "out", "--output-on-failure", cwd=directory)
    execute("cmake", "--install", "out", "--strip", cwd=directory)
    moved = (tmp_path / "installed").rename(tmp_path / "elsewhere")
    shutil.rmtree(directory)
    ran = run_wasmbuild("run", moved / "bin/program", cwd=tmp_path)
    assert ran.status == 0, ran.stderr


@pytest.mark.parametrize("source", [case("fribidi", "make", "sh")], indirect=True)
def test_libtool_chooses_exports_by_a_pattern(source, execute, run_wasmbuild):
    said = execute("sh", "./configure", "--disable-docs", cwd=source)
    assert re.search(r"checking command to parse \S*nm output from .* object\.\.\. ok", said), said
    assert "checking for strdup... yes" in said
    execute("make", "-j2", "-C", "lib", cwd=source)
    library = source / "lib/.libs/libfribidi.so"
    exports = run_wasmbuild("inspect", "--json", library, cwd=source).json()["files"][0]["exports"]
    names = {each["name"] for each in exports} - {"__wasm_call_ctors", "__wasm_apply_data_relocs"}
    assert names
    assert {name[:8] for name in names} == {"fribidi_"}
