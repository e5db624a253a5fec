"""From a file to a live process: link, verify, make, initialise, for whatever kind of module it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import wasmtime
from msgspec import Struct, field

from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean
from wasmbuild.link.plan import LinkPlan
from wasmbuild.loader.engine import ProcessStore, make_engine
from wasmbuild.loader.hosttrap import HostTrap
from wasmbuild.loader.options import ProcessOptions
from wasmbuild.loader.process import Process, make_calls, make_process, run_start
from wasmbuild.loader.sight import Sight
from wasmbuild.loader.stack import native_stack_bytes
from wasmbuild.search.files import LARGEST_BYTES, read_verified
from wasmbuild.search.remembered import recall, remember

if TYPE_CHECKING:
    from wasmbuild.link.scope import Library
    from wasmbuild.loader.dl import DynamicLoader

# A warm start neither decodes nor resolves: what does is imported where it is used.


class Linked(Struct):
    """A root whose link was decided, and the bytes of its modules as they were verified. Modules are decoded only when
    somebody asks: to load a plan from the cache, nothing of them need be known."""

    plan: LinkPlan
    directory: str
    """The root's: the plan's paths start there."""
    images: Mapping[int, bytes]
    """Of those that are there from the start."""
    decoded: dict[int, Library] = field(default_factory=dict)
    sizes: Mapping[int, int] = field(default_factory=dict)
    """Of the images, in bytes: they are given up when the process is made."""

    def path(self, number: int) -> str:
        return os.path.normpath(os.path.join(self.directory, self.plan.modules[number].path))

    def image(self, number: int) -> bytes:
        """A module's bytes. Raises WasmbuildError where its file has changed since."""
        if number in self.images:
            return self.images[number]
        module = self.plan.modules[number]
        size = self.sizes.get(number, LARGEST_BYTES)
        return read_verified(self.path(number), module.sha256, module.name, size)

    def keep_images(self) -> None:
        """Read them all, verified."""
        self.images = {number: self.image(number) for number in sorted(self.plan.instantiate)}
        self.sizes = {number: len(image) for number, image in self.images.items()}

    @property
    def libraries(self) -> tuple[Library, ...]:
        """The modules, in the plan's order. Raises WasmbuildError where a file has changed since."""
        return tuple(self.one_by_one())

    def one_by_one(self) -> Iterator[Library]:
        """As `libraries`, for who may not want them all."""
        return map(self._library, range(len(self.plan.modules)))

    def _library(self, number: int) -> Library:
        if number not in self.decoded:
            from wasmbuild.search.module import decode_library

            name, identity = self.plan.modules[number].name, os.path.realpath(self.path(number))
            self.decoded[number] = decode_library(self.image(number), name, identity, name)
        return self.decoded[number]

    def modules(self) -> Iterator[tuple[Library, Callable[[], bytes]]]:
        """For backtraces; none where a file has changed since."""
        try:
            libraries = self.libraries
        except WasmbuildError:
            return
        for number, library in enumerate(libraries):
            yield library, partial(self.image, number)


def link_file(path: Path, options: ProcessOptions) -> Linked:
    """Decide how a module is loaded, or find that it was decided before; read and verify its files. Raises
    WasmbuildError with everything that does not fit."""
    cache, host, library_path = options.cache, options.host_types, options.library_path
    known = recall(cache, path, host, library_path) if cache is not None else None
    if known is not None:
        linked = Linked(known.plan, known.directory, {})
        try:
            linked.keep_images()
            return linked
        except WasmbuildError:
            pass  # a file has the times of the one that it replaced: decide again
    return _decided(path, options)


def _decided(path: Path, options: ProcessOptions) -> Linked:
    from wasmbuild.search.libraries import Search
    from wasmbuild.search.root import decide_root

    cache, host, library_path = options.cache, options.host_types, options.library_path
    search = Search(library_path)
    decision = decide_root(path, host, search)
    assert decision.plan is not None, "decide_root raises where there is none"
    libraries = decision.scope.libraries
    linked = Linked(decision.plan, os.path.dirname(libraries[0].identity), {}, dict(enumerate(libraries)))
    linked.keep_images()
    if cache is not None:
        remember(cache, path, host, library_path, linked.plan, linked.directory, search.probed)
    return linked


class Came(NamedTuple):
    """A lazy module that is there by now: what of it was called, empty for what came with another or was asked for by
    other means, and when, by the monotonic clock."""

    module: int
    called: str
    at_s: float


class Loaded(Struct):
    """A live process, and what is known of its modules."""

    process: Process
    linked: Linked
    sight: Sight
    """Of libraries that the guest opens."""
    opened: DynamicLoader | None = None
    came: list[Came] = field(default_factory=list)
    """In this order."""

    @property
    def store(self) -> ProcessStore:
        return self.process.store

    @property
    def libraries(self) -> tuple[Library, ...]:
        """The modules that it started with."""
        return self.linked.libraries

    @property
    def dl(self) -> DynamicLoader:
        """What opens more libraries. Most processes never ask."""
        if self.opened is None:
            from wasmbuild.link.state import initial_state
            from wasmbuild.loader.dl import DynamicLoader
            from wasmbuild.search.libraries import Search

            state = initial_state(self.libraries, self.process.plan)
            library_path = self.process.options.library_path
            of_guest = Search(tuple(map(Path, self.sight.library_path)), self.sight)
            self.opened = DynamicLoader(self.process, state, Search(library_path), of_guest, self.linked.directory)
        return self.opened

    def modules(self) -> Iterator[tuple[Library, Callable[[], bytes]]]:
        """All that are in it now, and how to read their files again: for backtraces."""
        yield from self.linked.modules()
        if self.opened is not None:
            yield from self.opened.modules()

    def function(self, name: str) -> wasmtime.Func:
        """A function that the root exports. Raises WasmbuildError where there is none."""
        try:
            found = self.process.export(0, name)
        except KeyError:
            found = None
        if not isinstance(found, wasmtime.Func):
            raise WasmbuildError(no_function(name, self.libraries[0]))
        return found

    def run(self) -> int:
        """Run the program; the exit status. A trap is raised as it is. Raises WasmbuildError for what is none."""
        if self.process.plan.start is None:
            raise WasmbuildError(no_program(self.process.plan))
        return run_start(self.process)


def no_function(name: str, library: Library) -> Diagnostic:
    near = did_you_mean(name, [e.name for e in library.module.exports if e.kind == "func"])
    help_ = (f"did you mean `{near}`?",) if near else ("`exports` in the manifest decides what is exported",)
    return Diagnostic("no-function", f"`{library.name}` exports no function `{name}`", help=help_)


def no_program(plan: LinkPlan) -> Diagnostic:
    return Diagnostic("no-program", f"`{plan.modules[0].name}` is no program: it has no `_start`")


CLOSED_STACK_BYTES = 1 << 20
"""What a module that stands alone is taken to have: it does not say."""


def load_file(path: Path, options: ProcessOptions) -> Loaded:
    """Link and load a module, as `link_file` and `load_linked`."""
    return load_linked(link_file(path, options), options)


def load_linked(linked: Linked, options: ProcessOptions) -> Loaded:
    """Load a module; constructors have run. Raises wasmtime's Trap and WasmtimeError for what goes wrong while it is
    made."""
    memory = linked.plan.memory
    stack_bytes = memory.stack_high if memory is not None else CLOSED_STACK_BYTES
    engine = make_engine(native_stack_bytes(stack_bytes) if options.large_stack else None, options.limits)
    made: list[Loaded] = []

    def loader(name: str, caller: int) -> Callable[..., Any]:
        # Asked for while the process is made, called when it is: a constructor may open libraries.
        return lambda *arguments: made[0].dl.function(name, caller)(*arguments)

    def open_lazy(number: int, called: str) -> None:
        from wasmbuild.loader import lazy

        if not made:
            raise HostTrap("null-function")  # a start function called it: nothing that it may need is there
        lazy.open_lazy(made[0], number, called)

    places = dict.fromkeys(os.path.dirname(module.path) for module in linked.plan.modules)
    granted = (os.path.normpath(os.path.join(linked.directory, place)) for place in places)
    sight = Sight(options.world.directories, options.library_path, granted, options.limits.memory_bytes)
    process = make_process(linked.plan, linked.images, engine, options, loader, open_lazy)
    linked.images = {}
    made.append(Loaded(process, linked, sight))
    make_calls(process, linked.plan.initialise)
    return made[0]
