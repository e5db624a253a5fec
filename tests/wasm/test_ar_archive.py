"""Archives: long names of both kinds, and what is refused."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from wasmbuild.wasm.archive import is_archive, members
from wasmbuild.wasm.reader import MalformedModule

MAGIC = b"!<arch>\n"


def member(name: bytes, contents: bytes, size: bytes | None = None) -> bytes:
    size = size or str(len(contents)).encode()
    header = name.ljust(16) + b"0".ljust(12) + b"0".ljust(6) + b"0".ljust(6) + b"644".ljust(8) + size.ljust(10)
    return header + b"`\n" + contents + b"\n" * (len(contents) % 2)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], []),
        ([member(b"a.o/", b"abc"), member(b"b.o/", b"")], [("a.o", b"abc"), ("b.o", b"")]),
        ([member(b"a.o/", b"1"), member(b"a.o/", b"2")], [("a.o", b"1"), ("a.o", b"2")]),
        (
            [member(b"/", b"\0\0\0\0"), member(b"//", b"a_long_name.o/\nanother.o/\n"), member(b"/15", b"x")],
            [("another.o", b"x")],
        ),
        ([member(b"#1/8", b"long.o\0\0body"), member(b"#1/9", b"__.SYMDEFtable")], [("long.o", b"body")]),
        ([member(b"bsd name.o", b"x")], [("bsd name.o", b"x")]),
        ([member(b"/SYM64/", bytes(8))], []),
    ],
)
def test_members_are_found_under_their_names(parts: list[bytes], expected: list[tuple[str, bytes]]) -> None:
    data = MAGIC + b"".join(parts)
    assert is_archive(data)
    assert [(name, bytes(contents)) for name, contents in members(data)] == expected


@pytest.mark.parametrize(
    ("data", "offset", "problem"),
    [
        (b"!<thin>\n", 0, "a thin archive"),
        (b"\0asm\1\0\0\0", 0, "not an archive"),
        (b"", 0, "the file is empty"),
        (MAGIC + b"short", 8, "the file ends after 5 bytes of a member's header"),
        (MAGIC + member(b"a/", b"abcd")[:-1], 56, "claims 4 bytes but the file ends after 3"),
        (MAGIC + member(b"a/", b"", size=b"x"), 56, "b'x         ' is not a decimal number"),
        (MAGIC + member(b"a/", b"").replace(b"`\n", b"??"), 66, "does not end as it should"),
        (MAGIC + member(b"/7", b""), 8, "long name 7 of 0 bytes"),
        (MAGIC + member(b"#1/9", b"a"), 8, "a member's name is longer than the member"),
    ],
)
def test_a_malformed_archive_is_refused_with_the_offset(data: bytes, offset: int, problem: str) -> None:
    with pytest.raises(MalformedModule) as caught:
        list(members(data, "libx.a"))
    assert problem in caught.value.problem
    assert caught.value.offset == offset


@pytest.mark.parametrize("format_", ["gnu", "bsd"])
def test_an_archive_of_the_toolchain_is_read(
    zig: Callable[..., subprocess.CompletedProcess[str]],
    compiled: Mapping[str, Path],
    tmp_path: Path,
    format_: str,
) -> None:
    long = tmp_path / "a_name_of_more_than_sixteen_bytes.o"
    long.write_bytes(compiled["pure.o"].read_bytes())
    done = zig("ar", "rcs", f"--format={format_}", tmp_path / "lib.a", compiled["all.o"], long)
    assert done.returncode == 0, done.stderr
    found = {name: bytes(contents) for name, contents in members((tmp_path / "lib.a").read_bytes())}
    if format_ == "bsd":  # contents are padded to eight bytes there
        found = {name: contents[: len(long.read_bytes())] for name, contents in found.items() if name == long.name}
        assert found == {long.name: long.read_bytes()}
    else:
        assert found == {"all.o": compiled["all.o"].read_bytes(), long.name: long.read_bytes()}
