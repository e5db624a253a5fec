"""A trap of a program that was built for debugging says where it was in the source, wherever it is reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

FILES = {
    "wasmbuild.yaml": """
name: lines
libraries:
  sums: {sources: [src/sums.c], exports: ["*"]}
programs:
  main: {sources: [src/main.c], requires: [sums]}
tests:
  - {name: ends, run: main}
  - {name: answers, call: divide, in: sums, args: [1, 0], returns: 0}
""",
    "src/sums.c": "int divide(int a, int b) {\n  return a\n    / b;\n}\n",
    "src/main.c": "int divide(int, int);\nint main(int argc, char **argv) {\n  return divide(1, argc - 1);\n}\n",
}


def test_run_and_test_say_file_and_line(
    tmp_path: Path, project: Callable[..., Path], run_wasmbuild: Callable[..., Any]
) -> None:
    project(tmp_path, FILES)
    ran = run_wasmbuild("run", "--profile", "debug", "main", cwd=tmp_path)
    assert ran.status == 134
    assert "at src/sums.c:3" in ran.stderr
    assert "at src/main.c:3" in ran.stderr
    tested = run_wasmbuild("test", "--profile", "debug", cwd=tmp_path)
    assert (tested.stdout + tested.stderr).count("at src/sums.c:3") == 2
    released = run_wasmbuild("run", "main", cwd=tmp_path)
    assert "divide  (libsums.so" in released.stderr
    assert " at src" not in released.stderr
