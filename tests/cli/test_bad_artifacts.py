"""`check` and `inspect` on files that are cut off, damaged, of another kind or not there: a finding, never a crash."""

from __future__ import annotations

import random
import struct
from argparse import Namespace
from pathlib import Path

import pytest
import wasmtime

from wasmbuild.commands.check import check_file
from wasmbuild.commands.inspect import run as inspect_files
from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.wasm.encode import custom_section

MAGIC = b"\0asm\1\0\0\0"


@pytest.fixture(scope="session")
def artifacts(built_two) -> Path:
    """`two`, built; nothing here changes it."""
    return built_two


def _refused_by(path: Path) -> tuple[bool, bool]:
    """Whether check and inspect refuse a file. Anything that is not a finding fails the test as an exception."""
    checked = any(finding.severity == "error" for finding in check_file(path, (), ()))
    try:
        inspect_files(Namespace(files=[str(path)], json=False, relocs=False, cost=False))
    except WasmbuildError as error:
        for finding in error.diagnostics:
            assert str(path) in finding.headline
        return checked, True
    return checked, False


def test_a_library_that_was_cut_off_anywhere_is_refused(artifacts, tmp_path, capsys):
    data = (artifacts / "build/lib/libtotal.so").read_bytes()
    (tmp_path / "libbase.so").write_bytes((artifacts / "build/lib/libbase.so").read_bytes())
    path, engine = tmp_path / "cut.so", wasmtime.Engine()
    accepted = []
    for length in range(len(data) + 1):
        path.write_bytes(data[:length])
        checked, inspected = _refused_by(path)
        try:
            wasmtime.Module.validate(engine, data[:length])
        except wasmtime.WasmtimeError:
            assert checked, f"check accepts the first {length} of {len(data)} bytes, which are no module"
            assert inspected, f"inspect accepts the first {length} of {len(data)} bytes, which are no module"
        if not checked:
            accepted.append(length)
    # A file that ends between two of the last sections, which only describe, is a whole module.
    assert accepted[-1] == len(data)
    assert len(accepted) < len(data) / 20
    assert "libtotal" not in capsys.readouterr().err


@pytest.mark.parametrize("share", [0, 0.01, 0.3, 0.7, 0.99])
@pytest.mark.parametrize("command", ["check", "inspect"])
def test_a_library_that_was_cut_off_is_refused_with_where(command, share, artifacts, tmp_path, run_wasmbuild):
    data = (artifacts / "build/lib/libtotal.so").read_bytes()
    (tmp_path / "cut.so").write_bytes(data[: int(len(data) * share)])
    ran = run_wasmbuild(command, "cut.so", cwd=tmp_path)
    assert (ran.status, ran.stdout) == (1, "")
    assert ran.stderr.startswith("error: malformed module: `cut.so`\n  offset:  0x")
    assert "\n  problem: " in ran.stderr


@pytest.mark.parametrize("seed", range(4))
def test_random_bytes_are_refused(seed, artifacts, tmp_path, capsys):
    chance = random.Random(seed)
    path = tmp_path / "random.so"
    for _ in range(100):
        path.write_bytes(chance.choice([b"", MAGIC]) + chance.randbytes(chance.randrange(1, 400)))
        assert _refused_by(path) == (True, True)


@pytest.mark.parametrize("seed", range(4))
def test_a_library_with_damaged_bytes_is_refused_or_shown_and_never_crashes(seed, artifacts, tmp_path, capsys):
    chance = random.Random(seed)
    data = (artifacts / "build/lib/libtotal.so").read_bytes()
    (tmp_path / "libbase.so").write_bytes((artifacts / "build/lib/libbase.so").read_bytes())
    path, refused = tmp_path / "damaged.so", 0
    for _ in range(150):
        damaged = bytearray(data)
        for _ in range(chance.randrange(1, 4)):
            damaged[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(damaged)
        refused += _refused_by(path)[0]
    assert 10 < refused < 150


def _without_dylink(data: bytes) -> bytes:
    """The module without its first section."""
    assert data[8] == 0
    assert data[9] < 128  # one byte of LEB128
    return data[:8] + data[10 + data[9] :]


OBJECT = "build/obj/library-base/src/base/one.c.o"


@pytest.mark.parametrize(
    ("make", "checked", "inspected"),
    [
        (_without_dylink, "error: its `dylink.0` section is gone: `file.so`", "file.so: plain module"),
        (
            lambda data: MAGIC + custom_section("dylink", b"\0\0\0\0\0") + _without_dylink(data)[8:],
            "error: made for an older convention: `file.so`",
            "made for the older convention: a `dylink` section",
        ),
        (lambda data: b"int f;\n", "error: malformed module: `file.so`", None),
        (lambda data: b"", "error: malformed module: `file.so`", None),
        (lambda data: b"\x7fELF\2\1\1" + bytes(57), "error: malformed module: `file.so`", None),
        (lambda data: b"!<arch>\n", "error: ", None),
        (lambda data: b"\0asm" + struct.pack("<I", 0x1000D), "error: malformed module: `file.so`", None),
        (lambda data: random.Random(1).randbytes(999), "error: malformed module: `file.so`", None),
    ],
    ids=["no dylink.0", "the old dylink", "text", "empty", "elf", "archive", "component", "random"],
)
def test_a_file_that_is_no_library(make, checked, inspected, artifacts, tmp_path, run_wasmbuild):
    (tmp_path / "file.so").write_bytes(make((artifacts / "build/lib/libtotal.so").read_bytes()))
    check = run_wasmbuild("check", "file.so", cwd=tmp_path)
    assert (check.status, check.stdout) == (1, "")
    assert check.stderr.startswith(checked)
    inspect = run_wasmbuild("inspect", "file.so", cwd=tmp_path)
    if inspected is None:
        assert (inspect.status, inspect.stdout) == (1, "")
        assert inspect.stderr.startswith(checked)
    else:
        assert (inspect.status, inspect.stderr) == (0, "")
        assert inspected in inspect.stdout
    document = run_wasmbuild("check", "--json", "file.so", cwd=tmp_path).json()
    assert document["ok"] is False
    assert document["files"][0]["diagnostics"][0]["severity"] == "error"


def test_an_object_file_is_no_library(artifacts, run_wasmbuild):
    ran = run_wasmbuild("check", OBJECT, cwd=artifacts)
    assert ran.status == 1
    assert ran.stderr.startswith(f"error: not a shared library: `{OBJECT}`\n  it is: an object file, not yet linked\n")


@pytest.mark.parametrize(("file", "says"), [("include", "is a directory"), ("nothing.so", "no such file or directory")])
@pytest.mark.parametrize("command", ["check", "inspect"])
def test_a_file_that_cannot_be_read(command, file, says, artifacts, run_wasmbuild):
    ran = run_wasmbuild(command, file, cwd=artifacts)
    assert (ran.status, ran.stdout) == (1, "")
    assert ran.stderr.startswith("error: ")
    assert f"`{file}`" in ran.stderr
    assert says in ran.stderr.lower()
    document = run_wasmbuild(command, "--json", file, cwd=artifacts).json()
    assert document["ok"] is False
