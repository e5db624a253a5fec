"""The types of C and C++ behind a module's symbols, from its debug information.

A type is a value that names others by their place, so that types may be of themselves, and none is read before it is
asked for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from wasmbuild.wasm import abi
from wasmbuild.wasm import dwarfinfo as dwarf
from wasmbuild.wasm.dwarfinfo import SECTIONS, DebugInfo, Entry
from wasmbuild.wasm.module import Module
from wasmbuild.wasm.reader import MalformedModule

Ref: TypeAlias = int | None
"""The place of a type; None is `void`."""


class Base(Struct, frozen=True):
    """A number, a character or a truth value."""

    name: str
    size_bytes: int
    is_float: bool


class Pointer(Struct, frozen=True):
    """`sign` is how C++ writes it: `*`, `&` or `&&`."""

    target: Ref
    sign: str = "*"


class Alias(Struct, frozen=True):
    """Another name of a type (`name`), or the same type with a qualifier such as `const` (`qualifier`)."""

    name: str
    qualifier: str
    target: Ref


class Member(Struct, frozen=True):
    """`name` is "" where it has none. A base class is one, named `base`; `bits` is set for bit fields."""

    name: str
    offset_bits: int
    bits: int | None
    type: Ref


class Record(Struct, frozen=True):
    """`size_bytes` is None where it is declared and not defined; `name` is "" where it has none, `file` where it is not
    known."""

    kind: Literal["struct", "union", "class"]
    name: str
    file: str
    size_bytes: int | None
    members: tuple[Member, ...] = ()


class Enum(Struct, frozen=True):
    name: str
    file: str
    size_bytes: int | None
    values: tuple[tuple[str, int], ...] = ()


class Array(Struct, frozen=True):
    """A count that is not said is None: `[]`."""

    element: Ref
    counts: tuple[int | None, ...]


class Function(Struct, frozen=True):
    result: Ref
    parameters: tuple[Ref, ...]
    is_variadic: bool


class Unknown(Struct, frozen=True):
    """What C and C++ programs seldom have, such as pointers to members."""


Type: TypeAlias = Base | Pointer | Alias | Record | Enum | Array | Function | Unknown

_SUBPROGRAM, _VARIABLE, _NAMESPACE = 0x2E, 0x34, 0x39
_PARAMETER, _UNSPECIFIED, _MEMBER, _BASE_CLASS, _ENUMERATOR, _SUBRANGE = 0x05, 0x18, 0x0D, 0x1C, 0x28, 0x21
_RECORDS: Mapping[int, Literal["struct", "union", "class"]] = {0x13: "struct", 0x17: "union", 0x02: "class"}
_ENUM = 0x04
_POINTERS = {0x0F: "*", 0x10: "&", 0x42: "&&"}
_ALIASES = {0x16: "", 0x26: "const", 0x35: "volatile", 0x37: "restrict", 0x47: "_Atomic"}
_FLOATS = (3, 4)  # DW_ATE_complex_float, DW_ATE_float

_LONGEST_CHAIN = 256
"""Names of names, and arrays of arrays: in what is broken they may be of themselves."""
_STEPS = 32
"""From an entry to the declaration that it completes, and that one's: real ones take one or two."""


class Types:
    """What debug information says of the symbols of a module. Raises MalformedModule where its entries break the
    format; a type that does is unknown."""

    def __init__(self, sections: Mapping[str, bytes]) -> None:
        self.functions: dict[str, Ref] = {}
        """By symbol, where its function is; `at` gives its type."""
        self.variables: dict[str, Ref] = {}
        """By symbol, its type."""
        self._info = DebugInfo(sections)
        self._names: dict[int, str] = {}
        self._defined: dict[tuple[int, str], int] = {}
        self._read: dict[int, Type] = {}
        self._index()

    def at(self, ref: Ref) -> Type | None:
        """The type at a place; None for `void`."""
        if ref is None:
            return None
        if ref not in self._read:
            try:
                self._read[ref] = self._type(self._info.entry(ref))
            except MalformedModule:
                self._read[ref] = Unknown()
        return self._read[ref]

    def size_bytes(self, ref: Ref) -> int | None:
        """Of a value of the type; None where it is not known."""
        times = 1
        for _ in range(_LONGEST_CHAIN):
            match self.at(stripped(self, ref)):
                case Array(element, counts):
                    if None in counts:
                        return None
                    times, ref = times * math.prod(count or 0 for count in counts), element
                case Base(size_bytes=size) | Enum(size_bytes=size) | Record(size_bytes=size):
                    return None if size is None else times * size
                case Pointer():
                    return times * abi.POINTER_BITS // 8
                case _:
                    break
        return None

    def _index(self) -> None:
        """Find what has a name for others: functions, variables, and where each record and enumeration is defined."""
        scope: list[str] = []
        for depth, entry in self._info.walk():
            del scope[depth:]
            name = entry.text(dwarf.NAME) or ""
            if entry.tag in _RECORDS or entry.tag == _ENUM:
                name = self._names[entry.offset] = "::".join((*filter(None, scope), name)) if name else ""
                if name and not entry.number(dwarf.DECLARATION):
                    self._defined.setdefault((entry.tag, name), entry.offset)
                scope.append(entry.text(dwarf.NAME) or "")
            elif entry.tag == _NAMESPACE:
                scope.append(name or "(anonymous namespace)")
            else:
                scope.append("")
                if entry.tag in (_SUBPROGRAM, _VARIABLE) and not entry.number(dwarf.DECLARATION):
                    self._symbol(entry)

    def _symbol(self, entry: Entry) -> None:
        chain = self._declared(entry)
        if not any(each.number(dwarf.EXTERNAL) for each in chain):
            return
        names = [each.text(attribute) for attribute in (dwarf.LINKAGE_NAME, dwarf.NAME) for each in chain]
        symbol = next(filter(None, names), None)
        if symbol is None:
            return
        if entry.tag == _SUBPROGRAM:
            self.functions.setdefault(symbol, entry.offset)
        else:
            self.variables.setdefault(symbol, _first(chain, dwarf.TYPE))

    def _declared(self, entry: Entry) -> list[Entry]:
        """An entry, then the declaration that it completes, whose attributes it has too."""
        chain = [entry]
        for _ in range(_STEPS):
            further = _first(chain[-1:], dwarf.SPECIFICATION)
            further = further if further is not None else _first(chain[-1:], dwarf.ABSTRACT_ORIGIN)
            if further is None:
                break
            chain.append(self._info.entry(further))
        return chain

    def _type(self, entry: Entry) -> Type:
        name, target = entry.text(dwarf.NAME) or "", entry.number(dwarf.TYPE)
        match entry.tag:
            case 0x24:  # DW_TAG_base_type
                size_bytes = entry.number(dwarf.BYTE_SIZE) or 0
                return Base(name, size_bytes, entry.number(dwarf.ENCODING) in _FLOATS)
            case tag if tag in _POINTERS:
                return Pointer(target, _POINTERS[tag])
            case tag if tag in _ALIASES:
                return Alias(name if tag == 0x16 else "", _ALIASES[tag], target)
            case tag if tag in _RECORDS:
                return self._record(entry)
            case 0x04:
                entry = self._definition(entry)
                values = [
                    (each.text(dwarf.NAME) or "", each.number(dwarf.CONST_VALUE) or 0)
                    for each in self._info.children(entry)
                    if each.tag == _ENUMERATOR
                ]
                name, file = self._names.get(entry.offset, ""), self._info.file(entry) or ""
                return Enum(name, file, entry.number(dwarf.BYTE_SIZE), tuple(values))
            case 0x01:  # DW_TAG_array_type
                counts = [_count(each) for each in self._info.children(entry) if each.tag == _SUBRANGE]
                return Array(target, tuple(counts))
            case 0x15 | 0x2E:  # DW_TAG_subroutine_type, DW_TAG_subprogram
                return self._function(entry)
        return Unknown()

    def _definition(self, entry: Entry) -> Entry:
        """Of what is only declared here, the definition that another file of the library has."""
        if not entry.number(dwarf.DECLARATION):
            return entry
        defined = self._defined.get((entry.tag, self._names.get(entry.offset, "")))
        return entry if defined is None else self._info.entry(defined)

    def _record(self, entry: Entry) -> Record:
        entry = self._definition(entry)
        kind, name, file = _RECORDS[entry.tag], self._names.get(entry.offset, ""), self._info.file(entry) or ""
        if entry.number(dwarf.DECLARATION):
            return Record(kind, name, file, None)
        members = []
        for each in self._info.children(entry):
            # A static member is no part of it.
            if each.tag in (_MEMBER, _BASE_CLASS) and not each.number(dwarf.EXTERNAL):
                named = "base" if each.tag == _BASE_CLASS else each.text(dwarf.NAME) or ""
                bits = each.number(dwarf.BIT_SIZE)
                members.append(Member(named, _offset_bits(each, bits), bits, each.number(dwarf.TYPE)))
        return Record(kind, name, file, entry.number(dwarf.BYTE_SIZE) or 0, tuple(members))

    def _function(self, entry: Entry) -> Function:
        chain = self._declared(entry)
        parameters: list[Ref] = []
        is_variadic = False
        for each in self._info.children(entry):
            if each.tag == _PARAMETER:
                parameters.append(_first(self._declared(each), dwarf.TYPE))
            is_variadic = is_variadic or each.tag == _UNSPECIFIED
        return Function(_first(chain, dwarf.TYPE), tuple(parameters), is_variadic)


def stripped(types: Types, ref: Ref) -> Ref:
    """A type without its other names and qualifiers."""
    for _ in range(_LONGEST_CHAIN):
        type_ = types.at(ref)
        if not isinstance(type_, Alias):
            break
        ref = type_.target
    return ref


def alias_of(types: Types, ref: Ref) -> str:
    """The other name of a type that stands directly before it; "" where it has none."""
    name = ""
    for _ in range(_LONGEST_CHAIN):
        type_ = types.at(ref)
        if not isinstance(type_, Alias):
            break
        name, ref = type_.name or name, type_.target
    return name


def read_types(data: bytes, module: Module) -> Types | None:
    """The types of a module; None where it has no debug information, or none that can be read: it is advice."""
    sections = {s.name: data[s.offset : s.offset + s.size_bytes] for s in module.sections if s.name in SECTIONS}
    if dwarf.INFO not in sections:
        return None
    try:
        return Types(sections)
    except MalformedModule:
        return None


def _first(chain: list[Entry], attribute: int) -> int | None:
    return next((value for each in chain if (value := each.number(attribute)) is not None), None)


def _count(subrange: Entry) -> int | None:
    count, last = subrange.number(dwarf.COUNT), subrange.number(dwarf.UPPER_BOUND)
    return count if count is not None else None if last is None else last + 1


def _offset_bits(member: Entry, bits: int | None) -> int:
    """From the start of the record; little-endian, where older DWARF counts bits from the other end."""
    offset = (member.number(dwarf.MEMBER_LOCATION) or 0) * 8
    if (from_start := member.number(dwarf.DATA_BIT_OFFSET)) is not None:
        return offset + from_start
    from_end = member.number(dwarf.BIT_OFFSET)
    if from_end is None or bits is None:
        return offset
    from_end -= 1 << 64 if from_end >= 1 << 63 else 0  # it may be negative
    return offset + (member.number(dwarf.BYTE_SIZE) or 0) * 8 - from_end - bits
