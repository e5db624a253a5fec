"""Libraries that are needed lazily and cannot wait for a call. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.explain.references import listed, symbol
from wasmbuild.link.lazy import forced
from wasmbuild.link.resolve import Resolution
from wasmbuild.link.scope import Scope


def not_lazy(scope: Scope, resolution: Resolution) -> Iterator[Diagnostic]:
    """One finding for each library, with the names that are no functions."""
    users: dict[int, list[str]] = {}
    for each in forced(scope, resolution):
        names = listed([symbol(name) for name in each.names])
        users.setdefault(each.library, []).append(f"{scope.libraries[each.importer].name}  {names}")
    for library, lines in sorted(users.items()):
        lazily = [each.name for each, lazy in zip(scope.libraries, scope.lazy, strict=True) if library in lazy]
        yield Diagnostic(
            "not-lazy",
            f"loaded at once, and not at the first call: `{scope.libraries[library].name}`",
            facts=(("needed lazily by", listed(lazily)), ("data used by", listed(lines, "\n"))),
            notes=("what is no function has to be there before anything can be called",),
            help=("let functions give the data out, or leave `lazy` away",),
            severity="warning",
        )
