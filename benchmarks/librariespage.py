"""The recipes and what was measured of them, as a page of Markdown: docs/libraries.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from wasmbuild.manifest.recipes import Known, Recipe, read_recipe

_HEAD = """\
# Libraries

The recipes that come with wasmbuild: `requires: [NAME]`, and [how to write one](recipes.md). Written by
`python -m benchmarks.libraries`, from the recipes and from what was measured when each was last built:

- **bytes** and **exports** of its shared libraries, all together, in the profile `release`.
- **tests**: how many passed of those that ran. Most are upstream's own; that each library loads is not counted. What
  cannot run here, for want of processes, sockets or threads, is named in the recipe.
- **seconds** of the processor, of building it cold, with its sources in the cache and all that it requires built.
- **lines** of the sources that are compiled; for what upstream's own build compiles, they were not counted.
"""

_COLUMNS = ("library", "version", "licence", "bytes", "exports", "options", "tests", "seconds", "lines", "measured")


class Built(Struct, frozen=True):
    file: str
    size_bytes: int
    exports: int


class Measured(Struct, frozen=True):
    """What was found of a recipe: of one version of it, on one day."""

    version: str
    date: str
    libraries: tuple[Built, ...]
    passed: int
    ran: int
    cpu_s: float
    source_lines: int


def page(known: Known, measured: Mapping[str, Measured]) -> str:
    return "\n".join(_lines([read_recipe(known[name], known) for name in sorted(known)], measured))


def _lines(recipes: list[Recipe], measured: Mapping[str, Measured]) -> Iterator[str]:
    yield _HEAD
    of = {recipe.name: measured[recipe.name] for recipe in recipes if _is_of(recipe, measured.get(recipe.name))}
    libraries = [library for each in of.values() for library in each.libraries]
    yield (
        f"All together: {len(recipes)} recipes, {len(libraries)} shared libraries of "
        f"{sum(each.size_bytes for each in libraries) / 1e6:.1f} MB, {sum(each.passed for each in of.values()):,} of "
        f"{sum(each.ran for each in of.values()):,} tests passed, {sum(each.cpu_s for each in of.values()) / 60:.0f} "
        "minutes of one processor."
    )
    for group in sorted({recipe.document.value.group or "other" for recipe in recipes}, key=str.lower):
        yield f"\n## {group[0].upper()}{group[1:]}\n"
        yield f"| {' | '.join(_COLUMNS)} |"
        yield "|---|---|---|---:|---:|---|---:|---:|---:|---|"
        for recipe in recipes:
            if (recipe.document.value.group or "other") == group:
                yield f"| {' | '.join(_row(recipe, of.get(recipe.name)))} |"
    yield ""


def _is_of(recipe: Recipe, found: Measured | None) -> bool:
    """What was measured of another version says nothing of this one."""
    return found is not None and found.version == recipe.version


def _row(recipe: Recipe, found: Measured | None) -> Iterator[str]:
    manifest = recipe.document.value
    yield f"[{manifest.name}]({manifest.homepage})" if manifest.homepage else manifest.name
    yield ", ".join((manifest.version, *recipe.other_versions))
    yield manifest.license or ""
    if found is None:
        yield from ("", "", _options(recipe), "", "", "", "not yet")
        return
    yield f"{sum(each.size_bytes for each in found.libraries):,}" if found.libraries else "headers alone"
    yield f"{sum(each.exports for each in found.libraries):,}" if found.libraries else ""
    yield _options(recipe)
    yield f"{found.passed} of {found.ran}" if found.ran else ""
    yield f"{found.cpu_s:.1f}"
    yield f"{found.source_lines:,}" if found.source_lines else ""
    yield found.date


def _options(recipe: Recipe) -> str:
    """Those that are on without being asked for are set in bold."""
    options = recipe.document.value.options
    return ", ".join(f"**{name}**" if option.default else name for name, option in options.items())
