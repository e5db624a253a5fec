"""The peer: the same sources by `gcc -O2`, as one library of this machine."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.measure import run, wasmbuild
from benchmarks.projects import compiled, of_recipe

_FLAGS = ("-O2", "-fPIC", "-w")


def perform(source: Path, recipes: Sequence[str], directory: Path, env: Mapping[str, str]) -> Callable[[int], int]:
    """`perform` of a source in C over the first library of each recipe. They are built by us first: so it is known what
    there is to compile."""
    objects, includes = [], []
    for name in recipes:
        project = of_recipe(name, directory / name)
        run((*wasmbuild(), "build"), project, env)
        includes.append(f"-I{project / 'build' / 'include'}")
        target = next(path.name.removeprefix("library-") for path in sorted((project / "build/obj").glob("library-*")))
        for number, (file, flags) in enumerate(compiled(project, target)):
            object_ = directory / f"{name}-{number}.o"
            run(("gcc", *_native(flags), *_FLAGS, "-c", file, "-o", str(object_)), project, env)
            objects.append(str(object_))
    library = directory / "native.so"
    run(("gcc", *_FLAGS, "-shared", str(source), *includes, *objects, "-lm", "-o", str(library)), directory, env)
    found: Callable[[int], int] = ctypes.CDLL(str(library)).perform
    return found


def _native(flags: Sequence[str]) -> list[str]:
    """Without what a recipe says of WASI, and the header that it puts before a source because something lacks there."""
    return [word for word in flags if word != "-include" and "wasi" not in word.lower()]
