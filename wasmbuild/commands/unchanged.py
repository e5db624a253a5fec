"""Whether there is nothing to do: what most builds find. Imports next to nothing, and needs no parsed command line."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # `typing` costs two milliseconds
if TYPE_CHECKING:
    from collections.abc import Callable

MANIFEST = "wasmbuild.yaml"  # builder.project has it too, and all that a build with nothing to do must not import


def plain_build_has_nothing_to_do() -> bool | None:
    """Whether `wasmbuild build`, without any option and in a project's own directory, has nothing to do. Says so. None
    where that was not found out; what is wrong is for the whole command to find and say."""
    try:
        answer = asking("release", None, None) if os.path.isfile(MANIFEST) else None
        if answer is None:
            return None
        if not answer():
            return False
    except Exception:
        return None
    print("nothing to do", file=sys.stderr)
    return True


def asking(profile: str, toolchain_file: str | None, launcher: str | None) -> Callable[[], bool] | None:
    """Begin to find out whether there is nothing to do; the answer can be had later. None if it must be looked at what
    there is to do."""
    from wasmbuild.builder.askninja import asking_ninja
    from wasmbuild.builder.replaced import nothing_replaced
    from wasmbuild.builder.uptodate import fresh_ninja, request_line

    ninja = fresh_ninja("build", request_line(profile, toolchain_file, launcher, False))
    if ninja is None:
        return None
    answer = asking_ninja(ninja, "build/build.ninja", ("all",))
    return lambda: nothing_replaced("build") and answer()
