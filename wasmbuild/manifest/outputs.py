"""What a target's file is called in `build/lib` or `build/bin`."""

from __future__ import annotations

from pathlib import PurePosixPath

from wasmbuild.manifest.schema import Library, Program


def has_output(target: Library | Program) -> bool:
    """Whether a target becomes a file of its own; a library of headers alone has none."""
    return bool(target.sources) or (isinstance(target, Library) and target.prebuilt is not None)


def output_name(name: str, target: Library | Program) -> str:
    """The name that the manifest gives, else the usual one of such a target; a ready-made file keeps its own."""
    if target.output is not None:
        return target.output
    if not isinstance(target, Library):
        return f"{name}.wasm"
    if target.prebuilt is not None:
        return PurePosixPath(target.prebuilt).name
    return f"{name}.wasm" if target.link == "static" else f"lib{name}.so"
