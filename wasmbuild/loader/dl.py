"""dlopen, dlsym, dlclose, dlerror and dladdr for a live process: `link.transitions` decides; this carries out and
undoes, reads what C hands over, and keeps the message that dlerror will give."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import wasmtime

from wasmbuild.diagnostics import Diagnostic, WasmbuildError, format_diagnostic
from wasmbuild.explain.findings import errors
from wasmbuild.link import transitions
from wasmbuild.link.decide import Decision
from wasmbuild.link.resolve import Symbols, symbol_table
from wasmbuild.link.scope import Library, NotFound, Open, find_scope
from wasmbuild.link.state import FIRST_NUMBER, ProcessState
from wasmbuild.link.transitions import Answer, Clear, Fill, Grow, Instantiate, Transition, Zero, handle_of
from wasmbuild.loader.abandon import in_time
from wasmbuild.loader.ending import ENDINGS, Exited, RefusedByEngine, Trapped, ending_of
from wasmbuild.loader.hosttrap import HostTrap
from wasmbuild.loader.native import zero
from wasmbuild.loader.process import Process, fill_entries, make_calls, signed
from wasmbuild.loader.retired import Graveyard
from wasmbuild.loader.sight import Sight
from wasmbuild.search.files import Files, read_verified
from wasmbuild.search.libraries import Search
from wasmbuild.wasm import abi

NAME_LIMIT_BYTES = 4096


@dataclass(slots=True)
class DynamicLoader:
    """The dlopen family of one process. `search` finds what the host opens, `of_guest` what the guest does.
    `directory` is the root's: paths of plans start there."""

    process: Process
    state: ProcessState
    search: Search
    of_guest: Search
    directory: str
    found: dict[str, Files] = field(default_factory=dict)
    """Through what each library that was opened was found, by identity: it is read again in the same way."""
    graveyard: Graveyard = field(default_factory=Graveyard)
    message: str | None = None
    unloading: bool = False
    symbols: tuple[tuple[int, ...], Symbols] | None = None
    """A global scope and its symbol table, which costs more to make than all the rest of an opening."""

    # What C calls. Numbers come signed; pointers are used only after they were checked.

    def dlopen(self, caller: int, name: int, flags: int) -> int:
        def act() -> int:
            return self.open(None if name == 0 else self._text(name), flags, caller)

        return self._guarded(act, failed=0)

    def dlsym(self, caller: int, handle: int, name: int) -> int:
        return self._guarded(lambda: signed(self.symbol(handle & abi.ADDRESS_MASK, self._text(name), caller)), failed=0)

    def dlclose(self, _caller: int, handle: int) -> int:
        return self._guarded(lambda: self.close(handle & abi.ADDRESS_MASK), failed=-1)

    def dlerror(self, _caller: int, text: int, size: int) -> int:
        if self.message is None:
            return 0
        self._write(text, _c_string(self.message, size))
        self.message = None
        return 1

    def dladdr(self, _caller: int, address: int, file: int, symbol: int, size: int, found: int) -> int:
        answer = transitions.describe(self.state, address & abi.ADDRESS_MASK)
        if answer is None:
            return 0
        self._write(file, _c_string(self.sight.named(answer.member.library.identity), size))
        self._write(symbol, _c_string(answer.symbol, size))
        numbers = answer.member.memory[0], answer.symbol_address
        self._write(found, b"".join(number.to_bytes(4, "little") for number in numbers))
        return 1

    def function(self, name: str, caller: int) -> Callable[..., int]:
        """The function of the family for one calling library. libc asks on behalf of the program."""
        member = self.state.members.get(caller)
        asks = member is not None and any(i.module == abi.LOADER for i in member.library.module.imports)
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
        memory, store = self.process.memory, self.process.store
        assert memory is not None, "who asks for libraries has the process's memory"
        start = pointer & abi.ADDRESS_MASK
        end = min(start + NAME_LIMIT_BYTES, memory.data_len(store))
        data = bytes(memory.read(store, start, end)) if 0 < start < end else b""
        text, nul, _ = data.partition(b"\0")
        if not nul:
            why = f"longer than {NAME_LIMIT_BYTES - 1} bytes" if len(data) == NAME_LIMIT_BYTES else "not a string"
            raise WasmbuildError(Diagnostic("dl-name", f"not a name: {why}, at {start:#x}"))
        try:
            return text.decode()
        except UnicodeDecodeError:
            raise WasmbuildError(Diagnostic("dl-name", f"not a name: not UTF-8, at {start:#x}")) from None

    def _write(self, pointer: int, data: bytes) -> None:
        """Raises HostTrap where the guest wants it outside of its memory."""
        memory, store = self.process.memory, self.process.store
        assert memory is not None, "who asks for libraries has the process's memory"
        start = pointer & abi.ADDRESS_MASK
        if start + len(data) > memory.data_len(store):
            raise HostTrap("memory-out-of-bounds")
        memory.write(store, data, start)

    # What it means.

    def open(self, name: str | None, flags: int, caller: int = 0) -> int:
        """The handle of a library, which is brought into the process if it is not there. Raises WasmbuildError; then
        nothing has changed."""
        problem = transitions.mode_problem(flags)
        if problem is not None:
            raise WasmbuildError(problem)
        if name is None or name == "":
            return handle_of(0)
        library = in_time(self.process.store, lambda: self._find(name, caller))
        return self.open_library(library, flags, self.of_guest)

    def open_library(self, library: Library, flags: int, search: Search) -> int:
        """As `open`, for a library that was found already; what it needs, `search` finds."""
        member = self.state.find(library.identity)
        if member is not None:
            if flags & transitions.RTLD_NOLOAD and member.number not in self.process.instances:
                raise WasmbuildError(transitions.not_loaded(library.name))
            self._need((member.number,))
            return self._commit(transitions.open_member(self.state, member.number, flags))
        local, missing = in_time(self.process.store, lambda: find_scope(library, self._needed(search)))
        if missing:
            raise WasmbuildError(*missing)
        self._observe()
        asked = self.state, local, flags, self.process.options.host_types, self.directory, self._global_symbols()
        answer = in_time(self.process.store, lambda: transitions.open_library(*asked))
        step = _accepted(answer)
        if self._need(_bound_to(step)):
            return self.open_library(library, flags, search)  # their constructors may have opened more
        self.found |= dict.fromkeys((each.identity for each in local.libraries), search.files)
        return self._bring_in(step, library)

    def close(self, handle: int) -> int:
        """Give a handle back. What nobody uses then leaves the process. Raises WasmbuildError for what is no handle."""
        self._commit(_accepted(transitions.close(self.state, handle)))
        self._unload()
        return 0

    def symbol(self, handle: int, name: str, caller: int = 0) -> int:
        """The address of data, or a function's table index. Raises WasmbuildError where there is none."""
        definer = transitions.definer(self.state, handle, name, caller)
        if not isinstance(definer, Diagnostic):
            self._need((definer.number,))
        self._observe()
        step = _accepted(transitions.symbol(self.state, handle, name, caller))
        self._carry_out(step.actions)
        return self._commit(step)

    # How it is done.

    def _need(self, numbers: Iterable[int]) -> bool:
        """Lazy members that are asked for come now. Whether there were any."""
        waiting = [number for number in numbers if number not in self.process.instances]
        for number in waiting:
            assert self.process.instances[number], "who is asked for comes"
        return bool(waiting)

    def _find(self, name: str, caller: int) -> Library:
        """What the guest means by a name."""
        if "/" not in name:
            return self.find_by_name(name, self.of_guest, caller)
        path = self.sight.place(name)
        state = self.sight.state(path) if path is not None else ()
        if path is None or not state or not stat.S_ISREG(state[0]):
            shown = ", ".join(guest for _, guest in self.sight.directories) or "no directory"
            facts = (("searched", f"the directories that the program may see: {shown}"),)
            raise WasmbuildError(Diagnostic("needed-not-found", f"library not found: `{name}`", facts=facts))
        return self.of_guest.open(Path(path), name.rpartition("/")[2], shown_as=name)

    def find_by_name(self, name: str, search: Search, caller: int = 0) -> Library:
        """A library by its bare name: the member that bears it, else what is found where needed libraries are."""
        found = self._needed(search)(name, self.state.members[caller].library, self.state.root)
        if isinstance(found, NotFound):
            facts = (("searched", ", ".join(found.searched) or "nowhere"),)
            raise WasmbuildError(Diagnostic("needed-not-found", f"library not found: `{name}`", facts=facts))
        return found

    def _needed(self, search: Search) -> Open:
        def needed(name: str, requester: Library, _local_root: Library) -> Library | NotFound:
            member = self.state.named(name)
            return member.library if member else search(name, requester, self.state.root)

        return needed

    @property
    def sight(self) -> Sight:
        assert isinstance(self.of_guest.files, Sight), "a guest sees nothing else"
        return self.of_guest.files

    def image(self, library: Library) -> bytes:
        """The bytes of a library that was opened. Raises WasmbuildError where its file has changed since."""
        files = self.found.get(library.identity)
        read = files.read_verified if isinstance(files, Sight) else read_verified
        return read(library.identity, library.sha256, library.name)

    def modules(self) -> Iterator[tuple[Library, Callable[[], bytes]]]:
        """The libraries that were opened, and how to read them again."""
        for member in self.state.members.values():
            if member.number >= FIRST_NUMBER:
                yield member.library, partial(self.image, member.library)

    def _global_symbols(self) -> Symbols:
        if self.symbols is None or self.symbols[0] != self.state.scope:
            self.symbols = (self.state.scope, symbol_table(self.state.global_scope()))
        return self.symbols[1]

    def _commit(self, step: Transition) -> int:
        self.state = step.state
        return step.value

    def _bring_in(self, step: Transition, library: Library) -> int:
        before, stack = self.state, self._stack_pointer()
        try:
            self._carry_out(step.actions)
            handle = self._commit(step)
            make_calls(self.process, step.calls, caught_at=stack)
        except WasmbuildError:
            self._undo(step, before, stack)
            raise
        except ENDINGS as error:
            ending = ending_of(error)
            if isinstance(ending, Exited) or (isinstance(error, HostTrap) and error.kind == "out-of-time"):
                raise
            self._undo(step, before, stack)
            raise WasmbuildError(_failed_to_start(library, ending)) from None
        return handle

    def _undo(self, step: Transition, before: ProcessState, stack: int) -> None:
        """As if it had never been."""
        self._set_stack_pointer(stack)
        if self.state is before:
            self._carry_out(step.undo)
            return
        undone = transitions.failed(self.state, [clear.member for clear in step.undo])
        self._carry_out(undone.actions)
        self._commit(undone)
        self._unload()

    def _unload(self) -> None:
        """Unload every member that nobody keeps, users first, after its destructors have run: these may open it again,
        or others. What they close leaves when they have ended, as in glibc."""
        if self.unloading:
            return
        self.unloading = True
        try:
            while group := transitions.next_to_leave(self.state):
                make_calls(self.process, transitions.finalize(self.state, group))
                step = transitions.unload(self.state, group)
                self._carry_out(step.actions)
                self._commit(step)
        finally:
            self.unloading = False

    def _carry_out(self, actions: Sequence[transitions.Action]) -> None:
        process = self.process
        for action in actions:
            match action:
                case Grow(memory_bytes, table_elements):
                    self._grow(memory_bytes, table_elements)
                case Zero(address, size_bytes):
                    zero(process.store, process.memory, address, size_bytes)
                case Instantiate(modules):
                    self.graveyard.make(process, modules, self.image)
                case Fill(entries):
                    fill_entries(process, entries)
                case Clear(member, table_indexes):
                    self.graveyard.bury(process, member, table_indexes)

    def _grow(self, memory_bytes: int, table_elements: int) -> None:
        process, store = self.process, self.process.store
        assert process.memory is not None, "nothing joins a closed module"
        assert process.table is not None
        pages = (memory_bytes - process.memory.data_len(store)) >> 16
        elements = table_elements - process.table.size(store)
        try:
            if pages > 0:
                process.memory.grow(store, pages)
            if elements > 0:
                process.table.grow(store, elements, None)
        except wasmtime.WasmtimeError:
            wanted = f"{max(pages, 0)} pages and {max(elements, 0)} table entries more"
            raise WasmbuildError(
                Diagnostic("no-room", "the process reached its limit", facts=(("needed", wanted),))
            ) from None

    def _observe(self) -> None:
        """The guest grows its memory by itself."""
        process, store = self.process, self.process.store
        memory_bytes = process.memory.data_len(store) if process.memory else 0
        self.state = self.state.grown(memory_bytes, process.table.size(store) if process.table else 0)

    def _stack_pointer(self) -> int:
        return int(self.process.stack_pointer.value(self.process.store)) if self.process.stack_pointer else 0

    def _set_stack_pointer(self, address: int) -> None:
        if self.process.stack_pointer:
            self.process.stack_pointer.set_value(self.process.store, address)


def _accepted(answer: Answer) -> Transition:
    """Raises WasmbuildError where a request was refused."""
    if isinstance(answer, Diagnostic):
        raise WasmbuildError(answer)
    if isinstance(answer, Decision):
        raise WasmbuildError(*errors(answer))
    return answer


def _bound_to(step: Transition) -> list[int]:
    """The members that new ones need or are bound to, and that are not new."""
    new = [member for action in step.actions if isinstance(action, Instantiate) for member, _ in action.modules]
    numbers = {member.number for member in new}
    return sorted({other for member in new for other in (*member.needed, *member.bound_to)} - numbers)


def _failed_to_start(library: Library, ending: Trapped | RefusedByEngine) -> Diagnostic:
    details = ending.backtrace if isinstance(ending, Trapped) else ending.details
    facts = (("in", details),) if details else ()
    return Diagnostic("dl-trap", f"`{library.name}` failed to start: {ending.message}", facts=facts)


def _c_string(text: str, size_bytes: int) -> bytes:
    """As much of a text as there is room for, with the null byte; where there is none, nothing."""
    size_bytes &= abi.ADDRESS_MASK
    if size_bytes == 0:
        return b""
    return text.encode()[: size_bytes - 1].decode("utf-8", "ignore").encode() + b"\0"
