"""What the link driver writes into a module's own section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from wasmbuild.builder.inputs import Input, exported_symbols
from wasmbuild.builder.linkspec import LinkSpec
from wasmbuild.link.interface import abi_hash
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.module import Dylink, Module
from wasmbuild.wasm.own import (
    ABI,
    DATA_BYTES,
    ENVIRONMENT,
    EXCEPTIONS,
    LAZY,
    LINKED_AGAINST,
    SONAME,
    STACK_BYTES,
    carried_abi,
    exported_data,
)


def own_section(spec: LinkSpec, inputs: Sequence[Input], exports: Iterable[str], module: Module) -> dict[str, object]:
    """`module` is what came out of the link. The same link gives the same, wherever it is."""
    facts: dict[str, object] = {}
    if spec.stack_bytes is not None:
        facts[STACK_BYTES] = spec.stack_bytes
    if spec.without_exceptions:
        facts[EXCEPTIONS] = False
    if spec.soname is not None:
        facts[SONAME] = spec.soname
    if spec.environment is not None:
        facts[ENVIRONMENT] = spec.environment
    if spec.kind == "library":
        facts[ABI] = abi_hash(module)
        if names := exported_data(module):
            symbols = exported_symbols(spec, inputs, exports)
            facts[DATA_BYTES] = [symbols[name][1].size_bytes if name in symbols else 0 for name in names]
    needed = (module.dylink or Dylink()).needed
    against = {Path(spec.interfaces.get(path, path)).name: path for path in spec.libraries}
    if hashes := {name: _abi_of(against[name]) for name in needed if name in against}:
        facts[LINKED_AGAINST] = hashes
    waiting = {Path(spec.interfaces.get(path, path)).name for path in spec.lazy}
    if lazy := [name for name in needed if name in waiting]:
        facts[LAZY] = lazy
    return facts


def _abi_of(path: str) -> str:
    data = Path(path).read_bytes()
    return carried_abi(data) or abi_hash(decode(data, path))
