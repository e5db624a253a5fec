"""Instances of libraries that were unloaded. wasmtime frees instances only with their whole store, so a library that
comes back to the same place, bound to the same things, gets its old instance again: opening and closing in a loop takes
no more and no more memory.

That is possible where a module has no state outside of the memory and the table, which we restore: data segments are
written again from the file, table slots from what stood in them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import wasmtime

from wasmbuild.link.live import Member
from wasmbuild.link.plan import Direct, ModulePlan
from wasmbuild.link.scope import Library
from wasmbuild.loader.process import Process, compile_modules, define, instantiate
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import GlobalType, Module

Key = tuple[object, ...]


@dataclass(slots=True)
class Graveyard:
    """The instances that a process had, by everything that they depend on."""

    numbers: dict[str, int] = field(default_factory=dict)
    """The number of each library that was ever opened, by identity."""
    made: dict[Key, tuple[int, wasmtime.Instance]] = field(default_factory=dict)
    """Instances that can be used again: their own unique number, and they themselves."""
    current: dict[int, int] = field(default_factory=dict)
    """Which instance each member is, by that unique number."""
    contents: dict[int, Mapping[int, Any]] = field(default_factory=dict)
    """What stood in the table slots of an instance that left."""
    count: int = 0

    def number_of(self, library: Library) -> int:
        """The number of a library that joins: the one that it had before, or a new one. The libraries that the process
        started with have the numbers below FIRST_NUMBER."""
        return self.numbers.setdefault(library.identity, FIRST_NUMBER + len(self.numbers))

    def make(self, process: Process, members: Mapping[int, Member], plans: Mapping[int, ModulePlan]) -> None:
        """Instantiate members, in the order given, or bring old instances of them back."""
        images = {number: Path(plan.identity).read_bytes() for number, plan in plans.items()}
        missing = dict(plans)
        for number, plan in plans.items():
            key = self._key(images[number], plan)
            if key in self.made and self._revive(process, members[number], images[number], key):
                del missing[number]
            else:
                break  # what is bound to a new instance cannot be an old one
        compiled = compile_modules(process, list(missing.values()))
        for (number, plan), module in zip(missing.items(), compiled, strict=True):
            instance = instantiate(process, number, module, plan)
            self.count += 1
            self.current[number] = self.count
            if _restorable(members[number].library.module):
                self.made[self._key(images[number], plan)] = (self.count, instance)

    def bury(self, process: Process, number: int, slots: Sequence[int]) -> None:
        """Empty a member's table slots, and remember what stood in them."""
        held = {slot: process.table.get(process.store, slot) for slot in slots}
        unique = self.current.pop(number, None)
        if unique is not None:
            self.contents[unique] = held
        for slot in slots:
            process.table.set(process.store, slot, None)

    def _key(self, image: bytes, plan: ModulePlan) -> Key:
        definers = [self.current.get(s.library) for s in plan.imports if isinstance(s, Direct)]
        digest = hashlib.sha256(image).digest()
        return (digest, plan.memory_base, plan.table_base, plan.imports, tuple(definers))

    def _revive(self, process: Process, member: Member, image: bytes, key: Key) -> bool:
        unique, instance = self.made[key]
        if unique in self.current.values():
            return False
        define(process, member.number, instance)
        for segment in member.library.module.data:
            assert segment.offset is not None, "see _restorable"
            place = segment.offset.value + (0 if segment.offset.base_global is None else member.memory[0])
            data = image[segment.payload_offset : segment.payload_offset + segment.size_bytes]
            if data:
                process.memory.write(process.store, data, place)
        start, size = member.table
        for slot, function in self.contents.pop(unique, {}).items():
            if start <= slot < start + size:
                process.table.set(process.store, slot, function)
        self.current[member.number] = unique
        return True


FIRST_NUMBER = 1 << 16
"""More libraries than a process starts with."""


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
