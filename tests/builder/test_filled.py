"""Files that a recipe describes: templates with values put in, and headers of macros."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wasmbuild.builder.recipesource import FetchedSource, prepare_source, put_files
from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.manifest.recipes import Recipe, read_recipe
from wasmbuild.selection.identity import recipe_identity
from wasmbuild.sources.fetch import FetchedArchive


def recipe(folder: Path, files: str) -> Recipe:
    folder = folder / "z"
    (folder / "up").mkdir(parents=True, exist_ok=True)
    (folder / "up" / "z.h.in").write_text("#define Z_VERSION @VERSION@\n/* @HAVE_X@ @HAVE_Y@ a@b.c */\n")
    (folder / "ours.in").write_text("@VERSION@")
    text = f"name: z\nsource: [{{path: up}}]\nfiles: {files}\nlibraries: {{z: {{sources: [z.c]}}}}\n"
    (folder / "recipe.yaml").write_text(text)
    return read_recipe((folder,), {"z": (folder,)})


def laid_out(folder: Path, files: str) -> Path:
    found = recipe(folder, files)
    source = FetchedSource(FetchedArchive(folder / "z" / "up", "0" * 64, "up", "here"), {})
    prepare_source(found, source, folder / "src")
    return folder / "src"


def problems(folder: Path, files: str) -> list[tuple[str, str]]:
    with pytest.raises(WasmbuildError) as raised:
        laid_out(folder, files)
    return [(each.headline, str(each.at).rpartition(".yaml:")[2]) for each in raised.value.diagnostics]


def test_each_name_in_a_template_gets_the_value_of_the_first_key_that_matches(tmp_path: Path) -> None:
    values = '{VERSION: 1.10, HAVE_X: 0, "HAVE_*": 1}'
    source = laid_out(tmp_path, f'{{z.h: {{template: "source:z.h.in", values: {values}}}}}')
    assert (source / "z.h").read_text() == "#define Z_VERSION 1.10\n/* 0 1 a@b.c */\n"


def test_a_template_may_be_the_recipes_own_or_replaced_by_what_is_made_of_it(tmp_path: Path) -> None:
    own = "ours.h: {template: ours.in, values: {VERSION: 7}}"
    values = '{VERSION: 1, "HAVE_?": 2}'
    source = laid_out(tmp_path, f'{{{own}, z.h.in: {{template: "source:z.h.in", values: {values}}}}}')
    assert (source / "ours.h").read_text() == "7"
    assert (source / "z.h.in").read_text().startswith("#define Z_VERSION 1\n/* 2 2 ")


def test_macros_are_written_as_they_are_in_the_recipe(tmp_path: Path) -> None:
    source = laid_out(tmp_path, "{config.h: {defines: {A: 0x10, B: null, C: '\"text\"', D: true, E: 1.50}}}")
    assert (
        source / "config.h"
    ).read_text() == '#define A 0x10\n#define B\n#define C "text"\n#define D 1\n#define E 1.50\n'


def test_a_name_without_a_value_and_a_value_without_a_name_are_errors(tmp_path: Path) -> None:
    found = problems(tmp_path, '{z.h: {template: "source:z.h.in", values: {VERSIONS: 1, HAVE_X: 1}}}')
    assert found == [("no value for `VERSION`, `HAVE_Y`", "3:50"), ("`@VERSIONS@` is not in the template", "3:61")]


@pytest.mark.parametrize(
    "made", ["{}", "{template: ours.in, defines: {A: 1}}", "{defines: {A: 1}, values: {B: 1}}", "{values: {B: 1}}"]
)
def test_a_file_is_made_of_a_template_or_of_macros(tmp_path: Path, made: str) -> None:
    with pytest.raises(WasmbuildError) as raised:
        recipe(tmp_path, f"{{z.h: {made}}}")
    assert {each.code for each in raised.value.diagnostics} == {"filled-file"}


def test_what_a_file_is_made_of_is_in_the_key(tmp_path: Path) -> None:
    def key(files: str) -> dict[str, str]:
        return dict(recipe_identity(recipe(tmp_path, files)))

    seen = [key(f"{{z.h: {{defines: {{A: {value}}}}}}}") for value in ("1", "1.0", "1.00")]
    seen += [key(f"{{z.h: {{template: ours.in, values: {{VERSION: {value}}}}}}}") for value in ("1.0", "1.00")]
    assert len({str(each) for each in seen}) == len(seen)
    assert key("{z.h: {template: ours.in, values: {VERSION: 1}}}").keys() >= {"recipe: ours.in"}


def test_the_recipes_own_files_are_made_again_and_those_that_are_the_same_stay(tmp_path: Path) -> None:
    source = laid_out(tmp_path, "{a.h: {defines: {A: 1}}, b.h: {defines: {B: 1}}}")
    before = (source / "a.h").stat().st_mtime_ns
    put_files(recipe(tmp_path, "{a.h: {defines: {A: 1}}, b.h: {defines: {B: 2}}}"), source)
    assert (source / "a.h").stat().st_mtime_ns == before
    assert (source / "b.h").read_text() == "#define B 2\n"


def test_files_of_upstream_that_match_a_pattern_are_put_into_one_directory(tmp_path: Path) -> None:
    for name in ("one/a.h", "one/two/b.h", "three/c.c", "all/d.h"):
        path = tmp_path / "z" / "up" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    source = laid_out(tmp_path, '{all: "source:**/*.h"}')
    assert {path.name: path.read_text() for path in (source / "all").iterdir()} == {
        "a.h": "one/a.h",
        "b.h": "one/two/b.h",
        "d.h": "all/d.h",
    }


def test_two_files_of_one_name_and_a_pattern_that_matches_nothing_are_errors(tmp_path: Path) -> None:
    for name in ("one/a.h", "two/a.h"):
        path = tmp_path / "z" / "up" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    assert problems(tmp_path, '{all: "source:*/a.h"}') == [("`one/a.h` and `two/a.h` would be one file", "3:14")]
    shutil.rmtree(tmp_path / "src")
    assert problems(tmp_path, '{all: "source:*/b.h"}') == [("no file in the source matches `*/b.h`", "3:14")]
