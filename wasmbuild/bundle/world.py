"""The closed world of a bundle: what is in it, under which file names, and how each root in it is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import msgspec

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.link.decide import Decision
from wasmbuild.link.plan import FromLoader, LinkPlan
from wasmbuild.link.scope import Library, NotFound, Scope, find_scope
from wasmbuild.search.files import read_verified
from wasmbuild.search.libraries import Search
from wasmbuild.search.root import decide_root, open_root
from wasmbuild.wasm import abi, dwarf

MODULES = "modules"
"""The directory in a bundle that has them all: a plan's paths start there."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be in a bundle: a file, what its host supplies, and the libraries that it may open."""

    path: Path
    imports: tuple[str, ...] = ()
    opens: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A module of a bundle. `file` is its name in the bundle: it ends in `.wasm`, so that servers know its type."""

    library: Library
    file: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A root: what users of the bundle load. `opens` are names of libraries that C may open in it."""

    name: str
    member: Member
    decision: Decision
    opens: tuple[str, ...]

    @property
    def plan(self) -> LinkPlan:
        assert self.decision.plan is not None, "decide_root raises where there is none"
        return self.decision.plan

    @property
    def is_program(self) -> bool:
        return self.plan.start is not None


@dataclass(frozen=True, slots=True)
class World:
    entries: tuple[Entry, ...]
    members: Mapping[str, Member]
    """By identity."""
    scopes: tuple[tuple[Scope, Mapping[str, None]], ...]
    """Of all processes, with their hosts: the entries', then that of each library that may be opened, by itself."""
    names: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    """Of functions, by file and index, where the module itself does not have them any more."""

    def plan_of(self, entry: Entry) -> LinkPlan:
        """How a root is loaded out of the bundle."""
        libraries = entry.decision.scope.libraries
        modules = tuple(
            msgspec.structs.replace(module, path=self.members[library.identity].file)
            for module, library in zip(entry.plan.modules, libraries, strict=True)
        )
        return msgspec.structs.replace(entry.plan, modules=modules)

    def modules_of(self, entry: Entry) -> Mapping[str, Member]:
        """What a root may have in its process, by the name that it is needed or opened by: what it starts with, then
        every library of the bundle."""
        libraries = entry.decision.scope.libraries
        found = {library.name: self.members[library.identity] for library in libraries}
        for member in self.members.values():
            if abi.START not in member.library.module.exports_by_name:
                found.setdefault(member.library.name, member)
        return found

    @property
    def has_lines(self) -> bool:
        """Whether anything in it knows lines of its source."""
        modules = (member.library.module for member in self.members.values())
        return any(section.name == dwarf.LINE for module in modules for section in module.sections if section.id == 0)

    @property
    def may_open(self) -> bool:
        """Whether anything can be opened that its plan does not know, or asked for by its name: then whoever loads it
        needs the linker. Lazy libraries come later, too."""
        return any(
            len(self.modules_of(entry)) > len(entry.plan.modules)
            or entry.plan.lazy
            or any(isinstance(value, FromLoader) for module in entry.plan.modules for value in module.imports)
            for entry in self.entries
        )


def gather(wanted: Sequence[Wanted], library_path: tuple[Path, ...] = ()) -> World:
    """Decide how each root is loaded, and read all that there is to it. Raises WasmbuildError for what does not fit."""
    search = Search(library_path)
    decisions = [decide_root(each.path, dict.fromkeys(each.imports), search) for each in wanted]
    libraries: dict[str, Library] = {}
    opened: list[tuple[str, ...]] = []
    for each, decision in zip(wanted, decisions, strict=True):
        libraries.update((library.identity, library) for library in decision.scope.libraries)
        found = [tuple(_opened(path, decision, search)) for path in each.opens]
        libraries.update((library.identity, library) for scope in found for library in scope)
        opened.append(tuple(scope[0].name for scope in found))
    files = file_names(libraries.values())
    members = {
        identity: Member(library, files[identity], read_verified(identity, library.sha256, library.name))
        for identity, library in libraries.items()
    }
    entries = []
    for decision, opens in zip(decisions, opened, strict=True):
        root = decision.scope.libraries[0]
        entries.append(Entry(entry_name(root), members[root.identity], decision, opens))
    _refuse_twice(entries)
    hosts = [dict.fromkeys(each.imports) for each in wanted]
    scopes = [(decision.scope, host) for decision, host in zip(decisions, hosts, strict=True)]
    scopes += [
        (open_root(path, search).scope, host) for each, host in zip(wanted, hosts, strict=True) for path in each.opens
    ]
    return World(tuple(entries), members, tuple(scopes))


def _opened(path: Path, decision: Decision, search: Search) -> Iterator[Library]:
    """A library that a process may open, and what that brings along."""
    present = {library.name: library for library in decision.scope.libraries}
    root = decision.scope.libraries[0]

    def needed(name: str, requester: Library, _: Library) -> Library | NotFound:
        return present.get(name) or search(name, requester, root)

    scope, missing = find_scope(search.open(path), needed)
    if missing:
        raise WasmbuildError(*missing)
    yield from scope.libraries


def entry_name(root: Library) -> str:
    """What users of a bundle load it by: a program without `.wasm`, a library as others need it."""
    name = Path(root.identity).name
    return name.removesuffix(".wasm") if abi.START in root.module.exports_by_name else name


def _refuse_twice(entries: Sequence[Entry]) -> None:
    seen: dict[str, Entry] = {}
    for entry in entries:
        other = seen.setdefault(entry.name, entry)
        if other is not entry:
            raise WasmbuildError(
                Diagnostic(
                    "bundle-name-twice",
                    f"two modules of the bundle would be loaded as `{entry.name}`",
                    facts=(("one", other.member.library.identity), ("the other", entry.member.library.identity)),
                    help=("bundle them apart, or give one of them another `output` in the manifest",),
                )
            )


def plain(name: str) -> str:
    """A name that can be a part of any address and of any file system, as nearly all are."""
    return re.sub(r"[^A-Za-z0-9._+-]", "_", name).lstrip(".") or "_"


def file_names(libraries: Iterable[Library]) -> dict[str, str]:
    """Identity → file name, of libraries that may have the same name and be others."""
    names: dict[str, str] = {}
    taken: dict[str, str] = {}
    for library in libraries:
        stem = plain(PurePosixPath(library.name).name.removesuffix(".wasm"))
        file = f"{stem}.wasm"
        if taken.setdefault(file.lower(), library.identity) != library.identity:
            file = f"{stem}.{library.sha256[:12]}.wasm"
        names[library.identity] = file
    return names
