"""`wasmbuild why`: an explanation as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import to_builtins

from wasmbuild.explain.why import Definer, Explanation, Use
from wasmbuild.link.scope import needed_by_text
from wasmbuild.report.columns import columns, joined

_SHOWN = 12
"""Importers that are shown; `--json` has all."""


def explanation_text(explanation: Explanation) -> str:
    """Several lines, without a final newline."""
    return joined(_lines(explanation))


def explanations_to_json(explanations: Iterable[Explanation]) -> list[dict[str, Any]]:
    return [{**to_builtins(each), "fits": each.fits} for each in explanations]


def _lines(explanation: Explanation) -> Iterator[str]:
    name = explanation.symbol
    meaning = f"  {explanation.demangled}" if explanation.demangled else ""
    yield f"{explanation.root}: {name}{meaning}"
    yield f"  {explanation.verdict}"
    hidden = len(explanation.uses) - _SHOWN
    uses = [_use(use) for use in explanation.uses[:_SHOWN]]
    yield from ("", f"  imported by: {len(explanation.uses) or 'nobody'}")
    yield from columns("    ", uses)
    if hidden > 0:
        yield f"    and {hidden} more"
    yield from ("", f"  defined by: {len(explanation.definitions) or 'nobody'}")
    yield from columns("    ", [_definer(definer) for definer in explanation.definitions])
    yield from ("", f"  scope: {', '.join(explanation.scope)}")


def _use(use: Use) -> tuple[str, ...]:
    how = use.how if use.module in ("env", "GOT.mem", "GOT.func") else f"{use.how}, from {use.module}"
    type_ = "" if use.how.startswith("address") else use.type
    return use.library, how, type_, "weak" if use.weak else "", _outcome(use)


def _outcome(use: Use) -> str:
    bound_to = use.bound_to if use.bound_to else ""
    match use.outcome:
        case "bound":
            return f"→ {bound_to}"
        case "weak":
            return "→ nobody: 0, a call traps"
        case "mismatch":
            return f"does not fit {bound_to or 'the host'}: another type"
        case "wrong-kind":
            return f"does not fit {bound_to}: not the same kind of thing"
        case "unsupported":
            return "cannot be supplied"
    return "undefined"


def _definer(definer: Definer) -> tuple[str, ...]:
    why = "the root" if definer.place == 1 else f"number {definer.place}, needed by {needed_by_text(definer.chain)}"
    return (
        definer.library,
        definer.kind,
        definer.type if definer.kind != "data" else "",
        "weak" if definer.weak else "",
        definer.status,
        why,
    )
