"""Plans in the cache: what was decided for a root is decided again only if a file that was looked at is another.

An entry has the state of each path that was looked at, also of those where nothing was. Files are told by device,
inode, size and times, as a first look; whoever uses the plan reads each module and compares its sha256 with the plan's
(`module.read_verified`), so what runs is what was decided for, whatever the times say.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from wasmbuild import __version__
from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.link.plan import VERSION, LinkPlan
from wasmbuild.search.files import FileState, file_state
from wasmbuild.sources.store import Store, writing

if TYPE_CHECKING:
    from wasmbuild.link.resolve import Host

_HASH_CHARACTERS = 64


class RememberedPlan(Struct, frozen=True):
    """`directory` is the root's; `probed` are the paths that were looked at."""

    directory: str
    probed: dict[str, tuple[int, ...]]
    plan: LinkPlan


_DECODER = msgspec.json.Decoder(RememberedPlan)


def recall(store: Store, path: Path, host: Host, library_path: tuple[Path, ...]) -> RememberedPlan | None:
    """The plan for a root, if one was kept and every path is as it was then."""
    try:
        with open(_entry(store, path, host, library_path), "rb") as file:
            data = file.read()
        # A hash first: a damaged entry is none.
        if hashlib.sha256(data[_HASH_CHARACTERS:]).hexdigest().encode() != data[:_HASH_CHARACTERS]:
            return None
        found = _DECODER.decode(data[_HASH_CHARACTERS:])
    except (OSError, ValueError):
        return None
    # A link on the way to the root may lead elsewhere by now, to the same file by another name.
    there = found.directory == os.path.dirname(os.path.realpath(path))
    fresh = there and found.plan.version == VERSION and all(file_state(p) == state for p, state in found.probed.items())
    return found if fresh else None


def remember(
    store: Store,
    path: Path,
    host: Host,
    library_path: tuple[Path, ...],
    plan: LinkPlan,
    directory: str,
    probed: dict[str, FileState],
) -> None:
    """Keep a plan. A cache that cannot be written to makes the next start slower, nothing worse; so does the name of a
    file that is no text, which JSON cannot hold."""
    try:
        # Whoever asks next may stand elsewhere.
        anywhere = {_from_anywhere(place): state for place, state in probed.items()}
        data = msgspec.json.encode(RememberedPlan(directory, anywhere, plan))
        with writing(_entry(store, path, host, library_path)) as file:
            file.write(hashlib.sha256(data).hexdigest().encode() + data)
    except (WasmbuildError, OSError, UnicodeEncodeError):
        pass


def _entry(store: Store, path: Path, host: Host, library_path: tuple[Path, ...]) -> Path:
    asked = [_from_anywhere(path), _decider(), *(_from_anywhere(directory) for directory in library_path)]
    asked += [f"{name} {type_!r}" for name, type_ in sorted(host.items())]
    return store.entry("plans", hashlib.sha256(os.fsencode("\0".join(asked))).hexdigest()[:40])


def _from_anywhere(path: str | Path) -> str:
    """A whole path, and no shorter one: behind a link, `..` is not what stands before it."""
    return os.path.join(os.getcwd(), path)


@cache
def _decider() -> str:
    """What decides: this version of us, and while it is worked on, these files."""
    package = Path(__file__).parent.parent
    times = []
    for folder in ("wasm", "link", "search"):
        with os.scandir(package / folder) as entries:
            times += sorted((e.name, e.stat().st_mtime_ns) for e in entries if e.name.endswith(".py"))
    return f"{__version__} {times}"
