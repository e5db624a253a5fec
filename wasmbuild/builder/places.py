"""Where everything is in a build directory. Pure; paths are as ninja will see them, from the project's directory."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from wasmbuild.builder.globs import TargetFiles
from wasmbuild.builder.operands import READY_MADE
from wasmbuild.manifest.outputs import output_name


def is_inside(directory: str, path: str) -> bool:
    """Whether a path is below a directory, by their names alone."""
    return path.startswith(f"{directory}/") and ".." not in path[len(directory) :].split("/")


def output_of(build: str, files: TargetFiles) -> str:
    """Where a target's module is."""
    if files.kind == "test":
        return f"{build}/test/{_slug(files)}.wasm"
    directory = "bin" if files.kind == "program" else "lib"
    return f"{build}/{directory}/{output_name(files.name, files.target)}"


def object_directory(build: str, files: TargetFiles) -> str:
    return f"{build}/obj/{files.kind}-{_slug(files) if files.kind == 'test' else files.name}"


def object_of(build: str, files: TargetFiles, source: str) -> str:
    """A source's object; one that stands outside the project gets a name without `..`."""
    if source.endswith(READY_MADE):
        return source
    inside = "/".join("up" if part == ".." else part for part in PurePosixPath(source).parts if part != "/")
    return f"{object_directory(build, files)}/{inside}.o"


def archive_of(build: str, files: TargetFiles) -> str:
    """A library's objects once more, for who links it statically."""
    return f"{object_directory(build, files)}/lib{files.name}.a"


def builtins_of(build: str, files: TargetFiles) -> str:
    """The compiler's own functions, of a C library."""
    return f"{object_directory(build, files)}/compiler_rt.o"


def interface_of(build: str, files: TargetFiles) -> str:
    """What others are linked against in a library's place. wasm-ld writes the file's name down as what is needed."""
    return f"{object_directory(build, files)}/interface/{PurePosixPath(output_of(build, files)).name}"


def _slug(files: TargetFiles) -> str:
    """A test's name as a file name; its number keeps two alike apart."""
    return f"{int(files.where[1]):02}-{re.sub(r'[^A-Za-z0-9]+', '-', files.name).strip('-').lower()[:40]}"
