"""From a file to a live process: search, check, plan and load, for whatever kind of module it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import wasmtime

from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean
from wasmbuild.explain.findings import check
from wasmbuild.link.layout import STACK_BYTES
from wasmbuild.link.live import live_from
from wasmbuild.link.plan import LinkPlan
from wasmbuild.link.resolve import Host
from wasmbuild.link.scope import Scope, find_scope, without_collecting
from wasmbuild.loader.dl import DynamicLoader
from wasmbuild.loader.engine import NO_LIMITS, ProcessLimits, compile_all, make_engine, make_store
from wasmbuild.loader.process import (
    HostImport,
    MakeFunction,
    Process,
    define_host,
    initialise,
    make_process,
    run_start,
)
from wasmbuild.loader.stack import native_stack_bytes
from wasmbuild.loader.wasi import World, wasi_config
from wasmbuild.search.libraries import Search, not_a_library, read_module, stack_bytes, stands_alone
from wasmbuild.sources.store import Store
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import FuncType


@dataclass(frozen=True, slots=True)
class Loaded:
    """A process of either kind: linked dynamically (`dl` can open more libraries into it), or one closed module."""

    store: wasmtime.Store
    process: Process | None
    linker: wasmtime.Linker
    scope: Scope
    dl: DynamicLoader | None = None

    def function(self, name: str) -> wasmtime.Func:
        """A function that the root exports. Raises WasmbuildError where there is none."""
        module = self.scope.libraries[0].module
        export = module.exports_by_name.get(name)
        if export is None or export.kind != "func":
            near = did_you_mean(name, [e.name for e in module.exports if e.kind == "func"])
            root = self.scope.libraries[0].name
            help_ = (f"did you mean `{near}`?",) if near else ("`exports` in the manifest decides what is exported",)
            raise WasmbuildError(Diagnostic("no-function", f"`{root}` exports no function `{name}`", help=help_))
        found = self.export(name)
        assert isinstance(found, wasmtime.Func)
        return found

    def export(self, name: str) -> Any:
        """Any export of the root. Raises WasmtimeError where there is none of this name."""
        return self.process.export(0, name) if self.process else self.linker.get(self.store, _ROOT, name)

    def run(self) -> int:
        """Run `_start`; the exit status. A trap is raised as wasmtime.Trap."""
        return run_start(self.store, self.function(abi.START))


_ROOT = "root"


def link_file(path: Path, host: Host, library_path: tuple[Path, ...] = ()) -> tuple[Scope, LinkPlan | None]:
    """Read a module with all that it needs and decide how it is loaded; no plan for a module that stands alone.
    Raises WasmbuildError with everything that does not fit."""
    root = read_module(path)
    if root.module.dylink is None:
        scope = Scope((root,), ((),))
        if not stands_alone(root.module):
            raise WasmbuildError(not_a_library(root))
        _raise_errors(check(scope, host)[1])
        return scope, None
    search = Search(library_path)
    with without_collecting():
        scope, missing = find_scope(search.open(path), search)
        _raise_errors(missing)
        plan, findings = check(scope, host, stack_bytes(root))
    _raise_errors(findings)
    return scope, plan


def load_file(
    path: Path,
    world: World,
    cache: Store | None,
    host: Mapping[str, HostImport] | None = None,
    library_path: tuple[Path, ...] = (),
    limits: ProcessLimits = NO_LIMITS,
    large_stack: bool = False,
    make_function: MakeFunction = wasmtime.Func,
) -> Loaded:
    """Link and load a module; constructors have run. Raises WasmbuildError for what does not fit, wasmtime's Trap and
    WasmtimeError for what goes wrong while it is made. `large_stack`: called by `on_large_stack`, so that a program
    may recurse as deeply as its own stack allows."""
    host = host or {}
    types: dict[str, FuncType | None] = {name: entry.type for name, entry in host.items()}
    scope, plan = link_file(path, types, library_path)
    stack = plan.stack_high if plan is not None else STACK_BYTES
    engine = make_engine(native_stack_bytes(stack) if large_stack else None, limits)
    if plan is not None:
        dl = _start(scope, plan, engine, world, cache, host, library_path, limits, make_function)
        return Loaded(dl.process.store, dl.process, dl.process.linker, scope, dl)
    store = make_store(engine, limits)
    store.set_wasi(wasi_config(world))
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    define_host(linker, store, host, make_function)
    (module,) = compile_all(engine, [path.read_bytes()], cache)
    linker.define_instance(store, _ROOT, linker.instantiate(store, module))
    loaded = Loaded(store, None, linker, scope)
    for entry in (abi.INITIALIZE, abi.CALL_CTORS):
        if entry in scope.libraries[0].module.exports_by_name:
            loaded.function(entry)(store)
            break
    return loaded


def _start(
    scope: Scope,
    plan: LinkPlan,
    engine: wasmtime.Engine,
    world: World,
    cache: Store | None,
    host: Mapping[str, HostImport],
    library_path: tuple[Path, ...],
    limits: ProcessLimits,
    make_function: MakeFunction,
) -> DynamicLoader:
    """Make a process, and run its constructors: they may open libraries."""
    opened: list[DynamicLoader] = []

    def loader(name: str, caller: int) -> Callable[..., int]:
        return lambda *arguments: opened[0].function(name, caller)(*arguments)

    process = make_process(plan, engine, world, cache, host, loader, limits, make_function)
    types: dict[str, FuncType | None] = {name: entry.type for name, entry in host.items()}
    live, search = live_from(scope, plan), Search(library_path)
    opened.append(DynamicLoader(process, live, search, world.directories, types, plan.memory_max_pages))
    initialise(process, plan.initialise)
    return opened[0]


def _raise_errors(findings: tuple[Diagnostic, ...]) -> None:
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise WasmbuildError(*errors)
