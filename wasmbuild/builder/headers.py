"""Who has a header that a compiler did not find, and what to add where: for help in messages, nothing depends on it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from wasmbuild.builder.globs import expand, installed_as
from wasmbuild.builder.knowledge import built_recipes, recipe_libraries
from wasmbuild.builder.linkspec import LinkSpec
from wasmbuild.builder.operands import CXX_SUFFIXES
from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.manifest.reader import read_document
from wasmbuild.manifest.schema import Manifest

_MOST_FILES = 50_000
"""Files of a source tree that are looked at: a bound, for trees that somebody put his whole disk into."""

_SHOWN = 3

_LEAST_LITERAL = 3
"""Letters that a pattern must have beside its wildcards and its suffix: `*.h` says nothing about who has a header."""

_TEMPLATES = (
    ".in",
    ".cmake",
    ".cmakein",
    ".cmake.in",
    ".in.cmake",
    ".meson",
    ".meson.in",
    ".generic",
    ".dist",
    ".prebuilt",
)
"""What stands behind a header's name in the file that upstream's configure makes it of, or offers instead."""

_OF_CONFIGURE = "*config.h"

_C = """
    assert complex ctype dirent errno fcntl fenv getopt inttypes libgen locale malloc math memory pthread sched setjmp
    signal stdio stdlib string strings time uchar unistd wchar wctype"""

_CXX = """
    algorithm any array atomic bit bitset cassert cctype cerrno cfloat charconv chrono cinttypes climits clocale cmath
    compare complex concepts csetjmp csignal cstdarg cstddef cstdint cstdio cstdlib cstring ctime cwchar cwctype deque
    exception filesystem format forward_list fstream functional future initializer_list iomanip ios iosfwd iostream
    istream iterator limits list locale map memory mutex new numbers numeric optional ostream queue random ranges ratio
    regex set shared_mutex span sstream stack stdexcept streambuf string string_view system_error thread tuple
    type_traits typeinfo unordered_map unordered_set utility valarray variant vector"""


def advice(header: str, source: str, spec: LinkSpec, tree: Path, build: Path, project: Path) -> tuple[str, ...]:
    """What to do about a header that `source`, of the target that `spec` links, includes and nobody found.

    `tree` is where the sources are and `build` their build directory: a project's own, or those of a recipe that is
    built for `project`. The first that knows something speaks.
    """
    standard = _standard(header, source, spec)
    if standard is not None:
        return (standard,)
    owners = list(dict.fromkeys(_owners(header, spec, tree, project)))
    if owners:
        return tuple(f"{owner}; add `{name}` to `requires` at {spec.requires_at}" for owner, name in owners)
    places, templates = _in_tree(header, tree, build)
    if places and not (templates and fnmatchcase(header.lower(), _OF_CONFIGURE)):
        return tuple(
            f"`{place}` has it, and is not searched: add it to `include` of `{spec.name}`, at {spec.target_at}"
            for place in places
        )
    return (_made(header, templates, spec),)


def _standard(header: str, source: str, spec: LinkSpec) -> str | None:
    cxx = header in _CXX.split()
    if not (cxx or header.startswith("sys/") or (header.endswith(".h") and header[:-2] in _C.split())):
        return None
    if not any(Path(path).name in ("libc.so", "libc.a") for path in (*spec.libraries, *spec.archives)):
        return f"`libc: none` has no headers but the compiler's own; `{spec.name}` needs `libc: wasi`, the default"
    if cxx and not source.endswith(CXX_SUFFIXES):
        return f"it is a header of C++: give {source} a suffix of C++, such as `.cc`"
    return None


def _owners(header: str, spec: LinkSpec, tree: Path, project: Path) -> Iterator[tuple[str, str]]:
    """A sentence, and the name to require."""
    if tree == project:
        for name in _own_libraries(header, project):
            if name != spec.name:
                yield f"library `{name}` of this project has it", name
    own = PurePosixPath(_file(spec)).parent.name  # of a recipe, its name
    known = {recipe: libraries for recipe, libraries in recipe_libraries(project).items() if recipe != own}
    for recipe, directory in built_recipes(known):
        if (directory / "include" / header).is_file():
            yield f"recipe `{recipe}` has it", recipe
    for recipe, libraries in known.items():
        for library in libraries:
            installed = (installed_as(pattern, library.include) for pattern in library.headers)
            if any(_says(pattern, header) for pattern in installed):
                yield f"recipe `{recipe}` has it", recipe


def _own_libraries(header: str, project: Path) -> Iterator[str]:
    try:
        document = read_document(project / "wasmbuild.yaml", "wasmbuild.yaml", Manifest)
        found = expand(document, project, project / "build").targets
    except (OSError, WasmbuildError):
        return
    for files in found:
        if files.kind == "library" and any(place == header for _, place in files.headers):
            yield files.name


def _says(pattern: str, header: str) -> bool:
    literal = re.sub(r"\.\w+$|[*?]", "", pattern)
    return len(literal) >= _LEAST_LITERAL and fnmatchcase(header, pattern)


def _in_tree(header: str, tree: Path, build: Path) -> tuple[list[str], list[str]]:
    """Directories of the tree from which the header would be found, and templates of it; those near the top first."""
    name, build = PurePosixPath(header), build.resolve()
    candidates = {f"{name.name}{end}" for end in _TEMPLATES} | {f"{name.stem}.in{name.suffix}"}
    directories, templates, seen = list[str](), list[str](), 0
    for at, names, files in os.walk(tree):
        here = Path(at)
        names[:] = [each for each in names if not each.startswith(".") and (here / each).resolve() != build]
        seen += len(files)
        if seen > _MOST_FILES:
            break
        inside = here.relative_to(tree)
        path = (inside / name.name).as_posix()
        if name.name in files and f"/{path}".endswith(f"/{header}"):
            directories.append(path.removesuffix(header).rstrip("/") or ".")
        templates += [(inside / each).as_posix() for each in candidates.intersection(files)]
    return _nearest(directories), _nearest(templates)


def _nearest(paths: list[str]) -> list[str]:
    return sorted(paths, key=lambda path: (path.count("/"), path))[:_SHOWN]


def _made(header: str, templates: list[str], spec: LinkSpec) -> str:
    """Nobody has it. It may be one that a configure script makes, which is never run."""
    file = _file(spec)
    if file.endswith("recipe.yaml"):
        own = PurePosixPath(header).name
        supply = f"write it once, beside {file}, and name it there: `files: {{{header}: {own}}}`"
    else:
        supply = f"write it once, and have its directory in `include` of `{spec.name}`, at {spec.target_at}"
    if templates:
        which = " or ".join(f"`{path}`" for path in templates)
        return f"configure would make it of {which}, and is not run here: {supply}"
    if fnmatchcase(header.lower(), _OF_CONFIGURE):
        return f"a configure script makes headers of that name, and none is run here: {supply}"
    return (
        f"add the library that has it to `requires` at {spec.requires_at}, "
        f"or its directory to `include` of `{spec.name}`, at {spec.target_at}"
    )


def _file(spec: LinkSpec) -> str:
    """Of the manifest that the target stands in."""
    return spec.target_at.rsplit(":", 2)[0]
