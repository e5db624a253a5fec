"""What we decode is what `wasm-objdump -x` of wabt shows, of every module that the cases make and of libc.so."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from casefiles import Means, find_means, make, names, read_case

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.module import Module, extern_kind

OBJDUMP = shutil.which("wasm-objdump")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OBJDUMP is None, reason="wasm-objdump is not installed (Debian: wabt)"),
]

_IMPORT = re.compile(r"^ - (func|table|memory|global|tag)\[(\d+)\].* <- (.*)$", re.MULTILINE)
_EXPORT = re.compile(r'^ - (func|table|memory|global|tag)\[(\d+)\].* -> "(.*)"$', re.MULTILINE)
_INFO = re.compile(r"^ - (mem_size|mem_p2align|table_size|table_p2align)\s*: (\d+)$", re.MULTILINE)
_NEEDED = re.compile(r"^ - needed_dynlibs\[\d+\]:\n((?:  - .*\n)*)", re.MULTILINE)


def shown_by_objdump(path: Path) -> dict[str, object] | None:
    """What objdump says, or None where it cannot read the file."""
    assert OBJDUMP is not None
    done = subprocess.run([OBJDUMP, "-x", str(path)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None
    needed = _NEEDED.search(done.stdout)
    return {
        "imports": [(kind, int(index), name) for kind, index, name in _IMPORT.findall(done.stdout)],
        "exports": [(kind, int(index), name) for kind, index, name in _EXPORT.findall(done.stdout)],
        # It prints nothing of a subsection that is not there: then all is 0.
        "areas": [int(number) for _, number in _INFO.findall(done.stdout)] or [0, 0, 0, 0],
        "needed": [line[4:] for line in needed[1].splitlines()] if needed else [],
    }


def as_objdump_shows(module: Module) -> dict[str, object]:
    counts: dict[str, int] = {}
    imports = []
    for import_ in module.imports:
        kind = extern_kind(import_.type)
        imports.append((kind, counts.get(kind, 0), f"{import_.module}.{import_.name}"))
        counts[kind] = counts.get(kind, 0) + 1
    info = module.dylink.mem_info if module.dylink else None
    return {
        "imports": imports,
        "exports": [(export.kind, export.index, export.name) for export in module.exports],
        "areas": [info.memory_size, info.memory_p2align, info.table_size, info.table_p2align] if info else [0] * 4,
        "needed": list(module.dylink.needed) if module.dylink else [],
    }


@pytest.fixture(scope="module")
def means(pytestconfig: pytest.Config, libc: Path, libcxx: Path) -> Means:
    assert pytestconfig.cache is not None
    return find_means(pytestconfig.cache.mkdir("cases"))


def test_libc_is_decoded_as_objdump_shows_it(libc: Path) -> None:
    shown = shown_by_objdump(libc)
    assert shown is not None
    assert as_objdump_shows(decode(libc.read_bytes())) == shown


def test_every_module_of_the_cases_is_decoded_as_objdump_shows_it(means: Means) -> None:
    compared, unread = 0, []
    for name in names():
        directory = make(name, read_case(name), means)
        for path in sorted(p for p in directory.rglob("*") if p.suffix in (".so", ".wasm") and p.is_file()):
            shown = shown_by_objdump(path)
            try:
                module = decode(path.read_bytes(), path.name)
            except WasmbuildError:
                continue  # malformed on purpose: objdump is more lenient
            if shown is None:
                unread.append(f"{name}/{path.name}")
                continue
            if "\\" in str(shown) or not str(shown).isascii():
                continue  # names that objdump does not print as they are
            if len(shown["areas"]) > 4:
                continue  # several subsections of one kind: objdump lists each, and does not join them
            assert as_objdump_shows(module) == shown, f"{name}/{path.name}"
            compared += 1
    assert compared > 300
    assert len(unread) < 0.1 * compared, unread
