"""`wasmbuild build --json`: the outputs are those that this build made or found up to date."""

from __future__ import annotations

from pathlib import Path

from cliprojects import LOCAL_RECIPE, TWO_LIBRARIES, edit

BASE, TOTAL = "build/lib/libbase.so", "build/lib/libtotal.so"


def listed(ran) -> dict[str, int]:
    return {entry["path"]: entry["size_bytes"] for entry in ran.json()["outputs"]}


def test_outputs_are_listed_whether_they_were_made_or_up_to_date(tmp_path, project, run_wasmbuild):
    project(tmp_path, TWO_LIBRARIES)
    for _ in range(2):
        ran = run_wasmbuild("build", "--json", "-q", cwd=tmp_path)
        assert (ran.status, ran.json()["ok"]) == (0, True)
        assert listed(ran) == {path: (tmp_path / path).stat().st_size for path in (BASE, TOTAL)}


def test_what_a_recipe_supplies_is_listed_too(tmp_path, project, run_wasmbuild):
    project(tmp_path, LOCAL_RECIPE)
    assert set(listed(run_wasmbuild("build", "--json", "-q", cwd=tmp_path))) == {
        "build/lib/libgiven.so", "build/lib/libuser.so",
    }  # fmt: skip


def test_files_that_the_build_knows_nothing_of_are_not_listed(two, run_wasmbuild):
    (two / "build/lib/mine.so").write_bytes(b"")
    (two / "build/bin").mkdir()
    (two / "build/bin/other.wasm").write_bytes(b"")
    assert set(listed(run_wasmbuild("build", "--json", "-q", cwd=two))) == {BASE, TOTAL}
    ran = run_wasmbuild("build", "--profile", "debug", cwd=two)
    assert [line.split()[0] for line in ran.stdout.splitlines()] == [BASE, TOTAL]


def test_after_a_failure_what_is_left_from_before_is_not_listed(two, run_wasmbuild):
    edit(two / "src/total/total.c", "return base_one()", "return base_on()")
    for _ in range(2):
        ran = run_wasmbuild("build", "--json", "-q", cwd=two)
        assert (ran.status, ran.json()["ok"], Path(two / TOTAL).is_file()) == (1, False, True)
        assert set(listed(ran)) == {BASE}


def test_of_a_project_without_targets_nothing_is_listed(two, run_wasmbuild):
    (two / "wasmbuild.yaml").write_text("name: nothing\n")
    ran = run_wasmbuild("build", "--json", "-q", cwd=two)
    assert (ran.status, listed(ran)) == (0, {})
