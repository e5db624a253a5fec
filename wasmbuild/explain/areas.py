"""What to say of modules that do not keep to the areas that they asked for."""

from __future__ import annotations

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.explain.references import Facts, listed
from wasmbuild.link.areas import OutsideArea, OutsideSegment
from wasmbuild.printing import counted
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import Module


def own_memory(shown: str, module: Module, needed_by: Facts = ()) -> Diagnostic:
    """A module that defines what all modules of a process share."""
    kinds = [kind for kind, own in (("memory", module.owns_memory), ("table", module.owns_table)) if own]
    types = [*(module.memories if module.owns_memory else ()), *(module.tables if module.owns_table else ())]
    program = abi.START in module.exports_by_name
    return Diagnostic(
        "own-memory",
        f"a {' and a '.join(kinds)} of its own, where all modules share one: `{shown}`",
        facts=(("defines", "; ".join(map(str, types))), *needed_by),
        notes=(f"it was linked without {' and '.join(f'`--import-{kind}`' for kind in kinds)}",),
        help=(f"link it with `{'-pie --import-memory' if program else '-shared'}`",),
    )


def outside_area(name: str, misfit: OutsideArea) -> Diagnostic:
    unit = "byte" if misfit.what == "data" else "element"
    found = [_placed(segment, unit) for segment in misfit.segments]
    return Diagnostic(
        "outside-area",
        f"{misfit.what} outside of the module's own area: `{name}`",
        facts=(
            ("area", f"{counted(misfit.area, unit)}, as its `dylink.0` says"),
            ("found", listed(found, "\n")),
        ),
        notes=("it would overwrite what other modules have there",),
        help=("link it with -shared, or a program with -pie, and keep the `dylink.0` section as wasm-ld wrote it",),
    )


def _placed(segment: OutsideSegment, unit: str) -> str:
    where = f"at the fixed address {segment.start}"
    if not segment.fixed:
        where = f"from {segment.start} to {segment.start + segment.size}"
    return f"segment {segment.number}: {counted(segment.size, unit)}{' ' if segment.fixed else ', '}{where}"
