"""What a source tree says of the library in it, by the words of the build systems."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasmbuild.sources import guess
from wasmbuild.sources.fetch_debian import upstream_version
from wasmbuild.sources.sourcetree import SourceTree, find_library, public_headers, read_tree


def tree_of(root: Path, files: dict[str, str]) -> SourceTree:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return read_tree(root)


SOURCES = {
    "src/a.c": '#include "tiny.h"\nint tiny_a(int x) { return x; }\n',
    "src/b.c": "int tiny_b(void) { return 1; }\n",
}
REST = {
    "src/main.c": "int main(void) { return 0; }\n",
    "tests/t.c": "int main(void) { return 0; }\n",
    "src/extra.c": "",
}
HEADER = {"include/tiny.h": "/* f(x) */\nint tiny_a(int x);\nint tiny_b(void);\nint tiny_gone(void);\n"}
SYSTEMS = {
    "autotools": {
        "src/Makefile.am": "lib_LTLIBRARIES = libtiny.la\nMORE = b.c\nlibtiny_la_SOURCES = a.c \\\n  $(MORE)\n"
        "bin_PROGRAMS = tiny\ntiny_SOURCES = main.c\ntinyincludedir = $(includedir)\n"
        "tinyinclude_HEADERS = $(top_srcdir)/include/tiny.h\n"
    },
    "cmake": {
        "CMakeLists.txt": "project(tiny VERSION 3.2.1) # add_library(x y.c)\nset(SOURCES src/a.c)\n"
        'list(APPEND SOURCES "src/b.c")\nadd_library(tiny STATIC ${SOURCES})\nadd_executable(t src/main.c)\n'
        "install(FILES include/tiny.h DESTINATION include)\n"
    },
    "meson": {
        "meson.build": "project('tiny', 'c', version: '3.2.1')\nlibrary('tiny', 'src/a.c', 'src/b.c')\n"
        "executable('t', 'src/main.c')\ninstall_headers('include/tiny.h')\n"
    },
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_build_files_say_what_a_library_is_made_of(tmp_path: Path, system: str) -> None:
    tree = tree_of(tmp_path, {**SOURCES, **REST, **HEADER, **SYSTEMS[system]})
    found = find_library(tree)
    assert (found.system, sorted(found.sources), found.headers) == (system, ["src/a.c", "src/b.c"], ("include/tiny.h",))


def test_without_build_files_it_is_what_is_no_test_and_no_program(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {**SOURCES, **REST, **HEADER, "Makefile": "", "top.c": ""})
    found = find_library(tree)
    assert (found.system, found.sources) == ("make", ("src/a.c", "src/b.c", "src/extra.c"))
    assert public_headers(tree, found, "libtiny") == ("include/tiny.h",)


def test_a_main_that_is_there_for_a_test_makes_no_program(tmp_path: Path) -> None:
    text = "int tiny(void) { return 1; }\n#ifdef TEST\nint main(void) { return 0; }\n#endif\n"
    assert find_library(tree_of(tmp_path, {"tiny.c": text})).sources == ("tiny.c",)


def test_exports_are_what_headers_declare_and_sources_define(tmp_path: Path) -> None:
    more = {
        "src/c.c": "void *other(void) {\n return 0; }\nstatic int hidden(void) { return 0; }\n",
        "src/c.h": "void *other(void);",
    }
    tree = tree_of(tmp_path, {**SOURCES, **HEADER, **more})
    assert guess.guess_exports(tree, ["include/tiny.h", "src/c.h"], ["src/a.c", "src/b.c", "src/c.c"]) == (
        "tiny_*",
        "other",
    )
    assert guess.guess_exports(tree, [], ["src/a.c"]) == ()


def test_directories_of_headers_that_are_not_beside_their_users(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {**SOURCES, **HEADER, "src/d.c": "#include <deep/x.h>\n", "lib/deep/x.h": ""})
    found = find_library(tree)
    headers = guess.included(tree, found)
    assert guess.include_directories(tree, found, headers) == ("include", "lib")


@pytest.mark.parametrize(
    ("text", "license_"),
    [
        ("Permission is hereby granted, free of charge, to any person", "MIT"),
        ("Redistributions of source code must retain ... Neither the name", "BSD-3-Clause"),
        ("Redistributions of source code must retain", "BSD-2-Clause"),
        ("GNU LESSER GENERAL PUBLIC LICENSE\n   Version 2.1, February 1999", "LGPL-2.1-or-later"),
        ("You may do as you please", None),
    ],
)
def test_licences_are_known_by_their_words(tmp_path: Path, text: str, license_: str | None) -> None:
    tree = tree_of(tmp_path, {"COPYING": text, "a.c": "/* version 2.1 or (at your option)\n   any later\n version */"})
    source = tree.read("a.c").replace("   ", "")
    (tmp_path / "a.c").write_text(source)
    assert guess.guess_license(tree, ["COPYING"], ["a.c"]) == license_


@pytest.mark.parametrize(
    ("name", "version"),
    [("tiny-1.2.3.tar.gz", "1.2.3"), ("tiny_2.0.orig.tar.xz", "2.0"), ("v.zip", "3.2.1"), ("tiny-v4.tgz", "4")],
)
def test_the_version_is_in_the_name_or_in_the_build_files(tmp_path: Path, name: str, version: str) -> None:
    assert guess.guess_version(tree_of(tmp_path, SYSTEMS["cmake"]), name) == version


def test_templates_are_filled_with_what_libc_has(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, SYSTEMS["cmake"])
    template = (
        "#undef HAVE_STRING_H\n#undef HAVE_FORK\n#cmakedefine HAVE_STRDUP\n#cmakedefine01 HAVE_FORK\n"
        "#undef SIZEOF_LONG\n#undef PACKAGE_VERSION\n#define V @tiny_VERSION_MAJOR@.${PROJECT_VERSION_MINOR}\n"
    )
    variables = guess.template_variables(tree, "tiny", "3.2.1")
    assert guess.configured(template, variables, ["string.h"], ["strdup"]).splitlines() == [
        "#define HAVE_STRING_H 1",
        "/* #undef HAVE_FORK */",
        "#define HAVE_STRDUP 1",
        "#define HAVE_FORK 0",
        "#define SIZEOF_LONG 4",
        '#define PACKAGE_VERSION "3.2.1"',
        "#define V 3.2",
    ]


def test_whole_directories_become_patterns(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {f"src/{name}.c": "" for name in "abcdef"})
    assert guess.collapsed(tree, [f"src/{name}.c" for name in "abcde"]) == (["src/*.c"], ["src/f.c"])
    assert guess.collapsed(tree, ["src/a.c"]) == (["src/a.c"], [])


@pytest.mark.parametrize(
    ("text", "optional"),
    [("#ifdef HAVE_CONFIG_H\n#include <config.h>\n#endif\n", True), ("#include <config.h>\n", False), ("", True)],
)
def test_a_config_h_may_be_optional(tmp_path: Path, text: str, optional: bool) -> None:
    assert guess.is_optional(tree_of(tmp_path, {"a.c": text}), ["a.c"]) is optional


def test_links_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "outside.c").write_text("")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "link.c").symlink_to(tmp_path / "outside.c")
    assert read_tree(tmp_path / "tree").files == ()


@pytest.mark.parametrize(
    ("debian", "upstream"),
    [
        ("1:1.3.dfsg+really1.3.1-1", "1.3.1"),
        ("3.12.0+really.3.11.3-1", "3.11.3"),
        ("10.2.0-1+deb13u1", "10.2.0"),
        ("2.13.3+dfsg-1", "2.13.3"),
        ("1.0", "1.0"),
    ],
)
def test_upstreams_part_of_a_debian_version(debian: str, upstream: str) -> None:
    assert upstream_version(debian) == upstream


def test_lists_that_grow_of_themselves_have_an_end(tmp_path: Path) -> None:
    doubling = "set(S a.c)\n" + "list(APPEND S ${S})\n" * 60 + "add_library(a ${S})\n"
    makefile = "lib_LTLIBRARIES = l.la\n" + "".join(f"V{n} = $(V{n + 1}) $(V{n + 1})\n" for n in range(60))
    makefile += "V60 = a.c\nl_la_SOURCES = $(V0) $(V0)\n"
    for place, text in (("cmake", {"CMakeLists.txt": doubling}), ("am", {"Makefile.am": makefile})):
        assert find_library(tree_of(tmp_path / place / "x", {**text, "a.c": ""})).sources == ("a.c",)


def test_a_build_file_makes_nobody_read_outside_of_the_tree(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("lib_LTLIBRARIES = l.la\nl_la_SOURCES = a.c\n")
    tree = tree_of(tmp_path / "tree", {"Makefile.am": "include ../secret\ninclude /secret\n", "a.c": "", "src/b.c": ""})
    assert find_library(tree).system == "none"
    assert tree.read("../secret") == tree.read("a\0") == ""
