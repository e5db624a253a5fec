"""A lazy library comes into the process: at the first call into it, or because somebody asks for it by other means."""

from __future__ import annotations

import time

from wasmbuild.diagnostics import WasmbuildError, format_diagnostic
from wasmbuild.loader.abandon import in_time
from wasmbuild.loader.hosttrap import NotOpened
from wasmbuild.loader.process import compile_joining, fill_entries, instantiate, make_calls
from wasmbuild.loader.program import Came, Loaded


def open_lazy(loaded: Loaded, number: int, called: str) -> None:
    """Make it and what it needs, as the plan says; constructors have run. What ends these is raised as it is: the call
    that they come before cannot fail in another way. Raises NotOpened for what keeps it from being made."""
    process, plan = loaded.process, loaded.process.plan
    lazy = next(each for each in plan.lazy if each.module == number)
    new = [each for each in lazy.instantiate if each not in process.instances]
    modules = [plan.modules[each] for each in new]
    try:
        images = in_time(process.store, lambda: [loaded.linked.image(each) for each in new])
        compiled = compile_joining(process, modules, images)
    except WasmbuildError as error:
        raise NotOpened(_not_opened(plan.modules[number].name, called, error)) from None
    for each, module, its in zip(new, compiled, modules, strict=True):
        if each not in process.instances:  # a start function may have called it
            process.instances[each] = instantiate(process.values, module, its)
    for other in plan.lazy:
        if other.module in new:
            fill_entries(process, other.table_entries)
    loaded.came += [Came(each, called if each == number else "", time.monotonic()) for each in new]
    make_calls(process, (call for call in lazy.initialise if call.module in new))


def _not_opened(name: str, called: str, error: WasmbuildError) -> str:
    why = "\n".join(format_diagnostic(each).removeprefix("error: ") for each in error.diagnostics)
    at = f", at the call of `{called}`" if called else ""
    return f"`{name}` cannot be opened{at}: {why}"
