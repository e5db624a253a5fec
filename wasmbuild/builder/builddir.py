"""The build directory, which may have come with the project from anywhere: nothing outside of it is written or removed,
whatever lies in it and whatever it says."""

from __future__ import annotations

import os
from contextlib import suppress

TYPE_CHECKING = False  # see runninja
if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

BUILD_DIRECTORY = "build"
"""Of a project, in its directory."""
TOOLCHAIN_DIRECTORY = "toolchain"
"""In it, what compile commands name (`inside`)."""
STAGED_FILE = "obj/staged.json"
"""In it, which libraries and headers of others were put there."""

_LOGS = (".ninja_log", ".ninja_deps")
_OF_SISO = "siso-state"


def refuse_link(directory: str | os.PathLike[str]) -> None:
    """A build directory that is a link is another directory, and perhaps one with other things in it."""
    if os.path.islink(directory):
        from wasmbuild.diagnostics import Diagnostic, WasmbuildError

        headline = f"`{os.path.basename(directory)}` is a link, and not a build directory"
        help_ = ("remove the link: a build makes the directory itself",)
        raise WasmbuildError(
            Diagnostic("build-is-link", headline, facts=(("leads to", os.readlink(directory)),), help=help_)
        )


def remove_links(directory: str | os.PathLike[str], spared: str = "") -> None:
    """What tools write there would go through one. We put none into it but below one directory, where nothing is
    written; that is spared."""
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.is_symlink():
                os.unlink(entry.path)
            elif entry.is_dir(follow_symlinks=False) and entry.path != spared:
                remove_links(entry.path, spared)


def distrust(directory: Path) -> None:
    """Of a directory that is not as we left it, believe nothing that says which of its files are up to date."""
    import shutil

    for name in _LOGS:
        (directory / name).unlink(missing_ok=True)
    shutil.rmtree(directory / _OF_SISO, ignore_errors=True)


def keep_only(directory: Path, record: str, wanted: Collection[str], spared: Collection[str] = ()) -> None:
    """Remove what the record says was put here before and is not wanted any more, but for what is spared; then the
    record says what is wanted. Places are from the build directory."""
    import json

    from wasmbuild.builder.outputs import replace_if_different

    try:
        before = json.loads((directory / record).read_bytes())
    except (OSError, ValueError, RecursionError):
        before = []
    for place in before if isinstance(before, list) else ():
        if isinstance(place, str) and place not in wanted and place not in spared:
            remove_inside(directory, place)
    replace_if_different(directory / record, json.dumps(sorted(wanted), indent=1).encode())


def remove_inside(directory: str | os.PathLike[str], place: str) -> None:
    """Remove a file of the build directory; what would be elsewhere stays."""
    parts = [part for part in place.split("/") if part not in ("", ".")]
    if not parts or place.startswith("/") or ".." in parts or "\0" in place:
        return
    path, root = os.path.join(directory, *parts), os.path.realpath(directory)
    if os.path.commonpath((root, os.path.realpath(os.path.dirname(path)))) != root:
        return
    # A directory is no output of ours.
    with suppress(FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError):
        os.unlink(path)
