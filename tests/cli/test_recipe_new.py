"""`recipe new`: from a source that nobody has prepared to a recipe that builds."""

from __future__ import annotations

import io
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
