"""`recipe new`: from a source that nobody has prepared to a recipe that builds."""

from __future__ import annotations

import io
import shutil
import tarfile

import pytest

TREE = {
    "configure.ac": "AC_INIT([tiny], [1.4])\n",
    "Makefile.am": "lib_LTLIBRARIES = libtiny.la\nlibtiny_la_SOURCES = tiny.c more.c\ninclude_HEADERS = tiny.h\n",
    "COPYING": "Permission is hereby granted, free of charge, to any person obtaining a copy\n",
    "tiny.h": "#include <tiny_version.h>\nint tiny_add(int a, int b);\nconst char *tiny_version(void);\n",
    "tiny_version.h.in": '#define TINY_VERSION "@VERSION_TEXT@"\n#undef HAVE_STRING_H\n',
    "tiny.c": '#include <config.h>\n#include "tiny.h"\n#ifndef HAVE_STRING_H\n#error no string.h\n#endif\n'
    "int tiny_add(int a, int b) { return a + b; }\nconst char *tiny_version(void) { return PACKAGE_VERSION; }\n",
    "more.c": "#include <zlib.h>\nint tiny_more(void) { return zlibVersion()[0]; }\n",
    "test/check.c": "int main(void) { return 0; }\n",
}


@pytest.fixture
def source(tmp_path, project):
    return project(tmp_path / "tiny-1.4", TREE)


def test_a_directory_becomes_a_recipe_that_says_what_was_found(source, tmp_path, run_wasmbuild):
    (tmp_path / "work").mkdir()
    ran = run_wasmbuild("recipe", "new", "../tiny-1.4", cwd=tmp_path / "work")
    assert (ran.status, ran.stdout) == (0, "")
    assert "note: built upstream with autotools; 2 sources, 2 headers\n" in ran.stderr
    assert "wrote recipes/tiny/recipe.yaml: `wasmbuild recipe test tiny` builds it\n" in ran.stderr
    text = (tmp_path / "work" / "recipes" / "tiny" / "recipe.yaml").read_text()
    assert 'name: tiny\nversion: "1.4"\n' in text
    assert "license: MIT\n" in text
    assert "  - path: ../../../tiny-1.4\n" in text
    assert '    exports: ["tiny_*"]\n' in text
    assert "    requires: [zlib]\n" in text
    assert "    headers: [tiny.h, tiny_version.h]\n" in text
    again = run_wasmbuild("recipe", "new", "../tiny-1.4", cwd=tmp_path / "work")
    assert (again.status, again.stderr.splitlines()[0]) == (1, "error: `recipes/tiny` exists already")
    assert run_wasmbuild("recipe", "show", "tiny", cwd=tmp_path / "work").status == 0


def test_an_archive_at_a_url_builds_without_an_edit(source, tmp_path, run_wasmbuild):
    archive, work = tmp_path / "tiny-1.4.tar.gz", tmp_path / "work"
    work.mkdir()
    with tarfile.open(archive, "w:gz") as opened:
        for name, text in TREE.items():
            if name != "more.c":  # zlib would be downloaded
                text = text.replace(" more.c", "")
                info = tarfile.TarInfo(f"tiny-1.4/{name}")
                info.size = len(text.encode())
                opened.addfile(info, io.BytesIO(text.encode()))
    assert run_wasmbuild("recipe", "new", archive.as_uri(), "--name", "libtiny", cwd=work).status == 0
    ran = run_wasmbuild("recipe", "test", "libtiny", cwd=work)
    assert ran.status == 0, ran.stderr
    assert "test loads libtiny.so ... ok" in ran.stdout + ran.stderr


def test_what_is_nowhere_is_said(tmp_path, run_wasmbuild):
    for place, headline in (
        ("nowhere", "no such directory: `nowhere`"),
        ((tmp_path / "gone.tar.gz").as_uri(), "source of `file:///"),
    ):
        ran = run_wasmbuild("recipe", "new", place, cwd=tmp_path)
        assert ran.status == 1
        assert ran.stderr.startswith(f"error: {headline}")
    assert not (tmp_path / "recipes").exists()


def test_names_of_files_are_texts_whatever_is_in_them(tmp_path, project, run_wasmbuild):
    """A line break in one would else be a field of the recipe."""
    names = ["a b.c", "x\nname: other.c", "#y.c", 'q"uote.c', "1.c"]
    project(tmp_path / "odd", {**dict.fromkeys(names, "int odd_one(void);\n"), "odd.h": "int odd_one(void);\n"})
    assert run_wasmbuild("recipe", "new", "odd", cwd=tmp_path).status == 0
    text = (tmp_path / "recipes/odd/recipe.yaml").read_text()
    assert text.startswith("name: odd\n")
    assert "\nname: other" not in text
    assert run_wasmbuild("recipe", "show", "odd", cwd=tmp_path).status == 0


BUILT = {
    "CMakeLists.txt": "cmake_minimum_required(VERSION 3.20)\nproject(tiny VERSION 1.4 LANGUAGES C)\n"
    "include(GNUInstallDirs)\nfile(GLOB found *.code)\n"
    "add_custom_command(OUTPUT tiny.c COMMAND ${CMAKE_COMMAND} -E copy ${found} tiny.c)\n"
    "add_library(tiny tiny.c)\ninstall(TARGETS tiny)\ninstall(FILES tiny/add.h DESTINATION include/tiny)\n",
    "tiny.code": "int tiny_add(int a, int b) { return a + b; }\n",
    "tiny/add.h": "int tiny_add(int a, int b);\n",
}
ALLOWED = {"WASMBUILD_ALLOW_BUILD_SCRIPTS": "1"}


def test_without_a_list_of_sources_it_is_as_upstream_builds_it(tmp_path, project, run_wasmbuild):
    project(tmp_path / "tiny", BUILT)
    ran = run_wasmbuild("recipe", "new", "tiny", cwd=tmp_path)
    assert "note: built by upstream's cmake" in ran.stderr
    assert "build: {system: cmake}\n" in (tmp_path / "recipes/tiny/recipe.yaml").read_text()
    if shutil.which("cmake") is None:
        pytest.skip("no cmake")
    ran = run_wasmbuild("recipe", "test", "tiny", cwd=tmp_path, env=ALLOWED)
    assert ran.status == 0, ran.stderr
    assert "test loads libtiny.so ... ok" in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("file", "system"),
    [("configure", "autotools"), ("CMakeLists.txt", "cmake"), ("meson.build", "meson"), ("Makefile", "make")],
)
def test_upstreams_build_is_run_where_that_is_asked_for(file, system, tmp_path, project, run_wasmbuild):
    project(tmp_path / "tiny", {file: "", "tiny.cpp": "int tiny_add(int a, int b) { return a + b; }\n"})
    assert run_wasmbuild("recipe", "new", "--build", "tiny", cwd=tmp_path).status == 0
    text = (tmp_path / "recipes/tiny/recipe.yaml").read_text()
    assert f"build: {{system: {system}}}\n" in text
    assert "    requires: [libcxx]\n" in text
    assert run_wasmbuild("recipe", "show", "tiny", cwd=tmp_path).status == 0


def test_a_build_that_is_not_there_is_said(tmp_path, project, run_wasmbuild):
    project(tmp_path / "tiny", {"configure.ac": "", "tiny.c": "int tiny_add(int a, int b) { return a + b; }\n"})
    ran = run_wasmbuild("recipe", "new", "--build", "tiny", cwd=tmp_path)
    assert "note: no build of upstream's was found" in ran.stderr
    assert "build:" not in (tmp_path / "recipes/tiny/recipe.yaml").read_text()
