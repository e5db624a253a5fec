"""Modules of JavaScript as one script, or as few modules: each becomes a function, which is called when somebody
imports it first. A file more is one more request in a page, and about half a millisecond in Node."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Mapping, Sequence

from wasmbuild.bundle.jstext import compact, without_comments

_IMPORT = re.compile(r'^import (?:\* as (\w+)|\{([^}]*)\}) from "([^"]+)";\n', re.MULTILINE)
_REEXPORT = re.compile(r'^export \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
_EXPORT_LIST = re.compile(r"^export \{([^}]*)\};\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function\*? (\w+)|class (\w+)|const (\w+))", re.MULTILINE)
_DYNAMIC = re.compile(r'\bimport\("(\.[^"]+)"\)')

_NOW = re.compile(r'process\.getBuiltinModule\("node:module"\)\.createRequire\(import\.meta\.url\)\("(\.[^"]+)"\)')

_SCRIPT = """\
"use strict";
const $here = globalThis.document?.baseURI ?? globalThis.location?.href;
"""
_MODULE = "const $here = import.meta.url;\n"

_CORE = """\
const $made = {}, $modules = {};
const $add = (more) => Object.assign($modules, more);
const $use = (place) => {
if (!$modules[place]) throw new Error(`${place} is not in this page`);
return ($made[place] ??= $modules[place]());
};
"""
_ALL_HERE = "const $later = async (place) => $use(place), $now = $use;\n"
_REST_BESIDE = """\
const $later = async (place) => {
if (!$modules[place]) $add((await import("./REST")).$modules);
return $use(place);
};
const $now = (place) => {
if (!$modules[place]) $add(process.getBuiltinModule("node:module").createRequire($here)("./REST").$modules);
return $use(place);
};
"""


def joined(sources: Mapping[str, str], main: str) -> str:
    """A script that does what `main` says, which may call `$use(PLACE)`. Sources are by their places; none imports, by
    whatever way, one that imports it before anything is called. What is named and not there fails when it is used."""
    return f"{_SCRIPT}{_CORE}{_ALL_HERE}$add({_functions(sources)});\n{main}"


def joined_module(sources: Mapping[str, str], main: Sequence[str], rest: str | None = None) -> str:
    """As `joined`, a module that exports what those of `main` do. What it does not have is in `rest`, a file beside it
    made by `joined_more`, which is imported when something of it is needed."""
    later = _REST_BESIDE.replace("REST", rest) if rest else _ALL_HERE
    given = "".join(
        f"export const {{ {', '.join(_as_function(place, sources[place])[1])} }} = $use({json.dumps(place)});\n"
        for place in main
    )
    return f"{_MODULE}{_CORE}{later}$add({_functions(sources)});\nexport {{ $add, $later, $now, $use }};\n{given}"


def joined_more(sources: Mapping[str, str], first: str, main: str | None = None) -> str:
    """What a file made by `joined_module` does not have, which is at `first` from here; `main` is run."""
    head = f"import {{ $add, $later, $now, $use }} from {json.dumps(first)};\n{_MODULE}"
    run = f"$add($modules);\n$use({json.dumps(main)});\n" if main else ""
    return f"{head}export const $modules = {_functions(sources)};\n{run}"


def _functions(sources: Mapping[str, str]) -> str:
    """In parentheses: to engines, a sign that they are called soon."""
    bodies = ((place, _as_function(place, text)[0]) for place, text in sources.items())
    return "{\n" + "".join(f"{json.dumps(place)}: (() => {{\n{body}}}),\n" for place, body in bodies) + "}"


def _as_function(place: str, text: str) -> tuple[str, tuple[str, ...]]:
    """The body of the function that a module becomes, which returns what is exported; and the names of that."""
    directory = posixpath.dirname(place)

    def whole(name: str) -> str:
        return json.dumps(posixpath.normpath(posixpath.join(directory, name)))

    exported: dict[str, str] = {}

    def reexport(found: re.Match[str]) -> str:
        for original, name in map(_renamed, _names(found[1])):
            exported[name] = f"$use({whole(found[2])}).{original}"
        return ""

    def listed(found: re.Match[str]) -> str:
        exported.update({name: original for original, name in map(_renamed, _names(found[1]))})
        return ""

    def imported(found: re.Match[str]) -> str:
        what = found[1] or "{" + ", ".join(": ".join(dict.fromkeys(_renamed(name))) for name in _names(found[2])) + "}"
        return f"const {what} = $use({whole(found[3])});\n"

    def declared(found: re.Match[str]) -> str:
        name = found[1] or found[2] or found[3]
        exported[name] = name
        return ""

    text = _REEXPORT.sub(reexport, without_comments(text))
    text = _EXPORT_LIST.sub(listed, text)
    text = _IMPORT.sub(imported, text)
    text = _EXPORT.sub(declared, text)
    text = _NOW.sub(lambda found: f"$now({whole(found[1])})", text)
    text = _DYNAMIC.sub(lambda found: f"$later({whole(found[1])})", text)
    text = text.replace("import.meta.url", "$here")  # which a worker that is no module does not have
    left = re.search(r"^(?:import|export) .*", text, re.MULTILINE)
    assert left is None, f"{place}: {left[0] if left else ''}"
    values = ", ".join(name if name == value else f"{name}: {value}" for name, value in exported.items())
    return compact(f"{text}return {{ {values} }};\n"), tuple(exported)


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _renamed(name: str) -> tuple[str, str]:
    """(the name there, the name here)"""
    original, _, other = name.partition(" as ")
    return original.strip(), (other or original).strip()
