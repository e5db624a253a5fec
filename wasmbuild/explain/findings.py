"""Says what does not fit, grouped by symbol, before anything runs: nothing may be undefined but what the host has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.explain.doubts import Pair, doubts, find_twins, mixed_memory, programs_among_libraries, without_main
from wasmbuild.explain.references import Knowledge, importers, listed, references, symbol
from wasmbuild.explain.undefined import undefined
from wasmbuild.link.layout import MAX_PAGES, STACK_BYTES, Layout, lay_out
from wasmbuild.link.plan import LinkPlan, make_plan
from wasmbuild.link.resolve import Definition, Host, Problem, Resolution, WeakUndefined, resolve
from wasmbuild.link.scope import Scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import FuncType, MemoryType, TableType
from wasmbuild.wasm.traits import Traits

MAX_TABLE_ELEMENTS = 10_000_000
"""What wasmtime allows a table to hold."""


_TYPE_INFORMATION = (
    "type information of C++ is among them: `catch` and `dynamic_cast` compare its address, and a library that was "
    "linked with -Bsymbolic, or does not export it, has its own",
)


def check(
    scope: Scope,
    host: Host,
    stack_bytes: int = STACK_BYTES,
    knowledge: Knowledge | None = None,
    traits: Sequence[Traits] = (),
) -> tuple[LinkPlan | None, tuple[Diagnostic, ...]]:
    """How to load a scope, if it fits, and every finding about it: errors first, then warnings.

    With `traits`, one for each library of the scope, it looks closer: a loader has no time for that.
    """
    resolution = resolve(scope, host)
    position = {index: place for place, index in enumerate(scope.dependencies_first())}
    twins = find_twins(scope, traits) if traits else {}
    closer = doubts(scope, traits, twins) if traits else ()
    errors = [*programs_among_libraries(scope), *explain(scope, resolution, position, knowledge)]
    plan = None if errors else make_plan(scope, resolution, stack_bytes)
    errors += _limits(scope, lay_out(scope, stack_bytes), plan)
    errors += [finding for finding in closer if finding.severity == "error"]
    weak = [binding.name for binding in resolution.bindings[0] if isinstance(binding, WeakUndefined)]
    warnings = [finding for finding in closer if finding.severity == "warning"]
    warnings += [*_duplicates(scope, resolution, twins), *without_main(scope, weak)]
    return None if errors else plan, (*errors, *warnings)


def explain(
    scope: Scope, resolution: Resolution, position: Mapping[int, int], knowledge: Knowledge | None = None
) -> Iterator[Diagnostic]:
    """What keeps the imports of a scope from being bound. `position` is the order of instantiation."""
    yield from _problems(scope, resolution, knowledge)
    yield from _too_late(scope, resolution, position)


def _problems(scope: Scope, resolution: Resolution, knowledge: Knowledge | None) -> Iterator[Diagnostic]:
    mixed = list(mixed_memory(scope))
    yield from mixed
    groups: dict[tuple[str, str, str, str], list[Problem]] = {}
    unknown: list[Problem] = []
    for problem in resolution.problems:
        if problem.code == "undefined":
            unknown.append(problem)
        elif not (mixed and problem.import_.name == abi.MEMORY):
            provider = scope.libraries[problem.definition.library].identity if problem.definition else ""
            groups.setdefault((problem.code, problem.import_.name, problem.has, provider), []).append(problem)
    yield from undefined(scope, unknown, resolution.symbols, knowledge)
    for (code, name, _, _), problems in groups.items():
        if code == "unsupported":
            facts = (*references(scope, problems), ("but", problems[0].has))
            yield Diagnostic("unsupported-import", f"cannot be supplied: `{name}`", facts=facts)
        else:
            yield _mismatch(scope, code, name, problems, knowledge)


def _wanted(problem: Problem) -> str:
    """What an import asks for: of a GOT entry, the type says nothing about that."""
    got = {abi.GOT_MEM: "data (its address)", abi.GOT_FUNC: "a function (its address)"}
    return got.get(problem.import_.module) or str(problem.import_.type)


def _mismatch(scope: Scope, code: str, name: str, problems: list[Problem], knowledge: Knowledge | None) -> Diagnostic:
    definition = problems[0].definition
    exporter = scope.libraries[definition.library].name if definition else "the host"
    by_type: dict[str, list[Problem]] = {}
    for problem in problems:
        by_type.setdefault(_wanted(problem), []).append(problem)
    facts = [("imported as", f"{type_}  by {importers(scope, users)}") for type_, users in by_type.items()]
    facts.append(("exported as", f"{problems[0].has}  by {exporter}"))
    if knowledge and definition:
        sides = scope.libraries[problems[0].library].identity, scope.libraries[definition.library].identity
        facts += knowledge.declarations(name, *sides)
    if code == "mismatch":
        return Diagnostic(
            "signature-mismatch",
            f"signature mismatch: {symbol(name)}",
            facts=tuple(facts),
            help=("compile both against the same header",),
        )
    return Diagnostic(
        "kind-mismatch",
        f"not the same kind of thing on both sides: {symbol(name)}",
        facts=tuple(facts),
        help=("declare it alike on both sides: a function, or data",),
    )


def _too_late(scope: Scope, resolution: Resolution, position: Mapping[int, int]) -> Iterator[Diagnostic]:
    """Tags and globals that are imported before they exist: a stub can stand in for a function, for these nothing."""
    for index, (library, bindings) in enumerate(zip(scope.libraries, resolution.bindings, strict=True)):
        # A library that is in the process already has no bindings here.
        for import_, binding in zip(library.module.imports, bindings, strict=False):
            if not isinstance(binding, Definition) or isinstance(import_.type, FuncType):
                continue
            if position[binding.library] >= position[index]:
                definer = scope.libraries[binding.library].name
                yield Diagnostic(
                    "defined-too-late",
                    f"imported before it exists: {symbol(import_.name)}",
                    facts=(("imported by", f"{library.name}  {import_.type}"), ("defined by", definer)),
                    help=(f"let `{library.name}` need `{definer}`, and not the other way round",),
                )


def _limits(scope: Scope, layout: Layout, plan: LinkPlan | None) -> Iterator[Diagnostic]:
    table_size = plan.table_size if plan else layout.table_end
    if layout.memory_pages > MAX_PAGES:
        yield _too_much(scope, "memory", "bytes", layout.heap_base, 1 << 32, lambda info: info.memory_size)
    if layout.table_end > MAX_TABLE_ELEMENTS:
        yield _too_much(scope, "table", "elements", layout.table_end, MAX_TABLE_ELEMENTS, lambda info: info.table_size)
    for library in scope.libraries:
        for import_ in library.module.imports:
            match import_.type:
                case MemoryType() as type_ if type_.limits.maximum is not None and import_.name == abi.MEMORY:
                    needed, most = layout.memory_pages, type_.limits.maximum
                    unit = "pages of 64 KiB"
                case TableType() as type_ if type_.limits.maximum is not None:
                    needed, most, unit = table_size, type_.limits.maximum, "elements"
                case _:
                    continue
            if needed > most:
                yield Diagnostic(
                    "limit-too-small",
                    f"limit too small: `{import_.name}` of `{library.name}`",
                    facts=(
                        ("at most", f"{most} {unit}"),
                        ("needed", f"{needed} {unit} by the whole process"),
                    ),
                    help=("raise `memory: {max: …}`, or leave it out",) if import_.name == abi.MEMORY else (),
                )


def _too_much(scope: Scope, what: str, unit: str, needed: int, most: int, size: Callable[..., int]) -> Diagnostic:
    sizes = [(size(lib.module.dylink.mem_info), lib.name) for lib in scope.libraries if lib.module.dylink]
    largest, name = max(sizes)
    return Diagnostic(
        "too-large",
        f"more {what} than a process can have",
        facts=(
            ("needed", f"{needed} {unit}"),
            ("at most", f"{most} {unit}"),
            ("largest", f"{name}, {largest} {unit}"),
        ),
    )


def _duplicates(scope: Scope, resolution: Resolution, twins: Mapping[Pair, str]) -> Iterator[Diagnostic]:
    """Symbols that two libraries define. The first wins, as in ELF: sometimes meant, often a surprise. Of two copies
    of one library, that they are two has been said."""
    pairs: dict[tuple[int, ...], list[str]] = {}
    for name, definitions in resolution.symbols.items():
        if len(definitions) > 1 and frozenset(d.library for d in definitions) not in twins:
            pairs.setdefault(tuple(d.library for d in definitions), []).append(name)
    for libraries, names in pairs.items():
        first, *others = (scope.libraries[index].name for index in libraries)
        yield Diagnostic(
            "duplicate-symbol",
            f"defined more than once: {listed([symbol(name) for name in names])}",
            facts=(("used", first), ("hidden", ", ".join(others))),
            notes=_TYPE_INFORMATION if any(name.startswith(("_ZTI", "_ZTS")) for name in names) else (),
            help=("leave it out of the `exports` of one of them",),
            severity="warning",
        )
