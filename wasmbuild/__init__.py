"""Build C and C++ into WebAssembly shared libraries and programs that link dynamically, and prove that they load.

From Python: `wasmbuild.load("libz.so")` is a library in a process of its own; docs/python.md says what it can do.
"""

import sys

__version__ = "0.1.0"

TYPE_CHECKING = False  # type checkers know the name; `typing` would take longer to import than all of our start
if TYPE_CHECKING:
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.embed.errors import (
        BadDeclaration,
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
    "OutOfFuel",
    "DeadlineExceeded",
    "ProcessDead",
    "ProcessExited",
    "OutOfBounds",
    "OutOfMemory",
]


def __getattr__(name: str) -> object:
    # The command line imports this package too, and must not wait for the engine.
    if name not in __all__ or name == "load":
        raise AttributeError(f"module `wasmbuild` has no attribute `{name}`")
    from importlib import import_module

    homes = {"WasmbuildError": "wasmbuild.diagnostics", "Library": "wasmbuild.embed.library"}
    return getattr(import_module(homes.get(name, "wasmbuild.embed.errors")), name)


class _Package(type(sys)):  # type: ignore[misc]
    """`wasmbuild.load` is the function, although there is a folder of this name. When that is imported, Python wants
    to make it an attribute of this package: then the assignment is taken and nothing happens."""

    @property
    def load(self) -> object:
        from wasmbuild.embed.start import load

        return load

    @load.setter
    def load(self, folder: object) -> None:
        pass


sys.modules[__name__].__class__ = _Package
