"""What of a recipe is in the key of what is built, and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from wasmbuild.manifest.recipes import read_recipe
from wasmbuild.selection.identity import recipe_identity

RECIPE = """\
name: z
version: 1.0
description: compresses
homepage: https://example.org
source: [{path: src}]
patches: [one.patch]
files: {config.h: config.h}
libraries:
  z: {sources: [z.c], defines: {LEVEL: 0x10}, cflags: [-O2]}
test_libraries:
  checks: {sources: [checks.c]}
tests:
  - {name: t, program: {sources: [t.c], defines: {T: 1}, requires: [z, checks]}}
"""


def identity(folder: Path, text: str = RECIPE, **files: str) -> Mapping[str, str]:
    folder = folder / "z"
    folder.mkdir(exist_ok=True)
    for name, content in {"one.patch": "1", "config.h": "", **files}.items():
        (folder / name.replace("_", ".")).write_text(content)
    (folder / "recipe.yaml").write_text(text)
    return recipe_identity(read_recipe((folder,), {"z": (folder,)}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: z\n", "# a comment\nname: z\n"),
        ("[-O2]}", "[-O2]} # as upstream"),
        ("  z: {sources: [z.c], ", "  z: {sources: ['z.c' ], "),
        ("description: compresses\n", ""),
        ("https://example.org", "https://example.com"),
        ("{path: src}", "{path: elsewhere}"),
        ("- {name: t,", "- {name: another,"),
        ("{T: 1}", "{T: 2}"),
        ("[checks.c]", "['check*.c']"),
        ("tests:\n", "test_defaults: {timeout_s: 3}\ntests:\n"),
    ],
)
def test_what_does_not_matter_to_a_built_recipe_is_not_in_its_key(tmp_path: Path, old: str, new: str) -> None:
    assert old in RECIPE
    assert identity(tmp_path, RECIPE.replace(old, new)) == identity(tmp_path)
    assert identity(tmp_path, README="read me") == identity(tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-O2", "-O3"),
        ("LEVEL: 0x10", "LEVEL: 16"),
        ("version: 1.0", "version: 1.1"),
        ("z: {sources", "zz: {sources"),
        ("{config.h:", "{conf.h:"),
    ],
)
def test_what_matters_to_a_built_recipe_is_in_its_key(tmp_path: Path, old: str, new: str) -> None:
    text = RECIPE.partition("test_libraries:")[0]
    assert identity(tmp_path, text.replace(old, new)) != identity(tmp_path, text)


@pytest.mark.parametrize("file", ["one_patch", "config_h"])
def test_the_files_that_a_recipe_uses_are_in_its_key(tmp_path: Path, file: str) -> None:
    assert identity(tmp_path, **{file: "changed"}) != identity(tmp_path)
