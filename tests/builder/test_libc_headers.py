"""What the headers of libc declare is there: the address of each function and object, taken in C and loaded."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from wasmbuild.builder.libc import libc_entry
from wasmbuild.builder.toolchain import Toolchain, compile_flags, find_toolchain, read_settings
from wasmbuild.sources.store import Store

EMULATED = ["-D_WASI_EMULATED_MMAN", "-D_WASI_EMULATED_GETPID"]

FEATURES = {
    "strict": ["-std=c11", *EMULATED],
    "clang": EMULATED,
    "gnu": ["-D_GNU_SOURCE", "-D_LARGEFILE64_SOURCE", *EMULATED],
    "xopen": ["-std=c11", "-D_XOPEN_SOURCE=700", *EMULATED],
    "posix": ["-std=c11", "-D_POSIX_C_SOURCE=200809L", *EMULATED],
}

THE_COMPILERS = {"alloca", "setjmp", "_setjmp", "sigsetjmp", "longjmp", "_longjmp", "siglongjmp"}
"""A call of these is no call: their addresses mean nothing."""

DEFINED_BY_WHO_INCLUDES = {"authtype_names", "encrypt_names", "enctype_names", "slc_names"}
"""Of arpa/telnet.h, which defines them where TELCMDS and its like are defined before it."""

NOT_ALONE = {"wasi/libc-find-relpath.h": "stddef.h", "wasi/libc-nocwd.h": "time.h"}
"""Headers that count on another."""

TOP = re.compile(r"[|`]-(FunctionDecl|VarDecl) ")


@pytest.fixture(scope="module")
def toolchain(libc: Any) -> Toolchain:
    settings = read_settings(None)
    return replace(find_toolchain(settings), libc_include=libc_entry(settings, Store.of_user()).include)


def include(header: str) -> str:
    return "".join(f"#include <{name}>\n" for name in (NOT_ALONE.get(header), header) if name is not None)


def headers(toolchain: Toolchain) -> list[str]:
    """Those that a program may include: not the parts that others are made of."""
    root = toolchain.libc_include[0]
    names = (path.relative_to(root).as_posix() for path in sorted(root.rglob("*.h")))
    return [name for name in names if not name.startswith(("bits/", "_"))]


def declared(toolchain: Toolchain, header: str, features: list[str]) -> list[str]:
    """What it declares that somebody else must define."""
    flags = (*compile_flags(toolchain, libc="wasi", cxx=False), *features, "-fno-builtin")
    command = (*toolchain.clang, *flags, "-fsyntax-only", "-Xclang", "-ast-dump", "-x", "c", "-")
    done = subprocess.run(command, input=include(header), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{header} with {features}: {done.stderr}"
    lines, names = done.stdout.splitlines(), set()
    for number, line in enumerate(lines):
        if not TOP.match(line) or re.search(r"' static\b| implicit ", line):
            continue
        rest = lines[number + 1 :]
        end = next((i for i, other in enumerate(rest) if other[:2] not in ("| ", "  ")), len(rest))
        name = re.search(r" (\w+) '", line)
        if name is not None and not any("CompoundStmt" in other for other in rest[:end]):
            names.add(name[1])
    return sorted(names - THE_COMPILERS - DEFINED_BY_WHO_INCLUDES)


@pytest.mark.slow
def test_what_a_header_declares_is_there(
    toolchain: Toolchain, tmp_path: Path, run_wasmbuild: Callable[..., Any]
) -> None:
    libraries, found = [], 0
    for features, flags in FEATURES.items():
        (tmp_path / features).mkdir()
        calls = []
        for number, header in enumerate(headers(toolchain)):
            names = declared(toolchain, header, flags)
            if not names:
                continue
            found += len(names)
            addresses = ", ".join(f"(void *)&{name}" for name in names)
            text = f"{include(header)}int null_{features}_{number}(void) {{\n    int nulls = 0;\n"
            text += f"    void *const volatile all[] = {{{addresses}}};\n"
            text += "    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)\n        nulls += all[i] == 0;\n"
            (tmp_path / features / f"{number}.c").write_text(f"{text}    return nulls;\n}}\n")
            calls.append(f"null_{features}_{number}()")
        declarations = "".join(f"int {call[:-2]}(void);\n" for call in calls)
        text = f"{declarations}int null_{features}(void) {{ return {' + '.join(calls)}; }}\n"
        (tmp_path / features / "all.c").write_text(text)
        libraries.append(f"  {features}: {{sources: [{features}/*.c], cflags: {[*flags, '-w']}}}\n")
    declarations = "".join(f"int null_{features}(void);\n" for features in FEATURES)
    nulls = " + ".join(f"null_{features}()" for features in FEATURES)
    (tmp_path / "main.c").write_text(
        f'#include <stdio.h>\n{declarations}int main(void) {{ printf("%d\\n", {nulls}); }}\n'
    )
    (tmp_path / "wasmbuild.yaml").write_text(
        "name: headers\nversion: 1.0.0\nlibraries:\n"
        + "".join(libraries)
        + f"programs:\n  main: {{sources: [main.c], requires: [{', '.join(FEATURES)}]}}\n"
    )
    assert found > 3000
    built = run_wasmbuild("build", cwd=tmp_path, timeout_s=900)
    assert built.status == 0, built.stderr
    ran = run_wasmbuild("run", "main", cwd=tmp_path)
    assert (ran.status, ran.stdout) == (0, "0\n"), ran.stderr


@pytest.mark.parametrize("name", ["pwd.h", "spawn.h", "termios.h", "sys/wait.h", "mqueue.h", "sys/eventfd.h"])
def test_a_header_without_functions_is_not_visible(toolchain: Toolchain, name: str) -> None:
    """Configure scripts ask by `__has_include`, and then expect the functions."""
    assert not any((directory / name).exists() for directory in toolchain.libc_include)
