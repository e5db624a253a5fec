"""The page of a bundle, and of a build's report: what it says without a script, and what its scripts are told."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from wasmbuild.bundle.declared import Function
from wasmbuild.bundle.facts import Code, facts
from wasmbuild.bundle.package import Title
from wasmbuild.embed.ctype import Pointer, Scalar
from wasmbuild.explain.needed import NeededGraph, needed_graph
from wasmbuild.link.scope import Scope
from wasmbuild.printing import printable
from wasmbuild.report.svg import svg

Scopes = Sequence[tuple[Scope, Mapping[str, None]]]


class Page(Struct, frozen=True):
    """What a page is about. `loading` are the roots as the loader reads them; without any, nothing is run. `code` is
    what the modules' code is made of and `functions` what headers declare, by identity; `roots` what each root exports,
    None for a program."""

    title: Title
    scopes: Scopes
    code: Mapping[str, Code]
    functions: Mapping[str, Sequence[Function]]
    roots: Mapping[str, Sequence[Function] | None]
    loading: Mapping[str, Any] | None = None
    files: Mapping[str, bytes] | None = None


def page_data(page: Page) -> dict[str, Any]:
    """What its scripts are told."""
    graph = needed_graph(page.scopes, {})
    shown = {
        name: {"program": functions is None, "functions": list(map(_function, functions or ()))}
        for name, functions in page.roots.items()
    }
    return {
        "modules": facts(graph, page.scopes, page.functions, page.code),
        "roots": shown if page.loading is not None else None,
        "loading": page.loading,
    }


def _function(function: Function) -> dict[str, Any]:
    """As its form in the page is made of it."""
    signature = function.signature
    parameters = []
    for place, type_ in enumerate(function.type.params):
        c = signature.parameters[place] if signature is not None else None
        name = signature.names[place] if signature is not None and signature.names else ""
        # Of what no header declares, any i32 may be a pointer.
        pointer = isinstance(c, Pointer) if signature is not None else type_ == "i32"
        parameters.append({"name": name or f"{place + 1}.", "type": type_, "c": str(c or type_), "pointer": pointer})
    result = signature.result if signature is not None else None
    return {
        "name": function.name,
        "text": function.text or f"{function.name}: {function.type}",
        "parameters": parameters,
        "result": function.type.results[0] if function.type.results else "",
        "unsigned": isinstance(result, Scalar) and result.low == 0 and result.high > 0,
        "string": isinstance(result, Pointer) and str(result.target) == "char",
    }


class Shell(Struct, frozen=True):
    """How the page gets its parts: addresses, or what is in it."""

    policy: str
    head: str
    """Elements that bring style and data."""
    script: str


def html(page: Page, shell: Shell) -> str:
    """The page. Equal pages have equal text."""
    return "".join(f"{line}\n" for line in _html(page, shell))


BESIDE = Shell(
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'",
    '<link rel="stylesheet" href="wasmbuild/page/page.css">\n'
    '<link rel="preload" href="page.json" as="fetch" crossorigin>',
    '<script type="module" src="wasmbuild/page/page.mjs"></script>',
)
"""Of a page whose parts lie beside it."""


def inside(style: str, script: str, data: dict[str, Any]) -> Shell:
    """Of a page that is one file: nothing else is asked for, and no other script runs."""
    assert "</" + "script" not in script.lower(), "the script would end in the middle"
    hashes = {
        kind: b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for kind, text in (("script", script), ("style", style))
    }
    return Shell(
        f"default-src 'none'; script-src 'sha256-{hashes['script']}' 'wasm-unsafe-eval'; "
        f"style-src 'sha256-{hashes['style']}'; worker-src blob:; img-src data:; base-uri 'none'; form-action 'none'",
        f'<style>{style}</style>\n<script type="application/json" id="data">{json_text(data)}</script>',
        f'<script type="module" id="script">{script}</script>',
    )


def _html(page: Page, shell: Shell) -> Iterator[str]:
    graph = needed_graph(page.scopes, {})
    sizes = {library.identity: library.module.size_bytes for scope, _ in page.scopes for library in scope.libraries}
    title = _text(page.title.name)
    yield "<!doctype html>"
    yield '<html lang="en">'
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(shell.policy)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{title}</title>"
    yield '<link rel="icon" href="data:,">'
    yield shell.head
    yield "<header>"
    version = f" <small>{_text(page.title.version)}</small>" if page.title.version != "0" else ""
    yield f"<h1>{title}{version}</h1>"
    if page.title.description:
        yield f"<p>{_text(page.title.description)}</p>"
    yield f'<p class="quiet">{_summary(graph, sizes, page)}</p>'
    yield '<p id="problem" class="problem" role="alert" hidden></p>'
    yield '<noscript><p class="problem">This page is drawn by a script, which this browser does not run.</p></noscript>'
    yield "</header>"
    yield "<main>"
    if page.loading is not None:
        yield from _run(page)
    yield from _link(graph, sizes)
    yield '<section aria-labelledby="bytes-title">'
    yield '<h2 id="bytes-title">Where the bytes are</h2>'
    yield '<div id="treemap" role="group" aria-label="Modules, as large as they are"></div><div id="smaller"></div>'
    yield "</section>"
    if page.loading is not None:
        yield '<section aria-labelledby="load-title">'
        yield '<h2 id="load-title">How long it takes to load</h2>'
        yield '<div id="timeline"><p class="quiet">Run it, and it is shown here.</p></div>'
        yield "</section>"
    if page.files is not None:
        yield from _files(page, page.files)
    yield "</main>"
    yield '<footer class="quiet">Made by wasmbuild.</footer>'
    yield shell.script
    yield "</html>"


def _summary(graph: NeededGraph, sizes: Mapping[str, int], page: Page) -> str:
    programs = sum(node.kind == "program" for node in graph.nodes)
    libraries = len(graph.nodes) - programs
    parts = [_counted(programs, "program", "programs")] if programs else []
    parts += [_counted(libraries, "shared library", "shared libraries")] if libraries else []
    text = f"{' and '.join(parts)}, {size_text(sum(sizes[node.id] for node in graph.nodes))} of WebAssembly"
    return f"{text}, linked in this page" if page.loading is not None else text


def _run(page: Page) -> Iterator[str]:
    several = "" if len(page.roots) > 1 else " hidden"
    yield '<section aria-labelledby="run-title">'
    yield '<h2 id="run-title">Try it</h2>'
    yield '<form id="command">'
    yield f'<label class="field"{several}><span>Module</span><select id="root">'
    for name in page.roots:
        yield f"<option>{_text(name)}</option>"
    yield "</select></label>"
    yield '<div id="program-form" class="field grow"><label for="arguments">Arguments</label>'
    yield '<input id="arguments" autocomplete="off" autocapitalize="off" spellcheck="false"></div>'
    yield '<div id="library-form" class="grow" hidden>'
    yield '<label class="field"><span>Function</span><select id="function"></select></label>'
    yield '<code id="declaration"></code><div id="parameters"></div></div>'
    yield '<div class="buttons"><button id="start">Run</button>'
    yield '<button id="stop" type="button" class="second" disabled>Stop</button></div>'
    yield "</form>"
    yield '<details id="more"><summary>Input, files and environment</summary><div class="more">'
    yield '<label class="field"><span>Standard input <small id="stdin-how">all of it</small></span>'
    yield '<textarea id="stdin" rows="3" spellcheck="false"></textarea></label>'
    yield '<label class="field"><span>Environment <small>NAME=VALUE, a line each</small></span>'
    yield '<textarea id="environment" rows="3" spellcheck="false"></textarea></label>'
    yield '<div id="drop" class="field"><label for="files">Files <small>drop them here, or choose</small></label>'
    yield '<input id="files" type="file" multiple><ul id="given"></ul></div>'
    yield "</div></details>"
    yield '<pre id="output" tabindex="0" role="log" aria-label="What it writes"></pre>'
    yield '<form id="typed" hidden><label for="line">Input</label>'
    yield '<input id="line" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="send">'
    yield '<button>Send</button><button id="end-input" type="button" class="second">End</button></form>'
    yield '<p id="status" role="status">&nbsp;</p>'
    yield '<ul id="left" aria-label="Files that it wrote"></ul>'
    yield "</section>"


def _link(graph: NeededGraph, sizes: Mapping[str, int]) -> Iterator[str]:
    sized = replace(
        graph,
        nodes=tuple(replace(node, name=f"{node.name}  {size_text(sizes[node.id])}") for node in graph.nodes),
    )
    yield '<section id="link" aria-labelledby="link-title">'
    yield '<h2 id="link-title">What needs what</h2>'
    yield '<div class="link">'
    yield '<div id="graph" tabindex="0" role="group" aria-label="Modules, and which of them needs which">'
    yield svg(sized, styled=False).replace(' role="img"', "").rstrip()
    yield "</div>"
    yield '<div id="details" tabindex="0" role="region" aria-label="The module that was chosen"></div>'
    yield "</div>"
    yield "</section>"


def _files(page: Page, files: Mapping[str, bytes]) -> Iterator[str]:
    yield '<section aria-labelledby="files-title">'
    yield f'<h2 id="files-title">{"What is loaded" if page.loading is not None else "Files"}</h2>'
    yield '<div class="table" tabindex="0" role="region" aria-labelledby="files-title"><table>'
    yield "<thead><tr><th>File<th>Bytes<th>SHA-256</tr></thead><tbody>"
    for place, data in files.items():
        digest = hashlib.sha256(data).hexdigest()
        yield f"<tr><td><code>{_text(place)}</code><td>{len(data):,}<td><code>{digest}</code></tr>"
    yield "</tbody></table></div>"
    if page.loading is not None:
        yield '<p class="quiet">The loader compares each with the plan before it runs anything.</p>'
    yield "</section>"


def size_text(size_bytes: int) -> str:
    if size_bytes < 1000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.{1 if size_bytes < 10_000 else 0}f} kB"
    return f"{size_bytes / 1_000_000:.2f} MB"


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _text(text: str) -> str:
    return escape(printable(text))


def json_text(data: Any) -> str:
    """JSON that can stand in a page: nothing in it ends the element that it is in."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=True).replace("<", "\\u003c")
