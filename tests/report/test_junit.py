"""JUnit XML as CI systems read it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from wasmbuild.diagnostics import Position
from wasmbuild.report.junit import junit_xml
from wasmbuild.testing.outcome import Outcome

AT = Position("wasmbuild.yaml", 30, 5)
OUTCOMES = (
    Outcome("adds", "passed", 0.0124),
    Outcome("prints", "failed", 1.5, "stdout differs", "--- expected\n+++ actual", AT),
    Outcome("loads", "error", 0.25, "undefined symbol: `f`", at=AT),
)


def parse(outcomes: tuple[Outcome, ...], name: str = "demo") -> ET.Element:
    return ET.fromstring(junit_xml(name, outcomes, 2.0).encode())


def test_counts_and_times_stand_on_the_suite_and_above_it() -> None:
    root = parse(OUTCOMES)
    counts = {"name": "demo", "tests": "3", "failures": "1", "errors": "1", "time": "2.000"}
    assert (root.tag, root.attrib) == ("testsuites", counts)
    assert [(suite.tag, suite.attrib) for suite in root] == [("testsuite", {**counts, "skipped": "0"})]


def test_each_test_is_a_case_with_its_time_and_place() -> None:
    assert [case.attrib for case in parse(OUTCOMES).iter("testcase")] == [
        {"classname": "demo", "name": "adds", "time": "0.012"},
        {"classname": "demo", "name": "prints", "time": "1.500", "file": "wasmbuild.yaml", "line": "30"},
        {"classname": "demo", "name": "loads", "time": "0.250", "file": "wasmbuild.yaml", "line": "30"},
    ]


def test_what_did_not_pass_says_why() -> None:
    passed, failed, error = parse(OUTCOMES).iter("testcase")
    assert list(passed) == []
    assert [child.tag for child in failed] == ["failure", "system-out"]
    assert failed[0].attrib == {"type": "failed", "message": "stdout differs"}
    assert failed[0].text == "stdout differs\nat wasmbuild.yaml:30:5\n--- expected\n+++ actual"
    assert failed[1].text == "--- expected\n+++ actual"
    assert [child.tag for child in error] == ["error"]
    assert error[0].get("message") == "undefined symbol: `f`"


def test_the_output_of_a_passed_test_is_kept() -> None:
    (case,) = parse((Outcome("adds", "passed", 0.1, details="3\n"),)).iter("testcase")
    assert [(child.tag, child.text) for child in case] == [("system-out", "3\n")]


def test_no_tests_are_a_valid_document() -> None:
    assert parse(())[0].get("tests") == "0"


@pytest.mark.parametrize(
    ("text", "read_back"),
    [
        ("a < b && c > \"d\" 'e' ]]>", "a < b && c > \"d\" 'e' ]]>"),
        ("\x00\x08\x0b\x1b[31m\x7f", r"\x00\x08\x0b\x1b[31m\x7f"),
        ("\x9b\u202e\u2028\u200b\ufeff", r"\x9b\u202e\u2028\u200b\ufeff"),
        ("tab\tline\nend", "tab\tline\nend"),
        ("cr\r\n", "cr\\r\n"),
        (b"caf\xe9".decode("utf-8", "surrogateescape"), r"caf\udce9"),
        ("\ud83d", r"\ud83d"),
        ("\ufffe\uffff", r"\ufffe\uffff"),
        ("snow \u2603 \U0001f600", "snow \u2603 \U0001f600"),
    ],
)
def test_any_text_comes_through_or_is_made_visible(text: str, read_back: str) -> None:
    outcome = Outcome(text, "failed", 0.1, text, text, Position(text, 1, 1))
    document = parse((outcome,), name=text)
    case = next(document.iter("testcase"))
    assert document.get("name") == read_back
    assert (case.get("name"), case.get("file")) == (read_back, read_back)
    assert case[0].get("message") == read_back
    assert case[1].text == read_back


def test_equal_outcomes_make_equal_documents_in_declared_utf8() -> None:
    text = junit_xml("demo", OUTCOMES, 2.0)
    assert text == junit_xml("demo", list(OUTCOMES), 2.0)
    assert text.startswith("<?xml version='1.0' encoding='UTF-8'?>\n")
    assert text.endswith("</testsuites>\n")
