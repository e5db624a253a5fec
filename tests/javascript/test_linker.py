"""The linker in JavaScript against that in Python: both are run, and must say the same to the byte."""

from __future__ import annotations

import base64
import contextlib
import json
import random
import shutil
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from casefiles import CASES, Case, Host, Means, from_hex, make, names, read_case, wat
from livevalues import scenario
from nodejs import ask

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.link.plan import plan_text
from wasmbuild.link.resolve import Host as HostTypes
from wasmbuild.loader.adapters import stub_module
from wasmbuild.manifest.signature import parse_signature
from wasmbuild.search.libraries import Search
from wasmbuild.search.root import check_root, decide_root
from wasmbuild.wasm.decode import MAGIC, VERSION, decode
from wasmbuild.wasm.demangle import demangle
from wasmbuild.wasm.encode import section
from wasmbuild.wasm.module import FuncType
from wasmbuild.wasm.reader import MalformedModule

sys.path.append(str(Path(__file__).parents[2]))

from tests.fuzz.mutate import mutate
from tests.fuzz.targets import module_seeds


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


@pytest.mark.parametrize("name", names())
def test_the_plan_and_the_diagnostics_of_a_case_are_those_of_python(name: str, means: Means) -> None:
    case = read_case(name)
    directory = make(name, case, means)
    if not (directory / "refused.txt").is_file():  # else there is nothing to load
        assert ask(_request(directory, case)) == [in_python(directory, case)]


SEEDS = range(150)
"""Of processes that libraries join and leave."""


def test_what_requests_do_to_a_live_process_is_what_they_do_in_python() -> None:
    kinds = set()
    for made in map(scenario, SEEDS):
        (answers,) = ask(made.asked())
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
    answers = ask(*({"ask": "stubs", "types": msgspec.to_builtins(each)} for each in asked))
    assert answers == [stub_module(tuple(each)).hex() for each in asked]


def rich() -> list[bytes]:
    """Small modules with what the cases have not: types of other proposals, expressions, limits of 64 bits."""

    def module(*sections: tuple[int, bytes]) -> bytes:
        return MAGIC + VERSION + b"".join(section(id_, contents) for id_, contents in sections)

    types = b"\x05\x60\0\0\x4e\2\x5f\1\x78\1\x5e\x64\1\0\x50\1\2\x5e\x6d\0\x5d\0\x60\3\x7f\x7b\x63\0\2\x69\x64\x70"
    constants = b"\x06\x7f\0\x41\x7f\x41\2\x6c\x0b\x7e\1\x42\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f\x42\1\x7d\x0b"
    constants += b"\x7d\0\x43\0\0\0\0\x0b\x7b\0\xfd\x0c" + bytes(16) + b"\x0b\x70\1\xd0\x70\x0b\x6e\0\xfb\1\1\x0b"
    return [
        module((1, types), (2, b"\1\1e\1t\4\0\0"), (13, b"\1\0\0"), (6, constants)),
        module((4, b"\1\x40\0\x70\5\1\2\xd0\x70\x0b"), (5, b"\2\7\1\xff\xff\xff\xff\xff\xff\x3f\x0b\1\2\4")),
        *(start + b" and more" for start in (b"!<arch>\n", b"\x7fELF", b"  a text\r\n", b"\xef\xbb\xbfz\xff", b"")),
    ]


def decoded(data: bytes) -> Any:
    """What a module is, or what is wrong with it, as the driver says it."""
    try:
        m = decode(data, "a.so")
    except MalformedModule as error:
        return str(error)
    offset = lambda init: init and [init.base_global, str(init.value)]  # noqa: E731
    dylink = m.dylink and {
        "areas": list(msgspec.to_builtins(m.dylink.mem_info).values()),
        "needed": m.dylink.needed,
        "exports": [[name, flags & 0xFFF] for name, flags in m.dylink.export_flags.items()],
        "imports": [flags & 0xFFF for flags in m.dylink.import_flags.values()],
        "paths": m.dylink.runtime_paths,
    }
    return {
        "sections": [list(msgspec.to_builtins(each).values()) for each in m.sections],
        "imports": [[each.module, each.name, str(each.type)] for each in m.imports],
        "defined": [str(each) for each in (*m.functions, *m.tables, *m.memories, *m.tags)],
        "globals": [[str(each.type), offset(each.init)] for each in m.globals],
        "exports": [[each.name, each.kind, each.index, str(m.export_type(each))] for each in m.exports],
        "elements": [[each.table, offset(each.offset), each.functions, each.mode] for each in m.elements],
        "data": [[each.memory, offset(each.offset), each.size_bytes] for each in m.data],
        "dylink": dylink,
        "is": [m.owns_memory, m.owns_table, m.is_whole, m.is_object, m.dylink_is_first],
    }


def test_any_bytes_are_the_same_module_or_refused_in_the_same_words() -> None:
    chance = random.Random(5)
    whole = [wat(path.read_text()) for path in sorted(CASES.glob("*/*.wat")) if "@N" not in path.read_text()]
    whole += [from_hex(path.read_text()) for path in sorted(CASES.glob("*/*.hex"))]
    whole += [*module_seeds(), *rich()]
    small = [data for data in whole if len(data) < 4000]
    tried = [*whole, *(mutate(chance, chance.choice(small), small) for _ in range(1500))]
    tried += [mutate(chance, chance.choice(rich()[:2]), small) for _ in range(500)]
    answers = ask(*({"ask": "decode", "data": base64.b64encode(each).decode(), "name": "a.so"} for each in tried))
    for data, answer in zip(tried, answers, strict=True):
        assert answer == json.loads(json.dumps(decoded(data))), data.hex()
    assert len({answer.split("problem:")[1] for answer in answers if isinstance(answer, str)}) > 200
    assert sum(isinstance(answer, dict) for answer in answers) > 200
    assert all(isinstance(answers[tried.index(data)], dict) for data in rich()[:2])


def _tampered(chance: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """Other bytes that can be decoded, if such are found soon."""
    tries = [mutate(chance, data, others) for _ in range(20)]
    return next((each for each in tries if not isinstance(decoded(each), str)), tries[0])


def test_modules_that_were_tampered_with_are_decided_and_explained_alike(tmp_path: Path, means: Means) -> None:
    chance = random.Random(12)
    small = [name for name in names() if not any(CASES.joinpath(name).glob("*.c*"))]
    small = [name for name in small if "repeat" not in (CASES / name / "case.yaml").read_text()]
    asked = []
    for number in range(250):
        name = chance.choice(small)
        case, directory = read_case(name), tmp_path / str(number)
        shutil.copytree(make(name, case, means), directory, symlinks=True)
        modules = [path for path in sorted(directory.rglob("*")) if path.is_file() and path.read_bytes()[:4] == MAGIC]
        images = [path.read_bytes() for path in modules]
        for path in chance.sample(modules, min(len(modules), chance.randrange(1, 3))):
            path.write_bytes(_tampered(chance, path.read_bytes(), images))
        asked.append((directory, case))
    answers = ask(*(_request(directory, case) for directory, case in asked))
    for (directory, case), answer in zip(asked, answers, strict=True):
        assert answer == in_python(directory, case), directory
    codes = {each["code"] for answer in answers for each in answer["found"]}
    assert len(codes) > 10
    assert any(answer["plan"] for answer in answers)


def test_names_of_cxx_are_read_as_python_reads_them_or_stay_as_they_are(means: Means) -> None:
    module = decode(Path(means.libcxx.libraries[0]).read_bytes())
    found = {each.name for each in (*module.exports, *module.imports) if each.name.startswith("_Z")}
    mangled = [*sorted(found), *HANDMADE]
    (answers,) = ask({"ask": "names", "names": mangled})
    differing = [(name, text) for name, text in zip(mangled, answers, strict=True) if text != demangle(name)]
    assert [(name, text) for name, text in differing if text != name] == []
    assert len(differing) <= len(mangled) / 100


def test_hostile_names_of_cxx_are_survived(means: Means) -> None:
    chance = random.Random(7)
    module = decode(Path(means.libcxx.libraries[0]).read_bytes())
    found = [each.name for each in module.exports if each.name.startswith("_Z")]
    pieces = [name.encode() for name in found]
    hostile = [mutate(chance, chance.choice(pieces), pieces).decode("latin-1") for _ in range(2000)]
    hostile += [
        f"_Z1fI{'J' * 5000}E",
        f"_Z{'N' * 8000}",
        f"_Z1f{'P' * 8000}i",
        "_ZN",
        "_ZS",
        "_Z1fDpT_",
        "_Z1fS99999999_",
    ]
    hostile += ["_Z1fi" + "".join(f"FS{base}_S{base}_E" for base in ("", *"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))]
    (answers,) = ask({"ask": "names", "names": hostile})
    assert all(len(text) <= max(len(name), 8192) for name, text in zip(hostile, answers, strict=True))


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
