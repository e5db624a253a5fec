"""Which files a command line links: `-lNAME` looked for as other linkers do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.driver.arguments import Operand
from wasmbuild.manifest.linkerflags import is_in_libc
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.own import SONAME, own_facts

STANDARD_INPUT = "-"

CXX_LIBRARIES = frozenset(("c++", "c++abi", "stdc++", "supc++", "unwind"))
"""What libc++.so has in it, and who asks for it by these names."""

_OF_COMPILERS = frozenset(("gcc", "gcc_s", "atomic", "compiler_rt", "clang_rt.builtins-wasm32", "ssp"))
"""What libc.so has in it, or nobody needs."""


def find(operand: Operand, search: Sequence[Path]) -> Path | None:
    """The file of an operand; None for a library that is part of libc.so or libc++.so. Raises WasmbuildError."""
    if not operand.is_library:
        path = Path(operand.name)
        if operand.name != STANDARD_INPUT and not path.is_file():
            raise WasmbuildError(Diagnostic("no-such-file", f"no such file: `{operand.name}`"))
        return path
    name = operand.name
    for directory in search:
        for candidate in _names(operand):
            if (directory / candidate).is_file():
                return directory / candidate
    if is_in_libc(f"-l{name}") or name in CXX_LIBRARIES or name in _OF_COMPILERS:
        return None
    searched = "\n".join(map(str, search)) or "nowhere: no -L was said"
    raise WasmbuildError(
        Diagnostic(
            "no-library",
            f"no library for `-l{name}`",
            facts=(("looked for", " and ".join(f"`{each}`" for each in _names(operand))), ("in", searched)),
            help=(
                "say where it is with -L",
                "or take a recipe that has it into the environment: `wasmbuild env --with NAME`",
            ),
        )
    )


def _names(operand: Operand) -> Iterator[str]:
    if operand.name.startswith(":"):
        yield operand.name[1:]
    else:
        if not operand.prefer_static:
            yield f"lib{operand.name}.so"
        yield f"lib{operand.name}.a"


def linked_as(library: Path, directory: Path) -> Path:
    """The library under the name by which it wants to be needed, its soname: wasm-ld writes down the name of the file
    that it is given. A link to it in `directory`, where the file is called otherwise."""
    data = library.read_bytes()
    soname = own_facts(data, decode(data, str(library))).get(SONAME)
    if not isinstance(soname, str) or "/" in soname or not soname or soname == library.name:
        return library
    link = directory / soname
    link.symlink_to(library.absolute())
    return link
