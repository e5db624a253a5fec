"""wasm-ld's text as diagnostics. What it says that is not known here is passed on whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from wasmbuild.builder.declarations import declared_for_source
from wasmbuild.builder.knowledge import ProjectKnowledge
from wasmbuild.builder.linkspec import LinkSpec
from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean
from wasmbuild.explain.references import symbol
from wasmbuild.wasm.decode import decode

_FIRST_LINE = re.compile(r"^\S*wasm-ld(?:-\d+|\.exe)?: (error|warning): (.*)$")
_UNDEFINED = re.compile(r"^(.*): undefined symbol: (.*)$")
_MISMATCH = re.compile(r"^function signature mismatch: (.*)$")
_DUPLICATE = re.compile(r"^duplicate symbol: (.*)$")
_RELOCATION = re.compile(r"^(.*): relocation (\S+) cannot be used against symbol `?(.*?)`?; recompile with -fPIC$")
_SIDE = re.compile(r"^>>> defined as (.*) in (.*)$")
_IN = re.compile(r"^>>> defined in (.*)$")

_CXX_RUNTIME = re.compile(r"^(__cxa_|__gxx_|_ZT[VIS]N10__cxxabiv1|_ZN?K?St|_ZNK?St3__1|_Zn[wa]|_Zd[la])")

_SHOWN = 3


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
            errors.append(
                Diagnostic(
                    "duplicate-symbol",
                    f"duplicate symbol: {symbol(match[1])}",
                    facts=facts,
                    help=("leave one of the sources out (`exclude:`), or make one of the two `static`",),
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
    known = _known_symbols(spec) if undefined else ()
    errors += [_undefined(name, users, spec, known) for name, users in undefined.items()]
    return errors, warnings


def source_of(path: str, spec: LinkSpec) -> str:
    """The source of an object and the library of an interface, which are what the user knows; any other path as it
    is."""
    return next((source for object_, source in spec.objects if object_ == path), spec.interfaces.get(path, path))


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


def _undefined(name: str, users: list[str], spec: LinkSpec, known: tuple[str, ...]) -> Diagnostic:
    users = list(dict.fromkeys(source_of(user, spec) for user in users))
    shown = [*users[:_SHOWN], *([f"and {len(users) - _SHOWN} more"] if len(users) > _SHOWN else [])]
    searched = ", ".join(Path(path).name for path in (*spec.libraries, *spec.archives))
    near = did_you_mean(name, known)
    help_ = [f"did you mean {symbol(near)}?"] if near else []
    if name.startswith("_Z") and symbol(name).partition("(")[0].strip("`") in known:
        help_ = ['a C library defines it: declare it `extern "C"` in its header']
    elif _CXX_RUNTIME.match(name):
        help_ = ["C++'s run-time library is not there: compile with -fno-rtti and without exceptions, in `cxxflags`"]
    elif exporters := _knowledge(spec).exporters(name):
        help_ = list(exporters)
    else:
        help_.append(
            f"add the library that defines it to `requires` at {spec.requires_at}, "
            "or list it under `imports` if the host supplies it"
        )
    return Diagnostic(
        "undefined-symbol",
        f"undefined symbol: {symbol(name)}",
        facts=(
            ("used by", "\n".join(shown)),
            ("linking", spec.output),
            ("searched", searched or "no library is required"),
        ),
        help=tuple(help_),
    )


def _knowledge(spec: LinkSpec) -> ProjectKnowledge:
    return ProjectKnowledge(Path(), Path(spec.output).parent.parent, spec.requires_at)


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
