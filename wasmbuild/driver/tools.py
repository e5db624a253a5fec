"""The tools by name: `python -m wasmbuild.driver.tools DIRECTORY TOOL ARGUMENT…`, which the files in `bin` call for all
that they do not hand to clang themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from wasmbuild.driver.arguments import Invocation, parse_compiler, parse_linker
from wasmbuild.driver.environment import Environment

_LINKERS_HELP = "wasmbuild ld: supported targets: elf wasm"
"""What libtool asks for before it makes shared libraries. The line before it is what other scripts look for, to know
how a linker's options are spelled."""


def main(arguments: Sequence[str]) -> int:
    directory, tool, *rest = arguments
    from wasmbuild.driver.environment import read_environment

    environment = read_environment(Path(directory))
    return run_tool(environment, tool, rest, lambda: _again(Path(directory), environment))


def run_tool(
    environment: Environment | None, tool: str, arguments: Sequence[str], make: Callable[[], Environment]
) -> int:
    """Do what a tool does. `make` makes the environment where there is none, or not all of it: a cache may be
    emptied. What is wrong is printed, as compilers do."""
    from wasmbuild.diagnostics import WasmbuildError, format_diagnostic, system_error

    try:
        if environment is None or not environment.is_whole:
            environment = make()
        return TOOLS[tool](environment, _expanded(arguments))
    except WasmbuildError as error:
        for diagnostic in error.diagnostics:
            print(format_diagnostic(diagnostic), file=sys.stderr)
    except OSError as error:
        print(format_diagnostic(system_error(error)), file=sys.stderr)
    return 1


def _again(directory: Path, environment: Environment | None) -> Environment:
    from wasmbuild.driver.make import make_again

    return make_again(directory, environment)


def _expanded(arguments: Sequence[str], inside: tuple[str, ...] = ()) -> list[str]:
    """With what is in files of arguments, `@FILE`. Raises WasmbuildError for one that cannot be read so."""
    found: list[str] = []
    for word in arguments:
        if word.startswith("@") and Path(word[1:]).is_file():
            found += _expanded(_words(word[1:], inside), (*inside, word[1:]))
        else:
            found.append(word)
    return found


def _words(path: str, inside: tuple[str, ...]) -> list[str]:
    import shlex

    from wasmbuild.diagnostics import Diagnostic, WasmbuildError

    if path in inside:
        raise WasmbuildError(Diagnostic("bad-arguments-file", f"a file of arguments that names itself: `{path}`"))
    try:
        return shlex.split(os.fsdecode(Path(path).read_bytes()), comments=False)
    except ValueError as error:
        problem = str(error).lower().replace("closing quotation", "closing quote")
        raise WasmbuildError(
            Diagnostic("bad-arguments-file", f"cannot read the file of arguments `{path}`: {problem}")
        ) from None


def _cc(environment: Environment, arguments: list[str]) -> int:
    return _compiler(environment, arguments, cxx=False)


def _cxx(environment: Environment, arguments: list[str]) -> int:
    return _compiler(environment, arguments, cxx=True)


def _compiler(environment: Environment, arguments: list[str], cxx: bool) -> int:
    if (answer := _answer(environment, arguments)) is not None:
        from wasmbuild.printing import printable

        for line in answer.splitlines():
            print(printable(line))
        return 0
    invocation = parse_compiler(arguments)
    if invocation.mode == "compile":
        from wasmbuild.driver.compile import compile_only

        return compile_only(environment, arguments, cxx)
    if "-v" in invocation.compiling:
        from wasmbuild.printing import printable

        print(printable(_verbose(environment, invocation, cxx)), file=sys.stderr)
    return _link(environment, invocation, cxx)


def _answer(environment: Environment, arguments: Sequence[str]) -> str | None:
    """To who asks for tools and libraries, which clang by itself would take from this machine."""
    for word in arguments:
        option, equals, name = word.removeprefix("-").removeprefix("-").partition("=")
        if option == "print-search-dirs":
            return f"programs: ={environment.bin}\nlibraries: ={environment.lib}"
        place = {"print-file-name": environment.lib, "print-prog-name": environment.bin}.get(option)
        if place is not None and equals:
            return str(place / name) if (place / name).exists() else name
    return None


def _verbose(environment: Environment, invocation: Invocation, cxx: bool) -> str:
    """What is linked with what was said: libtool takes the words behind its object, and links C++ by them, with
    `-nostdlib`. No line of a linker's, from which CMake would take directories that need no runtime path."""
    import shlex

    libraries = ("-lc++", "-lc") if cxx and environment.libcxx else ("-lc",)
    said = (each.name for each in invocation.operands if not each.is_library)
    with_them = (f"-L{environment.lib}", *libraries) if invocation.default_libraries else ()
    return shlex.join(("wasmbuild", "links:", *said, *with_them))


def _ld(environment: Environment, arguments: list[str]) -> int:
    return _link(environment, parse_linker(arguments), cxx=False)


def _link(environment: Environment, invocation: Invocation, cxx: bool) -> int:
    from wasmbuild.diagnostics import format_diagnostic
    from wasmbuild.driver.link import link_by_command_line, link_relocatable
    from wasmbuild.printing import printable

    if invocation.mode == "version":
        print(f"LLD {printable(environment.version)} (compatible with GNU linkers)")
        print(_LINKERS_HELP)
        return 0
    if invocation.mode == "relocatable":
        return link_relocatable(invocation, environment)
    for warning in link_by_command_line(invocation, environment, cxx):
        print(format_diagnostic(warning), file=sys.stderr)
    return 0


def _ar(environment: Environment, arguments: list[str]) -> int:
    """A thin archive, which only names its members, is made a whole one: a link reads members from the archive."""
    kept = [word for word in arguments if word != "--thin"]
    if kept:
        kept[0] = kept[0].replace("T", "")
    return _run([*environment.ar, *kept])


def _ranlib(environment: Environment, arguments: list[str]) -> int:
    if any(word in ("--version", "-V", "-v", "--help", "-h") for word in arguments):
        return _run([*environment.ar, *arguments[:1]])
    return _run([*environment.ar, "s", *(word for word in arguments if not word.startswith("-"))])


def _nm(_: Environment, arguments: list[str]) -> int:
    if any(word in ("--version", "-V") for word in arguments):
        print("wasmbuild nm, compatible with GNU nm")
        return 0
    from wasmbuild.driver.nm import run
    from wasmbuild.printing import printable

    for line in run(arguments):
        print(printable(line))
    return 0


def _strip(_: Environment, arguments: list[str]) -> int:
    if any(word in ("--version", "-V") for word in arguments):
        print("wasmbuild strip, compatible with GNU strip")
        return 0
    from wasmbuild.driver.strip import run

    run(arguments)
    return 0


def _run(command: list[str]) -> int:
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


TOOLS: dict[str, Callable[[Environment, list[str]], int]] = {
    "cc": _cc,
    "c++": _cxx,
    "ld": _ld,
    "ar": _ar,
    "ranlib": _ranlib,
    "nm": _nm,
    "strip": _strip,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
