"""Where the members of an archive may go: the rules of tar's `data` filter and some more. Pure: names only.

Refused are absolute names, `..`, drive letters and backslashes, devices and pipes, links that lead out of the
tree, and members below a link. Nothing here looks at the disk, so what an archive may do never depends on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind = Literal["file", "directory", "symlink", "hardlink", "special"]
Parts: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive; `target` is what a link names, as written."""

    name: str
    kind: Kind
    target: str = ""
    executable: bool = False


class UnsafeMemberError(Exception):
    """A member that must not be unpacked, and why."""

    def __init__(self, member: Member, reason: str) -> None:
        super().__init__(member, reason)
        self.member = member
        self.reason = reason


@dataclass(slots=True)
class Layout:
    """The tree as it grows, member by member: what stands under every name so far."""

    kinds: dict[Parts, Kind] = field(default_factory=dict)

    def place(self, member: Member) -> Parts:
        """The place of `member` in the tree; () for the tree itself. Raises UnsafeMemberError."""
        if member.kind == "special":
            raise UnsafeMemberError(member, "it is a device, a pipe or of an unknown type")
        parts = _relative(member, member.name, "its name")
        if ".." in parts:
            raise UnsafeMemberError(member, "its name contains `..`")
        if not parts:
            if member.kind != "directory":
                raise UnsafeMemberError(member, "its name is empty")
            return parts
        for end in range(1, len(parts)):
            above = self.kinds.setdefault(parts[:end], "directory")
            if above != "directory":
                raise UnsafeMemberError(member, f"it lies below `{'/'.join(parts[:end])}`, which is a {above}")
        kind: Kind = "file" if member.kind == "hardlink" else member.kind
        before = self.kinds.get(parts)
        # A directory may be named often, and a later file replaces an earlier one, as tar's own appending
        # does.
        if before is not None and (before != kind or kind == "symlink"):
            raise UnsafeMemberError(member, f"its name is taken by a {before}")
        self.kinds[parts] = kind
        return parts

    def hardlink_target(self, member: Member) -> Parts:
        """The member that a hard link repeats. Raises UnsafeMemberError if it is no file that came before."""
        parts = _relative(member, member.target, "its target")
        if ".." in parts or self.kinds.get(parts) != "file":
            raise UnsafeMemberError(member, f"it links to `{member.target}`, which is no file before it in the archive")
        return parts

    def single_top(self) -> str | None:
        """The name of the directory in which everything lies, or None."""
        tops = {parts[0] for parts in self.kinds}
        if len(tops) != 1:
            return None
        (top,) = tops
        return top if self.kinds[(top,)] == "directory" else None


def check_symlink(member: Member, place: Parts) -> None:
    """Raise UnsafeMemberError if the symbolic link at `place` could lead out of the tree.

    `..` may stand only at the start: what follows is then below a real directory of the tree, and every
    link met on the way obeys the same rule. A `..` after a name could undo a link instead of that name.
    """
    target = _relative(member, member.target, "its target")
    climbs = 0
    while climbs < len(target) and target[climbs] == "..":
        climbs += 1
    if climbs >= len(place) or ".." in target[climbs:]:
        raise UnsafeMemberError(member, f"it links to `{member.target}`, outside the tree")


def _relative(member: Member, text: str, what: str) -> Parts:
    if not text:
        raise UnsafeMemberError(member, f"{what} is empty")
    if text.startswith("/"):
        raise UnsafeMemberError(member, f"{what} is absolute: `{text}`")
    if "\\" in text or "\0" in text or re.match(r"[A-Za-z]:", text):
        raise UnsafeMemberError(member, f"{what} means different things on different systems: `{text}`")
    return tuple(part for part in text.split("/") if part not in ("", "."))
