"""Source maps of modules that have lines of their source: for debuggers that do not read DWARF.

A module names its map in a section of its own, so its hash is another one, and plans are rewritten with it. In a map
for wasm a column is an offset into the file, of one line (tool conventions of WebAssembly, and tc39.es/ecma426).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter
from pathlib import Path

from msgspec import structs

from wasmbuild.bundle.world import MODULES, Entry, Member, World
from wasmbuild.link.scope import Library, Scope
from wasmbuild.wasm import dwarf
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.encode import custom_section
from wasmbuild.wasm.encode import name as encoded_name
from wasmbuild.wasm.module import Module

_SECTION = "sourceMappingURL"

_SOURCES = frozenset(
    (".c", ".h", ".cc", ".hh", ".cpp", ".hpp", ".cxx", ".hxx", ".c++", ".h++", ".inc", ".inl", ".ipp", ".def")
)
"""Endings of files that are put into a map: a module that somebody else built may name any file."""

_LARGEST_SOURCE_BYTES = 4 << 20


def with_source_maps(world: World, directory: Path) -> tuple[World, dict[str, bytes]]:
    """The same world with maps, and these by their places in the bundle. Sources are read from `directory`, where the
    compiler ran."""
    maps: dict[str, bytes] = {}
    changed: dict[str, Member] = {}
    for identity, member in world.members.items():
        module = member.library.module
        if any(section.id == 0 and section.name == _SECTION for section in module.sections):
            continue  # it has one of its own
        lines = list(places(member.data, module))
        if not lines:
            continue
        name = f"{member.file}.map"
        maps[f"{MODULES}/{name}"] = source_map(lines, member.file, directory)
        data = member.data + custom_section(_SECTION, encoded_name(name))
        sha256 = hashlib.sha256(data).hexdigest()
        library = structs.replace(member.library, module=decode(data, member.library.name), sha256=sha256)
        changed[identity] = replace(member, library=library, data=data)
    return _changed(world, changed), maps


def _changed(world: World, changed: dict[str, Member]) -> World:
    def library(each: Library) -> Library:
        return changed[each.identity].library if each.identity in changed else each

    def scope(each: Scope) -> Scope:
        return structs.replace(each, libraries=tuple(map(library, each.libraries)))

    def entry(each: Entry) -> Entry:
        inside = scope(each.decision.scope)
        modules = tuple(
            structs.replace(module, sha256=library.sha256)
            for module, library in zip(each.plan.modules, inside.libraries, strict=True)
        )
        decision = structs.replace(each.decision, scope=inside, plan=structs.replace(each.plan, modules=modules))
        return replace(each, member=changed.get(each.member.library.identity, each.member), decision=decision)

    return replace(
        world,
        entries=tuple(map(entry, world.entries)),
        members={**world.members, **changed},
        scopes=tuple((scope(each), host) for each, host in world.scopes),
    )


def places(data: bytes, module: Module) -> Iterator[tuple[int, dwarf.Place | None]]:
    """Where each piece of the code begins that is of one line, as an offset into the file; None ends one."""
    sections = {
        each.name: data[each.offset : each.offset + each.size_bytes]
        for each in module.sections
        if each.id == 0 and each.name in dwarf.SECTIONS
    }
    code = next((each for each in module.sections if each.id != 0 and each.name == "code"), None)
    if code is None or dwarf.LINE not in sections:
        return
    before: dwarf.Place | None = None
    reached = 0
    for start, end, place in sorted(dwarf.all_pieces(sections), key=itemgetter(0)):
        if start >= code.size_bytes:
            break
        if end <= reached:
            continue
        if start > reached and before is not None:
            yield code.offset + reached, None
            before = None
        if place != before:
            yield code.offset + max(start, reached), place
            before = place
        reached = end
    if before is not None and reached < code.size_bytes:
        yield code.offset + reached, None


def source_map(lines: list[tuple[int, dwarf.Place | None]], file: str, directory: Path) -> bytes:
    sources: dict[str, int] = {}
    mappings = []
    at = number_before = line_before = 0
    for offset, place in lines:
        fields = [offset - at]
        at = offset
        if place is not None:
            number, line = sources.setdefault(place.file, len(sources)), place.line - 1
            fields += [number - number_before, line - line_before, 0]
            number_before, line_before = number, line
        mappings.append("".join(map(_vlq, fields)))
    return json.dumps(
        {
            "version": 3,
            "file": file,
            "sources": list(sources),
            "sourcesContent": [_text(name, directory) for name in sources],
            "names": [],
            "mappings": ",".join(mappings),
        },
        ensure_ascii=False,
    ).encode()


def _text(name: str, directory: Path) -> str | None:
    """A source of the project's own. None for what lies elsewhere."""
    try:
        path = (directory / name).resolve()
        if path.suffix.lower() not in _SOURCES or not path.is_relative_to(directory.resolve()):
            return None
        if not path.is_file() or path.stat().st_size > _LARGEST_SOURCE_BYTES:
            return None
        return path.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):  # a name that no file can have
        return None


_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _vlq(value: int) -> str:
    """Base64, five bits a digit, the lowest first; the first bit is the sign."""
    rest = abs(value) << 1 | (value < 0)
    digits = []
    while True:
        rest, five = rest >> 5, rest & 31
        digits.append(_DIGITS[five | (32 if rest else 0)])
        if not rest:
            return "".join(digits)
