"""Building a project: the passes, in order."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from wasmbuild.builder import uptodate
from wasmbuild.builder.builddir import BUILD_DIRECTORY, STAGED_FILE, distrust, keep_only
from wasmbuild.builder.globs import match_cxx
from wasmbuild.builder.graph import Graph
from wasmbuild.builder.launchers import refuse_missing, refuse_unmovable
from wasmbuild.builder.libc import ensure_libc
from wasmbuild.builder.libcxx import ensure_libcxx
from wasmbuild.builder.licenses import LICENSES, USUAL, license_files
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.builder.recipesource import local_sources
from wasmbuild.builder.remotestore import Stores
from wasmbuild.builder.requirements import Builder
from wasmbuild.builder.resolved import LIBCXX, Prefix, cxx_patterns
from wasmbuild.builder.runninja import RunOptions, find_ninja
from wasmbuild.builder.runsiso import CONFIGURATION
from wasmbuild.builder.runtime import Runtime
from wasmbuild.builder.toolchain import (
    TOOLCHAIN_FILE,
    Toolchain,
    choose_profile,
    find_toolchain,
    read_settings,
    with_wasm_opt,
)
from wasmbuild.builder.tree import Means, Tree, generate, needs_libc
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.check import check_project, warnings
from wasmbuild.manifest.outputs import has_output, output_name
from wasmbuild.manifest.reader import Document, read_document
from wasmbuild.manifest.recipes import Known, find_recipes, recipe_directories, shipped
from wasmbuild.manifest.schema import Manifest
from wasmbuild.progress import Progress
from wasmbuild.selection.known import resolve
from wasmbuild.selection.lock import (
    LOCK_FILE,
    changes,
    lock_of,
    lock_text,
    locked_versions,
    no_lock,
    not_as_locked,
    read_lock,
)
from wasmbuild.selection.required import Required, for_users
from wasmbuild.sources.store import Store, tidy

MANIFEST_FILE = "wasmbuild.yaml"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a build, apart from the project itself."""

    profile: str = "release"
    toolchain_file: Path | None = None
    offline: bool = False
    locked: bool = False
    """Whether what is selected must be what the lock says."""
    launcher: str | None = None
    is_sent: bool = False
    """Whether sources are compiled, or results shared, by servers (`runsiso`)."""

    @property
    def asked(self) -> str:
        chosen = str(self.toolchain_file) if self.toolchain_file else None
        return uptodate.request_line(self.profile, chosen, self.launcher, self.is_sent)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A project for which everything but its own compiling and linking was done."""

    tree: Tree
    graph: Graph
    toolchain: Toolchain


def prepare(root: Path, request: Request, progress: Progress, options: RunOptions, store: Store) -> Prepared:
    """Read, resolve, fetch, build what is required, and write `build.ninja`. `root` is the current directory."""
    started_ns = uptodate.now_ns()
    tidy(store)
    document, known = read_project(root)
    for finding in warnings(document):
        progress.diagnostic(finding)
    required = select_locked(root, document, known, request, progress)
    needs = (needs_runtime(document, required), needs_libcxx(document, root, required))
    builder = make_builder(root, request, progress, options, store, *needs)
    toolchain, runtime = builder.means.toolchain, builder.means.runtime
    licenses = [str(root / name) for name in {*USUAL, *map(str, license_files(document, root))}]
    inputs = uptodate.observe([*_inputs(root, request, required, toolchain), *sorted(licenses)])
    prefixes = builder.build_all(required)

    tree = Tree(document, root, BUILD_DIRECTORY)
    if not uptodate.is_known(tree.build):
        distrust(tree.build_directory)
    staged = stage(tree, prefixes, runtime)
    graph, files = generate(tree, replace(builder.means, prefixes=prefixes), staged)
    written = [f"{tree.build}/compile_commands.json", *graph.specs, *graph.packages, *graph.inside.places]
    written += [f"{tree.build}/{place}" for place in staged]
    written += [f"{tree.build}/{CONFIGURATION}"] if toolchain.is_sent else []
    made = uptodate.observe([*written, *_cached(prefixes, runtime)])
    asked = None if uptodate.is_racy(inputs, started_ns) else request.asked
    uptodate.remember(tree.build, asked, find_ninja(), [*inputs, *files.observed, *made])
    return Prepared(tree, graph, toolchain)


def select_locked(
    root: Path, document: Document[Manifest], known: Known, request: Request, progress: Progress
) -> tuple[Required, ...]:
    """What the project requires, in the versions that its lock names; where it has a lock, that says so afterwards.
    Raises WasmbuildError where it would have to be changed and must not."""
    lock = read_lock(root / LOCK_FILE, document)
    if lock is None and request.locked:
        raise WasmbuildError(no_lock())
    required = resolve(document, known, locked=locked_versions(lock))
    if lock is not None:
        toolchain = find_toolchain(read_settings(root, request.toolchain_file))
        now = lock_of(document, required, toolchain.identity)
        found = changes(lock.value, now)
        if found and request.locked:
            raise WasmbuildError(not_as_locked(found))
        if found:
            replace_if_different(root / LOCK_FILE, lock_text(now).encode())
            progress.note(f"{LOCK_FILE}: {'; '.join(map(str, found))}")
    return required


def make_builder(
    root: Path | None,
    request: Request,
    progress: Progress,
    options: RunOptions,
    store: Store,
    libc: bool = True,
    cxx: bool = False,
) -> Builder:
    """What is built with: the toolchain and profile that were asked for, and libc and libc++, built first where they
    are needed."""
    settings = read_settings(root, request.toolchain_file, request.launcher)
    if request.is_sent:
        refuse_unmovable(settings.kind, settings.said_at, request.launcher)
        settings = replace(settings, launcher=(), is_sent=True)
    refuse_missing(settings.launcher, settings.launcher_at)
    profile = choose_profile(settings, request.profile)
    toolchain = with_wasm_opt(find_toolchain(settings), profile, request.profile)
    stores = Stores(settings.stores, request.offline)  # one, as each says once which of them is of no use
    runtime = ensure_libc(settings, store, progress, options, request.offline, stores) if libc else None
    if runtime is not None:
        toolchain = replace(toolchain, libc_include=runtime.include)
    prefixes = {}
    if runtime is not None and cxx and toolchain.has_standard_exceptions:
        prefixes[LIBCXX] = ensure_libcxx(settings, store, progress, options, runtime, stores)
    key = runtime.directory.name if runtime else ""
    means = Means(toolchain, profile, prefixes, runtime, store)
    return Builder(means, key, request.offline, progress, options, stores)


def read_project(root: Path) -> tuple[Document[Manifest], Known]:
    """The manifest in a directory, checked, and the recipes that it can name."""
    path = root / MANIFEST_FILE
    if not path.is_file():
        raise WasmbuildError(
            Diagnostic(
                "no-project",
                f"no `{MANIFEST_FILE}` in `{root}` or in a directory above it",
                help=(
                    "go to the project's directory, or name it with -C",
                    "`wasmbuild new NAME` makes a project",
                ),
            )
        )
    document = read_document(path, MANIFEST_FILE, Manifest)
    known = find_recipes(recipe_directories(root))
    check_project(document, known)
    return document, known


def needs_runtime(document: Document[Manifest], required: tuple[Required, ...]) -> bool:
    """Whether anything is made for WASI, and so has libc."""
    return needs_libc(document) or any(needs_libc(for_users(entry.recipe)) for entry in required)


def needs_libcxx(document: Document[Manifest], root: Path, required: tuple[Required, ...]) -> bool:
    """Whether anything is C++, as far as can be known before it is compiled."""
    patterns = cxx_patterns(document.value)
    return match_cxx(patterns, root, root / BUILD_DIRECTORY) or requires_libcxx(required)


def requires_libcxx(required: tuple[Required, ...]) -> bool:
    """Whether it is among what is required, or something there is C++, as far as can be known before it is fetched."""
    return any(each.recipe.name == LIBCXX or cxx_patterns(for_users(each.recipe).value) for each in required)


def _inputs(root: Path, request: Request, required: tuple[Required, ...], toolchain: Toolchain) -> list[str]:
    """Files whose change means that `build.ninja` must be written again; those that are not there count as well."""
    files = [root / MANIFEST_FILE, root / LOCK_FILE, root / TOOLCHAIN_FILE, shipped(TOOLCHAIN_FILE)]
    files += [directory for directory in recipe_directories(root) if directory != shipped("recipes")]
    files += [request.toolchain_file] if request.toolchain_file else []
    files += [*sorted(Path(__file__).parent.glob("*.py")), Path(toolchain.clang[0])]
    files += map(Path, toolchain.wasm_opt.command[:1])
    for entry in required:
        for directory in entry.recipe.directories:
            files += [directory, *sorted(directory.rglob("*"))]
        for path in local_sources(entry.recipe):
            files += [path, *sorted(path.rglob("*"))]
    return [os.path.abspath(path) for path in files]


def _cached(prefixes: Mapping[str, Prefix], runtime: Runtime | None) -> list[str]:
    """What ninja will read from the cache: if somebody empties or changes it, it must be built again first."""
    paths = [path for prefix in prefixes.values() for path in (*prefix.libraries, *prefix.archives)]
    if runtime is not None:
        paths += map(str, (runtime.libc, runtime.crt1, runtime.reactor, *runtime.static))
    return paths


def stage(tree: Tree, prefixes: Mapping[str, Prefix], runtime: Runtime | None) -> list[str]:
    """Put the libraries and headers of what is required into the build directory, and take out what no longer is.
    Returns their places there. Raises WasmbuildError where two things have one name."""
    wanted: dict[str, Path] = {}
    libraries = tree.document.value.libraries
    files = (output_name(name, library) for name, library in libraries.items() if has_output(library))
    own = {f"lib/{file}": "this project" for file in files}
    owners = dict(own)
    for prefix in prefixes.values():
        directory = Path(prefix.directory)
        for part in ("lib", "include"):
            for path in sorted((directory / part).rglob("*")):
                if path.is_file() and path.suffix != ".a":
                    _add(wanted, owners, path.relative_to(directory).as_posix(), path, prefix.name)
        wanted |= _licenses(prefix.name, directory / LICENSES)
    if runtime is not None:
        _add(wanted, owners, "lib/libc.so", runtime.libc, "libc")
        wanted |= _licenses("libc", runtime.licenses)
    name = tree.document.value.name
    own_place = f"{LICENSES}/{name}" if name not in prefixes else f"{LICENSES}/{name} (this project)"
    for path in license_files(tree.document, tree.root):
        wanted[f"{own_place}/{path.as_posix()}"] = tree.root / path
    build = tree.build_directory
    for place, path in wanted.items():
        replace_if_different(build / place, path.read_bytes())
    keep_only(build, STAGED_FILE, wanted, spared=own)
    return list(wanted)


def _licenses(name: str, directory: Path) -> dict[str, Path]:
    """Those of something that is required: place, then file."""
    files = (path for path in sorted(directory.rglob("*")) if path.is_file())
    return {f"{LICENSES}/{name}/{path.relative_to(directory).as_posix()}": path for path in files}


def _add(wanted: dict[str, Path], owners: dict[str, str], place: str, path: Path, owner: str) -> None:
    other = owners.get(place)
    if other is not None:
        raise WasmbuildError(
            Diagnostic(
                "name-clash",
                f"two things would be `{BUILD_DIRECTORY}/{place}`",
                facts=(("one of", other), ("one of", owner)),
                help=("give the project's own library another name",) if other == "this project" else (),
            )
        )
    wanted[place] = path
    owners[place] = owner
