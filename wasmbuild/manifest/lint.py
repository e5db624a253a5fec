"""What a recipe should say although it can be built without: for those who write recipes for others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.manifest.reader import Document, Where
from wasmbuild.manifest.schema import Manifest

_REFERENCE = re.compile(r"\bLicenseRef-[\w.-]+")
_EVERYTHING = ("*", "**")
_OF_CXX = (".cc", ".cpp", ".cxx", ".C")
_OF_GUESTS = frozenset({"tests", "test_defaults"})
"""There, absolute paths are those of the program's own directory."""


def lint(document: Document[Manifest]) -> Iterator[Diagnostic]:
    """Every finding about a recipe that was read and checked."""
    manifest = document.value
    for field, meaning in (("description", "what it is, on one line"), ("homepage", "where its upstream is, a URL")):
        if not getattr(manifest, field):
            yield _finding(document, ("name",), f"no `{field}`", f"say {meaning}")
    if manifest.version == "0":
        yield _finding(document, ("name",), "no `version`", "write upstream's, as a text in quotes")
    yield from _license(document)
    yield from _exports(document)
    if not manifest.tests and not _is_of_toolchain(manifest):
        yield _finding(
            document, ("name",), "no tests", "run upstream's own: `tests` takes its programs and their input"
        )
    for where, text in _texts((), manifest):
        if where[0] not in _OF_GUESTS and _is_absolute(where, text):
            yield _finding(document, where, f"a path of one machine: `{text}`", "write it from the recipe's directory")


def _finding(document: Document[Manifest], where: Where, problem: str, help_: str) -> Diagnostic:
    return Diagnostic("recipe-lint", f"`{document.value.name}`: {problem}", document.at(*where), help=(help_,))


def _license(document: Document[Manifest]) -> Iterator[Diagnostic]:
    license_ = document.value.license
    if license_ is None:
        yield _finding(document, ("name",), "no `license`", "write upstream's as an SPDX expression")
    elif not is_spdx(license_):
        help_ = "spdx.org/licenses lists the identifiers; they are joined by AND, OR and WITH"
        yield _finding(document, ("license",), f"no SPDX expression: `{license_}`", help_)


def is_spdx(expression: str) -> bool:
    """Whether all licences in an expression are in SPDX's list, or begin with `LicenseRef-`."""
    from cyclonedx.spdx import is_expression, is_supported_id  # takes 0.3 s to import

    # The parser knows other names of licences too, such as `GPL`, so each is looked up by itself.
    known = _REFERENCE.sub("MIT", expression)
    words = re.findall(r"[\w.+-]+", re.sub(r"\bWITH\s+\S+", "", known))
    licenses = [word for word in words if word not in ("AND", "OR")]
    return bool(licenses) and all(map(is_supported_id, licenses)) and is_expression(known)


def _is_of_toolchain(manifest: Manifest) -> bool:
    """libc and libc++: whatever is tested tests them."""
    places = (*manifest.source, *(place for places in manifest.components.values() for place in places))
    return any(place.toolchain is not None for place in places)


def _exports(document: Document[Manifest]) -> Iterator[Diagnostic]:
    """In C++, names are in namespaces, and what upstream's own build does not hide is its to give out; of C it is any
    function that is not `static`."""
    manifest = document.value
    for name, library in manifest.libraries.items():
        sources = [source for source in library.sources if source not in manifest.files]
        if library.link == "static" or all(source.endswith(_OF_CXX) for source in sources):
            continue
        help_ = "name its public functions, by patterns as a rule: what others can call, they will"
        if library.exports is None:
            yield _finding(document, ("libraries", name), f"library `{name}` exports everything", help_)
        elif isinstance(library.exports, tuple) and any(pattern in _EVERYTHING for pattern in library.exports):
            yield _finding(document, ("libraries", name, "exports"), f"library `{name}` exports everything", help_)


def _texts(where: Where, value: object) -> Iterator[tuple[Where, str]]:
    match value:
        case str():
            yield where, value
        case Struct():
            for field in value.__struct_fields__:
                yield from _texts((*where, field), getattr(value, field))
        case dict():
            for key, item in value.items():
                yield from _texts((*where, key), item)
        case tuple():
            for i, item in enumerate(value):
                yield from _texts((*where, i), item)


def _is_absolute(where: Where, text: str) -> bool:
    if where[-1] == "url":
        return text.startswith("file:")
    return text.startswith("/") or (text.startswith("-") and "=/" in text) or text[1:3] in (":\\", ":/")
