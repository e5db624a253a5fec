"""What a loader calls in a module by its name, and whether it is a function that can be called so. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from wasmbuild.link.scope import Library
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import FuncType

CALLED = {
    abi.APPLY_DATA_RELOCS: FuncType(),
    abi.INIT_TLS: FuncType(("i32",)),
    abi.CALL_CTORS: FuncType(),
    abi.INITIALIZE: FuncType(),
    abi.FINALIZE: FuncType(("i32",) * 4),
    abi.START: FuncType(),
}


class NotCallable(Struct, frozen=True):
    """A module exports under the name of something that is called: another kind of thing, or a function of another
    type."""

    library: int
    name: str
    found: str
    wanted: FuncType


def entry_misfits(index: int, library: Library) -> Iterator[NotCallable]:
    module = library.module
    for name, wanted in CALLED.items():
        export = module.exports_by_name.get(name)
        if export is not None:
            type_ = module.function_space[export.index] if export.kind == "func" else None
            if type_ is None or not _fits(name, type_, wanted):
                yield NotCallable(index, name, str(type_ or f"a {export.kind}"), wanted)


def _fits(name: str, type_: FuncType, wanted: FuncType) -> bool:
    # C's habit is a `_start` that returns a number, and who has no libc writes it so; nobody looks at it.
    return type_ == wanted or (name == abi.START and type_ in (FuncType((), ("i32",)), FuncType((), ("i64",))))
