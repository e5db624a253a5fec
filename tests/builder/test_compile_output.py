"""What is shown of compilers' output, and what is found in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec import to_builtins
from msgspec.structs import replace
from test_linkstep import BASE

from wasmbuild.builder.compileoutput import CompilerOutput

CARET = "    1 | #include <config.h>\n      |          ^\n1 error generated.\n"


def order(tree: Path, *sources: str, kind: str = "program", name: str = "app", libc: bool = True) -> None:
    """What the graph leaves for a target."""
    directory = tree / "build" / "obj" / f"{kind}-{name}"
    directory.mkdir(parents=True, exist_ok=True)
    objects = tuple((f"build/obj/{kind}-{name}/{source}.o", source) for source in sources)
    libraries = ("/rt/libc.so",) if libc else ()
    spec = replace(BASE, name=name, objects=objects, libraries=libraries)
    (directory / "link.json").write_text(json.dumps(to_builtins(spec)))


class Told:
    """A run of ninja, told to a CompilerOutput; `shown` is what came of it."""

    def __init__(self, tree: Path, verbose: bool = False, hide_warnings: bool = False) -> None:
        self.output = CompilerOutput(tree, tree / "build", verbose, hide_warnings)
        self.shown = ""

    def compile(self, source: str, said: str, target: str = "program-app", failed: bool = True) -> str:
        """Returns what was shown by the end of the command's own output."""
        before = self.shown
        self.shown += self.output.begin(f"compile {source}")
        if failed:
            self.output.fail(f"build/obj/{target}/{source}.o")
        self.shown += "".join(self.output.line(line) for line in said.splitlines(keepends=True))
        return self.shown.removeprefix(before)

    def codes(self) -> list[str]:
        return [finding.code for finding in self.output.findings()]


def not_found(source: str, header: str = "config.h") -> str:
    return f"{source}:1:10: fatal error: '{header}' file not found\n{CARET}"


def test_the_same_error_in_many_files_is_shown_three_times_and_counted(tmp_path: Path) -> None:
    sources = [f"{i:03}.c" for i in range(190)]
    order(tmp_path, *sources)
    told = Told(tmp_path)
    for source in sources:
        told.compile(source, not_found(source))
    told.shown += told.output.end()
    assert told.shown == (
        "".join(map(not_found, sources[:3])) + "and 187 more files: fatal error: 'config.h' file not found\n\n"
    )
    header, failed = told.output.findings()
    assert header.headline == "no such header: `config.h`"
    assert header.facts[0] == ("included at", "000.c:1:10\n001.c:1:10\n002.c:1:10\nand 187 more")
    assert failed.headline == "program `app` is not built: 190 of its sources do not compile"
    assert failed.facts == (("sources", "000.c\n001.c\n002.c\nand 187 more"),)


def test_an_error_at_one_place_is_shown_once(tmp_path: Path) -> None:
    order(tmp_path, "a.c", "b.c")
    told = Told(tmp_path)
    said = "In file included from {0}:1:\ninclude/x.h:3:1: error: unknown type name 'u9'\n"
    assert told.compile("a.c", said.format("a.c")) == said.format("a.c")
    assert told.compile("b.c", said.format("b.c")) == ""
    assert told.output.end() == "and 1 more file: error: unknown type name 'u9'\n\n"


def test_a_source_of_two_targets_is_shown_once_and_both_are_named(tmp_path: Path) -> None:
    order(tmp_path, "a.c", name="one")
    order(tmp_path, "a.c", kind="library", name="two")
    told = Told(tmp_path)
    said = "a.c:1:8: error: expected ')'\nmore\n"
    assert told.compile("a.c", said, "program-one") == said
    assert told.compile("a.c", said, "library-two") == ""
    assert told.output.end() == "\n"
    assert [finding.headline for finding in told.output.findings()] == [
        "program `one` is not built: a.c does not compile",
        "library `two` is not built: a.c does not compile",
    ]


def test_colours_stay_and_are_no_difference(tmp_path: Path) -> None:
    order(tmp_path, "a.c", "b.c", "c.c", "d.c")
    told = Told(tmp_path)
    said = "\x1b[1m{0}.c:1:1: \x1b[0m\x1b[0;1;31merror: \x1b[0m\x1b[1mno\x1b[0m\n"
    for name in "abc":
        assert told.compile(f"{name}.c", said.format(name)) == said.format(name)
    assert told.compile("d.c", said.format("d")) == ""
    assert told.output.end() == "and 1 more file: error: no\n\n"


def test_all_is_shown_when_that_is_asked(tmp_path: Path) -> None:
    sources = [f"{i}.c" for i in range(9)]
    order(tmp_path, *sources)
    told = Told(tmp_path, verbose=True, hide_warnings=True)
    for source in sources:
        told.compile(source, not_found(source))
    told.compile("w.c", "w.c:1:1: warning: hm\n", failed=False)
    assert told.shown == "".join(map(not_found, sources)) + "w.c:1:1: warning: hm\n"
    assert told.codes() == ["missing-header", "compile-failed"]


def test_of_different_errors_twenty_files_are_shown(tmp_path: Path) -> None:
    sources = [f"{i}.c" for i in range(25)]
    order(tmp_path, *sources)
    told = Told(tmp_path)
    for source in sources:
        told.compile(source, f"{source}:1:1: error: {source}\n")
    assert told.shown == "".join(f"{source}:1:1: error: {source}\n" for source in sources[:20])
    assert told.output.end() == "and 5 more files with other errors; -v shows all\n\n"


@pytest.mark.parametrize(("hide", "shown"), [(False, "a.c:1:1: warning: hm\n"), (True, "")])
def test_warnings_of_what_compiles_can_be_hidden(tmp_path: Path, hide: bool, shown: str) -> None:
    order(tmp_path, "a.c", "b.c")
    told = Told(tmp_path, hide_warnings=hide)
    assert told.compile("a.c", "a.c:1:1: warning: hm\n", failed=False) == shown
    whole = "b.c:1:1: warning: hm\nb.c:2:1: error: no\nb.c:3:1: warning: hm\n"
    assert told.compile("b.c", whole) == whole
    assert told.output.begin("link build/bin/app.wasm") == ""
    assert told.output.line("wasm-ld says\n") == "wasm-ld says\n"


def test_a_compiler_that_fails_without_an_error_is_shown(tmp_path: Path) -> None:
    order(tmp_path, "a.c")
    told = Told(tmp_path)
    told.compile("a.c", "Killed\n")
    assert told.output.end() == "Killed\n\n"
    assert told.codes() == ["compile-failed"]


def test_what_wasi_lacks_is_said_where_the_compiler_finds_no_declaration(tmp_path: Path) -> None:
    order(tmp_path, "a.c", "b.cc")
    told = Told(tmp_path)
    told.compile(
        "a.c",
        "a.c:3:1: error: call to undeclared function 'fork'; ISO C99 and later do not support it\n"
        "a.c:4:1: error: call to undeclared library function 'eventfd' with type 'int (int)'; ISO C99\n"
        "a.c:5:1: error: call to undeclared function 'mine'; ISO C99\n",
    )
    told.compile("b.cc", "b.cc:3:1: error: use of undeclared identifier 'waitpid'\n")
    processes, events, failed = told.output.findings()
    assert (processes.code, processes.headline) == (
        "not-in-wasi",
        "undefined: `fork`, `waitpid`: WASI preview 1 has no processes",
    )
    assert processes.facts == (("used at", "a.c:3:1\nb.cc:3:1"),)
    assert events.headline.startswith("undefined: `eventfd`: ")
    assert failed.code == "compile-failed"


def test_what_is_only_emulated_is_said_with_the_macro(tmp_path: Path) -> None:
    order(tmp_path, "a.c")
    told = Told(tmp_path)
    text = "to enable minimal mmap emulation, compile with -D_WASI_EMULATED_MMAN and link with -lwasi-emulated-mman"
    told.compile("a.c", f'/rt/sys/mman.h:2:2: error: "WASI lacks a true mmap; {text}"\n')
    emulation, _ = told.output.findings()
    assert emulation.code == "needs-emulation"
    assert "`defines: {_WASI_EMULATED_MMAN: null}`" in emulation.help[0]


ZLIB = "recipe `zlib` has it; add `zlib` to `requires` at wasmbuild.yaml:2:2"
MADE = "configure would make it of"
WRITE = "write it once, and have its directory in `include` of `app`, at wasmbuild.yaml:3:3"


@pytest.mark.parametrize(
    ("header", "files", "libc", "help_"),
    [
        ("zlib.h", (), True, ZLIB),
        ("y.h", ("src/priv/y.h", "a/b/c/y.h"), True, "`src/priv` has it, and is not searched"),
        ("inc/y.h", ("src/inc/y.h", "y.h"), True, "`src` has it, and is not searched"),
        ("y.h", ("y.h", "build/y.h", ".git/y.h"), True, "`.` has it, and is not searched"),
        ("config.h", ("a/config.h.in",), True, f"{MADE} `a/config.h.in`, and is not run here: {WRITE}"),
        ("config.h", ("config.h.in", "win32/config.h"), True, f"{MADE} `config.h.in`"),
        ("x_config.h", ("x_config.h.cmake",), True, f"{MADE} `x_config.h.cmake`"),
        ("geoconf.h", ("libgeo/geoconf.in.h",), True, f"{MADE} `libgeo/geoconf.in.h`"),
        ("thing_config.h", (), True, f"a configure script makes headers of that name, and none is run here: {WRITE}"),
        ("other.h", (), True, "add the library that has it to `requires` at wasmbuild.yaml:2:2, or its directory"),
        ("stdio.h", (), False, "`libc: none` has no headers but the compiler's own; `app` needs `libc: wasi`"),
        ("vector", (), False, "`libc: none` has no headers but the compiler's own"),
        ("vector", (), True, "it is a header of C++: give a.c a suffix of C++"),
    ],
)  # fmt: skip
def test_a_missing_header_says_what_to_add_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, header: str, files: Sequence[str], libc: bool, help_: str
) -> None:
    monkeypatch.setenv("WASMBUILD_CACHE", str(tmp_path / "cache"))
    tree = tmp_path / "tree"
    for file in files:
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        (tree / file).write_text("")
    order(tree, "a.c", libc=libc)
    told = Told(tree)
    told.compile("a.c", not_found("a.c", header))
    finding, _ = told.output.findings()
    assert finding.code == "missing-header"
    assert finding.help[0].startswith(help_)


def test_a_recipe_is_not_told_to_require_itself(tmp_path: Path) -> None:
    order(tmp_path, "a.c", kind="library", name="z")
    path = tmp_path / "build/obj/library-z/link.json"
    path.write_text(path.read_text().replace("wasmbuild.yaml", "recipes/zlib/recipe.yaml"))
    (tmp_path / "zlib.h").write_text("")
    told = Told(tmp_path)
    told.compile("a.c", not_found("a.c", "zlib.h"), "library-z")
    finding, _ = told.output.findings()
    assert finding.help == (
        "`.` has it, and is not searched: add it to `include` of `z`, at recipes/zlib/recipe.yaml:3:3",
    )


def test_a_recipe_supplies_what_configure_would_make_by_files(tmp_path: Path) -> None:
    order(tmp_path, "a.c", kind="library", name="expat")
    path = tmp_path / "build/obj/library-expat/link.json"
    path.write_text(path.read_text().replace("wasmbuild.yaml", "recipes/expat/recipe.yaml"))
    (tmp_path / "expat_config.h.in").write_text("")
    told = Told(tmp_path)
    told.compile("a.c", not_found("a.c", "expat_config.h"), "library-expat")
    finding, _ = told.output.findings()
    assert finding.help == (
        "configure would make it of `expat_config.h.in`, and is not run here: write it once, beside "
        "recipes/expat/recipe.yaml, and name it there: `files: {expat_config.h: expat_config.h}`",
    )
