"""One run of a test in Node: `python -m wasmbuild.testing.nodechild NODE ORDER RESULT`.

Here it is decided how the module is loaded; then this process becomes Node, which carries it out with the loader for
JavaScript. Orders and results are those of `child`.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from msgspec import to_builtins

from wasmbuild.manifest.numbers import Number, as_value
from wasmbuild.manifest.recipes import shipped
from wasmbuild.testing.child import Order, host_functions, read_order

if TYPE_CHECKING:
    from wasmbuild.link.plan import LinkPlan
    from wasmbuild.loader.options import ProcessOptions

PROGRAM = "javascript/child.mjs"


def main(node: str, order_path: str, result_path: str) -> None:
    from wasmbuild.diagnostics import WasmbuildError, format_diagnostic

    try:
        answer = _decide(read_order(order_path))
    except WasmbuildError as error:
        answer = {"kind": "refused", "message": "\n\n".join(format_diagnostic(d) for d in error.diagnostics)}
    if "kind" in answer:
        Path(result_path).write_text(json.dumps(answer))
    else:
        place = f"{order_path}.json"
        Path(place).write_text(json.dumps(answer))
        _become(node, place, result_path)


def _become(node: str, *arguments: str) -> NoReturn:
    os.execv(node, [node, str(shipped(PROGRAM)), *arguments])


def run_program(node: str, path: Path, options: ProcessOptions, shown: str) -> NoReturn:
    """Become Node, which runs a program and ends as it does. Raises WasmbuildError for what does not fit."""
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.loader.program import link_file, no_program

    world, plan = options.world, link_file(path, options).plan
    if plan.start is None:
        raise WasmbuildError(no_program(plan))
    order = {
        **_order(path, plan),
        "shown": shown,
        "arguments": world.arguments[1:],
        "environment": world.environment,
        "directories": [(guest, str(place)) for place, guest in world.directories],
        "libraries": list(map(str, options.library_path)),
        "terminal": os.isatty(1),
    }
    # It has no name, so nobody need remove it.
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(order).encode())
        file.seek(0)
        os.set_inheritable(file.fileno(), True)
        _become(node, str(file.fileno()))


def _order(path: Path | str, plan: LinkPlan) -> dict[str, Any]:
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
    """What Node is told; or a result, if the test ends here. Raises WasmbuildError for what does not fit."""
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
        **_order(order.module, linked.plan),
        "action": order.action,
        "arguments": order.arguments[1:],
        "environment": order.environment,
        "directories": [("/", order.directory)],
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


if __name__ == "__main__":
    main(*sys.argv[1:])
