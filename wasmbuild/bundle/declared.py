"""How C declares what a library exports, by its public headers; and the same for TypeScript."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wasmbuild.builder.declarations import find_declarations
from wasmbuild.embed.ctype import CType, Pointer, Scalar, Signature, Void
from wasmbuild.embed.declare import parse_declaration
from wasmbuild.embed.errors import BadDeclaration
from wasmbuild.link.resolve import private_names
from wasmbuild.link.scope import Library
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import FuncType

_MOST_HEADERS = 400

_RESERVED_TEXT = (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends "
    "false finally for function if implements import in instanceof interface let new null package private protected "
    "public return static super switch this throw true try typeof var void while with yield"
)
_RESERVED = frozenset(_RESERVED_TEXT.split())


@dataclass(frozen=True, slots=True)
class Function:
    """An exported function. `text` is its declaration in C and `signature` what that says, where both are known."""

    name: str
    type: FuncType
    text: str | None = None
    signature: Signature | None = None


def headers_of(module: Path) -> tuple[tuple[str, str], ...]:
    """The public headers beside a library, with their text: `include/` where it is `lib/`."""
    include = module.parent.parent / "include"
    try:
        paths = sorted(path for path in include.rglob("*") if path.suffix in (".h", ".hpp", ".hh", ".hxx", ".H"))
        return tuple((path.as_posix(), _text(path)) for path in paths[:_MOST_HEADERS])
    except OSError:
        return ()


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def functions_of(library: Library, headers: tuple[tuple[str, str], ...]) -> tuple[Function, ...]:
    """What it exports for others to call, in the order of the file."""
    module = library.module
    hidden = private_names(module) | _OF_LOADERS
    found = []
    for export in module.exports:
        type_ = module.export_type(export)
        if not isinstance(type_, FuncType) or export.name in hidden:
            continue
        text = _declared(export.name, headers)
        found.append(Function(export.name, type_, text, _signature(export.name, text, type_)))
    return tuple(found)


_OF_LOADERS = {abi.INITIALIZE, abi.START, abi.FINALIZE}


def _declared(name: str, headers: tuple[tuple[str, str], ...]) -> str | None:
    for path, text in headers:
        if name in text:
            # Lua puts names into parentheses, so that macros of the same names are not meant.
            for declaration in find_declarations(name, text.replace(f"({name})", name), path):
                return _plain(declaration.text)
    return None


def _plain(text: str) -> str:
    """Without what headers put around a declaration for linkers and compilers."""
    text = re.sub(r'\bextern\s*("C"\s*)?', "", text)
    text = re.sub(r"\b__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)\s*", "", text)
    return text.strip()


def _signature(name: str, text: str | None, type_: FuncType) -> Signature | None:
    """What a declaration says, where it is this function's: with the parameters and results that it has in wasm."""
    if text is None:
        return None
    # Macros such as `ZEXTERN int ZEXPORT f OF((int))` say nothing of the type.
    shorter = re.sub(r"\bOF\s*\(\((.*)\)\)", r"(\1)", text)
    for candidate in (shorter, re.sub(r"\b[A-Z][A-Z0-9_]{2,}\b(?!\s*[,)*(])\s+", "", shorter)):
        try:
            declared, signature = parse_declaration(candidate)
        except BadDeclaration:
            continue
        wasm = tuple(map(_wasm, signature.parameters)), tuple(filter(None, [_wasm(signature.result)]))
        if declared == name and wasm == (type_.params, type_.results):
            return signature
    return None


def _wasm(type_: CType) -> str:
    if isinstance(type_, Scalar):
        return type_.wasm
    return "" if isinstance(type_, Void) else abi.POINTER_TYPE


_NUMBERS = {"i32": "number", "f32": "number", "f64": "number", "i64": "bigint"}


def typescript(function: Function) -> str:
    """Its type as a method of an interface: `crc32(crc: number, buf: number | Placed, len: number): number`."""
    signature = function.signature
    names = signature.names if signature is not None else ()
    parameters = []
    for place, kind in enumerate(function.type.params):
        name = names[place] if place < len(names) else ""
        name = name if name and name not in _RESERVED else f"{name or 'a'}{place}"
        pointer = kind == "i32" and (signature is None or isinstance(signature.parameters[place], Pointer))
        parameters.append(f"{name}: {'number | Placed' if pointer else _NUMBERS.get(kind, 'unknown')}")
    results = function.type.results
    result = _NUMBERS.get(results[0], "unknown") if len(results) == 1 else "unknown[]" if results else "void"
    key = function.name if re.fullmatch(r"[A-Za-z_$][\w$]*", function.name) else json.dumps(function.name)
    return f"{key}({', '.join(parameters)}): {result}"


def declarations(roots: Mapping[str, tuple[Function, ...] | None]) -> str:
    """`index.d.mts` of a bundle: for each root that is a library what it exports, None for a program."""
    return "".join(f"{line}\n" for line in _declarations(roots))


def _declarations(roots: Mapping[str, tuple[Function, ...] | None]) -> Iterator[str]:
    yield 'import type { Library, Options, Placed, Program } from "./wasmbuild/loader.mjs";'
    yield 'export { CppException, ProcessDead, ProcessExited, Trap, WasmbuildError } from "./wasmbuild/loader.mjs";'
    yield 'export type { Bytes, Callable, Library, Opened, Options, Placed, Program } from "./wasmbuild/loader.mjs";'
    yield ""
    interfaces = dict(zip(roots, interface_names(roots), strict=True))
    for root, functions in roots.items():
        if functions is None:
            continue
        yield f"/** What `{root}` exports. Pointers and unsigned numbers come back signed: `>>> 0` makes them whole. */"
        yield f"export interface {interfaces[root]}Functions {{"
        for function in functions:
            if function.text is not None:
                yield f"  /** `{function.text.replace('*/', '* /')}` */"
            yield f"  {typescript(function)};"
        yield "}"
        yield ""
        name = interfaces[root]
        yield f'export interface {name} extends Omit<Library, "call"> {{'
        yield f"  call<N extends keyof {name}Functions>("
        yield f"    name: N, ...given: Parameters<{name}Functions[N]>): ReturnType<{name}Functions[N]>;"
        yield "  call<N extends string>("
        yield f"    name: N extends keyof {name}Functions ? never : N, ...given: (number | bigint | Placed)[]): any;"
        yield "}"
        yield ""
    yield "/** What can be loaded. */"
    yield "export interface Roots {"
    for root, functions in roots.items():
        yield f"  {json.dumps(root)}: {'Program' if functions is None else interfaces[root]};"
    yield "}"
    yield ""
    yield "export const roots: (keyof Roots)[];"
    yield ""
    yield "/** Load a program or a library, in a process of its own; constructors have run. */"
    yield "export function load<N extends keyof Roots>(name: N, options?: Options): Promise<Roots[N]>;"


def interface_names(roots: Mapping[str, object]) -> list[str]:
    """A name for each root that TypeScript takes: `libz.so` is `LibzSo`."""
    names: list[str] = []
    for root in roots:
        words = re.split(r"[^A-Za-z0-9]+", root)
        name = "".join(word[:1].upper() + word[1:] for word in words)
        name = f"M{name}" if not name or name[0].isdigit() else name
        while name in names or name in (
            "Library",
            "Program",
            "Options",
            "Placed",
            "Roots",
            "Bytes",
            "Callable",
            "Opened",
        ):
            name += "_"
        names.append(name)
    return names
