"""Libraries that belong together, in one process: what one writes, another reads, and what several compute is the same.

Each directory of `tests/families` is a project with a program, and tests that say what it prints.
"""

import shutil
from pathlib import Path

import pytest
from cliprojects import COMPILES_RECIPES_S

FAMILIES = sorted((Path(__file__).parents[1] / "families").iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("family", [pytest.param(path, id=path.name) for path in FAMILIES])
def test_a_family_of_libraries_works_together(family, tmp_path, libc, run_wasmbuild):
    shutil.copytree(family, tmp_path / family.name)
    ran = run_wasmbuild("test", cwd=tmp_path / family.name, timeout_s=COMPILES_RECIPES_S)
    assert ran.status == 0, ran.stdout + ran.stderr
    assert ran.stdout.splitlines()[-1].endswith(" passed, 0 failed")
