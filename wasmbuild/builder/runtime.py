"""What every program is linked with: libc.so, its archives, its headers and start code, in a directory of the cache.

libc is the recipe `libc`, built as any other; where its source cannot be had, the copy that is embedded in the
toolchain (`embedded.py`). Whichever compiler the user chose, the embedded one builds it: a process has one libc, and it
is the same one for every library in it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from wasmbuild.builder.locking import locked
from wasmbuild.builder.toolchain import Toolchain, compile_flags
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.recipes import shipped
from wasmbuild.progress import Progress
from wasmbuild.sources.seal import damage, seal
from wasmbuild.sources.store import building, discard, explaining_cache_errors, mark_directory_used, refuse_full_disk

Origin = Literal["upstream", "embedded"]


@dataclass(frozen=True, slots=True)
class Runtime:
    """A built libc, and where its parts are in the cache."""

    directory: Path
    """An entry of the cache, whose name is a hash of all that libc is made of. In it are `crt1.o`, `reactor.o`, …"""
    origin: Origin
    libc: Path
    include: tuple[Path, ...]
    """The headers, in the order in which they are searched."""
    static: tuple[Path, ...]
    """libc as archives and objects, for `link: static`. Without dlopen: nothing can be loaded into such a module."""
    licenses: Path
    """The directory with those of its sources."""

    @property
    def crt1(self) -> Path:
        """`_start`, linked into every program."""
        return self.directory / "crt1.o"

    @property
    def reactor(self) -> Path:
        """`_initialize`, linked into libraries that are linked statically."""
        return self.directory / "reactor.o"


def own_sources() -> Path:
    """Our own parts of libc, which both of its origins have: in the directory of the recipe."""
    return shipped("recipes") / "libc"


def make_runtime(runtime: Runtime, make: Callable[[Path], None], progress: Progress) -> Runtime:
    """The runtime, made first if the cache does not have it whole."""
    final = runtime.directory
    if damage(final) is None:
        mark_directory_used(final)
        return runtime
    with explaining_cache_errors(final):
        final.parent.mkdir(parents=True, exist_ok=True)
        lock = final.with_suffix(".lock")
        with locked(lock, lambda: progress.step("waiting for another process that builds libc")):
            problem = damage(final)
            if problem is not None:
                if discard(final):
                    progress.note(f"libc in the cache was damaged ({problem}): building it again")
                with building(final) as directory:
                    make(directory)
                    seal(directory)
    return runtime


def compile_own(zig: Toolchain, include: tuple[Path, ...], source: Path, output: Path) -> None:
    """One of our own C files, against the headers of the libc that is being built."""
    flags = compile_flags(replace(zig, libc_include=include), libc="wasi", cxx=False)
    run((*zig.clang, *flags, "-O2", "-c", str(source), "-o", output.name), output.parent)


def take_out(zig: Toolchain, archive: Path, names: tuple[str, ...]) -> None:
    """Remove members from an archive, whatever directory stands before their names."""
    from wasmbuild.wasm.archive import members

    found = [member for member, _ in members(archive.read_bytes(), archive.name) if Path(member).name in names]
    run((*zig.ar, "dD", archive.name, *found), archive.parent)


def run(command: tuple[str, ...], directory: Path) -> None:
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        output = (done.stderr or done.stdout).strip()[-4000:]
        refuse_full_disk(directory, output)
        raise WasmbuildError(
            Diagnostic("libc-build", "building libc failed", facts=(("command", command[1]), ("output", output)))
        )
