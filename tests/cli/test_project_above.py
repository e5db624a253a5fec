"""A command that is started below the project's directory: it works there, and paths stay the user's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cliprojects import LOCAL_RECIPE, TWO_LIBRARIES, disk

from wasmbuild.commands.parser import parse
from wasmbuild.commands.project import enter, find_project

PROGRAM = {
    "wasmbuild.yaml": """\
name: says
defaults: {libc: none}
programs:
  says: {sources: [says.c], exports: [_start], imports: []}
tests:
  - {name: runs, run: says}
""",
    "says.c": "void _start(void) {}\n",
    "deep/down/x.txt": "",
}


@pytest.fixture
def deep(two):
    """A directory three levels below the project's."""
    directory = two / "src/total/deep"
    directory.mkdir()
    return directory


@pytest.mark.parametrize(
    "command",
    [
        ["build"], ["test"], ["check"], ["why", "total"], ["graph"], ["doctor"], ["recipe", "list"], ["clean"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_command_works_in_the_project_above_and_says_so(command, two, deep, run_wasmbuild):
    at_the_top = run_wasmbuild(*command, cwd=two)
    if command == ["clean"]:
        run_wasmbuild("build", cwd=two)
    ran = run_wasmbuild(*command, cwd=deep)
    assert ran.status == at_the_top.status == 0, ran.stderr
    first, _, rest = ran.stderr.partition("\n")
    assert first == f"project in {two}"
    assert rest == at_the_top.stderr or command in (["build"], ["test"])
    assert list(deep.iterdir()) == []
    assert "project in" not in run_wasmbuild(*command, "-q", cwd=deep).stderr.replace(str(two), "")


def test_json_names_the_directory_and_no_line_is_printed(two, deep, run_wasmbuild):
    ran = run_wasmbuild("build", "--json", cwd=deep)
    assert ran.json()["directory"] == str(two)
    assert "project in" not in ran.stderr


def test_the_project_of_capital_c_is_searched_for_too(two, deep, run_wasmbuild):
    ran = run_wasmbuild("-C", deep, "clean", cwd=two.parent)
    assert (ran.status, ran.stderr) == (0, f"project in {two}\nremoved build/\n")


def test_the_nearest_project_is_meant(two, deep, run_wasmbuild, project):
    project(deep, {"wasmbuild.yaml": "name: inner\n"})
    assert "project in" not in run_wasmbuild("build", cwd=deep).stderr
    assert (deep / "build").is_dir()


def test_a_named_file_is_taken_from_where_one_stands(two, deep, run_wasmbuild):
    (deep / "mine.so").write_bytes((two / "build/lib/libbase.so").read_bytes())
    ran = run_wasmbuild("check", "mine.so", cwd=deep)
    assert (ran.status, ran.stdout, ran.stderr) == (0, "mine.so: ok\n", "")
    assert run_wasmbuild("why", "base_one", "mine.so", cwd=deep).status == 0
    assert run_wasmbuild("graph", "mine.so", cwd=deep).status == 0


def test_files_to_write_and_to_read_stay_where_one_stands(two, deep, run_wasmbuild):
    ran = run_wasmbuild("graph", "-o", "needed.svg", cwd=deep)
    assert (ran.status, (deep / "needed.svg").is_file()) == (0, True)
    (deep / "mine.yaml").write_text("toolchain: gcc\n")
    ran = run_wasmbuild("test", "--junit-xml", "report.xml", cwd=deep)
    assert (ran.status, (deep / "report.xml").is_file()) == (0, True)
    broken = run_wasmbuild("build", "--toolchain", "mine.yaml", cwd=deep)
    assert broken.status == 1
    assert "mine.yaml:1:12" in broken.stderr


def test_every_path_among_the_arguments_goes_on_meaning_the_same(two, deep, monkeypatch):
    monkeypatch.chdir(deep)
    arguments = parse(["test", "-q", "--toolchain", "t.yaml", "--junit-xml", "/tmp/report.xml"])
    assert enter(arguments) == "src/total/deep"
    assert Path.cwd() == two
    assert (arguments.toolchain, arguments.junit_xml) == ("src/total/deep/t.yaml", "/tmp/report.xml")
    monkeypatch.chdir(deep)
    arguments = parse(["graph", "-q", "-o", "../g.svg", "--library-path", "libs", "--library-path", "/libs"])
    enter(arguments)
    assert arguments.output == Path("src/total/deep/../g.svg")
    assert arguments.library_path == [Path("src/total/deep/libs"), Path("/libs")]
    assert enter(arguments) == ""


@pytest.mark.parametrize("command", [["why", "given"], ["graph"], ["check"]], ids=" ".join)
def test_libraries_are_searched_where_one_stands(command, tmp_path, project, run_wasmbuild):
    project(tmp_path, LOCAL_RECIPE | {"below/libs/empty": ""})
    assert run_wasmbuild("build", cwd=tmp_path).status == 0
    (tmp_path / "build/lib/libgiven.so").rename(tmp_path / "below/libs/libgiven.so")
    assert run_wasmbuild(*command, cwd=tmp_path / "below").status == 1
    assert run_wasmbuild(*command, "--library-path", "libs", cwd=tmp_path / "below").status == 0


def test_a_program_is_run_with_directories_of_where_one_stands(tmp_path, project, run_wasmbuild):
    below = project(tmp_path, PROGRAM) / "deep/down"
    assert run_wasmbuild("run", "--dir", ".::/", "says", cwd=below).status == 0
    missing = run_wasmbuild("run", "-q", "--dir", "deep::/", "says", cwd=below)
    assert missing.stderr == "error: no such directory: `deep`, in `--dir deep::/`\n"
    file = below / "says.wasm"
    file.write_bytes((tmp_path / "build/bin/says.wasm").read_bytes())
    for path in ("./says.wasm", "says.wasm", file):
        ran = run_wasmbuild("run", "--dir", ".::/", path, cwd=below)
        assert (ran.status, ran.stderr) == (0, "")


def test_without_a_manifest_above_nothing_changes(tmp_path, run_wasmbuild):
    (tmp_path / "a/b").mkdir(parents=True)
    ran = run_wasmbuild("build", cwd=tmp_path / "a/b")
    assert ran.status == 1
    assert ran.stderr.startswith(f"error: no `wasmbuild.yaml` in `{tmp_path / 'a/b'}` or in a directory above it\n")


def test_the_search_ends_at_another_file_system(tmp_path, project):
    project(tmp_path, TWO_LIBRARIES)
    (tmp_path / "near").mkdir()
    with disk(tmp_path / "far", "1m") as other:
        (other / "below").mkdir()
        assert find_project(str(other / "below")) is None
    assert find_project(str(tmp_path / "near")) == str(tmp_path)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a file away")
def test_a_manifest_that_somebody_else_put_above_is_refused(tmp_path, project, run_wasmbuild):
    project(tmp_path, TWO_LIBRARIES)
    (tmp_path / "mine").mkdir()
    os.chown(tmp_path / "wasmbuild.yaml", 4321, -1)
    ran = run_wasmbuild("build", cwd=tmp_path / "mine")
    assert (ran.status, ran.stderr.split("\n")[0]) == (
        1,
        f"error: `{tmp_path}/wasmbuild.yaml` belongs to another user",
    )
    assert not (tmp_path / "build").exists()
    # Whoever stands in a tree of that user, as root in a container does, is in it on purpose.
    os.chown(tmp_path / "mine", 4321, -1)
    assert run_wasmbuild("build", cwd=tmp_path / "mine").status == 0


def test_a_build_with_nothing_to_do_still_imports_next_to_nothing(two, deep, run_wasmbuild):
    run_wasmbuild("build", cwd=deep)
    program = "import sys; from wasmbuild.cli import main; main(['build']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", program], cwd=deep, capture_output=True, text=True, check=True)
    assert done.stderr == f"project in {two}\nnothing to do\n"
    assert not {"rich", "wasmtime", "yaml", "msgspec", "pathlib", "typing"} & set(done.stdout.split())
