"""The wheel with the embedded compiler: where it is, and which."""

from __future__ import annotations

from pathlib import Path

from wasmbuild.diagnostics import Diagnostic, WasmbuildError


def ziglang_directory() -> Path:
    """The directory of the `ziglang` package. It is found without importing it."""
    from importlib.util import find_spec

    spec = find_spec("ziglang")
    if spec is None or not spec.submodule_search_locations:
        raise WasmbuildError(
            Diagnostic("no-ziglang", "the `ziglang` package is not installed", help=("pip install ziglang",))
        )
    return Path(spec.submodule_search_locations[0])


def ziglang_version() -> str:
    """The version of the wheel, from the name of the directory of its metadata: reading that costs more than a link."""
    found = next(ziglang_directory().parent.glob("ziglang-*.dist-info"), None)
    if found is not None:
        return found.name.removesuffix(".dist-info").partition("-")[2]
    from importlib.metadata import version

    return version("ziglang")
