"""Recipes that upstream's own build systems build: tiny projects of each kind, and what such a build must not do."""

from __future__ import annotations

import os
import shutil
import sys
from uuid import uuid4

import pytest
from cliprojects import COMPILES_RECIPES_S

from wasmbuild.driver.confine import confine

ALLOWED = {"WASMBUILD_ALLOW_BUILD_SCRIPTS": "1"}

MAKEFILE = """\
libtiny.a: tiny.o
\t$(AR) rcs $@ tiny.o
tiny.o: tiny.c
\t$(CC) $(CFLAGS) -c tiny.c -o $@
install: libtiny.a
\tmkdir -p $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/include
\tcp libtiny.a $(DESTDIR)$(PREFIX)/lib
\tcp tiny.h $(DESTDIR)$(PREFIX)/include
"""
CODE = {
    "recipes/tiny/src/tiny.c": "int tiny(void) { return 41 + ONE; }\nint inner(void) { return 0; }\n",
    "recipes/tiny/src/tiny.h": "int tiny(void);\n",
}
INSTALLED = """\
libraries:
  tiny: {sources: [_installed/lib/libtiny.a], headers: [_installed/include/tiny.h], exports: [tiny]}
"""
IN_PLACE = """\
libraries:
  tiny: {sources: [libtiny.a], headers: [tiny.h], exports: [tiny]}
"""

requires_make = pytest.mark.skipif(shutil.which("make") is None, reason="no make")


def recipe(build, libraries=IN_PLACE, more=""):
    return f"""\
name: tiny
version: "1"
license: MIT
source: [{{path: src}}]
build: {build}
{more}{libraries}"""


def user(requires="tiny"):
    return {
        "wasmbuild.yaml": f"""\
name: user
requires: [{requires}]
programs:
  user: {{sources: [user.c]}}
""",
        "user.c": '#include <stdio.h>\n#include <tiny.h>\nint main(void) { printf("%d\\n", tiny()); return 0; }\n',
    }


SYSTEMS = {
    "make": ("{system: make, options: [CFLAGS=-DONE=1]}", {"Makefile": MAKEFILE}),
    "autotools": (
        "{system: autotools, options: [--with-one=1]}",
        {
            "configure": """\
#!/bin/sh
for word do case $word in --with-one=*) one=${word#*=} ;; --prefix=*) prefix=${word#*=} ;; esac; done
test -n "$CONFIG_SITE" || exit 1
{ echo "CC = $CC"; echo "AR = $AR"; echo "CFLAGS = -DONE=$one"; echo "PREFIX = $prefix"; cat Makefile.in; } >Makefile
""",
            "Makefile.in": MAKEFILE,
        },
    ),
    "cmake": (
        "{system: cmake, options: [-DONE=1]}",
        {
            "CMakeLists.txt": """\
cmake_minimum_required(VERSION 3.20)
project(tiny C)
include(GNUInstallDirs)
add_library(tiny tiny.c)
target_compile_definitions(tiny PRIVATE ONE=${ONE})
install(TARGETS tiny)
install(FILES tiny.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
"""
        },
    ),
    "meson": (
        "{system: meson, options: [-Done=1]}",
        {
            "meson.build": """\
project('tiny', 'c')
library('tiny', 'tiny.c', c_args: '-DONE=' + get_option('one'), install: true)
install_headers('tiny.h')
""",
            "meson_options.txt": "option('one', type: 'string')\n",
        },
    ),
}


@pytest.fixture
def build(tmp_path, project, run_wasmbuild, libc):
    """`build(recipe, files)` builds a project that requires it; `build.root` is where it is."""

    def run(text, files=None, env=ALLOWED, arguments=()):
        texts = {f"recipes/tiny/src/{name}": text for name, text in (files or {"Makefile": MAKEFILE}).items()}
        texts["recipes/tiny/src/.once"] = uuid4().hex  # else the machine's cache has it from the run before this one
        run.root = project(tmp_path / "project", CODE | texts | {"recipes/tiny/recipe.yaml": text} | user())
        return run_wasmbuild("build", *arguments, cwd=run.root, env=env, timeout_s=COMPILES_RECIPES_S)

    return run


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_each_system_builds_is_linked_by_us_and_works(system, build, run_wasmbuild):
    tools = {"autotools": "make"}
    if shutil.which(tools.get(system, system)) is None:
        pytest.skip(f"no {system}")
    said, files = SYSTEMS[system]
    ran = build(recipe(said, INSTALLED), files)
    assert ran.status == 0, ran.stderr
    assert f"tiny: build with {system}" in ran.stderr
    assert run_wasmbuild("run", "user", cwd=build.root, env=ALLOWED).stdout == "42\n"
    shown = run_wasmbuild("inspect", "build/lib/libtiny.so", cwd=build.root)
    assert "tiny" in shown.stdout
    assert "inner" not in shown.stdout
    assert (build.root / "build/lib/pkgconfig/tiny.pc").is_file()


AT_ONCE = """\
touch $1.here
for moment in $(seq 300); do test -e $2.here && exit; sleep 0.2; done
exit 1
"""
ONE_AT_A_TIME = "mkdir running || exit 1\nsleep 0.3\nrmdir running\n"

SIDE_BY_SIDE = {
    "make": {
        "Makefile": """\
libtiny.a: both
\t$(CC) -DONE=1 -c tiny.c -o tiny.o
\t$(AR) rcs $@ tiny.o
both:
\t$(MAKE) one two
one:
\tsh work.sh one two
two:
\tsh work.sh two one
"""
    },
    "cmake": {
        "CMakeLists.txt": """\
cmake_minimum_required(VERSION 3.20)
project(tiny C)
add_library(tiny tiny.c)
target_compile_definitions(tiny PRIVATE ONE=1)
set_target_properties(tiny PROPERTIES ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_SOURCE_DIR})
add_custom_target(one COMMAND sh ${CMAKE_SOURCE_DIR}/work.sh one two)
add_custom_target(two COMMAND sh ${CMAKE_SOURCE_DIR}/work.sh two one)
add_dependencies(tiny one two)
"""
    },
    "meson": {
        "meson.build": """\
project('tiny', 'c')
sh = find_program('sh', native: true)
made = []
foreach names : [['one', 'two'], ['two', 'one']]
  made += custom_target(names[0], output: names[0] + '.h', capture: true, command: [sh, files('work.sh'), names])
endforeach
library('tiny', ['tiny.c', made], c_args: '-DONE=1')
"""
    },
}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
@pytest.mark.parametrize(("jobs", "work"), [("-j2", AT_ONCE), ("-j1", ONE_AT_A_TIME)])
@pytest.mark.parametrize("system", SIDE_BY_SIDE)
def test_its_commands_run_side_by_side_as_many_as_were_asked_for(system, jobs, work, build):
    if shutil.which(system) is None:
        pytest.skip(f"no {system}")
    said = f"{{system: {system}, targets: [{'tiny' if system == 'cmake' else 'libtiny.a'}]}}"
    libraries = IN_PLACE.replace("libtiny.a", "_build/libtiny.a") if system == "meson" else IN_PLACE
    ran = build(recipe(said, libraries), SIDE_BY_SIDE[system] | {"work.sh": work}, arguments=[jobs])
    assert ran.status == 0, ran.stderr


@pytest.mark.slow
def test_of_cxx_what_it_builds_has_the_library_of_cxx(build, run_wasmbuild, libcxx):
    if shutil.which("cmake") is None:
        pytest.skip("no cmake")
    files = {
        "CMakeLists.txt": """\
cmake_minimum_required(VERSION 3.20)
project(tiny CXX)
include(CheckCXXSourceRuns)
check_cxx_source_runs("#include <iostream>\nint main() { std::cout << 42; }" RUNS)
if(NOT RUNS)
  message(FATAL_ERROR "a program of C++ does not run")
endif()
add_library(tiny tiny.cpp)
set_target_properties(tiny PROPERTIES ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_SOURCE_DIR})
""",
        "tiny.cpp": """\
#include <stdexcept>
#include <string>
extern "C" int tiny(void) {
  try {
    return std::stoi("none");
  } catch (const std::invalid_argument &) {
    return std::stoi("42");
  }
}
""",
    }
    ran = build(recipe("{system: cmake, targets: [tiny]}", more="requires: [libcxx]\n"), files)
    assert ran.status == 0, ran.stderr
    assert run_wasmbuild("run", "user", cwd=build.root, env=ALLOWED).stdout == "42\n"
    assert "libc++.so" in run_wasmbuild("inspect", "build/lib/libtiny.so", cwd=build.root).stdout


@requires_make
def test_with_targets_nothing_is_installed(build):
    ran = build(recipe("{system: make, options: [CFLAGS=-DONE=1], targets: [libtiny.a]}"))
    assert ran.status == 0, ran.stderr


@requires_make
def test_a_recipe_of_a_project_runs_no_scripts_unless_the_user_says_so(build):
    ran = build(recipe("{system: make, targets: [libtiny.a]}"), {"Makefile": "libtiny.a:\n\ttouch ran\n"}, env={})
    assert ran.status == 1
    assert "error: `tiny` runs build scripts of its source" in ran.stderr
    assert "set WASMBUILD_ALLOW_BUILD_SCRIPTS=1" in ran.stderr


@requires_make
def test_a_build_that_fails_shows_the_end_of_what_it_said(build):
    ran = build(recipe("{system: make, targets: [libtiny.a]}"), {"Makefile": "libtiny.a:\n\techo it broke; exit 3\n"})
    assert ran.status == 1
    assert "error: building `tiny` with make failed" in ran.stderr
    assert "it broke" in ran.stderr
    assert "recipes/tiny/recipe.yaml:5:8" in ran.stderr
    assert ran.stderr.index("it broke") < ran.stderr.index("error: building `tiny` 1 failed")


@requires_make
def test_a_configure_that_fails_shows_its_log(build):
    log = "{ echo the reason; echo '## Cache variables. ##'; echo noise; } >config.log"
    script = f"#!/bin/sh\necho checking\n{log}\nexit 1\n"
    ran = build(recipe("{system: autotools}", INSTALLED), {"configure": script})
    assert ran.status == 1
    assert "error: configuring `tiny` with autotools failed" in ran.stderr
    assert "the reason" in ran.stderr
    assert "noise" not in ran.stderr


@requires_make
def test_a_build_that_hangs_is_ended(build):
    ran = build(recipe("{system: make, targets: [libtiny.a], timeout_s: 1}"), {"Makefile": "libtiny.a:\n\tsleep 600\n"})
    assert ran.status == 1
    assert "error: building `tiny` with make did not end within 1 s" in ran.stderr


@requires_make
def test_a_makefile_that_calls_a_compiler_by_name(build):
    ran = build(recipe("{system: make, targets: [libtiny.a]}"), {"Makefile": "libtiny.a:\n\tgcc -c tiny.c\n"})
    assert ran.status == 1
    assert "error: building `tiny` with make called `gcc` by name" in ran.stderr
    assert "help: give its variable in `options`" in ran.stderr


def _can_confine():
    """Asked in a process of its own: it is for good."""
    import subprocess

    asked = f"import sys; sys.path[:0] = {sys.path!r}; from wasmbuild.driver.confine import confine; "
    return subprocess.run([sys.executable, "-c", asked + "sys.exit(not confine(('/',)))"], check=False).returncode == 0


@requires_make
@pytest.mark.skipif(not _can_confine(), reason="this system cannot confine a process")
@pytest.mark.parametrize("command", ["echo x >{outside}", "cp tiny.h {outside}", "ln -s /etc {outside}"])
def test_a_build_that_writes_outside_of_its_directory_is_refused(command, build, tmp_path):
    outside = tmp_path / "outside"
    text = "libtiny.a:\n\t" + command.format(outside=outside) + "\n"
    ran = build(recipe("{system: make, targets: [libtiny.a]}"), {"Makefile": text})
    assert ran.status == 1
    assert "error: building `tiny` with make failed, and wanted to write outside of its directory" in ran.stderr
    assert not outside.exists()


@requires_make
def test_what_a_build_leaves_in_the_home_directory_is_said(build, tmp_path):
    text = MAKEFILE.replace("libtiny.a: tiny.o\n", "libtiny.a: tiny.o\n\ttouch $(HOME)/.tiny\n")
    build_ = "{system: make, options: [CFLAGS=-DONE=1], targets: [libtiny.a]}"
    ran = build(recipe(build_), {"Makefile": text}, env={**ALLOWED, "HOME": str(tmp_path)})
    assert ran.status == 0, ran.stderr
    assert "warning: building `tiny` writes into the home directory" in ran.stderr
    assert not (tmp_path / ".tiny").exists()


def test_a_tool_that_is_missing_is_said(build, tmp_path):
    (tmp_path / "empty").mkdir()
    ran = build(recipe("{system: make, targets: [libtiny.a]}"), env={**ALLOWED, "PATH": str(tmp_path / "empty")})
    assert ran.status == 1
    assert "error: `make` is not on this machine, and `tiny` is built with it" in ran.stderr
    assert "help: install GNU make" in ran.stderr


@requires_make
@pytest.mark.skipif(shutil.which("pkg-config") is None, reason="no pkg-config")
def test_what_it_requires_is_found_by_pkg_config(build):
    given = {
        "../../given/recipe.yaml": """\
name: given
version: "1"
license: MIT
source: [{path: src}]
libraries:
  given: {sources: [given.c], headers: [given.h]}
""",
        "../../given/src/given.h": "#define GIVEN 1\nint given(void);\n",
        "../../given/src/given.c": "int given(void) { return 1; }\n",
        "Makefile": MAKEFILE.replace("$(CFLAGS)", "-include given.h -DONE=GIVEN `pkg-config --cflags given`"),
    }
    ran = build(recipe("{system: make, targets: [libtiny.a]}", more="requires: [given]\n"), given)
    assert ran.status == 0, ran.stderr


def test_a_process_that_is_not_confined_says_so(monkeypatch):
    monkeypatch.setattr(sys, "platform", "other")
    assert confine(("/",)) is False
