"""Which of our scripts a bundle has, in which of its files."""

from __future__ import annotations

import re

from wasmbuild.bundle.scripts import loader_files


def places(text: str) -> set[str]:
    """Those that a file was joined of."""
    return set(re.findall(r'^"([^"]+)": \(\(\) => \{$', text, re.MULTILINE))


def test_a_site_that_opens_nothing_and_has_no_lines_gets_one_file() -> None:
    assert list(loader_files("web", may_open=False, has_lines=False)) == ["loader.mjs"]


def test_what_is_rarely_needed_is_in_another_file() -> None:
    for to in ("web", "node"):
        files = loader_files(to, may_open=True, has_lines=True)
        first, rest = places(files["loader.mjs"]), places(files["rest.mjs"])
        assert not first & rest
        assert {"loader/program.mjs", "wasi/wasi.mjs", f"loader/{to}.mjs"} <= first
        assert {"linker/resolve.mjs", "linker/explain/findings.mjs", "loader/dl.mjs", "loader/dwarf.mjs"} <= rest
    assert "loader/dwarf.mjs" in places(loader_files("web", may_open=False, has_lines=True)["rest.mjs"])
