"""`recipe bump`: a recipe's next version, fetched, built, tested and compared before the file says so."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wasmbuild.manifest.recipes import Known, Recipe
    from wasmbuild.sources.source import Source
    from wasmbuild.sources.store import Store


@dataclass(frozen=True, slots=True)
class Edit:
    """On a line of the file, counted from 1, one text for another."""

    line: int
    old: str
    new: str


def run(known: Known, arguments: argparse.Namespace) -> int:
    """Rewrite `recipe.yaml` where the new version builds and passes its tests; else it stays as it was, and the status
    is 1. Raises WasmbuildError where no source has that version."""
    import shutil

    from wasmbuild.builder.outputs import replace_if_different
    from wasmbuild.commands.recipe import build_and_test, read
    from wasmbuild.printing import printable
    from wasmbuild.sources.store import Store, scratch

    recipe, store = read(arguments.names[0], known), Store.of_user()
    _refuse_overlay(recipe)
    version = arguments.version or _newest(recipe, store)
    edits, notes = _edits(recipe, version, store)
    path = recipe.directory / "recipe.yaml"
    before = path.read_text("utf-8")
    with scratch(store.entry("sources", "sha256", "new")) as directory:
        libraries = store.entry("recipe-tests", recipe.name) / "build" / "lib"
        if build_and_test(recipe.name, known, arguments) != 0:
            print(printable(f"note: {recipe.version} itself does not pass its tests"), file=sys.stderr)
        if libraries.is_dir():
            shutil.copytree(libraries, directory / "lib")
        replace_if_different(path, edited(before, edits).encode())
        status = 1
        try:
            status = build_and_test(recipe.name, known, arguments)
        finally:
            if status != 0:
                replace_if_different(path, before.encode())
        if status == 0:
            _compare(recipe, directory / "lib", libraries)
    for note in notes:
        print(printable(f"note: {note}"), file=sys.stderr)
    said = f"{recipe.name} is {version} now" if status == 0 else f"{recipe.name} stays {recipe.version}"
    print(printable(said), file=sys.stderr)
    return status


def _refuse_overlay(recipe: Recipe) -> None:
    """What is to be rewritten must stand in one file."""
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError

    if len(recipe.directories) > 1:
        below = (("laid over", str(recipe.directories[1] / "recipe.yaml")),)
        help_ = "write the version and its `source` into it: then it is one more version"
        headline = f"`{recipe.name}` is an overlay, which has no sources of its own to move"
        raise WasmbuildError(Diagnostic("bump-overlay", headline, recipe.document.at("version"), below, help=(help_,)))


def edited(text: str, edits: list[Edit]) -> str:
    """The file with its comments; an edit without anything new takes its line out."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: edit.line, reverse=True):
        if edit.old:
            lines[edit.line - 1] = lines[edit.line - 1].replace(edit.old, edit.new, 1)
        else:
            del lines[edit.line - 1]
    return "\n".join(lines)


def _newest(recipe: Recipe, store: Store) -> str:
    from wasmbuild.commands.recipe_outdated import ask
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError

    answer = ask(recipe, store, {})
    if answer.newest is None or not answer.is_outdated:
        found = f"{answer.newest}, of {answer.source}" if answer.newest else "; ".join(answer.problems) or "not known"
        raise WasmbuildError(
            Diagnostic(
                "no-newer-version",
                f"no newer version of `{recipe.name}` than {recipe.version} is known",
                facts=(("newest", found),),
                help=(f"name the version: `wasmbuild recipe bump {recipe.name} VERSION`",),
            )
        )
    return answer.newest


def _edits(recipe: Recipe, version: str, store: Store) -> tuple[list[Edit], list[str]]:
    """What changes in the file, and what is to be said of it. Raises WasmbuildError where no source has the version."""
    from wasmbuild.builder.recipesource import recipe_sources
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError
    from wasmbuild.sources.download import UnavailableError

    document, old = recipe.document, recipe.document.value.version
    edits, notes, problems = [Edit(document.at("version").line, old, version)], list[str](), list[tuple[str, str]]()
    hashes: dict[str, str] = {}
    missing: list[tuple[int, Source]] = []
    for i, source in enumerate(recipe_sources(recipe)[""]):
        try:
            changes, new_hash = _moved(source, old, version, store)
        except UnavailableError as error:
            problems.append((source.kind, f"{source.describe()}\n{error.reason}"))
            missing.append((i, source))
            continue
        for field, (before, after) in changes.items():
            edit = Edit(document.at("source", i, field).line, before, after)
            if any(edit.line == each.line and edit.old == each.old and edit.new != each.new for each in edits):
                # One text of the file stands for both places (`&same`, `*same`), and they are not the same any more.
                said = f"not the same file any more, so give it a `{field}` of its own, {after}"
                notes.append(f"{said}: {source.describe()}")
            else:
                edits.append(edit)
        hashes[source.sha256 if hasattr(source, "sha256") else ""] = new_hash
    if not hashes:
        headline = f"no source of `{recipe.name}` has version {version}"
        raise WasmbuildError(Diagnostic("source-unavailable", headline, document.at("source"), facts=tuple(problems)))
    for i, source in missing:
        same = hashes.get(getattr(source, "sha256", ""))
        line = document.at("source", i, source.kind).line
        if same is not None and old in source.describe():
            # It was the same file as one that was fetched, so it should be again; whoever fetches it will know.
            edits += [Edit(line, old, version), Edit(document.at("source", i, "sha256").line, source.sha256, same)]  # type: ignore[union-attr]
            notes.append(f"not reached, and taken to be the same file as before: {source.describe()}")
        else:
            notes.append(f"not reached, and left at {old}: {source.describe()}: take it out, or give it its new hash")
    return edits, notes


def _moved(source: Source, old: str, version: str, store: Store) -> tuple[dict[str, tuple[str, str]], str]:
    """The fields of an entry that change, each with both texts, and the new hash; what it names is in the store then.
    Raises UnavailableError."""
    from dataclasses import replace

    from wasmbuild.sources.download import UnavailableError
    from wasmbuild.sources.fetch_debian import download_debian, offered, upstream_version
    from wasmbuild.sources.fetch_npm import download_npm
    from wasmbuild.sources.fetch_pypi import download_pypi
    from wasmbuild.sources.fetch_url import download_url
    from wasmbuild.sources.source import DebianSource, NpmSource, PypiSource, UrlSource
    from wasmbuild.sources.store import publish_file, scratch

    fields: dict[str, tuple[str, str]] = {}
    with scratch(store.entry("sources", "sha256", "new")) as directory:
        match source:
            case UrlSource():
                if old not in source.url:
                    raise UnavailableError(f"{old} is no part of it, so the next one's is not known")
                url = source.url.replace(old, version)
                download = download_url(url, directory)
                fields["url"] = source.url, url
            case DebianSource():
                found = [
                    each
                    for each in offered(source.package, store, directory)
                    if upstream_version(each.version) == version
                ]
                if not found:
                    raise UnavailableError(f"no release of Debian has {version}")
                chosen = next((each for each in reversed(found) if each.suite != "sid"), found[-1])
                moved = replace(source, version=chosen.version, suite=chosen.suite)
                download = download_debian(moved, directory, store)
                fields["version"] = source.version, chosen.version
                if source.suite and source.suite != chosen.suite:
                    fields["suite"] = source.suite, chosen.suite
            case PypiSource():
                download = download_pypi(replace(source, version=version), directory)
                fields["version"] = source.version, version
            case NpmSource():
                download = download_npm(replace(source, version=version), directory)
                fields["version"] = source.version, version
            case _:
                raise UnavailableError(f"a source of the kind `{source.kind}` has no versions")
        fields["sha256"] = source.sha256, download.sha256
        publish_file(download.path, store.blob(download.sha256))
    return fields, download.sha256


def _compare(recipe: Recipe, old: Path, new: Path) -> None:
    """Say of each of its libraries what the new version breaks."""
    from wasmbuild.commands.abi import read_build
    from wasmbuild.explain.changes import changes
    from wasmbuild.manifest.outputs import output_name
    from wasmbuild.report.changes import changes_text

    for name, library in recipe.document.value.libraries.items():
        file = output_name(name, library)
        if (old / file).is_file() and (new / file).is_file():
            before, after = read_build(old / file), read_build(new / file)
            print(changes_text(file, before, after, changes(before, after)))
