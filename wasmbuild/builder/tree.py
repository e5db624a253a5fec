"""One build directory: a manifest and its sources in, `build.ninja` out, ninja run. Projects and recipes alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from wasmbuild.builder.builddir import keep_only
from wasmbuild.builder.globs import Files, expand
from wasmbuild.builder.graph import Graph, Inputs, make_graph
from wasmbuild.builder.inside import lay
from wasmbuild.builder.ninja import compile_commands, ninja_text
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.builder.resolved import Prefix, libc_of
from wasmbuild.builder.runninja import RunOptions, run_ninja
from wasmbuild.builder.runsiso import CONFIGURATION, configuration
from wasmbuild.builder.runtime import Runtime
from wasmbuild.builder.toolchain import Profile, Toolchain
from wasmbuild.manifest.check import targets
from wasmbuild.manifest.outputs import has_output
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.schema import Manifest
from wasmbuild.progress import Progress
from wasmbuild.sources.store import Store

MADE_FILE = "obj/made.json"
"""The outputs of the graph."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Sources at `root`, where ninja runs, and a build directory, from there."""

    document: Document[Manifest]
    root: Path
    build: str

    @property
    def build_directory(self) -> Path:
        return self.root / self.build

    @property
    def build_file(self) -> str:
        return f"{self.build}/build.ninja"


@dataclass(frozen=True, slots=True)
class Means:
    """What a tree is built with."""

    toolchain: Toolchain
    profile: Profile
    prefixes: Mapping[str, Prefix]
    runtime: Runtime | None
    store: Store
    library_path: tuple[str, ...] = ()


def needs_libc(document: Document[Manifest]) -> bool:
    built = (target for _, _, target in targets(document.value) if has_output(target))
    return any(libc_of(document.value, target) == "wasi" for target in built)


def generate(tree: Tree, means: Means, staged: Collection[str] = ()) -> tuple[Graph, Files]:
    """Write everything that ninja needs, and remove what earlier builds made and the graph no longer has, but for what
    was staged. Raises WasmbuildError for patterns that match nothing."""
    files = expand(tree.document, tree.root, tree.build_directory)
    graph = make_graph(_inputs(tree, files, means))
    lay(tree.root, tree.build, graph.inside)
    for path, text in (*graph.specs.items(), *graph.packages.items()):
        replace_if_different(tree.root / path, text.encode())
    replace_if_different(tree.root / tree.build_file, ninja_text(graph, tree.build).encode())
    if graph.inside.compiler is not None and means.toolchain.is_sent:
        compile_edges = (edge.command for edge in graph.edges if edge.rule == "compile")
        told = configuration(tree.build, compile_edges, graph.inside.compiler[0], tree.root)
        replace_if_different(tree.build_directory / CONFIGURATION, told.encode())
    commands = compile_commands(graph, str(tree.root))
    replace_if_different(tree.build_directory / "compile_commands.json", commands.encode())
    made = [*(output for edge in graph.edges for output in edge.outputs), *graph.packages, *graph.inside.places]
    outputs = {output.removeprefix(f"{tree.build}/") for output in made}
    keep_only(tree.build_directory, MADE_FILE, outputs, spared=staged)
    return graph, files


def _inputs(tree: Tree, files: Files, means: Means) -> Inputs:
    runtime = means.runtime
    return Inputs(
        document=tree.document,
        targets=files.targets,
        toolchain=means.toolchain,
        profile=means.profile,
        prefixes=means.prefixes,
        build=tree.build,
        libc=str(runtime.libc) if runtime else None,
        crt1=str(runtime.crt1) if runtime else None,
        reactor=str(runtime.reactor) if runtime else None,
        static_runtime=tuple(str(path) for path in runtime.static) if runtime else (),
        library_path=means.library_path,
    )


def run(tree: Tree, wanted: tuple[str, ...], progress: Progress, options: RunOptions) -> bool:
    """Run ninja for the targets `all`, `tests` and `archives`, or single outputs. False when something failed."""
    return run_ninja(tree.root, tree.build_file, wanted, progress, options)
