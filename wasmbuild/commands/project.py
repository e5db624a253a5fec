"""Goes to the project: the nearest directory, from where the user stands upwards, that has a manifest."""

from __future__ import annotations

import argparse
import os
import sys

from wasmbuild.commands.unchanged import MANIFEST


def enter(arguments: argparse.Namespace) -> str:
    """Make the project's directory the current one; the way from there to where the user stands.

    Paths among the arguments go on meaning what they meant there. Without a project nothing changes: who needs one
    says so. Raises WasmbuildError for a manifest further up that somebody else has put there.
    """
    standing = os.getcwd()
    found = find_project(standing)
    if found is None or found == standing:
        return ""
    os.chdir(found)
    way = os.path.relpath(standing, found)
    if not arguments.quiet and not arguments.json:
        from wasmbuild.printing import printable

        print(printable(f"project in {found}"), file=sys.stderr)
    given = vars(arguments)
    for name in ("toolchain", "junit_xml", "sbom", "report"):
        if given.get(name):
            given[name] = os.path.join(way, given[name])
    if given.get("output"):
        given["output"] = way / given["output"]
    if given.get("library_path"):
        given["library_path"] = [way / path for path in given["library_path"]]
    return way


def find_project(standing: str) -> str | None:
    """As git does, look no further than the file system that one stands in."""
    start = os.stat(standing)
    directory = standing
    while True:
        path = os.path.join(directory, MANIFEST)
        if os.path.isfile(path):
            if directory != standing:
                _refuse_strangers(path, start.st_uid)
            return directory
        parent = os.path.dirname(directory)
        if parent == directory or os.stat(parent).st_dev != start.st_dev:
            return None
        directory = parent


def _refuse_strangers(path: str, standing_uid: int) -> None:
    """A manifest says what is run. In a directory above that all may write to, such as /tmp, anybody can put one."""
    if sys.platform == "win32" or os.stat(path).st_uid in (standing_uid, os.geteuid(), 0):
        return
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError

    help_ = "if it is the one that you mean, name its directory with -C"
    raise WasmbuildError(Diagnostic("not-yours", f"`{path}` belongs to another user", help=(help_,)))
