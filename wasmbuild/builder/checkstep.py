"""The last step of a build: load-time linking, done on paper, for every module that was built."""

from __future__ import annotations

from pathlib import Path

from wasmbuild.builder.knowledge import ProjectKnowledge
from wasmbuild.builder.linkspec import read_check_spec
from wasmbuild.diagnostics import Diagnostic
from wasmbuild.search.libraries import Search
from wasmbuild.search.root import Expectations, check_root


def check_outputs(spec_path: Path, stamp: Path) -> tuple[Diagnostic, ...]:
    """Check each root with all that it needs; every finding once. Touches `stamp` when nothing is wrong."""
    spec = read_check_spec(spec_path)
    search = Search(library_path=tuple(map(Path, spec.library_path)))
    findings: dict[Diagnostic, None] = {}
    for root in spec.roots:
        # Of an output, the directory above its own is the build directory.
        knowledge = ProjectKnowledge(Path(), Path(root.path).parent.parent)
        expected = Expectations(root.from_program, tuple(map(Path, root.opens)))
        found = check_root(Path(root.path), dict.fromkeys(root.imports), search, knowledge, expected)
        findings.update(dict.fromkeys(found))
    if not any(finding.severity == "error" for finding in findings):
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_bytes(b"")
    return tuple(findings)
