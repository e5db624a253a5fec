"""What goes into a link: the objects and the members of archives, and which of their symbols come out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct

from wasmbuild.builder.cxxpatterns import hidden_matches, is_cxx_pattern, matched_symbols
from wasmbuild.builder.exportlist import ExportList, parse_export_list
from wasmbuild.builder.linkspec import LinkSpec
from wasmbuild.builder.operands import CXX_SUFFIXES
from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean
from wasmbuild.wasm import abi
from wasmbuild.wasm.archive import is_archive, members
from wasmbuild.wasm.demangle import qualified_name
from wasmbuild.wasm.objects import ObjectFile, Symbol, decode_object, exportable, undefined_symbols
from wasmbuild.wasm.visibility import is_cxx, is_replaceable, shared_definitions


class Input(Struct, frozen=True):
    """An object and where it came from: a source, or an archive's member."""

    shown: str
    source: str
    object: ObjectFile
    number: int
    """Of the file, among the link's objects."""
    is_member: bool = False


def read_inputs(spec: LinkSpec) -> Iterator[Input]:
    for number, (path, source) in enumerate(spec.objects):
        data = Path(path).read_bytes()
        if is_archive(data):
            for name, member in members(data, path):
                shown = f"{path}({name})"
                yield Input(shown, source, decode_object(bytes(member), shown), number, True)
        else:
            yield Input(path, source, decode_object(data, path), number)


def left_visible(spec: LinkSpec, source: str, obj: ObjectFile, is_member: bool) -> frozenset[str] | None:
    """The symbols that the driver leaves visible of an object, and of the others none; None where it leaves all as they
    are compiled. Of what is visible, wasm-ld does not bind even the module's own uses."""
    cxx = source.endswith(CXX_SUFFIXES) or is_cxx(obj)
    interposed = () if is_member else spec.interpose
    if spec.static or not (cxx or interposed or spec.default_visible):
        return None
    replaced = (symbol.name for symbol in exportable(obj) if symbol.name in interposed and not symbol.hidden)
    return frozenset(replaced) | (shared_definitions(obj) if cxx else frozenset())


def offered(spec: LinkSpec, inputs: Iterable[Input]) -> list[str]:
    """What C++ has once for all modules, whatever is chosen to be exported: wasm-ld exports visible data of a library,
    but none of a program, and what stands in for a replaceable function need not be weak."""
    if spec.static:
        return []
    found = set[str]()
    for input_ in inputs:
        if input_.source.endswith(CXX_SUFFIXES) or is_cxx(input_.object):
            found.update(symbol.name for symbol in exportable(input_.object) if is_replaceable(symbol))
            found.update(shared_definitions(input_.object) if spec.kind == "program" else ())
    return sorted(found)


def choose_exports(spec: LinkSpec, inputs: Sequence[Input]) -> list[str]:
    """The symbols to export: what the patterns of the manifest or of a file match among all that the objects define,
    and what is annotated; all of it where nothing is said. Raises WasmbuildError where that is nothing."""
    symbols = [symbol for input_ in inputs for symbol in exportable(input_.object)]
    defined = sorted({symbol.name for symbol in symbols})
    if spec.exports is None:
        # What C++ hides stays hidden. Objects that others made are hidden as a whole, where nobody said otherwise.
        return sorted(
            {
                symbol.name
                for input_ in inputs
                for symbol in exportable(input_.object)
                if not (symbol.hidden and input_.source.endswith(CXX_SUFFIXES))
            }
        )
    chosen, errors = set[str](), list[Diagnostic]()
    if spec.annotated:
        chosen.update(symbol.name for symbol in symbols if not symbol.hidden or symbol.flags & abi.EXPORTED)
        if not chosen:
            errors.append(_nothing_annotated(spec, defined))
    listed = _listed(spec)
    for pattern, at in [*((pattern, spec.exports_at) for pattern in spec.exports), *listed.exported]:
        if is_cxx_pattern(pattern) or pattern in listed.cxx:
            matched = {name for name in matched_symbols(pattern, symbols) if not listed.is_local(name)}
        else:
            matched = {name for name in defined if listed.matches(pattern, name)}
        if not matched:
            errors.append(_nothing(spec, pattern, str(at), symbols))
        chosen.update(matched)
    if errors:
        raise WasmbuildError(*errors)
    if spec.kind == "program":
        # Of what the libraries want from it; whether they find all of it, the check says.
        chosen.update(name for name in defined if matches_any(spec.from_program, name))
    return sorted(chosen)


def matches_any(patterns: Iterable[str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _listed(spec: LinkSpec) -> ExportList:
    if spec.exports_file is None:
        return ExportList(())
    return parse_export_list(Path(spec.exports_file).read_text(encoding="utf-8", errors="replace"), spec.exports_file)


def _nothing(spec: LinkSpec, pattern: str, at: str, symbols: Sequence[Symbol]) -> Diagnostic:
    defined, help_ = sorted({symbol.name for symbol in symbols}), "a `static` function cannot be exported"
    hidden = set[str]()
    if is_cxx_pattern(pattern):
        hidden = hidden_matches(pattern, symbols)
        defined = sorted({qualified_name(name) or name for name in defined})
    if hidden:
        help_ = 'remove `visibility("hidden")`, or what else hides it: `inline` in a class, `-fvisibility=hidden`'
    elif near := did_you_mean(pattern, defined):
        help_ = f"did you mean `{near}`?"
    return Diagnostic(
        "no-export",
        f"nothing to export matches `{pattern}`",
        facts=(
            ("at", at),
            ("linking", spec.output),
            *((("hidden in the sources", _some(sorted(hidden))),) if hidden else ()),
            ("defined", _some(defined)),
        ),
        help=(help_,),
    )


def _nothing_annotated(spec: LinkSpec, defined: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        "nothing-annotated",
        f"no source of `{spec.name}` says what is exported",
        facts=(("at", spec.exports_at), ("linking", spec.output), ("defined", _some(defined))),
        help=('mark what is to be exported with `__attribute__((visibility("default")))`',),
    )


def _some(defined: Sequence[str]) -> str:
    return f"{len(defined)} symbols: {', '.join(defined[:6])}{', …' if len(defined) > 6 else ''}"


def exported_symbols(
    spec: LinkSpec, inputs: Sequence[Input], chosen: Iterable[str]
) -> dict[str, tuple[ObjectFile, Symbol]]:
    """All that a shared library exports, with the definition that wasm-ld takes: what was chosen, and what nobody has a
    say in, since -shared exports whatever the sources make visible or give the name of an export."""
    names, all_of_it = {*chosen, *offered(spec, inputs), *_asked_of_the_linker(spec)}, "--export-all" in spec.ldflags
    found = dict[str, tuple[ObjectFile, Symbol]]()
    for input_ in inputs if spec.whole_archive else taken(inputs, names):
        own_names = {export.index: export.name for export in input_.object.module.exports if export.kind == "func"}
        visible = left_visible(spec, input_.source, input_.object, input_.is_member)
        for symbol in exportable(input_.object):
            is_visible = all_of_it or (symbol.name in visible if visible is not None else not symbol.hidden)
            if not (symbol.name in names or is_visible or symbol.flags & abi.EXPORTED):
                continue
            name = own_names.get(symbol.index or 0, symbol.name) if symbol.kind == "function" else symbol.name
            if name not in found or (found[name][1].weak and not symbol.weak):
                found[name] = input_.object, symbol
    return found


def _asked_of_the_linker(spec: LinkSpec) -> Iterator[str]:
    for flag in spec.ldflags:
        option, _, name = flag.partition("=")
        if option in ("--export", "--export-if-defined"):
            yield name


def taken(inputs: Sequence[Input], names: Iterable[str]) -> list[Input]:
    """The objects, and those members of archives that define what no object does and somebody asks for."""
    taken = [input_ for input_ in inputs if not input_.is_member]
    definers: dict[str, Input] = {}
    for input_ in [*taken, *(input_ for input_ in inputs if input_.is_member)]:
        for symbol in exportable(input_.object):
            definers.setdefault(symbol.name, input_)
    todo = [*names, *(name for input_ in taken for name in _asks_for(input_))]
    seen = {id(input_) for input_ in taken}
    while todo:
        definer = definers.get(todo.pop())
        if definer is not None and id(definer) not in seen:
            seen.add(id(definer))
            taken.append(definer)
            todo.extend(_asks_for(definer))
    return taken


def _asks_for(input_: Input) -> Iterator[str]:
    yield from (symbol.name for symbol in undefined_symbols(input_.object) if not symbol.weak)
