"""`abi` as text and as JSON."""

from __future__ import annotations

import json

from linkvalues import I_I, library

from wasmbuild.explain.changes import Build
from wasmbuild.explain.typechanges import Change
from wasmbuild.report.changes import change_to_json, changes_text, changes_to_json

BUILD = Build(library("a", functions={"f": I_I}).module)
CHANGES = (
    Change(True, "removed", "gone", "(i32) -> i32", ""),
    Change(True, "layout", "struct point", "8 bytes", "16 bytes", ("`y` at byte 4, now at byte 8", "reached by `f`")),
    Change(True, "type", "_ZN3foo3barEi", "int foo::bar(int) and a long name to go with it", "long foo::bar(int)"),
    Change(False, "added", "new", "", "() -> ()"),
)


def test_what_breaks_comes_first() -> None:
    assert changes_text("b/liba.so", BUILD, BUILD, CHANGES) == (
        "b/liba.so: breaks who was linked against the old one\n"
        "  removed  gone           (i32) -> i32\n"
        "  layout   struct point   8 bytes, now 16 bytes\n"
        "                          `y` at byte 4, now at byte 8\n"
        "                          reached by `f`\n"
        "  type     foo::bar(int)  int foo::bar(int) and a long name to go with it\n"
        "                          now long foo::bar(int)\n"
        "\n"
        "  and what breaks nobody:\n"
        "    added  new  () -> ()\n"
        "\n"
        "  types of C were not compared: there is no debug information in either"
    )


def test_where_nothing_breaks() -> None:
    text = changes_text("liba.so", BUILD, BUILD, CHANGES[3:])
    assert text.startswith("liba.so: fits who was linked against the old one\n  added  new  () -> ()\n")
    assert changes_text("liba.so", BUILD, BUILD, ()).startswith("liba.so: the same for its users\n")


def test_hostile_names_are_shown_and_do_nothing() -> None:
    change = Change(True, "removed", "f\x1b[31m\n", "\x1b", "")
    assert changes_text("a", BUILD, BUILD, (change,)).replace("\n", "").isprintable()


def test_json() -> None:
    document = json.loads(json.dumps([changes_to_json(BUILD, "a.so"), change_to_json(CHANGES[2])]))
    assert document[0] == {"path": "a.so", "abi": document[0]["abi"], "types": False}
    assert (document[1]["breaks"], document[1]["demangled"]) == (True, "foo::bar(int)")
