"""What lets a project's own tests and scripts start modules by their paths: a small library of this machine, loaded
into what `exec` runs (`csrc/exec.c`). On Linux; elsewhere a project's build system has to know how programs are run."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

from wasmbuild.builder.outputs import replace_if_different

_SOURCE = Path(__file__).parent / "csrc" / "exec.c"
_ARCHITECTURES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


def make_native(zig: str, directory: Path) -> Path | None:
    """Compile it with the embedded toolchain, which needs nothing of this machine. None where it cannot be had."""
    architecture = _ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or architecture is None:
        return None
    output, made_from = directory / "libwasmbuild-exec.so", directory / "exec.c"
    text = _SOURCE.read_bytes()
    if output.is_file() and made_from.is_file() and made_from.read_bytes() == text:
        return output
    object_ = directory / "exec.o"
    target = f"--target={architecture}-linux-gnu"
    compile_ = (zig, "clang", target, "-O2", "-fPIC", "-ffreestanding", "-c", str(_SOURCE), "-o", str(object_))
    link = (zig, "ld.lld", "-shared", str(object_), "-o", f"{output}.tmp")
    for command in (compile_, link):
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            return None
    object_.unlink()
    Path(f"{output}.tmp").replace(output)
    replace_if_different(made_from, text)
    return output
