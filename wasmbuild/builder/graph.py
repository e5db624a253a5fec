"""The build as a graph of commands. Pure: manifest, files and toolchain in, edges out; nothing touches the disk.

All paths in it are as ninja will see them, from the project's directory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec import to_builtins

from wasmbuild.builder.filled import macros
from wasmbuild.builder.globs import TargetFiles
from wasmbuild.builder.inside import Inside, inside_of, used_by
from wasmbuild.builder.launchers import settings_of
from wasmbuild.builder.linkspec import CheckSpec, LinkSpec, Root
from wasmbuild.builder.operands import CXX_SUFFIXES, READY_MADE, ZIG_SUFFIX, as_operand
from wasmbuild.builder.packages import package_files
from wasmbuild.builder.places import (
    archive_of,
    builtins_of,
    interface_of,
    is_inside,
    object_directory,
    object_of,
    output_of,
)
from wasmbuild.builder.replaced import HANDED_FILE
from wasmbuild.builder.resolved import Prefix, ResolvedTarget, resolve_targets
from wasmbuild.builder.runninja import ENVIRONMENT_FILE
from wasmbuild.builder.toolchain import Profile, Toolchain, compile_flags
from wasmbuild.manifest.outputs import has_output
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.schema import ExportsFile, Library, Manifest, Program
from wasmbuild.manifest.sizes import parse_size

LONGEST_INSTALL = 16_000
"""Characters of a command that copies headers. Linux starts nothing with a word of 128 KiB, as a command is to its
shell, and Windows nothing with 32 Ki characters."""

Rule = Literal["compile", "zig", "builtins", "copy", "link", "interface", "archive", "install", "check"]


@dataclass(frozen=True, slots=True)
class Edge:
    """One command: what it makes from what. `implicit` inputs matter but are not named in the command."""

    rule: Rule
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]
    implicit: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    """The tool and its arguments, before those that the rule adds."""


@dataclass(frozen=True, slots=True)
class Graph:
    edges: tuple[Edge, ...]
    specs: Mapping[str, str]
    """Files that commands read, with their text: the link driver's orders."""
    packages: Mapping[str, str]
    """Files that lie beside the libraries, with their text: what pkg-config and CMake read."""
    default: tuple[str, ...]
    tests: tuple[str, ...]
    """What `wasmbuild test` builds beyond the default: the programs of tests."""
    archives: tuple[str, ...]
    """Each library once more as an archive, for others to link statically; built for recipes, else only if needed."""
    outputs: tuple[str, ...]
    """The libraries and programs that the user asked for."""
    inside: Inside
    """What compile commands name beside sources, and what is to be where they name it."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a graph is a function of."""

    document: Document[Manifest]
    targets: tuple[TargetFiles, ...]
    toolchain: Toolchain
    profile: Profile
    prefixes: Mapping[str, Prefix]
    """Every recipe in the build, required directly or not."""
    build: str
    """The build directory."""
    libc: str | None
    crt1: str | None
    reactor: str | None
    static_runtime: tuple[str, ...]
    library_path: tuple[str, ...] = ()
    """Where the check finds libraries that do not lie where they will be shipped: a recipe's requirements."""


def make_graph(inputs: Inputs) -> Graph:
    resolved = resolve_targets(inputs.document, inputs.targets, inputs.prefixes)
    inside = inside_of(inputs.toolchain, inputs.prefixes, inputs.build)
    edges: list[Edge] = []
    specs: dict[str, str] = {}
    default: list[str] = []
    tests: list[str] = []
    archives: list[str] = []
    installed: set[tuple[str, str]] = set()
    linked_to = {
        each.where for target in resolved if target.files.target.link == "dynamic" for each in target.libraries
    }
    for target in resolved:
        files = target.files
        output = output_of(inputs.build, files)
        if has_output(files.target):
            (tests if files.kind == "test" else default).append(output)
        if isinstance(files.target, Library) and files.target.prebuilt is not None:
            edges.append(Edge("copy", (output,), (files.target.prebuilt,)))
        elif has_output(files.target):
            edges += _compilations(inputs, inside, target)
            if target.libc == "self":
                edges += _builtins(inputs, files)
                archives.append(edges[-1].outputs[0])
            if files.target.interpose:
                specs[_interpose_header(inputs, files)] = _interpose_text(files.target.interpose)
            spec = _link_spec(inputs, target, output)
            spec_path = f"{object_directory(inputs.build, files)}/link.json"
            specs[spec_path] = _text(spec)
            chosen_from = (*(path for path, _ in spec.objects), *((spec.exports_file,) if spec.exports_file else ()))
            edges.append(Edge("link", (output,), (spec_path,), implicit=(*chosen_from, *_linked_files(spec))))
            if files.where in linked_to:
                interface = interface_of(inputs.build, files)
                edges.append(Edge("interface", (interface,), (spec_path,), implicit=chosen_from))
            if files.kind == "library":
                edges.append(_archive(inputs, files))
                archives.append(edges[-1].outputs[0])
        if files.kind == "library":
            headers = [header for header in files.headers if header not in installed]
            installed.update(headers)
            for edge in _install_headers(inputs, headers):
                edges.append(edge)
                default.extend(edge.outputs)
    built = [target for target in resolved if has_output(target.files.target)]
    outputs = tuple(output_of(inputs.build, each.files) for each in built if each.files.kind != "test")
    for name, kinds, wanted in (
        ("check", ("library", "program"), default),
        ("check-tests", ("test",), tests),
    ):
        roots = [_root(inputs, target) for target in built if target.files.kind in kinds]
        if roots:
            spec_path, stamp = f"{inputs.build}/obj/{name}.json", f"{inputs.build}/obj/{name}.stamp"
            specs[spec_path] = _text(CheckSpec(tuple(roots), inputs.library_path))
            shared = [output_of(inputs.build, each.files) for each in built if each.files.kind == "library"]
            recipes = [library for prefix in inputs.prefixes.values() for library in prefix.libraries]
            needed = (
                *(root.path for root in roots),
                *shared,
                *recipes,
                *((inputs.libc,) if inputs.libc else ()),
            )
            edges.append(Edge("check", (stamp,), (spec_path,), implicit=tuple(dict.fromkeys(needed))))
            wanted.append(stamp)
    packages = {
        f"{inputs.build}/{place}": text for place, text in package_files(inputs.document.value, resolved).items()
    }
    inside = used_by(inside, (edge.command for edge in edges if edge.rule == "compile"))
    environment = settings_of(inputs.toolchain.launcher, inputs.toolchain.identity)
    specs[f"{inputs.build}/{ENVIRONMENT_FILE}"] = json.dumps(environment, indent=1) + "\n"
    specs[f"{inputs.build}/{HANDED_FILE}"] = json.dumps(_handed(edges, specs), indent=1) + "\n"
    written = [*specs, *packages, *inside.places, *(output for edge in edges for output in edge.outputs)]
    assert all(is_inside(inputs.build, path) for path in written), "a build writes into its directory and nowhere else"
    return Graph(tuple(edges), specs, packages, tuple(default), tuple(tests), tuple(archives), outputs, inside)


def _handed(edges: list[Edge], specs: Mapping[str, str]) -> dict[str, list[str]]:
    """Of each command, what it is handed that no other has made."""
    made = {output for edge in edges for output in edge.outputs} | set(specs)
    found = {edge.outputs[0]: [path for path in (*edge.inputs, *edge.implicit) if path not in made] for edge in edges}
    return {output: paths for output, paths in found.items() if paths}


def _root(inputs: Inputs, target: ResolvedTarget) -> Root:
    """A program is checked whole, with what it supplies and with what it may open; a library but for what it has from
    the program."""
    library = isinstance(target.files.target, Library)
    return Root(
        output_of(inputs.build, target.files),
        target.imports,
        target.from_program if library else (),
        tuple(output_of(inputs.build, each) for each in target.opens),
    )


def _compilations(inputs: Inputs, inside: Inside, resolved: ResolvedTarget) -> Iterator[Edge]:
    files, defaults, target = resolved.files, inputs.document.value.defaults, resolved.files.target
    shared = [f"-D{name}{value}" for name, value in _defines(inputs.document, files).items()]
    shared += [f"-I{as_operand(path)}" for path in (*defaults.include, *target.include, *resolved.include)]
    # Before libc's: libiconv has an <iconv.h> too, and who requires it wants that one.
    of_recipes = [word for prefix in resolved.recipe_closure for word in ("-isystem", inside.headers[prefix.name])]
    shared += [f"-ffile-prefix-map={directory}={name}" for directory, name in inside.prefix_map]
    included = (_interpose_header(inputs, files),) if target.interpose else ()
    for header in included:
        shared += ["-include", header]
    flags = {}
    for cxx in (False, True):
        std = (target.cxx_std or defaults.cxx_std) if cxx else (target.c_std or defaults.c_std)
        flags[cxx] = (
            *of_recipes,
            *compile_flags(inside.toolchain, resolved.libc, cxx),
            *(("-fvisibility=hidden",) if target.exports == "annotated" else ()),
            *(inputs.profile.cflags or ()),
            *((f"-std={std}",) if std else ()),
            *shared,
            *defaults.cflags,
            *target.cflags,
            *((*defaults.cxxflags, *target.cxxflags) if cxx else ()),
        )
    for source in files.sources:
        if source.endswith(READY_MADE):
            continue
        output = object_of(inputs.build, files, source)
        if source.endswith(ZIG_SUFFIX):
            yield Edge("zig", (output,), (source,), command=_zig(inputs, resolved))
            continue
        cxx = source.endswith(CXX_SUFFIXES)
        command = (*inside.toolchain.clang, *(("-x", "c++") if cxx else ()), *flags[cxx])
        yield Edge("compile", (output,), (source,), included, command)


def _zig(inputs: Inputs, resolved: ResolvedTarget) -> tuple[str, ...]:
    """How a source in Zig is compiled: optimised as the profile says, in Zig's words for it, and over libc."""
    flags = inputs.profile.cflags or ()
    level = next((flag for flag in reversed(flags) if flag.startswith("-O")), "-O0")
    mode = _ZIG_MODES.get(level, "ReleaseFast")
    libc = () if resolved.libc == "none" else ("-lc",)
    debug = () if any(flag.startswith("-g") and flag != "-g0" for flag in flags) else ("-fstrip",)
    return (*_zig_objects(inputs, resolved.files), "-O", mode, *debug, *libc, "-fsingle-threaded")


def _zig_objects(inputs: Inputs, files: TargetFiles) -> tuple[str, ...]:
    cache = f"{object_directory(inputs.build, files)}/zig"
    caches = ("--cache-dir", cache, "--global-cache-dir", cache)
    return inputs.toolchain.zig, "build-obj", "-target", "wasm32-wasi", "-fPIC", *caches


_ZIG_MODES = {"-O0": "Debug", "-Og": "Debug", "-Os": "ReleaseSmall", "-Oz": "ReleaseSmall"}


def _builtins(inputs: Inputs, files: TargetFiles) -> tuple[Edge, Edge]:
    """What compilers call without being asked, such as 128-bit multiplication: part of libc.so, for all modules to
    share, and an archive. It is made of the embedded toolchain's own sources, which are not C."""
    output = builtins_of(inputs.build, files)
    command = (*_zig_objects(inputs, files), "-O", "ReleaseFast", "-fstrip", f"-femit-bin={output}")
    archive = f"{object_directory(inputs.build, files)}/libcompiler_rt.a"
    return (
        Edge("builtins", (output,), (f"{inputs.toolchain.lib}/compiler_rt.zig",), command=command),
        Edge("archive", (archive,), (output,), command=inputs.toolchain.ar),
    )


def _objects(inputs: Inputs, resolved: ResolvedTarget) -> tuple[tuple[str, str], ...]:
    """Each object, with the source that it is made from."""
    files = resolved.files
    objects = tuple((object_of(inputs.build, files, source), source) for source in files.sources)
    builtins = builtins_of(inputs.build, files)
    return (*objects, (builtins, builtins)) if resolved.libc == "self" else objects


def _exports(target: Library | Program) -> tuple[str, ...] | None:
    """The patterns of what is exported; None is everything. What may be replaced must be seen."""
    match target.exports:
        case None:
            return None if isinstance(target, Library) else target.interpose
        case tuple() as patterns:
            return (*patterns, *target.interpose)
    return target.interpose  # beside what is annotated, or what the file lists


def _interpose_header(inputs: Inputs, files: TargetFiles) -> str:
    return f"{object_directory(inputs.build, files)}/interpose.h"


def _interpose_text(names: tuple[str, ...]) -> str:
    """Included before each source: of what is weak and visible, wasm-ld does not bind even the library's own uses. The
    pragma makes everything visible; the link driver hides all but these names again."""
    lines = ["#pragma GCC system_header", "#pragma GCC visibility push(default)", *(f"#pragma weak {n}" for n in names)]
    return "\n".join(lines) + "\n"


def _defines(document: Document[Manifest], files: TargetFiles) -> dict[str, str]:
    """What stands behind each `-DNAME`: nothing, or `=` and the value as it was written; true is 1, false is 0."""
    found: dict[str, str] = {}
    for where, defines in ((("defaults",), document.value.defaults.defines), (files.where, files.target.defines)):
        for name, text in macros(document, (*where, "defines"), defines).items():
            found[name] = "" if text is None else f"={text}"
    return found


def _link_spec(inputs: Inputs, resolved: ResolvedTarget, output: str) -> LinkSpec:
    document, files, target = inputs.document, resolved.files, resolved.files.target
    static = target.link == "static"
    libraries: list[str] = []
    lazy: list[str] = []
    archives: list[str] = []
    interfaces: dict[str, str] = {}
    if static:
        archives += [archive_of(inputs.build, each) for each in resolved.library_closure if has_output(each.target)]
        archives += [archive for prefix in resolved.recipe_closure for archive in prefix.archives]
        archives += inputs.static_runtime if resolved.libc == "wasi" else ()
    else:
        for each in resolved.libraries:
            library = output_of(inputs.build, each)
            if each.sources:  # what is ready-made is its own interface
                interfaces[interface_of(inputs.build, each)] = library
            libraries.append(interface_of(inputs.build, each) if each.sources else library)
            lazy += libraries[-1:] if each.name in resolved.lazy else ()
        libraries += [library for prefix in resolved.recipes for library in prefix.libraries]
        lazy += [library for prefix in resolved.recipes if prefix.name in resolved.lazy for library in prefix.libraries]
        libraries += [inputs.libc] if resolved.libc == "wasi" and inputs.libc else []
    memory = target.memory if isinstance(target, Program) else None
    runtime_path = ("$ORIGIN",) if files.kind == "library" else ("$ORIGIN/../lib",)
    return LinkSpec(
        output=output,
        kind="library" if isinstance(target, Library) else "program",
        static=static,
        name=files.name,
        objects=_objects(inputs, resolved),
        exports=_exports(target),
        imports=target.imports,
        interpose=target.interpose,
        libraries=tuple(libraries),
        archives=tuple(archives),
        start=_start_object(inputs, files) if resolved.libc == "wasi" else None,
        rpath=() if static else (*target.rpath, *runtime_path),
        clang=inputs.toolchain.clang,
        wasm_ld=inputs.toolchain.wasm_ld,
        ldflags=(*(inputs.profile.ldflags or ()), *document.value.defaults.ldflags, *target.ldflags),
        strip=inputs.profile.strip or "debug",
        wasm_opt=inputs.toolchain.wasm_opt.command,
        compiler=f"{inputs.toolchain.kind} clang {inputs.toolchain.version}",
        has_standard_exceptions=inputs.toolchain.has_standard_exceptions,
        without_exceptions=_is_without_exceptions(inputs, files),
        stack_bytes=parse_size(memory.stack) if memory and memory.stack is not None else None,
        initial_bytes=parse_size(memory.initial) if memory and memory.initial is not None else None,
        max_bytes=parse_size(memory.max) if memory and memory.max is not None else None,
        exports_at=str(document.at(*files.where, "exports")),
        requires_at=str(document.at(*files.where, "requires")),
        target_at=str(document.at(*files.where)),
        cflags_at=str(document.at(*files.where, "cflags")),
        from_program=target.from_program if isinstance(target, Library) else resolved.from_program,
        whole_archive=target.whole_archive,
        annotated=target.exports == "annotated",
        exports_file=target.exports.file if isinstance(target.exports, ExportsFile) else None,
        interfaces=interfaces,
        lazy=tuple(lazy),
    )


def _is_without_exceptions(inputs: Inputs, files: TargetFiles) -> bool:
    defaults, target = inputs.document.value.defaults, files.target
    flags = (*(inputs.profile.cflags or ()), *defaults.cflags, *target.cflags, *defaults.cxxflags, *target.cxxflags)
    said = [flag for flag in flags if flag in ("-fexceptions", "-fwasm-exceptions", "-fno-exceptions")]
    return said[-1:] == ["-fno-exceptions"] and any(source.endswith(CXX_SUFFIXES) for source in files.sources)


def _start_object(inputs: Inputs, files: TargetFiles) -> str | None:
    """What starts a module: a program's `_start`, or the `_initialize` of a library that is all by itself."""
    if isinstance(files.target, Program):
        return inputs.crt1
    return inputs.reactor if files.target.link == "static" else None


def _linked_files(spec: LinkSpec) -> tuple[str, ...]:
    return (*spec.libraries, *spec.archives, *((spec.start,) if spec.start else ()))


def _archive(inputs: Inputs, files: TargetFiles) -> Edge:
    """The library's objects as an archive, for who links it statically; built only when something asks."""
    objects = tuple(object_of(inputs.build, files, source) for source in files.sources)
    return Edge("archive", (archive_of(inputs.build, files),), objects, command=inputs.toolchain.ar)


def _install_headers(inputs: Inputs, headers: Sequence[tuple[str, str]]) -> Iterator[Edge]:
    """As many at once as a command line has room for on every system."""
    some = list[tuple[str, str]]()
    room = LONGEST_INSTALL
    for path, place in headers:
        output = f"{inputs.build}/include/{place}"
        room -= len(path) + len(output) + 2
        if some and room < 0:
            yield _install(some)
            some, room = [], LONGEST_INSTALL - len(path) - len(output) - 2
        some.append((path, output))
    if some:
        yield _install(some)


def _install(files: Sequence[tuple[str, str]]) -> Edge:
    return Edge("install", tuple(output for _, output in files), tuple(path for path, _ in files))


def _text(spec: LinkSpec | CheckSpec) -> str:
    return json.dumps(to_builtins(spec), indent=1) + "\n"
