"""All files of a bundle, by their places in it. Nothing is written here."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

from msgspec import structs

from wasmbuild.bundle.declared import Function, declarations, functions_of, headers_of
from wasmbuild.bundle.facts import code_of
from wasmbuild.bundle.package import Title, index, package_json, plans, roots
from wasmbuild.bundle.page import BESIDE, Page, html, inside, json_text, page_data
from wasmbuild.bundle.scripts import (
    LOADER,
    PARTS,
    STYLE,
    TYPES,
    Part,
    loader_files,
    page_files,
    read_shipped,
    whole_script,
)
from wasmbuild.bundle.world import MODULES, World
from wasmbuild.link.plan import FromWasi, Stub, plan_text
from wasmbuild.wasm import abi

Functions = Mapping[str, tuple[Function, ...]]
"""What each module exports, as its headers declare it, by its file in the bundle."""


def contents(world: World, title: Title, to: str, functions: Functions) -> dict[str, bytes]:
    """What a site or a package needs."""
    files = {f"{MODULES}/{member.file}": member.data for member in world.members.values()}
    files |= plans(world)
    scripts = {**loader_files(to, parts_of(world)), TYPES: read_shipped(TYPES)}
    if to == "web":
        scripts |= page_files()
        page = page_of(world, title, functions)
        files["index.html"] = html(page, BESIDE).encode()
        files["page.json"] = json_text(page_data(page)).encode()
    files |= {f"{LOADER}/{place}": text.encode() for place, text in scripts.items()}
    files["index.mjs"] = index(world).encode()
    files["index.d.mts"] = declarations(_by_root(world, functions)).encode()
    files["package.json"] = package_json(title, to, files).encode()
    return dict(sorted(files.items()))


def one_file(world: World, title: Title, functions: Functions) -> bytes:
    """The page with all that it needs in it: modules, plans, loader."""
    loading = {
        entry.name: {**roots(world)[entry.name], "plan": json.loads(plan_text(world.plan_of(entry)))}
        for entry in world.entries
    }
    page = structs.replace(page_of(world, title, functions), loading=loading)
    packed = {
        member.file: b64encode(gzip.compress(member.data, 9, mtime=0)).decode() for member in world.members.values()
    }
    data = {**page_data(page), "packed": packed}
    return html(page, inside(read_shipped(STYLE), whole_script(parts_of(world)), data)).encode()


def parts_of(world: World) -> frozenset[Part]:
    """What this bundle needs of the loader."""
    if world.may_open:
        return frozenset(PARTS)
    modules = [module for entry in world.entries for module in entry.plan.modules]
    imported = {type(value) for module in modules for value in module.imports}
    throws = (abi.TAKE_EXCEPTION in member.library.module.exports_by_name for member in world.members.values())
    needed: dict[Part, bool] = {
        "lines": world.has_lines,
        "stubs": Stub in imported,
        "exceptions": any(throws),
        "wasi": FromWasi in imported or any(entry.is_program for entry in world.entries),
    }
    return frozenset(part for part, is_needed in needed.items() if is_needed)


def page_of(world: World, title: Title, functions: Functions) -> Page:
    """The page that runs what is in the bundle."""
    declared = {identity: functions[member.file] for identity, member in world.members.items()}
    modules = {f"{MODULES}/{member.file}": member.data for member in world.members.values()}
    code = {
        identity: code_of(member.data, member.library.module, world.names.get(member.file, {}))
        for identity, member in world.members.items()
    }
    return Page(title, world.scopes, code, declared, _by_root(world, functions), roots(world), modules)


def declared_functions(world: World) -> Functions:
    """Of modules where they were built: their headers are beside them."""
    return {
        member.file: functions_of(member.library, headers_of(Path(identity)))
        for identity, member in world.members.items()
    }


def _by_root(world: World, functions: Functions) -> dict[str, tuple[Function, ...] | None]:
    """What users of a root call; None for a program."""
    return {entry.name: None if entry.is_program else functions[entry.member.file] for entry in world.entries}
