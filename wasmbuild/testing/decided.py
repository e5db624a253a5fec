"""What a run of a test in JavaScript is told: how the module is loaded was decided here, by the linker that built it.

Orders and results are those of `child`; javascript/carryout.mjs carries them out, in Node and in a browser.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from wasmbuild.manifest.numbers import Number, as_value
from wasmbuild.testing.child import Order, host_functions

if TYPE_CHECKING:
    from wasmbuild.link.plan import LinkPlan


def decided(order: Order) -> dict[str, Any]:
    """The order as JSON, with all but files; or a result (it has a `kind`), if the test ends here."""
    from wasmbuild.diagnostics import WasmbuildError, format_diagnostic

    try:
        return _decide(order)
    except WasmbuildError as error:
        return {"kind": "refused", "message": "\n\n".join(format_diagnostic(d) for d in error.diagnostics)}


def plain_order(path: Path | str, plan: LinkPlan) -> dict[str, Any]:
    """What every run is told, for which nothing else is said."""
    return {
        "module": str(path),
        "plan": to_builtins(plan),
        "action": "run",
        "libraries": [],
        "host": {},
        "call": None,
        "memory_limit_bytes": None,
        "terminal": False,
    }


def _decide(order: Order) -> dict[str, Any]:
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.loader.options import ProcessOptions
    from wasmbuild.loader.program import link_file, no_function, no_program
    from wasmbuild.sources.store import Store
    from wasmbuild.testing.calls import Call, misfits
    from wasmbuild.wasm.module import FuncType

    host = host_functions(order)
    linked = link_file(Path(order.module), ProcessOptions(cache=Store.of_user(), host=host))
    if order.action == "run" and linked.plan.start is None:
        raise WasmbuildError(no_program(linked.plan))
    supplied = {name: returns or 0 for name, _, returns in order.host}
    call = None
    if order.action == "call":
        library = linked.libraries[0]
        export = library.module.exports_by_name.get(order.function)
        type_ = library.module.export_type(export) if export is not None else None
        if not isinstance(type_, FuncType):
            raise WasmbuildError(no_function(order.function, library))
        if any(misfits(Call(order.function, order.numbers, order.returns), type_)):
            return {"kind": "misfit", "params": type_.params, "results": type_.results}
        numbers = [_text(as_value(value, kind)) for value, kind in zip(order.numbers, type_.params, strict=True)]
        call = {"name": order.function, "type": to_builtins(type_), "numbers": numbers}
    return {
        **plain_order(order.module, linked.plan),
        "action": order.action,
        "arguments": order.arguments[1:],
        "environment": order.environment,
        "host": {
            name: {
                "type": to_builtins(entry.type),
                "returns": _text(_returned(supplied[name], entry.type)) if name in supplied else None,
            }
            for name, entry in host.items()
        },
        "call": call,
        "memory_limit_bytes": order.memory_limit_bytes,
    }


def _returned(value: Number, type_: Any) -> Number | None:
    return as_value(value, type_.results[0]) if type_.results else 0


def _text(value: Number | None) -> str:
    """A number as JavaScript reads it."""
    if isinstance(value, float) and value != value:
        return "NaN"
    return str(value).replace("inf", "Infinity")
