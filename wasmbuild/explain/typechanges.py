"""What became of the types of C and C++ behind exports: both builds' debug information, side by side. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator
from typing import Literal

from msgspec import Struct

from wasmbuild.explain.ctext import c_declaration, c_type
from wasmbuild.printing import counted
from wasmbuild.wasm.dwarftypes import (
    Array,
    Base,
    Enum,
    Function,
    Member,
    Pointer,
    Record,
    Ref,
    Types,
    Unknown,
    alias_of,
    stripped,
)

Kind = Literal["removed", "added", "type", "thread-local", "size", "layout", "needed", "runtime path"]


class Change(Struct, frozen=True):
    """`old` and `new` are texts, "" for what is not there; `details` are sentences below them."""

    breaks: bool
    kind: Kind
    name: str
    old: str
    new: str
    details: tuple[str, ...] = ()


class Public(Struct, frozen=True):
    """Whether users have seen a definition: it is in a header, and if it is known which ones they include, in one of
    those or in another library's. What they have not seen they know by its address alone."""

    headers: frozenset[str] | None = None

    def __call__(self, file: str) -> bool:
        name = posixpath.basename(file)
        if not name:
            return True
        if self.headers is not None and not file.startswith("/"):
            return name in self.headers
        return not name.endswith((".c", ".cc", ".cpp", ".cxx", ".C", ".c++"))


_Pair = tuple[Ref, Ref]


class TypeChanges:
    def __init__(self, old: Types, new: Types, public: Public | None = None) -> None:
        self.old, self.new, self.public = old, new, public or Public()
        self._seen: set[_Pair] = set()
        self._todo: list[tuple[Ref, Ref, str, str, str]] = []
        """Records and enumerations that are to be compared: both places; of one without a name, the typedef that names
        it, and the way to it; and the export that led there."""

    def declarations(self, name: str) -> tuple[str, str] | None:
        """A function's declarations as in C, old and new; None where one is not known."""
        if name not in self.old.functions or name not in self.new.functions:
            return None
        old, new = self.old.functions[name], self.new.functions[name]
        return c_declaration(self.old, name, old), c_declaration(self.new, name, new)

    def of(self, names: Iterable[str], said: Collection[str] = ()) -> Iterator[Change]:
        """The changes behind exports that are in both, each type once. That those in `said` differ is known."""
        for name in names:
            found = self._function(name) if name in self.old.functions else self._variable(name)
            yield from (change for change in found if name not in said)
            while self._todo:
                yield from self._defined(*self._todo.pop())

    def _function(self, name: str) -> Iterator[Change]:
        declared = self.declarations(name)
        if declared is not None:
            fits = self._fits(self.old.functions[name], self.new.functions[name], name, name)
            if not fits or declared[0] != declared[1]:
                yield Change(not fits, "type", name, *declared)

    def _variable(self, name: str) -> Iterator[Change]:
        if name not in self.old.variables or name not in self.new.variables:
            return
        refs = self.old.variables[name], self.new.variables[name]
        texts = c_type(self.old, refs[0]), c_type(self.new, refs[1])
        # How many elements an array has is a matter of its size, which is said elsewhere.
        elements = _element(self.old, refs[0]), _element(self.new, refs[1])
        if not self._fits(*elements, name, name):
            yield Change(True, "type", name, *texts)

    def _fits(self, old: Ref, new: Ref, path: str, export: str) -> bool:
        """Whether a value of one can be taken for the other; what records and enumerations look like is for later."""
        todo: list[tuple[Ref, Ref, bool]] = [(old, new, False)]
        seen = set[tuple[Ref, Ref]]()
        while todo:
            before_ref, after_ref, behind = todo.pop()
            alias = alias_of(self.old, before_ref)
            before_ref, after_ref = stripped(self.old, before_ref), stripped(self.new, after_ref)
            if (before_ref, after_ref) in seen:
                continue
            seen.add((before_ref, after_ref))
            before, after = self.old.at(before_ref), self.new.at(after_ref)
            match before, after:
                case (Unknown(), _) | (_, Unknown()) | (None, None):
                    continue
                case (None, _) | (_, None):
                    if not behind:  # `void *` is a pointer to anything, but `void` is no value
                        return False
                case (Record(), Record()) | (Enum(), Enum()):
                    if (before_ref, after_ref) not in self._seen:
                        self._seen.add((before_ref, after_ref))
                        self._todo.append((before_ref, after_ref, alias, path, export))
                case (Base() | Enum(), Base() | Enum()):
                    floats = [isinstance(each, Base) and each.is_float for each in (before, after)]
                    if before.size_bytes != after.size_bytes or floats[0] != floats[1]:
                        return False
                case Pointer(), Pointer():
                    todo.append((before.target, after.target, True))
                case Array(), Array():
                    if before.counts != after.counts:
                        return False
                    todo.append((before.element, after.element, behind))
                case Function(), Function():
                    if len(before.parameters) != len(after.parameters) or before.is_variadic != after.is_variadic:
                        return False
                    todo.append((before.result, after.result, False))
                    todo += [(a, b, False) for a, b in zip(before.parameters, after.parameters, strict=True)]
                case _:
                    return False
        return True

    def _defined(self, old: Ref, new: Ref, alias: str, path: str, export: str) -> Iterator[Change]:
        before, after = self.old.at(old), self.new.at(new)
        if isinstance(before, Enum) and isinstance(after, Enum):
            details, broken = list(_values(before, after)), self._breaks_values(before, after)
            name = alias if alias and not before.name else f"enum {before.name or path}"
        elif isinstance(before, Record) and isinstance(after, Record):
            name = alias if alias and not before.name else f"{before.kind} {before.name or path}"
            details, broken = self._members(before, after, before.name or alias or path, export)
        else:
            return
        if before.size_bytes is None or after.size_bytes is None:
            return  # nobody knows more of it than its name
        if before.size_bytes != after.size_bytes or details:
            broken = broken or before.size_bytes != after.size_bytes
            public = self.public(before.file)
            seen = f"reached by `{export}`" if public else f"defined in {before.file}, which users do not include"
            sizes = counted(before.size_bytes, "byte"), counted(after.size_bytes, "byte")
            yield Change(broken and public, "layout", name, *sizes, (*details, seen))

    def _breaks_values(self, old: Enum, new: Enum) -> bool:
        values = dict(new.values)
        return any(values.get(name) != value for name, value in old.values)

    def _members(self, old: Record, new: Record, name: str, export: str) -> tuple[list[str], bool]:
        """What is to be said of the members, and whether a user of the old ones breaks."""
        if old.size_bytes is None or new.size_bytes is None:
            return [], False
        details, broken = list[str](), False
        left = _by_name(new)
        for key, member in _by_name(old).items():
            shown = f"`{member.name}`" if member.name else "a member without a name"
            other = left.pop(key, None)
            if other is None:
                there = [k for k, each in left.items() if _place(each) == _place(member) and k not in _by_name(old)]
                if there and self._fits(member.type, left[there[0]].type, f"{name}.{member.name}", export):
                    details.append(f"{shown} is now called `{left.pop(there[0]).name}`")
                    continue
                details, broken = [*details, f"{shown} is gone"], True
                continue
            if _place(member) != _place(other):
                details, broken = [*details, f"{shown} at {_at(member)}, now at {_at(other)}"], True
            texts = c_type(self.old, member.type), c_type(self.new, other.type)
            fits = self._fits(member.type, other.type, f"{name}.{member.name}", export)
            if not fits or (texts[0] != texts[1] and _place(member) == _place(other)):
                details, broken = [*details, f"{shown} is `{texts[0]}`, now `{texts[1]}`"], broken or not fits
        details += [f"`{member.name}` is new, at {_at(member)}" for member in left.values()]
        return details, broken


def _element(types: Types, ref: Ref) -> Ref:
    type_ = types.at(stripped(types, ref))
    return type_.element if isinstance(type_, Array) else ref


def _values(old: Enum, new: Enum) -> Iterator[str]:
    before, after = dict(old.values), dict(new.values)
    for name, value in before.items():
        if name not in after:
            yield f"`{name}` is gone"
        elif after[name] != value:
            yield f"`{name}` is {value}, now {after[name]}"
    yield from (f"`{name}` is new, {value}" for name, value in after.items() if name not in before)


def _by_name(record: Record) -> dict[tuple[str, int], Member]:
    """Members by name; of those that share one, as those without have none, by their number too."""
    found: dict[tuple[str, int], Member] = {}
    for member in record.members:
        number = 0
        while (member.name, number) in found:
            number += 1
        found[member.name, number] = member
    return found


def _place(member: Member) -> tuple[int, int | None]:
    return member.offset_bits, member.bits


def _at(member: Member) -> str:
    byte, bit = divmod(member.offset_bits, 8)
    if member.bits is None:
        return f"byte {byte}"
    return f"byte {byte}, bit {bit}, {counted(member.bits, 'bit')} wide"
