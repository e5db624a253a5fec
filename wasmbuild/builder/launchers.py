"""Programs in front of the compiler, which keep what was compiled or have it compiled elsewhere. None of them changes
what is compiled, so no key has them in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError, did_you_mean

OF_PROJECTS = ("ccache", "sccache", "distcc")
"""What a project may choose. What these do is set by the user alone; recc reads settings from where it is started."""

_KNOWN = (*OF_PROJECTS, "recc")


def chosen_launcher(words: Sequence[str]) -> tuple[str, ...]:
    """As it can be started from anywhere: libraries are built in directories of their own."""
    return tuple(str(Path(word).absolute()) if i == 0 and "/" in word else word for i, word in enumerate(words))


def not_of_project(words: Sequence[str], path: str, at: Callable[[int], Position]) -> Iterator[Diagnostic]:
    """What a project's toolchain.yaml, which is `path`, says and may not."""
    for i, word in enumerate(words):
        if word not in OF_PROJECTS:
            headline = f"a project does not say which programs are run: `{word}`"
            notes = (f"it may choose among {', '.join(f'`{name}`' for name in OF_PROJECTS)}",)
            help_ = f"if you trust it: `--toolchain {path}`, or name the program with `--launcher`"
            yield Diagnostic("launcher-of-project", headline, at(i), notes=notes, help=(help_,))


def command_of(launcher: Sequence[str]) -> tuple[str, ...]:
    """The words before the compiler's name. ccache would take a launcher behind it for the compiler."""
    return tuple(launcher[:1] if launcher and launcher[0] == "ccache" else launcher)


def settings_of(launcher: Sequence[str], identity: str) -> Mapping[str, str]:
    """Environment variables that make it right, unless the user set them. Of the compiler, what is started is a text of
    three lines, so each must go by its bytes, or by `identity`."""
    found: dict[str, str] = {}
    if "ccache" in launcher:
        # Objects do not have the directory in them. The compiler's times differ between machines.
        found |= {"CCACHE_COMPILERCHECK": "content", "CCACHE_COMPILERTYPE": "clang", "CCACHE_NOHASHDIR": "1"}
        if launcher[0] == "ccache" and len(launcher) > 1:
            found["CCACHE_PREFIX"] = " ".join(launcher[1:])
    if "sccache" in launcher:
        found["SCCACHE_IGNORE_SERVER_IO_ERROR"] = "1"
    if "recc" in launcher:
        # On workers there is no compiler at the place that the command names: `--remote` brings it there.
        found |= {"RECC_CACHE_ONLY": "1", "RECC_CACHE_UPLOAD_LOCAL_BUILD": "1", "RECC_ENV_TO_READ": ""}
        found["RECC_REMOTE_PLATFORM_toolchain"] = identity
    return found


def refuse_unmovable(kind: str, chosen_at: str, launcher: str | None) -> None:
    """Raises WasmbuildError for what cannot be had beside servers."""
    if kind != "zig":
        help_ = ("take `toolchain: zig`, which is sent to the servers as it is",)
        headline = "an LLVM of this machine cannot be sent to another"
        raise WasmbuildError(Diagnostic("cannot-move", headline, facts=(("chosen by", chosen_at),), help=help_))
    if launcher:
        headline = f"servers and a launcher at once: `{launcher}`"
        raise WasmbuildError(Diagnostic("launcher-and-remote", headline, help=("leave out one of the two",)))


def refuse_missing(launcher: Sequence[str], said_at: str) -> None:
    """Raises WasmbuildError for programs that are not there."""
    for i, word in enumerate(launcher):
        if (i == 0 or word in _KNOWN) and shutil.which(word) is None:
            near = did_you_mean(word, _KNOWN)
            help_ = ("install it, or build without it: `--launcher ''`",)
            facts = (("searched", "PATH"), ("chosen by", said_at))
            raise WasmbuildError(
                Diagnostic(
                    "no-launcher",
                    f"launcher not found: `{word}`",
                    facts=facts,
                    help=(f"did you mean `{near}`?", *help_) if near and near != word else help_,
                )
            )
