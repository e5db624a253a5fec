"""`recipe why-built`: which inputs of a recipe's key differ from those of the nearest build that the cache has."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wasmbuild.explain.rebuilt import Difference
    from wasmbuild.manifest.recipes import Known
    from wasmbuild.selection.required import Required

_WIDEST = 100
"""Characters of a value that are shown; of a longer one, what is around the first difference."""


def run(known: Known, arguments: argparse.Namespace) -> int:
    from wasmbuild.builder.keys import key_of, read_inputs_of
    from wasmbuild.explain.rebuilt import differences, nearest
    from wasmbuild.printing import printable
    from wasmbuild.report.messages import print_json
    from wasmbuild.sources.store import Store

    store = Store.of_user()
    name, version, now = _inputs_now(arguments.names[0], known, store, arguments)
    current = f"{name}-{version}-{key_of(now)}"
    parent = store.entry("libraries", "any").parent
    entries = sorted(parent.glob(f"{name}-*"), key=_newest_first) if parent.is_dir() else []
    found = {entry.name: inputs for entry in entries if (inputs := read_inputs_of(entry)) is not None}
    of_name = {entry: inputs for entry, inputs in found.items() if inputs.get("recipe: name", "").strip("'") == name}
    is_built = current in of_name
    other = nearest(now, {entry: inputs for entry, inputs in of_name.items() if entry != current})
    changed = differences(of_name[other], now) if other is not None else ()
    if arguments.json:
        entries_ = [{"input": each.label, "before": each.before, "now": each.now} for each in changed]
        print_json({"ok": True, "entry": current, "built": is_built, "nearest": other, "differences": entries_})
        return 0
    print(printable(f"{current}: {'is built' if is_built else 'is not built yet'}"))
    if other is None:
        print("the cache has no other build of it")
        return 0
    print(printable(f"the nearest other build is {other}; what differs:"))
    for each in changed:
        _print(each)
    return 0


def _newest_first(entry: Path) -> float:
    return -entry.stat().st_mtime


def _inputs_now(
    name: str, known: Known, store: object, arguments: argparse.Namespace
) -> tuple[str, str, Mapping[str, str]]:
    from wasmbuild.builder.project import Request, make_builder, requires_libcxx
    from wasmbuild.builder.runninja import RunOptions
    from wasmbuild.report.console import progress_for
    from wasmbuild.sources.store import Store

    assert isinstance(store, Store)
    required = _selected(name, known)
    with progress_for(arguments) as progress:
        request = Request(profile=arguments.profile)
        builder = make_builder(
            Path.cwd(), request, progress, RunOptions(), store, libc=True, cxx=requires_libcxx(required)
        )
        prefixes = dict(builder.means.prefixes)
        for entry in required:
            source = builder.source(entry)
            if entry is required[-1]:
                return entry.recipe.name, entry.recipe.version, builder.key_parts(entry.recipe, source, prefixes)
            prefixes[entry.recipe.name] = builder.prefix(entry.recipe, source, prefixes)
    raise AssertionError("a recipe is among what is required")


def _selected(text: str, known: Known) -> tuple[Required, ...]:
    """The recipe, last, after all that it requires: as the project here has it, where it does, else by itself."""
    from wasmbuild.builder.project import MANIFEST_FILE, read_project
    from wasmbuild.commands.recipe import read
    from wasmbuild.selection.known import resolve
    from wasmbuild.selection.lock import LOCK_FILE, locked_versions, read_lock
    from wasmbuild.selection.required import asking_for

    recipe, root = read(text, known), Path.cwd()
    if recipe.name == text and (root / MANIFEST_FILE).is_file():
        document, _ = read_project(root)
        required = resolve(document, known, locked=locked_versions(read_lock(root / LOCK_FILE, document)))
        names = [each.recipe.name for each in required]
        if text in names:
            return required[: names.index(text) + 1]
    return resolve(asking_for((text,), "why-built"), known)


def _print(difference: Difference) -> None:
    from wasmbuild.printing import printable

    before, now = difference.before, difference.now
    if before is not None and now is not None and max(len(before), len(now)) > _WIDEST:
        at = max(0, next((i for i, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), 0) - 20)
        before, now = (f"{'…' if at else ''}{text[at : at + _WIDEST]}" for text in (before, now))
    print(printable(f"  {difference.label}"))
    print(printable(f"    before: {before if before is not None else 'none'}"))
    print(printable(f"    now:    {now if now is not None else 'none'}"))
