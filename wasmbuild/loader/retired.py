"""Instances of libraries that were unloaded. wasmtime frees instances only with their whole store, so a library that
comes back to the same place, bound to the same things, gets its old instance again: opening and closing in a loop takes
no more and no more memory.

That is possible where a module has no state outside of the memory and the table, which we restore: data segments are
written again from the file, table entries from what stood in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import wasmtime

from wasmbuild.link.plan import FromModule, ModulePlan
from wasmbuild.link.scope import Library
from wasmbuild.link.state import Member
from wasmbuild.loader.process import Process, compile_joining, instantiate
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import GlobalType, Module

Key = tuple[object, ...]


@dataclass(slots=True)
class Graveyard:
    """The instances that a process had, by everything that they depend on."""

    made: dict[Key, tuple[int, wasmtime.Instance]] = field(default_factory=dict)
    """Instances that can be used again: their own unique number, and they themselves."""
    current: dict[int, int] = field(default_factory=dict)
    """Which instance each member is, by that unique number."""
    contents: dict[int, Mapping[int, Any]] = field(default_factory=dict)
    """What stood in the table entries of an instance that left."""
    count: int = 0

    def make(
        self, process: Process, modules: Sequence[tuple[Member, ModulePlan]], read: Callable[[Library], bytes]
    ) -> None:
        """Instantiate members, in the order given, or bring old instances of them back. `read` gives a library's bytes,
        and raises WasmbuildError where its file is not the one that the plan was made for."""
        images = {member.number: read(member.library) for member, _ in modules}
        missing = list(modules)
        for member, plan in modules:
            key = self._key(plan)
            if key in self.made and self._revive(process, member, images[member.number], key):
                del missing[0]
            else:
                break  # what is bound to a new instance cannot be an old one
        compiled = compile_joining(process, [plan for _, plan in missing], [images[m.number] for m, _ in missing])
        for (member, plan), module in zip(missing, compiled, strict=True):
            instance = process.instances[member.number] = instantiate(process.values, module, plan)
            self.count += 1
            self.current[member.number] = self.count
            if _restorable(member.library.module):
                self.made[self._key(plan)] = (self.count, instance)

    def bury(self, process: Process, number: int, table_indexes: Sequence[int]) -> None:
        """Empty a member's table entries, and remember what stood in them."""
        assert process.table is not None, "a closed module has no members that leave"
        # Where the table could not grow, what was to be filled is not there to be emptied.
        size = process.table.size(process.store)
        table_indexes = [index for index in table_indexes if index < size]
        held = {index: process.table.get(process.store, index) for index in table_indexes}
        unique = self.current.pop(number, None)
        if unique is not None:
            self.contents[unique] = held
        for index in table_indexes:
            process.table.set(process.store, index, None)

    def _key(self, plan: ModulePlan) -> Key:
        definers = [self.current.get(v.module) for v in plan.imports if isinstance(v, FromModule)]
        return (plan.sha256, plan.memory_base, plan.table_base, plan.imports, tuple(definers))

    def _revive(self, process: Process, member: Member, image: bytes, key: Key) -> bool:
        unique, instance = self.made[key]
        if unique in self.current.values():
            return False
        assert process.memory is not None, "nothing joins a closed module"
        assert process.table is not None
        process.instances[member.number] = instance
        for segment in member.library.module.data:
            assert segment.offset is not None, "see _restorable"
            address = segment.offset.value + (0 if segment.offset.base_global is None else member.memory[0])
            data = image[segment.payload_offset : segment.payload_offset + segment.size_bytes]
            if data:
                process.memory.write(process.store, data, address)
        start, size = member.table
        for index, function in self.contents.pop(unique, {}).items():
            if start <= index < start + size:
                process.table.set(process.store, index, function)
        self.current[member.number] = unique
        return True


def _restorable(module: Module) -> bool:
    """Whether memory and table are all the state that an instance has.

    What LLVM links has mutable globals of its own only to hold addresses: its start function fills them from the bases,
    which are the same when the instance is used again. Of other modules nobody knows.
    """
    from_llvm = abi.CALL_CTORS in module.exports_by_name
    if not from_llvm and (module.start is not None or any(global_.type.mutable for global_ in module.globals)):
        return False
    bases = [i.name for i in module.imports if isinstance(i.type, GlobalType)]
    return all(
        segment.mode == "active"
        and segment.offset is not None
        and (segment.offset.base_global is None or bases[segment.offset.base_global] == abi.MEMORY_BASE)
        for segment in module.data
    ) and all(element.mode == "active" for element in module.elements)
