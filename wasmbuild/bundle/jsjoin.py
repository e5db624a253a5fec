"""Modules of JavaScript as one script: each becomes a function, which is called when somebody imports it first."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping

from wasmbuild.bundle.jstext import without_comments

_IMPORT = re.compile(r'^import (?:\* as (\w+)|\{([^}]*)\}) from "([^"]+)";\n', re.MULTILINE)
_REEXPORT = re.compile(r'^export \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
_EXPORT_LIST = re.compile(r"^export \{([^}]*)\};\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function\*? (\w+)|class (\w+)|const (\w+))", re.MULTILINE)
_DYNAMIC = re.compile(r'\bimport\("(\.[^"]+)"\)')

_HEAD = """\
"use strict";
const $here = globalThis.document?.baseURI ?? globalThis.location?.href;
const $made = {}, $modules = {};
const $use = (place) => ($made[place] ??= $modules[place]());
const $later = async (place) => {
if (!$modules[place]) throw new Error(`${place} is not in this page`);
return $use(place);
};
"""


def joined(sources: Mapping[str, str], main: str) -> str:
    """A script that does what `main` says, which may call `$use(PLACE)`. Sources are by their places; none imports, by
    whatever way, one that imports it before anything is called. What is named and not there fails when it is used."""
    parts = [_HEAD]
    for place, text in sources.items():
        parts.append(f"$modules[{json.dumps(place)}] = () => {{\n{_as_function(place, text)}}};\n")
    return "".join([*parts, main])


def _as_function(place: str, text: str) -> str:
    """The body of the function that a module becomes: it returns what is exported."""
    directory = posixpath.dirname(place)

    def whole(name: str) -> str:
        return json.dumps(posixpath.normpath(posixpath.join(directory, name)))

    exported: list[str] = []

    def reexport(found: re.Match[str]) -> str:
        exported.extend(
            f"{name}: $use({whole(found[2])}).{original}" for original, name in map(_renamed, _names(found[1]))
        )
        return ""

    def listed(found: re.Match[str]) -> str:
        exported.extend(f"{name}: {original}" for original, name in map(_renamed, _names(found[1])))
        return ""

    def imported(found: re.Match[str]) -> str:
        what = found[1] or "{" + ", ".join(": ".join(dict.fromkeys(_renamed(name))) for name in _names(found[2])) + "}"
        return f"const {what} = $use({whole(found[3])});\n"

    def declared(found: re.Match[str]) -> str:
        exported.append(found[1] or found[2] or found[3])
        return ""

    text = _REEXPORT.sub(reexport, without_comments(text))
    text = _EXPORT_LIST.sub(listed, text)
    text = _IMPORT.sub(imported, text)
    text = _EXPORT.sub(declared, text)
    text = _DYNAMIC.sub(lambda found: f"$later({whole(found[1])})", text)
    text = text.replace("import.meta.url", "$here")  # which a worker that is no module does not have
    left = re.search(r"^(?:import|export) .*", text, re.MULTILINE)
    assert left is None, f"{place}: {left[0] if left else ''}"
    return f"{text}return {{ {', '.join(exported)} }};\n"


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _renamed(name: str) -> tuple[str, str]:
    """(the name there, the name here)"""
    original, _, other = name.partition(" as ")
    return original.strip(), (other or original).strip()
