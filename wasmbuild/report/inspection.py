"""What is in a WebAssembly file, for `wasmbuild inspect`: bytes to an `Inspection`, that to text or JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Literal, TypeAlias

from msgspec import Struct, to_builtins

from wasmbuild.printing import counted
from wasmbuild.report.columns import columns, joined
from wasmbuild.wasm import abi, objects
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.demangle import demangle
from wasmbuild.wasm.module import Dylink, Export, ExternKind, Import, Module, Section, extern_kind
from wasmbuild.wasm.own import DATA_BYTES, LAZY, LINKED_AGAINST, data_bytes, lazy, linked_against

Kind: TypeAlias = Literal["shared library", "program (-pie)", "static program", "plain module", "relocatable object"]

_FLAGS: tuple[tuple[int, str], ...] = (
    (abi.WEAK, "weak"),
    (abi.LOCAL, "local"),
    (abi.HIDDEN, "hidden"),
    (abi.UNDEFINED, "undefined"),
    (abi.EXPORTED, "exported"),
    (abi.EXPLICIT_NAME, "explicit name"),
    (abi.NO_STRIP, "no strip"),
    (abi.TLS, "tls"),
    (abi.ABSOLUTE, "absolute"),
)
_FEATURE_USE: Mapping[str, str] = {"+": "used", "-": "disallowed", "=": "required"}

_MOST_BRACKETS = 200
"""Of the own section, which holds a few settings: a bound on its nesting, for what others put there."""


class FlaggedSymbol(Struct, frozen=True):
    """An entry of dylink.0's export or import info; `module` is "" for exports."""

    module: str
    name: str
    demangled: str | None
    flags: tuple[str, ...]


class DylinkInfo(Struct, frozen=True):
    """The section dylink.0, alignments as numbers of bytes and of table elements."""

    memory_size_bytes: int
    memory_align_bytes: int
    table_size: int
    table_align: int
    needed: tuple[str, ...]
    runtime_paths: tuple[str, ...]
    export_flags: tuple[FlaggedSymbol, ...]
    import_flags: tuple[FlaggedSymbol, ...]


class ImportItem(Struct, frozen=True):
    """`demangled` is None for a name that is not mangled."""

    module: str
    name: str
    demangled: str | None
    kind: ExternKind
    type: str


class ExportItem(Struct, frozen=True):
    """`data_offset` is set for data of a dynamically linked module: bytes from the module's memory base (or
    from where dylink.0's flags say: the TLS block, or address 0); `size_bytes` where our link driver wrote it down."""

    name: str
    demangled: str | None
    kind: ExternKind
    type: str
    data_offset: int | None
    size_bytes: int | None = None


class SymbolItem(Struct, frozen=True):
    """A symbol of an object. `size_bytes` is known of defined data alone, `type` of what is no data."""

    name: str
    demangled: str | None
    kind: objects.SymbolKind
    defined: bool
    flags: tuple[str, ...]
    type: str | None
    size_bytes: int | None


class Relocation(Struct, frozen=True):
    type: str
    symbol: str


class ObjectInfo(Struct, frozen=True):
    """What only a relocatable object has; `non_pic` are relocations that a shared library cannot have."""

    symbols: tuple[SymbolItem, ...]
    non_pic: tuple[Relocation, ...]


class Inspection(Struct, frozen=True):
    """`own` is the value of the custom section `wasmbuild`, `start` the index of the start function."""

    path: str
    kind: Kind
    size_bytes: int
    code_size_bytes: int
    data_size_bytes: int
    start: int | None
    notes: tuple[str, ...]
    dylink: DylinkInfo | None
    imports: tuple[ImportItem, ...]
    exports: tuple[ExportItem, ...]
    memories: tuple[str, ...]
    tables: tuple[str, ...]
    sections: tuple[Section, ...]
    features: tuple[objects.Feature, ...]
    own: Any
    object: ObjectInfo | None


def inspect_bytes(data: bytes, path: str) -> Inspection:
    """Everything about one file, which messages call `path`. Raises MalformedModule."""
    module = decode(data, path)
    kind = module_kind(module)
    own, own_note = _own_section(data, module)
    sizes = data_bytes(own, module) if isinstance(own, dict) else {}
    return Inspection(
        path=path,
        kind=kind,
        size_bytes=module.size_bytes,
        code_size_bytes=module.code_size_bytes,
        data_size_bytes=module.data_size_bytes,
        start=module.start,
        notes=(*_notes(module, kind), *own_note),
        dylink=_dylink_info(module.dylink) if module.dylink else None,
        imports=tuple(map(_import_item, module.imports)),
        exports=tuple([_export_item(module, export, sizes.get(export.name)) for export in module.exports]),
        memories=tuple(map(str, module.memories)),
        tables=tuple(map(str, module.tables)),
        sections=module.sections,
        features=objects.decode_features(data, module, path),
        own=own,
        object=_object_info(data, path) if kind == "relocatable object" else None,
    )


def module_kind(module: Module) -> Kind:
    """What made this file, as far as it shows."""
    is_program = abi.START in module.exports_by_name
    if module.dylink is not None and not module.is_whole:
        return "program (-pie)" if is_program else "shared library"
    if module.is_object:
        return "relocatable object"
    return "static program" if is_program else "plain module"


def inspection_to_json(inspection: Inspection) -> dict[str, Any]:
    """One of the `files` in the document of `--json`, in plain JSON values."""
    values: dict[str, Any] = to_builtins(inspection)
    values["features"] = [{"name": f.name, "use": _FEATURE_USE[f.prefix]} for f in inspection.features]
    values[abi.OWN_SECTION] = values.pop("own")
    return values


def inspection_text(inspection: Inspection) -> str:
    """Several lines, without a final newline. Characters that would act on a terminal are escaped."""
    return joined(_lines(inspection))


# From the module to the values.


def _notes(module: Module, kind: Kind) -> Iterator[str]:
    if module.has_old_dylink:
        yield "made for the older convention: a `dylink` section, where `dylink.0` is needed"
    if module.dylink is not None and module.is_whole:
        yield "has a `dylink.0` section and yet a memory of its own: it was linked statically"
    elif module.dylink is not None and not module.dylink_is_first:
        yield "`dylink.0` is not the first section: some tool moved it, and other loaders will not find it"
    if module.dylink is not None and module.owns_memory and not module.is_whole:
        yield "has a memory of its own, where all modules of a process share one: it was linked without --import-memory"
    if module.is_object and kind != "relocatable object":
        yield "kept its relocations and symbols (--emit-relocs), which are not shown"


def _own_section(data: bytes, module: Module) -> tuple[Any, tuple[str, ...]]:
    """The section's value, and a note where it is there but cannot be read."""
    section = next((s for s in module.sections if s.id == 0 and s.name == abi.OWN_SECTION), None)
    if section is None:
        return None, ()
    text = data[section.offset : section.offset + section.size_bytes]
    try:
        if text.count(b"[") + text.count(b"{") > _MOST_BRACKETS:
            raise ValueError("too deep")
        value = json.loads(text)
        json.dumps(value, allow_nan=False)  # Python reads NaN and 1e999, which `--json` could not write
    except ValueError:
        return None, (f"the section `{abi.OWN_SECTION}` cannot be read as JSON",)
    return value, ()


def _dylink_info(dylink: Dylink) -> DylinkInfo:
    info = dylink.mem_info
    exports, imports = dylink.export_flags.items(), dylink.import_flags.items()
    return DylinkInfo(
        memory_size_bytes=info.memory_size,
        memory_align_bytes=1 << info.memory_p2align,
        table_size=info.table_size,
        table_align=1 << info.table_p2align,
        needed=dylink.needed,
        runtime_paths=dylink.runtime_paths,
        export_flags=tuple([FlaggedSymbol("", n, _meaning(n), flag_words(f)) for n, f in exports]),
        import_flags=tuple([FlaggedSymbol(m, n, _meaning(n), flag_words(f)) for (m, n), f in imports]),
    )


def flag_words(flags: int) -> tuple[str, ...]:
    """Symbol flags in words; bits that nobody knows yet come last, as one hexadecimal number."""
    words = [word for bit, word in _FLAGS if flags & bit]
    unknown = flags & ~sum(bit for bit, _ in _FLAGS)
    return (*words, hex(unknown)) if unknown else tuple(words)


def _import_item(item: Import) -> ImportItem:
    return ImportItem(item.module, item.name, _meaning(item.name), extern_kind(item.type), str(item.type))


def _export_item(module: Module, export: Export, size_bytes: int | None) -> ExportItem:
    name, type_ = export.name, str(module.export_type(export))
    return ExportItem(name, _meaning(name), export.kind, type_, _data_offset(module, export), size_bytes)


def _data_offset(module: Module, export: Export) -> int | None:
    if module.dylink is None or module.memories or export.kind != "global":
        return None
    defined = module.defined_global(export.index)
    if defined is None or defined.type.mutable or defined.init is None:
        return None
    # Signed in the file, but addresses beyond 2 GiB are addresses too.
    return defined.init.value % (1 << 64 if defined.type.value == "i64" else 1 << 32)


def _object_info(data: bytes, path: str) -> ObjectInfo:
    obj = objects.decode_object(data, path)
    relocations = [Relocation(type_, name) for type_, name in objects.non_pic_relocations(obj)]
    return ObjectInfo(tuple([_symbol_item(obj, symbol) for symbol in obj.symbols]), tuple(relocations))


def _symbol_item(obj: objects.ObjectFile, symbol: objects.Symbol) -> SymbolItem:
    name, type_ = symbol.name, objects.symbol_type(obj, symbol)
    type_text = None if type_ is None else str(type_)
    size_bytes = symbol.size_bytes if symbol.kind == "data" and symbol.defined else None
    flags = flag_words(symbol.flags)
    return SymbolItem(name, _meaning(name), symbol.kind, symbol.defined, flags, type_text, size_bytes)


def _meaning(name: str) -> str | None:
    demangled = demangle(name)
    return None if demangled == name else demangled


# From the values to text. Cells are escaped where they come from the file.


def _lines(inspection: Inspection) -> Iterator[str]:
    yield f"{inspection.path}: {inspection.kind}, {_bytes(inspection.size_bytes)}"
    for note in inspection.notes:
        yield f"  note: {note}"
    yield from columns("  ", _facts(inspection))
    if inspection.dylink is not None:
        yield from ("", f"  {abi.DYLINK_SECTION}")
        yield from columns("    ", _dylink_rows(inspection.dylink, inspection.own))
    if inspection.object is not None:
        yield from ("", f"  symbols: {len(inspection.object.symbols)}")
        yield from columns("    ", map(_symbol_row, inspection.object.symbols), right=(3,))
    else:
        yield from ("", f"  imports: {len(inspection.imports)}")
        groups: dict[str, list[tuple[str, str]]] = {}
        for item in inspection.imports:
            row = _type(item.type, item.kind), _name(item.name, item.demangled)
            groups.setdefault(item.module, []).append(row)
        for module, rows in groups.items():
            yield f"    from {module}"
            yield from columns("      ", rows)
        yield from ("", f"  exports: {len(inspection.exports)}")
        yield from columns("    ", map(_export_row, inspection.exports))
    yield from ("", f"  sections: {len(inspection.sections)}")
    yield from columns("    ", map(_section_row, inspection.sections), right=(1,))


def _facts(inspection: Inspection) -> Iterator[tuple[str, str]]:
    for label, size_bytes in (("code", inspection.code_size_bytes), ("data", inspection.data_size_bytes)):
        if size_bytes:
            yield label, _bytes(size_bytes)
    if inspection.memories or inspection.tables:
        yield "defines", "; ".join((*inspection.memories, *inspection.tables))
    if inspection.start is not None:
        yield "start", f"function {inspection.start}, called on instantiation"
    if inspection.object is not None:
        relocations = inspection.object.non_pic
        answer = "yes"
        if relocations:
            rest = f", and {len(relocations) - 1} more" if len(relocations) > 1 else ""
            answer = f"no: {relocations[0].type} against {relocations[0].symbol}{rest}"
        yield "position-independent", answer
    if inspection.features:
        words = " ".join(f.prefix + f.name for f in inspection.features)
        lines = textwrap.wrap(words, 80, break_long_words=False, break_on_hyphens=False)
        yield from zip_longest(("target features",), lines, fillvalue="")
    if inspection.own is not None:
        shown = inspection.own
        if isinstance(shown, dict):
            # Sizes of data stand beside the exports, and what is said of needed libraries, with these.
            shown = {name: value for name, value in shown.items() if name not in (DATA_BYTES, LAZY, LINKED_AGAINST)}
        if shown or not isinstance(shown, dict):
            yield abi.OWN_SECTION, json.dumps(shown)


def _dylink_rows(dylink: DylinkInfo, own: Any) -> Iterator[tuple[str, str]]:
    facts = own if isinstance(own, dict) else {}
    waiting, built = lazy(facts), linked_against(facts)
    size, align = counted(dylink.table_size, "element"), counted(dylink.table_align, "element")
    yield "memory", f"{_bytes(dylink.memory_size_bytes)}, aligned to {_bytes(dylink.memory_align_bytes)}"
    yield "table", f"{size}, aligned to {align}"
    named = [f"{name} (lazy)" if name in waiting else name for name in dylink.needed]
    yield "needed", ", ".join(named) or "nothing"
    if known := [f"{name} {built[name]}" for name in dylink.needed if name in built]:
        yield "linked against", ", ".join(known)
    if dylink.runtime_paths:
        yield "runtime path", ", ".join(dylink.runtime_paths)
    for label, symbols in (("export flags", dylink.export_flags), ("import flags", dylink.import_flags)):
        for number, symbol in enumerate(symbols):
            module = f"{symbol.module}." if symbol.module else ""
            flags = ", ".join(symbol.flags) or "none"
            yield "" if number else label, f"{module}{_name(symbol.name, symbol.demangled)}: {flags}"


def _symbol_row(symbol: SymbolItem) -> tuple[str, ...]:
    return (
        symbol.kind,
        "defined" if symbol.defined else "undefined",
        ", ".join(flag for flag in symbol.flags if flag != "undefined"),
        "" if symbol.size_bytes is None else _bytes(symbol.size_bytes),
        symbol.type or "",
        _name(symbol.name, symbol.demangled),
    )


def _export_row(item: ExportItem) -> tuple[str, str]:
    if item.data_offset is None:
        return _type(item.type, item.kind), _name(item.name, item.demangled)
    size = f", {_bytes(item.size_bytes)}" if item.size_bytes else ""
    return f"data at offset {item.data_offset:#x}{size}", _name(item.name, item.demangled)


def _section_row(section: Section) -> tuple[str, str, str]:
    return section.name or '""', f"{section.size_bytes:,}", "" if section.id else "custom"


def _type(type_: str, kind: ExternKind) -> str:
    """Only the text of a function's type does not say by itself what it is."""
    return f"func {type_}" if kind == "func" else type_


def _name(name: str, demangled: str | None) -> str:
    """The symbol itself comes first, so that it can be searched for and copied."""
    return name + (f"  {demangled}" if demangled else "")


def _bytes(size_bytes: int) -> str:
    return counted(size_bytes, "byte")
