"""libc out of what is embedded in the toolchain, for where its own source cannot be had: zig builds the archives, in
which half of wasi-libc is rewritten in Zig, and our own parts join them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wasmbuild.builder.licenses import LICENSES
from wasmbuild.builder.runtime import Runtime, compile_own, make_runtime, own_sources, run, take_out
from wasmbuild.builder.toolchain import Toolchain, digest, flags_identity
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.progress import Progress
from wasmbuild.sources.store import Store, refuse_full_disk
from wasmbuild.wasm import abi
from wasmbuild.wasm.encode import custom_section

_ARCHIVES = ("libc.a", "libzigc.a", "libcompiler_rt.a")

_LICENSES = ("musl/COPYRIGHT", "wasi/LICENSE-APACHE", "wasi/LICENSE-APACHE-LLVM", "wasi/LICENSE-MIT")

_OBJECTS_OF_LIBC = 620
"""About how many files zig leaves in its cache when it builds libc; only the progress bar uses it."""

_OBJECTS_OF_ZIG = 3
"""How many of them, the first ones, are of zig's own sources."""

_OURS = ("setjmp", "atexit", "dl")
"""Our own parts of libc.so."""

_REPLACED = ("atexit.o", "dl.o")
"""Members of libc.a that these stand in for: atexit without unloading, and a dlopen that always fails."""

_MEMBERS = ("malloc",)
"""Our own parts that are members of libc.a, so that a static link takes them only if the program has none of its own.
Zig's malloc is in one object with much else, in libzigc.a, and weak: of two weak definitions the first one counts, and
libc.a comes first."""


def embedded_runtime(zig: Toolchain, store: Store) -> Runtime:
    """Where it is in the cache, whether or not it was built."""
    sources = "\0".join(path.read_text() for path in sorted(own_sources().glob("*.c")))
    recipe = Path(__file__).read_text()  # how it is linked is part of what it is
    directory = store.entry("runtime", digest(zig.identity, *flags_identity(zig), sources, recipe))
    static = tuple(directory / name for name in ("setjmp.o", "atexit.o", *_ARCHIVES))
    return Runtime(directory, "embedded", directory / "libc.so", zig.libc_include, static, directory / LICENSES)


def ensure_embedded(zig: Toolchain, store: Store, progress: Progress) -> Runtime:
    """The runtime, built first if the cache does not have it whole. Raises WasmbuildError when zig fails."""
    runtime = embedded_runtime(zig, store)
    return make_runtime(runtime, lambda directory: _build(zig, directory, progress), progress)


def _build(zig: Toolchain, directory: Path, progress: Progress) -> None:
    """The passes, in order; each leaves files in `directory`."""
    scratch = directory / "scratch"
    scratch.mkdir()
    paths = _build_archives(zig, scratch, progress)
    for name in (*_ARCHIVES, "crt1-command.o"):
        shutil.copyfile(paths[name], directory / ("crt1.o" if name == "crt1-command.o" else name))
    shutil.rmtree(scratch)
    take_out(zig, directory / "libc.a", _REPLACED)
    for name in (*_OURS, *_MEMBERS, "reactor"):
        compile_own(zig, zig.libc_include, own_sources() / f"{name}.c", directory / f"{name}.o")
    run((*zig.ar, "rD", "libc.a", *(f"{name}.o" for name in _MEMBERS)), directory)
    exports = sorted(_exports(directory))
    _link(zig, directory, exports)
    for name in _LICENSES:
        target = directory / LICENSES / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(zig.lib / "libc" / name, target)
    with (directory / "libc.so").open("ab") as file:
        file.write(custom_section(abi.OWN_SECTION, b'{"libc": "the copy that is embedded in the toolchain"}'))


def _build_archives(zig: Toolchain, scratch: Path, progress: Progress) -> dict[str, Path]:
    """Let zig build wasi-libc as position-independent archives; its link command names them. Without debug information,
    which would hold this machine's paths."""
    (scratch / "any.c").write_text("int any;\n")
    caches = {"ZIG_GLOBAL_CACHE_DIR": str(scratch / "global"), "ZIG_LOCAL_CACHE_DIR": str(scratch / "local")}
    command = [
        zig.clang[0],
        "cc",
        "-target",
        "wasm32-wasi",
        "-fPIC",
        "-g0",
        "-s",
        "-shared",
        "-o",
        "any.so",
        "any.c",
        "--verbose",
    ]
    with _watching(scratch, progress):
        done = subprocess.run(
            command, cwd=scratch, env={**os.environ, **caches}, capture_output=True, text=True, check=False
        )
    link = next((line for line in done.stderr.splitlines() if line.startswith("wasm-ld ")), "")
    found = {Path(word).name: scratch / word for word in link.split()}
    missing = [name for name in (*_ARCHIVES, "crt1-command.o") if name not in found]
    if done.returncode != 0 or missing:
        refuse_full_disk(scratch, done.stderr)
        facts = [("exit status", str(done.returncode)), ("output", done.stderr.strip()[-4000:])]
        if missing:
            facts.insert(0, ("missing", ", ".join(missing)))
        raise WasmbuildError(
            Diagnostic(
                "libc-build",
                "building libc failed",
                facts=tuple(facts),
                help=("`wasmbuild doctor` shows which toolchain is used",),
            )
        )
    return found


@contextmanager
def _watching(scratch: Path, progress: Progress) -> Iterator[None]:
    """Show how far zig is, by the files in its cache: it prints nothing of use without a terminal."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            progress.step(*how_far(scratch / "global"))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def how_far(cache: Path) -> tuple[str, int, int | None]:
    """A title, how much is done, and of how much. For its first ten seconds zig reads and compiles its own sources, of
    which few objects come; how many it has read is all that is to be seen."""
    objects = _count(cache / "o")
    if objects <= _OBJECTS_OF_ZIG:
        return "building libc (once): the sources that zig has read", _count(cache / "z"), None
    return "building libc (once)", min(objects, _OBJECTS_OF_LIBC), _OBJECTS_OF_LIBC


def _count(directory: Path) -> int:
    try:
        return len(os.listdir(directory))
    except OSError:
        return 0


def _exports(directory: Path) -> Iterator[str]:
    """What libc.so exports: everything that its archives define and a C program could name.

    Not `--export-all`, which also exports what the linker makes for this one module (`__heap_base`,
    `__dso_handle`, …): those must not become symbols of the whole process.
    """
    from wasmbuild.wasm.archive import members
    from wasmbuild.wasm.objects import decode_object, exportable

    objects = [((directory / f"{name}.o").read_bytes(), f"{name}.o") for name in _OURS]
    for name in _ARCHIVES:
        objects += [
            (bytes(data), f"{name}({member})") for member, data in members((directory / name).read_bytes(), name)
        ]
    seen = set()
    for data, name in objects:
        for symbol in exportable(decode_object(data, name)):
            if symbol.name not in seen and re.match(r"[A-Za-z_]", symbol.name):
                seen.add(symbol.name)
                yield symbol.name


def _link(zig: Toolchain, directory: Path, exports: list[str]) -> None:
    arguments = directory / "exports.txt"
    arguments.write_text("".join(f"--export={name}\n" for name in exports))
    run(
        (
            *zig.wasm_ld,
            *("-shared", "--experimental-pic", "--strip-debug", "-o", "libc.so"),
            *(*(f"{name}.o" for name in _OURS), "--whole-archive", *_ARCHIVES, "--no-whole-archive"),
            # WASI, and main, which the program has.
            "--allow-undefined",
            "@exports.txt",
        ),
        directory,
    )
