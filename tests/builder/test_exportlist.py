"""Lists of exports: what each format says, and where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from projects import compile_c
from test_linkstep import BASE, THREE, exported, fails, objects, run

from wasmbuild.builder.exportlist import parse_export_list
from wasmbuild.diagnostics import WasmbuildError

READ = {
    "x.sym": ("img_a # the first\n\n  img_b\n", ["img_a at 1:1", "img_b at 3:3"]),
    "named.map": (
        "/* a\n comment */ IMG_1.0 {\n global: img_a;\n  img_*;\n local:\n *;\n};\nIMG_1.1 { img_c; } IMG_1.0;\n",
        ["img_a at 3:10", "img_* at 4:3", "img_c at 8:11"],
    ),
    "anonymous.map": ('{ global: "img_a"; };', ["img_a at 1:11"]),
    "spoken.map": (
        'V { global: plain; extern "C++" { img::*; "f(int)" }; extern "C" { c_name; }; last; };',
        ["plain at 1:13", "img::* at 1:35", "f(int) at 1:43", "c_name at 1:68", "last at 1:79"],
    ),
    "x.def": (
        "LIBRARY img ; its name\nEXPORTS first\n  img_a @1 NONAME\n  img_b=img_b DATA ; a comment\nVERSION 1.0\n",
        ["first at 2:9", "img_a at 3:3", "img_b at 4:3"],
    ),
}


@pytest.mark.parametrize("path", READ)
def test_the_names_of_a_list_come_with_their_places(path: str) -> None:
    text, expected = READ[path]
    found = parse_export_list(text, path).exported
    assert [f"{name} at {at.line}:{at.column}" for name, at in found] == expected


WRONG = {
    "two in a line": ("x.sym", "a\nb c\n", "x.sym:2:3", "more than one name"),
    "not closed": ("x.map", "{ global:\n a;\n", "x.map:3:1", "ends inside of `{`"),
    "no semicolon": ("x.map", "{ global:\n a b;\n};", "x.map:2:4", "unexpected `b`"),
    "no semicolon at the end": ("x.map", "{ global: a };", "x.map:1:13", "unexpected `}`"),
    "a brace inside": ("x.map", "{ {", "x.map:1:3", "unexpected `{`"),
    "another label": ("x.map", "{ public: a; };", "x.map:1:9", "unexpected `:`"),
    "another language": ("x.map", '{ global: extern "Java" { a; }; };', "x.map:1:25", "unexpected `{`"),
    "a language in a language": (
        "x.map",
        '{ extern "C" { extern "C++" { a; }; }; };',
        "x.map:1:23",
        "unexpected `C++`",
    ),
    "no semicolon after a language": ("x.map", '{ extern "C" { a; } b; };', "x.map:1:21", "unexpected `b`"),
    "a language that is not closed": ("x.map", '{ extern "C" { a; };', "x.map:1:1", "ends inside of `{`"),
    "an open quote": ("x.map", '{ "a; };', "x.map:1:3", "unexpected '\"'"),
    "another name": ("x.def", "EXPORTS\n a = b\n", "x.def:2:2", "another name"),
    "no export": ("x.def", "EXPORTS\n a b\n", "x.def:2:2", "not an export: `a b`"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_in_a_list_is_told_with_its_place(case: str) -> None:
    path, text, at, headline = WRONG[case]
    with pytest.raises(WasmbuildError) as caught:
        parse_export_list(text, path)
    (finding,) = caught.value.diagnostics
    assert (finding.code, str(finding.at)) == ("export-list", at)
    assert headline in finding.headline


def test_a_local_name_wins_over_a_wildcard_and_not_over_itself() -> None:
    found = parse_export_list("{ global: img_*; both; local: img_a; both; *; };", "x.map")
    assert [name for name in ("img_a", "img_b", "both", "x") if found.matches("img_*", name)] == ["img_b"]
    assert found.matches("both", "both")


def test_what_stands_in_a_language_means_names_as_people_write_them() -> None:
    script = """{
      global: extern "C++" { img::*; "vtable for other::Thing"; make*; };
      local: extern "C++" { img::detail::*; }; *;
    };"""
    found = parse_export_list(script, "x.map")
    names = ["_ZN3img4openEi", "_ZN3img6detail4openEi", "_ZTVN5other5ThingE", "_ZN5other5ThingC1Ev", "_Z4makei", "make"]
    meant = [name for name in names if any(found.matches(pattern, name) for pattern, _ in found.exported)]
    assert meant == ["_ZN3img4openEi", "_ZTVN5other5ThingE", "_Z4makei"]
    assert found.hides_others


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("l.sym", "img_a\nimg_b\n"),
        ("l.map", "{ global: img_*; local: *; };"),
        ("l.def", "EXPORTS\n img_a\n img_b DATA\n"),
    ],
)
def test_a_library_exports_what_the_file_lists(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    spec = replace(BASE, objects=objects(tmp_path, a=THREE), exports=(), exports_file=str(tmp_path / name))
    assert exported(run(tmp_path, spec)) == {"img_a", "img_b"}


def test_a_listed_name_that_nobody_defines_is_refused_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "l.sym").write_text("img_a\nimg_bb\n")
    spec = replace(BASE, objects=objects(tmp_path, a=THREE), exports=(), exports_file=str(tmp_path / "l.sym"))
    (finding,) = fails(tmp_path, spec)
    assert finding.headline == "nothing to export matches `img_bb`"
    assert dict(finding.facts)["at"] == f"{tmp_path}/l.sym:2:1"
    assert finding.help == ("did you mean `img_b`?",)


def test_annotated_exports_are_those_that_the_sources_make_visible(tmp_path: Path) -> None:
    code = '#define API __attribute__((visibility("default")))\nAPI int seen; int unseen; API int f(void) { return 1; }'
    spec = replace(BASE, objects=((compile_c(tmp_path, "a", code), "src/a.c"),), exports=(), annotated=True)
    assert exported(run(tmp_path, spec)) == {"seen", "f"}
    static = replace(spec, output="out/z.wasm", static=True)
    assert exported(run(tmp_path, static)) >= {"seen", "f"}
    assert "unseen" not in exported(tmp_path / "out/z.wasm")


def test_a_library_that_annotates_nothing_is_refused(tmp_path: Path) -> None:
    (finding,) = fails(tmp_path, replace(BASE, objects=objects(tmp_path, a=THREE), exports=(), annotated=True))
    assert (finding.code, finding.headline) == ("nothing-annotated", "no source of `z` says what is exported")
    assert ("at", "wasmbuild.yaml:1:1") in finding.facts
