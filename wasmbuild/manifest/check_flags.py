"""Flags that cannot mean what was meant: several in one entry, and words for a linker that wasm-ld is not; and flags
that are not a manifest's to give."""

from __future__ import annotations

import shlex
from collections.abc import Container, Iterator, Mapping, Sequence

from msgspec.structs import replace

from wasmbuild.diagnostics import Diagnostic, Position
from wasmbuild.manifest.allowed_flags import other_libcxx, refused_by_clang, refused_by_linker
from wasmbuild.manifest.linkerflags import THREADS, is_in_libc, unwrapped
from wasmbuild.manifest.reader import Document, Where
from wasmbuild.manifest.schema import Defaults, Manifest, Target
from wasmbuild.manifest.yamlhelp import written_list

Places = Mapping[Where, Target | Defaults]

_OF_CXX = ("stdc++", "c++", "c++abi", "supc++")

_WITH_ARGUMENT = (
    *("-D", "-U", "-I", "-L", "-l", "-z", "-include", "-imacros", "-isystem", "-iquote", "-idirafter"),
    *("-Xclang", "-Xlinker", "-mllvm", "-target", "-x", "-u", "-e"),
)
"""Flags that are written with a space before their argument on a command line."""


def check_flags(document: Document[Manifest], places: Places, recipes: Container[str]) -> Iterator[Diagnostic]:
    """Errors; `places` are the targets."""
    for where, owner in (*places.items(), (("defaults",), document.value.defaults)):
        for name in owner.defines:
            for _, finding in other_libcxx([f"-D{name}"]):
                yield replace(finding, at=document.at(*where, "defines", name))
        for field in ("cflags", "cxxflags", "ldflags"):
            flags: tuple[str, ...] = getattr(owner, field)
            several = {i: found for i, text in enumerate(flags) if (found := _several(field, text)) is not None}
            for i, finding in several.items():
                yield replace(finding, at=document.at(*where, field, i))
            for i, finding in not_allowed(field, flags):
                if i not in several:
                    yield replace(finding, at=document.at(*where, field, i))
            if field != "ldflags":
                for i, finding in other_libcxx(flags):
                    yield replace(finding, at=document.at(*where, field, i))
            else:
                for i, text in enumerate(flags):
                    for flag in unwrapped(text) if i not in several else ():
                        yield from _of_another_linker(flag, document.at(*where, field, i), recipes)


def not_allowed(field: str, flags: Sequence[str]) -> Iterator[tuple[int, Diagnostic]]:
    """The entries of a list that are not a manifest's to give, also of a profile in the project's toolchain.yaml."""
    if field == "ldflags":
        found = [(i, why) for i, text in enumerate(flags) for _, why in refused_by_linker(unwrapped(text))]
    else:
        found = list(refused_by_clang(flags))
    for i, why in found:
        help_ = "if you trust it, put it into a profile of a toolchain file, and name that with `--toolchain`"
        yield i, Diagnostic("flag-not-allowed", f"`{flags[i]}` in `{field}`: {why}", help=(help_,))


def flag_warnings(document: Document[Manifest], places: Places) -> Iterator[Diagnostic]:
    """What is left out although somebody may count on it."""
    for where, owner in (*places.items(), (("defaults",), document.value.defaults)):
        for i, text in enumerate(owner.ldflags):
            if any(flag in THREADS for flag in unwrapped(text)):
                yield Diagnostic(
                    "no-threads",
                    f"there are no threads: `{text}` is left out",
                    document.at(*where, "ldflags", i),
                    notes=("pthread's functions are in libc.so; `pthread_create` fails",),
                    help=("remove it from `ldflags`",),
                    severity="warning",
                )


def _several(field: str, text: str) -> Diagnostic | None:
    """A space is part of a flag: no shell splits it. In a path or a macro's value it may be meant."""
    try:
        words = shlex.split(text)
    except ValueError:
        return None
    if len(words) < 2 or not text.startswith("-"):
        return None
    if words[0] not in _WITH_ARGUMENT and not any(word[0:1] == "-" and word[1:2].isalpha() for word in words[1:]):
        return None
    headline = f"{len(words)} flags in one entry of `{field}`: `{text}`"
    return Diagnostic("several-flags", headline, help=(f"write {written_list(words)}",))


def _of_another_linker(flag: str, at: Position, recipes: Container[str]) -> Iterator[Diagnostic]:
    name = flag.removeprefix("-l")
    if flag.startswith("-L"):
        why = "libraries are not searched for in directories"
        yield _wrong(flag, at, why, "leave it out: `requires` names libraries, wherever they are")
    elif flag == "-Xlinker":
        yield _wrong(flag, at, "flags go to the linker itself", "write the flag behind it alone")
    elif name == flag or is_in_libc(flag):
        return
    elif name in _OF_CXX:
        yield _wrong(flag, at, "a target with C++ sources has its standard library by itself", "leave it out")
    else:
        recipe = next((known for known in (name, f"lib{name}", f"{name}lib") if known in recipes), None)
        help_ = f"add `{recipe or name}` to `requires`"
        help_ += "" if recipe else ", as a library of this project or a recipe; an archive (.a) is one of the `sources`"
        yield _wrong(flag, at, "libraries are not named to the linker", help_)


def _wrong(flag: str, at: Position, why: str, help_: str) -> Diagnostic:
    return Diagnostic("linker-flag", f"`{flag}`: {why}", at, help=(help_,))
