"""docs/javascript.md, carried out: its project is built, its code is run in Node, and prints what it says it prints."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.testing.runtimes import find_node

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "javascript.md").read_text(encoding="utf-8")

FILES = dict(re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))

EXAMPLES = re.findall(r"^```js\n(.*?)^```\n\n```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def project_directory(tmp_path_factory: pytest.TempPathFactory, run_wasmbuild: Any) -> Path:
    """Built; the package is where npm would put it."""
    directory = tmp_path_factory.mktemp("javascript_page")
    for name, text in FILES.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(text)
    (directory / "node_modules").mkdir()
    (directory / "node_modules" / "wasmbuild").symlink_to(ROOT / "javascript")
    ran = run_wasmbuild("build", cwd=directory)
    assert ran.status == 0, ran.stderr
    return directory


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example[1].splitlines()[0][:30])
def test_an_example_prints_what_the_page_says(project_directory: Path, example: tuple[str, str]) -> None:
    code, output = example
    try:
        node = find_node()
    except WasmbuildError as error:
        pytest.skip(str(error))
    script = project_directory / "example.mjs"
    script.write_text(code)
    path = f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [node, script],
        cwd=project_directory,
        env={**os.environ, "PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == output


def test_all_code_is_run() -> None:
    assert len(EXAMPLES) == PAGE.count("```js") >= 4
