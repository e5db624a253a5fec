"""One run of a test, in a process of its own: `python -m wasmbuild.testing.child ORDER RESULT`.

Standard input and output are the guest's. What happened goes to the file RESULT as JSON; if it is not there when the
process has ended, the process crashed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wasmbuild.manifest.numbers import Number, as_value
from wasmbuild.starting import import_msgspec

if TYPE_CHECKING:
    from wasmbuild.loader.ending import Ending
    from wasmbuild.loader.options import HostImport
    from wasmbuild.loader.traps import Modules


@dataclass(frozen=True, slots=True)
class Order:
    """What a child does. The directory is the guest's `/`."""

    module: str
    directory: str
    action: str
    """load, run or call"""
    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    function: str = ""
    numbers: tuple[Number, ...] = ()
    returns: Number | None = None
    host: tuple[tuple[str, str, Number | None], ...] = ()
    imports: tuple[str, ...] = ()
    memory_limit_bytes: int = 1 << 30


def main(arguments: list[str]) -> int:
    order_path, result_path = arguments
    order = read_order(order_path)
    import_msgspec()
    from wasmbuild.loader.stack import on_large_stack

    _limit_files()
    result = on_large_stack(lambda: carry_out(order))
    sys.stdout.flush()
    # A reference is no number: its type stands for it.
    Path(result_path).write_text(json.dumps(result, default=lambda value: type(value).__name__))
    return 0


def read_order(path: str) -> Order:
    return Order(**{key: _tuples(value) for key, value in json.loads(Path(path).read_text()).items()})


DESCRIPTORS_LIMIT = 512
"""What the process of a guest may have open: a module that stands alone calls the engine's WASI itself, which has no
limit of its own."""


def _limit_files() -> None:
    """No file of a guest's becomes larger than all of them together may be."""
    from wasmbuild.testing.scratch import DIRECTORY_LIMIT_BYTES

    with suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (DIRECTORY_LIMIT_BYTES, most))


@contextmanager
def _limited_descriptors() -> Iterator[None]:
    """While the guest runs; afterwards there are some for what is to be said about it."""
    try:
        import resource
    except ImportError:  # Windows
        yield
        return
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = DESCRIPTORS_LIMIT if before == resource.RLIM_INFINITY else min(before, DESCRIPTORS_LIMIT)
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))


def carry_out(order: Order) -> dict[str, Any]:
    """Load the module and do what is asked; the outcome as plain data with a field `kind`."""
    from wasmbuild.diagnostics import WasmbuildError, format_diagnostic
    from wasmbuild.loader.ending import ENDINGS, ending_of
    from wasmbuild.loader.engine import ProcessLimits
    from wasmbuild.loader.options import ProcessOptions
    from wasmbuild.loader.process import call_function
    from wasmbuild.loader.program import link_file, load_linked
    from wasmbuild.loader.wasi import World
    from wasmbuild.sources.store import Store
    from wasmbuild.testing.calls import Call, misfits

    modules: Modules = tuple
    try:
        options = ProcessOptions(
            world=World(order.arguments, order.environment, ((Path(order.directory), "/"),)),
            cache=Store.of_user(),
            host=host_functions(order),
            limits=ProcessLimits(memory_bytes=order.memory_limit_bytes),
            large_stack=True,
        )
        linked = link_file(Path(order.module), options)
        modules = linked.modules
        with _limited_descriptors():
            loaded = load_linked(linked, options)
            modules = loaded.modules
            if order.action == "run":
                return {"kind": "exited", "status": loaded.run()}
            if order.action == "call":
                function = loaded.function(order.function)
                root = loaded.libraries[0].module
                type_ = root.function_space[root.exports_by_name[order.function].index]
                if any(misfits(Call(order.function, order.numbers, order.returns), type_)):
                    return {"kind": "misfit", "params": type_.params, "results": type_.results}
                numbers = [as_value(value, kind) for value, kind in zip(order.numbers, type_.params, strict=True)]
                value = call_function(loaded.process, function, *numbers)
                result = type_.results[0] if len(type_.results) == 1 else ""
                return {"kind": "returned", "value": value, "type": result}
            return {"kind": "loaded"}
    except WasmbuildError as error:
        return {"kind": "refused", "message": "\n\n".join(format_diagnostic(d) for d in error.diagnostics)}
    except ENDINGS as error:
        return _ended(ending_of(error, modules))


def _ended(ending: Ending) -> dict[str, Any]:
    from wasmbuild.loader.ending import Exited, Trapped

    match ending:
        case Exited(status):
            return {"kind": "exited", "status": status}
        case Trapped():
            return {"kind": "trapped", "message": ending.message, "backtrace": ending.backtrace}
    return {"kind": "trapped", "message": ending.message, "backtrace": ending.details}


def host_functions(order: Order) -> dict[str, HostImport]:
    """The functions of the manifest's `host`, and for other `imports` functions that trap."""
    from wasmbuild.loader.options import HostImport
    from wasmbuild.loader.process import raiser
    from wasmbuild.manifest.signature import parse_signature
    from wasmbuild.search.libraries import Search
    from wasmbuild.search.root import open_root
    from wasmbuild.wasm.module import FuncType

    host = {}
    for name, text, returns in order.host:
        signature = parse_signature(text)
        assert signature is not None, "checked by manifest.check"
        host[name] = HostImport(FuncType(*signature), _printing(returns, signature[1]))
    unknown = [name for name in order.imports if name not in host]
    if unknown:
        modules = [library.module for library in open_root(Path(order.module), Search()).scope.libraries]
        defined = {export.name for module in modules for export in module.exports}
        unknown = [name for name in unknown if name not in defined]  # a stub must not hide what is there
        for import_ in (i for module in modules for i in module.imports):
            if import_.name in unknown and import_.name not in host and isinstance(import_.type, FuncType):
                host[import_.name] = HostImport(import_.type, raiser(import_.name))
        # Only its address is taken somewhere: nobody here knows the type, and to be called it need not be known.
        for name in unknown:
            host.setdefault(name, HostImport(FuncType(), raiser(name)))
    return host


def _printing(returns: Number | None, results: tuple[str, ...]) -> Callable[..., Any]:
    value = as_value(returns or 0, results[0]) if results else None

    def function(*arguments: Number) -> Any:
        os.write(1, (" ".join(map(_shown, arguments)) + "\n").encode())
        return value

    return function


def _shown(number: Number) -> str:
    return f"{number:.17g}" if isinstance(number, float) else str(number)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
