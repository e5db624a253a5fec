"""write down which recipes are required, in which versions, with which options"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wasmbuild.commands.project import enter

if TYPE_CHECKING:
    from wasmbuild.manifest.reader import Document
    from wasmbuild.manifest.schema import Manifest
    from wasmbuild.selection.lock import Lock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--update", metavar="NAME", nargs="*", help="choose anew, for these recipes, or without names for all"
    )
    parser.add_argument("--toolchain", metavar="FILE", help="in the place of the project's toolchain.yaml")


def run(arguments: argparse.Namespace) -> int:
    """Bring `wasmbuild.lock` up to date with the manifest and the recipes that there are. Nothing is built."""
    from wasmbuild.builder.outputs import replace_if_different
    from wasmbuild.builder.project import read_project
    from wasmbuild.builder.toolchain import find_toolchain, read_settings
    from wasmbuild.printing import printable
    from wasmbuild.report.messages import print_json
    from wasmbuild.selection.known import resolve
    from wasmbuild.selection.lock import LOCK_FILE, changes, lock_of, lock_text, locked_versions

    enter(arguments)
    root = Path.cwd()
    document, known = read_project(root)
    lock = _read(root / LOCK_FILE, document, anew=arguments.update == [])
    locked = {} if arguments.update == [] else dict(locked_versions(lock))
    for name in arguments.update or ():
        locked.pop(name, None)
    required = resolve(document, known, locked=locked)
    _refuse_unknown(arguments.update or (), [each.recipe.name for each in required])
    settings = read_settings(root, Path(arguments.toolchain) if arguments.toolchain else None)
    now = lock_of(document, required, find_toolchain(settings).identity)
    found = changes(lock.value, now) if lock is not None else []
    replace_if_different(root / LOCK_FILE, lock_text(now).encode())
    if arguments.json:
        changed = [{"what": each.label, "locked": each.locked, "now": each.now} for each in found]
        recipes = {name: {"version": each.version, "options": each.options} for name, each in now.recipes.items()}
        path = str(root / LOCK_FILE)
        print_json({"ok": True, "path": path, "new": lock is None, "changes": changed, "recipes": recipes})
    elif not arguments.quiet:
        for each in found:
            print(printable(str(each)))
        if not found:
            count = len(now.recipes)
            said = f"wrote {LOCK_FILE}: {count} {'recipe' if count == 1 else 'recipes'}"
            print(printable(said) if lock is None else "nothing to change")
    return 0


def _read(path: Path, document: Document[Manifest], anew: bool) -> Document[Lock] | None:
    """The old lock; one that is to be written anew may be broken."""
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.selection.lock import read_lock

    try:
        return read_lock(path, document)
    except WasmbuildError:
        if not anew:
            raise
        return None


def _refuse_unknown(names: Sequence[str], required: Sequence[str]) -> None:
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean

    findings = []
    for name in names:
        if name not in required:
            near = did_you_mean(name, required)
            help_ = f"did you mean `{near}`?" if near else f"it requires: {', '.join(required) or 'nothing'}"
            findings.append(Diagnostic("unknown-recipe", f"this project does not require `{name}`", help=(help_,)))
    if findings:
        raise WasmbuildError(*findings)
