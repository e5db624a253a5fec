"""`recipe search`, `show` and `lint` as a user runs them."""

from __future__ import annotations

from cliprojects import LOCAL_RECIPE

BROKEN = {"recipes/bad-key/recipe.yaml": "name: bad-key\nlibrarys: {}\n"}


def test_every_bundled_recipe_is_as_it_should_be(tmp_path, run_wasmbuild):
    ran = run_wasmbuild("recipe", "lint", cwd=tmp_path)
    assert (ran.status, ran.stderr) == (0, "")
    assert {"zlib: ok", "libc: ok"} <= set(ran.stdout.splitlines())


def test_lint_says_what_is_wrong_with_a_recipe_and_which_cannot_be_read(tmp_path, project, run_wasmbuild):
    project(tmp_path, LOCAL_RECIPE | BROKEN)
    ran = run_wasmbuild("recipe", "lint", "given", "bad-key", "zlib", cwd=tmp_path)
    assert (ran.status, ran.stdout) == (1, "zlib: ok\n")
    assert "error: `given`: no tests\n  at: recipes/given/recipe.yaml:1:7\n" in ran.stderr
    assert "unknown key in the file: `librarys`" in ran.stderr
    document = run_wasmbuild("recipe", "lint", "--json", "given", "zlib", cwd=tmp_path).json()
    assert document["ok"] is False
    assert [len(entry["diagnostics"]) > 0 for entry in document["recipes"]] == [True, False]


def test_show_says_what_a_recipe_is_and_who_requires_it(tmp_path, run_wasmbuild):
    ran = run_wasmbuild("recipe", "show", "zlib", cwd=tmp_path)
    lines = ran.stdout.splitlines()
    assert (ran.status, lines[0]) == (0, "zlib: Lossless data compression")
    assert "  licence      Zlib" in lines
    assert any(line.startswith("  required by  ") and "freetype" in line for line in lines)
    assert any("Debian source package zlib" in line for line in lines)
    assert any(line.startswith("  library      z: exports zlib*, compress*") for line in lines)
    document = run_wasmbuild("recipe", "show", "harfbuzz", "--json", cwd=tmp_path).json()
    assert document["requires"] == ["freetype"]
    assert document["recipe"]["license"] == "MIT-Modern-Variant"


def test_search_looks_in_names_descriptions_and_exports(tmp_path, project, run_wasmbuild):
    def found(*words: str) -> list[str]:
        lines = run_wasmbuild("recipe", "search", *words, cwd=tmp_path).stdout.splitlines()
        return [line.split()[0] for line in lines if line.startswith("  ")]

    assert {"cjson", "jansson", "jsoncpp", "nlohmann-json"} <= set(found("JSON"))
    assert found("json", "comments") == ["jsoncpp"]
    assert found("inflate") == ["zlib"]
    ran = run_wasmbuild("recipe", "search", "zzlib", cwd=tmp_path)
    assert (ran.status, ran.stdout) == (1, "")
    assert ran.stderr == "error: no recipe has: zzlib\nhelp: did you mean `zlib`?\n"
