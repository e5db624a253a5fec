"""remove the build directory"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from wasmbuild.commands.project import enter


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments of its own."""


def run(arguments: argparse.Namespace) -> int:
    from wasmbuild.builder.builddir import BUILD_DIRECTORY, refuse_link
    from wasmbuild.builder.locking import locked
    from wasmbuild.builder.project import read_project

    enter(arguments)
    read_project(Path.cwd())  # only a project's own build directory is ever removed
    directory = Path(BUILD_DIRECTORY)
    refuse_link(directory)
    if not directory.is_dir():
        return 0
    waiting = "waiting for a build of this project"
    with locked(directory / ".wasmbuild-lock", lambda: print(waiting, file=sys.stderr)):
        for path in directory.iterdir():
            if path.name != ".wasmbuild-lock":
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    (directory / ".wasmbuild-lock").unlink(missing_ok=True)
    directory.rmdir()
    if not arguments.quiet:
        print(f"removed {BUILD_DIRECTORY}/", file=sys.stderr)
    return 0
