"""The rules of a manifest's tests: as `check`, one generator of diagnostics a rule."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from wasmbuild.diagnostics import Diagnostic, Position, did_you_mean
from wasmbuild.manifest.numbers import as_value, why_not
from wasmbuild.manifest.outputs import has_output
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.schema import FileArgument, HostFunction, Manifest, Test
from wasmbuild.manifest.signature import parse_signature
from wasmbuild.manifest.sizes import parse_size

Findings = Iterator[Diagnostic]


def check_tests(document: Document[Manifest]) -> Findings:
    limit = document.value.test_defaults.memory_limit
    if limit is not None and parse_size(limit) is None:
        yield bad_size(document, ("test_defaults", "memory_limit"), limit)
    for index, test in enumerate(document.value.tests):
        yield from _test(document, index, test)
    yield from _names(document)


def _test(document: Document[Manifest], index: int, test: Test) -> Findings:
    manifest, where = document.value, ("tests", index)
    at = document.at(*where, "name")
    kinds = [kind for kind in ("call", "run", "program") if getattr(test, kind) is not None]
    if len(kinds) != 1:
        said = " and ".join(f"`{kind}`" for kind in kinds) or "none of them"
        yield Diagnostic(
            "test-kind",
            f"test `{test.name}` needs exactly one of `call`, `run` and `program`, and has {said}",
            at,
        )
        return
    if test.call is not None:
        yield from _call_test(document, index, test)
    else:
        for field in ("library", "returns"):
            if getattr(test, field) is not None:
                key = "in" if field == "library" else field
                yield Diagnostic(
                    "test-kind", f"`{key}` goes with `call`, not with `{kinds[0]}`", document.at(*where, key)
                )
    if test.run is not None and test.run not in manifest.programs:
        near = did_you_mean(test.run, manifest.programs)
        help_ = (f"did you mean `{near}`?",) if near else ()
        yield Diagnostic("unknown-program", f"unknown program: `{test.run}`", document.at(*where, "run"), help=help_)
    if test.memory_limit is not None and parse_size(test.memory_limit) is None:
        yield bad_size(document, (*where, "memory_limit"), test.memory_limit)
    for name, host in test.host.items():
        text = host if isinstance(host, str) else host.type
        signature = parse_signature(text)
        if signature is not None and len(signature[1]) < 2:
            yield from _host_returns(document, (*where, "host", name, "returns"), name, host, signature[1])
        else:
            yield Diagnostic(
                "bad-signature",
                f"not a signature: `{text}`",
                document.at(*where, "host", name),
                help=("write the wasm types, such as `(i32, i32) -> f64`, with one result at most; nothing is `()`",),
            )
    for place, run in ((where, test), *(((*where, "then", i), run) for i, run in enumerate(test.then))):
        if run.stdout is not None and run.stdout_matches is not None:
            yield Diagnostic(
                "test-kind", "`stdout` and `stdout_matches` exclude each other", document.at(*place, "stdout")
            )
        if run.stdout_matches is not None:
            yield from _pattern(document, (*place, "stdout_matches"), run.stdout_matches)


def _pattern(document: Document[Manifest], where: tuple[str | int, ...], pattern: str) -> Findings:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern, re.MULTILINE)
    except Warning as warning:
        # Python says so of what a later version may read as something else.
        said = f"a regular expression that may come to mean something else: {_lowered(warning)}"
        help_ = r"put `\` before what stands for itself within `[…]`"
        yield Diagnostic("bad-pattern", said, document.at(*where), help=(help_,))
    except RecursionError:
        yield Diagnostic("bad-pattern", "not a regular expression: nested too deeply", document.at(*where))
    except (re.error, OverflowError) as error:
        yield Diagnostic("bad-pattern", f"not a regular expression: {_lowered(error)}", document.at(*where))


def _lowered(error: Exception) -> str:
    text = str(error)
    return text[:1].lower() + text[1:]


def _call_test(document: Document[Manifest], index: int, test: Test) -> Findings:
    where, libraries = ("tests", index), document.value.libraries
    if test.library is None:
        yield Diagnostic(
            "test-kind", f"`call: {test.call}` needs `in:`, the library to call", document.at(*where, "call")
        )
    elif test.library not in libraries:
        near = did_you_mean(test.library, libraries)
        help_ = (f"did you mean `{near}`?",) if near else ()
        yield Diagnostic("unknown-library", f"unknown library: `{test.library}`", document.at(*where, "in"), help=help_)
    elif not has_output(libraries[test.library]):
        yield headers_alone(document, test.library, document.at(*where, "in"))
    for i, argument in enumerate(test.args):
        if isinstance(argument, FileArgument):
            said = f"`{test.call}` is called with numbers only, not a file"
            yield Diagnostic("wrong-type", said, document.at(*where, "args", i))
        elif isinstance(argument, str | bool):
            written = document.texts.get((*where, "args", i), str(argument))
            string_help = "test what takes a string from a C program (`program:`)"
            yield Diagnostic(
                "wrong-type",
                f"`{test.call}` is called with numbers only, not `{written}`",
                document.at(*where, "args", i),
                help=(f"write {written} without quotes" if _is_number(argument) else string_help,),
            )
    for field, key in (("then", "then"), ("produces", "produces"), ("stdin", "stdin")):
        if getattr(test, field):
            yield Diagnostic("test-kind", f"`{key}` goes with `run` or `program`, not `call`", document.at(*where, key))


def headers_alone(document: Document[Manifest], name: str, at: Position) -> Diagnostic:
    """What a library of headers alone is not good for."""
    place = (("it is", str(document.at("libraries", name))),)
    return Diagnostic("no-sources", f"`{name}` is headers alone: there is no module to load", at, place)


def _is_number(argument: str | bool) -> bool:
    try:
        return isinstance(argument, str) and float(argument) == float(argument)
    except ValueError:
        return False


def _host_returns(
    document: Document[Manifest],
    where: tuple[str | int, ...],
    name: str,
    host: str | HostFunction,
    results: tuple[str, ...],
) -> Findings:
    returns = None if isinstance(host, str) else host.returns
    if returns is None:
        return
    if not results:
        yield Diagnostic(
            "wrong-returns", f"`{name}` returns nothing by its type, and the test says {returns}", document.at(*where)
        )
    elif as_value(returns, results[0]) is None:
        said = f"`{name}` returns a value of type {results[0]}: {returns} {why_not(returns, results[0])}"
        yield Diagnostic("wrong-returns", said, document.at(*where))


def _names(document: Document[Manifest]) -> Findings:
    first: dict[str, int] = {}
    for index, test in enumerate(document.value.tests):
        if test.name in first:
            yield Diagnostic(
                "duplicate-test",
                f"two tests are named `{test.name}`",
                document.at("tests", index, "name"),
                facts=(("first", str(document.at("tests", first[test.name], "name"))),),
            )
        first.setdefault(test.name, index)


def bad_size(document: Document[Manifest], where: tuple[str | int, ...], size: object) -> Diagnostic:
    return Diagnostic(
        "bad-size",
        f"not a size: `{size}`",
        document.at(*where),
        help=("write bytes, or a number with KiB, MiB or GiB",),
    )
