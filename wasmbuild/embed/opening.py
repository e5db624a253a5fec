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
from wasmbuild.link.transitions import RTLD_GLOBAL, RTLD_NOW, member_of
from wasmbuild.loader.abandon import in_time
from wasmbuild.loader.dl import DynamicLoader


class Opened(Exports):
    """A library that was opened in a process. It stays until `close()`, or the end of its `with` block; other openings
    of it, C's too, keep it. Its functions are its own, then those of what it needs."""

    def __init__(self, guest: Guest, maker: Maker, dl: DynamicLoader, handle: int) -> None:
        self._guest, self._dl, self._handle = guest, dl, handle
        state, number = dl.state, member_of(handle)
        self.name = state.members[number].library.name
        self._open = True
        members = [state.members[each] for each in state.breadth_first(number)]

        def export(index: int, name: str) -> wasmtime.Func:
            found = dl.process.export(members[index].number, name)
            assert isinstance(found, wasmtime.Func)
            return found

        libraries = tuple(member.library for member in members)
        self.functions = Functions(guest, maker, lambda: libraries, export)

    def close(self) -> None:
        """Give the library back: if nobody else uses it, its destructors run and it leaves the process. Again is no
        error, and neither is the end of the process before."""
        if self._open and self._guest.ended is None:
            self.functions.retire(f"`{self.name}` was closed")
            self._guest.run(self._dl.close, self._handle)
        self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Opened `{self.name}`{'' if self._open else ', closed'}>"


def open_library(guest: Guest, maker: Maker, name: str | Path, join: bool) -> Opened:
    """Open a library by its name, or by its path on this machine. Raises WasmbuildError, and nothing has changed."""

    def act() -> tuple[DynamicLoader, int]:
        dl = guest.loaded.dl  # made when it is first asked for: by one thread
        if dl.state.closed:
            problem = f"`{dl.state.root.name}` is a closed module: nothing can be opened in it"
            raise WasmbuildError(Diagnostic("no-dlopen", problem))
        by_path = isinstance(name, Path) or "/" in name
        library = in_time(
            guest.store, lambda: dl.search.open(Path(name)) if by_path else dl.find_by_name(str(name), dl.search)
        )
        return dl, dl.open_library(library, RTLD_NOW | (RTLD_GLOBAL if join else 0), dl.search)

    try:
        dl, handle = guest.run(act)
    except WasmbuildError as error:
        # The loader says that a constructor failed; what a host function raised in it is the reason.
        raise error from last_raised()
    return Opened(guest, maker, dl, handle)
