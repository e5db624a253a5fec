"""Makes a directory of tools: the passes, in order."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from wasmbuild.builder.builddir import keep_only
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.builder.project import MANIFEST_FILE, Request, make_builder, read_project
from wasmbuild.builder.resolved import LIBCXX, Prefix
from wasmbuild.builder.runninja import RunOptions
from wasmbuild.builder.runtime import Runtime
from wasmbuild.builder.toolchain import Toolchain, compile_flags
from wasmbuild.driver.buildsystems import files_for_build_systems
from wasmbuild.driver.environment import ENVIRONMENT_FILE, Environment, directory_for
from wasmbuild.driver.native import make_native
from wasmbuild.driver.wrappers import wrappers
from wasmbuild.manifest.check import check_project
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.recipes import Known, find_recipes, recipe_directories
from wasmbuild.manifest.schema import Manifest
from wasmbuild.progress import Progress, Silent
from wasmbuild.selection.known import resolve
from wasmbuild.selection.lock import LOCK_FILE, locked_versions, read_lock
from wasmbuild.selection.required import asking_also, asking_for
from wasmbuild.sources.store import Store, mark_directory_used

_RECORD = "made.json"


def make_environment(
    recipes: Sequence[str], project: Path | None, request: Request, progress: Progress, options: RunOptions
) -> Environment:
    """The environment with these recipes in it, and those that the project requires, made or brought up to date. Raises
    WasmbuildError where something of it cannot be built."""
    store = Store.of_user()
    document, known = _required(recipes, project)
    lock = read_lock(project / LOCK_FILE, document) if project is not None else None
    required = resolve(document, known, locked=locked_versions(lock))
    builder = make_builder(project, request, progress, options, store, libc=True, cxx=True)
    prefixes = builder.build_all(required)
    runtime = builder.means.runtime
    assert runtime is not None
    directory = directory_for(store.root, recipes, project, request.toolchain_file)
    directory.mkdir(parents=True, exist_ok=True)
    native = make_native(builder.means.toolchain.zig, directory)
    environment = environment_of(directory, builder.means.toolchain, runtime, prefixes)
    environment = msgspec.structs.replace(
        environment,
        recipes=tuple(recipes),
        project=str(project) if project else None,
        toolchain_file=os.path.realpath(request.toolchain_file) if request.toolchain_file else None,
        native=str(native) if native else None,
        name=directory.name,
        # As other compilers: what is exported is what is left visible.
        c_flags=(*environment.c_flags, "-fvisibility=default"),
    )
    write_environment(environment, prefixes, runtime)
    mark_directory_used(directory)
    return environment


def make_again(directory: Path, environment: Environment | None) -> Environment:
    """What a tool needs that finds its environment broken. Raises WasmbuildError."""
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError

    if environment is None:
        help_ = ("`wasmbuild env` makes it",)
        raise WasmbuildError(Diagnostic("no-environment", f"no tools of wasmbuild in `{directory}`", help=help_))
    project = Path(environment.project) if environment.project else None
    toolchain_file = Path(environment.toolchain_file) if environment.toolchain_file else None
    request = Request(toolchain_file=toolchain_file)
    return make_environment(environment.recipes, project, request, Silent(), RunOptions())


def _required(recipes: Sequence[str], project: Path | None) -> tuple[Document[Manifest], Known]:
    """The project's manifest, which requires some recipes more; one of no project where there is none."""
    if project is not None and (project / MANIFEST_FILE).is_file():
        document, known = read_project(project)
        document = asking_also(document, recipes, "--with")
    else:
        document, known = asking_for(recipes, "--with"), find_recipes(recipe_directories(None))
    check_project(document, known)
    return document, known


def environment_of(
    directory: Path, toolchain: Toolchain, runtime: Runtime, prefixes: Mapping[str, Prefix]
) -> Environment:
    """One for nobody in particular."""
    libcxx = prefixes.get(LIBCXX)
    return Environment(
        directory=str(directory),
        recipes=(),
        project=None,
        toolchain_file=None,
        clang=toolchain.clang,
        wasm_ld=toolchain.wasm_ld,
        ar=toolchain.ar,
        version=toolchain.version,
        compiler=f"{toolchain.kind} clang {toolchain.version}",
        has_standard_exceptions=toolchain.has_standard_exceptions,
        c_flags=compile_flags(toolchain, "wasi", cxx=False),
        cxx_flags=compile_flags(toolchain, "wasi", cxx=True),
        libc=str(runtime.libc),
        libcxx=libcxx.libraries[0] if libcxx else None,
        crt1=str(runtime.crt1),
        reactor=str(runtime.reactor),
        static_runtime=tuple(map(str, runtime.static)),
        static_libcxx=libcxx.archives if libcxx else (),
        native=None,
        name=None,
    )


def write_environment(environment: Environment, prefixes: Mapping[str, Prefix], runtime: Runtime) -> None:
    """Put everything in its place, file by file, and take out what earlier ones had."""
    directory = Path(environment.directory)
    made = _link_prefixes(directory, prefixes, runtime)
    texts = {f"bin/{name}": text for name, text in wrappers(environment).items()}
    for place, text in (texts | files_for_build_systems(environment)).items():
        replace_if_different(directory / place, text.encode())
        made.append(place)
    for place in texts:
        (directory / place).chmod(0o755)
    replace_if_different(directory / ENVIRONMENT_FILE, msgspec.json.encode(environment))
    keep_only(directory, _RECORD, made)


def _link_prefixes(directory: Path, prefixes: Mapping[str, Prefix], runtime: Runtime) -> list[str]:
    """What the recipes have, as links: libraries, headers, and what pkg-config and CMake read. libc's headers are not
    among them: they are found after all others."""
    wanted = {"lib/libc.so": runtime.libc}
    for name, prefix in prefixes.items():
        for part in ("lib", "include"):
            for path in sorted(Path(prefix.directory, part).rglob("*")):
                if path.is_file() and (part == "lib" or name != LIBCXX):
                    wanted[path.relative_to(prefix.directory).as_posix()] = path
    for place, path in wanted.items():
        link = directory / place
        if not link.is_symlink() or link.readlink() != path:
            link.parent.mkdir(parents=True, exist_ok=True)
            link.unlink(missing_ok=True)
            link.symlink_to(path)
    (directory / "include").mkdir(exist_ok=True)
    return list(wanted)
