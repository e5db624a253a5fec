"""Says what does not fit, grouped by symbol, and what links and yet will not do: a decision as diagnostics. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.explain.areas import outside_area, own_memory
from wasmbuild.explain.doubts import (
    Twins,
    doubts,
    find_twins,
    mixed_memory,
    of_64_bits,
    thread_context,
    without_64_bits,
    without_main,
)
from wasmbuild.explain.notlazy import not_lazy
from wasmbuild.explain.references import Knowledge, importers, listed, needed_by, references, symbol
from wasmbuild.explain.replaced import listed_replaced, replaced_libraries
from wasmbuild.explain.undefined import undefined
from wasmbuild.link.areas import OutsideArea, OwnMemory
from wasmbuild.link.decide import (
    Decision,
    LimitTooSmall,
    Misfit,
    ProgramAsLibrary,
    SecondAllocator,
    SecondLibcxx,
    TooLarge,
    TooLate,
)
from wasmbuild.link.entries import NotCallable
from wasmbuild.link.resolve import Definition, Problem, Resolution, WeakUndefined
from wasmbuild.link.scope import Scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import Module
from wasmbuild.wasm.traits import Traits

_HIDDEN = 24
"""Libraries that are named of those whose definition is not used."""


_FIRST = ProgramAsLibrary | SecondAllocator | SecondLibcxx | OwnMemory | OutsideArea
"""What is said before the imports that nobody defines: it may be why."""


def errors(
    decision: Decision, knowledge: Knowledge | None = None, from_program: Sequence[str] = ()
) -> tuple[Diagnostic, ...]:
    """What keeps a scope from being loaded; nothing where it has a plan. What matches the patterns `from_program` is
    not missed: the scope is a library's, and its program will define it."""
    by_kind: dict[bool, list[Misfit]] = {True: [], False: []}
    for misfit in decision.misfits:
        by_kind[isinstance(misfit, _FIRST)].append(misfit)
    scope = decision.scope
    return (
        *(_misfit(scope, misfit) for misfit in by_kind[True]),
        *_problems(scope, decision.resolution, knowledge, from_program),
        *(_misfit(scope, misfit) for misfit in by_kind[False]),
    )


def findings(
    decision: Decision,
    knowledge: Knowledge | None = None,
    traits: Sequence[Traits] = (),
    from_program: Sequence[str] = (),
) -> tuple[Diagnostic, ...]:
    """Every finding about a scope: errors first, then warnings.

    With `traits`, one for each library of the scope, it looks closer: a loader has no time for that.
    """
    scope, resolution = decision.scope, decision.resolution
    twins = find_twins(scope, traits) if traits else {}
    closer = doubts(scope, traits, twins) if traits else ()
    weak = [binding.name for binding in resolution.bindings[0] if isinstance(binding, WeakUndefined)]
    return (
        *errors(decision, knowledge, from_program),
        *(finding for finding in closer if finding.severity == "error"),
        *(finding for finding in closer if finding.severity == "warning"),
        *_duplicates(scope, resolution, twins),
        *without_main(scope, weak),
        *(not_lazy(scope, resolution) if not resolution.problems else ()),
    )


def _problems(
    scope: Scope, resolution: Resolution, knowledge: Knowledge | None, from_program: Sequence[str]
) -> Iterator[Diagnostic]:
    mixed = list(mixed_memory(scope))
    yield from mixed
    wide = of_64_bits(scope)
    yield from without_64_bits(scope, wide)
    yield from thread_context(scope, resolution.problems)
    groups: dict[tuple[str, str, str, str], list[Problem]] = {}
    unknown: list[Problem] = []
    for problem in resolution.problems:
        if problem.library in wide or problem.import_.name in abi.THREAD_CONTEXT:
            continue  # compiled again, it will import other things
        if problem.code == "undefined":
            if not any(fnmatchcase(problem.import_.name, pattern) for pattern in from_program):
                unknown.append(problem)
        elif not (mixed and problem.import_.name == abi.MEMORY):
            provider = scope.libraries[problem.definition.library].identity if problem.definition else ""
            groups.setdefault((problem.code, problem.import_.name, problem.has, provider), []).append(problem)
    replaced = replaced_libraries(scope) if unknown or groups else {}
    yield from undefined(scope, unknown, resolution.symbols, knowledge, replaced)
    for (code, name, _, _), problems in groups.items():
        if code == "unsupported":
            facts = (*references(scope, problems), ("but", problems[0].has))
            yield Diagnostic("unsupported-import", f"cannot be supplied: `{name}`", facts=facts)
        else:
            notes = listed_replaced(replaced, [problem.library for problem in problems])
            yield _mismatch(scope, code, name, problems, knowledge, notes)


def _wanted(problem: Problem) -> str:
    """What an import asks for: of a GOT entry, the type says nothing about that."""
    got = {abi.GOT_MEM: "data (its address)", abi.GOT_FUNC: "a function (its address)"}
    return got.get(problem.import_.module) or str(problem.import_.type)


def _mismatch(
    scope: Scope,
    code: str,
    name: str,
    problems: list[Problem],
    knowledge: Knowledge | None,
    notes: tuple[str, ...],
) -> Diagnostic:
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
            notes=notes,
            help=("compile both against the same header",),
        )
    return Diagnostic(
        "kind-mismatch",
        f"not the same kind of thing on both sides: {symbol(name)}",
        facts=tuple(facts),
        notes=notes,
        help=("declare it alike on both sides: a function, or data",),
    )


def _misfit(scope: Scope, misfit: Misfit) -> Diagnostic:
    match misfit:
        case ProgramAsLibrary(index):
            return Diagnostic(
                "program-as-library",
                f"a program where a library belongs: `{scope.libraries[index].name}`",
                facts=(("it exports", f"`{abi.START}`, which nobody would call"), *needed_by(scope, index)),
                help=("link it with -shared and without a start file, or take it out of what is needed",),
            )
        case NotCallable(index, name, found, wanted):
            return Diagnostic(
                "not-callable",
                f"cannot be called: `{name}` of `{scope.libraries[index].name}`",
                facts=(("it is", found), ("needed", f"a function {wanted}"), *needed_by(scope, index)),
                help=("give it another name: whoever loads the module calls what has this one",),
            )
        case SecondAllocator(index, libc, names, is_libc):
            name, other = scope.libraries[index].name, scope.libraries[libc].name
            if is_libc:
                return Diagnostic(
                    "second-libc",
                    f"a second C library: `{name}`",
                    facts=(("in the process", other), *needed_by(scope, index)),
                    notes=("both would take what is behind the last module's data for their heap",),
                    help=("let all that need one find the same file",),
                )
            return Diagnostic(
                "second-allocator",
                f"a heap beside that of the C library: `{name}`",
                facts=(("it exports", listed([symbol(each) for each in names])), ("libc's own", other)),
                notes=("`strdup`, `getline` and all others of libc go on with libc's: what one gives, the other gets",),
                help=("leave it out of `exports`, or call it by other names",),
            )
        case SecondLibcxx(index, libcxx):
            return Diagnostic(
                "second-libcxx",
                f"a second C++ library: `{scope.libraries[index].name}`",
                facts=(("in the process", scope.libraries[libcxx].name), *needed_by(scope, index)),
                notes=("what one of the two throws, the other does not catch",),
                help=("link it to the one that is there, without libc++ and libc++abi in it",),
            )
        case TooLate(index, import_, definer):
            importer, exporter = scope.libraries[index].name, scope.libraries[definer].name
            return Diagnostic(
                "defined-too-late",
                f"imported before it exists: {symbol(import_.name)}",
                facts=(("imported by", f"{importer}  {import_.type}"), ("defined by", exporter)),
                help=(f"let `{importer}` need `{exporter}`, and not the other way round",),
            )
        case LimitTooSmall(index, import_, needed, most):
            of_memory = import_.name == abi.MEMORY
            unit = "pages of 64 KiB" if of_memory else "elements"
            return Diagnostic(
                "limit-too-small",
                f"limit too small: `{import_.name}` of `{scope.libraries[index].name}`",
                facts=(("at most", f"{most} {unit}"), ("needed", f"{needed} {unit} by the whole process")),
                help=("raise `memory: {max: …}`, or leave it out",) if of_memory else (),
            )
        case OwnMemory(index):
            return own_memory(scope.libraries[index].name, scope.libraries[index].module, needed_by(scope, index))
        case OutsideArea(index):
            return outside_area(scope.libraries[index].name, misfit)
        case TooLarge(what, needed, most):
            return _too_large(scope, what, needed, most)


def _too_large(scope: Scope, what: str, needed: int, most: int) -> Diagnostic:
    unit = "bytes" if what == "memory" else "elements"
    infos = [(lib.module.dylink.mem_info, lib.name) for lib in scope.libraries if lib.module.dylink]
    sizes = [(info.memory_size if what == "memory" else info.table_size, name) for info, name in infos]
    largest = max(sizes, default=None)
    return Diagnostic(
        "too-large",
        f"more {what} than a process can have",
        facts=(
            ("needed", f"{needed} {unit}"),
            ("at most", f"{most} {unit}"),
            *((("largest", f"{largest[1]}, {largest[0]} {unit}"),) if largest and largest[0] else ()),
        ),
    )


def _is_meant(scope: Scope, name: str, definitions: Sequence[Definition]) -> bool:
    """C++ defines in each library what describes types, inline functions and instances of templates. Of its data, who
    imports what it defines takes the first definition, as all others do; the names of some are plain."""
    if name.startswith("_Z" if definitions[0].export.kind == "func" else "_ZT"):
        return True
    others = [scope.libraries[definition.library].module for definition in definitions[1:]]
    return all((abi.GOT_MEM, name) in other.import_names and _is_cxx(other) for other in others)


def _is_cxx(module: Module) -> bool:
    names = (*(export.name for export in module.exports), *(import_.name for import_ in module.imports))
    return any(name.startswith("_Z") for name in names)


def _duplicates(scope: Scope, resolution: Resolution, twins: Mapping[Twins, str]) -> Iterator[Diagnostic]:
    """Symbols that two libraries define. The first wins, as in ELF: sometimes meant, often a surprise. Of two copies
    of one library, that they are two has been said."""
    pairs: dict[tuple[int, ...], list[str]] = {}
    first: dict[int, int] = {}
    for group in twins:
        first.update((index, min(first.get(index, index), *group)) for index in group)
    for name, definitions in resolution.symbols.items():
        if name == abi.MAIN_VOID:  # libc's own stands in for that of whoever has a `main`
            continue
        if name in abi.MAINS and definitions[0].library == 0:  # a library's is for programs that have none
            continue
        libraries = [d.library for d in definitions] if len(definitions) > 1 else ()
        if libraries and _is_meant(scope, name, definitions):
            continue
        if len({first.get(index, index) for index in libraries}) > 1:
            pairs.setdefault(tuple(d.library for d in definitions), []).append(name)
    for definers, names in pairs.items():
        used, *others = (scope.libraries[index].name for index in definers)
        yield Diagnostic(
            "duplicate-symbol",
            f"defined more than once: {listed([symbol(name) for name in names])}",
            facts=(("used", used), ("hidden", listed(others, shown=_HIDDEN))),
            help=("leave it out of the `exports` of one of them",),
            severity="warning",
        )
