"""The last step of a build: load-time linking, done on paper, for every module that was built."""

from __future__ import annotations

from pathlib import Path

from wasmbuild.builder.knowledge import ProjectKnowledge
from wasmbuild.builder.linkspec import Root, read_check_spec
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.explain.findings import check
from wasmbuild.link.scope import Library, Scope, find_scope
from wasmbuild.search.libraries import Search, not_a_library, read_module, stack_bytes, stands_alone


def check_outputs(spec_path: Path, stamp: Path) -> tuple[Diagnostic, ...]:
    """Check each root with all that it needs; every finding once. Touches `stamp` when nothing is wrong."""
    spec = read_check_spec(spec_path)
    search = Search(library_path=tuple(map(Path, spec.library_path)))
    findings: dict[Diagnostic, None] = {}
    for root in spec.roots:
        # Of an output, the directory above its own is the build directory.
        knowledge = ProjectKnowledge(Path(), Path(root.path).parent.parent)
        findings.update(dict.fromkeys(_check(root, search, knowledge)))
    if not any(finding.severity == "error" for finding in findings):
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_bytes(b"")
    return tuple(findings)


def _check(root: Root, search: Search, knowledge: ProjectKnowledge) -> tuple[Diagnostic, ...]:
    host = dict.fromkeys(root.imports)
    try:
        library = read_module(Path(root.path))
        if library.module.dylink is None:
            return check_static(library, root) if stands_alone(library.module) else (not_a_library(library),)
        scope, missing = find_scope(search.open(Path(root.path)), search)
    except WasmbuildError as error:
        return error.diagnostics
    if missing:
        return missing
    traits = tuple(search.traits_of(each) for each in scope.libraries)
    return check(scope, host, stack_bytes(library), knowledge, traits)[1]


def check_static(library: Library, root: Root) -> tuple[Diagnostic, ...]:
    """A module that was linked statically may import WASI and what the host supplies, and nothing else."""
    return check(Scope((library,), ((),)), dict.fromkeys(root.imports))[1]
