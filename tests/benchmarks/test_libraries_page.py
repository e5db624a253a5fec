"""docs/libraries.md: a row for each recipe, with what was measured of the version that it has now."""

from __future__ import annotations

from benchmarks.libraries import PAGE, kept
from benchmarks.librariespage import Built, Measured, page
from wasmbuild.manifest.recipes import find_recipes, read_recipe, shipped

KNOWN = find_recipes((shipped("recipes"),))


def test_the_page_is_what_the_recipes_and_the_figures_say() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(KNOWN, kept()), "write it anew: python -m benchmarks.libraries --write"


def test_a_row_has_the_figures_of_its_own_version_alone() -> None:
    version = read_recipe(KNOWN["zlib"], KNOWN).version
    found = Measured(version, "2001-02-03", (Built("libz.so", 70_000, 80),), 3, 4, 1.25, 12_345)
    rows = page(KNOWN, {"zlib": found, "lua": found}).splitlines()
    assert [row for row in rows if "| 70,000 | 80 |  | 3 of 4 | 1.2 | 12,345 | 2001-02-03 |" in row and "[zlib]" in row]
    assert [row for row in rows if row.startswith("| [lua]") and row.endswith("| not yet |")]
