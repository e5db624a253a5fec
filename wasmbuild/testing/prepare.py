"""Compiles what the tests will load, once and beforehand: compiling is not part of a test's time, and tests that run
side by side must not all compile the same libc."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from wasmbuild.testing.runtimes import of_module

if TYPE_CHECKING:
    from wasmbuild.testing.cases import Case  # with what reads manifests


def compile_modules(cases: tuple[Case, ...]) -> None:
    """Fill the cache in a process of its own: a module that crashes the compiler then fails its tests, not us."""
    paths = sorted({str(case.module) for case in cases})
    if paths:
        subprocess.run(of_module("prepare", *paths), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def main(paths: list[str]) -> int:
    from pathlib import Path

    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.loader.engine import compile_all, image_of, make_engine
    from wasmbuild.search.libraries import Search
    from wasmbuild.search.root import open_root
    from wasmbuild.sources.store import Store

    search, files = Search(), dict[str, None]()
    for path in paths:
        try:
            libraries = open_root(Path(path), search).scope.libraries
        except WasmbuildError:
            continue  # the test says why
        files.update(dict.fromkeys(library.identity for library in libraries))
    compile_all(make_engine(), [image_of(Path(file).read_bytes()) for file in files], Store.of_user())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
