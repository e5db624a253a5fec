"""Other machines, as far as one has them: servers on loopback ports, other homes and caches, and a project to build."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

RECIPE = """
name: other
version: "1.0"
description: a recipe, whose sources are compiled as the project's are
source: [{path: src}]
defaults: {libc: none}
libraries:
  other: {sources: ["*.c"], headers: [other.h]}
"""

_START_S = 30


def files(count: int) -> Mapping[str, str]:
    """A project of `count` sources in C and one in C++, over a recipe of its own with two more; none needs libc."""
    found = {
        "wasmbuild.yaml": "name: x\ndefaults: {libc: none, include: [include]}\nlibraries:\n"
        "  one: {sources: [src/*.c], requires: [other]}\n  two: {sources: [src/*.cpp], requires: [one]}\n",
        "include/all.h": "#pragma once\n#include <stddef.h>\n#include <other.h>\n#define SIZE(x) ((int)sizeof(x))\n",
        "src/last.cpp": 'extern "C" int f0(int);\nextern "C" int last(int x) { return f0(x) + __LINE__; }\n',
        "recipes/other/recipe.yaml": RECIPE,
        "recipes/other/src/other.h": "int other(int);\nint another(int);\n",
        "recipes/other/src/a.c": '#include "other.h"\nint other(int x) { return x * 3; }\n',
        "recipes/other/src/b.c": '#include "other.h"\nint another(int x) { return x * 5; }\n',
    }
    for i in range(count):
        body = " + ".join(f"other(x + {i * j})" for j in range(20))
        found[f"src/f{i}.c"] = (
            f'#include "all.h"\nint f{i}(int x);\nconst char *where{i}(void);\n'
            f"int f{i}(int x) {{ return {body} + SIZE(size_t); }}\nconst char *where{i}(void) {{ return __FILE__; }}\n"
        )
    return found


COMPILED_BESIDE = 3
"""How many sources there are beside those of `count`."""


def made(build: Path) -> Mapping[str, bytes]:
    """Objects and libraries of a build, by their places."""
    paths = [path for part in ("obj", "lib") for path in (build / part).rglob("*") if path.suffix in (".o", ".so")]
    return {path.relative_to(build).as_posix(): path.read_bytes() for path in paths}


def machine(root: Path) -> dict[str, str]:
    """The environment of a user on a machine where nothing was built yet."""
    (root / "home").mkdir(parents=True)
    (root / "cache").mkdir(mode=0o700)
    return {"HOME": str(root / "home"), "WASMBUILD_CACHE": str(root / "cache"), "MACHINE": str(root), "LANG": "C.UTF-8"}


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


class Server:
    """A process that listens on a loopback port; it is ended by its process group, which it begins."""

    def __init__(
        self, command: Sequence[str | Path], port: int, log: Path, env: Mapping[str, str] | None = None
    ) -> None:
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                list(map(str, command)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **(env or {})},
                start_new_session=True,
            )
        self.port, self.log = port, log
        give_up_s = time.monotonic() + _START_S
        while self.process.poll() is None and time.monotonic() < give_up_s:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        self.end()
        raise AssertionError(f"{command[0]} does not listen: {log.read_text(errors='replace')[-2000:]}")

    def end(self) -> None:
        """Whether it has children or not, and whether or not it is ended already."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
