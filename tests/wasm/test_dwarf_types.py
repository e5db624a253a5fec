"""Types of C and C++ from debug information, as clang and wasm-ld write it, and from anything else."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmbuild.builder.ziglang import ziglang_directory
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.dwarfinfo import ABBREVIATIONS, INFO, SECTIONS
from wasmbuild.wasm.dwarftypes import (
    Alias,
    Array,
    Base,
    Enum,
    Function,
    Member,
    Pointer,
    Record,
    Ref,
    Types,
    alias_of,
    read_types,
    stripped,
)
from wasmbuild.wasm.module import Module
from wasmbuild.wasm.reader import MalformedModule

HEADER = """\
enum colour { RED, GREEN = 5, DARK = -1 };
typedef struct { short x, y; } point;
struct node { struct node *next; unsigned flag : 3, rest : 7; union { int i; double d; }; point at[2][3]; };
struct hidden;
"""
C = (
    '#include "h.h"\n'
    """
struct node *find(struct node *list, int (*compare)(const struct node *, void *), struct hidden *by) { return 0; }
void paint(volatile enum colour c, ...) {}
double numbers[10][2];
static int inside(int x) { return x; }
int uses(int x) { return inside(x); }
"""
)
OTHER = '#include "h.h"\nstruct hidden { long long secret; };\nvoid seen(struct hidden *p) { p->secret = 1; }\n'
CXX = """
namespace ns {
struct Base { double b; };
class Derived : public Base { static int count; long long wide; public: int get(const Base &other) const; };
template <class T> struct Box { T value; };
int take(Box<Derived *> &&box);
}
int ns::Derived::get(const Base &other) const { return (int)other.b; }
int ns::take(Box<Derived *> &&box) { return 1; }
"""


def compile_all(directory: Path, sources: dict[str, str], *flags: str) -> bytes:
    directory.mkdir()
    (directory / "h.h").write_text(HEADER)
    zig = str(ziglang_directory() / "zig")
    objects = []
    for name, text in sources.items():
        (directory / name).write_text(text)
        command = (zig, "clang", "--target=wasm32-unknown-unknown", "-fno-sanitize=all", "-O0", "-g", "-fPIC", *flags)
        subprocess.run((*command, "-c", name, "-o", f"{name}.o"), cwd=directory, check=True)
        objects.append(f"{name}.o")
    command = (zig, "wasm-ld", "--no-entry", "--export-all", "--allow-undefined", *objects, "-o", "a.wasm")
    subprocess.run(command, cwd=directory, check=True)
    return (directory / "a.wasm").read_bytes()


@pytest.fixture(scope="module", params=["-gdwarf-4", "-gdwarf-5"])
def image(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    sources = {"a.c": C, "b.c": OTHER, "c.cc": CXX}
    return compile_all(tmp_path_factory.mktemp("types") / "c", sources, request.param)


@pytest.fixture(scope="module")
def types(image: bytes) -> Types:
    found = read_types(image, decode(image, "a.wasm"))
    assert found is not None
    return found


def behind(types: Types, ref: Ref) -> object:
    """The type that pointers, names and qualifiers lead to."""
    type_ = types.at(ref)
    return behind(types, type_.target) if isinstance(type_, Alias | Pointer) else type_


def parameters(types: Types, name: str) -> tuple[Ref, ...]:
    function = types.at(types.functions[name])
    assert isinstance(function, Function)
    return function.parameters


def test_symbols_are_those_that_others_can_name(types: Types) -> None:
    assert {"find", "paint", "uses", "seen", "_ZN2ns4takeEONS_3BoxIPNS_7DerivedEEE"} <= types.functions.keys()
    assert "inside" not in types.functions
    assert set(types.variables) == {"numbers"}


def test_a_record_has_its_members_where_they_are(types: Types) -> None:
    node = behind(types, parameters(types, "find")[0])
    assert isinstance(node, Record)
    assert (node.kind, node.name, node.size_bytes, Path(node.file).name) == ("struct", "node", 40, "h.h")
    places = [(member.name, member.offset_bits, member.bits) for member in node.members]
    assert places == [("next", 0, None), ("flag", 32, 3), ("rest", 35, 7), ("", 64, None), ("at", 128, None)]
    assert behind(types, node.members[0].type) is node
    union, at = types.at(node.members[3].type), types.at(node.members[4].type)
    assert isinstance(union, Record)
    assert (union.kind, union.name, union.size_bytes) == ("union", "", 8)
    assert isinstance(at, Array)
    assert (at.counts, alias_of(types, at.element), types.size_bytes(node.members[4].type)) == ((2, 3), "point", 24)


def test_a_function_has_its_parameters_and_its_result(types: Types) -> None:
    compare = behind(types, parameters(types, "find")[1])
    assert isinstance(compare, Function)
    assert types.at(compare.result) == Base("int", 4, False)
    assert types.at(compare.parameters[1]) == Pointer(None)
    paint = types.at(types.functions["paint"])
    assert isinstance(paint, Function)
    assert (paint.result, paint.is_variadic) == (None, True)


def test_an_enumeration_has_its_values(types: Types) -> None:
    colour = types.at(stripped(types, parameters(types, "paint")[0]))
    assert isinstance(colour, Enum)
    assert (colour.name, colour.size_bytes) == ("colour", 4)
    assert dict(colour.values) == {"RED": 0, "GREEN": 5, "DARK": -1}


def test_what_one_file_declares_another_may_define(types: Types) -> None:
    hidden = behind(types, parameters(types, "find")[2])
    assert isinstance(hidden, Record)
    assert (hidden.size_bytes, Path(hidden.file).name) == (8, "b.c")


def test_classes_have_their_bases_and_no_static_members(types: Types) -> None:
    derived = behind(types, parameters(types, "_ZNK2ns7Derived3getERKNS_4BaseE")[0])
    assert isinstance(derived, Record)
    assert (derived.kind, derived.name, derived.size_bytes) == ("class", "ns::Derived", 16)
    assert [(each.name, each.offset_bits) for each in derived.members] == [("base", 0), ("wide", 64)]
    box = types.at(parameters(types, "_ZN2ns4takeEONS_3BoxIPNS_7DerivedEEE")[0])
    assert isinstance(box, Pointer)
    assert box.sign == "&&"


def test_sizes_of_data(types: Types) -> None:
    assert types.size_bytes(types.variables["numbers"]) == 160
    assert types.size_bytes(None) is None


def test_without_debug_information_there_are_no_types() -> None:
    assert read_types(b"", Module()) is None


def sections_of(image: bytes) -> dict[str, bytes]:
    sections = [s for s in decode(image, "a.wasm").sections if s.name in SECTIONS]
    return {s.name: image[s.offset : s.offset + s.size_bytes] for s in sections}


def look_at_all(types: Types) -> None:
    todo, seen = [*types.functions.values(), *types.variables.values()], set[Ref]()
    while todo:
        ref = todo.pop()
        if ref in seen:
            continue
        seen.add(ref)
        types.size_bytes(ref)
        match types.at(ref):
            case Alias(target=target) | Pointer(target=target) | Array(element=target):
                todo.append(target)
            case Record(members=members):
                todo += [member.type for member in members]
            case Function(result, parameters, _):
                todo += [result, *parameters]


@given(st.data())
def test_any_bytes_are_survived(image: bytes, data: st.DataObject) -> None:
    sections = {name: bytearray(section) for name, section in sections_of(image).items()}
    for name, section in sections.items():
        changes = st.lists(st.tuples(st.integers(0, len(section) - 1), st.integers(0, 255)), max_size=4)
        for place, byte in data.draw(changes, name):
            section[place] = byte
    with suppress(MalformedModule):
        look_at_all(Types({name: bytes(section) for name, section in sections.items()}))


def unit(entries: bytes) -> bytes:
    header = b"\4\0" + bytes(4) + b"\4"
    return (len(header) + len(entries)).to_bytes(4, "little") + header + entries


# Kind 1 is a typedef of what stands at an offset, 2 a struct with children, 3 a function with a name and that type.
KINDS = b"\1\x16\0\x49\x13\0\0" + b"\2\x13\1\0\0" + b"\3\x2e\0\3\x08\x3f\x19\x49\x13\0\0" + b"\0"


def test_a_type_that_is_another_name_of_itself_ends() -> None:
    place = 11
    entries = b"\1" + place.to_bytes(4, "little") + b"\3f\0" + place.to_bytes(4, "little")
    types = Types({INFO: unit(entries), ABBREVIATIONS: KINDS})
    look_at_all(types)
    assert types.at(types.functions["f"]) == Function(place, (), False)


def test_entries_within_each_other_have_an_end() -> None:
    with pytest.raises(MalformedModule, match="within each other"):
        Types({INFO: unit(b"\2" * 100_000), ABBREVIATIONS: KINDS})


def test_many_units_of_one_long_table_are_read_once() -> None:
    """Each begins somewhere else in it."""
    table = b"\1\x16\0" + b"\x49\x13" * 10_000 + b"\0\0\0"
    units = b"".join(unit(b"\0")[:6] + (n * 2 + 3).to_bytes(4, "little") + b"\4\0" for n in range(5_000))
    with pytest.raises(MalformedModule, match="overlap"):
        Types({INFO: units, ABBREVIATIONS: table})


def test_a_member_is_where_older_dwarf_says_it() -> None:
    """Bits counted from the other end of what holds them, and places as expressions."""
    # struct { int at +4, 3 bits, 24 from the top }: DW_AT_byte_size, bit_size, bit_offset, data_member_location block
    kinds = b"\1\x0d\0\3\x08\x0b\x0b\x0d\x0b\x0c\x0b\x38\x0a\0\0" + b"\2\x13\1\x0b\x0b\0\0"
    kinds += b"\3\x2e\0\3\x08\x3f\x19\x49\x13\0\0\0"
    record = 11
    entries = b"\2\x08" + b"\1m\0\4\3\x18\2\x23\4" + b"\0" + b"\3f\0" + record.to_bytes(4, "little")
    types = Types({INFO: unit(entries), ABBREVIATIONS: kinds})
    found = types.at(record)
    assert isinstance(found, Record)
    assert found.members == (Member("m", 4 * 8 + 32 - 24 - 3, 3, None),)
