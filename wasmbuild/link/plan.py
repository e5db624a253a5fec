"""A link plan: everything that a loader has to do for one process, as a document. docs/plan.md explains it.

The types here are the document: its JSON Schema follows from them, and each field says its unit. Memory is counted in
bytes or in pages of 64 KiB, the table in elements. A module is named by its index in `modules`, an address is unsigned.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from wasmbuild.wasm import abi
from wasmbuild.wasm.module import FuncType

VERSION: Final = 1
"""Of the document. A loader refuses what it does not know."""

ByteAddress = Annotated[int, Meta(ge=0, le=abi.ADDRESS_MASK)]
TableIndex = Annotated[int, Meta(ge=0, le=abi.ADDRESS_MASK)]
ModuleIndex = Annotated[int, Meta(ge=0)]


class Shared(Struct, frozen=True, tag_field="is", tag="shared", gc=False):
    """What is one for the process: its memory, its table, or the stack pointer (a mutable global)."""

    what: Literal["memory", "table", "stack_pointer"]


class Constant(Struct, frozen=True, tag_field="is", tag="constant", gc=False):
    """An immutable global: the memory or table base of the module that imports it."""

    value: ByteAddress


class GotEntry(Struct, frozen=True, tag_field="is", tag="got-entry", gc=False):
    """A mutable global that holds an address from the start. Imports with equal name and value have one."""

    name: Annotated[str, Meta(description="`mem:NAME` for data, `func:NAME` for a table index, `tls:MODULE`")]
    value: ByteAddress


class FromModule(Struct, frozen=True, tag_field="is", tag="from-module", gc=False):
    """What another module exports, itself: a function, a tag, or a global. The module exists already."""

    module: ModuleIndex
    export: str


class Stub(Struct, frozen=True, tag_field="is", tag="stub", gc=False):
    """A function that calls what stands in a table entry: its module does not exist yet when it is imported."""

    table_index: TableIndex
    type: FuncType


class TrapWhenCalled(Struct, frozen=True, tag_field="is", tag="trap-when-called", gc=False):
    """A weak function that nothing defines. A call to it traps, with its name."""

    name: str
    type: FuncType


class FromWasi(Struct, frozen=True, tag_field="is", tag="from-wasi", gc=False):
    """A function of WASI preview 1. It works on the process's memory, or on its module's own if there is none."""

    name: str


class FromHost(Struct, frozen=True, tag_field="is", tag="from-host", gc=False):
    """A function that the embedder supplies, of this type if the import has one."""

    name: str
    type: FuncType | None


class FromLoader(Struct, frozen=True, tag_field="is", tag="from-loader", gc=False):
    """A function of the dlopen family, made for the module that calls it."""

    name: str
    type: FuncType
    module: ModuleIndex


class Opener(Struct, frozen=True, tag_field="is", tag="opener", gc=False):
    """In the table, until a lazy module is there: a function that brings it into the process (see `lazy`), which writes
    the function itself into this entry, and then calls what stands there."""

    module: ModuleIndex
    export: str
    type: FuncType


ImportValue: TypeAlias = (
    Shared | Constant | GotEntry | FromModule | Stub | TrapWhenCalled | FromWasi | FromHost | FromLoader
)
"""What a module is given for one of its imports."""


class TableEntry(Struct, frozen=True, gc=False):
    """A function to write into the table once all modules exist: one that has no entry of its own module's, or whose
    module comes later."""

    index: TableIndex
    function: FromModule | FromHost | Opener


class Call(Struct, frozen=True, gc=False):
    """A call of an exported function that returns nothing."""

    module: ModuleIndex
    export: str
    arguments: Annotated[tuple[ByteAddress, ...], Meta(description="its parameters, each an i32")] = ()


class ModulePlan(Struct, frozen=True):
    """One module: which file it is, where its areas are, and what it is given."""

    name: Annotated[str, Meta(description="the name that it is needed by; of the root, its file's")]
    path: Annotated[str, Meta(description="of the file, from the root's directory; separated by `/`")]
    sha256: Annotated[str, Meta(description="of the file, in hexadecimal: what was verified is what runs")]
    needed: Annotated[tuple[ModuleIndex, ...], Meta(description="the modules that it needs itself, in its order")]
    memory_base: Annotated[ByteAddress, Meta(description="where its data begin, in bytes; 0 if it has none")]
    table_base: Annotated[TableIndex, Meta(description="where its table entries begin; 0 if it has none")]
    imports: Annotated[tuple[ImportValue, ...], Meta(description="one for each import of the file, in its order")]


class MemoryPlan(Struct, frozen=True):
    """The one memory of the process. The stack is at its bottom and grows down; the heap is at its end."""

    pages: Annotated[int, Meta(description="to start with, of 64 KiB")]
    max_pages: Annotated[int, Meta(description="that it may grow to")]
    stack_low: ByteAddress
    stack_high: Annotated[ByteAddress, Meta(description="what the stack pointer starts with")]
    heap_base: Annotated[ByteAddress, Meta(description="behind the data of all modules")]


class TablePlan(Struct, frozen=True):
    """The one table of functions. Entry 0 stays null."""

    size: Annotated[int, Meta(description="to start with, in elements")]
    max_size: Annotated[int | None, Meta(description="that it may grow to; null: what the engine allows")]


class LazyPlan(Struct, frozen=True):
    """A module that comes at the first call into it. Instantiate those of `instantiate` that are not there yet; fill
    the entries of each of these; make those of the calls that are theirs; then the call goes on."""

    module: ModuleIndex
    instantiate: Annotated[
        tuple[ModuleIndex, ...], Meta(description="it and what it needs at once and may not be there yet, in order")
    ]
    table_entries: Annotated[tuple[TableEntry, ...], Meta(description="of its own functions")]
    initialise: Annotated[
        tuple[Call, ...], Meta(description="of all that is instantiated: relocations, thread-local data, constructors")
    ]


class LinkPlan(Struct, frozen=True, omit_defaults=True):
    """A process. Carry it out in this order: verify each file's sha256; make the memory and the table; instantiate the
    modules; fill the table entries; make the calls; then, for a program, call `start` of module 0."""

    version: Annotated[int, Meta(description="of this document")]
    pointer_bits: Annotated[Literal[32], Meta(description="how wide an address is")]
    modules: Annotated[
        tuple[ModulePlan, ...], Meta(description="in the order in which symbols are looked up: the root first")
    ]
    instantiate: Annotated[tuple[ModuleIndex, ...], Meta(description="the order in which to instantiate them")]
    memory: Annotated[MemoryPlan | None, Meta(description="null where a module that stands alone has its own, or none")]
    table: Annotated[TablePlan | None, Meta(description="null likewise")]
    table_entries: Annotated[tuple[TableEntry, ...], Meta(description="to fill when all modules exist")]
    initialise: Annotated[
        tuple[Call, ...],
        Meta(description="then: data relocations, thread-local data, constructors, dependencies first"),
    ]
    start: Annotated[
        str | None, Meta(description="what the root exports to be run as a program; it calls its own constructors")
    ]
    lazy: Annotated[
        tuple[LazyPlan, ...],
        Meta(description="the modules that are not there at the start; left out where there are none"),
    ] = ()


_DECODER = msgspec.json.Decoder(LinkPlan)


def plan_text(plan: LinkPlan) -> str:
    """The document: JSON with a line for each import, table entry and call. Equal plans have equal bytes."""
    lines = []
    for key, value in msgspec.to_builtins(plan).items():
        if key == "modules":
            lines.append('  "modules": [\n' + ",\n".join(map(_module_text, value)) + "\n  ]")
        elif isinstance(value, tuple | list) and value and isinstance(value[0], dict):
            lines.append(f'  "{key}": [\n    ' + ",\n    ".join(map(_json, value)) + "\n  ]")
        else:
            lines.append(f'  "{key}": {_json(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _module_text(module: dict[str, Any]) -> str:
    imports = module.pop("imports")
    listed = "[\n      " + ",\n      ".join(map(_json, imports)) + "]" if imports else "[]"
    return f'    {{{_json(module)[1:-1]}, "imports": {listed}}}'


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    # A name that would act on a terminal, or that is no text: JSON can say it in ASCII.
    return text if text.isprintable() else json.dumps(value)


def decode_plan(data: bytes) -> LinkPlan:
    """The plan of a document. Raises ValueError for what is none, or of another version."""
    try:
        plan = _DECODER.decode(data)
    except RecursionError:
        raise ValueError("a plan that is nested too deeply") from None
    if plan.version != VERSION:
        raise ValueError(f"a plan of version {plan.version}, where {VERSION} is known")
    return plan


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    from wasmbuild.schemas import schema_of  # a start of a program needs none

    return schema_of(LinkPlan)
