"""Small projects on disk and in memory, and the embedded toolchain to try things with."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from wasmbuild.builder.globs import Files, TargetFiles, expand
from wasmbuild.builder.graph import Graph, Inputs, make_graph
from wasmbuild.builder.resolved import Prefix
from wasmbuild.builder.toolchain import Profile, Toolchain, find_toolchain, read_settings
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.check import targets
from wasmbuild.manifest.reader import Document, decode_document
from wasmbuild.manifest.schema import Library, Manifest

TOOLCHAIN = Toolchain(
    "zig", ("CLANG",), ("WASM-LD",), ("AR",), "21.1.0", Path("/zig/builtin"), Path("/zig"), (Path("/libc/include"),)
)


def read(text: str) -> Document[Manifest]:
    return decode_document(text.encode(), "wasmbuild.yaml", Manifest)


def write(root: Path, *files: str) -> Path:
    """Empty files by path."""
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("")
    return root


def expanded(root: Path, manifest: str) -> Files:
    return expand(read(manifest), root, root / "build")


def not_expanded(root: Path, manifest: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(WasmbuildError) as caught:
        expanded(root, manifest)
    return caught.value.diagnostics


def graph_inputs(
    manifest: str,
    prefixes: Mapping[str, Prefix] | None = None,
    profile: Profile | None = None,
    toolchain: Toolchain = TOOLCHAIN,
    headers: Mapping[str, str] | None = None,
) -> Inputs:
    """The inputs of a graph for a manifest whose sources are files and no patterns; libc lies in `/rt`."""
    document = read(manifest)
    found = []
    for where, name, target in targets(document.value):
        kind = {"libraries": "library", "programs": "program"}.get(str(where[0]), "test")
        own = (
            [(path, (headers or {}).get(path, path)) for path in target.headers] if isinstance(target, Library) else []
        )
        found.append(TargetFiles(where, kind, name, target, target.sources, tuple(own)))  # type: ignore[arg-type]
    return Inputs(
        document,
        tuple(found),
        toolchain,
        profile or Profile(("-O2",)),
        prefixes or {},
        "build",
        "/rt/libc.so",
        "/rt/crt1.o",
        "/rt/reactor.o",
        ("/rt/setjmp.o", "/rt/libc.a"),
    )


def graph_of(manifest: str, **options: object) -> Graph:
    return make_graph(graph_inputs(manifest, **options))  # type: ignore[arg-type]


@cache
def toolchain() -> Toolchain:
    return find_toolchain(read_settings(None))


def compile_c(folder: Path, name: str, code: str, *flags: str) -> str:
    """Compile to `NAME.o` in `folder`; position-independent unless the flags say otherwise."""
    (folder / f"{name}.c").write_text(code)
    command = [*toolchain().clang, "--target=wasm32-unknown-unknown", "-O1", "-fPIC", "-fvisibility=hidden", *flags]
    done = subprocess.run(
        [*command, "-c", f"{name}.c", "-o", f"{name}.o"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return str(folder / f"{name}.o")
