"""`wasmbuild bundle`: what is in a bundle, and what becomes of what was there."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from wasmbuild.link.plan import decode_plan

# Freestanding, so that no test waits for libc: a program over one library that may open another.
FILES = {
    "wasmbuild.yaml": """\
name: Demo
version: 1.2rc1
description: two numbers
defaults: {libc: none}
libraries:
  a: {sources: [a.c], headers: [a.h]}
  plug: {sources: [plug.c]}
programs:
  main: {sources: [m.c], requires: [a], opens: [plug]}
""",
    "a.h": "/* the first */\nint a(int number, const char *text);\nunsigned long long wide(double);\n",
    "a.c": '#include "a.h"\nint a(int n, const char *t) { return n + *t; }\n'
    "unsigned long long wide(double d) { return d; }\nint undeclared(int x) { return x; }\n",
    "plug.c": "int plug(void) { return 7; }\n",
    "m.c": 'int a(int, const char *);\nvoid _start(void) { a(1, ""); }\n',
}


@pytest.fixture(scope="module")
def built(tmp_path_factory, project, run_wasmbuild) -> Path:
    directory: Path = project(tmp_path_factory.mktemp("bundled") / "demo", FILES)
    built = run_wasmbuild("build", cwd=directory)
    assert built.status == 0, built.stderr
    return directory


@pytest.fixture
def bundle(built, run_wasmbuild, tmp_path):
    """`bundle(ARGUMENT…)`: a bundle of the project, in `tmp_path / "out"`."""

    def make(*arguments: str) -> Path:
        ran = run_wasmbuild("bundle", *arguments, "-o", str(tmp_path / "out"), cwd=built)
        assert ran.status == 0, ran.stderr
        return tmp_path / "out"

    return make


def files_of(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes() for path in directory.rglob("*") if path.is_file()
    }


def test_it_has_the_modules_with_the_plan_and_their_hashes(bundle) -> None:
    """What is needed, and what may be opened; under names that servers know, as they were built."""
    out = bundle("--to", "web")
    plan = decode_plan((out / "plans" / "main.json").read_bytes())
    assert [(module.name, module.path) for module in plan.modules] == [
        ("main.wasm", "main.wasm"),
        ("liba.so", "liba.so.wasm"),
    ]
    for module in plan.modules:
        assert hashlib.sha256((out / "modules" / module.path).read_bytes()).hexdigest() == module.sha256
    assert {path.name for path in (out / "modules").iterdir()} == {"main.wasm", "liba.so.wasm", "libplug.so.wasm"}
    index = (out / "index.mjs").read_text()
    assert '"opens": [\n   "libplug.so"\n  ]' in index


def test_its_record_has_every_file_with_its_hash(bundle) -> None:
    out = bundle("--to", "web")
    files = files_of(out)
    record = json.loads(files.pop("bundle.json"))
    assert record["files"] == {
        place: {"size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for place, data in files.items()
    }


def test_a_page_is_for_the_web_and_files_are_for_node(bundle) -> None:
    web = files_of(bundle("--to", "web"))
    node = files_of(bundle("--to", "node"))
    assert "index.html" in web
    assert "index.html" not in node
    assert b'"loader/node.mjs": (' in node["wasmbuild/loader.mjs"]
    assert b'"loader/node.mjs": (' not in web["wasmbuild/loader.mjs"]


def test_a_start_loads_one_file_and_the_linker_is_in_another(bundle) -> None:
    node = files_of(bundle("--to", "node"))
    scripts = {place: data for place, data in node.items() if place.endswith(".mjs")}
    assert set(scripts) == {"index.mjs", "wasmbuild/loader.mjs", "wasmbuild/rest.mjs"}
    linker = {place for place, data in scripts.items() if b'"linker/resolve.mjs": (' in data}
    assert linker == {"wasmbuild/rest.mjs"}


def test_the_page_has_no_script_and_no_style_in_it(bundle) -> None:
    text = (bundle("--to", "web") / "index.html").read_text()
    assert "script-src &#x27;self&#x27; &#x27;wasm-unsafe-eval&#x27;" in text
    assert "style=" not in text
    assert "<style" not in text
    assert text.count("<script") == text.count('<script type="module" src=') == 1
    assert "onclick" not in text


def test_it_is_a_package_that_npm_takes(bundle) -> None:
    package = json.loads((bundle("--to", "node") / "package.json").read_text())
    assert (package["name"], package["version"], package["type"]) == ("demo", "1.2.0", "module")
    assert package["description"] == "two numbers"
    assert package["exports"]["."] == {"types": "./index.d.mts", "default": "./index.mjs"}


def test_exports_are_declared_as_c_declares_them(bundle) -> None:
    text = (bundle("--to", "node", "a", "main") / "index.d.mts").read_text()
    assert (
        "  /** `int a(int number, const char *text);` */\n  a(number: number, text: number | Placed): number;" in text
    )
    assert "  wide(a0: number): bigint;" in text
    assert "  undeclared(a0: number | Placed): number;" in text
    assert '"liba.so": LibaSo;\n  "main": Program;' in text


def test_equal_inputs_give_equal_bytes(bundle, tmp_path) -> None:
    first = files_of(bundle("--to", "web"))
    shutil.rmtree(tmp_path / "out")
    assert files_of(bundle("--to", "web")) == first


def test_another_bundle_takes_the_place_of_the_one_before(bundle) -> None:
    """What only that one had is gone, and what a user put there beside it stays."""
    out = bundle("--to", "web")
    (out / "notes.txt").write_text("mine")
    files = files_of(bundle("--to", "node", "plug"))
    assert "modules/main.wasm" not in files
    assert "index.html" not in files
    assert files["notes.txt"] == b"mine"
    assert not (out / "wasmbuild" / "page").exists()


def test_what_somebody_else_put_there_stays(built, run_wasmbuild, tmp_path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    ran = run_wasmbuild("bundle", "--to", "web", "-o", str(tmp_path), cwd=built)
    assert ran.status == 1
    assert "error: there is something else in" in ran.stderr
    assert files_of(tmp_path) == {"thesis.txt": b"years of work"}


@pytest.mark.parametrize("record", [{"files": {"../thesis.txt": {}}}, {"files": ["/etc/hosts", "a/../../thesis.txt"]}])
def test_a_record_removes_nothing_outside(built, run_wasmbuild, tmp_path, record: dict[str, Any]) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "bundle.json").write_text(json.dumps({"wasmbuild_bundle": 1, **record}))
    ran = run_wasmbuild("bundle", "--to", "node", "-o", str(tmp_path / "out"), cwd=built)
    assert ran.status == 0, ran.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_link_in_an_older_bundle_is_not_written_through(built, run_wasmbuild, bundle, tmp_path) -> None:
    out = bundle("--to", "node")
    shutil.rmtree(out / "plans")
    (tmp_path / "elsewhere").mkdir()
    (out / "plans").symlink_to(tmp_path / "elsewhere")
    ran = run_wasmbuild("bundle", "--to", "node", "-o", str(out), cwd=built)
    assert ran.status == 1
    assert "leads out of the bundle" in ran.stderr
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_files_are_bundled_without_a_project(built, run_wasmbuild, tmp_path) -> None:
    (tmp_path / "lib").mkdir()
    shutil.copyfile(built / "build/lib/liba.so", tmp_path / "lib" / "liba.so")
    ran = run_wasmbuild("bundle", "--to", "node", "lib/liba.so", "-o", "out", cwd=tmp_path)
    assert ran.status == 0, ran.stderr
    assert json.loads((tmp_path / "out" / "package.json").read_text())["name"] == "liba.so"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mian"], "error: no program or library `mian`\nhelp: did you mean `main`?"),
        (["build/lib/libnone.so"], "error: cannot read `build/lib/libnone.so`: No such file or directory"),
        (["build/lib/liba.so", "a"], "error: two modules of the bundle would be loaded as `liba.so`"),
    ],
)
def test_what_cannot_be_bundled_is_told(built, run_wasmbuild, tmp_path, arguments: list[str], said: str) -> None:
    ran = run_wasmbuild("bundle", "--to", "web", *arguments, "-o", str(tmp_path / "out"), cwd=built)
    assert ran.status == 1
    assert said in ran.stderr
    assert not (tmp_path / "out").exists()


def test_one_file_has_all_of_it(built, run_wasmbuild, tmp_path) -> None:
    """Nothing in it is an address, and its policy names the hashes of what runs."""
    ran = run_wasmbuild("bundle", "--to", "web", "--inline", "-o", str(tmp_path / "page.html"), cwd=built)
    assert ran.status == 0, ran.stderr
    text = (tmp_path / "page.html").read_text()
    scripts = re.findall(r'<script type="module" id="script">(.*?)</script>', text, re.DOTALL)
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    for kind, content in (("script", scripts[0]), ("style", style)):
        digest = b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src &#x27;sha256-{digest}&#x27;" in text
    assert "default-src &#x27;none&#x27;" in text
    assert "src=" not in text
    again = run_wasmbuild("bundle", "--to", "web", "--inline", "-o", "again.html", cwd=tmp_path, env=None)
    assert again.status == 1
    for arguments, said in (
        (["--to", "node", "--inline", "-o", "x.html"], "error: `--inline` makes a page"),
        (["--to", "web", "--inline", "-o", "x"], "error: `--inline` writes one file, whose name ends in .html"),
    ):
        assert said in run_wasmbuild("bundle", *arguments, cwd=built).stderr


def test_a_build_has_a_page_too(built, run_wasmbuild, tmp_path) -> None:
    """Written with something to do and without, where the user stands."""
    (built / "sub").mkdir(exist_ok=True)
    ran = run_wasmbuild("build", "--report", "report.html", cwd=built / "sub")
    assert ran.status == 0, ran.stderr
    text = (built / "sub" / "report.html").read_text()
    assert "<h1>Demo <small>1.2rc1</small></h1>" in text
    assert 'id="command"' not in text
    assert "libplug.so" in text


def test_what_does_not_fit_is_told_and_nothing_is_written(built, run_wasmbuild, tmp_path) -> None:
    shutil.copytree(built / "build" / "bin", tmp_path / "bin")
    ran = run_wasmbuild("bundle", "--to", "web", "bin/main.wasm", "-o", "out", cwd=tmp_path)
    assert ran.status == 1
    assert "error: needed library not found: `liba.so`" in ran.stderr
    assert not (tmp_path / "out").exists()
