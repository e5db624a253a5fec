"""`nm`, as far as build systems ask it: libtool finds by it which symbols a library has, to choose the exported ones.

Printed is what BSD's prints: value, kind, name; capitals are what others see. `-P` is POSIX's order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from wasmbuild.search.files import read_file
from wasmbuild.wasm.archive import is_archive, members
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.module import Module
from wasmbuild.wasm.objects import ObjectFile, Symbol, decode_object

_LETTERS = {"function": "t", "data": "d", "global": "d", "table": "d", "tag": "d", "section": "n"}
_SHORT = frozenset("ABCDPagjnoprsuvx")


def run(arguments: Sequence[str]) -> list[str]:
    """The lines that `nm` prints. Raises WasmbuildError for a file that cannot be read."""
    options = {letter for word in arguments if _is_short(word) for letter in word[1:]}
    options |= {word for word in arguments if word.startswith("--")}
    files = [word for word in arguments if not word.startswith("-")] or ["a.out"]
    lines: list[str] = []
    for file in files:
        parts = list(_parts(file))
        for shown, symbols in parts:
            if len(files) > 1 or len(parts) > 1:
                lines += ["", f"{shown}:"]
            lines += _lines(symbols, options)
    return lines


def _is_short(word: str) -> bool:
    return word[:1] == "-" and word[1:2] != "-" and _SHORT.issuperset(word[1:])


def _lines(symbols: Sequence[tuple[str, str]], options: set[str]) -> Iterator[str]:
    only_defined, only_undefined = "--defined-only" in options, not options.isdisjoint(("u", "--undefined-only"))
    only_external = not options.isdisjoint(("g", "--extern-only"))
    posix = not options.isdisjoint(("P", "--portability", "--format=posix"))
    for name, letter in sorted(symbols):
        is_undefined = letter in "Uw"
        if (only_defined and is_undefined) or (only_undefined and not is_undefined):
            continue
        if only_external and letter.islower() and letter != "w":
            continue
        if posix:
            yield f"{name} {letter}" if is_undefined else f"{name} {letter} 00000000"
        else:
            yield f"{'' if is_undefined else '00000000':8} {letter} {name}"


def _parts(file: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    data = read_file(Path(file))
    if is_archive(data):
        for member, content in members(data, file):
            yield member, _of_object(decode_object(bytes(content), f"{file}({member})"))
        return
    module = decode(data, file)
    yield file, _of_object(decode_object(data, file)) if module.is_object else _of_module(module)


def _of_object(obj: ObjectFile) -> list[tuple[str, str]]:
    return [(symbol.name, _letter(symbol)) for symbol in obj.symbols if symbol.name and symbol.kind != "section"]


def _letter(symbol: Symbol) -> str:
    if not symbol.defined:
        return "w" if symbol.weak else "U"
    if symbol.weak:
        return "W"
    letter = _LETTERS[symbol.kind]
    return letter if symbol.local else letter.upper()


def _of_module(module: Module) -> list[tuple[str, str]]:
    found = [(export.name, "T" if export.kind == "func" else "D") for export in module.exports]
    return found + [(import_.name, "U") for import_ in module.imports]
