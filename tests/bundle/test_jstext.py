"""JavaScript as text: what is code in it and what is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from wasmbuild.bundle.jstext import compact, imported, pieces, without_comments
from wasmbuild.testing.runtimes import find_node

JAVASCRIPT = Path(__file__).parents[2] / "javascript"
OURS = sorted(JAVASCRIPT.rglob("*.mjs"))


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        ("a; // b\nc;", "a;\nc;\n"),
        ("/** b */ a;", "a;\n"),
        ("a = '//'; b = \"/*\"; // c", "a = '//'; b = \"/*\";\n"),
        ("x = /[/]\\/*/.test(y) // z", "x = /[/]\\/*/.test(y)\n"),
        ("x = a / b // c / d", "x = a / b\n"),
        ("`a // b ${c /* d */ + `e ${f} // g`} // h`", "`a // b ${c  + `e ${f} // g`} // h`\n"),
        ("if (a) {\n    b();\n\n    c();\n}", "if (a) {\nb();\nc();\n}\n"),
        ("`a\n   b`;\n   c", "`a\n   b`;\nc\n"),
        ("return /* a\n b */ c", "return \nc\n"),
        ("x = {a: 1} / 2; // b", "x = {a: 1} / 2;\n"),
    ],
)
def test_comments_and_indentation_go_and_nothing_else(text: str, shorter: str) -> None:
    assert "".join(piece for _, piece in pieces(text)) == text
    assert without_comments(text) == shorter


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        ("if (a) {\nreturn b;\n} else if (c) {\n", "if(a){return b;}else if(c){"),
        ("const [a, b] = [x => { y; }];\n", "const[a,b]=[x=>{y;}];\n"),
        ("a = b + c - d + +e - -f++ + g;\n", "a=b+c-d + +e - -f++ + g;\n"),
        ("f(\na ? 'b : c' : `d ${ e } f`,\n)\ng", "f(a?'b : c':`d ${ e } f`,)\ng"),
        ("return / a b /.test(c) && 'd' in e;", "return / a b /.test(c)&&'d' in e;"),
        ("class A {\n#a = 1;\nb() {\n}\nstatic *c() {\n}\n}\n", "class A{#a=1;\nb(){}\nstatic*c(){}}\n"),
        ("a\n.b = c / d;\n", "a\n.b=c / d;\n"),
    ],
)
def test_spaces_go_where_they_say_nothing(text: str, shorter: str) -> None:
    assert compact(text) == shorter


def test_what_a_file_imports() -> None:
    text = """
        import { a } from "./a.mjs";  // import "./no.mjs"
        export { b } from "../b.mjs";
        /** @type {import("./type.mjs").T} */
        const c = await import("./c.mjs");
        new Worker(new URL("./d.mjs", import.meta.url));
        import "node:fs";
    """
    assert imported(text) == ("./a.mjs", "../b.mjs", "./c.mjs", "./d.mjs")


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(JAVASCRIPT).as_posix())
def test_our_own_files_are_in_pieces_what_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "".join(piece for _, piece in pieces(text)) == text
    shorter = without_comments(text)
    assert without_comments(shorter) == shorter
    assert not any(kind == "comment" for kind, _ in pieces(shorter))


@pytest.mark.slow
def test_without_comments_and_spaces_they_are_programs(tmp_path: Path) -> None:
    node = find_node()
    for path in OURS:
        shorter = tmp_path / path.name
        shorter.write_text(compact(without_comments(path.read_text(encoding="utf-8"))))
        done = subprocess.run([node, "--check", shorter], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{path}: {done.stderr}"
