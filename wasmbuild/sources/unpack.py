"""Unpack tar and zip archives that nobody vouches for: whole or not at all, never outside their place."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.sources.members import Layout, Member, Parts, UnsafeMemberError, check_symlink
from wasmbuild.sources.store import building, explaining_cache_errors

if TYPE_CHECKING:
    import tarfile
    import zipfile

    from wasmbuild.sources.fetch import FetchedArchive

LIMIT_BYTES = 4 << 30
LIMIT_MEMBERS = 400_000
_LIMIT_HEADER_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 18
_SPARSE = "it is a sparse file: no source is, and its map may be of any size"
# Names that this machine's file system cannot hold, or holds already under another case.
_UNWRITABLE_NAME = {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EEXIST, errno.ENOTDIR, errno.EISDIR}


def place_source(fetched: FetchedArchive, destination: Path) -> None:
    """Make `destination` a fresh copy of a fetched source, to be patched and built in. Raises as `unpack` does.

    Unpacked each time, from an archive whose hash was just compared: nothing that could change meanwhile is kept.
    """
    if not fetched.path.is_dir():
        unpack(fetched.path, destination, name=fetched.file_name)
        return
    with explaining_cache_errors(destination):
        _copy_tree(fetched.path, destination)


def _copy_tree(source: Path, destination: Path) -> None:
    """Copy the files of a directory, as `hashing.hash_tree` counts them. No link is followed but one that leads to a
    file elsewhere, whose content counts: followed links to directories can make much of little, or have no end."""
    import shutil

    for folder, directories, files in os.walk(source):
        here = destination / os.path.relpath(folder, source)
        here.mkdir(parents=True)
        for name in (*directories, *files):
            path = Path(folder, name)
            is_inside = path.resolve().is_relative_to(source.resolve())
            if path.is_symlink() and (is_inside or not path.is_file()):
                target = path.readlink() if is_inside or not path.exists() else path.resolve()
                (here / name).symlink_to(target)
            elif path.is_file():
                shutil.copy2(path, here / name)


def unpack(
    archive: Path,
    destination: Path,
    *,
    name: str | None = None,
    strip_single_top: bool = True,
    limit_bytes: int = LIMIT_BYTES,
    limit_members: int = LIMIT_MEMBERS,
) -> None:
    """Unpack `archive` into the new directory `destination`.

    Takes tar (plain, gzip, bzip2, xz, zstd where Python can read it) and zip, told apart by content. A
    directory in which everything lies is left out unless `strip_single_top` is False. Files get mode 0755
    if their owner may execute them, else 0644. `limit_bytes` counts bytes really written, `limit_members`
    all members. `name` is what messages call the archive. Raises WasmbuildError `unsafe-archive`,
    `archive-too-large`, `damaged-archive`, `unsupported-archive`, or as `store.building` does; then
    `destination` does not exist.
    """
    shown = name or archive.name
    limits = _Limits(shown, limit_bytes, limit_members)
    with building(destination) as temporary, _explaining(shown):
        _extract(_members(archive, shown), temporary, strip_single_top, limits)


@dataclass(slots=True)
class _Limits:
    archive: str
    bytes_left: int
    members_left: int

    def spend(self, member: Member, *, size_bytes: int = 0, members: int = 0) -> None:
        self.bytes_left -= size_bytes
        self.members_left -= members
        if self.bytes_left < 0 or self.members_left < 0:
            what = "bytes" if self.bytes_left < 0 else "members"
            raise WasmbuildError(
                Diagnostic(
                    "archive-too-large",
                    f"archive holds more {what} than allowed: `{self.archive}`",
                    facts=(("at member", member.name),),
                )
            )


def _extract(
    members: Iterator[tuple[Member, IO[bytes] | None]], root: Path, strip_single_top: bool, limits: _Limits
) -> None:
    layout = Layout()
    links: list[tuple[Member, Parts]] = []
    files: set[Parts] = set()
    for member, content in members:
        limits.spend(member, members=1)
        # Before the link itself takes its place, or it could name itself.
        original = layout.hardlink_target(member) if member.kind == "hardlink" else None
        parts = layout.place(member)
        path = root.joinpath(*parts)
        try:
            if member.kind == "directory":
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if member.kind == "symlink":
                # Links come last, so that nothing can be written through one.
                links.append((member, parts))
                continue
            if parts in files:
                # Tar may hold a file twice, the last one counts. Only a name that we wrote is ever removed:
                # on file systems that ignore case, another name could mean another member's file.
                if original == parts:
                    continue
                path.unlink()
            if original is not None:
                with root.joinpath(*original).open("rb") as repeated:
                    _write(path, repeated, member, limits)
            elif content is not None:
                _write(path, content, member, limits)
            files.add(parts)
        except OSError as error:
            if error.errno in _UNWRITABLE_NAME:
                raise UnsafeMemberError(member, f"this system cannot hold it: {error.strerror}") from error
            raise
    top = layout.single_top() if strip_single_top else None
    if top is not None:
        _hoist(root, top)
    for member, parts in links:
        place = parts[1:] if top is not None else parts
        check_symlink(member, place)
        _link(root, member, place)


def _write(path: Path, content: IO[bytes], member: Member, limits: _Limits) -> None:
    with path.open("xb") as file:
        while chunk := content.read(_CHUNK_BYTES):
            limits.spend(member, size_bytes=len(chunk))
            file.write(chunk)
    path.chmod(0o755 if member.executable else 0o644)


def _hoist(root: Path, top: str) -> None:
    """Move what lies in `root`/`top` up into `root`."""
    aside = root / f".tmp-{os.urandom(8).hex()}"
    (root / top).rename(aside)
    for child in sorted(aside.iterdir()):
        child.rename(root / child.name)
    aside.rmdir()


def _link(root: Path, member: Member, place: Parts) -> None:
    path = root.joinpath(*place)
    try:
        path.symlink_to(member.target)
    except (OSError, NotImplementedError) as error:
        # Windows reserves links to privileged users: there the file is repeated instead.
        original = path.parent / member.target
        if os.name != "nt" and getattr(error, "errno", None) not in _UNWRITABLE_NAME:
            raise
        if os.name != "nt" or not original.is_file():
            raise UnsafeMemberError(member, f"this system cannot make the link: {error}") from error
        import shutil

        shutil.copyfile(original, path)


def _members(archive: Path, shown: str) -> Iterator[tuple[Member, IO[bytes] | None]]:
    """The members in order, each file with its content, to be read before the next member is asked for."""
    with archive.open("rb") as file:
        start = file.read(512)
        file.seek(0)
        if start[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
            import zipfile

            with zipfile.ZipFile(file) as opened:
                yield from _zip_members(opened)
            return
        import tarfile

        with (
            _decompressed(file, start, shown) as stream,
            tarfile.open(fileobj=stream, mode="r|", tarinfo=_bounded_tar_info()) as opened_tar,
        ):
            yield from _tar_members(opened_tar)


def _decompressed(file: IO[bytes], start: bytes, shown: str) -> IO[bytes]:
    if start[:2] == b"\x1f\x8b":
        import gzip

        return gzip.open(file)  # type: ignore[return-value]
    if start[:3] == b"BZh":
        import bz2

        return bz2.open(file)
    if start[:6] == b"\xfd7zXZ\0":
        import lzma

        return lzma.open(file)
    if start[:4] == b"\x28\xb5\x2f\xfd":
        return _decompressed_zstd(file, shown)
    if start[257:262] == b"ustar" or _is_old_tar(start):
        return file
    raise WasmbuildError(
        Diagnostic(
            "unsupported-archive",
            f"not an archive that can be read: `{shown}`",
            facts=(("starts with", start[:16].hex(" ") or "nothing: the file is empty"),),
            notes=("tar (plain, gzip, bzip2, xz, zstd) and zip are read",),
        )
    )


def _decompressed_zstd(file: IO[bytes], shown: str) -> IO[bytes]:
    import importlib

    for module in ("compression.zstd", "backports.zstd"):
        try:
            opened: IO[bytes] = importlib.import_module(module).open(file, "rb")
        except ImportError:
            continue
        return opened
    try:
        opened = importlib.import_module("zstandard").open(file, "rb")
    except ImportError:
        raise WasmbuildError(
            Diagnostic(
                "unsupported-archive",
                f"this Python cannot read zstd archives: `{shown}`",
                help=("install the package `backports.zstd` beside wasmbuild, or use Python 3.14 or newer",),
            )
        ) from None
    return opened


def _is_old_tar(start: bytes) -> bool:
    """Whether a header of before 1988, without magic number, carries its right checksum."""
    if len(start) < 512:
        return False
    try:
        stated = int(start[148:156].strip(b" \0") or b"0", 8)
    except ValueError:
        return False
    return stated == sum(start[:148]) + 8 * 0x20 + sum(start[156:])


def _bounded_tar_info() -> type[tarfile.TarInfo]:
    import tarfile

    long_headers = {
        *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
        *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
    }

    class BoundedTarInfo(tarfile.TarInfo):
        """tarfile reads extended headers into memory whole, whatever size they claim, and takes a damaged
        header after the first for the end of the archive."""

        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> BoundedTarInfo:
            try:
                info = super().frombuf(buf, encoding, errors)
            except tarfile.HeaderError as error:
                if not bytes(buf).strip(b"\0"):
                    raise  # this is the end
                raise tarfile.ReadError(f"damaged header: {error}") from error
            if info.type == tarfile.GNUTYPE_SPARSE:
                raise UnsafeMemberError(Member(info.name, "special"), _SPARSE)
            if info.type in long_headers and info.size > _LIMIT_HEADER_BYTES:
                raise UnsafeMemberError(Member(info.name, "special"), f"its header claims {info.size} bytes")
            return info

        def _refuse_sparse(self, following: tarfile.TarInfo, *_args: object) -> None:
            raise UnsafeMemberError(Member(following.name, "special"), _SPARSE)

        _proc_gnusparse_00 = _proc_gnusparse_01 = _proc_gnusparse_10 = _refuse_sparse

    return BoundedTarInfo


def _tar_members(opened: tarfile.TarFile) -> Iterator[tuple[Member, IO[bytes] | None]]:
    for info in opened:
        executable = bool(info.mode & stat.S_IXUSR)
        if info.isreg():
            yield Member(info.name, "file", executable=executable), opened.extractfile(info)
        elif info.isdir():
            yield Member(info.name, "directory"), None
        elif info.issym():
            yield Member(info.name, "symlink", info.linkname), None
        elif info.islnk():
            yield Member(info.name, "hardlink", info.linkname, executable), None
        else:
            yield Member(info.name, "special"), None


def _zip_members(opened: zipfile.ZipFile) -> Iterator[tuple[Member, IO[bytes] | None]]:
    for info in opened.infolist():
        mode = info.external_attr >> 16
        # Python shortens a name at a zero byte and rewrites backslashes on Windows: judge what was written.
        name = info.orig_filename
        if info.is_dir():
            yield Member(name, "directory"), None
        elif stat.S_ISLNK(mode):
            with opened.open(info) as content:
                yield Member(name, "symlink", os.fsdecode(content.read(4096))), None
        elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            yield Member(name, "special"), None
        else:
            with opened.open(info) as content:
                yield Member(name, "file", executable=bool(mode & stat.S_IXUSR)), content


@contextmanager
def _explaining(shown: str) -> Iterator[None]:
    """Turn what goes wrong while an archive is read into a WasmbuildError; errors of the disk pass."""
    try:
        yield
    except UnsafeMemberError as unsafe:
        facts = (("member", unsafe.member.name), ("refused", unsafe.reason))
        raise WasmbuildError(
            Diagnostic("unsafe-archive", f"unsafe member in archive: `{shown}`", facts=facts)
        ) from unsafe
    except (WasmbuildError, MemoryError):
        raise
    except Exception as error:
        # The decoders raise a dozen types for bytes that are not what they should be, bare OSErrors among
        # them; and they seek where an archive says, which the system refuses where that is before its start.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        reason = f"{error}" or type(error).__name__
        if isinstance(error, OSError) and error.errno == errno.EINVAL:
            reason = "it says that something lies where it has no room for it"
        raise WasmbuildError(
            Diagnostic(
                "damaged-archive",
                f"cannot read the archive: `{shown}`",
                facts=(("reason", reason),),
            )
        ) from error
