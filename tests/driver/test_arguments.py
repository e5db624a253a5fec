"""Command lines of compilers and linkers, as values."""

from __future__ import annotations

import pytest

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.driver.arguments import Operand, parse_compiler, parse_linker


def words(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize(
    "line",
    [
        "-c a.c",
        "-E -",
        "-O2 -S a.c",
        "-M a.c",
        "-fsyntax-only a.c",
        "--version",
        "-dumpmachine",
        "-print-search-dirs",
        "-v",
    ],
)
def test_what_makes_no_module_is_for_clang(line):
    assert parse_compiler(words(line)).mode == "compile"


def test_a_shared_library_as_a_makefile_links_it():
    found = parse_compiler(
        words("-shared -fPIC -O2 -Wl,-soname,libz.so.1 -Wl,-rpath,$ORIGIN:/opt/lib -o libz.so.1.3 a.o -Lout -lm x.c")
    )
    assert (found.mode, found.shared, found.output, found.soname) == ("link", True, "libz.so.1.3", "libz.so.1")
    assert found.runtime_path == ["$ORIGIN", "/opt/lib"]
    assert found.search == ["out"]
    assert found.operands == [Operand(False, "a.o"), Operand(True, "m"), Operand(False, "x.c")]
    assert found.compiling == ["-fPIC", "-O2"]


def test_options_hold_for_the_operands_after_them():
    found = parse_compiler(
        words("a.o -Wl,--whole-archive b.a -Wl,--no-whole-archive -Wl,--as-needed -lz -Wl,-Bstatic -lq")
    )
    assert found.operands == [
        Operand(False, "a.o"),
        Operand(False, "b.a", whole_archive=True),
        Operand(True, "z", as_needed=True),
        Operand(True, "q", as_needed=True, prefer_static=True),
    ]


def test_saved_states_come_back():
    found = parse_compiler(words("-Wl,--push-state,--as-needed -lz -Wl,--pop-state -ly"))
    assert found.operands == [Operand(True, "z", as_needed=True), Operand(True, "y")]


def test_words_after_options_are_theirs():
    found = parse_compiler(words("-MF d.d -I inc -D X=1 -include pre.h -x c a -o out -Xlinker -soname -Xlinker s.so"))
    assert found.operands == [Operand(False, "a")]
    assert found.compiling == words("-MF d.d -I inc -D X=1 -include pre.h")
    assert (found.language, found.output, found.soname) == ("c", "out", "s.so")


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("-rdynamic a.o", "exports_visible", True),
        ("-Wl,--export-dynamic a.o", "exports_visible", True),
        ("-Wl,-E a.o", "exports_visible", True),
        ("-static a.o", "static", True),
        ("-s a.o", "strip", "all"),
        ("-Wl,-S a.o", "strip", "debug"),
        ("-nostdlib a.o", "default_libraries", False),
        ("-nostartfiles a.o", "start_files", False),
        ("-Wl,-z,stack-size=0x20000 a.o", "sizes", {"stack": 0x20000}),
        ("-z stack-size=65536 a.o", "sizes", {"stack": 65536}),
        ("-Wl,--initial-memory=131072,--max-memory=1MiB a.o", "sizes", {"initial": 131072, "max": 1 << 20}),
        ("-Wl,--version-script=v.map a.o", "export_lists", ["v.map"]),
        ("-Wl,--version-script,v.map a.o", "export_lists", ["v.map"]),
        ("-exported_symbols_list e.sym a.o", "export_lists", ["e.sym"]),
        ("-Wl,--export=a,--export=b a.o", "exports", ["a", "b"]),
        ("-Wl,--allow-undefined a.o", "undefined_from_program", True),
        ("-Wl,-undefined,dynamic_lookup a.o", "undefined_from_program", True),
        ("-Wl,-z,undefs a.o", "undefined_from_program", True),
        ("-Wl,--unresolved-symbols=ignore-all a.o", "undefined_from_program", True),
        ("-Wl,-u,main a.o", "linker", ["--undefined=main"]),
        ("-Wl,--gc-sections a.o", "linker", ["--gc-sections"]),
        ("-Wl,-Map,m.txt a.o", "linker", ["--Map=m.txt"]),
        ("-Wl,-R/a,-R,/b a.o", "runtime_path", ["/a", "/b"]),
        ("-Wl,-zundefs a.o", "undefined_from_program", True),
        ("-Wl,-zstack-size=65536 a.o", "sizes", {"stack": 65536}),
        ("-Wl,-Lone,-L,two,--library-path=three a.o", "search", ["one", "two", "three"]),
        ("-Wl,-umain a.o", "linker", ["--undefined=main"]),
        ("-r a.o", "mode", "relocatable"),
        ("-Wl,--version", "mode", "version"),
    ],
)
def test_options_of_the_linker(line, field, value):
    assert getattr(parse_compiler(words(line)), field) == value


@pytest.mark.parametrize(
    "option",
    words(
        "-pthread -fuse-ld=lld -pie -static-libgcc -Wl,--no-undefined -Wl,-z,defs -Wl,-z,relro,-z,now -Wl,-znow -Wl,-O1"
        " -Wl,--hash-style=gnu -Wl,--build-id -Wl,--fatal-warnings -Wl,-Bsymbolic-functions -Wl,--start-group"
        " -Wl,--enable-new-dtags -Wl,-rpath-link,/x -Wl,--dynamic-linker=/lib/ld.so"
    ),
)
def test_what_has_no_meaning_here_is_taken(option):
    assert parse_compiler([option, "a.o"]) == parse_compiler(["a.o"])


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("-Wl,--frobnicate a.o", "--frobnicate"),
        ("-T link.ld a.o", "-T link.ld"),
        ("-Wl,-e,begin a.o", "-e begin"),
        ("-Wl,-z,stack-size=much a.o", "-z stack-size=much"),
    ],
)
def test_what_the_linker_cannot_do_is_refused_by_name(line, shown):
    with pytest.raises(WasmbuildError) as caught:
        parse_compiler(words(line))
    assert caught.value.diagnostics[0].headline == f"the linker cannot `{shown}`"


def test_a_linker_called_by_itself():
    found = parse_linker(words("-shared -soname liba.so.1 -L out -lb --whole-archive c.a -o liba.so"))
    assert (found.shared, found.soname, found.output, found.search) == (True, "liba.so.1", "liba.so", ["out"])
    assert found.operands == [Operand(True, "b"), Operand(False, "c.a", whole_archive=True)]
    assert not found.start_files
    assert parse_linker(["-v"]).mode == "version"
    assert parse_linker(words("-r a.o b.o -o c.o")).mode == "relocatable"


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        ("-shared -Wl,--allow-shlib-undefined", True),  # what Meson says for a module
        ("-shared -Wl,--allow-undefined -Wl,--no-undefined", False),
        ("-shared -Wl,-z,undefs -Wl,-z,defs", False),
        ("-shared -Wl,-z,defs -Wl,--allow-undefined", True),
    ],
)
def test_the_last_word_on_undefined_symbols_holds(line, allowed):
    assert parse_compiler([*words(line), "a.o"]).undefined_from_program == allowed
