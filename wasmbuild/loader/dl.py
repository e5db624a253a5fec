"""dlopen, dlsym, dlclose, dlerror and dladdr for a live process (POSIX 2024, with RTLD_NOLOAD and RTLD_NODELETE).

`link.live` plans; this carries the plans out, undoes what fails, and keeps the books: handles, counts, the message that
dlerror will give. Handles are not addresses of anything; a number that is no handle is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import wasmtime

from wasmbuild.diagnostics import Diagnostic, WasmbuildError, format_diagnostic
from wasmbuild.link.live import Live, Member, Opening, plan_opening, without
from wasmbuild.link.plan import data_address
from wasmbuild.link.resolve import NOT_SYMBOLS, Definition, Host, Symbols, symbol_table
from wasmbuild.link.scope import Library, NotFound, Scope, find_scope
from wasmbuild.loader.guestpaths import Directories, host_path
from wasmbuild.loader.process import Process, UndefinedFunctionCalled, fill_slots, initialise
from wasmbuild.loader.retired import Graveyard
from wasmbuild.loader.traps import describe_trap
from wasmbuild.search.libraries import Search
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import Export, FuncType, GlobalType

RTLD_LAZY, RTLD_NOW, RTLD_NOLOAD, RTLD_GLOBAL, RTLD_NODELETE = 1, 2, 4, 256, 4096
RTLD_LOCAL = 8
_MODES = RTLD_LAZY | RTLD_NOW | RTLD_NOLOAD | RTLD_LOCAL | RTLD_GLOBAL | RTLD_NODELETE

RTLD_DEFAULT, RTLD_NEXT = 0, 0xFFFFFFFF

NAME_LIMIT_BYTES = 4096
_FINALIZE = "__wasmbuild_finalize"


@dataclass(slots=True)
class DynamicLoader:
    """The dlopen family of one process."""

    process: Process
    live: Live
    search: Search
    directories: Directories
    host: Host
    memory_max_pages: int
    graveyard: Graveyard = field(default_factory=Graveyard)
    counts: dict[int, int] = field(default_factory=dict)
    """How often each member was opened and not closed."""
    kept: set[int] = field(default_factory=set)
    """Members that are never unloaded: those from the start, and those opened with RTLD_NODELETE."""
    message: str | None = None
    symbols: tuple[tuple[int, ...], Symbols] | None = None
    """A global scope and its symbol table, which costs more to make than all the rest of an opening."""

    def __post_init__(self) -> None:
        self.kept |= set(self.live.members)

    # What C calls. Numbers come signed; pointers are used only after they were checked.

    def dlopen(self, caller: int, name: int, flags: int) -> int:
        def act() -> int:
            return self.open(None if name == 0 else self._text(name), flags, caller)

        return self._guarded(act, failed=0)

    def dlsym(self, caller: int, handle: int, name: int) -> int:
        return self._guarded(lambda: _signed(self.symbol(handle & 0xFFFFFFFF, self._text(name), caller)), failed=0)

    def dlclose(self, _caller: int, handle: int) -> int:
        return self._guarded(lambda: self.close(handle & 0xFFFFFFFF), failed=-1)

    def dlerror(self, _caller: int, text: int, size: int) -> int:
        if self.message is None:
            return 0
        data = self.message.encode()[: size - 1].decode("utf-8", "ignore").encode() + b"\0"
        self.process.memory.write(self.process.store, data, text & 0xFFFFFFFF)
        self.message = None
        return 1

    def dladdr(self, _caller: int, address: int, file: int, symbol: int, size: int, found: int) -> int:
        answer = self.describe(address & 0xFFFFFFFF)
        if answer is None:
            return 0
        member, name, symbol_address = answer
        for place, text in ((file, member.library.identity), (symbol, name)):
            data = text.encode()[: size - 1].decode("utf-8", "ignore").encode() + b"\0"
            self.process.memory.write(self.process.store, data, place & 0xFFFFFFFF)
        numbers = member.memory[0].to_bytes(4, "little") + symbol_address.to_bytes(4, "little")
        self.process.memory.write(self.process.store, numbers, found & 0xFFFFFFFF)
        return 1

    def function(self, name: str, caller: int) -> Callable[..., int]:
        """The function of the family for one calling library. libc asks on behalf of the program."""
        library = self.live.members[caller].library if caller in self.live.members else None
        asks = library is not None and any(i.module == abi.LOADER for i in library.module.imports)
        method = getattr(self, name)
        return lambda *arguments: method(0 if asks else caller, *arguments)

    def _guarded(self, act: Callable[[], int], failed: int) -> int:
        try:
            return act()
        except WasmbuildError as error:
            self.message = "\n".join(format_diagnostic(d).removeprefix("error: ") for d in error.diagnostics)
            return failed

    def _text(self, pointer: int) -> str:
        """A C string of the guest's. Raises WasmbuildError where it is none, or too long for a name."""
        start, memory = pointer & 0xFFFFFFFF, self.process.memory
        end = min(start + NAME_LIMIT_BYTES, memory.data_len(self.process.store))
        data = bytes(memory.read(self.process.store, start, end)) if 0 < start < end else b""
        text, nul, _ = data.partition(b"\0")
        if not nul:
            why = f"longer than {NAME_LIMIT_BYTES - 1} bytes" if len(data) == NAME_LIMIT_BYTES else "not a string"
            raise WasmbuildError(Diagnostic("dl-name", f"not a name: {why}, at {start:#x}"))
        try:
            return text.decode()
        except UnicodeDecodeError:
            raise WasmbuildError(Diagnostic("dl-name", f"not a name: not UTF-8, at {start:#x}")) from None

    # What it means.

    def open(self, name: str | None, flags: int, caller: int = 0) -> int:
        """The handle of a library, which is brought into the process if it is not there. Raises WasmbuildError; then
        nothing has changed."""
        if flags & ~_MODES or not flags & (RTLD_LAZY | RTLD_NOW):
            raise WasmbuildError(Diagnostic("dl-mode", f"not a mode of dlopen: {flags:#x}"))
        if name is None or name == "":
            return handle_of(0)
        library = self._find(name, caller)
        return handle_of(self.open_library(library, flags))

    def open_library(self, library: Library, flags: int) -> int:
        """As `open`, for a library that was found already; its number."""
        member = self.live.find(library.identity)
        if member is None:
            if flags & RTLD_NOLOAD:
                raise WasmbuildError(Diagnostic("dl-noload", f"not in the process: `{library.name}`"))
            number = self._bring_in(library)
        else:
            number = member.number
        self.counts[number] = self.counts.get(number, 0) + 1
        if flags & RTLD_GLOBAL:
            joining = [n for n in self.live.breadth_first(number) if n not in self.live.scope]
            self.live = replace(self.live, scope=(*self.live.scope, *joining))
        if flags & RTLD_NODELETE:
            self.kept.add(number)
        return number

    def close(self, handle: int) -> int:
        """Give a handle back. What nobody uses then leaves the process. Raises WasmbuildError for what is no handle."""
        if handle == handle_of(0) and 0 not in self.counts:
            return 0
        number = self._member(handle).number
        self.counts[number] -= 1
        if self.counts[number] == 0:
            del self.counts[number]
            self._take_out()
        return 0

    def symbol(self, handle: int, name: str, caller: int = 0) -> int:
        """The address of data, or a function's table index. Raises WasmbuildError where there is none."""
        for number in self._order(handle, caller):
            member = self.live.members[number]
            export = member.library.module.exports_by_name.get(name)
            if export is None or name in NOT_SYMBOLS:
                continue
            address = self._address(member, export)
            if address is not None:
                return address
        raise WasmbuildError(
            Diagnostic("dl-symbol", f"undefined symbol: `{name}`", facts=self._searched(handle, caller))
        )

    def describe(self, address: int) -> tuple[Member, str, int] | None:
        """Whose an address is: the member, and the nearest exported symbol at or below it ("" for none)."""
        for member in self.live.members.values():
            start, size = member.memory
            if start <= address < start + size:
                return member, *self._nearest(member, address)
        for (number, function), slot in self.live.slots.items():
            if slot == address:
                member = self.live.members[number]
                names = (e.name for e in member.library.module.exports if e.kind == "func" and e.index == function)
                return member, next(names, ""), slot
        return None

    # How it is done.

    def _find(self, name: str, caller: int) -> Library:
        members = self.live.members
        if "/" in name:
            path = host_path(self.directories, name)
            if path is None or not path.is_file():
                shown = ", ".join(guest for _, guest in self.directories) or "no directory"
                facts = (("searched", f"the directories that the program may see: {shown}"),)
                raise WasmbuildError(Diagnostic("needed-not-found", f"library not found: `{name}`", facts=facts))
            return self.search.open(path, name.rpartition("/")[2], shown_as=name)
        found = self.search(name, members[caller].library, members[0].library)
        if isinstance(found, NotFound):
            facts = (("searched", ", ".join(found.searched)),)
            raise WasmbuildError(Diagnostic("needed-not-found", f"library not found: `{name}`", facts=facts))
        return found

    def _member(self, handle: int) -> Member:
        for number in self.counts:
            if handle_of(number) == handle:
                return self.live.members[number]
        raise WasmbuildError(Diagnostic("dl-handle", f"not a handle of an open library: {handle:#x}"))

    def _order(self, handle: int, caller: int) -> list[int]:
        """The members in which a symbol is looked for."""
        own = self.live.breadth_first(caller)
        if handle == RTLD_DEFAULT:
            return list(dict.fromkeys((*self.live.scope, *own)))
        if handle == RTLD_NEXT:
            order = list(self.live.scope if caller in self.live.scope else own)
            return order[order.index(caller) + 1 :]
        if handle == handle_of(0):
            return list(self.live.scope)
        return list(self.live.breadth_first(self._member(handle).number))

    def _searched(self, handle: int, caller: int) -> tuple[tuple[str, str], ...]:
        names = [self.live.members[number].library.name for number in self._order(handle, caller)]
        return (("searched", ", ".join(names)),)

    def _address(self, member: Member, export: Export) -> int | None:
        type_ = member.library.module.export_type(export)
        if isinstance(type_, FuncType):
            key = (member.number, export.index)
            if key not in self.live.slots:
                self._sync()
                slot, table = self.live.table.take(1, 1)
                self._grow(table_elements=table.end)
                function = self.process.export(member.number, export.name)
                self.process.table.set(self.process.store, slot, function)
                self.live = replace(self.live, table=table, slots={**self.live.slots, key: slot})
            return self.live.slots[key]
        if isinstance(type_, GlobalType) and not type_.mutable:
            return data_address(Scope((member.library,), ((),)), Definition(0, export), member.memory[0])
        return None

    def _nearest(self, member: Member, address: int) -> tuple[str, int]:
        best = ("", 0)
        for export in member.library.module.exports:
            if export.kind == "global" and export.name not in abi.LINKER_SYMBOLS:
                at = self._address(member, export)
                if at is not None and best[1] < at <= address:
                    best = (export.name, at)
        return best

    def _bring_in(self, library: Library) -> int:
        local, missing = find_scope(library, lambda name, by, root: self.search(name, by, self.live.members[0].library))
        if missing:
            raise WasmbuildError(*missing)
        self._sync()
        if self.symbols is None or self.symbols[0] != self.live.scope:
            self.symbols = (self.live.scope, symbol_table(self.live.global_scope()))
        number_of, symbols = self.graveyard.number_of, self.symbols[1]
        opening = plan_opening(self.live, local, self.host, number_of, self.memory_max_pages, symbols)
        before, stack = self.live, self.process.stack_pointer.value(self.process.store)
        try:
            self._grow(opening.live.memory.end, opening.live.table.end)
            self._instantiate(opening)
            self.live = opening.live
            initialise(self.process, opening.initialise)
        except wasmtime.ExitTrap:
            raise
        except (wasmtime.Trap, wasmtime.WasmtimeError, UndefinedFunctionCalled) as error:
            # As if it had never been: also what its constructors opened themselves goes, unless somebody keeps it.
            self.process.stack_pointer.set_value(self.process.store, stack)
            if self.live is before:
                self._clear(opening.live, opening.modules)
            else:
                self._leave(opening.modules)
                self._take_out()
            what = f"undefined function called: `{error}`" if isinstance(error, UndefinedFunctionCalled) else None
            message, backtrace = (what, "") if what else describe_trap(error)
            facts = (("in", backtrace),) if backtrace else ()
            raise WasmbuildError(
                Diagnostic("dl-trap", f"`{library.name}` failed to start: {message}", facts=facts)
            ) from None
        return opening.root

    def _instantiate(self, opening: Opening) -> None:
        for number in opening.modules:
            start, size = opening.live.members[number].memory
            if size:
                self.process.memory.write(self.process.store, bytearray(size), start)
        members = {number: opening.live.members[number] for number in opening.modules}
        self.graveyard.make(self.process, members, opening.modules)
        fill_slots(self.process, opening.slots)

    def _take_out(self) -> None:
        """Unload every member that nobody keeps, dependents first, after its destructors have run."""
        while True:
            gone = set(self.live.members) - self.live.kept_by(self.kept | set(self.counts))
            if not gone:
                return
            order = sorted(gone, key=lambda number: -len(self.live.kept_by([number]) & gone))
            number = order[0]
            self._finalize(self.live.members[number])
            # A destructor may have opened it again.
            if number in self.live.members and number not in self.live.kept_by(self.kept | set(self.counts)):
                self._leave([number])

    def _finalize(self, member: Member) -> None:
        for number in self.live.scope:
            if _FINALIZE in self.live.members[number].library.module.exports_by_name:
                (data, size), (slots, count) = member.memory, member.table
                bounds = (data, data + size, slots, slots + count)
                self.process.export(number, _FINALIZE)(self.process.store, *map(_signed, bounds))
                return

    def _leave(self, numbers: Iterable[int]) -> None:
        gone = [number for number in numbers if number in self.live.members]
        self._clear(self.live, gone)
        self.live = without(self.live, gone)
        for number in gone:
            self.kept.discard(number)
            self.counts.pop(number, None)

    def _clear(self, live: Live, numbers: Iterable[int]) -> None:
        """Empty the table slots of members that leave: a call through a stale pointer traps, and says so."""
        for number in numbers:
            slots = [slot for (owner, _), slot in live.slots.items() if owner == number]
            self.graveyard.bury(self.process, number, slots)

    def _sync(self) -> None:
        """The guest grows its memory by itself."""
        memory_bytes = self.process.memory.data_len(self.process.store)
        elements = self.process.table.size(self.process.store)
        live = self.live
        self.live = replace(live, memory=live.memory.with_end(memory_bytes), table=live.table.with_end(elements))

    def _grow(self, memory_bytes: int = 0, table_elements: int = 0) -> None:
        store = self.process.store
        pages = (memory_bytes - self.process.memory.data_len(store)) >> 16
        if pages > 0:
            self.process.memory.grow(store, pages)
        elements = table_elements - self.process.table.size(store)
        if elements > 0:
            self.process.table.grow(store, elements, None)


def handle_of(number: int) -> int:
    """Handles start well above 0, which is RTLD_DEFAULT, and are even: nothing in them is an address."""
    return (number + 1) << 4


def _signed(value: int) -> int:
    return value - (1 << 32) if value >= 1 << 31 else value
