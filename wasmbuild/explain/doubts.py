"""What links and yet will not do, or not as meant: two copies of one library, a program among the libraries,
exceptions that do not fit together, a section out of its place."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.explain.references import listed, needed_by, symbol
from wasmbuild.link.resolve import Problem
from wasmbuild.link.scope import Scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import FuncType, MemoryType
from wasmbuild.wasm.traits import Traits

Twins = frozenset[int]
"""Libraries of a scope that are one library, by their indexes."""


def doubts(scope: Scope, traits: Sequence[Traits], twins: Mapping[Twins, str]) -> tuple[Diagnostic, ...]:
    """Errors, then warnings; `traits` has one entry for each library of the scope, `twins` is from `find_twins`."""
    errors = [*_mixed_exceptions(scope, traits)]
    copies = (_loaded_twice(scope, each, why) for each, why in twins.items())
    return (*errors, *copies, *_not_unwound(scope, traits), *_moved(scope))


def find_twins(scope: Scope, traits: Sequence[Traits]) -> Mapping[Twins, str]:
    """Libraries that are one library twice, and why one thinks so. In a scope, each file is there once already. Of
    identical files only the first has further twins."""
    identical: dict[str, list[int]] = {}
    by_soname: dict[str, list[int]] = {}
    for index, each in enumerate(traits):
        copies = identical.setdefault(each.sha256 or str(index), [])
        copies.append(index)
        if each.soname and len(copies) == 1:
            by_soname.setdefault(each.soname, []).append(index)
    found = {frozenset(copies): "the files are identical" for copies in identical.values() if len(copies) > 1}
    for soname, libraries in by_soname.items():
        for alike in _sharing_exports(scope, libraries):
            found[frozenset(alike)] = f"both were linked as `{soname}`"
    return found


def _sharing_exports(scope: Scope, libraries: Sequence[int]) -> list[list[int]]:
    """Two tools may call what they make `a.out`; one library in two versions exports the same."""
    exporting: dict[str, list[int]] = {}
    for index in libraries:
        alike = [index]
        for name in scope.libraries[index].module.exports_by_name.keys() - abi.LINKER_SYMBOLS:
            known = exporting.setdefault(name, alike)
            if known is not alike and index not in known[-1:]:
                known.append(index)
    groups = {id(alike): alike for alike in exporting.values() if len(alike) > 1}
    return sorted(groups.values())


def _loaded_twice(scope: Scope, twins: Twins, why: str) -> Diagnostic:
    first, second, *more = sorted(twins)
    names = f"`{scope.libraries[first].name}`, `{scope.libraries[second].name}`"
    return Diagnostic(
        "loaded-twice",
        f"one library under {len(twins)} names: {names} and {len(more)} more"
        if more
        else f"one library under two names: {names}",
        facts=tuple(
            (
                label,
                "\n".join(
                    (_shown(Path(scope.libraries[index].identity)), *(value for _, value in _because(scope, index)))
                ),
            )
            for label, index in (("one", first), ("other", second))
        ),
        notes=(f"{why}; each copy has variables of its own",),
        help=("let all that need it need it by one name",),
        severity="warning",
    )


def _because(scope: Scope, index: int) -> tuple[tuple[str, str], ...]:
    return tuple((label, f"needed by {value}") for label, value in needed_by(scope, index))


def _mixed_exceptions(scope: Scope, traits: Sequence[Traits]) -> Iterator[Diagnostic]:
    """What was compiled for the older encoding is refused by every engine but those of browsers."""
    legacy = [lib.name for lib, each in zip(scope.libraries, traits, strict=True) if each.exceptions == "legacy"]
    standard = [lib.name for lib, each in zip(scope.libraries, traits, strict=True) if each.exceptions == "standard"]
    if not legacy:
        return
    facts = [("legacy", listed(legacy))]
    if standard:
        facts.append(("standard", listed(standard)))
    yield Diagnostic(
        "legacy-exceptions",
        "two encodings of exceptions in one process" if standard else "exceptions in an encoding that was given up",
        facts=tuple(facts),
        notes=("the older one has `try`, the standard has `try_table`; wasmtime runs the standard one only",),
        help=("compile it with `-mllvm -wasm-use-legacy-eh=false` (LLVM 20 or later)",),
    )


def _not_unwound(scope: Scope, traits: Sequence[Traits]) -> Iterator[Diagnostic]:
    """C++ without exceptions that calls a library which throws."""
    if not any(each.without_exceptions for each in traits):
        return
    thrown_by: dict[str, int] = {}
    for index, library in enumerate(scope.libraries):
        if any(import_.name == abi.CXA_THROW for import_ in library.module.imports):
            for name in library.module.exports_by_name.keys() - abi.LINKER_SYMBOLS:
                thrown_by.setdefault(name, index)
    for index, (library, each) in enumerate(zip(scope.libraries, traits, strict=True)):
        if not each.without_exceptions:
            continue
        called: dict[int, list[str]] = {}
        for import_ in library.module.imports:
            thrower = thrown_by.get(import_.name, index)
            if thrower != index and isinstance(import_.type, FuncType):
                called.setdefault(thrower, []).append(import_.name)
        for thrower, names in called.items():
            other = scope.libraries[thrower].name
            yield Diagnostic(
                "not-unwound",
                f"`{library.name}`, compiled with `-fno-exceptions`, calls `{other}`, which throws",
                facts=(("calls", listed([symbol(name) for name in names], "\n", 4)),),
                notes=("an exception that passes through it runs none of its destructors",),
                help=("compile both with exceptions, or catch all of them in what is called",),
                severity="warning",
            )


def _moved(scope: Scope) -> Iterator[Diagnostic]:
    for library in scope.libraries:
        if library.module.dylink is not None and not library.module.dylink_is_first:
            yield Diagnostic(
                "dylink-moved",
                f"`dylink.0` is not the first section: `{library.name}`",
                facts=(("first is", f"`{library.module.sections[0].name}`"),),
                notes=("some tool moved it; it is read here, and other loaders will not find it",),
                help=("have that tool leave custom sections where they are, or use wasm-ld's output as it is",),
                severity="warning",
            )


def of_64_bits(scope: Scope) -> tuple[int, ...]:
    """The libraries that were compiled for addresses of 64 bits."""
    return tuple(
        index
        for index, library in enumerate(scope.libraries)
        if any(memory.is64 for memory in library.module.memory_space)
    )


def without_64_bits(scope: Scope, wide: Sequence[int]) -> Iterator[Diagnostic]:
    if wide:
        yield Diagnostic(
            "memory64",
            f"64-bit memory is not supported: {listed([f'`{scope.libraries[index].name}`' for index in wide])}",
            notes=(f"the process has a memory of {abi.POINTER_BITS}-bit addresses (wasm32)",),
            help=("compile and link it for wasm32: without -mwasm64 and -sMEMORY64",),
        )


def thread_context(scope: Scope, problems: Sequence[Problem]) -> Iterator[Diagnostic]:
    """Modules that ask functions for their stack pointer and TLS base, where nobody defines these."""
    found = [problem for problem in problems if problem.import_.name in abi.THREAD_CONTEXT]
    if found:
        libraries = [scope.libraries[index].name for index in dict.fromkeys(problem.library for problem in found)]
        names = dict.fromkeys(f"`{problem.import_.name}`" for problem in found)
        yield Diagnostic(
            "thread-context",
            "stack pointer and thread-local base from functions: this convention is not supported yet",
            facts=(("imported by", listed(libraries)), ("imports", ", ".join(names))),
            notes=(f"it is that of cooperative threads; here each module imports the global `{abi.STACK_POINTER}`",),
            help=(
                "compile without -mlibcall-thread-context, link without --cooperative-multithreading, not for wasip3",
            ),
        )


def mixed_memory(scope: Scope) -> Iterator[Diagnostic]:
    """A process has one memory: all modules share it between threads, or none does."""
    shared: dict[bool, list[str]] = {True: [], False: []}
    for library in scope.libraries:
        for import_ in library.module.imports:
            if import_.name == abi.MEMORY and isinstance(import_.type, MemoryType):
                shared[import_.type.shared].append(library.name)
    if shared[True] and shared[False]:
        yield Diagnostic(
            "mixed-memory",
            "one module wants a memory that threads share, another does not",
            facts=(("shared", listed(shared[True])), ("not shared", listed(shared[False]))),
            help=("compile and link all of them without -pthread, -matomics and --shared-memory",),
        )


def without_main(scope: Scope, weak: Sequence[str]) -> Iterator[Diagnostic]:
    """`weak` are the functions that are undefined and may be."""
    root = scope.libraries[0]
    if abi.START in root.module.exports_by_name and any(name in abi.MAINS for name in weak):
        yield Diagnostic(
            "no-main",
            f"a program without `main`: `{root.name}`",
            notes=("zig's `-shared` makes such programs, where a library was meant",),
            help=("a shared library is linked with `-shared` by wasm-ld itself, without a start file",),
            severity="warning",
        )


def not_deployed(
    found: Mapping[tuple[str, str], Path], where: str = "by the library path", without: str = "without that path"
) -> Iterator[Diagnostic]:
    """`found` is what a search found there alone, by its library path or beside the compiler."""
    by_directory: dict[Path, list[tuple[str, str]]] = {}
    for (requester, name), directory in found.items():
        by_directory.setdefault(directory, []).append((requester, name))
    for directory, pairs in by_directory.items():
        requesters = dict.fromkeys(Path(requester).name for requester, _ in pairs)
        yield Diagnostic(
            "not-deployed",
            f"found only {where}: {listed([f'`{name}`' for name in dict.fromkeys(n for _, n in pairs)])}",
            facts=(("needed by", listed(list(requesters))), ("found in", _shown(directory))),
            notes=(f"whoever loads it {without} will not find it",),
            help=("put it where the runtime path or the program's own directory is, or add to `rpath`",),
            severity="warning",
        )


def _shown(path: Path) -> str:
    """From here if it is below, else whole."""
    relative = os.path.relpath(path)
    return str(path.absolute()) if relative.startswith("..") else Path(relative).as_posix()
