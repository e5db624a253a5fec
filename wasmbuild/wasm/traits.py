"""What two copies, or two builds, of a module can be told by: facts that loading does not need and a check does."""

from __future__ import annotations

import hashlib

from msgspec import Struct

from wasmbuild.wasm import abi
from wasmbuild.wasm.instructions import ExceptionEncoding, exception_encoding
from wasmbuild.wasm.module import Module
from wasmbuild.wasm.objects import decode_features
from wasmbuild.wasm.own import EXCEPTIONS, own_facts
from wasmbuild.wasm.reader import Cursor, MalformedModule


class Traits(Struct, frozen=True):
    """`soname` is the module's name in its name section, which wasm-ld takes from the file that it writes;
    `exceptions` is how it handles exceptions, None where it handles none."""

    sha256: str = ""
    soname: str | None = None
    features: frozenset[str] = frozenset()
    exceptions: ExceptionEncoding | None = None
    without_exceptions: bool = False
    """It is C++ of ours that was compiled with -fno-exceptions."""


def read_traits(data: bytes, module: Module) -> Traits:
    """`data` is what `module` was decoded from. Custom sections are advice: what cannot be read is as if it were not
    there."""
    try:
        features = frozenset(f.name for f in decode_features(data, module) if f.prefix != "-")
    except MalformedModule:
        features = frozenset()
    handles = _may_handle_exceptions(module, features)
    return Traits(
        hashlib.sha256(data).hexdigest(),
        _soname(data, module),
        features,
        exception_encoding(data, module) if handles else None,
        own_facts(data, module).get(EXCEPTIONS) is False,
    )


def _may_handle_exceptions(module: Module, features: frozenset[str]) -> bool:
    """Whether it is worth reading the code, which takes long."""
    if abi.WASM_LONGJMP in module.exports_by_name:
        return False  # the run-time half of setjmp: it throws, and others catch
    if "exception-handling" in features or module.tag_space:
        return True
    # Emscripten strips the features, and what only cleans up has no tag.
    return any(import_.name.startswith(("__cxa_", "_Unwind_", "_ZSt9terminate")) for import_ in module.imports)


def _soname(data: bytes, module: Module) -> str | None:
    section = next((s for s in module.sections if s.id == 0 and s.name == abi.NAME_SECTION), None)
    if section is None:
        return None
    c = Cursor(data, section.offset, section.offset + section.size_bytes, "", "section `name`")
    try:
        if c.pos < c.end and c.u8() == 0:  # subsection 0, which comes first: the name of the module
            return c.part(c.u32(), "the module's name").text() or None
    except MalformedModule:
        pass
    return None
