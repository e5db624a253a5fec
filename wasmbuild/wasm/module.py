"""The decoded values: what a module imports, defines and exports, as frozen data.

Indexes count in the module's own index spaces, imports first (WebAssembly core specification, 2.5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from msgspec import Struct, field

from wasmbuild.wasm import abi

# "i32", "i64", "f32", "f64", "v128", "funcref", "externref", "exnref", else the text format's own words,
# such as "(ref null 5)": there the number is a type index of *this* module.
ValType: TypeAlias = str

ExternKind: TypeAlias = Literal["func", "table", "memory", "global", "tag"]


_SHOWN_TYPES = 32
"""Of the parameters, and of the results: types that have more may differ and yet have one text."""


def _listed(types: tuple[ValType, ...]) -> str:
    rest = len(types) - _SHOWN_TYPES
    return ", ".join(types) if rest <= 0 else f"{', '.join(types[:_SHOWN_TYPES])} and {rest} more"


class FuncType(Struct, frozen=True):
    """A function's signature; the text is `(i32, i32) -> i64`, with `()` for nothing."""

    params: tuple[ValType, ...] = ()
    results: tuple[ValType, ...] = ()

    def __str__(self) -> str:
        results = self.results[0] if len(self.results) == 1 else f"({_listed(self.results)})"
        return f"({_listed(self.params)}) -> {results}"


class OpaqueType(Struct, frozen=True):
    """An entry of the type section that is no function: "struct", "array" or "cont", without its contents."""

    form: str

    def __str__(self) -> str:
        return self.form


class Limits(Struct, frozen=True):
    """Table elements or memory pages; `maximum` None is unbounded."""

    minimum: int
    maximum: int | None = None

    def __str__(self) -> str:
        return f"{self.minimum}.." if self.maximum is None else f"{self.minimum}..{self.maximum}"


class TableType(Struct, frozen=True):
    element: ValType
    limits: Limits
    is64: bool = False

    def __str__(self) -> str:
        return f"table {'i64 ' if self.is64 else ''}{self.limits} of {self.element}"


class MemoryType(Struct, frozen=True):
    """Limits are in pages of 2**page_size_p2 bytes (64 KiB without the custom-page-sizes proposal)."""

    limits: Limits
    shared: bool = False
    is64: bool = False
    page_size_p2: int = 16

    def __str__(self) -> str:
        unit = "pages" if self.page_size_p2 == 16 else f"pages of {1 << self.page_size_p2} bytes"
        return f"{'shared ' if self.shared else ''}memory {'i64 ' if self.is64 else ''}{self.limits} {unit}"


class GlobalType(Struct, frozen=True):
    value: ValType
    mutable: bool = False

    def __str__(self) -> str:
        return f"global {'mutable ' if self.mutable else ''}{self.value}"


class TagType(Struct, frozen=True):
    type: FuncType

    def __str__(self) -> str:
        return f"tag ({_listed(self.type.params)})"


ExternType: TypeAlias = FuncType | TableType | MemoryType | GlobalType | TagType

_KINDS: Mapping[type, ExternKind] = {
    FuncType: "func",
    TableType: "table",
    MemoryType: "memory",
    GlobalType: "global",
    TagType: "tag",
}


def extern_kind(extern: ExternType) -> ExternKind:
    return _KINDS[type(extern)]


class Import(NamedTuple):
    """A tuple, as Export is: a C library has thousands, and every start of a program decodes them."""

    module: str
    name: str
    type: ExternType


class Export(NamedTuple):
    name: str
    kind: ExternKind
    index: int  # type: ignore[assignment]  # tuples have a method of this name, which nobody calls


class ConstExpr(Struct, frozen=True):
    """The value of an integer constant expression: the global `base_global` (None: no global) plus `value`,
    signed, modulo the width of its type."""

    base_global: int | None
    value: int


class Global(Struct, frozen=True):
    """A defined global; `init` is None where it is no integer, or more than one global plus a constant."""

    type: GlobalType
    init: ConstExpr | None


class Element(Struct, frozen=True):
    """An element segment. `offset` is None where it is passive, declared, or not a ConstExpr; a function that
    is None is `ref.null` or computed. `mode` says which."""

    table: int
    offset: ConstExpr | None
    functions: tuple[int | None, ...]
    mode: Literal["active", "passive", "declared"] = "active"


class Data(Struct, frozen=True):
    """A data segment: its bytes are `size_bytes` at `payload_offset` of the file; `offset` as in Element."""

    memory: int
    offset: ConstExpr | None
    payload_offset: int
    size_bytes: int
    mode: Literal["active", "passive"] = "active"


class Section(Struct, frozen=True):
    """`name` is the custom section's own, else the specification's word; `offset` is where the contents start
    (after a custom section's name) and `size_bytes` how long they are."""

    id: int
    name: str
    offset: int
    size_bytes: int


class MemInfo(Struct, frozen=True):
    """WASM_DYLINK_MEM_INFO: bytes and table elements, alignments as log2 of those."""

    memory_size: int = 0
    memory_p2align: int = 0
    table_size: int = 0
    table_p2align: int = 0


class Dylink(Struct, frozen=True):
    """The section dylink.0. Flags are those of `abi`; import flags are keyed by (module, field), where LLVM
    writes the module `env` even for GOT imports."""

    mem_info: MemInfo = MemInfo()
    needed: tuple[str, ...] = ()
    export_flags: Mapping[str, int] = field(default_factory=dict)
    import_flags: Mapping[tuple[str, str], int] = field(default_factory=dict)
    runtime_paths: tuple[str, ...] = ()

    def is_weak(self, module: str, name: str) -> bool:
        """Whether an import need not be defined. Others than LLVM name the module that the import itself names."""
        flags = self.import_flags.get((abi.ENV, name), 0) | self.import_flags.get((module, name), 0)
        return bool(flags & abi.WEAK)

    def private_exports(self) -> frozenset[str]:
        """The exports that are no symbols for other modules: local, or hidden as in ELF.

        Not thread-local data that is hidden: wasm-ld writes the flags of the object there, which says nothing of
        `--export=NAME`, and without that option it would not have exported it.
        """
        return frozenset(
            name
            for name, flags in self.export_flags.items()
            if flags & abi.LOCAL or flags & (abi.HIDDEN | abi.TLS) == abi.HIDDEN
        )


class Module(Struct, frozen=True, dict=True):
    """A whole module without its code. Everything in a tuple is in the order of the file.

    `functions` holds one type for each *defined* function, `tables`, `memories`, `globals` and `tags`
    likewise hold what is defined; the `*_space` properties put the imports in front.
    """

    size_bytes: int = 8
    sections: tuple[Section, ...] = ()
    types: tuple[FuncType | OpaqueType, ...] = ()
    imports: tuple[Import, ...] = ()
    functions: tuple[FuncType, ...] = ()
    tables: tuple[TableType, ...] = ()
    memories: tuple[MemoryType, ...] = ()
    tags: tuple[TagType, ...] = ()
    globals: tuple[Global, ...] = ()
    exports: tuple[Export, ...] = ()
    start: int | None = None
    elements: tuple[Element, ...] = ()
    data: tuple[Data, ...] = ()
    code_size_bytes: int = 0
    dylink: Dylink | None = None

    @property
    def data_size_bytes(self) -> int:
        return sum(segment.size_bytes for segment in self.data)

    @property
    def has_old_dylink(self) -> bool:
        return any(s.id == 0 and s.name == abi.OLD_DYLINK_SECTION for s in self.sections)

    @property
    def dylink_is_first(self) -> bool:
        """Whether dylink.0 stands where the convention wants it; moving it breaks other loaders."""
        return bool(self.sections) and self.sections[0].name == abi.DYLINK_SECTION

    @property
    def owns_memory(self) -> bool:
        """Whether it uses a memory of its own where a shared library imports one."""
        return bool(self.memories) and not any(isinstance(i.type, MemoryType) for i in self.imports)

    @property
    def owns_table(self) -> bool:
        """Whether its function pointers are of a table of its own, where a shared library imports one."""
        own = any(table.element == "funcref" for table in self.tables)
        return own and not any(isinstance(i.type, TableType) for i in self.imports)

    @property
    def is_whole(self) -> bool:
        """Whether it was linked to run alone, whatever its dylink.0 says: wasm-ld writes one into static
        programs too, where what is undefined may be imported."""
        dylink = self.dylink or Dylink()
        return (
            self.owns_memory
            and not (dylink.needed or dylink.import_flags)
            and not any(i.module in (abi.GOT_MEM, abi.GOT_FUNC) or i.name in abi.OF_LOADER for i in self.imports)
        )

    @property
    def is_object(self) -> bool:
        """Whether this is a relocatable object: what `clang -c` writes, not yet linked."""
        return any(s.id == 0 and s.name == abi.LINKING_SECTION for s in self.sections)

    @cached_property
    def exports_by_name(self) -> Mapping[str, Export]:
        return {export.name: export for export in self.exports}

    @cached_property
    def import_names(self) -> frozenset[tuple[str, str]]:
        """Each import as (module, name)."""
        return frozenset((import_.module, import_.name) for import_ in self.imports)

    @cached_property
    def function_space(self) -> tuple[FuncType, ...]:
        return (*(i.type for i in self.imports if isinstance(i.type, FuncType)), *self.functions)

    @cached_property
    def table_space(self) -> tuple[TableType, ...]:
        return (*(i.type for i in self.imports if isinstance(i.type, TableType)), *self.tables)

    @cached_property
    def memory_space(self) -> tuple[MemoryType, ...]:
        return (*(i.type for i in self.imports if isinstance(i.type, MemoryType)), *self.memories)

    @cached_property
    def global_space(self) -> tuple[GlobalType, ...]:
        return (
            *(i.type for i in self.imports if isinstance(i.type, GlobalType)),
            *(g.type for g in self.globals),
        )

    @cached_property
    def tag_space(self) -> tuple[TagType, ...]:
        return (*(i.type for i in self.imports if isinstance(i.type, TagType)), *self.tags)

    def export_type(self, export: Export) -> ExternType:
        space: tuple[ExternType, ...]
        match export.kind:
            case "func":
                space = self.function_space
            case "table":
                space = self.table_space
            case "memory":
                space = self.memory_space
            case "global":
                space = self.global_space
            case "tag":
                space = self.tag_space
        return space[export.index]

    def defined_global(self, index: int) -> Global | None:
        """The global at an index of the global space, None where it is imported."""
        defined = index - (len(self.global_space) - len(self.globals))
        return self.globals[defined] if defined >= 0 else None

    def imported_function(self, index: int) -> Import | None:
        """The import at an index of the function space, None where the function is defined."""
        return self._function_imports[index] if index < len(self._function_imports) else None

    @cached_property
    def _function_imports(self) -> tuple[Import, ...]:
        return tuple(i for i in self.imports if isinstance(i.type, FuncType))
