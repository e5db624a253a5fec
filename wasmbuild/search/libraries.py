"""Where a needed library is looked for."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.link.scope import Library, NotFound
from wasmbuild.search.files import Files, FileState, read_verified
from wasmbuild.search.module import decode_library, not_a_library
from wasmbuild.sources.cacheroot import ENVIRONMENTS, cache_path
from wasmbuild.wasm.traits import Traits, read_traits

_LONGEST_PATH = 8192

_Whose = Literal["own", "user's", "tools"]
"""A directory that a module itself leads to, one of the library path, or that of the tools which linked the module."""


class Search(Struct, frozen=True):
    """Finds needed libraries: the requester's runtime path, then the library path, then the root's directory, and last,
    for what `wasmbuild cc` has linked, where it found them then."""

    library_path: tuple[Path, ...] = ()
    files: Files = field(default_factory=Files)
    """All that is looked at or read goes through it."""

    read: dict[str, tuple[tuple[int, ...], Library]] = field(default_factory=dict)
    """What was read already, by path and by real path: a file is decoded once, as long as it is the same."""
    by_library_path: dict[tuple[str, str], Path] = field(default_factory=dict)
    """(requester's identity, needed name) → the directory of the library path that it was found in, and nowhere else:
    where the modules are shipped, it has to be found without."""
    by_tools: dict[tuple[str, str], Path] = field(default_factory=dict)
    """The same of those that were found only where the tools are which linked the requester."""

    runtime_paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Of each requester, where it is: the same for all that it needs."""
    traits: dict[str, Traits] = field(default_factory=dict)
    probed: dict[str, FileState] = field(default_factory=dict)
    """Each path that was looked at, and what was there: while all is as it was, the same is found."""

    def __call__(self, needed: str, requester: Library, root: Library) -> Library | NotFound:
        # Strings: a large process asks thousands of times, and pathlib would be half of the whole link.
        searched = []
        name, beside_root = os.path.basename(needed), os.path.dirname(root.identity)
        for directory, is_whose in self._directories(needed, requester, root, beside_root):
            candidate = os.path.join(directory, name)
            if is_whose == "tools":  # links to where the libraries are, which a guest's sight does not follow
                candidate = os.path.realpath(candidate)
            state = self.probed[candidate] = self.files.state(candidate)
            if state and stat.S_ISREG(state[0]):
                if is_whose == "user's" and not self._is_file(os.path.join(beside_root, name)):
                    self.by_library_path[requester.identity, needed] = Path(directory)
                elif is_whose == "tools":
                    self.by_tools[requester.identity, needed] = Path(directory)
                return self._library(self._module(candidate, state, needed, None), None)
            shown = self.files.searched(directory)
            searched += [shown] if shown is not None else []
        return NotFound(tuple(dict.fromkeys(searched)))

    def _is_file(self, path: str) -> bool:
        state = self.files.state(path)
        return bool(state) and stat.S_ISREG(state[0])

    def _directories(
        self, needed: str, requester: Library, root: Library, beside_root: str
    ) -> Iterator[tuple[str, _Whose]]:
        """Where to look, in order."""
        origin = os.path.dirname(requester.identity)
        if "/" in needed:
            yield _expand(os.path.dirname(needed), origin), "own"
            return
        if requester.identity not in self.runtime_paths:
            paths = requester.module.dylink.runtime_paths if requester.module.dylink else ()
            self.runtime_paths[requester.identity] = tuple(dict.fromkeys(_expand(path, origin) for path in paths))
        for path in self.runtime_paths[requester.identity]:
            yield path, "own"
        for directory in self.library_path:
            yield str(directory), "user's"
        yield beside_root, "own"
        for name in dict.fromkeys((requester.environment, root.environment)):
            if name is not None:
                yield os.path.join(cache_path(), ENVIRONMENTS, name, "lib"), "tools"

    def traits_of(self, library: Library) -> Traits:
        """Read a library's file once more, for what only a check wants to know. Raises WasmbuildError where it is
        another by now."""
        if library.identity not in self.traits:
            # What was decoded tells where things are in these bytes, and in no others.
            data = read_verified(library.identity, library.sha256, library.name)
            self.traits[library.identity] = read_traits(data, library.module)
        return self.traits[library.identity]

    def open(self, path: Path, name: str | None = None, shown_as: str | None = None) -> Library:
        """Read a shared library (or a program made with `-pie`). Raises WasmbuildError for anything else; its message
        says `shown_as` for the path, which a program should not be told."""
        return self._library(self.module(path, name, shown_as), shown_as)

    def module(self, path: Path, name: str | None = None, shown_as: str | None = None) -> Library:
        """As `open`, for a module of any kind."""
        state = self.probed[str(path)] = self.files.state(str(path))
        return self._module(str(path), state, name, shown_as)

    def _library(self, library: Library, shown_as: str | None) -> Library:
        if library.module.dylink is None:
            raise WasmbuildError(not_a_library(library, shown_as or self.files.shown(library.identity)))
        return library

    def _module(self, path: str, state: FileState, name: str | None, shown_as: str | None) -> Library:
        known = self.read.get(path)
        if known is not None and known[0] == state:
            return known[1]
        identity = self.files.real(path)
        known = self.read.get(identity)
        if known is None or known[0] != state:
            data = self.files.read(path, shown := shown_as or self.files.shown(path))
            library = decode_library(data, name or os.path.basename(path), identity, shown)
            known = self.read[identity] = (state, library)
        self.read[path] = known
        return known[1]


def _expand(path: str, origin: str) -> str:
    expanded = path.replace("${ORIGIN}", origin).replace("$ORIGIN", origin)
    # No system has paths as long as one that names its origin a hundred times.
    return os.path.join(origin, expanded if len(expanded) <= _LONGEST_PATH else path)
