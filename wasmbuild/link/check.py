"""Says what does not fit, grouped by symbol, before anything runs: nothing may be undefined but what the host has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from wasmbuild.diagnostics import Diagnostic, did_you_mean
from wasmbuild.link.plan import MAX_PAGES, STACK_BYTES, Layout, LinkPlan, lay_out, make_plan
from wasmbuild.link.resolve import Definition, Host, Problem, Resolution, resolve
from wasmbuild.link.scope import Scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.demangle import demangle
from wasmbuild.wasm.module import FuncType, MemoryType, TableType

MAX_TABLE_ELEMENTS = 10_000_000
"""What wasmtime allows a table to hold."""

_SHOWN = 3
"""References that are shown of each symbol; the rest are counted."""


def check(scope: Scope, host: Host, stack_bytes: int = STACK_BYTES) -> tuple[LinkPlan | None, tuple[Diagnostic, ...]]:
    """How to load a scope, if it fits, and every finding about it: errors first, then warnings."""
    resolution = resolve(scope, host)
    errors = [*_problems(scope, resolution), *_too_late(scope, resolution)]
    plan = None if errors else make_plan(scope, resolution, stack_bytes)
    errors += _limits(scope, lay_out(scope, stack_bytes), plan)
    return None if errors else plan, (*errors, *_duplicates(scope, resolution))


def _problems(scope: Scope, resolution: Resolution) -> Iterator[Diagnostic]:
    groups: dict[tuple[str, str, str, str], list[Problem]] = {}
    for problem in resolution.problems:
        provider = scope.libraries[problem.definition.library].identity if problem.definition else ""
        groups.setdefault((problem.code, problem.import_.name, problem.has, provider), []).append(problem)
    symbols = resolution.symbols
    for (code, name, _, _), problems in groups.items():
        match code:
            case "undefined":
                yield _undefined(scope, name, problems, symbols)
            case "unsupported":
                first = problems[0]
                facts = (*_references(scope, problems), ("but", first.has))
                yield Diagnostic("unsupported-import", f"cannot be supplied: `{name}`", facts=facts)
            case _:
                yield _mismatch(scope, code, name, problems)


def _undefined(scope: Scope, name: str, problems: list[Problem], symbols: Iterable[str]) -> Diagnostic:
    first = problems[0].import_
    if first.module not in (abi.ENV, abi.GOT_MEM, abi.GOT_FUNC):
        what = f"`{first.module}.{name}`"
        note = "a module of imports that no loader here knows; a shared library imports from `env`"
        return Diagnostic(
            "undefined-symbol", f"undefined import: {what}", facts=_references(scope, problems), notes=(note,)
        )
    searched = ", ".join(library.name for library in scope.libraries[1:]) or "no library is needed"
    near = did_you_mean(name, symbols)
    return Diagnostic(
        "undefined-symbol",
        f"undefined symbol: {symbol(name)}",
        facts=(*_references(scope, problems), ("searched", searched)),
        help=(f"did you mean {symbol(near)}?",) if near else (),
    )


def _mismatch(scope: Scope, code: str, name: str, problems: list[Problem]) -> Diagnostic:
    definition = problems[0].definition
    exporter = scope.libraries[definition.library].name if definition else "the host"
    by_type: dict[str, list[Problem]] = {}
    for problem in problems:
        by_type.setdefault(str(problem.import_.type), []).append(problem)
    facts = [("imported as", f"{type_}  by {_names(scope, importers)}") for type_, importers in by_type.items()]
    facts.append(("exported as", f"{problems[0].has}  by {exporter}"))
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


def _too_late(scope: Scope, resolution: Resolution) -> Iterator[Diagnostic]:
    """Tags and globals that are imported before they exist: a stub can stand in for a function, for these nothing."""
    position = {index: place for place, index in enumerate(scope.dependencies_first())}
    for index, (library, bindings) in enumerate(zip(scope.libraries, resolution.bindings, strict=True)):
        for import_, binding in zip(library.module.imports, bindings, strict=True):
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


def _duplicates(scope: Scope, resolution: Resolution) -> Iterator[Diagnostic]:
    """Symbols that two libraries define. The first wins, as in ELF: sometimes meant, often a surprise."""
    pairs: dict[tuple[int, ...], list[str]] = {}
    for name, definitions in resolution.symbols.items():
        if len(definitions) > 1:
            pairs.setdefault(tuple(d.library for d in definitions), []).append(name)
    for libraries, names in pairs.items():
        first, *others = (scope.libraries[index].name for index in libraries)
        shown = ", ".join(symbol(name) for name in names[:_SHOWN])
        rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield Diagnostic(
            "duplicate-symbol",
            f"defined more than once: {shown}{rest}",
            facts=(("used", first), ("hidden", ", ".join(others))),
            help=("leave it out of the `exports` of one of them",),
            severity="warning",
        )


def _references(scope: Scope, problems: list[Problem]) -> tuple[tuple[str, str], ...]:
    lines = []
    for problem in problems[:_SHOWN]:
        kind = "  (its address)" if problem.import_.module in (abi.GOT_MEM, abi.GOT_FUNC) else ""
        type_ = "" if kind else f"  {problem.import_.type}"
        lines.append(f"{scope.libraries[problem.library].name}{type_}{kind}")
    if len(problems) > _SHOWN:
        lines.append(f"and {len(problems) - _SHOWN} more")
    return (("imported by", "\n".join(lines)),)


def _names(scope: Scope, problems: list[Problem]) -> str:
    names = [scope.libraries[problem.library].name for problem in problems]
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + rest


def symbol(name: str) -> str:
    """A symbol for messages: in backticks, with what it means in C++ where that differs."""
    meaning = demangle(name)
    return f"`{name}`" if meaning == name else f"`{meaning}` ({name})"
