"""The compiler behind the tools: clang with the flags that hold for everything here."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from wasmbuild.builder.operands import CXX_SUFFIXES
from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.driver.environment import Environment

# fmt: off
DROPPED = (
    "-pthread", "-pthreads", "-flto", "-flto=*", "-m64",
    "-fno-pic", "-fno-PIC", "-fno-pie", "-fno-PIE", "-mno-sign-ext",
)
# fmt: on
"""What others' build systems say, and nothing here can be compiled with: there are no threads, objects are read before
they are linked, code that cannot be moved cannot be loaded, and addresses have 32 bits. Shell patterns."""

LOOKED_AT = ("*_LIBCPP_ABI_*", "*_LIBCPP_TYPEINFO_*")
"""Words over which `clang_command` decides. Shell patterns."""


def language_of(arguments: Sequence[str], cxx: bool) -> Literal["c", "c++"]:
    """What a command line compiles: all of it is C or C++, as build systems have it."""
    if cxx or any(word.startswith(("-xc++", "c++")) or word.endswith(CXX_SUFFIXES) for word in arguments):
        return "c++"
    return "c"


def clang_command(environment: Environment, arguments: Sequence[str], cxx: bool) -> list[str]:
    """Raises WasmbuildError for what would compile against another libc++ than the one that there is."""
    from fnmatch import fnmatchcase

    from wasmbuild.manifest.allowed_flags import other_libcxx

    language = language_of(arguments, cxx)
    if language == "c++" and (found := tuple(finding for _, finding in other_libcxx(arguments))):
        raise WasmbuildError(*found)
    kept = [word for word in arguments if not any(fnmatchcase(word, pattern) for pattern in DROPPED)]
    driver = ["--driver-mode=g++"] if cxx else []
    return [*environment.clang, *driver, *quietly(environment.flags(language)), *kept, *quietly(after(environment))]


def quietly(flags: tuple[str, ...]) -> tuple[str, ...]:
    """Without a word where they do not matter, as those for headers do not to an assembler."""
    return ("--start-no-unused-arguments", *flags, "--end-no-unused-arguments")


def after(environment: Environment) -> tuple[str, ...]:
    """What comes last, so that it holds whatever was said, and so that others' directories of headers come first."""
    return ("-isystem", str(environment.include), "-fPIC")


def compile_only(environment: Environment, arguments: Sequence[str], cxx: bool) -> int:
    """Run clang in our place. Does not return, but on Windows."""
    command = clang_command(environment, arguments, cxx)
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def compile_source(
    environment: Environment, options: Sequence[str], source: str, language: str | None, cxx: bool, output: Path
) -> None:
    """One source of a command line that also links. clang says itself what is wrong; raises WasmbuildError then."""
    as_language = ("-x", language) if language else ()
    arguments = [*options, *as_language, "-c", source, "-o", str(output)]
    done = subprocess.run(clang_command(environment, arguments, cxx), check=False)
    if done.returncode != 0:
        raise WasmbuildError()
