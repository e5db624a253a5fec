"""What one build of a library breaks of another: symbols from values, types of C and C++ from what clang compiles."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from linkvalues import I_I, II_I, library
from msgspec.structs import replace

from wasmbuild.builder.ziglang import ziglang_directory
from wasmbuild.explain.changes import Build, changes
from wasmbuild.explain.typechanges import Change, Public
from wasmbuild.link.scope import Library
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.dwarftypes import read_types


def between(old: Library, new: Library) -> list[tuple[bool, str, str, str, str]]:
    found = changes(Build(old.module), Build(new.module))
    return [(change.breaks, change.kind, change.name, change.old, change.new) for change in found]


def test_a_removed_export_breaks_and_an_added_one_does_not() -> None:
    old, new = library("a", functions={"f": I_I, "gone": I_I}), library("a", functions={"f": I_I, "added": II_I})
    assert between(old, new) == [
        (True, "removed", "gone", "(i32) -> i32", ""),
        (False, "added", "added", "", "(i32, i32) -> i32"),
    ]
    assert between(old, old) == []


def test_another_type_breaks_and_so_does_data_that_was_a_function() -> None:
    old = library("a", functions={"f": I_I, "g": I_I})
    new = library("a", functions={"f": II_I}, data={"g": 0})
    assert between(old, new) == [
        (True, "type", "f", "(i32) -> i32", "(i32, i32) -> i32"),
        (True, "type", "g", "(i32) -> i32", "data"),
    ]


def test_what_is_needed_and_where_it_is_looked_for_is_said() -> None:
    old, new = library("a", needed=("b", "c")), library("a", needed=("c", "d"), runtime_paths=("$ORIGIN",))
    assert between(old, new) == [
        (False, "needed", "b", "needed", ""),
        (False, "needed", "d", "", "needed"),
        (False, "runtime path", "", "nothing", "$ORIGIN"),
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "breaks"),
    [("table", 40, 32, True), ("table", 32, 40, False), ("_ZTV4Base", 16, 20, True)],
)
def test_data_that_shrinks_breaks_and_so_does_a_table_of_a_class_that_grows(
    name: str, old: int, new: int, breaks: bool
) -> None:
    module = library("a", data={name: 0}).module
    (change,) = changes(Build(module, {name: old}), Build(module, {name: new}))
    assert (change.breaks, change.kind, change.old, change.new) == (breaks, "size", f"{old} bytes", f"{new} bytes")
    assert changes(Build(module, {name: old}), Build(module)) == ()


def compiled(directory: Path, header: str, source: str, cxx: bool = False) -> Build:
    directory.mkdir()
    (directory / "h.h").write_text(header)
    name = "a.cc" if cxx else "a.c"
    (directory / name).write_text('#include "h.h"\n' + source)
    zig = str(ziglang_directory() / "zig")
    command = (zig, "clang", "--target=wasm32-unknown-unknown", "-fno-sanitize=all", "-O0", "-g", "-fPIC", "-c", name)
    subprocess.run((*command, "-o", "a.o"), cwd=directory, check=True)
    link = (zig, "wasm-ld", "-shared", "--experimental-pic", "--export-all", "a.o", "-o", "a.so")
    subprocess.run(link, cwd=directory, check=True)
    data = (directory / "a.so").read_bytes()
    module = decode(data, "a.so")
    return Build(module, types=read_types(data, module))


@pytest.fixture(scope="module")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Change]:
    """The changes between two versions of one library, by name."""
    shared = "typedef struct same { int x; struct same *next; } same; struct hidden;\n"
    names = ("moved", "grown", "renamed", "inner", "bits", "counted", "byvalue")
    declared = "".join(f"int takes_{name}(struct {name} *p);\n" for name in names if name != "byvalue")
    old = f"""{shared}
        struct moved {{ int a; int b; }}; struct grown {{ int a; }}; struct renamed {{ int before; }};
        struct inner {{ struct {{ short s; }} in; int i; }}; struct bits {{ unsigned a : 3, b : 4; }};
        struct counted {{ char name[8]; }}; struct byvalue {{ double d; }};
        typedef struct {{ int x, y; }} point;
        enum kind {{ ONE, TWO, THREE }}; enum more {{ A }};
        {declared} double takes_byvalue(struct byvalue v); int plain(int x, const char *s); same *list(same *s);
        int pointer(struct moved **p, void *any); int of_kind(enum kind k, enum more m); int at(point p[]);
        int called(int (*f)(int)); int secret(struct hidden *h); extern int array[4]; extern float number;
        """
    new = f"""{shared}
        struct moved {{ int b; int a; }}; struct grown {{ int a; int c; }}; struct renamed {{ int after; }};
        struct inner {{ struct {{ int s; }} in; int i; }}; struct bits {{ unsigned a : 4, b : 3; }};
        struct counted {{ char name[8]; }}; struct byvalue {{ float d; float e; }};
        typedef struct {{ int x; float y; }} point;
        enum kind {{ ONE, THREE = 2, FOUR }}; enum more {{ A, B }};
        {declared} double takes_byvalue(struct byvalue v); int plain(unsigned x, const char *s); same *list(same *s);
        int pointer(struct moved **p, int *any); int of_kind(enum kind k, enum more m); int at(point p[]);
        int called(int (*f)(long long)); int secret(struct hidden *h); extern int array[6]; extern int number;
        """
    bodies = "".join(f"int takes_{name}(struct {name} *p) {{ return 0; }}\n" for name in names if name != "byvalue")
    rest = """
        double takes_byvalue(struct byvalue v) { return v.d; } same *list(same *s) { return s; }
        int pointer(struct moved **p, %s *any) { return 0; } int of_kind(enum kind k, enum more m) { return 0; }
        int at(point p[]) { return 0; } int plain(%s x, const char *s) { return 0; }
        int called(int (*f)(%s)) { return 0; } struct hidden { %s secret; };
        int secret(struct hidden *h) { return h != 0; } int array[] = {%s}; %s number = 1;
        """
    directory = tmp_path_factory.mktemp("layouts")
    bodies += rest
    before = compiled(directory / "old", old, bodies % ("void", "int", "int", "int", "1, 2, 3, 4", "float"))
    words = ("int", "unsigned", "long long", "double", "1, 2, 3, 4, 5, 6", "int")
    after = compiled(directory / "new", new, bodies % words)
    assert changes(before, before) == ()
    return {change.name: change for change in changes(before, after)}


def test_what_did_not_change_is_not_said(layouts: dict[str, Change]) -> None:
    assert sorted(layouts) == sorted(
        ["array", "called", "enum kind", "enum more", "number", "plain", "point", "pointer", "takes_byvalue"]
        + [f"struct {name}" for name in ("bits", "byvalue", "grown", "hidden", "inner.in", "moved", "renamed")]
    )


@pytest.mark.parametrize(
    ("name", "breaks", "old", "new", "details"),
    [
        ("struct moved", True, "8 bytes", "8 bytes", ("`a` at byte 0, now at byte 4", "`b` at byte 4, now at byte 0")),
        ("struct grown", True, "4 bytes", "8 bytes", ("`c` is new, at byte 4",)),
        ("struct renamed", False, "4 bytes", "4 bytes", ("`before` is now called `after`",)),
        ("struct inner.in", True, "2 bytes", "4 bytes", ("`s` is `short`, now `int`",)),
        ("struct bits", True, "4 bytes", "4 bytes", None),
        ("struct byvalue", True, "8 bytes", "8 bytes", ("`d` is `double`, now `float`", "`e` is new, at byte 4")),
        ("struct hidden", False, "4 bytes", "8 bytes", None),
        ("point", True, "8 bytes", "8 bytes", ("`y` is `int`, now `float`",)),
        ("enum kind", True, "4 bytes", "4 bytes", ("`TWO` is gone", "`FOUR` is new, 3")),
        ("enum more", False, "4 bytes", "4 bytes", ("`B` is new, 1",)),
        ("plain", False, "int plain(int, const char *)", "int plain(unsigned int, const char *)", ()),
        ("pointer", False, "int pointer(struct moved **, void *)", "int pointer(struct moved **, int *)", ()),
        ("called", True, "int called(int (*)(int))", "int called(int (*)(long long))", ()),
        ("array", False, "16 bytes", "24 bytes", ()),
        ("number", True, "float", "int", ()),
    ],
)
def test_each_change_of_a_type(
    layouts: dict[str, Change], name: str, breaks: bool, old: str, new: str, details: tuple[str, ...] | None
) -> None:
    change = layouts[name]
    assert (change.breaks, change.old, change.new) == (breaks, old, new)
    if details is not None:
        assert change.details[: len(details)] == details


def test_what_users_do_not_include_is_not_theirs(layouts: dict[str, Change]) -> None:
    assert layouts["struct hidden"].details[-1].endswith("a.c, which users do not include")
    assert layouts["struct grown"].details[-1] == "reached by `takes_grown`"
    known = Public(frozenset({"h.h"}))
    files = {"h.h": True, "src/h.h": True, "internal.h": False, "/libc/time.h": True, "": True}
    assert {file: known(file) for file in files} == files
    assert [Public()(file) for file in ("internal.h", "a.c", "a.cc")] == [True, False, False]


def test_a_signature_is_shown_as_c_has_it(tmp_path: Path) -> None:
    old = compiled(tmp_path / "old", "", "int f(char *s) { return 0; }")
    new = compiled(tmp_path / "new", "", "int f(char *s, double d) { return 0; }")
    (change,) = changes(old, new)
    assert (change.breaks, change.old, change.new) == (True, "int f(char *)", "int f(char *, double)")
    (change,) = changes(replace(old, types=None), new)
    assert change.old == "(i32) -> i32"


def test_a_class_whose_base_grows(tmp_path: Path) -> None:
    header = "struct Base {{ int a; {} }}; class Derived : public Base {{ public: int b; int get() const; }};"
    header = f"namespace n {{{{ {header} }}}}"
    source = "int n::Derived::get() const { return b; }"
    old = compiled(tmp_path / "old", header.format(""), source, cxx=True)
    new = compiled(tmp_path / "new", header.format("int c;"), source, cxx=True)
    found = {change.name: change for change in changes(old, new)}
    assert found["class n::Derived"].details[0] == "`b` at byte 4, now at byte 8"
    assert found["struct n::Base"].details[0] == "`c` is new, at byte 4"
    assert all(change.breaks for change in found.values())
