"""wasm-ld's text as diagnostics. What it says that is not known here is passed on whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from wasmbuild.builder.declarations import declared_for_source
from wasmbuild.builder.keyfunctions import described_classes, without_description
from wasmbuild.builder.knowledge import ProjectKnowledge
from wasmbuild.builder.linkspec import LinkSpec
from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean
from wasmbuild.explain.missing import CXX, Lack, lacking, missing
from wasmbuild.explain.references import listed, symbol
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.demangle import is_of_template

_FIRST_LINE = re.compile(r"^\S*wasm-ld(?:-\d+|\.exe)?: (error|warning): (.*)$")
_UNDEFINED = re.compile(r"^(.*): undefined symbol: (.*)$")
_MISMATCH = re.compile(r"^function signature mismatch: (.*)$")
_DUPLICATE = re.compile(r"^duplicate symbol: (.*)$")
_RELOCATION = re.compile(r"^(.*): relocation (\S+) cannot be used against symbol `?(.*?)`?; recompile with -fPIC$")
_SIDE = re.compile(r"^>>> defined as (.*) in (.*)$")
_IN = re.compile(r"^>>> defined in (.*)$")

_INSTANTIATE = "a template is compiled where it is used: define it in its header, or instantiate it where it is defined"

_MANY = 8
"""Symbols with one cure; beyond that they are one finding."""


def explain(text: str, spec: LinkSpec) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Errors and warnings in wasm-ld's output. A signature mismatch is an error even where wasm-ld only warns and
    puts in a function that traps."""
    errors: list[Diagnostic] = []
    warnings: list[Diagnostic] = []
    undefined: dict[str, list[str]] = {}
    for severity, headline, details in _messages(text):
        if match := _UNDEFINED.match(headline):
            undefined.setdefault(match[2], []).append(match[1])
        elif match := _MISMATCH.match(headline):
            errors.append(_mismatch(match[1], details, spec))
        elif match := _DUPLICATE.match(headline):
            places = [source_of(place[1], spec) for line in details if (place := _IN.match(line))]
            facts = (("defined in", "\n".join(places)), ("linking", spec.output))
            left_out = "sources out (`exclude:`)" if spec.requires_at else "files out"
            errors.append(
                Diagnostic(
                    "duplicate-symbol",
                    f"duplicate symbol: {symbol(match[1])}",
                    facts=facts,
                    help=(f"leave one of the {left_out}, or make one of the two `static`",),
                )
            )
        elif match := _RELOCATION.match(headline):
            errors.append(
                Diagnostic(
                    "not-pic",
                    f"not position-independent: {match[1]}",
                    facts=(("relocation", f"{match[2]} against `{match[3]}`"), ("linking", spec.output)),
                    help=("compile it with -fPIC",),
                )
            )
        elif severity == "error":
            said = "\n".join([headline, *details])
            errors.append(Diagnostic("link-failed", f"wasm-ld cannot link {spec.output}", facts=(("it said", said),)))
        elif "not yet stable" not in headline:  # LLVM's standing remark on -shared and -pie
            said = "\n".join([headline, *details])
            headline = f"wasm-ld warns about {spec.output}"
            warnings.append(Diagnostic("link-warning", headline, facts=(("it said", said),), severity="warning"))
    return [*errors, *_undefined(undefined, spec)], warnings


def source_of(path: str, spec: LinkSpec) -> str:
    """The source of an object and the library of an interface, which are what the user knows; any other path as it
    is."""
    for object_, source in spec.objects:
        if path == object_ or path.startswith(f"{object_}("):
            return source + path[len(object_) :]
    return spec.interfaces.get(path, path)


def _messages(text: str) -> Iterator[tuple[str, str, list[str]]]:
    severity, headline, details = "", "", list[str]()
    for line in text.splitlines():
        first = _FIRST_LINE.match(line)
        if first:
            if headline:
                yield severity, headline, details
            severity, headline, details = first[1], first[2], []
        elif line.strip() and headline:
            details.append(line)
    if headline:
        yield severity, headline, details


def _mismatch(name: str, details: list[str], spec: LinkSpec) -> Diagnostic:
    known = _knowledge(spec)
    sides = [(match[1].replace("void", "()"), match[2]) for line in details if (match := _SIDE.match(line))]
    facts = []
    for type_, place in sides:
        source, is_library = source_of(place, spec), place in spec.libraries
        label, path = "exported as" if is_library else "declared as", Path(source)
        is_source = source != place and not is_library
        declared = declared_for_source(name, path, known.build) if is_source else known.declared(name, path)
        facts.append((label, f"{type_}  in {source}" + (f"\n{declared}" if declared else "")))
    if len({label for label, _ in facts}) == 1:
        facts = [("on one side", facts[0][1]), ("on the other", facts[1][1])] if len(facts) == 2 else facts
    return Diagnostic(
        "signature-mismatch",
        f"signature mismatch: {symbol(name)}",
        facts=(*facts, ("linking", spec.output)),
        help=("compile both against the same header",),
    )


def _undefined(undefined: Mapping[str, list[str]], spec: LinkSpec) -> Iterator[Diagnostic]:
    """What one knows to be missing is one finding for each reason, and so are many symbols with one cure; every other
    symbol is one of its own."""
    if not undefined:
        return
    # A link by command line has no manifest to change, and scripts that configure a project make many that fail.
    knowledge = _knowledge(spec) if spec.requires_at else None
    known = _known_symbols(spec)
    handled = set[str]()
    for of, names in described_classes(undefined).items():
        if knowledge is None or not any(knowledge.exporters(name) for name in names):
            found = without_description(of, names, undefined, spec, known)
            if found is not None:
                yield found[0]
                handled |= found[1]
    lacks: dict[Lack, list[str]] = {}
    others: dict[tuple[str, ...], list[str]] = {}
    for name in (name for name in undefined if name not in handled):
        exporters, lack = knowledge.exporters(name) if knowledge else (), lacking(name)
        if lack is CXX and any(Path(path).name == abi.LIBCXX for path in spec.libraries):
            lack = None
        if lack is not None and not exporters:
            lacks.setdefault(lack, []).append(name)
        else:
            others.setdefault(exporters, []).append(name)
    for exporters, names in others.items():
        if len(names) > _MANY:
            yield _many_undefined({name: undefined[name] for name in names}, spec, exporters)
        else:
            yield from (_one_undefined(name, undefined[name], spec, known, exporters) for name in names)
    for lack, names in lacks.items():
        users = [user for name in names for user in undefined[name]]
        yield missing(lack, names, (("used by", _users(users, spec)), ("linking", spec.output)))


def _one_undefined(
    name: str, users: list[str], spec: LinkSpec, known: tuple[str, ...], exporters: tuple[str, ...]
) -> Diagnostic:
    near = did_you_mean(name, known)
    help_ = [f"did you mean {symbol(near)}?"] if near else []
    if name.startswith("_Z") and symbol(name).partition("(")[0].strip("`") in known:
        help_ = ['a C library defines it: declare it `extern "C"` in its header']
    elif exporters:
        help_ = list(exporters)
    else:
        help_ += [_INSTANTIATE] if is_of_template(name) else []
        help_.append(_require("it", spec))
    return Diagnostic(
        "undefined-symbol",
        f"undefined symbol: {symbol(name)}",
        facts=(
            ("used by", _users(users, spec)),
            ("linking", spec.output),
            _searched(spec),
        ),
        help=tuple(help_),
    )


def _many_undefined(undefined: Mapping[str, list[str]], spec: LinkSpec, exporters: tuple[str, ...]) -> Diagnostic:
    users = [user for found in undefined.values() for user in found]
    return Diagnostic(
        "undefined-symbol",
        f"undefined: {len(undefined)} symbols",
        facts=(
            ("undefined", listed([symbol(name) for name in undefined], "\n", _MANY)),
            ("used by", _users(users, spec)),
            ("linking", spec.output),
            _searched(spec),
        ),
        help=exporters or (_require("them", spec),),
    )


def _searched(spec: LinkSpec) -> tuple[str, str]:
    searched = ", ".join(Path(path).name for path in (*spec.libraries, *spec.archives))
    return "searched", searched or "no library is required"


def _require(what: str, spec: LinkSpec) -> str:
    if not spec.requires_at:
        return (
            f"link the library that defines {what} with -l, or say -Wl,--allow-undefined if the program supplies {what}"
        )
    return (
        f"add the library that defines {what} to `requires` at {spec.requires_at}, "
        f"or list {what} under `imports` if the host supplies {what}"
    )


def _users(users: list[str], spec: LinkSpec) -> str:
    return listed(list(dict.fromkeys(source_of(user, spec) for user in users)), "\n")


def _knowledge(spec: LinkSpec) -> ProjectKnowledge:
    build = Path(spec.output).parent.parent
    return ProjectKnowledge(Path(), build, spec.requires_at, linked=spec.libraries)


def _known_symbols(spec: LinkSpec) -> tuple[str, ...]:
    """What the libraries of this link export, for suggestions."""
    names: dict[str, None] = {}
    for path in spec.libraries:
        try:
            module = decode(Path(path).read_bytes(), path)
        except (OSError, WasmbuildError):
            continue
        names.update(dict.fromkeys(export.name for export in module.exports))
    return tuple(names)
