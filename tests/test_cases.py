"""Behaviour across modules: every directory of `tests/cases`, made, linked, loaded and run.

`pytest tests/test_cases.py --bless` writes what comes out into the cases (not into those that are marked `bug:`).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from casefiles import CASES, Expected, Means, make, names, read_case, render, write_expected
from caseruns import run_case
from noderuns import Chromium, Node, loading, neutral

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.testing.chromium import find_chromium
from wasmbuild.testing.runtimes import find_node

NAMES = names()
TOO_DEEP_FOR_A_WORKER = ("libc-large-stack",)
LOADING = [name for name in NAMES if "error: " not in read_case(name).expect.diagnostics]


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, means: Means, pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> None:
    case = read_case(name)
    bless = pytestconfig.getoption("--bless")
    if case.bug is not None:
        request.applymarker(pytest.mark.xfail(reason=case.bug, strict=True))
    directory = make(name, case, means)
    actual, plan = run_case(name, case, directory, means.made)
    if bless and case.bug is None:
        write_expected(name, actual, plan)
        return
    assert render(actual) == render(case.expect)
    if case.expect.plan is not None:
        assert plan == (CASES / name / case.expect.plan).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    """One process for all cases: each has a thread of its own there, and a stack as large as Python's."""
    try:
        process = Node(find_node())
    except WasmbuildError as error:
        pytest.skip(str(error))
    yield process
    process.end()


@pytest.mark.parametrize("name", LOADING)
def test_case_in_node(name: str, means: Means, node: Node, request: pytest.FixtureRequest) -> None:
    """The same files and the same plan, carried out by javascript/loader.mjs: the same comes out, to the byte."""
    case = read_case(name)
    if case.bug is not None:
        request.applymarker(pytest.mark.xfail(reason=case.bug, strict=True))
    assert render(neutral(node.run_case(case, make(name, case, means)))) == render(neutral(case.expect))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    try:
        browser = Chromium(find_chromium())
    except WasmbuildError as error:
        pytest.skip(str(error))
    yield browser
    browser.end()


@pytest.mark.slow
@pytest.mark.parametrize("name", LOADING)
def test_case_in_chromium(name: str, means: Means, chromium: Chromium, request: pytest.FixtureRequest) -> None:
    """As in Node, in a page, where modules are fetched; and what an engine gives to a worker bounds the stack."""
    case = read_case(name)
    if case.bug is not None:
        request.applymarker(pytest.mark.xfail(reason=case.bug, strict=True))
    expected = Expected(trap="stack overflow") if name in TOO_DEEP_FOR_A_WORKER else loading(case.expect)
    assert render(chromium.run_case(case, make(name, case, means))) == render(expected)


def test_there_are_cases() -> None:
    assert len(NAMES) >= 120


@pytest.mark.parametrize("name", NAMES)
def test_a_case_says_what_it_is_about(name: str) -> None:
    """One sentence; and what is caught has a twin that loads, where there is one, under the same name."""
    case = read_case(name)
    assert case.about.endswith(".")
    assert "\n" not in case.about.strip()
    if name.endswith("-corrected"):
        caught = read_case(name.removesuffix("-corrected"))
        assert caught.expect != msgspec.structs.replace(case.expect, plan=None)
        assert "error:" not in case.expect.diagnostics
