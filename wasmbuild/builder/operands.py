"""Files as the operands of compilers and linkers: what their names say they are. Each step of a build starts with this,
so it imports nothing."""

from __future__ import annotations

CXX_SUFFIXES = (".cc", ".cpp", ".cxx", ".c++", ".C")
C_SUFFIXES = (".c", ".S", ".s")
ZIG_SUFFIX = ".zig"
READY_MADE = (".o", ".a")
"""Objects and archives that the user hands in; they go to the link as they are."""


def as_operand(path: str) -> str:
    """A path as a tool's argument that is no option (`-x.c`) and names no file of more arguments (`@x.o`)."""
    return f"./{path}" if path.startswith(("-", "@")) else path
