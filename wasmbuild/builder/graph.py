"""The build as a graph of commands. Pure: manifest, files and toolchain in, edges out; nothing touches the disk.

All paths in it are as ninja will see them, from the project's directory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Literal

from wasmbuild.builder.globs import CXX_SUFFIXES, READY_MADE, TargetFiles, include_directory
from wasmbuild.builder.linkspec import CheckSpec, LinkSpec, Root
from wasmbuild.builder.toolchain import Profile, Toolchain, compile_flags
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.requirement import parse_requirement
from wasmbuild.manifest.schema import Library, Manifest, Program
from wasmbuild.manifest.sizes import parse_size


@dataclass(frozen=True, slots=True)
class Prefix:
    """A built recipe: its directory, its libraries (shared, and as archives), and the recipes it needs itself."""

    name: str
    directory: str
    libraries: tuple[str, ...]
    archives: tuple[str, ...]
    requires: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    """What its libraries have from the host."""


Rule = Literal["compile", "link", "archive", "install", "check"]


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
    default: tuple[str, ...]
    tests: tuple[str, ...]
    """What `wasmbuild test` builds beyond the default: the programs of tests."""
    archives: tuple[str, ...]
    """Each library once more as an archive, for others to link statically; built for recipes, else only if needed."""
    outputs: tuple[str, ...]
    """The libraries and programs that the user asked for."""


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
    prefix_map: tuple[tuple[str, str], ...]
    """Directories to hide from the outputs, as (directory, name)."""
    library_path: tuple[str, ...] = ()
    """Where the check finds libraries that do not lie where they will be shipped: a recipe's requirements."""


def make_graph(inputs: Inputs) -> Graph:
    by_name = {files.name: files for files in inputs.targets if files.kind == "library"}
    edges: list[Edge] = []
    specs: dict[str, str] = {}
    default: list[str] = []
    tests: list[str] = []
    archives: list[str] = []
    installed: set[tuple[str, str]] = set()
    for files in inputs.targets:
        objects = list(_compilations(inputs, files, by_name))
        edges += objects
        if files.target.interpose:
            specs[_interpose_header(inputs, files)] = _interpose_text(files.target.interpose)
        output = output_of(inputs.build, files)
        spec = _link_spec(inputs, files, by_name, output)
        spec_path = f"{object_directory(inputs.build, files)}/link.json"
        specs[spec_path] = _text(spec)
        edges.append(
            Edge(
                "link",
                (output,),
                (spec_path,),
                implicit=(*(path for path, _ in spec.objects), *_linked_files(spec)),
            )
        )
        (tests if files.kind == "test" else default).append(output)
        if files.kind == "library":
            edges.append(_archive(inputs, files))
            archives.append(edges[-1].outputs[0])
            headers = [header for header in files.headers if header not in installed]
            installed.update(headers)
            if headers:
                edges.append(_install_headers(inputs, headers))
                default.extend(edges[-1].outputs)
    outputs = tuple(output_of(inputs.build, files) for files in inputs.targets if files.kind != "test")
    for name, kinds, wanted in (
        ("check", ("library", "program"), default),
        ("check-tests", ("test",), tests),
    ):
        roots = [_root(inputs, files, by_name) for files in inputs.targets if files.kind in kinds]
        if roots:
            spec_path, stamp = f"{inputs.build}/obj/{name}.json", f"{inputs.build}/obj/{name}.stamp"
            specs[spec_path] = _text(CheckSpec(tuple(roots), inputs.library_path))
            shared = [output_of(inputs.build, files) for files in by_name.values()]
            recipes = [library for prefix in inputs.prefixes.values() for library in prefix.libraries]
            needed = (
                *(root.path for root in roots),
                *shared,
                *recipes,
                *((inputs.libc,) if inputs.libc else ()),
            )
            edges.append(Edge("check", (stamp,), (spec_path,), implicit=tuple(dict.fromkeys(needed))))
            wanted.append(stamp)
    return Graph(tuple(edges), specs, tuple(default), tuple(tests), tuple(archives), outputs)


def output_of(build: str, files: TargetFiles) -> str:
    """Where a target's module is."""
    if files.kind == "test":
        return f"{build}/test/{_slug(files)}.wasm"
    if files.kind == "program":
        return f"{build}/bin/{files.name}.wasm"
    return f"{build}/lib/{files.name}.wasm" if files.target.link == "static" else f"{build}/lib/lib{files.name}.so"


def object_directory(build: str, files: TargetFiles) -> str:
    return f"{build}/obj/{files.kind}-{_slug(files) if files.kind == 'test' else files.name}"


def _slug(files: TargetFiles) -> str:
    """A test's name as a file name; its number keeps two alike apart."""
    return f"{int(files.where[1]):02}-{re.sub(r'[^A-Za-z0-9]+', '-', files.name).strip('-').lower()[:40]}"


def uses_libc(inputs: Document[Manifest], files: TargetFiles) -> bool:
    return (files.target.libc or inputs.value.defaults.libc or "wasi") == "wasi"


def object_of(build: str, files: TargetFiles, source: str) -> str:
    """A source's object; one that stands outside the project gets a name without `..`."""
    if source.endswith(READY_MADE):
        return source
    inside = "/".join("up" if part == ".." else part for part in PurePosixPath(source).parts if part != "/")
    return f"{object_directory(build, files)}/{inside}.o"


def requirements(inputs: Inputs, files: TargetFiles) -> tuple[tuple[str, ...], tuple[Prefix, ...]]:
    """What a target links to: libraries of this project, and recipes. The manifest's own `requires` count for all."""
    own = tuple(name for name in files.target.requires if name in inputs.document.value.libraries)
    recipes: dict[str, Prefix] = {}
    for text in (*files.target.requires, *inputs.document.value.requires):
        requirement = parse_requirement(text)
        if requirement is not None and requirement.name not in own:
            recipes[requirement.name] = inputs.prefixes[requirement.name]
    return own, tuple(recipes.values())


def _compilations(inputs: Inputs, files: TargetFiles, by_name: Mapping[str, TargetFiles]) -> Iterator[Edge]:
    defaults, target = inputs.document.value.defaults, files.target
    libc = uses_libc(inputs.document, files)
    own, prefixes = requirements(inputs, files)
    shared = [f"-D{name}{value}" for name, value in _defines(inputs.document, files).items()]
    shared += [f"-I{directory}" for directory in (*defaults.include, *target.include)]
    for name in _closure(own, by_name):
        for directory in dict.fromkeys(include_directory(*header) for header in by_name[name].headers):
            shared.append(f"-I{directory}")
    of_own = [prefix for name in _closure(own, by_name) for prefix in requirements(inputs, by_name[name])[1]]
    for prefix in _prefix_closure((*prefixes, *of_own), inputs.prefixes):
        shared += ["-isystem", f"{prefix.directory}/include"]
    shared += [f"-ffile-prefix-map={directory}={name}" for directory, name in inputs.prefix_map]
    if target.interpose:
        shared += ["-include", _interpose_header(inputs, files)]
    flags = {}
    for cxx in (False, True):
        std = (target.cxx_std or defaults.cxx_std) if cxx else (target.c_std or defaults.c_std)
        flags[cxx] = (
            *compile_flags(inputs.toolchain, libc, cxx),
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
        cxx = source.endswith(CXX_SUFFIXES)
        output = object_of(inputs.build, files, source)
        command = (*inputs.toolchain.clang, *(("-x", "c++") if cxx else ()), *flags[cxx])
        yield Edge("compile", (output,), (source,), command=command)


def _exports(target: Library | Program) -> tuple[str, ...] | None:
    """What is exported; None is everything. What may be replaced must be seen."""
    patterns = target.exports if isinstance(target, Library) else target.exports or ()
    return patterns if patterns is None else (*patterns, *target.interpose)


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
        for name, value in defines.items():
            text = (
                str(int(value))
                if isinstance(value, bool)
                else document.texts.get((*where, "defines", name), str(value))
            )
            found[name] = "" if value is None else f"={text}"
    return found


def _link_spec(inputs: Inputs, files: TargetFiles, by_name: Mapping[str, TargetFiles], output: str) -> LinkSpec:
    document, target = inputs.document, files.target
    libc, static = uses_libc(document, files), files.target.link == "static"
    own, prefixes = requirements(inputs, files)
    libraries = [output_of(inputs.build, by_name[name]) for name in own]
    libraries += [library for prefix in prefixes for library in prefix.libraries]
    archives: list[str] = []
    if static:
        libraries = []
        archives = [f"{object_directory(inputs.build, by_name[name])}/lib{name}.a" for name in _closure(own, by_name)]
        closure = [prefix for name in _closure(own, by_name) for prefix in requirements(inputs, by_name[name])[1]]
        for prefix in _prefix_closure((*prefixes, *closure), inputs.prefixes):
            archives += prefix.archives
        archives += inputs.static_runtime if libc else ()
    elif libc and inputs.libc:
        libraries.append(inputs.libc)
    memory = target.memory if isinstance(target, Program) else None
    runtime_path = ("$ORIGIN",) if files.kind == "library" else ("$ORIGIN/../lib",)
    return LinkSpec(
        output=output,
        kind="library" if isinstance(target, Library) else "program",
        static=static,
        name=files.name,
        objects=tuple((object_of(inputs.build, files, source), source) for source in files.sources),
        exports=_exports(target),
        imports=target.imports,
        interpose=target.interpose,
        libraries=tuple(libraries),
        archives=tuple(archives),
        start=_start_object(inputs, files) if libc else None,
        rpath=() if static else (*target.rpath, *runtime_path),
        wasm_ld=inputs.toolchain.wasm_ld,
        ldflags=(*(inputs.profile.ldflags or ()), *document.value.defaults.ldflags, *target.ldflags),
        strip=inputs.profile.strip or "debug",
        compiler=f"{inputs.toolchain.kind} clang {inputs.toolchain.version}",
        has_standard_exceptions=inputs.toolchain.has_standard_exceptions,
        stack_bytes=parse_size(memory.stack) if memory and memory.stack is not None else None,
        initial_bytes=parse_size(memory.initial) if memory and memory.initial is not None else None,
        max_bytes=parse_size(memory.max) if memory and memory.max is not None else None,
        exports_at=str(document.at(*files.where, "exports")),
        requires_at=str(document.at(*files.where, "requires")),
        target_at=str(document.at(*files.where)),
        cflags_at=str(document.at(*files.where, "cflags")),
    )


def _start_object(inputs: Inputs, files: TargetFiles) -> str | None:
    """What starts a module: a program's `_start`, or the `_initialize` of a library that is all by itself."""
    if isinstance(files.target, Program):
        return inputs.crt1
    return inputs.reactor if files.target.link == "static" else None


def _root(inputs: Inputs, files: TargetFiles, by_name: Mapping[str, TargetFiles]) -> Root:
    """A module to check; what its libraries have from the host, the host of this module has too."""
    own = [by_name[name] for name in _closure(requirements(inputs, files)[0], by_name)]
    prefixes = [prefix for each in (files, *own) for prefix in requirements(inputs, each)[1]]
    imports = dict.fromkeys(name for each in (files, *own) for name in each.target.imports)
    imports.update(dict.fromkeys(name for p in _prefix_closure(prefixes, inputs.prefixes) for name in p.imports))
    return Root(output_of(inputs.build, files), tuple(imports))


def _linked_files(spec: LinkSpec) -> tuple[str, ...]:
    return (*spec.libraries, *spec.archives, *((spec.start,) if spec.start else ()))


def _archive(inputs: Inputs, files: TargetFiles) -> Edge:
    """The library's objects as an archive, for who links it statically; built only when something asks."""
    objects = tuple(object_of(inputs.build, files, source) for source in files.sources)
    output = f"{object_directory(inputs.build, files)}/lib{files.name}.a"
    return Edge("archive", (output,), objects, command=inputs.toolchain.ar)


def _install_headers(inputs: Inputs, headers: list[tuple[str, str]]) -> Edge:
    outputs = tuple(f"{inputs.build}/include/{place}" for _, place in headers)
    return Edge("install", outputs, tuple(path for path, _ in headers))


def _closure(names: Iterable[str], by_name: Mapping[str, TargetFiles]) -> tuple[str, ...]:
    """The project's libraries that `names` need, themselves included: each once, who needs before who is needed."""
    found: dict[str, None] = {}
    todo = list(names)
    while todo:
        name = todo.pop(0)
        if name not in found:
            found[name] = None
            todo.extend(other for other in by_name[name].target.requires if other in by_name)
    return tuple(found)


def _prefix_closure(prefixes: Iterable[Prefix], every: Mapping[str, Prefix]) -> tuple[Prefix, ...]:
    found: dict[str, Prefix] = {}
    todo = list(prefixes)
    while todo:
        prefix = todo.pop(0)
        if prefix.name not in found:
            found[prefix.name] = prefix
            todo.extend(every[name] for name in prefix.requires)
    return tuple(found.values())


def _text(spec: LinkSpec | CheckSpec) -> str:
    return json.dumps(asdict(spec), indent=1) + "\n"
