"""Where the user's cache is, and whether it is the user's alone. A build with nothing to do asks this, so it imports
next to nothing."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # `typing` costs two milliseconds
if TYPE_CHECKING:
    from os import stat_result


ENVIRONMENTS = "environments"
"""In the cache, directories of tools (`driver/environment.py`)."""


def cache_path() -> str:
    """The cache directory, absolute: WASMBUILD_CACHE, or the platform's usual place. Need not exist."""
    override = os.environ.get("WASMBUILD_CACHE")
    if override:
        return os.path.join(os.getcwd(), os.path.expanduser(override))
    system: str = sys.platform
    if system == "linux":
        # As platformdirs has it (XDG Base Directory Specification): to import it takes a tenth of a program's start.
        caches = os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.join(os.path.expanduser("~"), ".cache")
        return os.path.join(caches, "wasmbuild")
    import platformdirs

    return platformdirs.user_cache_dir("wasmbuild", appauthor=False)


def who_else(status: stat_result) -> tuple[str, str] | None:
    """What lets others than this user and the administrator write to a directory: what it is about, and what it is.
    POSIX only."""
    if os.name == "nt":
        return None
    user = os.geteuid()
    if status.st_uid not in (user, 0):
        return "owner", f"user {status.st_uid}, and this is user {user}"
    if status.st_mode & 0o022:
        return "mode", f"{status.st_mode & 0o7777:o}: others can write to it"
    return None
