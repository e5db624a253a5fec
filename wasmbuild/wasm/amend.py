"""What the link driver changes in a module that wasm-ld wrote."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import MAGIC, VERSION, decode
from wasmbuild.wasm.encode import (
    EXPORT_SECTION,
    IMPORT_SECTION,
    TAG_SECTION,
    custom_section,
    encoded_export,
    encoded_import,
    name,
    section,
    tag_type,
    vector,
)
from wasmbuild.wasm.module import FuncType, Import


def with_runtime_paths(data: bytes, paths: Sequence[str]) -> bytes:
    """A module with a runtime path added to its dylink.0, which must be its first section and have none yet."""
    first = decode(data).sections[0]
    assert (first.id, first.name) == (0, abi.DYLINK_SECTION), "wasm-ld writes dylink.0 first"
    if not paths:
        return data
    end = first.offset + first.size_bytes
    added = section(abi.DYLINK_RUNTIME_PATH, vector([name(path) for path in paths]))
    return data[:8] + custom_section(abi.DYLINK_SECTION, data[first.offset : end] + added) + data[end:]


def with_borrowed_tags(data: bytes, names: Collection[str]) -> bytes:
    """A module that has these tags from another, where it exports them: what it defines becomes an import, at the same
    index. So they must be the first that it defines; where they are not, it keeps them."""
    module = decode(data)
    exported = {export.index: export.name for export in module.exports if export.kind == "tag" and export.name in names}
    imported = len(module.tag_space) - len(module.tags)
    borrowed = [index for index in sorted(exported) if index >= imported]
    if borrowed != list(range(imported, imported + len(borrowed))):
        return data
    numbered = reversed(list(enumerate(module.types)))
    types = {type_: i for i, type_ in numbered if isinstance(type_, FuncType)}
    imports = [Import(abi.ENV, exported[i], module.tag_space[i]) for i in borrowed]
    replaced = {
        IMPORT_SECTION: [encoded_import(each, types) for each in (*module.imports, *imports)],
        TAG_SECTION: [tag_type(tag, types) for tag in module.tags[len(borrowed) :]],
        EXPORT_SECTION: [encoded_export(export) for export in module.exports if export.name not in exported.values()],
    }
    parts, end = [data[: len(MAGIC) + len(VERSION)]], len(MAGIC) + len(VERSION)
    for each in module.sections:
        start, end = end, each.offset + each.size_bytes
        items = replaced.get(each.id)
        parts.append(data[start:end] if items is None else section(each.id, vector(items)) if items else b"")
    return b"".join(parts)
