"""What to say of imports that nobody defines: by symbol while there are few, else all of a module at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import structs

from wasmbuild.diagnostics import Diagnostic, did_you_mean
from wasmbuild.explain.missing import Lack, lacking, missing
from wasmbuild.explain.references import Facts, Knowledge, listed, needed_by, references, symbol
from wasmbuild.explain.replaced import Replaced, listed_replaced
from wasmbuild.link.resolve import NOT_SYMBOLS, Problem, private_names
from wasmbuild.link.scope import Library, Scope
from wasmbuild.link.wasi import WASI_FUNCTIONS
from wasmbuild.wasm import abi
from wasmbuild.wasm.demangle import demangle
from wasmbuild.wasm.module import Module

_MANY = 8
"""Symbols that one module lacks; beyond that they have one cause, and are one finding."""

_SUGGESTED = 24
"""Symbols for which a similar one is looked for among all that there are."""

_SEARCHED = 24
"""Libraries of a scope that are named."""

_WIDEST = 90
"""Characters of a C++ name in a list."""

_OF_EMSCRIPTEN = re.compile(r"_?_?emscripten_|invoke_[vijfdp]+$|__syscall_|__small_")

_PREVIEW_1 = "WASI preview 1"


def undefined(
    scope: Scope,
    problems: Sequence[Problem],
    symbols: Iterable[str],
    knowledge: Knowledge | None,
    replaced: Replaced,
) -> Iterator[Diagnostic]:
    """The diagnostics of all undefined imports of a scope, in its order. `replaced` says of modules which of their
    libraries are no longer what they were linked against."""
    for users, finding in _undefined(scope, problems, symbols, knowledge):
        notes = listed_replaced(replaced, users)
        yield structs.replace(finding, notes=(*finding.notes, *notes)) if notes else finding


def _undefined(
    scope: Scope, problems: Sequence[Problem], symbols: Iterable[str], knowledge: Knowledge | None
) -> Iterator[tuple[Sequence[int], Diagnostic]]:
    """Each with the modules that import it."""
    by_name: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        module = _from(problem)
        # A function and its address are one symbol, but one name in two foreign modules is two.
        within = "" if module == abi.ENV else problem.import_.module
        by_name.setdefault((module, within, problem.import_.name), []).append(problem)
    alike: dict[tuple[str, tuple[int, ...]], list[list[Problem]]] = {}
    for (module, _, _), found in by_name.items():
        users = tuple(dict.fromkeys(problem.library for problem in found))
        alike.setdefault((module, users), []).append(found)
    suggested = 0
    for (module, users), groups in alike.items():
        if len(groups) > _MANY:
            yield users, _many(scope, module, users, groups)
        elif module != abi.ENV:
            yield from ((users, _foreign(scope, group)) for group in groups)
        else:
            found_here = _few(scope, groups, symbols if suggested < _SUGGESTED else (), knowledge)
            yield from ((users, finding) for finding in found_here)
            suggested += len(groups)


def _from(problem: Problem) -> str:
    """Where a symbol should come from: to a reader, the GOTs are `env`, and the modules of WASI preview 2 are one."""
    module = problem.import_.module
    if module in (abi.ENV, abi.GOT_MEM, abi.GOT_FUNC):
        return abi.ENV
    return "wasi:" if module.startswith("wasi:") else module


def _few(
    scope: Scope, groups: Sequence[Sequence[Problem]], symbols: Iterable[str], knowledge: Knowledge | None
) -> Iterator[Diagnostic]:
    """What one knows to be missing is one finding for each reason; every other symbol is one of its own."""
    lacks: dict[Lack, list[Sequence[Problem]]] = {}
    for group in groups:
        name = group[0].import_.name
        lack = lacking(name)
        if lack is not None and not (knowledge and knowledge.exporters(name)):
            lacks.setdefault(lack, []).append(group)
        else:
            yield _one(scope, group, symbols, knowledge)
    for lack, found in lacks.items():
        names = [group[0].import_.name for group in found]
        users = dict.fromkeys(problem.library for group in found for problem in group)
        by = ("imported by", listed([scope.libraries[user].name for user in users]))
        yield missing(lack, names, (by, *needed_by(scope, found[0][0].library)))


def _one(scope: Scope, problems: Sequence[Problem], symbols: Iterable[str], knowledge: Knowledge | None) -> Diagnostic:
    name = problems[0].import_.name
    near = did_you_mean(name, symbols)
    help_ = (f"did you mean {symbol(near)}?",) if near else ()
    return Diagnostic(
        "undefined-symbol",
        f"undefined symbol: {symbol(name)}",
        facts=(*references(scope, problems), _searched(scope)),
        notes=(
            *_hidden(scope, name),
            *_side_module(scope, (scope.libraries[problem.library] for problem in problems)),
        ),
        help=(knowledge.exporters(name) if knowledge else ()) or help_,
    )


def _hidden(scope: Scope, name: str) -> tuple[str, ...]:
    """Who has it and keeps it."""
    owners = [
        f"`{library.name}`"
        for library in scope.libraries
        if name in library.module.exports_by_name and name in private_names(library.module) - NOT_SYMBOLS
    ]
    return (f"{listed(owners)} defines it for itself alone: its flags say hidden or local",) if owners else ()


def _foreign(scope: Scope, problems: Sequence[Problem]) -> Diagnostic:
    import_ = problems[0].import_
    of_wasi = import_.module == abi.WASI_SNAPSHOT_PREVIEW1
    near = did_you_mean(import_.name, WASI_FUNCTIONS) if of_wasi else None
    return Diagnostic(
        "undefined-symbol",
        f"undefined import: `{import_.module}.{import_.name}`",
        facts=references(scope, problems),
        notes=() if of_wasi else (_about(import_.module),),
        help=(f"did you mean `{near}`?",) if near else (),
    )


def _many(scope: Scope, module: str, users: Sequence[int], groups: Sequence[Sequence[Problem]]) -> Diagnostic:
    foreign = module != abi.ENV
    first = [group[0].import_ for group in groups]
    names = [f"`{each.module}.{each.name}`" if foreign else f"`{_short(each.name)}`" for each in first]
    libraries = [scope.libraries[user] for user in users]
    facts: Facts = (
        ("imported by", listed([library.name for library in libraries])),
        *needed_by(scope, users[0]),
        ("undefined", listed(names, "\n", _MANY)),
    )
    what = f"imports from `{module.rstrip(':')}`" if foreign else "symbols"
    return Diagnostic(
        "undefined-symbol",
        f"undefined: {len(groups)} {what}",
        facts=facts if foreign else (*facts, _searched(scope)),
        notes=(_about(module),) if foreign else _side_module(scope, libraries),
    )


def _short(name: str) -> str:
    meaning = demangle(name)
    return meaning if len(meaning) <= _WIDEST else f"{meaning[: _WIDEST - 1]}…"


def _searched(scope: Scope) -> tuple[str, str]:
    names = [library.name for library in scope.libraries[1:]]
    return "searched", listed(names, shown=_SEARCHED) or "no library is needed"


def _about(module: str) -> str:
    if module.startswith("wasi:"):
        return f"it was made for WASI preview 2, which comes with a component around it; here is {_PREVIEW_1}"
    if module.startswith("wasi_"):
        return f"what is supplied here is {_PREVIEW_1}, `{abi.WASI_SNAPSHOT_PREVIEW1}`"
    return "a module of imports that no loader here knows; a shared library imports from `env`"


def _side_module(scope: Scope, libraries: Iterable[Library]) -> tuple[str, ...]:
    """Emscripten's side modules need nobody by name: all is expected from the one main module. Of a library that others
    need, those could define it just as well."""
    for library in libraries:
        module = library.module
        if module.dylink is None or module.dylink.needed or abi.START in module.exports_by_name:
            continue
        if is_of_emscripten(library.name, module):
            return (f"`{library.name}` is an Emscripten side module: its main module supplies what it imports",)
        if library is not scope.libraries[0]:
            continue
        return (
            f"`{library.name}` needs no library: it expects what it imports from a main module, "
            "as Emscripten's side modules do",
        )
    return ()


def is_of_emscripten(name: str, module: Module) -> bool:
    """Whether a module shows that Emscripten made it; many do not show it."""
    return "emscripten" in name or any(_OF_EMSCRIPTEN.match(import_.name) for import_ in module.imports)
