"""`check` and `inspect` on what other tools made: Emscripten's side modules, wasi-sdk's libraries, zig's."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from wasmbuild.commands.check import check_file
from wasmbuild.diagnostics import Diagnostic
from wasmbuild.report.inspection import inspect_bytes, inspection_text


def checked(path: Path) -> tuple[Diagnostic, ...]:
    text = inspection_text(inspect_bytes(path.read_bytes(), path.name))
    assert "dylink.0" in text
    return check_file(path, (), ())


def run(*command: str | Path, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300)
    if done.returncode != 0:
        pytest.skip(f"cannot be had here: {done.stderr.strip().splitlines()[-1:]}")


def zig_shared(directory: Path, *flags: str) -> Path:
    zig = Path(pytest.importorskip("ziglang").__file__).with_name("zig")
    (directory / "f.c").write_text("int f(int x) { return x; }\n")
    run(zig, "cc", "-target", "wasm32-wasi", "-shared", "-fPIC", *flags, "-o", "f.so", "f.c", cwd=directory)
    return directory / "f.so"


def test_zigs_shared_libraries_without_libc_are_libraries(tmp_path: Path) -> None:
    assert checked(zig_shared(tmp_path, "-nostdlib")) == ()


@pytest.mark.slow
def test_zigs_shared_libraries_with_libc_are_programs_without_main(tmp_path: Path) -> None:
    """zig's `-shared` links libc and the start file in, and exports nothing but `_start`."""
    assert [finding.code for finding in checked(zig_shared(tmp_path))] == ["no-main"]


@pytest.mark.network
def test_emscriptens_side_modules_from_npm(tmp_path: Path) -> None:
    """tree-sitter's grammars: side modules, of which some need a few functions of libc."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    for name, undefined in (("json@0.24.8", []), ("javascript@0.25.0", ["iswspace", "iswalpha"])):
        run(npm, "pack", f"tree-sitter-{name}", "--ignore-scripts", "--loglevel=error", cwd=tmp_path)
        language, _, version = name.partition("@")
        run("tar", "-xzf", f"tree-sitter-{language}-{version}.tgz", cwd=tmp_path)
        findings = checked(tmp_path / "package" / f"tree-sitter-{language}.wasm")
        assert [finding.headline for finding in findings] == [f"undefined symbol: `{symbol}`" for symbol in undefined]
        assert all("as Emscripten's side modules do" in finding.notes[0] for finding in findings)


@pytest.mark.network
def test_emscriptens_side_modules_from_pypi(tmp_path: Path) -> None:
    """Extension modules for Pyodide: all that CPython and libc++ define is undefined in them, and said at once."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--only-binary=:all:",
        "--disable-pip-version-check",
    ]
    tags = ["--platform", "pyemscripten_2025_0_wasm32", "--python-version", "313", "--implementation", "cp"]
    run(*command, *tags, "--abi", "cp313", "pycdfpp==0.19.0", cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".so")]
        module = Path(archive.extract(name, tmp_path))
    undefined, exceptions = checked(module)
    assert re.fullmatch(r"undefined: \d{3} symbols", undefined.headline)
    assert undefined.notes[0].endswith("is an Emscripten side module: its main module supplies what it imports")
    assert exceptions.code == "legacy-exceptions"


@pytest.mark.network
def test_wasi_sdks_shared_libraries(tmp_path: Path) -> None:
    """componentize-py carries wasi-sdk's libraries compressed in its native library; they are for WASI preview 2."""
    zstd = shutil.which("zstd")
    if zstd is None:
        pytest.skip("zstd is not installed")
    run(
        sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check",
        "--platform", "manylinux_2_28_x86_64", "--abi", "abi3", "componentize-py==0.25.1", cwd=tmp_path,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        native = archive.read("componentize_py/componentize_py.abi3.so")
    libraries = tmp_path / "wasi"
    libraries.mkdir()
    for start in (match.start() for match in re.finditer(re.escape(b"\x28\xb5\x2f\xfd"), native)):
        # Frames lie side by side and come out side by side; what follows the last one ends zstd with an error.
        done = subprocess.run([zstd, "-dc"], input=native[start : start + 1_000_000], capture_output=True, check=False)
        for part in re.split(rb"(?=\x00asm\x01\x00\x00\x00)", done.stdout):
            named = re.search(rb"\x04name\x00.[\x05-\x30](lib[\w+.-]+?\.so)", part, re.DOTALL)
            if part.startswith(b"\0asm") and named:
                (libraries / named[1].decode()).write_bytes(part)
    if not (libraries / "libc.so").is_file():
        pytest.skip("this release carries its libraries in another way")
    (finding,) = checked(libraries / "libc.so")
    assert re.fullmatch(r"undefined: \d+ imports from `wasi`", finding.headline)
    assert "WASI preview 2" in finding.notes[0]
    (finding,) = checked(libraries / "libc++abi.so")
    assert ("needed by", "libc++abi.so") in finding.facts
