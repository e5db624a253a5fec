"""Which of our scripts a bundle has, in which of its files."""

from __future__ import annotations

import re

from wasmbuild.bundle.scripts import PARTS, loader_files


def places(text: str) -> set[str]:
    """Those that a file was joined of."""
    return set(re.findall(r'^"([^"]+)": \(\(\) => \{$', text, re.MULTILINE))


def test_a_site_that_opens_nothing_and_has_no_lines_gets_one_file() -> None:
    assert list(loader_files("web", ["wasi"])) == ["loader.mjs"]


def test_what_is_rarely_needed_is_in_another_file() -> None:
    for to in ("web", "node"):
        files = loader_files(to, list(PARTS))
        first, rest = places(files["loader.mjs"]), places(files["rest.mjs"])
        assert not first & rest
        assert {"loader/program.mjs", "wasi/wasi.mjs", f"loader/{to}.mjs"} <= first
        assert {"linker/resolve.mjs", "linker/explain/findings.mjs", "loader/dl.mjs", "loader/dwarf.mjs"} <= rest
    assert "loader/dwarf.mjs" in places(loader_files("web", ["lines"])["rest.mjs"])


def test_what_nothing_in_a_bundle_needs_is_not_in_it() -> None:
    least = places(loader_files("web", [])["loader.mjs"])
    whole = places("".join(loader_files("web", list(PARTS)).values()))
    gone = {"wasi/wasi.mjs", "wasi/tree.mjs", "loader/stubmodules.mjs", "loader/uncaught.mjs", "loader/dl.mjs"}
    assert gone <= whole - least
    assert "loader/process.mjs" in least
