"""Build C and C++ into WebAssembly shared libraries and programs that link dynamically, and prove that they load.

From Python: `wasmbuild.load("libz.so")` is a library in a process of its own; docs/python.md says what it can do.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False  # type checkers know the name; `typing` would take longer to import than all of our start
if TYPE_CHECKING:
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.embed.errors import (
        BadDeclaration,
        CppException,
        DeadlineExceeded,
        OutOfBounds,
        OutOfFuel,
        OutOfMemory,
        ProcessDead,
        ProcessExited,
        Trap,
    )
    from wasmbuild.embed.library import Library
    from wasmbuild.embed.start import load

__all__ = [
    "load",
    "Library",
    "WasmbuildError",
    "BadDeclaration",
    "Trap",
    "CppException",
    "OutOfFuel",
    "DeadlineExceeded",
    "ProcessDead",
    "ProcessExited",
    "OutOfBounds",
    "OutOfMemory",
]


def __getattr__(name: str) -> object:
    # The command line imports this package too, and must not wait for the engine.
    if name not in __all__:
        raise AttributeError(f"module `wasmbuild` has no attribute `{name}`")
    from importlib import import_module

    homes = {
        "load": "wasmbuild.embed.start",
        "Library": "wasmbuild.embed.library",
        "WasmbuildError": "wasmbuild.diagnostics",
    }
    value = getattr(import_module(homes.get(name, "wasmbuild.embed.errors")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*(name for name in globals() if name.startswith("__")), *__all__})
