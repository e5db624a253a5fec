"""Why a C++ class has no table of virtual functions, or no type information: for messages alone.

Both are where the class's key function is: its first virtual function that is neither pure nor inline (Itanium C++ ABI,
5.2.3). Which one that is, the compiler is asked, with the command that compiled a source that uses the class.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wasmbuild.builder.linkspec import LinkSpec
from wasmbuild.diagnostics import Diagnostic
from wasmbuild.explain.references import listed, symbol
from wasmbuild.wasm.demangle import demangle, qualified_name

_DESCRIBES = ("_ZTV", "_ZTI", "_ZTS", "_ZTT")
_TIMEOUT_S = 60


def described_classes(undefined: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The classes of which it is undefined what describes them, each with the symbols."""
    classes: dict[str, list[str]] = {}
    for name in undefined:
        if name.startswith(_DESCRIBES) and (of := qualified_name(name)) is not None:
            classes.setdefault(of, []).append(name)
    return classes


def without_description(
    of: str, names: Sequence[str], undefined: Mapping[str, list[str]], spec: LinkSpec, defined: Sequence[str]
) -> tuple[Diagnostic, set[str]] | None:
    """What is wrong with a class, and the undefined symbols that this is about; None if it is not known. `defined` is
    what the libraries of this link export."""
    users = [user for name in names for user in undefined[name]]
    sources = list(dict.fromkeys(source for path, source in spec.objects if path in users))
    facts = (("used by", listed(sources or list(dict.fromkeys(users)), "\n")), ("linking", spec.output))
    table = "_ZTV" + names[0][4:]
    if table in defined and table not in names:
        diagnostic = Diagnostic(
            "no-rtti",
            f"no type information for `{of}`: what defines the class was compiled with `-fno-rtti`",
            facts=(("undefined", listed([symbol(name) for name in names], "\n")), *facts),
            help=(
                "compile it without `-fno-rtti`",
                "or compile what uses it with `-fno-rtti`, too: no `dynamic_cast`, `typeid` or exceptions of the class",
            ),
        )
        return diagnostic, set(names)
    key = next((found for source in sources if (found := _key_function(of, source, spec))), None)
    if key is None or (key in defined and key not in undefined):
        return None
    about = {*names, key} & set(undefined)
    headline = f"undefined {demangle(names[0]).partition(' for ')[0]} for `{of}`"
    diagnostic = Diagnostic(
        "no-key-function",
        f"{headline}: its first virtual function that is not inline, `{demangle(key)}`, is defined nowhere",
        facts=(("undefined", listed([symbol(name) for name in sorted(about)], "\n")), *facts),
        notes=(
            "the class's table of virtual functions and its type information are made where that function is defined",
        ),
        help=("define it, in a source of the library that has the class", "or make it pure (`= 0`), or inline"),
    )
    return diagnostic, about


def _key_function(of: str, source: str, spec: LinkSpec) -> str | None:
    """The mangled name of a class's key function, as the compiler sees it in a source; None if it cannot say."""
    command = _compilation(source, Path(spec.output).parent.parent)
    if command is None:
        return None
    dump = ("-fsyntax-only", "-w", "-Xclang", "-ast-dump=json", "-Xclang", f"-ast-dump-filter={of}")
    try:
        done = subprocess.run([*command, *dump], capture_output=True, text=True, check=False, timeout=_TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired):
        return None
    for declaration in _documents(done.stdout):
        if declaration.get("completeDefinition") and declaration.get("name") == of.rpartition("::")[2]:
            return next((str(each["mangledName"]) for each in declaration.get("inner", ()) if _is_key(each)), None)
    return None


def _is_key(member: Mapping[str, Any]) -> bool:
    inner = {each.get("kind") for each in member.get("inner", ())}
    is_virtual = member.get("virtual") or "OverrideAttr" in inner or "FinalAttr" in inner
    is_inline = member.get("inline") or member.get("explicitlyDefaulted") or "CompoundStmt" in inner
    return bool(is_virtual and not is_inline and not member.get("pure") and member.get("mangledName"))


def _compilation(source: str, build: Path) -> list[str] | None:
    """How a source is compiled, without what says where to; None for what the user made."""
    try:
        entries = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    for entry in entries:
        if entry["file"] == source:
            arguments: list[str] = entry["arguments"]
            return [*arguments[: arguments.index("-c")], source]
    return None


def _documents(text: str) -> Iterator[dict[str, Any]]:
    """One JSON document after the other, whatever stands between them."""
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            document, end = decoder.raw_decode(text, at)
        except ValueError:
            return
        yield document
        at = text.find("{", end)
