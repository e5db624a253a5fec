"""What a library gives out, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import wasmtime

from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean
from wasmbuild.embed.convert import Maker
from wasmbuild.embed.declare import parse_declaration
from wasmbuild.embed.function import Function
from wasmbuild.embed.guest import Guest
from wasmbuild.link.scope import Library as Found
from wasmbuild.wasm import abi

Export = Callable[[int, str], wasmtime.Func]
"""(index of the library, name) → the function itself"""


class Functions(Mapping[str, Function]):
    """The functions of a library and of those that it needs: `functions["crc32"]`. Iterating gives its own names.

    The first definition wins, as it does when modules are linked. Raises WasmbuildError for a name that is nowhere.
    """

    def __init__(self, guest: Guest, maker: Maker, scope: Callable[[], Iterable[Found]], export: Export) -> None:
        # Decoding a module takes longer than loading it, so it is asked for its types when somebody wants a function.
        self._guest, self._maker, self._scope, self._export = guest, maker, scope, export
        self._made: dict[str, Function] = {}
        self._gone: str | None = None

    def __getitem__(self, name: str) -> Function:
        try:
            return self._made[name]
        except KeyError:
            return self._made.setdefault(name, self._make(name))

    def _make(self, name: str) -> Function:
        if self._gone is not None:
            raise WasmbuildError(Diagnostic("closed", self._gone))
        for index, library in enumerate(self._scope()):
            export = library.module.exports_by_name.get(name)
            if export is not None and export.kind == "func" and name not in abi.LINKER_SYMBOLS:
                type_ = library.module.function_space[export.index]

                def find() -> Callable[[Any], Any]:
                    # In the process: what is exported by a lazy library brings that in.
                    itself = self._guest.run(self._export, index, name)  # noqa: B023 - returned at once
                    return self._guest.caller(itself, type_, name != abi.START)  # noqa: B023

                return Function(name, type_, find, self._guest, self._maker)
        root = self._root().name
        near = did_you_mean(name, self)
        help_ = f"did you mean `{near}`?" if near else "`exports` in the manifest decides what is exported"
        raise WasmbuildError(Diagnostic("no-function", f"`{root}` exports no function `{name}`", help=(help_,)))

    def _root(self) -> Found:
        return next(iter(self._scope()))

    def retire(self, why: str) -> None:
        """From now on every call is refused."""
        self._gone = why
        for function in self._made.values():
            function.retire(why)

    def __contains__(self, name: object) -> bool:
        try:
            return isinstance(name, str) and self[name] is not None
        except WasmbuildError:
            return False

    def __iter__(self) -> Iterator[str]:
        for export in self._root().module.exports:
            if export.kind == "func" and export.name not in abi.LINKER_SYMBOLS:
                yield export.name

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Exports:
    """A library of a process. Raises, besides what its methods say: Trap and its kin for what C does; what a callback
    raised, as itself; ProcessExited when C calls `exit`; and ProcessDead after any of these."""

    functions: Functions

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a function: `functions[name](*arguments)`."""
        return self.functions[name](*arguments)

    def declare(self, text: str) -> Function:
        """Give a function its C type, from then on: `int compress(u8 *dst, u32 *dst_len, const u8 *src, u32 len)`.

        Raises BadDeclaration, with the place in the text, for what cannot be read or differs from the module; and
        WasmbuildError for a name that is nowhere.
        """
        name, signature = parse_declaration(text)
        function = self.functions[name]
        function.declare(signature, text)
        return function
