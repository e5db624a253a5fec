"""The linker in JavaScript against that in Python: both are run, and must say the same to the byte."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from casefiles import Case, Host, Means, make, names, read_case
from nodejs import ask

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.link.plan import plan_text
from wasmbuild.link.resolve import Host as HostTypes
from wasmbuild.manifest.signature import parse_signature
from wasmbuild.search.libraries import Search
from wasmbuild.search.root import check_root, decide_root
from wasmbuild.wasm.module import FuncType


def said(findings: tuple[Diagnostic, ...]) -> list[dict[str, Any]]:
    """Diagnostics as JSON has them; nothing that is linked has a place in a manifest."""
    found: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(findings))
    for each in found:
        assert each.pop("at") is None
    return found


def host_of(case: Case) -> dict[str, FuncType]:
    types = {}
    for name, entry in case.host.items():
        signature = parse_signature(entry.type if isinstance(entry, Host) else entry)
        assert signature is not None
        types[name] = FuncType(*signature)
    return types


def in_python(directory: Path, case: Case) -> dict[str, Any]:
    """What the driver answers to the same request."""
    types: HostTypes = host_of(case)
    library_path = tuple(map(Path, case.library_path))
    with contextlib.chdir(directory):
        found = said(check_root(Path(case.root), dict.fromkeys(types), Search(library_path)))
        try:
            decision = decide_root(Path(case.root), types, Search(library_path))
        except WasmbuildError as error:
            return {"plan": None, "errors": said(error.diagnostics), "found": found}
    assert decision.plan is not None
    return {"plan": plan_text(decision.plan), "errors": [], "found": found}


@pytest.fixture(scope="module")
def in_javascript(request: pytest.FixtureRequest, means: Means) -> dict[str, Any]:
    """The answers for all cases that are tested, from one process."""
    tested = [item for item in request.session.items if isinstance(item, pytest.Function) and item.module == request.module]
    requests = []
    made = []
    for name in [item.callspec.params["name"] for item in tested if hasattr(item, "callspec")]:
        case = read_case(name)
        directory = make(name, case, means)
        if not (directory / "refused.txt").is_file():
            host = msgspec.to_builtins(host_of(case))
            asked = {"directory": str(directory), "root": case.root, "library_path": case.library_path, "host": host}
            requests.append({"ask": "root", **asked})
            made.append(name)
    return dict(zip(made, ask(requests), strict=True))


@pytest.mark.parametrize("name", names())
def test_the_plan_and_the_diagnostics_of_a_case_are_those_of_python(
    name: str, means: Means, in_javascript: dict[str, Any]
) -> None:
    case = read_case(name)
    directory = make(name, case, means)
    if (directory / "refused.txt").is_file():
        assert name not in in_javascript  # its link was refused: there is nothing to load
        return
    assert in_javascript[name] == in_python(directory, case)
