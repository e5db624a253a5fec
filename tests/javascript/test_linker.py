"""The linker in JavaScript against that in Python: both are run, and must say the same to the byte."""

from __future__ import annotations

import base64
import contextlib
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from casefiles import CASES, Case, Host, Means, from_hex, make, names, read_case, wat
from livevalues import Scenario, scenario
from nodejs import ask

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.link.plan import plan_text
from wasmbuild.link.resolve import Host as HostTypes
from wasmbuild.loader.adapters import stub_module
from wasmbuild.manifest.signature import parse_signature
from wasmbuild.search.libraries import Search
from wasmbuild.search.root import check_root, decide_root
from wasmbuild.wasm.decode import MAGIC, decode
from wasmbuild.wasm.demangle import demangle
from wasmbuild.wasm.module import FuncType
from wasmbuild.wasm.reader import MalformedModule


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


def _request(directory: Path, case: Case) -> dict[str, Any]:
    host = msgspec.to_builtins(host_of(case))
    asked = {"directory": str(directory), "root": case.root, "library_path": case.library_path, "host": host}
    return {"ask": "root", **asked}


@pytest.fixture(scope="module")
def in_javascript(request: pytest.FixtureRequest, means: Means) -> dict[str, Any]:
    """The answers for all cases that are tested, from one process."""
    tested = [
        item for item in request.session.items if isinstance(item, pytest.Function) and item.module == request.module
    ]
    requests = []
    made = []
    for name in [item.callspec.params["name"] for item in tested if "name" in item.fixturenames]:
        case = read_case(name)
        directory = make(name, case, means)
        if not (directory / "refused.txt").is_file():
            requests.append(_request(directory, case))
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


SEEDS = range(150)


@pytest.fixture(scope="module")
def live() -> Iterator[tuple[Scenario, Any]]:
    """Processes that libraries join and leave, and what the driver says of each."""
    scenarios = [scenario(seed) for seed in SEEDS]
    return zip(scenarios, ask([each.asked() for each in scenarios]), strict=True)


def test_what_requests_do_to_a_live_process_is_what_they_do_in_python(live: Iterator[tuple[Scenario, Any]]) -> None:
    kinds = set()
    for made, answers in live:
        for request, expected, answer in zip(made.requests, made.answers, answers, strict=True):
            assert answer == json.loads(json.dumps(expected)), request
            kinds.add((request["do"], type(answer)))
    # Each kind of request was granted and refused.
    assert {("open", dict), ("open", str), ("open", list), ("close", dict), ("close", str)} <= kinds
    assert {("symbol", dict), ("symbol", str), ("leave", list), ("fail", dict), ("describe", list)} <= kinds


def test_modules_of_stubs_are_the_same_bytes() -> None:
    types = [FuncType(), FuncType(("i32", "i64"), ("f32",)), FuncType(("f64", "v128", "funcref"), ("externref", "i32"))]
    types += [FuncType(("i32",) * 200), FuncType(("exnref", "(ref func)", "(ref null nofunc)")), FuncType()]
    asked = [types[:length] for length in range(len(types) + 1)] + [types * 40]
    answers = ask([{"ask": "stubs", "types": msgspec.to_builtins(each)} for each in asked])
    assert answers == [stub_module(tuple(each)).hex() for each in asked]


def _spoilt(chance: random.Random, data: bytes) -> bytes:
    """The same bytes, but for some; or cut short, or with a part twice."""
    spoilt = bytearray(data)
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(spoilt) or 1)
        spoilt = spoilt or bytearray(1)
        match chance.randrange(4):
            case 0:
                spoilt[place] = chance.randrange(256)
            case 1:
                spoilt[place] ^= 1 << chance.randrange(8)
            case 2:
                del spoilt[place : place + chance.randrange(1, 9)]
            case _:
                spoilt[place:place] = chance.choice((spoilt[place : place + 9], bytes((0x80,)), bytes((0xFF,)) * 5))
    return bytes(spoilt[: chance.randrange(len(spoilt) + 1)] if chance.random() < 0.1 else spoilt) or b"\0"


def _wrong(data: bytes) -> str | None:
    try:
        decode(data, "a.so")
    except MalformedModule as error:
        return str(error)
    return None


def test_broken_bytes_are_refused_in_the_same_words() -> None:
    chance = random.Random(5)
    whole = [wat(path.read_text()) for path in sorted(CASES.glob("*/*.wat")) if "@N" not in path.read_text()]
    whole += [from_hex(path.read_text()) for path in sorted(CASES.glob("*/*.hex"))]
    small = [data for data in whole if 8 < len(data) < 4000]
    spoilt = [*whole, *(_spoilt(chance, chance.choice(small)) for _ in range(4000))]
    answers = ask([{"ask": "decode", "data": base64.b64encode(each).decode(), "name": "a.so"} for each in spoilt])
    for data, answer in zip(spoilt, answers, strict=True):
        assert answer == _wrong(data), data.hex()
    assert len({answer.split("problem:")[1] for answer in answers if answer}) > 200


def _still_a_module(chance: random.Random, data: bytes) -> bytes:
    """Other bytes that can be decoded, if such are found soon."""
    tries = (_spoilt(chance, data) for _ in range(30))
    return next((each for each in tries if _wrong(each) is None), _spoilt(chance, data))


def test_modules_that_were_tampered_with_are_decided_and_explained_alike(tmp_path: Path, means: Means) -> None:
    chance = random.Random(12)
    small = [name for name in names() if not any(CASES.joinpath(name).glob("*.c*"))]
    small = [name for name in small if "repeat" not in (CASES / name / "case.yaml").read_text()]
    asked = []
    for number in range(600):
        name = chance.choice(small)
        case, directory = read_case(name), tmp_path / str(number)
        shutil.copytree(make(name, case, means), directory, symlinks=True)
        modules = [path for path in sorted(directory.rglob("*")) if path.is_file() and path.read_bytes()[:4] == MAGIC]
        for path in chance.sample(modules, min(len(modules), chance.randrange(1, 3))):
            path.write_bytes(_still_a_module(chance, path.read_bytes()))
        asked.append((directory, case))
    answers = ask([_request(directory, case) for directory, case in asked])
    for (directory, case), answer in zip(asked, answers, strict=True):
        assert answer == in_python(directory, case), directory
    codes = {each["code"] for answer in answers for each in answer["found"]}
    assert len(codes) > 10
    assert any(answer["plan"] for answer in answers)


def test_names_of_cxx_are_read_as_python_reads_them_or_stay_as_they_are(means: Means) -> None:
    module = decode(Path(means.libcxx.libraries[0]).read_bytes())
    found = {each.name for each in (*module.exports, *module.imports) if each.name.startswith("_Z")}
    mangled = [*sorted(found), *HANDMADE]
    (answers,) = ask([{"ask": "names", "names": mangled}])
    differing = [(name, text) for name, text in zip(mangled, answers, strict=True) if text != demangle(name)]
    assert [(name, text) for name, text in differing if text != name] == []
    assert len(differing) <= len(mangled) / 100


def test_hostile_names_of_cxx_are_survived(means: Means) -> None:
    chance = random.Random(7)
    module = decode(Path(means.libcxx.libraries[0]).read_bytes())
    found = [each.name for each in module.exports if each.name.startswith("_Z")]
    spoilt = [_spoilt(chance, chance.choice(found).encode()).decode("latin-1") for _ in range(5000)]
    spoilt += [
        f"_Z1fI{'J' * 5000}E",
        f"_Z{'N' * 8000}",
        f"_Z1f{'P' * 8000}i",
        "_ZN",
        "_ZS",
        "_Z1fDpT_",
        "_Z1fS99999999_",
    ]
    spoilt += ["_Z1fi" + "".join(f"FS{base}_S{base}_E" for base in ("", *"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))]
    (answers,) = ask([{"ask": "names", "names": spoilt}])
    assert all(len(answer) <= 10_000 for answer in answers)


HANDMADE = (
    "_ZN3foo3barEi",
    "_Z3mapIiJlRKcEEvT_DpOT0_",
    "_ZNK1AcvbEv",
    "_ZNKR1A1fEv",
    "_Z1fPA2_A3_i",
    "_Z1fM1AFivE",
    "_Z1fM1Ai",
    "_ZZ4mainE1x_0",
    "_ZZ4mainENKUlvE_clEv",
    "_ZN1A1BILi3ELb1ELc65EEC2Ev",
    "_ZSt4cout",
    "_ZGVZ1fvE1x",
    "_ZThn16_N1A1fEv",
    "_ZN12_GLOBAL__N_11fEv",
    "_ZNSt6vectorIiSaIiEE9push_backERKi",
    "_ZnwmSt11align_val_t",
    "_ZN1AB5cxx11Ev",
)
