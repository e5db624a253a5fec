"""Carries cases out with javascript/loader.mjs, in Node and in Chromium: what comes out, as `Expected`."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from casefiles import Case, Expected, Host

from wasmbuild.link.plan import LinkPlan
from wasmbuild.loader.options import HostImport, ProcessOptions
from wasmbuild.loader.program import Linked, link_file
from wasmbuild.manifest.signature import parse_signature
from wasmbuild.testing.chromium import open_browser
from wasmbuild.testing.runtimes import OUTPUT_LIMIT_BYTES
from wasmbuild.testing.site import module_address, serve
from wasmbuild.wasm.module import FuncType

TESTS = Path(__file__).parent
PROGRAM = TESTS / "node" / "cases.mjs"
TIMEOUT_S = 60


class Node:
    """One process for many cases: each has a thread of its own there."""

    def __init__(self, node: str) -> None:
        self._process = subprocess.Popen([node, PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run_case(self, case: Case, directory: Path) -> Expected:
        """What comes out of a case that loads; `diagnostics` and `plan` are not Node's to say."""
        job = _job(case, directory, str)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job).encode() + b"\n")
        self._process.stdin.flush()
        return _said(json.loads(self._process.stdout.readline()))

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


class Chromium:
    """One page for many cases: each has a worker of its own there."""

    def __init__(self, program: str) -> None:
        self._stack = contextlib.ExitStack()
        browser = self._stack.enter_context(open_browser(program))
        self._site = self._stack.enter_context(serve(browser, OUTPUT_LIMIT_BYTES, {"tests": TESTS}))
        self._page = self._stack.enter_context(browser.page(self._site))

    def run_case(self, case: Case, directory: Path) -> Expected:
        """As in Node."""
        job = json.dumps(_job(case, directory, partial(module_address, self._site)))
        script = json.dumps(f"{self._site}tests/node/webcases.mjs")
        call = f"run(JSON.parse({json.dumps(job)}), {TIMEOUT_S * 1000})"
        return _said(self._page.evaluate(f"import({script}).then(({{ run }}) => {call})"))

    def end(self) -> None:
        self._stack.close()


def _said(said: dict[str, Any]) -> Expected:
    assert said.get("failed") is None, said["failed"]
    return Expected(stdout=said["stdout"], exit=said["exit"], trap=said["trap"], files=said["files"])


def _job(case: Case, directory: Path, address: Callable[[Path], str]) -> dict[str, Any]:
    with contextlib.chdir(directory):
        return _job_here(case, directory, address)


def _job_here(case: Case, directory: Path, address: Callable[[Path], str]) -> dict[str, Any]:
    host = {name: entry if isinstance(entry, Host) else Host(entry) for name, entry in case.host.items()}
    types = {name: FuncType(*_signature(entry.type)) for name, entry in host.items()}
    supplied = {name: HostImport(type_, print) for name, type_ in types.items()}
    options = ProcessOptions(host=supplied, library_path=tuple(map(Path, case.library_path)))
    linked = link_file(Path(case.root), options)
    return {
        "case": msgspec.to_builtins(case),
        "plan": msgspec.to_builtins(linked.plan),
        "root": address((directory / case.root).resolve()),
        "libraries": [address(directory / each) for each in case.library_path],
        "host": {
            name: {"type": msgspec.to_builtins(types[name]), "returns": str(entry.returns or 0)}
            for name, entry in host.items()
        },
        "calls": [_call(linked, text) for text in case.calls],
    }


def _signature(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    signature = parse_signature(text)
    assert signature is not None, text
    return signature


def _call(linked: Linked, text: str) -> dict[str, Any]:
    """`f 1 2`, or `b.so:f 1 2` for a function of a library, with its type."""
    name, *words = text.split()
    library, _, function = name.rpartition(":")
    plan: LinkPlan = linked.plan
    index = next(i for i, each in enumerate(plan.modules) if each.name == library) if library else 0
    module = linked.libraries[index].module
    type_ = module.function_space[module.exports_by_name[function].index]
    return {"library": index, "name": function, "words": words, "type": msgspec.to_builtins(type_)}


NOT_CALLABLE = ("call through a null function pointer", "call through a function pointer of another type")


def loading(expected: Expected) -> Expected:
    """What a loader of a plan can say of it."""
    return msgspec.structs.replace(expected, diagnostics="", at_build=None, plan=None)


def neutral(expected: Expected) -> Expected:
    """What Node can say of it: its V8 does not tell a null function pointer from one of another type."""
    said = msgspec.json.encode((expected.stdout, expected.trap)).decode()
    either = "call through a null function pointer, or one of another type"
    for text in (either, *NOT_CALLABLE):
        said = said.replace(text, "either")
    said = said.replace("either", either)
    stdout, trap = json.loads(said)
    return msgspec.structs.replace(loading(expected), stdout=stdout, trap=trap)
