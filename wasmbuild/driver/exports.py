"""What a module exports that was linked by command line: what its objects leave visible, as other linkers have it, or
what the command line lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from wasmbuild.builder.exportlist import parse_export_list
from wasmbuild.builder.inputs import Input, taken
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.driver.arguments import Invocation
from wasmbuild.wasm import abi
from wasmbuild.wasm.objects import exportable


def choose(invocation: Invocation, inputs: Sequence[Input]) -> list[str]:
    """The names of what is exported. Raises WasmbuildError for a list that is none, and for a name that was asked for
    and is not there."""
    asked = _that_exist(invocation.exports, inputs) | set(_annotated(inputs))
    if not (invocation.shared or invocation.exports_visible or invocation.export_lists):
        return sorted(asked)
    members = [each for each in taken(inputs, asked) if not _is_excluded(invocation, each)]
    visible = {s.name for each in members for s in exportable(each.object) if not s.hidden}
    for path in invocation.export_lists:
        visible = _listed(path, visible)
    return sorted(visible | asked)


def _is_excluded(invocation: Invocation, input_: Input) -> bool:
    """By `--exclude-libs`: of an archive, whose name is before that of its member."""
    archive = Path(input_.source.partition("(")[0]).name
    wanted = {"ALL", archive, archive.removesuffix(".a")}
    return archive.endswith(".a") and not wanted.isdisjoint(invocation.excluded)


def _annotated(inputs: Iterable[Input]) -> Iterable[str]:
    """What sources mark by `export_name` or `used`: those are exported whatever the command line says."""
    return (s.name for each in inputs if not each.is_member for s in exportable(each.object) if s.flags & abi.EXPORTED)


def _listed(path: str, visible: Iterable[str]) -> set[str]:
    """Of what is visible, what a list exports. What it names beyond that is no error: lists are written for all
    configurations of a library."""
    try:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        message = f"cannot read the list of exports `{path}`: {error.strerror}"
        raise WasmbuildError(Diagnostic("cannot-read", message)) from None
    format_ = ".map" if "{" in text else ".def" if "EXPORTS" in text else ".sym"
    listed = parse_export_list(text, path, format_)
    patterns = [pattern for pattern, _ in listed.exported]
    return {
        name
        for name in visible
        if any(listed.matches(pattern, name) for pattern in patterns)
        or not (listed.hides_others or listed.is_local(name))
    }


def _that_exist(names: Sequence[str], inputs: Iterable[Input]) -> set[str]:
    defined = {symbol.name for each in inputs for symbol in exportable(each.object)}
    missing = [name for name in names if name not in defined]
    if missing:
        raise WasmbuildError(
            Diagnostic(
                "no-export",
                f"nothing to export is named `{missing[0]}`",
                facts=(("asked for by", f"--export={missing[0]}"), ("defined", f"{len(defined)} symbols")),
                help=("use --export-if-defined where it may be missing",),
            )
        )
    return set(names)
