"""Small files that ask for much work or memory, or for a crash: each in a directory, the file `attack` first of all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from wasmbuild.wasm import abi
from wasmbuild.wasm.encode import (
    Function,
    ModuleSpec,
    body,
    custom_section,
    encode,
    name,
    section,
    unsigned,
    vector,
)
from wasmbuild.wasm.encode import (
    dylink_section as dylink_contents,
)
from wasmbuild.wasm.module import Dylink, Export, FuncType, GlobalType, Import, Limits, MemInfo, MemoryType, TableType

HEADER = b"\0asm\1\0\0\0"
ATTACK = "attack.so"
HOSTILE = "a\x1b[2J\x9b31m\x7f\u202e\u2066\u2028\u200b\r\nerror: b"
"""C0 and C1 controls, delete, text that runs to the left, what cannot be seen, and line breaks."""

Files = Mapping[str, bytes]


def dylink_section(dylink: Dylink) -> bytes:
    return custom_section(abi.DYLINK_SECTION, dylink_contents(dylink))


NEEDS_NOTHING = Dylink()


def library(imports: Sequence[Import] = (), exports: Sequence[str] = (), dylink: Dylink = NEEDS_NOTHING) -> bytes:
    """One function, exported under all these names."""
    first = sum(isinstance(i.type, FuncType) for i in imports)
    spec = ModuleSpec(
        imports=tuple(imports),
        functions=(Function(FuncType(), body(b"")),),
        exports=tuple(Export(each, "func", first) for each in exports),
        dylink=dylink,
    )
    return encode(spec)


def _wide_type(parameters: int) -> bytes:
    return b"\x60" + vector([b"\x7f"] * parameters) + vector([])


def _exports(count: int, name_of: Callable[[int], str] = str) -> bytes:
    return section(7, vector([name(name_of(i)) + b"\0\0" for i in range(count)]))


def _one_function(more: bytes = b"", dylink: Dylink = NEEDS_NOTHING) -> bytes:
    """What stands before the exports, `more`, and the code."""
    types = section(1, vector([b"\x60\0\0"]))
    return (
        HEADER
        + dylink_section(dylink)
        + types
        + section(3, vector([b"\0"]))
        + more
        + section(10, vector([b"\2\0\x0b"]))
    )


def _of_type(type_: bytes, imports: int = 0, exports: int = 0) -> bytes:
    """Imports and exports of functions, all of one type."""
    code = b"\x03\0\0\x0b"
    parts = [HEADER, dylink_section(Dylink()), section(1, vector([type_]))]
    if imports:
        parts.append(section(2, vector([name("env") + name(f"i{n}") + b"\0\0" for n in range(imports)])))
    parts.append(section(3, vector([b"\0"])))
    if exports:
        index = unsigned(imports)
        parts.append(section(7, vector([name(f"i{n}") + b"\0" + index for n in range(exports)])))
    return b"".join([*parts, section(10, vector([code]))])


def wide_type_of_many_exports() -> Files:
    return {ATTACK: _of_type(_wide_type(50_000), exports=20_000)}


def type_of_a_thousand_references_of_many_exports() -> Files:
    return {ATTACK: _of_type(b"\x60" + vector([b"\x63\x00"] * 1000) + vector([b"\x63\x00"] * 1000), exports=20_000)}


def mismatches_of_a_wide_type() -> Files:
    wide = b"\x60" + vector([b"\x7f"] * 1000) + vector([])
    wider = b"\x60" + vector([b"\x7e"] * 1000) + vector([])
    head = len(HEADER + dylink_section(Dylink()))
    needs = HEADER + dylink_section(Dylink(needed=("other.so",))) + _of_type(wide, imports=20_000)[head:]
    return {ATTACK: needs, "other.so": _of_type(wider, exports=20_000)}


def chain_of_exported_imports() -> Files:
    """Each export is an import that is bound to the next, and the address of each is asked for."""
    count = 20_000
    imports = [Import(abi.ENV, abi.INDIRECT_FUNCTION_TABLE, TableType("funcref", Limits(1)))]
    imports += [Import(abi.ENV, f"f{n + 1}", FuncType()) for n in range(count)]
    imports += [Import(abi.GOT_FUNC, f"f{n}", GlobalType("i32", True)) for n in range(count)]
    exports = tuple(Export(f"f{n}", "func", n) for n in range(count + 1))
    spec = ModuleSpec(
        imports=tuple(imports), functions=(Function(FuncType(), body(b"")),), exports=exports, dylink=Dylink()
    )
    return {ATTACK: encode(spec)}


def circle_of_exported_imports() -> Files:
    """As above, but the last is the first again: nothing defines any of them."""
    count = 20_000
    imports = [Import(abi.ENV, abi.INDIRECT_FUNCTION_TABLE, TableType("funcref", Limits(1)))]
    imports += [Import(abi.ENV, f"f{(n + 1) % count}", FuncType()) for n in range(count)]
    imports += [Import(abi.GOT_FUNC, f"f{n}", GlobalType("i32", True)) for n in range(count)]
    exports = tuple(Export(f"f{n}", "func", n) for n in range(count))
    spec = ModuleSpec(imports=tuple(imports), exports=exports, dylink=Dylink())
    return {ATTACK: encode(spec)}


def undefined_among_many_exports() -> Files:
    needs = library([Import(abi.ENV, f"symbol_{n}_wanted", FuncType()) for n in range(8)], (), Dylink(needed=("o.so",)))
    return {ATTACK: needs, "o.so": _one_function(_exports(300_000, lambda n: f"symbol_{n}_wonted"))}


def undefined_of_long_names() -> Files:
    imports = [Import(abi.ENV, "a" * 90_000 + str(n), FuncType()) for n in range(8)]
    return {ATTACK: library(imports, ["a" * 90_000 + f"b{n}" for n in range(4)])}


def undefined_of_a_name_without_end() -> Files:
    imports = [Import(abi.ENV, "a" * 2_000_000, FuncType())]
    return {ATTACK: library(imports, ["a" * 2_000_000 + "b"])}


def undefined_in_as_many_modules() -> Files:
    return {ATTACK: library([Import(f"m{n}", "f", FuncType()) for n in range(50_000)])}


def loader_functions_again_and_again() -> Files:
    of_loader = FuncType(("i32", "i32"), ("i32",))
    imports = [Import("env", "dlopen", of_loader)] * 30_000
    spec = ModuleSpec(
        imports=tuple(imports),
        functions=(Function(of_loader, body(b"\0")),),
        exports=(Export("dlopen", "func", len(imports)),),
        dylink=Dylink(),
    )
    return {ATTACK: encode(spec)}


def needed_by_the_thousand() -> Files:
    return {ATTACK: library(dylink=Dylink(needed=tuple(f"lib{n}.so" for n in range(5_000))))}


def needed_times_runtime_paths() -> Files:
    needed, paths = tuple(f"{n}.so" for n in range(9_000)), tuple(f"/{n}" for n in range(9_000))
    return {ATTACK: library(dylink=Dylink(needed=needed, runtime_paths=paths))}


def runtime_paths_that_grow() -> Files:
    path = "$ORIGIN" * 5_000
    return {ATTACK: library(dylink=Dylink(needed=tuple(f"{n}.so" for n in range(2_000)), runtime_paths=(path,) * 20))}


def needed_in_as_many_subsections() -> Files:
    one = bytes([abi.DYLINK_NEEDED]) + b"\x02\x01\x00"
    return {ATTACK: HEADER + custom_section(abi.DYLINK_SECTION, one * 300_000)}


def libraries_that_need_each_other() -> Files:
    count = 400
    names = [ATTACK, *(f"{n}.so" for n in range(1, count))]
    needs_all = Dylink(needed=tuple(names))
    return {each: library(exports=[f"f{n}", "common"], dylink=needs_all) for n, each in enumerate(names)}


def equal_libraries() -> Files:
    count = 600
    names = tuple(f"{n}.so" for n in range(count))
    return {ATTACK: library(dylink=Dylink(needed=names)), **dict.fromkeys(names, library(exports=["f"]))}


def chain_of_libraries_that_lack() -> Files:
    count = 600
    names = [ATTACK, *(f"{'n' * 200}{n}.so" for n in range(1, count))]
    return {
        each: library(
            [Import(abi.ENV, f"lacks{n}", FuncType())], (), Dylink(needed=(*names[n + 1 : n + 2], f"no{n}.so"))
        )
        for n, each in enumerate(names)
    }


def chain_of_libraries_with_undefined() -> Files:
    count = 600
    names = [ATTACK, *(f"{'n' * 200}{n}.so" for n in range(1, count))]
    return {
        each: library(
            [Import(abi.ENV, f"lacks{n}_{m}", FuncType()) for m in range(8)],
            (),
            Dylink(needed=tuple(names[n + 1 : n + 2])),
        )
        for n, each in enumerate(names)
    }


def line_table_of_long_addresses() -> Files:
    size = 100_000
    address = b"\0" + unsigned(size + 1) + b"\2" + b"\xff" * size
    return {ATTACK: _with_lines((address + b"\1" * 50_000) * 20)}


def line_table_of_many_rows() -> Files:
    return {ATTACK: _with_lines(b"\0\5\2\1\0\0\0" + b"\x0e" * 12_000_000 + b"\0\1\1")}


def line_table_of_long_strings() -> Files:
    count, strings = 100_000, b"a" * 2_000_000 + b"\0"
    files = b"\1\1\x1f" + unsigned(count) + b"\0\0\0\0" * count
    header = b"\1\1\1\xfb\x0e\x0d" + b"\0\1\1\1\1\0\0\0\1\0\0\1" + files + files
    unit = b"\5\0\4\0" + len(header).to_bytes(4, "little") + header + b"\0\5\2\1\0\0\0\1\2\x7f\0\1\1"
    lines = len(unit).to_bytes(4, "little") + unit
    return {ATTACK: _trapping(custom_section(".debug_line", lines) + custom_section(".debug_line_str", strings))}


def _with_lines(program: bytes) -> bytes:
    header = b"\1\1\1\xfb\x0e\x0d" + b"\0\1\1\1\1\0\0\0\1\0\0\1" + b"\0a\x1b[2J.c\0\0\0\0\0"
    unit = b"\4\0" + len(header).to_bytes(4, "little") + header + program
    return _trapping(custom_section(".debug_line", len(unit).to_bytes(4, "little") + unit))


def _trapping(more: bytes) -> bytes:
    """A program that traps, with sections for debuggers."""
    spec = ModuleSpec(
        functions=(Function(FuncType(), body(b"\0")),), exports=(Export("_start", "func", 0),), dylink=None
    )
    names = custom_section(
        "name", b"\0\x0a" + name(ATTACK) + b"\1" + unsigned(3 + len(HOSTILE.encode())) + b"\1\0" + name(HOSTILE)
    )
    return encode(spec) + names + more


def trap_in_a_function_of_a_mangled_name() -> Files:
    spec = ModuleSpec(
        functions=(Function(FuncType(), body(b"\0")),), exports=(Export("_start", "func", 0),), dylink=None
    )
    text = _doubling(60)
    names = custom_section("name", b"\1" + unsigned(len(b"\1\0" + name(text))) + b"\1\0" + name(text))
    return {ATTACK: encode(spec) + names}


def _doubling(times: int) -> str:
    """A C++ name whose meaning doubles with each reference to what was before: f(p<int, int>, p<that, that>, …)."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

    def reference(number: int) -> str:
        if number == 0:
            return "S_"
        number -= 1
        return f"S{digits[number // 36]}{digits[number % 36]}_" if number >= 36 else f"S{digits[number]}_"

    return "_Z1f1pIiiE" + "".join(f"S_I{reference(n)}{reference(n)}E" for n in range(1, times + 1))


def mangled_names_that_double() -> Files:
    return {ATTACK: library(exports=[_doubling(40) + "i" * n for n in range(3_000)])}


def mangled_names_that_nest() -> Files:
    names = [
        "_Z1f" + "P" * 90_000 + "i",
        "_Z" + "N" * 90_000 + "1aE",
        "_Z1fI" + "1aI" * 20_000 + "i" + "E" * 20_001 + "v",
    ]
    return {ATTACK: library([Import(abi.ENV, each, FuncType()) for each in names], [each + "i" for each in names])}


def overloads_by_the_thousand() -> Files:
    """Of `f`, which is asked for below."""
    return {
        ATTACK: library(
            exports=[f"_Z1f{'i' * (n % 60)}{'PSx'[n % 3]}{n % 7}" for n in range(100)]
            + [f"_Z1f{len(str(n)) + 1}c{n}" for n in range(4_000)]
        )
    }


def deep_own_section() -> Files:
    return {ATTACK: library() + custom_section(abi.OWN_SECTION, b"[" * 100_000)}


def own_section_of_many_digits() -> Files:
    return {ATTACK: library() + custom_section(abi.OWN_SECTION, b'{"stack_bytes": ' + b"9" * 500_000 + b"}")}


def own_section_of_hostile_text() -> Files:
    text = json.dumps({HOSTILE: HOSTILE, "stack_bytes": 1e308}, ensure_ascii=False).encode()
    return {ATTACK: library(exports=[HOSTILE]) + custom_section(abi.OWN_SECTION, text)}


def custom_sections_by_the_hundred_thousand() -> Files:
    return {ATTACK: library() + custom_section("", b"") * 400_000}


def memory_beyond_what_there_is() -> Files:
    return {
        ATTACK: library([Import(abi.ENV, abi.MEMORY, MemoryType(Limits(1 << 31)))], dylink=Dylink(MemInfo(1 << 31)))
    }


def memory_maximum_beyond_what_there_is() -> Files:
    return {ATTACK: library([Import(abi.ENV, abi.MEMORY, MemoryType(Limits(1, 1 << 31)))])}


def table_beyond_what_there_is() -> Files:
    table = Import(abi.ENV, abi.INDIRECT_FUNCTION_TABLE, TableType("funcref", Limits((1 << 32) - 1)))
    return {ATTACK: library([table], dylink=Dylink(MemInfo(0, 0, (1 << 32) - 1, 31)))}


def names_of_functions_without_end() -> Files:
    names = unsigned(1_000_000) + b"".join(unsigned(n) + b"\0" for n in range(1_000_000))
    return {ATTACK: library() + custom_section("name", b"\1" + unsigned(len(names)) + names)}


def features_without_end() -> Files:
    return {ATTACK: library() + custom_section("target_features", unsigned(300_000) + b"+\1a" * 300_000)}


def hostile_names() -> Files:
    imports = [Import(HOSTILE, HOSTILE, FuncType()), Import(abi.ENV, HOSTILE, FuncType())]
    dylink = Dylink(MemInfo(), (HOSTILE,), {HOSTILE: 1}, {(HOSTILE, HOSTILE): 1}, (HOSTILE,))
    return {ATTACK: library(imports, [HOSTILE], dylink) + custom_section(HOSTILE, b"")}


def hostile_name_of_a_trap() -> Files:
    return {ATTACK: _with_lines(b"\0\5\2\1\0\0\0\1\2\x7f\0\1\1")}


def _object(symbols: bytes, more: bytes = b"", sections: bytes = b"") -> bytes:
    """An object of one function; `symbols` are those of its section `linking`."""
    spec = ModuleSpec(functions=(Function(FuncType(), body(b"")),), dylink=None)
    linking = b"\2\x08" + unsigned(len(symbols)) + symbols
    return encode(spec) + sections + custom_section("linking", linking) + more


def symbols_of_a_section_of_a_long_name() -> Files:
    spec_sections = 3
    symbols = unsigned(200_000) + (b"\3\0" + unsigned(spec_sections)) * 200_000
    return {"attack.o": _object(symbols, sections=custom_section("s" * 90_000, b""))}


def relocations_of_a_long_name() -> Files:
    symbols = unsigned(1) + b"\0\0\0" + name("s" * 90_000)
    relocations = unsigned(2) + unsigned(200_000) + b"\0\1\0" * 200_000
    return {"attack.o": _object(symbols, custom_section("reloc.CODE", relocations))}


def archive_of_one_long_name() -> Files:
    long_names = b"n" * 1_000_000
    header = b"%-16b%-12b%-6b%-6b%-8b%-10d`\n"
    archive = b"!<arch>\n" + header % (b"//", b"0", b"0", b"0", b"0", len(long_names)) + long_names
    return {"attack.a": archive + header % (b"/0", b"0", b"0", b"0", b"0", 0) * 20_000}


ATTACKS: Mapping[str, Callable[[], Files]] = {
    each.__name__: each
    for each in list(globals().values())
    if callable(each)
    and getattr(each, "__annotations__", {}).get("return") == "Files"
    and not each.__name__.startswith("_")
}
