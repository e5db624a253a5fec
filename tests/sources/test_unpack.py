"""Archives, friendly and hostile."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.sources.fetch import FetchedArchive
from wasmbuild.sources.unpack import place_source, unpack


def member(
    name: str, content: bytes = b"", *, kind: bytes = tarfile.REGTYPE, target: str = "", mode: int = 0o644
) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode, info.size = kind, target, mode, len(content)
    return info, content


def tar(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as written:
        for info, content in members:
            written.addfile(info, io.BytesIO(content))
    return out.getvalue()


def unpacked(content: bytes, tmp_path: Path, **options: object) -> dict[str, bytes | str]:
    """Names below the destination, with contents of files and targets of links."""
    archive, destination = tmp_path / "archive", tmp_path / "out"
    archive.write_bytes(content)
    unpack(archive, destination, **options)  # type: ignore[arg-type]
    return {
        path.relative_to(destination).as_posix(): str(path.readlink()) if path.is_symlink() else path.read_bytes()
        for path in sorted(destination.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def refusal(content: bytes, tmp_path: Path, **options: object) -> Diagnostic:
    before = {*tmp_path.iterdir(), tmp_path / "archive"}
    with pytest.raises(WasmbuildError) as caught:
        unpacked(content, tmp_path, **options)
    assert set(tmp_path.iterdir()) == before, "a refused archive leaves nothing"
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


PLAIN = tar(member("lib-1/a.c", b"a"), member("lib-1/sub/b.c", b"b"))


@pytest.mark.parametrize("compress", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_compression_is_told_by_content(compress: Callable[[bytes], bytes], tmp_path: Path) -> None:
    assert unpacked(compress(PLAIN), tmp_path) == {"a.c": b"a", "sub/b.c": b"b"}


def zipped(names: Sequence[tuple[str | zipfile.ZipInfo, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in names:
            written.writestr(name, content)
    return out.getvalue()


def zip_link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info


def test_zip_archives_are_read(tmp_path: Path) -> None:
    content = zipped([("lib/a.c", b"a"), ("lib/sub/b.c", b"b"), (zip_link("lib/l"), b"sub/b.c")])
    assert unpacked(content, tmp_path) == {"a.c": b"a", "sub/b.c": b"b", "l": "sub/b.c"}


@pytest.mark.parametrize(
    "names",
    [
        [("../a", b"x")],
        [("/a", b"x")],
        [("c:/a", b"x")],
        [("a\\..\\b", b"x")],
        [(zip_link("l"), b"../../etc")],
        [(zip_link("l"), b"/etc"), ("l/passwd", b"x")],
    ],
)
def test_zip_members_obey_the_same_rules(names: list[tuple[str, bytes]], tmp_path: Path) -> None:
    assert refusal(zipped(names), tmp_path).code == "unsafe-archive"


def test_several_top_entries_stay_as_they_are(tmp_path: Path) -> None:
    content = tar(member("a/x", b"1"), member("b/y", b"2"))
    assert unpacked(content, tmp_path) == {"a/x": b"1", "b/y": b"2"}


def test_a_single_top_directory_can_be_kept(tmp_path: Path) -> None:
    assert set(unpacked(PLAIN, tmp_path, strip_single_top=False)) == {"lib-1/a.c", "lib-1/sub/b.c"}


def test_a_single_top_directory_may_hold_its_own_name(tmp_path: Path) -> None:
    assert unpacked(tar(member("x/x/f", b"1"), member("x/g", b"2")), tmp_path) == {"x/f": b"1", "g": b"2"}


def test_a_leading_dot_is_not_a_directory(tmp_path: Path) -> None:
    content = tar(member("./", kind=tarfile.DIRTYPE), member("./a/x", b"1"))
    assert unpacked(content, tmp_path) == {"x": b"1"}


def test_modes_keep_only_whether_the_owner_may_execute(tmp_path: Path) -> None:
    unpacked(tar(member("t/run", b"#!", mode=0o4777), member("t/data", b"", mode=0o666)), tmp_path)
    modes = {name: (tmp_path / "out" / name).stat().st_mode & 0o7777 for name in ("run", "data")}
    assert modes == {"run": 0o755, "data": 0o644}


def test_links_inside_the_tree_are_kept(tmp_path: Path) -> None:
    content = tar(
        member("t/a/x", b"1"),
        member("t/b/l", kind=tarfile.SYMTYPE, target="../a/x"),
        member("t/h", kind=tarfile.LNKTYPE, target="t/a/x"),
    )
    assert unpacked(content, tmp_path) == {"a/x": b"1", "b/l": "../a/x", "h": b"1"}


def test_the_last_of_two_members_of_one_name_counts(tmp_path: Path) -> None:
    assert unpacked(tar(member("t/x", b"first"), member("t/x", b"2")), tmp_path) == {"x": b"2"}


def sym(name: str, target: str) -> tuple[tarfile.TarInfo, bytes]:
    return member(name, kind=tarfile.SYMTYPE, target=target)


HOSTILE = {
    "absolute name": ([member("/etc/x", b"1")], "absolute"),
    "climbing name": ([member("t/../../x", b"1")], "`..`"),
    "climbing name that comes back": ([member("t/../t/x", b"1")], "`..`"),
    "drive letter": ([member("C:/x", b"1")], "different systems"),
    "backslash": ([member("t\\x", b"1")], "different systems"),
    "absolute link": ([sym("t/l", "/etc")], "absolute"),
    "link to outside": ([sym("t/l", "../../x"), member("u", b"")], "outside the tree"),
    "link that undoes another link": (
        [sym("a/b/c", "../.."), sym("l", "a/b/c/../etc"), member("f", b"")],
        "outside the tree",
    ),
    "file below a link": ([sym("t/l", "sub"), member("t/l/x", b"1")], "below `t/l`"),
    "file in place of a link": ([sym("t/l", "f"), member("t/l", b"1")], "taken by a symlink"),
    "link in place of a directory": ([member("t/d/x", b"1"), sym("t/d", "e")], "taken by a directory"),
    "file below a file": ([member("t/f", b"1"), member("t/f/x", b"1")], "below `t/f`"),
    "hard link to outside": ([member("t/h", kind=tarfile.LNKTYPE, target="/etc/passwd")], "absolute"),
    "hard link that climbs": ([member("t/h", kind=tarfile.LNKTYPE, target="../x")], "no file before"),
    "hard link to a later file": ([member("t/h", kind=tarfile.LNKTYPE, target="t/x")], "no file before"),
    "hard link to itself": ([member("t/h", kind=tarfile.LNKTYPE, target="t/h")], "no file before"),
    "hard link to a link": (
        [sym("t/l", "f"), member("t/h", kind=tarfile.LNKTYPE, target="t/l")],
        "no file before",
    ),
    "device": ([member("t/d", kind=tarfile.CHRTYPE)], "device"),
    "pipe": ([member("t/p", kind=tarfile.FIFOTYPE)], "device"),
    "name that no system holds": ([member("t/" + "x" * 300, b"1")], "cannot hold"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_member_is_named_and_nothing_is_unpacked(case: str, tmp_path: Path) -> None:
    members, reason = HOSTILE[case]
    diagnostic = refusal(tar(member("ok", b"fine"), *members), tmp_path, name="x.tar")
    assert diagnostic.code == "unsafe-archive"
    assert diagnostic.headline == "unsafe member in archive: `x.tar`"
    assert reason in dict(diagnostic.facts)["refused"]
    assert dict(diagnostic.facts)["member"] in [info.name for info, _ in members]


def test_a_link_beside_the_stripped_top_is_refused_when_the_top_is_stripped(tmp_path: Path) -> None:
    diagnostic = refusal(tar(sym("t/l", "../x"), member("t/f", b"")), tmp_path)
    assert "outside the tree" in dict(diagnostic.facts)["refused"]


def test_control_characters_in_names_do_not_reach_the_terminal(tmp_path: Path) -> None:
    diagnostic = refusal(tar(member("/\x1b[2J", b"")), tmp_path)
    assert "\x1b" not in str(diagnostic)


def test_a_decompression_bomb_stops_at_the_limit(tmp_path: Path) -> None:
    bomb = gzip.compress(tar(member("t/zeros", bytes(3 << 20))))
    assert len(bomb) < 10_000
    diagnostic = refusal(bomb, tmp_path, limit_bytes=1 << 20)
    assert diagnostic.code == "archive-too-large"
    assert dict(diagnostic.facts)["at member"] == "t/zeros"


def test_a_zip_bomb_stops_at_the_limit_whatever_it_states(tmp_path: Path) -> None:
    content = zipped([("zeros", bytes(3 << 20))])
    assert refusal(content, tmp_path, limit_bytes=1 << 20).code == "archive-too-large"


def test_hard_links_count_as_what_they_write(tmp_path: Path) -> None:
    links = [member(f"t/h{n}", kind=tarfile.LNKTYPE, target="t/x") for n in range(20)]
    content = tar(member("t/x", bytes(1000)), *links)
    assert refusal(content, tmp_path, limit_bytes=10_000).code == "archive-too-large"


def test_the_number_of_members_is_limited(tmp_path: Path) -> None:
    content = tar(*(member(f"t/{n}", b"") for n in range(11)))
    assert refusal(content, tmp_path, limit_members=10).code == "archive-too-large"


def test_an_extended_header_of_monstrous_size_is_not_read_into_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, 1 << 30
    diagnostic = refusal(info.tobuf() + bytes(1024), tmp_path)
    assert "header claims" in dict(diagnostic.facts)["refused"]


def zip_with_places(member: int | None = None, directory: int | None = None) -> bytes:
    """A zip archive of one member, with these offsets for the member and for the table of contents."""
    content = bytearray(zipped([("a", b"x")]))
    for offset, place in ((member, content.index(b"PK\1\2") + 42), (directory, content.index(b"PK\5\6") + 16)):
        if offset is not None:
            content[place : place + 4] = offset.to_bytes(4, "little")
    return bytes(content)


NO_ARCHIVE = {
    "an empty file": (b"", "unsupported-archive"),
    "a web page": (b"<html>not found</html>" * 100, "unsupported-archive"),
    "gzip cut short": (gzip.compress(PLAIN)[:-40], "damaged-archive"),
    "gzip with a broken header": (b"\x1f\x8b" + bytes(100), "damaged-archive"),
    "bzip2 with broken data": (b"BZh9" + bytes(100), "damaged-archive"),
    "tar cut short": (PLAIN[:700], "damaged-archive"),
    "tar with a damaged later header": (PLAIN[:1034] + b"?" + PLAIN[1035:], "damaged-archive"),
    "zip without a directory": (b"PK\x03\x04" + bytes(100), "damaged-archive"),
    "zip with a member behind its end": (zip_with_places(member=0xFFFFFFF0), "damaged-archive"),
    "zip with a member before its start": (zip_with_places(directory=1000), "damaged-archive"),
    "gzip of something else": (gzip.compress(b"no tar at all" * 100), "damaged-archive"),
}


@pytest.mark.parametrize("case", NO_ARCHIVE)
def test_what_is_no_whole_archive_is_told(case: str, tmp_path: Path) -> None:
    content, code = NO_ARCHIVE[case]
    assert refusal(content, tmp_path).code == code


def test_a_source_is_unpacked_where_it_is_wanted(tmp_path: Path) -> None:
    archive = tmp_path / "lib.tar"
    archive.write_bytes(PLAIN)
    place_source(FetchedArchive(archive, "ab" * 32, "lib.tar", "a test"), tmp_path / "src")
    assert (tmp_path / "src" / "a.c").read_bytes() == b"a"


def test_a_directory_is_copied(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "a.c").write_bytes(b"a")
    place_source(FetchedArchive(tmp_path / "given", "ab" * 32, "d", "a test"), tmp_path / "src")
    assert (tmp_path / "src" / "a.c").read_bytes() == b"a"
    assert not (tmp_path / "src" / "a.c").samefile(tmp_path / "given" / "a.c")


def honest_links(directory: Path) -> Path:
    """What archives have: a link to the directory itself, twice, one to nothing, one to a file, one to a directory."""
    (directory / "sub").mkdir(parents=True)
    (directory / "a.c").write_bytes(b"a")
    for name, target in (("x", "."), ("y", "."), ("gone", "nothing"), ("b.c", "a.c"), ("sub/up", "../sub")):
        (directory / name).symlink_to(target)
    return directory


def test_a_copy_of_a_directory_has_its_links_and_follows_none(tmp_path: Path) -> None:
    given = honest_links(tmp_path / "given")
    place_source(FetchedArchive(given, "ab" * 32, "d", "a test"), tmp_path / "src")
    copied = {path.relative_to(tmp_path / "src").as_posix(): path for path in (tmp_path / "src").rglob("*")}
    assert {name: str(path.readlink()) for name, path in copied.items() if path.is_symlink()} == {
        "x": ".",
        "y": ".",
        "gone": "nothing",
        "b.c": "a.c",
        "sub/up": "../sub",
    }
    assert sorted(copied) == ["a.c", "b.c", "gone", "sub", "sub/up", "x", "y"]


def test_a_link_of_a_directory_that_leads_elsewhere_still_does(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/s.h").write_bytes(b"s")
    given = tmp_path / "project/given"
    given.mkdir(parents=True)
    (given / "shared").symlink_to("../../shared")
    (given / "s.h").symlink_to("../../shared/s.h")
    place_source(FetchedArchive(given, "ab" * 32, "d", "a test"), tmp_path / "src")
    assert (tmp_path / "src/shared/s.h").read_bytes() == b"s"
    assert (tmp_path / "src/s.h").read_bytes() == b"s"
    assert not (tmp_path / "src/s.h").is_symlink()


def sparse(format_: str) -> bytes:
    """A tar archive with a sparse file whose map would take all memory, were it read."""
    if format_ == "old":
        info = tarfile.TarInfo("lib/f")
        info.type, info.size = tarfile.GNUTYPE_SPARSE, 512
        header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
        header[482:483] = b"\1"  # the map goes on
        header[148:156] = b" " * 8
        header[148:156] = f"{sum(header):06o}\0 ".encode()
        return bytes(header) + (b"0" * 504 + b"\1" + bytes(7)) * 100
    info = tarfile.TarInfo("lib/f")
    info.size = 1 << 20
    info.pax_headers = {
        "1.0": {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "f", "GNU.sparse.realsize": "9"},
        "0.1": {"GNU.sparse.map": "0,1,2,3", "GNU.sparse.size": "9"},
        "0.0": {"GNU.sparse.size": "9", "GNU.sparse.numblocks": "1"},
    }[format_]
    return info.tobuf(tarfile.PAX_FORMAT) + b"99999999999\n" + b"0\n" * (1 << 19)


@pytest.mark.parametrize("format_", ["old", "0.0", "0.1", "1.0"])
def test_a_sparse_file_is_refused_before_its_map_is_read(format_: str, tmp_path: Path) -> None:
    diagnostic = refusal(sparse(format_), tmp_path)
    assert diagnostic.code == "unsafe-archive"
    assert "sparse" in dict(diagnostic.facts)["refused"]


@pytest.mark.parametrize("case", ["zip with a member before its start", "zip with a member behind its end"])
def test_of_a_damaged_archive_the_reason_is_no_error_of_the_system(case: str, tmp_path: Path) -> None:
    diagnostic = refusal(NO_ARCHIVE[case][0], tmp_path)
    assert "nvalid argument" not in str(diagnostic)
