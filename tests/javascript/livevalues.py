"""Live processes as plain data: requests to one, made up at random, and what comes of each, as the driver says it."""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass
from typing import Any

import msgspec
from linkvalues import I_I, II_I, function_import, got_func, got_mem, spec

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.explain.findings import errors
from wasmbuild.link import transitions as t
from wasmbuild.link.decide import Decision, decide
from wasmbuild.link.resolve import Host
from wasmbuild.link.scope import Library, NotFound, find_scope
from wasmbuild.link.state import FIRST_NUMBER, ProcessState, initial_state
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.encode import encode
from wasmbuild.wasm.module import FuncType, MemInfo

NAMES = tuple(f"lib{number}.so" for number in range(7))
DIRECTORY = "/lib"
HOST: Host = {"log": I_I}


@dataclass(frozen=True)
class Scenario:
    """Files by path, the first of which is the root, and requests to the process that it makes."""

    files: dict[str, bytes]
    requests: list[dict[str, Any]]
    answers: list[Any]

    def asked(self) -> dict[str, Any]:
        files = {path: base64.b64encode(data).decode() for path, data in self.files.items()}
        return {"ask": "live", "files": files, "directory": DIRECTORY, "requests": self.requests}


def scenario(seed: int) -> Scenario:
    """Some libraries, and some requests with what Python makes of them."""
    chance = random.Random(seed)
    files = {f"{DIRECTORY}/{name}": _file(chance, number) for number, name in enumerate(("root.so", *NAMES), -1)}
    process = Process(files)
    requests: list[dict[str, Any]] = []
    answers: list[Any] = []
    for _ in range(30):
        request = _request(chance, process.state)
        requests.append(request)
        answers.append(process.answer(request))
    return Scenario(files, requests, answers)


def _file(chance: random.Random, number: int) -> bytes:
    """A library that defines some symbols and uses those of others; the root has number -1 and needs nobody."""
    functions = {f"f{number}": I_I} if number >= 0 else {}
    if chance.random() < 0.5:
        functions[f"shared{chance.randrange(3)}"] = chance.choice((I_I, I_I, I_I, II_I))
    if chance.random() < 0.4:
        functions[abi.CALL_CTORS] = FuncType()
    if chance.random() < 0.3:
        functions[abi.APPLY_DATA_RELOCS] = FuncType()
    if number < 0 and chance.random() < 0.7:
        functions[abi.FINALIZE] = FuncType(("i32",) * 4)
    needed = [name for name in NAMES if chance.random() < 0.2] if number >= 0 else []
    used = [f"f{NAMES.index(name)}" for name in needed if chance.random() < 0.8]
    used += [name for name in ("shared0", "shared1", "shared2") if chance.random() < 0.1 and name not in functions]
    weak = [name for name in used if number < 0 or chance.random() < 0.3]
    imports = [chance.choice((function_import, got_func))(name) for name in used]
    imports += [got_mem(f"d{NAMES.index(name)}") for name in needed if chance.random() < 0.3]
    if chance.random() < 0.3:
        imports.append(chance.choice((function_import, got_func))("log"))
    own = [name for name in functions if chance.random() < 0.3]
    sizes = MemInfo(chance.randrange(70_000), chance.randrange(8), len(own) + chance.randrange(3), chance.randrange(3))
    return encode(
        spec(
            needed=needed,
            imports=imports,
            functions=functions,
            data={f"d{number}": chance.randrange(64)} if number >= 0 else {},
            own_elements=own,
            mem_info=sizes,
            weak=weak,
            absolute=[f"d{number}"] if chance.random() < 0.1 else [],
        )
    )


def _request(chance: random.Random, state: ProcessState) -> dict[str, Any]:
    opened = [t.handle_of(number) for number in state.counts]
    handle = chance.choice((*opened, t.handle_of(0), t.RTLD_DEFAULT, t.RTLD_NEXT, t.handle_of(FIRST_NUMBER + 20)))
    name = chance.choice(
        [f"f{n}" for n in range(7)] + [f"d{n}" for n in range(7)] + ["shared0", "nobody", abi.CALL_CTORS]
    )
    member = chance.choice(list(state.members.values()))
    flags = t.RTLD_NOW | chance.choice((0, 0, t.RTLD_GLOBAL, t.RTLD_NODELETE, t.RTLD_NOLOAD))
    return chance.choice(
        (
            {"do": "open", "path": f"{DIRECTORY}/{chance.choice(NAMES)}", "flags": flags},
            {"do": "open", "path": f"{DIRECTORY}/{chance.choice(NAMES)}", "flags": flags},
            {"do": "close", "handle": chance.choice(opened) if opened and chance.random() < 0.9 else handle},
            {"do": "leave"},
            {"do": "fail", "members": [member.number] if member.number else []},
            {"do": "symbol", "handle": handle, "name": name, "caller": member.number},
            {"do": "describe", "address": member.memory[0] + chance.randrange(member.memory[1] + 70)},
            {"do": "describe", "address": chance.randrange(1, state.table.end + 1)},
            {"do": "grow", "memory": state.memory.end + 65536 * chance.randrange(3), "table": state.table.end},
        )
    )


class Process:
    """Carries requests out on a value."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.libraries = {
            path: Library(path.rpartition("/")[2], path, decode(data), path) for path, data in files.items()
        }
        root = next(iter(self.libraries.values()))
        scope, missing = find_scope(root, self._find)
        assert not missing
        decision = decide(scope, HOST)
        assert decision.plan is not None, errors(decision)
        self.state = initial_state(scope.libraries, decision.plan)

    def _find(self, name: str, _requester: Library, _root: Library) -> Library | NotFound:
        return self.libraries.get(f"{DIRECTORY}/{name}") or NotFound((DIRECTORY,))

    def answer(self, request: dict[str, Any]) -> Any:
        match request["do"]:
            case "open":
                local, missing = find_scope(self.libraries[request["path"]], self._needed)
                assert not missing
                return self._said(t.open_library(self.state, local, request["flags"], HOST, DIRECTORY))
            case "close":
                return self._said(t.close(self.state, request["handle"]))
            case "leave":
                group = t.next_to_leave(self.state)
                calls = [msgspec.to_builtins(call) for call in t.finalize(self.state, group)]
                return [group, calls, self._said(t.unload(self.state, group))]
            case "fail":
                return self._said(t.failed(self.state, request["members"]))
            case "symbol":
                return self._said(t.symbol(self.state, request["handle"], request["name"], request["caller"]))
            case "describe":
                found = t.describe(self.state, request["address"])
                return found and [found.member.number, found.symbol, found.symbol_address]
            case _:
                self.state = self.state.grown(request["memory"], request["table"])
                return None

    def _needed(self, name: str, requester: Library, root: Library) -> Library | NotFound:
        member = self.state.named(name)
        return member.library if member else self._find(name, requester, root)

    def _said(self, answer: t.Answer) -> Any:
        """What the answer is, as plain values; the process is then what it says."""
        if isinstance(answer, Diagnostic):
            return str(answer)
        if isinstance(answer, Decision):
            return [str(error) for error in errors(answer)]
        self.state = answer.state
        return {
            "value": answer.value,
            "actions": [_action(action) for action in answer.actions],
            "calls": msgspec.to_builtins(answer.calls),
            "undo": [_action(clear) for clear in answer.undo],
            "state": _state(answer.state),
        }


def _action(action: t.Action) -> dict[str, Any]:
    match action:
        case t.Grow(memory_bytes, table_elements):
            return {"do": "grow", "memoryBytes": memory_bytes, "tableElements": table_elements}
        case t.Zero(address, size_bytes):
            return {"do": "zero", "address": address, "sizeBytes": size_bytes}
        case t.Instantiate(modules):
            return {"do": "instantiate", "modules": [[m.number, msgspec.to_builtins(plan)] for m, plan in modules]}
        case t.Fill(entries):
            return {"do": "fill", "entries": msgspec.to_builtins(entries)}
        case t.Clear(member, table_indexes):
            return {"do": "clear", "member": member, "tableIndexes": table_indexes}


def _state(state: ProcessState) -> dict[str, Any]:
    return {
        "members": [
            [m.number, m.library.name, m.needed, m.memory, m.table, sorted(m.bound_to)] for m in state.members.values()
        ],
        "scope": state.scope,
        "entries": [[number, list(entries.items())] for number, entries in state.entries.items()],
        "hostEntries": list(state.host_entries.items()),
        "memory": [state.memory.end, state.memory.holes],
        "table": [state.table.end, state.table.holes],
        "counts": list(state.counts.items()),
        "kept": sorted(state.kept),
        "numbers": list(state.numbers.items()),
    }
