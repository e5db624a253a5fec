"""Libraries that Python opens in a live process: `dlopen` from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import wasmtime

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.embed.convert import Maker
from wasmbuild.embed.exports import Exports, Functions
from wasmbuild.embed.guest import Guest
from wasmbuild.embed.native import last_raised
from wasmbuild.link.scope import Library as Found
from wasmbuild.link.scope import NotFound
from wasmbuild.loader.dl import RTLD_GLOBAL, RTLD_NOW, DynamicLoader, handle_of


class Opened(Exports):
    """A library that was opened in a process. It stays until `close()`, or the end of its `with` block; other openings
    of it, C's too, keep it. Its functions are its own, then those of what it needs."""

    def __init__(self, guest: Guest, maker: Maker, dl: DynamicLoader, number: int) -> None:
        self._guest, self._dl, self._number = guest, dl, number
        self.name = dl.live.members[number].library.name
        self._open = True
        members = [dl.live.members[each] for each in dl.live.breadth_first(number)]

        def export(index: int, name: str) -> wasmtime.Func:
            found = dl.process.export(members[index].number, name)
            assert isinstance(found, wasmtime.Func)
            return found

        self.functions = Functions(guest, maker, tuple(member.library for member in members), export)

    def close(self) -> None:
        """Give the library back: if nobody else uses it, its destructors run and it leaves the process. Again is no
        error, and neither is the end of the process before."""
        if self._open and self._guest.ended is None:
            self.functions.retire(f"`{self.name}` was closed")
            self._guest.run(self._dl.close, handle_of(self._number))
            self._guest.modules = _modules(self._dl)
        self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Opened `{self.name}`{'' if self._open else ', closed'}>"


def open_library(guest: Guest, maker: Maker, name: str | Path, join: bool) -> Opened:
    """Open a library by its name, or by its path on this machine. Raises WasmbuildError, and nothing has changed."""
    dl = guest.loaded.dl
    if dl is None:
        root = guest.loaded.scope.libraries[0].name
        raise WasmbuildError(Diagnostic("no-dlopen", f"`{root}` is a closed module: nothing can be opened in it"))

    def act() -> int:
        return dl.open_library(_find(dl, name), RTLD_NOW | (RTLD_GLOBAL if join else 0))

    try:
        number = guest.run(act)
    except WasmbuildError as error:
        # The loader says that a constructor failed; what a host function raised in it is the reason.
        raise error from last_raised()
    guest.modules = _modules(dl)
    return Opened(guest, maker, dl, number)


def _find(dl: DynamicLoader, name: str | Path) -> Found:
    if isinstance(name, Path) or "/" in name:
        return dl.search.open(Path(name))
    root = dl.live.members[0].library
    found = dl.search(name, root, root)
    if isinstance(found, NotFound):
        facts = (("searched", ", ".join(found.searched)),)
        raise WasmbuildError(Diagnostic("needed-not-found", f"library not found: `{name}`", facts=facts))
    return found


def _modules(dl: DynamicLoader) -> tuple[Found, ...]:
    return tuple(member.library for member in dl.live.members.values())
