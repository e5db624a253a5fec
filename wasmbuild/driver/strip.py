"""`strip`, which installing by autotools, CMake and Meson calls: the machine's own would refuse a module, or take out
the section by which it is linked.

Of a linked module debug information and names go. Objects and archives stay as they are: all in them is for a linker.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.search.files import read_file
from wasmbuild.wasm.archive import is_archive
from wasmbuild.wasm.decode import MAGIC, VERSION, decode

_ONLY_DEBUG = frozenset(("-g", "-S", "-d", "--strip-debug", "-X", "--discard-locals"))
_WITH_WORD = frozenset(("-K", "-N", "-R", "-F", "-I", "-O"))


def run(arguments: Sequence[str]) -> None:
    """Strip files in their places, or one into another. Raises WasmbuildError."""
    files, output, only_debug = list[str](), None, False
    words = iter(arguments)
    for word in words:
        if word == "-o":
            output = next(words, None)
        elif word in _WITH_WORD:
            next(words, None)
        elif word.startswith("-"):
            only_debug |= word in _ONLY_DEBUG
        else:
            files.append(word)
    if not files or (output and len(files) > 1):
        raise WasmbuildError(Diagnostic("no-input", "no input files" if not files else "several files into one"))
    for file in files:
        path, to = Path(file), Path(output or file)
        data = stripped(read_file(path), file, only_debug)
        mode = path.stat().st_mode
        if replace_if_different(to, data):
            to.chmod(mode)


def stripped(data: bytes, name: str, only_debug: bool) -> bytes:
    """A linked module without `.debug_…` sections, and without names unless `only_debug`. Raises MalformedModule."""
    if is_archive(data):
        return data
    module = decode(data, name)
    if module.is_object:
        return data
    parts, end = [data[: len(MAGIC) + len(VERSION)]], len(MAGIC) + len(VERSION)
    for each in module.sections:
        start, end = end, each.offset + each.size_bytes
        goes = each.id == 0 and (each.name.startswith(".debug_") or (each.name == "name" and not only_debug))
        parts.append(b"" if goes else data[start:end])
    return b"".join(parts)
