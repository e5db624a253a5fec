"""Members of an `ar` archive (ar(5); GNU and BSD long names), which is what a static library is."""

from __future__ import annotations

from collections.abc import Iterator

from wasmbuild.wasm.decode import describe_magic
from wasmbuild.wasm.reader import MalformedModule

MAGIC = b"!<arch>\n"
_HEADER_SIZE_BYTES = 60
_LONGEST_NAME_BYTES = 4096
"""Members may share one name in the table of long names: each is a path, and so long at most."""
# Symbol tables and the table of long names: the archive's own, not members.
_INDEXES = frozenset({"/", "/SYM64/", "__.SYMDEF", "__.SYMDEF SORTED", "__.SYMDEF_64", "__.SYMDEF_64 SORTED"})


def is_archive(data: bytes | memoryview) -> bool:
    return bytes(data[:8]) in (MAGIC, b"!<thin>\n")


def members(data: bytes | memoryview, name: str = "<bytes>") -> Iterator[tuple[str, memoryview]]:
    """Each member's name and bytes, in order. Two members may have one name. Raises MalformedModule with the
    offset, also for a thin archive, whose members are elsewhere."""
    view = memoryview(data)
    if bytes(view[:8]) == b"!<thin>\n":
        raise MalformedModule(name, 0, "a thin archive: its members are other files")
    if bytes(view[:8]) != MAGIC:
        raise MalformedModule(name, 0, f"not an archive: {describe_magic(bytes(view[:64]))}")
    long_names = b""
    pos = len(MAGIC)
    while pos < len(view):
        header = bytes(view[pos : pos + _HEADER_SIZE_BYTES])
        if len(header) < _HEADER_SIZE_BYTES:
            raise MalformedModule(name, pos, f"the file ends after {len(header)} bytes of a member's header")
        if header[58:60] != b"`\n":
            raise MalformedModule(name, pos + 58, "a member's header does not end as it should")
        size_bytes = _number(header[48:58], name, pos + 48)
        start = pos + _HEADER_SIZE_BYTES
        end = start + size_bytes
        if end > len(view):
            problem = f"a member claims {size_bytes} bytes but the file ends after {len(view) - start} of them"
            raise MalformedModule(name, pos + 48, problem)
        field = header[:16].rstrip(b" ")
        if field == b"//":
            long_names = bytes(view[start:end])
        else:
            if field.startswith(b"#1/"):  # BSD: the name stands before the contents and counts as part of them
                name_size_bytes = _number(field[3:], name, pos + 3)
                if name_size_bytes > size_bytes:
                    raise MalformedModule(name, pos, "a member's name is longer than the member")
                member = _text(bytes(view[start : start + name_size_bytes]).rstrip(b"\0"))
                start += name_size_bytes
            elif field[:1] == b"/" and field[1:].isdigit():  # GNU: an offset into the table of long names
                offset = _number(field[1:], name, pos)
                if offset >= len(long_names):
                    raise MalformedModule(name, pos, f"long name {offset} of {len(long_names)} bytes of names")
                end_of_name = long_names.find(b"\n", offset, offset + _LONGEST_NAME_BYTES)
                if end_of_name < 0 and len(long_names) - offset >= _LONGEST_NAME_BYTES:
                    raise MalformedModule(name, pos, f"a member's name is longer than {_LONGEST_NAME_BYTES} bytes")
                last = end_of_name if end_of_name >= 0 else len(long_names)
                member = _text(long_names[offset:last].removesuffix(b"/"))
            else:
                member = _text(field if field in (b"/", b"/SYM64/") else field.removesuffix(b"/"))
            if member not in _INDEXES:
                yield member, view[start:end]
        pos = end + size_bytes % 2  # members start at even offsets


def _number(field: bytes, name: str, offset: int) -> int:
    digits = field.rstrip(b" ")
    if not digits.isdigit():
        raise MalformedModule(name, offset, f"{bytes(field)!r} is not a decimal number")
    return int(digits)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
