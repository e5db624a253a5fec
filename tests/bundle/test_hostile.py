"""What comes from modules and headers stands in pages and in code as text, whatever it is."""

from __future__ import annotations

import json
import re

import pytest

from wasmbuild.bundle.declared import Function, declarations
from wasmbuild.bundle.package import Title, package_json
from wasmbuild.bundle.page import BESIDE, Page, html, inside, json_text, page_data
from wasmbuild.link.scope import Library, Scope
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.module import FuncType

EVIL = "</script><script>alert(1)</script>\x1b[2J\u202e\"'`*/${x}"


@pytest.fixture
def page() -> Page:
    module = decode(b"\0asm\1\0\0\0")
    library = Library(EVIL, f"/{EVIL}", module, "0" * 64)
    title = Title(EVIL, EVIL, EVIL, EVIL)
    return Page(
        title, [(Scope((library,), ((),)), {})], {library.identity: [(EVIL, 1)]}, {}, {EVIL: ()}, {}, {EVIL: b""}
    )


@pytest.mark.parametrize("alone", [False, True])
def test_a_page_runs_no_script_but_its_own(page: Page, alone: bool) -> None:
    shell = inside("p{}", "1;", page_data(page)) if alone else BESIDE
    text = html(page, shell)
    assert "alert(1)</script>" not in text
    assert len(re.findall("<script", text)) == (2 if alone else 1)
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_data_in_a_page_end_nothing() -> None:
    assert "<" not in json_text({EVIL: [EVIL]})
    assert json.loads(json_text({EVIL: [EVIL]})) == {EVIL: [EVIL]}


def test_a_declaration_ends_no_comment_and_a_name_no_string() -> None:
    functions = (Function(EVIL, FuncType(), f"void f(/* {EVIL} */);"),)
    text = declarations({"a.so": functions})
    for line in text.splitlines():
        if line.lstrip().startswith("/**"):
            assert line.index("*/") == len(line) - 2
    assert f"  {json.dumps(EVIL)}(): void;" in text


def test_a_package_is_json_whatever_the_manifest_says() -> None:
    package = json.loads(package_json(Title(EVIL, EVIL, EVIL, EVIL), "node", {}))
    assert re.fullmatch(r"[a-z0-9._-]+", package["name"])
    assert package["version"] == "0.0.0"
