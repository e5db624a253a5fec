"""docs/python.md, carried out: its project is built, its code is run, and prints what it says it prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")

FILES = dict(re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))

EXAMPLES = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

WITH_ZLIB = [example for example in EXAMPLES if "libz.so" in example[0]]
WITHOUT = [example for example in EXAMPLES if example not in WITH_ZLIB]


def build(directory: Path, run_wasmbuild: Any, requires: str = "") -> Path:
    for name, text in FILES.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text + (requires if name == "wasmbuild.yaml" else ""))
    ran = run_wasmbuild("build", "--profile", "debug", cwd=directory)
    assert ran.status == 0, ran.stderr
    return directory


def run(example: tuple[str, str], directory: Path) -> None:
    code, output = example
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=directory, capture_output=True, encoding="utf-8", check=False
    )
    assert done.stderr == ""
    assert done.stdout == output


@pytest.fixture(scope="module")
def project_directory(tmp_path_factory: pytest.TempPathFactory, run_wasmbuild: Any) -> Path:
    return build(tmp_path_factory.mktemp("python_page"), run_wasmbuild)


@pytest.mark.parametrize("example", WITHOUT, ids=lambda example: example[1].splitlines()[0][:30])
def test_an_example_prints_what_the_page_says(project_directory: Path, example: tuple[str, str]) -> None:
    run(example, project_directory)


@pytest.mark.network
def test_zlib_from_python(tmp_path: Path, run_wasmbuild: Any) -> None:
    requires = "  uses_zlib: {sources: [src/demo.c], requires: [zlib]}\n"
    directory = build(tmp_path, run_wasmbuild, requires)
    assert len(WITH_ZLIB) == 1
    run(WITH_ZLIB[0], directory)


def test_all_code_is_run() -> None:
    assert len(EXAMPLES) == PAGE.count("```python") >= 6
    assert set(FILES) == {"wasmbuild.yaml", "src/demo.c"}
