"""From a file to a decision: the one way in which a module is opened, with all that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.explain.findings import errors, findings
from wasmbuild.explain.references import Knowledge
from wasmbuild.link.decide import Decision, decide
from wasmbuild.link.layout import STACK_BYTES
from wasmbuild.link.resolve import Host
from wasmbuild.link.scope import Library, NotFound, Scope, find_scope, without_collecting
from wasmbuild.link.state import initial_state
from wasmbuild.link.transitions import RTLD_NOW, open_library
from wasmbuild.search.libraries import Search
from wasmbuild.search.module import not_a_library, stands_alone


class OpenedRoot(Struct, frozen=True):
    """A module with all of what it needs that could be found. A module that stands alone is a scope of its own."""

    scope: Scope
    missing: tuple[Diagnostic, ...]
    """One for each needed library that is nowhere."""
    missing_names: tuple[tuple[str, str], ...]
    """The same as (identity of who needs it, its name)."""

    def decide(self, host: Host) -> Decision:
        """Raises WasmbuildError where something needed is missing."""
        if self.missing:
            raise WasmbuildError(*self.missing)
        stack_bytes = self.scope.libraries[0].stack_bytes
        return decide(self.scope, host, STACK_BYTES if stack_bytes is None else stack_bytes)


def open_root(path: Path, search: Search) -> OpenedRoot:
    """Read a module and find what it needs. Raises WasmbuildError where the file is no module, or none that could be
    loaded."""
    root = search.module(path)
    if root.module.dylink is None:
        if not stands_alone(root.module):
            raise WasmbuildError(not_a_library(root))
        return OpenedRoot(Scope((root,), ((),)), (), ())
    names: dict[tuple[str, str], None] = {}

    def open_needed(name: str, requester: Library, of: Library) -> Library | NotFound:
        found = search(name, requester, of)
        if isinstance(found, NotFound):
            names[requester.identity, name] = None
        return found

    with without_collecting():
        scope, missing = find_scope(root, open_needed)
    return OpenedRoot(scope, missing, tuple(names))


def decide_root(path: Path, host: Host, search: Search) -> Decision:
    """How a module is loaded: a decision with a plan. Raises WasmbuildError with everything that does not fit."""
    with without_collecting():
        decision = open_root(path, search).decide(host)
        if decision.plan is None:
            raise WasmbuildError(*errors(decision))
    return decision


def _openings(
    decision: Decision, host: Host, search: Search, knowledge: Knowledge | None, libraries: tuple[Path, ...]
) -> Iterator[Diagnostic]:
    """What opening each library in the process would say, done on paper: dlopen with the process as it starts."""
    if decision.plan is None:
        return
    state = initial_state(decision.scope.libraries, decision.plan)

    def needed(name: str, requester: Library, _: Library) -> Library | NotFound:
        member = state.named(name)
        return member.library if member else search(name, requester, state.root)

    for path in libraries:
        local, missing = find_scope(search.open(path), needed)
        answer = None if missing else open_library(state, local, RTLD_NOW, host, "")
        if isinstance(answer, Decision):
            yield from errors(answer, knowledge)
        yield from missing
        if isinstance(answer, Diagnostic):
            yield answer


class Expectations(Struct, frozen=True):
    """What a check is told beside the files: patterns of what the program of a library will define, and the libraries
    that a program may open."""

    from_program: tuple[str, ...] = ()
    opens: tuple[Path, ...] = ()


NOTHING_MORE = Expectations()


def check_root(
    path: Path,
    host: Host,
    search: Search,
    knowledge: Knowledge | None = None,
    expected: Expectations = NOTHING_MORE,
) -> tuple[Diagnostic, ...]:
    """Every finding about a module and all that it needs: errors, then warnings. It looks closer than a loader."""
    try:
        opened = open_root(path, search)
        with without_collecting():
            decision = opened.decide(host)
            linked = opened.scope.libraries[0].module.dylink is not None
            traits = tuple(map(search.traits_of, opened.scope.libraries)) if linked else ()
            found = findings(decision, knowledge, traits, expected.from_program)
            found += tuple(_openings(decision, host, search, knowledge, expected.opens))
    except WasmbuildError as error:
        return error.diagnostics
    return found
