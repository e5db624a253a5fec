"""The graph as ninja's and clangd's files. Pure: text out."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys

from wasmbuild.builder import stepclient
from wasmbuild.builder.globs import UNSPEAKABLE
from wasmbuild.builder.graph import Graph
from wasmbuild.builder.launchers import command_of
from wasmbuild.builder.operands import as_operand
from wasmbuild.diagnostics import Diagnostic, WasmbuildError

_RULES = {
    # Ninja takes the colours out again when nobody sees them.
    "compile": "$launcher$tool -fcolor-diagnostics -MD -MF $out.d -c $in -o $out",
    # Of a source in the project's directory itself whose name would be an option: ninja takes a `./` away.
    "compile_here": "$launcher$tool -fcolor-diagnostics -MD -MF $out.d -c ./$in -o $out",
    "zig": "$step zig $tool -- $out $in",
    "builtins": "$tool $in",
    "link": "$step link $in",
    "interface": "$step interface $in $out",
    "archive": "$step archive $tool -- $out $in",
    "install": "$step install $in $out",
    "copy": "$step install $in $out",
    "check": "$step check $in $out",
}

_SAYS = {
    "compile": "compile $in",
    "compile_here": "compile $in",
    "zig": "compile $in",
    "builtins": "compile the compiler's own functions",
    "link": "link $out",
    "interface": "interface $out",
    "archive": "archive $out",
    "install": "install headers",
    "copy": "copy $in",
    "check": "check the link",
}

_EXTRA = {
    "compile": "  deps = gcc\n  depfile = $out.d\n",
    "compile_here": "  deps = gcc\n  depfile = $out.d\n",
    "zig": "  deps = gcc\n  depfile = $out.d\n",
    # An output whose bytes did not change is not written, and then nothing that uses it is built again.
    "link": "  restat = 1\n",
    "interface": "  restat = 1\n",
    "install": "  restat = 1\n",
    "copy": "  restat = 1\n",
}


def ninja_text(graph: Graph, build: str) -> str:
    """`build.ninja`. Each distinct command is a variable, so that the file grows with the sources alone."""
    step = quote((sys.executable, "-I", "-S", stepclient.__file__, "wasmbuild.builder.steps"))
    lines = [
        "# Written by wasmbuild from the manifest: changes here are lost.",
        "ninja_required_version = 1.8",
    ]
    launcher = command_of(graph.inside.toolchain.launcher)
    before = f"{_value(quote(launcher))} " if launcher else ""
    lines += [f"builddir = {ninja_path(build)}", f"step = {_value(step)}", f"launcher = {before}", ""]
    # However many are compiled elsewhere at once, links are made here.
    lines += [f"pool here\n  depth = {(os.cpu_count() or 1) + 2}", ""] if launcher else []
    for rule, command in _RULES.items():
        lines.append(f"rule {rule}\n  command = {command}\n  description = {_SAYS[rule]}\n{_EXTRA.get(rule, '')}")
        if launcher and not rule.startswith("compile"):
            lines[-1] += "  pool = here\n"
    names: dict[tuple[str, ...], str] = {}
    for edge in graph.edges:
        if edge.command and edge.command not in names:
            names[edge.command] = f"tool_{len(names)}"
            lines.append(f"{names[edge.command]} = {_value(quote(edge.command))}")
    lines.append("")
    for edge in graph.edges:
        implicit = f" | {_paths(edge.implicit)}" if edge.implicit else ""
        here = edge.rule == "compile" and as_operand(edge.inputs[0]) != edge.inputs[0]
        rule = "compile_here" if here else edge.rule
        lines.append(f"build {_paths(edge.outputs)}: {rule} {_paths(edge.inputs)}{implicit}")
        if edge.command:
            lines.append(f"  tool = ${names[edge.command]}")
    for name, targets in (("all", graph.default), ("tests", graph.tests), ("archives", graph.archives)):
        lines.append(f"build {name}: phony {_paths(targets)}")
    lines += ["default all", ""]
    return "\n".join(lines)


def compile_commands(graph: Graph, directory: str) -> str:
    """`compile_commands.json`: how each source is compiled, for clangd and other tools."""
    entries = [
        {
            "directory": directory,
            "file": edge.inputs[0],
            "output": edge.outputs[0],
            "arguments": [*edge.command, "-c", as_operand(edge.inputs[0]), "-o", edge.outputs[0]],
        }
        for edge in graph.edges
        if edge.rule == "compile"
    ]
    return json.dumps(entries, indent=1) + "\n"


def quote(arguments: tuple[str, ...]) -> str:
    """A command line as ninja runs it: through `sh` on POSIX, as one string to CreateProcess on Windows."""
    return subprocess.list2cmdline(arguments) if sys.platform == "win32" else shlex.join(arguments)


def _value(text: str) -> str:
    """What stands behind a line break would be a line of its own: a manifest is checked for that, a machine is not."""
    return _speakable(text, "\n" in text or "\r" in text).replace("$", "$$")


def ninja_path(path: str) -> str:
    return (
        _speakable(path, UNSPEAKABLE.search(path) is not None).replace("$", "$$").replace(" ", "$ ").replace(":", "$:")
    )


def _speakable(text: str, is_bad: bool) -> str:
    if is_bad:
        help_ = ("it is of this machine, not of the project: move the cache (WASMBUILD_CACHE), Python or the compiler",)
        raise WasmbuildError(Diagnostic("bad-name", f"a name that ninja cannot hold: `{text}`", help=help_))
    return text


def _paths(paths: tuple[str, ...]) -> str:
    return " ".join(map(ninja_path, paths))
