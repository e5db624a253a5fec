"""What recipes should say."""

from __future__ import annotations

import pytest

from wasmbuild.manifest.lint import is_spdx, lint
from wasmbuild.manifest.reader import decode_document
from wasmbuild.manifest.schema import Manifest

GOOD = """\
name: tiny
version: "1.0"
description: A small thing
license: MIT
homepage: https://tiny.example/
source:
  - url: https://tiny.example/tiny-1.0.tar.gz
    sha256: 0000000000000000000000000000000000000000000000000000000000000000
libraries:
  tiny:
    sources: ["*.c"]
    exports: ["tiny_*"]
tests:
  - name: it works
    program: {sources: [t.c], requires: [tiny]}
    args: [/in.txt]
    files: {in.txt: "source:in.txt"}
"""


def findings(text: str) -> list[str]:
    found = list(lint(decode_document(text.encode(), "recipe.yaml", Manifest)))
    assert all(finding.at is not None and finding.help for finding in found)
    return [finding.headline.removeprefix("`tiny`: ") for finding in found]


def test_a_good_recipe_has_no_findings() -> None:
    assert findings(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("description: A small thing\n", "", "no `description`"),
        ("homepage: https://tiny.example/\n", "", "no `homepage`"),
        ('version: "1.0"\n', "", "no `version`"),
        ("license: MIT\n", "", "no `license`"),
        ("license: MIT", "license: BSD", "no SPDX expression: `BSD`"),
        ('    exports: ["tiny_*"]\n', "", "library `tiny` exports everything"),
        ('["tiny_*"]', '["*"]', "library `tiny` exports everything"),
        (GOOD[GOOD.index("tests:") :], "", "no tests"),
        (
            'sources: ["*.c"]',
            'sources: ["*.c"]\n    ldflags: [--export-if=/x]',
            "a path of one machine: `--export-if=/x`",
        ),
        ("url: https://tiny.example/", "url: file:///srv/", "a path of one machine: `file:///srv/tiny-1.0.tar.gz`"),
    ],
)
def test_each_finding(old: str, new: str, said: str) -> None:
    assert old in GOOD
    assert findings(GOOD.replace(old, new, 1)) == [said]


@pytest.mark.parametrize("source", ["tiny.cc", "only_headers.c"])
def test_cxx_and_the_recipes_own_sources_may_export_everything(source: str) -> None:
    text = GOOD.replace('"*.c"', source).replace('    exports: ["tiny_*"]\n', "")
    assert findings(text + "files: {only_headers.c: only_headers.c}\n") == []


@pytest.mark.parametrize(
    ("expression", "known"),
    [
        ("MIT", True),
        ("FTL OR GPL-2.0-or-later", True),
        ("MIT AND (Apache-2.0 WITH LLVM-exception)", True),
        ("MIT AND LicenseRef-own", True),
        ("MIT AND", False),
        ("see LICENSE", False),
        ("GPL", False),
        ("MIT WITH good-will", False),
        ("", False),
    ],
)
def test_licences(expression: str, known: bool) -> None:
    assert is_spdx(expression) is known
