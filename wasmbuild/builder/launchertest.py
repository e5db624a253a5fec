"""Whether a launcher works: a small file compiled through it, twice, is what it is without."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from wasmbuild.builder.inside import inside_of, lay, used_by
from wasmbuild.builder.launchers import command_of, refuse_missing, settings_of
from wasmbuild.builder.toolchain import Toolchain, compile_flags
from wasmbuild.diagnostics import Diagnostic, WasmbuildError

_SOURCE = "#include <stddef.h>\nint answer(size_t n) { return (int)n + __LINE__; }\n"

_TIMEOUT_S = 60


def try_launcher(toolchain: Toolchain, said_at: str) -> str:
    """What was seen, in a line. Raises WasmbuildError where it fails, or makes something else."""
    launcher = toolchain.launcher
    refuse_missing(launcher, said_at)
    # distcc compiles here where no server does: a build may, and here it shall be seen.
    environment = {**settings_of(launcher, toolchain.identity), "DISTCC_FALLBACK": "0", **os.environ}
    with TemporaryDirectory(prefix="wasmbuild-") as name:
        root = Path(name)
        (root / "small.c").write_text(_SOURCE)
        inside = inside_of(toolchain, {}, "build")
        compile_ = (*inside.toolchain.clang, *compile_flags(inside.toolchain, "none", cxx=False), "-O2")
        lay(root, "build", used_by(inside, [compile_]))
        (root / "build").mkdir(exist_ok=True)
        expected = _compiled(compile_, root, os.environ)
        for _ in range(2):
            found = _compiled((*command_of(launcher), *compile_), root, environment)
            if found != expected:
                raise WasmbuildError(_changes(launcher, expected, found))
    return f"{' '.join(launcher)}: a file compiled through it, twice, is what it is without, byte for byte"


def _compiled(command: tuple[str, ...], root: Path, environment: Mapping[str, str]) -> bytes:
    output = root / "build/small.o"
    output.unlink(missing_ok=True)
    whole = [*command, "-MD", "-MF", "build/small.o.d", "-c", "small.c", "-o", "build/small.o"]
    try:
        done = subprocess.run(
            whole, cwd=root, env=environment, capture_output=True, encoding="utf-8", errors="replace",
            timeout=_TIMEOUT_S, check=False,
        )  # fmt: skip
        said, status = (done.stderr + done.stdout).strip(), f"exit status {done.returncode}"
    except (OSError, subprocess.TimeoutExpired) as error:
        said, status = str(error), "not ended"
    try:
        if status == "exit status 0":
            return output.read_bytes()
    except OSError:
        said += "\nno object was written"
    facts = (("command", shlex.join(whole)[:400]), ("how", status), ("it said", said[-2000:].strip() or "nothing"))
    raise WasmbuildError(Diagnostic("launcher-fails", "nothing can be compiled through the launcher", facts=facts))


def _changes(launcher: tuple[str, ...], expected: bytes, found: bytes) -> Diagnostic:
    of_machine = found[:4] != b"\0asm"
    facts = (
        ("without it", f"a module of {len(expected)} bytes"),
        ("through it", f"{'no module of WebAssembly' if of_machine else 'a module'}, of {len(found)} bytes"),
    )
    help_ = "distcc 3.4 compiles for this machine where it starts `clang` and finds no `-target`" if of_machine else ""
    headline = f"the launcher changes what is compiled: `{' '.join(launcher)}`"
    return Diagnostic("launcher-changes", headline, facts=facts, help=(help_,) if help_ else ())
