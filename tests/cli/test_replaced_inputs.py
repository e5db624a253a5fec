"""Inputs that are replaced by others which are not newer: ninja sees no change, and a build does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cliprojects import edit, outputs


def replace_by_an_older(path: Path, old: str, new: str) -> None:
    edit(path, old, new)
    os.utime(path, ns=(10**18, 10**18))


@pytest.fixture
def settled(two, run_wasmbuild):
    """Built, with sources that are not so new that their next change might not show."""
    for path in two.rglob("*.[ch]"):
        os.utime(path, ns=(2 * 10**18 // 2 - 5, 10**18 - 5))
    for _ in range(2):
        assert run_wasmbuild("build", cwd=two).status == 0
    assert run_wasmbuild("build", cwd=two).stderr == "nothing to do\n"
    return two


@pytest.mark.parametrize(
    ("file", "old", "new", "compiled"),
    [
        ("src/base/one.c", "return 1;", "return 7;", {"src/base/one.c"}),
        ("include/scale.h", "SCALE 10", "SCALE 20", {"src/total/tens.c", "src/total/hundreds.c"}),
    ],
)
def test_a_source_or_a_header_with_an_older_time_is_compiled(settled, run_wasmbuild, file, old, new, compiled):
    before = outputs(settled)
    replace_by_an_older(settled / file, old, new)
    ran = run_wasmbuild("build", cwd=settled)
    assert ran.status == 0, ran.stderr
    assert {step.removeprefix("compile ") for step in ran.steps if step.startswith("compile ")} == compiled
    assert outputs(settled) != before
    assert run_wasmbuild("build", cwd=settled).stderr == "nothing to do\n"


def test_a_run_of_a_test_sees_it_too(settled, run_wasmbuild):
    replace_by_an_older(settled / "src/base/one.c", "return 1;", "return 2;")
    ran = run_wasmbuild("test", cwd=settled)
    assert "1 failed" in ran.stdout


def test_a_header_that_is_installed_is_replaced(settled, run_wasmbuild):
    header = settled / "include/base.h"
    replace_by_an_older(header, "int base_three(void);", "int base_three(void); /* third */")
    assert run_wasmbuild("build", cwd=settled).status == 0
    assert (settled / "build/include/base.h").read_text() == header.read_text()


def test_a_library_that_is_there_already_is_replaced(tmp_path, settled, project, run_wasmbuild):
    root = project(tmp_path / "user", {"wasmbuild.yaml": "name: u\nlibraries: {base: {prebuilt: base.so}}\n"})
    built = (settled / "build/lib/libbase.so").read_bytes()
    (root / "base.so").write_bytes(built)
    os.utime(root / "base.so", ns=(10**18, 10**18))
    for _ in range(2):
        assert run_wasmbuild("build", cwd=root).status == 0
    changed = built + b"\0\x02\x01x"  # a custom section
    (root / "base.so").write_bytes(changed)
    os.utime(root / "base.so", ns=(10**18 - 7, 10**18 - 7))
    assert run_wasmbuild("build", cwd=root).status == 0
    assert (root / "build/lib/base.so").read_bytes() == changed
