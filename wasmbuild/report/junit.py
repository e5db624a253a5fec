"""Outcomes as JUnit XML, the form in which Jenkins, GitLab and GitHub's test reporters read them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from wasmbuild.printing import printable
from wasmbuild.testing.outcome import Outcome


def junit_xml(suite_name: str, outcomes: Sequence[Outcome], duration_s: float) -> str:
    """A whole document with one suite, to be written as UTF-8. It contains nothing but what it is given (no
    time stamps, no host names), so equal outcomes make equal files."""
    name = _text(suite_name)
    counts = {
        "tests": str(len(outcomes)),
        "failures": str(sum(outcome.status == "failed" for outcome in outcomes)),
        "errors": str(sum(outcome.status == "error" for outcome in outcomes)),
        "time": _seconds(duration_s),
    }
    root = ET.Element("testsuites", {"name": name, **counts})
    suite = ET.SubElement(root, "testsuite", {"name": name, **counts, "skipped": "0"})
    for outcome in outcomes:
        _add_case(suite, name, outcome)
    ET.indent(root)
    root.tail = "\n"
    document: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document.decode()


def _add_case(suite: ET.Element, suite_name: str, outcome: Outcome) -> None:
    # Readers take equal classes and names for one test.
    place = "" if outcome.runtime == "wasmtime" else f".{outcome.runtime}"
    attributes = {
        "classname": suite_name + place, "name": _text(outcome.name), "time": _seconds(outcome.duration_s)
    }  # fmt: skip
    if outcome.at is not None:
        attributes["file"] = _text(outcome.at.path)
        attributes["line"] = str(outcome.at.line)
    case = ET.SubElement(suite, "testcase", attributes)
    if outcome.status != "passed":
        tag = "failure" if outcome.status == "failed" else "error"
        problem = ET.SubElement(case, tag, {"type": outcome.status, "message": _text(outcome.message)})
        # GitLab shows this text instead of the attribute, Jenkins shows both: so the text says all of it.
        where = f"at {outcome.at}" if outcome.at is not None else ""
        problem.text = _text("\n".join(part for part in (outcome.message, where, outcome.details) if part))
    if outcome.details:
        ET.SubElement(case, "system-out").text = _text(outcome.details)


def _seconds(duration_s: float) -> str:
    return f"{duration_s:.3f}"


def _text(text: str) -> str:
    r"""`text` as XML can hold it: what it cannot becomes visible, as `\x1b` or `\udcff`."""
    # XML can hold what is printable, and no control: no escape could put it into a document. Nor surrogates, which is
    # what `surrogateescape` makes of output that is not UTF-8. U+FFFE is unassigned, and so not printable.
    return "\n".join(map(printable, text.split("\n")))
