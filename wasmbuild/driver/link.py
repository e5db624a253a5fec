"""A link by command line: its passes, in order, up to the order for the link driver."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import to_builtins
from msgspec.structs import replace

from wasmbuild.builder.inputs import Input, read_inputs
from wasmbuild.builder.linkspec import LinkSpec
from wasmbuild.builder.linkstep import link
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.driver.arguments import SOURCES, Invocation, Operand
from wasmbuild.driver.compile import compile_source
from wasmbuild.driver.environment import Environment
from wasmbuild.driver.exports import choose
from wasmbuild.driver.libraries import CXX_LIBRARIES, STANDARD_INPUT, find, linked_as
from wasmbuild.driver.questions import asked_for, warning, without
from wasmbuild.wasm.archive import is_archive, members
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.module import Module
from wasmbuild.wasm.objects import undefined_symbols
from wasmbuild.wasm.visibility import is_cxx

DEFAULT_OUTPUT = "a.out"


def link_by_command_line(invocation: Invocation, environment: Environment, cxx: bool) -> tuple[Diagnostic, ...]:
    """Compile the sources among the operands, and link. Returns warnings; raises WasmbuildError when there is no
    output."""
    if not invocation.operands:
        raise WasmbuildError(Diagnostic("no-input", "no input files"))
    _refuse_output(Path(invocation.output or DEFAULT_OUTPUT))
    with tempfile.TemporaryDirectory(prefix="wasmbuild-link-") as name:
        directory = Path(name)
        files = _found(invocation, environment)
        objects = tuple(_objects(invocation, environment, cxx, files, directory))
        spec = _order(invocation, environment, objects)
        inputs = list(read_inputs(spec))
        if spec.strip == "nothing" and not any(map(_has_dwarf, inputs)):
            spec = replace(spec, strip="debug")  # there is none: numbers may be written short (`builder/linkstep.py`)
        spec = replace(spec, exports=tuple(choose(invocation, inputs)))
        runtime = _runtime(invocation, environment, cxx or _is_cxx(invocation, inputs))
        if invocation.static:
            _refuse_shared(files)
            spec = replace(spec, archives=runtime)
        else:
            shared = tuple(_shared(files, inputs))
            libraries = [str(linked_as(path, directory)) for path in shared]
            spec = replace(spec, libraries=_each_once((*libraries, *runtime)))
            if invocation.path_to_libraries:
                spec = replace(spec, rpath=tuple(dict.fromkeys((*spec.rpath, *_ways(shared, spec, environment)))))
        asked = frozenset[str]() if invocation.shared else asked_for(inputs, _modules(spec))
        if asked:
            spec = _without_types(spec, asked, inputs, directory)
        order = directory / "link.json"
        order.write_text(json.dumps(to_builtins(spec)))
        warnings = (*link(order), *((warning(asked, spec.output),) if asked else ()))
    output = Path(spec.output)
    output.chmod(output.stat().st_mode | 0o111)  # as other linkers leave it, which tools look for
    return warnings


def link_relocatable(invocation: Invocation, environment: Environment) -> int:
    """`-r`: wasm-ld itself, since nothing is decided before objects become a module."""
    files = [str(path) for _, path in _found(invocation, environment)]
    output = invocation.output or DEFAULT_OUTPUT
    done = subprocess.run([*environment.wasm_ld, "-r", *invocation.linker, *files, "-o", output], check=False)
    return done.returncode


def _found(invocation: Invocation, environment: Environment) -> list[tuple[Operand, Path]]:
    """The operands and their files, without what is part of libc.so and libc++.so."""
    search = [*map(Path, invocation.search), environment.lib]
    operands = [replace(each, prefer_static=each.prefer_static or invocation.static) for each in invocation.operands]
    return [(each, path) for each in operands if (path := find(each, search))]


def _objects(
    invocation: Invocation,
    environment: Environment,
    cxx: bool,
    files: Sequence[tuple[Operand, Path]],
    directory: Path,
) -> Iterator[tuple[str, str]]:
    """Each object, with what the user knows it by: sources are compiled, and of an archive that is linked whole its
    members are taken out."""
    for number, (operand, path) in enumerate(files):
        is_source = path.suffix in SOURCES or invocation.language not in (None, "none") or str(path) == STANDARD_INPUT
        if not operand.is_library and is_source:
            output = directory / f"{number}-{path.stem}.o"
            compile_source(environment, invocation.compiling, str(path), invocation.language, cxx, output)
            yield str(output), str(path)
        elif _is_shared(path):
            continue
        elif operand.whole_archive and is_archive(data := path.read_bytes()):
            for member_number, (member, content) in enumerate(members(data, str(path))):
                output = directory / f"{number}-{member_number}-{Path(member).name}"
                output.write_bytes(content)
                yield str(output), f"{path}({member})"
        else:
            yield str(path), str(path)


def _is_shared(path: Path) -> bool:
    """By its name, as `.so` has been one for long, also with a version after it."""
    return ".so" in path.suffixes


def _shared(files: Sequence[tuple[Operand, Path]], inputs: Sequence[Input]) -> Iterator[Path]:
    wanted = frozenset(symbol.name for each in inputs for symbol in undefined_symbols(each.object))
    for operand, path in files:
        if _is_shared(path):
            module = decode(path.read_bytes(), str(path))
            if not operand.as_needed or any(export.name in wanted for export in module.exports):
                yield path


def _refuse_output(output: Path) -> None:
    """Before anything is compiled, as other linkers do: a directory that is not there is a mistake in its name."""
    problem = "it is a directory" if output.is_dir() else "no such directory" if not output.parent.is_dir() else None
    if problem:
        raise WasmbuildError(Diagnostic("no-output", f"cannot write `{output}`: {problem}"))


def _modules(spec: LinkSpec) -> Iterator[Module]:
    return (decode(Path(path).read_bytes(), path) for path in spec.libraries)


def _without_types(spec: LinkSpec, asked: frozenset[str], inputs: Sequence[Input], directory: Path) -> LinkSpec:
    """The link of a question (`questions.py`): what is asked for is left to a loader, which would refuse it."""
    libraries = []
    for path in spec.libraries:
        data = Path(path).read_bytes()
        module = decode(data, path)
        if not asked.isdisjoint(module.exports_by_name):
            copy = directory / "asked" / Path(path).name
            replace_if_different(copy, without(data, module, asked))
            path = str(copy)
        libraries.append(path)
    archives = {each.number for each in inputs if each.is_member}
    objects = tuple(each for number, each in enumerate(spec.objects) if number not in archives)
    return replace(spec, libraries=tuple(libraries), objects=objects, imports=tuple(sorted(asked)))


def _ways(libraries: Iterable[Path], spec: LinkSpec, environment: Environment) -> Iterator[str]:
    """From the output to the libraries of the same build: in another place of the machine it is the same."""
    start = Path(spec.output).resolve().parent
    for directory in (library.parent.resolve() for library in libraries):
        if directory not in (start, environment.lib.resolve()):
            yield f"$ORIGIN/{Path(os.path.relpath(directory, start)).as_posix()}"


def _has_dwarf(input_: Input) -> bool:
    return any(section.name.startswith(".debug_") for section in input_.object.module.sections)


def _each_once(libraries: Sequence[str]) -> tuple[str, ...]:
    """`-lc` finds a link to what is there anyway."""
    return tuple({(Path(each).name, os.path.realpath(each)): each for each in reversed(libraries)}.values())[::-1]


def _refuse_shared(files: Sequence[tuple[Operand, Path]]) -> None:
    shared = [path for _, path in files if _is_shared(path)]
    if shared:
        help_ = ("leave out -static", "or name an archive: `.a`")
        headline = f"a shared library in a static link: `{shared[0]}`"
        raise WasmbuildError(Diagnostic("shared-in-static", headline, help=help_))


def _is_cxx(invocation: Invocation, inputs: Sequence[Input]) -> bool:
    asked = any(operand.is_library and operand.name in CXX_LIBRARIES for operand in invocation.operands)
    return asked or any(is_cxx(each.object) for each in inputs)


def _runtime(invocation: Invocation, environment: Environment, cxx: bool) -> tuple[str, ...]:
    """libc, and libc++ where something is C++: shared, or as archives."""
    if not invocation.default_libraries:
        return ()
    if invocation.static:
        return (*(environment.static_libcxx if cxx else ()), *environment.static_runtime)
    return (*((environment.libcxx,) if cxx and environment.libcxx else ()), environment.libc)


def _order(invocation: Invocation, environment: Environment, objects: tuple[tuple[str, str], ...]) -> LinkSpec:
    """The order for the link driver, without what is exported and what is linked to."""
    output = invocation.output or DEFAULT_OUTPUT
    start = environment.crt1 if not invocation.shared else environment.reactor if invocation.static else None
    beside = "$ORIGIN" if invocation.shared else "$ORIGIN/../lib"
    return LinkSpec(
        output=output,
        kind="library" if invocation.shared else "program",
        static=invocation.static,
        name=Path(output).name,
        objects=objects,
        exports=(),
        imports=(),
        interpose=(),
        libraries=(),
        archives=(),
        start=start if invocation.start_files else None,
        rpath=() if invocation.static else tuple(dict.fromkeys((*invocation.runtime_path, beside))),
        clang=environment.clang,
        wasm_ld=environment.wasm_ld,
        ldflags=tuple(invocation.linker),
        strip=invocation.strip,
        compiler=environment.compiler,
        has_standard_exceptions=environment.has_standard_exceptions,
        without_exceptions=False,
        stack_bytes=invocation.sizes.get("stack"),
        initial_bytes=invocation.sizes.get("initial"),
        max_bytes=invocation.sizes.get("max"),
        exports_at="the command line",
        requires_at="",
        target_at="the command line",
        cflags_at="the command line",
        from_program=("*",) if invocation.shared and invocation.undefined_from_program else (),
        default_visible=True,
        soname=invocation.soname if invocation.shared and not invocation.static else None,
        environment=environment.name,
    )
