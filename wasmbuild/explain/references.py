"""Symbols, and who refers to them, as messages show them: three references of each, the rest counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from wasmbuild.link.resolve import Problem
from wasmbuild.link.scope import Scope, needed_by_text
from wasmbuild.printing import printable
from wasmbuild.wasm import abi
from wasmbuild.wasm.demangle import demangle

SHOWN = 3
"""References that are shown of each symbol."""

Facts = tuple[tuple[str, str], ...]


class Knowledge(Protocol):
    """What is known beside the modules: whoever built them knows recipes and headers. Asked only about what is
    wrong."""

    def exporters(self, name: str) -> tuple[str, ...]:
        """What to do to have a symbol defined, in sentences."""

    def declarations(self, name: str, importer: str, exporter: str) -> Facts:
        """How a symbol is declared in C on both sides; the modules are given by their paths."""


def symbol(name: str) -> str:
    """A symbol for messages: in backticks, with what it means in C++ where that differs."""
    meaning = demangle(name)
    return f"`{name}`" if meaning == name else f"`{meaning}` ({name})"


def listed(names: Sequence[str], separator: str = ", ", shown: int = SHOWN) -> str:
    """The first names, and how many more there are."""
    rest = len(names) - shown
    if separator == "\n":
        names = [printable(name) for name in names[:shown]]  # a line break in a name is no line of the list
    if rest <= 0:
        return separator.join(names)
    return separator.join(names[:shown]) + (f"{separator}and {rest} more" if separator == "\n" else f" and {rest} more")


def references(scope: Scope, problems: Sequence[Problem]) -> Facts:
    """Who imports a symbol and how, and why the first of them is there at all."""
    lines = []
    for problem in problems[:SHOWN]:
        kind = "  (its address)" if problem.import_.module in (abi.GOT_MEM, abi.GOT_FUNC) else ""
        type_ = "" if kind else f"  {problem.import_.type}"
        lines.append(printable(f"{scope.libraries[problem.library].name}{type_}{kind}"))
    if len(problems) > SHOWN:
        lines.append(f"and {len(problems) - SHOWN} more")
    return ("imported by", "\n".join(lines)), *needed_by(scope, problems[0].library)


def needed_by(scope: Scope, library: int) -> Facts:
    """The chain from a library to the root, without the library itself; nothing for the root."""
    chain = [scope.libraries[index].name for index in scope.chain(library)[1:]]
    return (("needed by", needed_by_text(chain)),) if chain else ()


def importers(scope: Scope, problems: Sequence[Problem]) -> str:
    return listed([scope.libraries[problem.library].name for problem in problems])
