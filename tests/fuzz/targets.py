"""Every reader of bytes and text from outside, with a few inputs that it likes.

A target takes any bytes and returns, or raises WasmbuildError (or its own error, as its docstring says). All else that
it raises, and a broken assertion in it, is a finding.
"""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from msgspec import structs

from wasmbuild.diagnostics import Diagnostic, WasmbuildError

ROOT = Path(__file__).parents[2]
SEEDS = Path(__file__).parent / "seeds"


@dataclass(frozen=True, slots=True)
class Target:
    run: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]


def check_diagnostics(found: tuple[Diagnostic, ...]) -> None:
    """What holds for each message, whatever was read."""
    from wasmbuild.diagnostics import diagnostic_from_json, diagnostic_to_json

    for each in found:
        lines = str(each).split("\n")
        assert all(line.replace("\t", "").isprintable() for line in lines), lines
        assert diagnostic_from_json(json.loads(json.dumps(diagnostic_to_json(each)))) == each


@cache
def place() -> Path:
    """A directory for the targets that read files; gone when the process ends."""
    import atexit

    directory = tempfile.mkdtemp(prefix="wasmbuild-fuzz-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return Path(directory)


# Modules, objects, archives


def module(data: bytes) -> None:
    from wasmbuild.report.inspection import inspect_bytes, inspection_text, inspection_to_json
    from wasmbuild.wasm.decode import decode, decode_names
    from wasmbuild.wasm.demangle import demangle
    from wasmbuild.wasm.dwarf import SECTIONS, find_places
    from wasmbuild.wasm.dwarftypes import read_types
    from wasmbuild.wasm.own import carried_abi, data_bytes, lazy, linked_against, own_facts
    from wasmbuild.wasm.traits import read_traits

    decoded = decode(data, "fuzz")
    decode_names(data, decoded)
    for export in decoded.exports:
        demangle(export.name)
    sections = {s.name: data[s.offset : s.offset + s.size_bytes] for s in decoded.sections if s.name in SECTIONS}
    find_places(sections, range(0, 400, 3))
    if types := read_types(data, decoded):
        for ref in (*types.functions.values(), *types.variables.values()):
            types.size_bytes(ref)
    facts = own_facts(data, decoded)
    linked_against(facts), lazy(facts), data_bytes(facts, decoded), carried_abi(data)
    inspection = inspect_bytes(data, "fuzz")
    assert inspection_text(inspection).replace("\n", "").replace("\t", "").isprintable()
    json.dumps(inspection_to_json(inspection), allow_nan=False)
    read_traits(data, decoded)


def dwarf(data: bytes) -> None:
    """The line table alone: behind the first line, its strings."""
    from wasmbuild.wasm.dwarf import SECTIONS, find_places

    cut = len(data) * 3 // 4
    names = sorted(SECTIONS)
    find_places({name: data if name == ".debug_line" else data[cut:] for name in names}, range(0, 400, 3))


def dwarf_seeds() -> list[bytes]:
    from wasmbuild.wasm.decode import decode

    data = (SEEDS / "debug.so").read_bytes()
    return [data[s.offset : s.offset + s.size_bytes] for s in decode(data).sections if s.name == ".debug_line"] + [
        line_table_of_strings()
    ]


def debug_info(data: bytes) -> None:
    """Entries and their kinds, each behind its length; compared with themselves, as `abi` compares two builds."""
    from wasmbuild.explain.typechanges import TypeChanges
    from wasmbuild.wasm.dwarfinfo import ABBREVIATIONS, INFO, STRINGS
    from wasmbuild.wasm.dwarftypes import Types

    cut = 4 + int.from_bytes(data[:4], "little")
    types = Types({INFO: data[4:cut], ABBREVIATIONS: data[cut:], STRINGS: data[:40], ".debug_line": data[cut:]})
    for change in TypeChanges(types, types).of([*types.functions, *types.variables]):
        assert sum(map(len, (change.name, change.old, change.new, *change.details))) < 1_000_000
    for ref in types.variables.values():
        types.size_bytes(ref)


def debug_info_seeds() -> list[bytes]:
    from wasmbuild.wasm.decode import decode

    data = (SEEDS / "debug.so").read_bytes()
    sections = {s.name: data[s.offset : s.offset + s.size_bytes] for s in decode(data).sections}
    real = sections[".debug_info"], sections[".debug_abbrev"]
    # A typedef of itself, a function with itself as a parameter, and a struct of structs.
    kinds = b"\1\x16\0\x49\x13\0\0\2\x13\1\0\0\3\x2e\1\3\x08\x3f\x19\x49\x13\0\0\4\5\0\x49\x13\0\0\0"
    place = (16).to_bytes(4, "little")
    entries = b"\4\0\0\0\0\0\4\1\x0b\0\0\0\3f\0" + place + b"\4" + place + b"\0\2\2\0\0"
    made = (len(entries).to_bytes(4, "little") + entries, kinds)
    return [len(info).to_bytes(4, "little") + info + abbreviations for info, abbreviations in (real, made)]


def object_file(data: bytes) -> None:
    from wasmbuild.report.relocations import relocations, relocations_text
    from wasmbuild.wasm import objects, visibility
    from wasmbuild.wasm.decode import decode

    decoded = objects.decode_object(data, "fuzz")
    objects.non_pic_relocations(decoded)
    objects.exportable(decoded)
    objects.exception_symbols(decoded)
    hidden = visibility.hidden_but(data, decoded, visibility.shared_definitions(decoded))
    objects.decode_object(visibility.with_own_anonymous_types(hidden, decoded, "00"), "fuzz")
    for symbol in decoded.symbols:
        objects.symbol_type(decoded, symbol)
    objects.decode_features(data, decode(data, "fuzz"), "fuzz")
    relocations_text(relocations(data, "fuzz"))


def archive(data: bytes) -> None:
    from wasmbuild.wasm.archive import members

    for _, content in members(data, "fuzz"):
        assert len(content) <= len(data)


def names(data: bytes) -> None:
    from wasmbuild.wasm.demangle import demangle

    assert demangle(data.decode("utf-8", "replace")) or not data


def check(data: bytes) -> None:
    """The command `check`, for a module beside which its library lies."""
    from wasmbuild.commands.check import check_file

    (place() / "libd.so").write_bytes((SEEDS / "debug.so").read_bytes())
    path = place() / "fuzz.so"
    path.write_bytes(data)
    check_diagnostics(check_file(path, (), ()))


def module_seeds() -> list[bytes]:
    from wasmbuild.wasm import abi
    from wasmbuild.wasm.encode import DataSpec, ElementSpec, Function, ModuleSpec, body, custom_section, encode
    from wasmbuild.wasm.module import (
        ConstExpr,
        Dylink,
        Export,
        FuncType,
        GlobalType,
        Import,
        Limits,
        MemInfo,
        MemoryType,
        TableType,
        TagType,
    )

    imports = (
        Import("env", abi.MEMORY, MemoryType(Limits(1, 9))),
        Import("env", abi.INDIRECT_FUNCTION_TABLE, TableType("funcref", Limits(1))),
        Import("env", abi.STACK_POINTER, GlobalType("i32", True)),
        Import("env", abi.MEMORY_BASE, GlobalType("i32")),
        Import("env", abi.TABLE_BASE, GlobalType("i32")),
        Import("env", "_ZN3foo3barEi", FuncType(("i32",), ("i32",))),
        Import(abi.GOT_MEM, "data", GlobalType("i32", True)),
        Import(abi.GOT_FUNC, "f", GlobalType("i32", True)),
    )
    spec = ModuleSpec(
        imports=imports,
        functions=(Function(FuncType(("i32",), ("i32",)), body(b"\x00")),),
        tags=(TagType(FuncType(("i32",))),),
        exports=(Export("f", "func", 1),),
        elements=(ElementSpec((1,), ConstExpr(2, 0)),),
        data=(DataSpec(b"data", ConstExpr(1, 0)),),
        dylink=Dylink(MemInfo(64, 4, 1, 0), ("libd.so",), {"f": 1}, {("env", "f"): 17}, ("$ORIGIN",)),
    )
    # What was an attack once, in small.
    pointer, wide = GlobalType("i32", True), FuncType(("i32",) * 200)
    aliases = ModuleSpec(
        imports=(
            *(Import("env", f"f{n + 1}", FuncType()) for n in range(20)),
            *(Import(abi.GOT_FUNC, f"f{n}", pointer) for n in range(20)),
        ),
        functions=(Function(FuncType(), body(b"")),),
        exports=tuple(Export(f"f{n}", "func", n) for n in range(21)),
        dylink=Dylink(),
    )
    types = ModuleSpec(
        imports=(Import("env", "dlopen", FuncType(("i32", "i32"), ("i32",))), Import("env", "f_wanted", wide)),
        functions=(Function(wide, body(b"")),),
        exports=tuple(Export(f"f_{n}", "func", 2) for n in range(50)),
        dylink=Dylink(MemInfo(), ("libd.so", "no.so"), {}, {}, ("$ORIGIN$ORIGIN", "/no")),
    )
    debug = [
        custom_section(".debug_line", line_table_of_strings()),
        custom_section(".debug_line_str", b"a" * 200 + b"\0"),
    ]
    own = custom_section(
        abi.OWN_SECTION, b'{"stack_bytes": [[[]]], "abi": "00", "needed": {"libd.so": "1"}, "data_bytes": [8]}'
    )
    return [
        *(encode(each) for each in (spec, aliases, types)),
        encode(types) + b"".join([*debug, own]),
        (SEEDS / "debug.so").read_bytes(),
        *object_seeds(),
    ]


def line_table_of_strings() -> bytes:
    """DWARF 5, whose names are elsewhere; with an address longer than it needs to be."""
    files = b"\1\1\x1f\5" + b"\0\0\0\0" * 5
    header = b"\1\1\1\xfb\x0e\x0d\0\1\1\1\1\0\0\0\1\0\0\1" + files + files
    program = b"\0\x0a\2\1" + bytes(8) + b"\1\2\x7f\0\1\1"
    unit = b"\5\0\4\0" + len(header).to_bytes(4, "little") + header + program
    return len(unit).to_bytes(4, "little") + unit


def object_seeds() -> list[bytes]:
    return [(SEEDS / name).read_bytes() for name in ("plain.o", "throws.o")]


# What people write


def manifest(data: bytes) -> None:
    from wasmbuild.manifest.check import check_project
    from wasmbuild.manifest.reader import decode_document
    from wasmbuild.manifest.schema import Manifest

    check_project(decode_document(data, "wasmbuild.yaml", Manifest), {"zlib": 0})


def recipe(data: bytes) -> None:
    from wasmbuild.builder.recipesource import recipe_sources
    from wasmbuild.manifest.check import check_recipe
    from wasmbuild.manifest.reader import decode_document
    from wasmbuild.manifest.recipes import Recipe
    from wasmbuild.manifest.schema import Manifest

    document = decode_document(data, "recipe.yaml", Manifest)
    check_recipe(document, {"zlib": 0})
    for alternatives in recipe_sources(Recipe((place(),), document)).values():
        for source in alternatives:
            assert source.describe()
            assert source.file_name()


def layers(data: bytes) -> None:
    """A recipe over itself, and every version and option of that."""
    from wasmbuild.manifest.layers import read_layers, versions
    from wasmbuild.manifest.recipes import make_recipe

    directories = (place() / "over" / "x", place() / "below" / "x")
    for directory in directories:
        (directory / "versions").mkdir(parents=True, exist_ok=True)
        (directory / "recipe.yaml").write_bytes(data)
        (directory / "versions" / "0.1.yaml").write_bytes(data)
    found = read_layers(directories)
    for version in versions(found):
        recipe = make_recipe(found, {"zlib": directories}, version)
        for option, on in recipe.options.items():
            assert make_recipe(found, {"zlib": directories}, version, {option: not on}).options[option] is not on


def lock(data: bytes) -> None:
    from wasmbuild.manifest.reader import decode_document
    from wasmbuild.manifest.schema import Manifest
    from wasmbuild.selection.lock import changes, lock_text, read_lock

    project = decode_document(b"name: x", "wasmbuild.yaml", Manifest)
    path = place() / "wasmbuild.lock"
    path.write_bytes(data)
    found = read_lock(path, project)
    assert found is not None
    path.write_text(lock_text(found.value), encoding="utf-8")
    again = read_lock(path, project)
    assert again is not None
    assert changes(found.value, again.value) == []


LAYERS = [
    b"name: x\nversion: '0.1'\nsource: [{path: .}]\nlibraries: {z: {sources: [a.c]}}\n",
    b"name: x\nversion: 1\nextends: false\nsource: [{path: a}]\noptions: {a: {default: true, with: {requires: [z]}}}\n",
    b"extends: yes\nreplace: {tests: [], files: {a: b}}\ntests: [{name: t, run: p}]\ndefaults: &a {libc: none}\n",
    b"name: x\nsource: [{path: .}]\noptions: {b: {without: {libraries: {z: {sources: [a.c]}}}, excludes: [b]}}\n",
]
LOCKS = [
    b'format: 1\nproject: x\ntoolchain: "t"\nrecipes:\n  z:\n    version: "1"\n    revision: "0"\n'
    b'    options:\n      a: true\n    source:\n      - "e"\n',
    b"format: 2\n<<<<<<< a\n=======\n>>>>>>> b\n",
]


def toolchain(data: bytes) -> None:
    from wasmbuild.builder.toolchain import choose_profile, read_settings

    path = place() / "toolchain.yaml"
    path.write_bytes(data)
    settings = read_settings(place(), path)
    for name in settings.profiles:
        choose_profile(settings, name)


def small(data: bytes) -> None:
    """Requirements, versions, sizes, signatures."""
    from wasmbuild.manifest.requirement import parse_requirement, version_key
    from wasmbuild.manifest.signature import parse_signature
    from wasmbuild.manifest.sizes import parse_size

    text = data.decode("utf-8", "replace")
    requirement = parse_requirement(text)
    if requirement is not None:
        assert requirement.allows("1.0") in (True, False)
        assert parse_requirement(str(requirement)) == requirement
    version_key(text)
    size = parse_size(text)
    assert size is None or size >= 0
    parse_signature(text)


def patch(data: bytes) -> None:
    from wasmbuild.sources.patch import plan_patch

    content = b"one\ntwo\nthree\nfour\nfive\n"
    for change in plan_patch(data, "p.patch", lambda path: content if path.endswith(".c") else None):
        assert not change.path.startswith("/")
        assert ".." not in change.path.split("/")


PATCHES = [
    b"--- a/f.c\n+++ b/f.c\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n"
    b"@@ -5 +5 @@\n-five\n+5\n\\ No newline at end of file\n",
    b"diff --git a/n b/n\nnew file mode 100755\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+new\n-- \n2.40\n",
    b"--- a/f.c\t2020-01-01\n+++ /dev/null\n@@ -1,5 +0,0 @@\n-one\n-two\n-three\n-four\n-five\n",
]


def c_declaration(data: bytes) -> None:
    """Raises BadDeclaration, at a place in the text."""
    from wasmbuild.embed.declare import BadDeclaration, parse_declaration, parse_function_type, parse_scalar

    text = data.decode("utf-8", "replace")
    for parse in (parse_declaration, parse_function_type, parse_scalar):
        try:
            parse(text)
        except BadDeclaration as error:
            str(error)


def c_header(data: bytes) -> None:
    from wasmbuild.builder.declarations import as_written, find_declarations

    text = data.decode("utf-8", "replace")
    for found in find_declarations("f", text, "f.h"):
        assert "\n" not in str(found)
    as_written(text)


def apt_sources(data: bytes) -> None:
    from wasmbuild.sources.apt_sources import mirrors

    text = data.decode("utf-8", "replace")
    for mirror in mirrors([("a.list", text), ("b.sources", text)]):
        mirror.source_entry("sid")


DECLARATIONS = [
    b"int f(const char *text, unsigned long long n[3], double (*compare)(const void *, const void *), ...);",
    b"void (*signal(int sig, void (*func)(int)))(int)",
    b"(i32, f64) -> i64",
    b"extern struct point *f(enum colour, union u *restrict, _Bool); /* comment */ // more",
]


# Archives of sources


def unpack(data: bytes) -> None:
    from wasmbuild.sources.unpack import unpack as unpack_archive

    inside = place() / "unpacking"
    shutil.rmtree(inside, ignore_errors=True)
    inside.mkdir()
    source, destination = place() / "archive", inside / "out"
    source.write_bytes(data)
    try:
        unpack_archive(source, destination, limit_bytes=1 << 20, limit_members=200)
    finally:
        left = [path.name for path in inside.iterdir()]
        assert left in ([], ["out"]), left
    for path in destination.rglob("*"):
        assert path.resolve().is_relative_to(destination.resolve()), path


def archives() -> list[bytes]:
    tarred, zipped = io.BytesIO(), io.BytesIO()
    with tarfile.open(fileobj=tarred, mode="w", format=tarfile.PAX_FORMAT) as opened:
        for name, kind, target in (("lib/a.c", b"0", ""), ("lib/l", b"2", "a.c"), ("lib/h", b"1", "lib/a.c")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, target, 3 if kind == b"0" else 0
            info.pax_headers = {"comment": "x"}
            opened.addfile(info, io.BytesIO(b"abc"))
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("lib/a.c", b"abc" * 20)
        link = zipfile.ZipInfo("lib/l")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        written.writestr(link, b"a.c")
    import bz2
    import gzip
    import lzma

    tar = tarred.getvalue()
    return [tar, zipped.getvalue(), gzip.compress(tar, mtime=0), bz2.compress(tar), lzma.compress(tar)]


# What programs write


def linker_text(data: bytes) -> None:
    from wasmbuild.builder.linkerrors import explain

    errors, warnings = explain(data.decode("utf-8", "replace"), _link_spec())
    check_diagnostics((*errors, *warnings))


def _link_spec():  # type: ignore[no-untyped-def]
    """A link of which nothing is there."""
    from wasmbuild.builder.linkspec import LinkSpec

    given = {
        **{field.name: () for field in structs.fields(LinkSpec) if field.required},
        "output": "build/lib/liba.so",
        "kind": "library",
        "name": "a",
        "static": False,
        "start": None,
        "objects": (("build/obj/a.o", "a.c"),),
        "exports": None,
        "strip": "debug",
        "compiler": "clang",
        "has_standard_exceptions": True,
        "without_exceptions": False,
        "stack_bytes": None,
        "initial_bytes": None,
        "max_bytes": None,
        **dict.fromkeys(("exports_at", "requires_at", "target_at", "cflags_at"), "wasmbuild.yaml:1:1"),
    }
    return LinkSpec(**given)


LINKER = [
    b"wasm-ld: error: build/obj/a.o: undefined symbol: _ZN3foo3barEi\nwasm-ld: error: too many errors\n",
    b"wasm-ld: warning: function signature mismatch: f\n>>> defined as (i32) -> void in a.o\n"
    b">>> defined as () -> i32 in lib/libb.so\n",
    b"wasm-ld-19: error: duplicate symbol: g\n>>> defined in a.o\n>>> defined in b.o\n",
    b"wasm-ld: error: a.o: relocation R_WASM_MEMORY_ADDR_LEB cannot be used against symbol `v`; recompile with -fPIC\n",
    b"wasm-ld: error: unknown file type: a.o\n",
]


def plan(data: bytes) -> None:
    """Raises ValueError."""
    import msgspec

    from wasmbuild.link.plan import decode_plan

    try:
        decoded = decode_plan(data)
    except ValueError:
        return
    assert decode_plan(msgspec.json.encode(decoded)) == decoded


def plan_seeds() -> list[bytes]:
    import msgspec

    from wasmbuild.link.decide import decide
    from wasmbuild.link.scope import Scope
    from wasmbuild.search.module import read_module

    root = read_module(SEEDS / "debug.so")
    decided = decide(Scope((root,), ((),)), dict.fromkeys(i.name for i in root.module.imports)).plan
    return [msgspec.json.encode(decided)] if decided is not None else []


def _files(*patterns: str) -> Callable[[], list[bytes]]:
    return lambda: [path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def _always(seeds: list[bytes]) -> Callable[[], list[bytes]]:
    return lambda: seeds


DOUBLING = b"_Z1f1pIiiE" + b"".join(b"S_IS%d_S%d_E" % (n, n) for n in range(10))
"""A C++ name whose meaning doubles with each reference."""


def source_tree(data: bytes) -> None:
    """Build files, headers and a licence of upstream, all of them the same words."""
    from wasmbuild.sources import guess
    from wasmbuild.sources.sourcetree import find_library, public_headers, read_tree

    root = place() / "tree"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for name in (
        "CMakeLists.txt",
        "Makefile.am",
        "meson.build",
        "configure.ac",
        "a.c",
        "a.h",
        "COPYING",
        "config.h.in",
    ):
        (root / name).write_bytes(data)
    tree = read_tree(root)
    found = find_library(tree)
    assert set(found.sources) <= set(tree.files)
    headers = public_headers(tree, found, "a")
    guess.guess_exports(tree, headers, found.sources)
    guess.include_directories(tree, found, guess.included(tree, found, headers))
    guess.guess_license(tree, ["COPYING"], found.sources)
    version = guess.guess_version(tree, data[:40].decode("utf-8", "replace")) or "0"
    variables = guess.template_variables(tree, "a", version)
    guess.configured(tree.read("config.h.in"), variables, ["string.h"], ["strdup"])
    guess.config_header(tree, found.sources, variables, ["string.h"], ["strdup"])
    guess.collapsed(tree, found.sources)


BUILD_FILES = [
    b"project(a VERSION 1.2)\nset(S a.c # x\n b.c)\nlist(APPEND S ${S})\nadd_library(a ${S})\ninstall(FILES a.h)\n",
    b"include more\nlib_LTLIBRARIES = liba.la\nA = a.c $(A)\nliba_la_SOURCES = $(A) \\\n b.c\ninclude_HEADERS = a.h\n",
    b"project('a', version: '1')\nlibrary('a', 'a.c')\ninstall_headers('a.h')\n",
    b"#include <config.h>\n#ifdef T\nint main(void) {\n#endif\nint a_f(int (*g)(int));\nint a_f(int x) { return 1; }\n",
    b"#undef HAVE_STRDUP\n#cmakedefine01 HAVE_X\n#cmakedefine A @a_VERSION@ ${B}\n",
    b"Redistributions of source code must retain the above. GNU GENERAL PUBLIC LICENSE Version 2",
]


TARGETS: dict[str, Target] = {
    "module": Target(module, module_seeds),
    "object": Target(object_file, object_seeds),
    "archive": Target(archive, _files("tests/fuzz/seeds/plain.a")),
    "dwarf": Target(dwarf, dwarf_seeds),
    "debug-info": Target(debug_info, debug_info_seeds),
    "names": Target(
        names, _always([b"_ZN3foo3barIiNS_3bazEEEvT_DpT0_", b"_ZTVN10__cxxabiv117__class_type_infoE", DOUBLING])
    ),
    "check": Target(check, module_seeds),
    "manifest": Target(manifest, _files("examples/*/wasmbuild.yaml")),
    "recipe": Target(recipe, _files("recipes/*/recipe.yaml")),
    "layers": Target(layers, _always(LAYERS)),
    "lock": Target(lock, _always(LOCKS)),
    "toolchain": Target(toolchain, _files("toolchain.yaml")),
    "small": Target(small, _always([b"zlib >=1.2", b"1.2.3rc1", b"64KiB", b"(i32, f64) -> i64", b"lua ==5.4.7"])),
    "patch": Target(patch, _always(PATCHES)),
    "source-tree": Target(source_tree, _always(BUILD_FILES)),
    "unpack": Target(unpack, archives),
    "c-declaration": Target(c_declaration, _always(DECLARATIONS)),
    "c-header": Target(c_header, _always(DECLARATIONS)),
    "apt-sources": Target(
        apt_sources,
        _always(
            [
                b"deb [signed-by=/k.gpg arch=amd64,i386] http://deb.example/debian trixie main # c\n",
                b"Types: deb deb-src\nURIs: http://deb.example/debian\nSuites: trixie\nComponents: main\n"
                b"Signed-By:\n -----BEGIN\n .\n",
            ]
        ),
    ),
    "linker-text": Target(linker_text, _always(LINKER)),
    "plan": Target(plan, plan_seeds),
}


@contextmanager
def refusing() -> Iterator[None]:
    """What a target may raise; each of the messages must be one."""
    try:
        yield
    except WasmbuildError as error:
        check_diagnostics(error.diagnostics)
        raise
