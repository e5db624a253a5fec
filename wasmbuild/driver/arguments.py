"""A command line of a compiler or a linker, as GCC, clang and GNU ld have it, as a value. Pure.

What is understood of it is in docs/existing-projects.md. An option of the linker that is not known is refused: scripts
that configure a project ask for options, and believe an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Literal

from msgspec import Struct, field

from wasmbuild.builder.operands import CXX_SUFFIXES
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.sizes import parse_size

Mode = Literal["compile", "link", "relocatable", "version"]
"""`compile` is all that makes no module; `version` asks a linker who it is."""


class Operand(Struct, frozen=True):
    """Something that is linked, in its place among the others."""

    is_library: bool
    """`-lNAME`, else a file"""
    name: str
    whole_archive: bool = False
    as_needed: bool = False
    prefer_static: bool = False


class Invocation(Struct):
    """What a command line asks for; filled as it is read."""

    mode: Mode = "link"
    output: str | None = None
    operands: list[Operand] = field(default_factory=list)
    search: list[str] = field(default_factory=list)
    """`-L`"""
    compiling: list[str] = field(default_factory=list)
    """What is said to clang about sources."""
    language: str | None = None
    """`-x`, of the sources after it"""
    shared: bool = False
    static: bool = False
    exports_visible: bool = False
    """`-rdynamic`: also a program exports what is visible."""
    exports: list[str] = field(default_factory=list)
    export_lists: list[str] = field(default_factory=list)
    """Files: version scripts, and lists as macOS has them."""
    excluded: list[str] = field(default_factory=list)
    """Archives of which nothing is exported, by their names; `ALL` of them"""
    runtime_path: list[str] = field(default_factory=list)
    path_to_libraries: bool = False
    """`--rpath-to-libraries`, which is ours: the way to the libraries that are linked is in the runtime path, last."""
    soname: str | None = None
    undefined_from_program: bool = False
    start_files: bool = True
    default_libraries: bool = True
    strip: Literal["nothing", "debug", "all"] = "nothing"
    sizes: dict[str, int] = field(default_factory=dict)
    """Bytes of `stack`, `initial` and `max`, where they were said."""
    linker: list[str] = field(default_factory=list)
    """What wasm-ld understands itself."""


SOURCES = (".c", ".i", ".s", ".S", *CXX_SUFFIXES, ".ii")

_STOPS_EARLY = re.compile(
    r"-(c|E|S|M|MM|fsyntax-only|dumpmachine|dumpversion|dumpfullversion|dumpspecs|###|-?help.*|-?version"
    r"|-?print-.*|-analyze|-precompile)$"
)

_WITH_WORD = re.compile(
    r"-(D|U|I|include|imacros|isystem|iquote|idirafter|isysroot|iprefix|iwithprefix|MF|MT|MQ|arch|aux-info|target"
    r"|mllvm|Xclang|Xpreprocessor|Xassembler|-param|-sysroot|F|framework|A)"
)
"""Options of the compiler with a word after them."""

_MEANS_NOTHING = re.compile(
    r"--?(start-group|end-group|eh-frame-hdr|build-id(=.*)?|hash-style=.*|enable-new-dtags"
    r"|disable-new-dtags|rpath-link=.*|warn-.*|no-warn-.*|fatal-warnings|no-fatal-warnings|no-copy-dt-needed"
    r"-entries|copy-dt-needed-entries|sort-common|sort-section=.*|dynamic-list-.*|no-keep-memory|reduce-memory-overheads"
    r"|Bsymbolic(-functions)?|relax|no-relax|discard-all|discard-locals|X|x|nostdlib|no-allow-shlib-undefined"
    r"|default-symver|no-omagic|export-dynamic-symbol(-list)?=.*|icf=.*|pack-dyn-relocs=.*"
    r"|dynamic-linker=.*|no-dynamic-linker|O\d|EL|color-diagnostics(=.*)?|threads(=.*)?|no-threads|g|d|add-needed"
    r"|no-add-needed|compress-debug-sections=.*|demangle|no-demangle|no-rosegment|Map-whole-files|error-limit=.*)"
)
"""Of the linker: what has no meaning where a module has no sections to lay out, and no dynamic linker to name."""

_PASSED_ON = re.compile(
    r"--(gc-sections|no-gc-sections|print-gc-sections|verbose|trace|trace-symbol=.*|Map=.*|undefined=.*|wrap=.*"
    r"|export-table|growable-table|export-if-defined=.*|max-memory=.*|initial-memory=.*|reproduce=.*|mllvm=.*"
    r"|allow-multiple-definition|features=.*|extra-features=.*|no-check-features|check-features|keep-section=.*"
    r"|compress-relocations|merge-data-segments|no-merge-data-segments|defsym=.*|why-extract=.*|lto-.*|noinhibit-exec)"
)
"""What wasm-ld has."""

_LINKER_WITH_WORD = re.compile(
    r"-(-?rpath|R|-?soname|h|-?version-script|-?export|-export-if-defined|-?Map|z|-?entry|e|u|-undefined|undefined"
    r"|-?rpath-link|-?dynamic-linker|I|-?exported_symbols_list|-dynamic-list|-retain-symbols-file|-wrap|-defsym|m"
    r"|install_name|compatibility_version|current_version|-unresolved-symbols|-export-dynamic-symbol(-list)?"
    r"|-hash-style|-sort-section|T|-script|F|-filter|f|-auxiliary|O|y|b|-format|mllvm|-initial-memory|-max-memory|-exclude-libs|L|-library-path)"
)
"""Options of the linker with a word after them, unless `=` is in them."""


_JOINED = re.compile(r"(-[zRL]|-u(?!ndefined))(.+)")


def parse_compiler(arguments: list[str]) -> Invocation:
    """The command line of `cc` or `c++`, without the program's name. Raises WasmbuildError for what cannot be."""
    if arguments in ([], ["-v"]) or any(_STOPS_EARLY.fullmatch(argument) for argument in arguments):
        return Invocation("compile", compiling=arguments)
    found, linker = Invocation(), list[str | Operand]()
    words = iter(arguments)
    for word in words:
        if word in ("-Xlinker", "-z", "-T", "-u", "-e", "-R"):
            linker += [next(words, "")] if word == "-Xlinker" else [word, next(words, "")]
        elif word.startswith(("-Wl,", "-z", "-exported_symbols_list")):
            linker += word.split(",")[1:] if word.startswith("-Wl,") else [word]
            if word == "-exported_symbols_list":
                linker.append(next(words, ""))
        elif not word.startswith("-") or word == "-":
            linker.append(Operand(False, word))
        elif word.startswith("-l"):
            linker.append(Operand(True, word[2:] or next(words, "")))
        elif word.startswith("-L"):
            found.search.append(word[2:] or next(words, ""))
        elif word.startswith("-o"):
            found.output = word[2:] or next(words, None)
        elif word.startswith("-x"):
            found.language = word[2:] or next(words, None)
        else:
            _compiler_option(found, word, words, linker)
    _read_linker(found, linker)
    return found


def _compiler_option(found: Invocation, word: str, words: Iterator[str], linker: list[str | Operand]) -> None:
    match word:
        case "-shared" | "--shared" | "-dynamiclib" | "-bundle":
            found.shared = True
        case "-static" | "--static" | "-static-pie":
            found.static = True
        case "-r":
            found.mode = "relocatable"
        case "-rdynamic":
            found.exports_visible = True
        case "-s":
            found.strip = "all"
        case "-nostdlib":
            found.start_files = found.default_libraries = False
        case "-nostartfiles":
            found.start_files = False
        case "-nodefaultlibs" | "-nolibc":
            found.default_libraries = False
        case "-install_name" | "-compatibility_version" | "-current_version" | "-undefined":
            linker += [word, next(words, "")]
        case "-pie" | "-no-pie" | "-nopie" | "-static-libgcc" | "-static-libstdc++" | "-shared-libgcc":
            pass
        case _ if re.match(r"-(pthreads?$|fuse-ld=|mthreads$|single_module$|headerpad)", word):
            pass  # there is one linker, and there are no threads
        case _ if _WITH_WORD.fullmatch(word):
            found.compiling += [word, next(words, "")]
        case _:
            found.compiling.append(word)


def parse_linker(arguments: list[str]) -> Invocation:
    """The command line of `ld`, without the program's name. Raises WasmbuildError for what cannot be."""
    found, linker = Invocation(start_files=False, default_libraries=False), list[str | Operand]()
    words = iter(arguments)
    for word in words:
        if word in ("-v", "-V", "--version", "-help", "--help"):
            found.mode = "version"
        elif word.startswith(("-L", "--library-path=")):
            found.search.append(word.partition("=")[2] if word.startswith("--") else word[2:] or next(words, ""))
        elif word.startswith("-l"):
            linker.append(Operand(True, word[2:] or next(words, "")))
        elif word in ("-o", "--output"):
            found.output = next(words, None)
        elif word.startswith("-o"):
            found.output = word[2:]
        elif _LINKER_WITH_WORD.fullmatch(word):
            linker += [word, next(words, "")]
        elif word.startswith("-"):
            linker.append(word)
        else:
            linker.append(Operand(False, word))
    _read_linker(found, linker)
    return found


_SWITCHES: Mapping[str, Callable[[Invocation], None]] = {
    "shared": lambda found: setattr(found, "shared", True),
    "Bshareable": lambda found: setattr(found, "shared", True),
    "static": lambda found: setattr(found, "static", True),
    "r": lambda found: setattr(found, "mode", "relocatable"),
    "relocatable": lambda found: setattr(found, "mode", "relocatable"),
    "export-dynamic": lambda found: setattr(found, "exports_visible", True),
    "E": lambda found: setattr(found, "exports_visible", True),
    "rpath-to-libraries": lambda found: setattr(found, "path_to_libraries", True),
    "s": lambda found: setattr(found, "strip", "all"),
    "strip-all": lambda found: setattr(found, "strip", "all"),
    "S": lambda found: setattr(found, "strip", "debug"),
    "strip-debug": lambda found: setattr(found, "strip", "debug"),
    "allow-undefined": lambda found: setattr(found, "undefined_from_program", True),
    "import-undefined": lambda found: setattr(found, "undefined_from_program", True),
    "allow-shlib-undefined": lambda found: setattr(found, "undefined_from_program", True),  # Meson's, for its modules
    "no-undefined": lambda found: setattr(found, "undefined_from_program", False),
    "v": lambda found: setattr(found, "mode", "version"),
    "version": lambda found: setattr(found, "mode", "version"),
    "help": lambda found: setattr(found, "mode", "version"),
}

_STATES = {
    "whole-archive": ("whole_archive", True),
    "no-whole-archive": ("whole_archive", False),
    "as-needed": ("as_needed", True),
    "no-as-needed": ("as_needed", False),
    "Bstatic": ("prefer_static", True),
    "dn": ("prefer_static", True),
    "non_shared": ("prefer_static", True),
    "Bdynamic": ("prefer_static", False),
    "dy": ("prefer_static", False),
}
"""What holds for the operands after it."""


def _read_linker(found: Invocation, words: list[str | Operand]) -> None:
    """The linker's options and the operands, in their order: some options hold for the operands after them."""
    state = {"whole_archive": False, "as_needed": False, "prefer_static": False}
    saved: list[dict[str, bool]] = []
    following = iter(words)
    for word in following:
        if isinstance(word, Operand):
            found.operands.append(Operand(word.is_library, word.name, **state))
            continue
        if word.startswith("-l"):
            found.operands.append(Operand(True, word[2:], **state))
            continue
        if not word.startswith("-"):
            found.operands.append(Operand(False, word, **state))
            continue
        name = word.lstrip("-")
        if name in _STATES:
            key, holds = _STATES[name]
            state[key] = holds
        elif name == "push-state":
            saved.append(dict(state))
        elif name == "pop-state":
            state = saved.pop() if saved else state
        elif name in _SWITCHES:
            _SWITCHES[name](found)
        else:
            option, equals, value = word.partition("=")
            if joined := _JOINED.fullmatch(word):
                option, equals, value = joined[1], "=", joined[2]
            if not equals and _LINKER_WITH_WORD.fullmatch(word):
                after = next(following, "")
                value = after.name if isinstance(after, Operand) else after
            _linker_option(found, option, value, word)


def _linker_option(found: Invocation, option: str, value: str, word: str) -> None:
    match option.lstrip("-"):
        case "rpath" | "R":
            found.runtime_path += value.split(":")
        case "L" | "library-path":
            found.search.append(value)
        case "soname" | "h" | "install_name":
            found.soname = PurePosixPath(value).name
        case "export" | "export-dynamic-symbol":
            found.exports.append(value)
        case "version-script" | "exported_symbols_list" | "retain-symbols-file" | "dynamic-list":
            found.export_lists.append(value)
        case "exclude-libs":
            found.excluded += re.split("[,:]", value)
        case "u" | "undefined" if option != "-undefined":
            found.linker.append(f"--undefined={value}")
        case "undefined":  # macOS: `dynamic_lookup`
            found.undefined_from_program |= value in ("dynamic_lookup", "suppress", "warning")
        case "unresolved-symbols":
            found.undefined_from_program |= value in ("ignore-all", "ignore-in-object-files")
        case "z":
            _z(found, value)
        case "initial-memory" | "max-memory" as name:
            found.sizes[name.partition("-")[0]] = _bytes(value, word)
        case "Map" | "wrap" | "defsym":
            found.linker.append(f"--{option.lstrip('-')}={value}")
        case "mllvm":
            found.linker += ["-mllvm", value]
        case "y":
            found.linker.append(f"--trace-symbol={value}")
        case "e" | "entry" | "T" | "script":
            raise _refused(word, value, "a module has no sections to place, and starts at `_start`")
        case "rpath-link" | "dynamic-linker" | "I" | "m" | "F" | "filter" | "f" | "auxiliary" | "hash-style":
            pass
        case "sort-section" | "O" | "compatibility_version" | "current_version" | "b" | "format":
            pass
        case "export-dynamic-symbol-list":
            found.export_lists.append(value)
        case _ if _PASSED_ON.fullmatch(word):
            found.linker.append(word)
        case _ if _MEANS_NOTHING.fullmatch(word):
            pass
        case _:
            raise _refused(word, "", "neither wasm-ld has it nor is it one that means nothing here")


def _z(found: Invocation, value: str) -> None:
    key, _, size = value.partition("=")
    if key == "stack-size":
        found.sizes["stack"] = _bytes(size, f"-z {value}")
    elif key in ("undefs", "defs"):
        found.undefined_from_program = key == "undefs"


def _bytes(text: str, word: str) -> int:
    size = int(text, 16) if re.fullmatch(r"0[xX][0-9a-fA-F]{1,16}", text) else parse_size(text)
    if size is None:
        raise _refused(word, "", f"`{text}` is no number of bytes")
    return size


def _refused(word: str, value: str, reason: str) -> WasmbuildError:
    shown = f"{word} {value}" if value and value not in word else word
    return WasmbuildError(Diagnostic("bad-linker-option", f"the linker cannot `{shown}`", notes=(reason,)))
