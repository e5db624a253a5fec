"""`recipe outdated`: recipes of which the sources that they name have newer versions."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wasmbuild.manifest.recipes import Known, Recipe
    from wasmbuild.sources.store import Store


@dataclass(slots=True)
class Answer:
    """`newest` is None where no source has an index of versions, or none could be asked; `problems` say why."""

    name: str
    version: str
    newest: str | None = None
    source: str | None = None
    problems: tuple[str, ...] = ()

    @property
    def is_outdated(self) -> bool:
        from wasmbuild.manifest.requirement import version_key

        return self.newest is not None and version_key(self.newest) > version_key(self.version)


def run(known: Known, arguments: argparse.Namespace) -> int:
    """Ask about the named recipes, or about all. 1 where one is outdated."""
    from wasmbuild.commands.recipe import read
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.report.columns import columns, joined
    from wasmbuild.report.messages import print_json
    from wasmbuild.sources.store import Store

    answers, unreachable = list[Answer](), dict[str, None]()
    for name in arguments.names or sorted(known):
        try:
            recipe = read(name, known)
        except WasmbuildError:
            if arguments.names:
                raise
            continue  # `recipe list` says what is wrong with it
        answers.append(ask(recipe, Store.of_user(), unreachable))
    found = [answer for answer in answers if answer.is_outdated]
    if arguments.json:
        entries = [{**asdict(answer), "outdated": answer.is_outdated} for answer in answers]
        print_json({"ok": not found, "recipes": entries, "unreachable": [*unreachable]})
        return 1 if found else 0
    rows = [(each.name, f"{each.version}, now {each.newest}", each.source or "") for each in found]
    unknown = [each.name for each in answers if each.newest is None]
    lines = [*columns("", rows)] or ([] if arguments.quiet else ["nothing is known to be outdated"])
    if lines:
        print(joined(lines), flush=True)
    if not arguments.quiet:
        said = [f"note: could not be asked: {reason}" for reason in unreachable]
        said += [f"note: no newer version is known of: {', '.join(unknown)}"] if unknown else []
        if said:
            print(joined(said), file=sys.stderr)
    return 1 if found else 0


def ask(recipe: Recipe, store: Store, unreachable: dict[str, None]) -> Answer:
    """What its sources have. Whoever could not be reached is named in `unreachable`, and not asked again."""
    from urllib.parse import urlsplit

    from wasmbuild.builder.recipesource import recipe_sources
    from wasmbuild.manifest.requirement import version_key
    from wasmbuild.sources.download import UnavailableError
    from wasmbuild.sources.newest import newest
    from wasmbuild.sources.source import UrlSource
    from wasmbuild.sources.store import scratch

    answer, problems = Answer(recipe.name, recipe.version), list[str]()
    for source in recipe_sources(recipe)[""]:
        is_url = isinstance(source, UrlSource)
        whom = f"upstream, {urlsplit(source.url).netloc}" if isinstance(source, UrlSource) else source.kind
        if any(said.startswith(f"{whom}: ") for said in unreachable):
            continue
        try:
            with scratch(store.entry("sources", "sha256", "new")) as directory:
                version = newest(source, store, directory)
        except UnavailableError as error:
            problems.append(error.reason)
            if is_url:
                unreachable[f"{whom}: {error.reason}"] = None
            continue
        if version is not None and (answer.newest is None or version_key(version) > version_key(answer.newest)):
            answer.newest, answer.source = version, source.kind
    answer.problems = tuple(problems)
    return answer
