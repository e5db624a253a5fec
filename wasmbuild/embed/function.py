"""A function of the process, as Python calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.embed.convert import Maker, Temporary, from_wasm, function_type_of, to_wasm
from wasmbuild.embed.ctype import Signature
from wasmbuild.embed.errors import BadDeclaration, OutOfBounds
from wasmbuild.embed.guest import Guest
from wasmbuild.wasm.module import FuncType

_CARRIED = {"i32", "i64", "f32", "f64"}


class Function:
    """Called like a Python function; every argument stands for one parameter.

    Undeclared, it takes what its type in wasm says: integers signed or unsigned, floats, `None` for a null pointer,
    bytes and str as the address of a copy that is freed afterwards; integers come back signed. `declare` says more.

    Raises TypeError and OverflowError for arguments, and what Library says of calls.
    """

    def __init__(
        self, name: str, type_: FuncType, find: Callable[[], Callable[[Any], Any]], guest: Guest, maker: Maker
    ) -> None:
        self.name = name
        self.type = type_
        self.signature: Signature | None = None
        """Its declaration, once there is one"""
        self._guest, self._maker = guest, maker
        # What it takes to call it is made at the first call: a library may have thousands of functions.
        self._find = find
        self._native: Callable[[Any], Any] | None = None
        unusable = [each for each in (*type_.params, *type_.results) if each not in _CARRIED]
        self._unusable = f"`{name}` has the type `{type_}`, and Python has no `{unusable[0]}`" if unusable else None
        if not unusable:
            self._use([to_wasm(each, maker) for each in type_.params], None)

    def retire(self, why: str) -> None:
        """Refuse every call from now on: the library has left the process."""

        def refuse() -> Callable[[Any], Any]:
            raise WasmbuildError(Diagnostic("closed", why))

        self._native, self._find = None, refuse

    def declare(self, signature: Signature, text: str) -> None:
        """Convert arguments and the result as C would. Raises BadDeclaration where the types of wasm differ."""
        declared = function_type_of(signature)
        if declared != self.type:
            raise BadDeclaration(f"`{self.name}` is `{self.type}`, and not `{declared}` as declared", text, 0)
        self.signature = signature
        self._use([to_wasm(each, self._maker) for each in signature.parameters], from_wasm(signature.result))

    def _use(self, converters: list[Any], result: Callable[[Any], Any] | None) -> None:
        self._converters = converters
        self._count = len(converters)
        self._result = result

    def __call__(self, *arguments: Any) -> Any:
        native = self._native or self._prepare()
        if len(arguments) != self._count:
            raise TypeError(f"{self._shown()} {_counted(self._count)} wanted, {len(arguments)} given")
        temporary: list[Temporary] = []
        try:
            numbers = []
            try:
                for convert, argument in zip(self._converters, arguments, strict=True):
                    numbers.append(convert(argument, temporary))
            except (TypeError, OverflowError, ValueError, OutOfBounds) as error:
                kinds = (TypeError, OverflowError, OutOfBounds)
                kind = next((kind for kind in kinds if isinstance(error, kind)), ValueError)
                raise kind(f"{self._shown()} argument {self._which(len(numbers))}: {error}") from None
            value = native(numbers)
        finally:
            if temporary:
                for each in temporary:
                    each.free()
        return value if self._result is None else self._result(value)

    def native(self, numbers: tuple[int, ...]) -> Any:
        """Call it with numbers of wasm, of the right types and as many as it takes."""
        return (self._native or self._prepare())(numbers)

    def _prepare(self) -> Callable[[Any], Any]:
        self._guest.check()
        if self._unusable is not None:
            raise TypeError(self._unusable)
        self._native = self._find()
        return self._native

    def _shown(self) -> str:
        return f"`{self.name}`, `{self.signature or self.type}`,"

    def _which(self, place: int) -> str:
        names = self.signature.names if self.signature else ()
        return f"{place + 1} (`{names[place]}`)" if names and names[place] else f"{place + 1}"

    def __repr__(self) -> str:
        return f"<Function `{self.name}`: `{self.signature or self.type}`>"


def _counted(count: int) -> str:
    return f"{count} argument" + "s" * (count != 1)
