"""binaryen's wasm-opt, which rewrites what was linked where a profile asks for it: an eighth of the code goes, or so.

It is another project's optimizer at the end of a build: what it gives is decoded and checked as all that is linked.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from msgspec import Struct

from wasmbuild.builder.linkspec import LinkSpec
from wasmbuild.diagnostics import Diagnostic, WasmbuildError

_PROGRAM = "wasm-opt"
OLDEST = 119
"""The first that is sure to read the encoding of exceptions that setjmp is compiled to."""

_FEATURES = (
    "bulk-memory",
    "exception-handling",
    "extended-const",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
    "simd",
    "tail-call",
)
"""What a module may have, and what wasm-opt may put into one: all that the engines which we load with take."""


class WasmOpt(Struct, frozen=True):
    """One that was found, and what it is told; nothing at all where nobody asks for it."""

    command: tuple[str, ...] = ()
    version: str = ""


NO_WASM_OPT = WasmOpt()


def find_wasm_opt(profile: str, level: str) -> WasmOpt:
    """The one in PATH, for a profile that asks for it. Raises WasmbuildError where there is none, or an old one."""
    path = shutil.which(_PROGRAM)
    help_ = f"install binaryen {OLDEST} or later (npm has it as `binaryen`), or leave `wasm_opt` out of the profile"
    if path is None:
        facts = (("searched", "PATH"), ("wanted by", f"profile `{profile}`"))
        raise WasmbuildError(Diagnostic("no-wasm-opt", f"`{_PROGRAM}` not found", facts=facts, help=(help_,)))
    said = _run([path, "--version"]).stdout
    version = re.search(r"version (\d+)", said)
    if version is None or int(version[1]) < OLDEST:
        found = f"{path}, {version[1] if version else f'which says {said.strip()!r}'}"
        facts = (("found", found), ("wanted by", f"profile `{profile}`"))
        raise WasmbuildError(Diagnostic("old-wasm-opt", f"`{_PROGRAM}` is too old", facts=facts, help=(help_,)))
    return WasmOpt((path, f"-{level}"), version[1])


def rewritten(spec: LinkSpec, linked: Path) -> bytes:
    """A module as wasm-opt makes it. Raises WasmbuildError where it does not take it."""
    output = linked.with_name(f"{linked.name}.opt")
    features = ("--mvp-features", *(f"--enable-{name}" for name in _FEATURES))
    names = ("--debuginfo",) if spec.strip == "debug" else ()  # of functions; of DWARF there is none here
    try:
        done = _run([*spec.wasm_opt, *features, *names, str(linked), "-o", str(output)])
        if done.returncode != 0:
            said = (done.stderr + done.stdout).strip() or "nothing"
            facts = (("linking", spec.output), ("exit status", str(done.returncode)), ("it said", said))
            help_ = ("leave `wasm_opt` out of the profile to link without it",)
            raise WasmbuildError(Diagnostic("wasm-opt-failed", f"`{_PROGRAM}` failed", facts=facts, help=help_))
        return output.read_bytes()
    finally:
        output.unlink(missing_ok=True)


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except OSError as error:
        headline = f"cannot run `{command[0]}`: {error.strerror}"
        raise WasmbuildError(Diagnostic("cannot-run", headline)) from None
