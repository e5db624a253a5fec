"""What the tests of the command line share: small projects, what a build left behind, and disks of their own."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from wasmbuild.selection.known import Recipes

EXAMPLES = Path(__file__).parents[2] / "examples"

# For what compiles recipes: libraries like abseil take minutes, on a slow machine many. Only what hangs reaches it.
COMPILES_RECIPES_S = 1800

# Two freestanding libraries, so that no test waits for libc: `total` calls `base`, and each has three sources.
TWO_LIBRARIES = {
    "wasmbuild.yaml": """\
name: two
defaults: {libc: none, include: [include]}
libraries:
  base:
    sources: ["src/base/*.c"]
    headers: [include/base.h]
  total:
    sources: ["src/total/*.c"]
    requires: [base]
tests:
  - {name: adds up, call: total, in: total, returns: 321}
""",
    "include/base.h": "int base_one(void);\nint base_two(void);\nint base_three(void);\n",
    "include/scale.h": "#define SCALE 10\n",
    "src/base/one.c": '#include "base.h"\n\nint base_one(void) {\n    return 1;\n}\n',
    "src/base/two.c": '#include "base.h"\n\nint base_two(void) {\n    return 2;\n}\n',
    "src/base/three.c": '#include "base.h"\n\nint base_three(void) {\n    return 3;\n}\n',
    "src/total/total.c": """\
#include "base.h"

int tens(int);
int hundreds(int);

int total(void) {
    return base_one() + tens(base_two()) + hundreds(base_three());
}
""",
    "src/total/tens.c": '#include "scale.h"\n\nint tens(int number) {\n    return SCALE * number;\n}\n',
    "src/total/hundreds.c": '#include "scale.h"\n\nint hundreds(int number) {\n    return SCALE * SCALE * number;\n}\n',
}

# A program over a library that a recipe of the project itself supplies, with its source in a directory beside it.
LOCAL_RECIPE = {
    "wasmbuild.yaml": """\
name: user
defaults: {libc: none}
requires: [given]
libraries:
  user: {sources: [user.c]}
tests:
  - {name: answers, call: answer, in: user, returns: 42}
""",
    "user.c": '#include "given.h"\n\nint answer(void) {\n    return given() + 1;\n}\n',
    "recipes/given/recipe.yaml": """\
name: given
version: "1.0"
license: MIT
source:
  - path: upstream
defaults: {libc: none}
libraries:
  given: {sources: [given.c, more*.c], headers: [given.h]}
""",
    "recipes/given/upstream/given.h": "int given(void);\nint more(void);\n",
    "recipes/given/upstream/given.c": '#include "given.h"\n\nint given(void) {\n    return 40 + more();\n}\n',
    "recipes/given/upstream/more.c": '#include "given.h"\n\nint more(void) {\n    return 1;\n}\n',
}


def outputs(directory: Path) -> dict[str, bytes]:
    """All that a build is for, by its place under build/: libraries, programs, headers, and whatever lies by them, but
    for what tells other build systems of them."""
    parts = [directory / "build" / part for part in ("lib", "bin", "include")]
    told = [directory / "build" / "lib" / part for part in ("pkgconfig", "cmake")]
    found = sorted(path for part in parts for path in part.rglob("*") if path.is_file())
    files = [path for path in found if not any(part in path.parents for part in told)]
    return {path.relative_to(directory / "build").as_posix(): path.read_bytes() for path in files}


def copy_example(name: str, to: Path) -> Path:
    """An example without what was built in its own directory."""
    return shutil.copytree(EXAMPLES / name, to / name, ignore=shutil.ignore_patterns("build"))


def copy_built(built: Path, to: Path) -> Path:
    """A project with its build directory, as if it had been built there."""
    from wasmbuild.builder.uptodate import keep, read_kept, state_path

    copied = shutil.copytree(built, to, symlinks=True)  # one leads to the compiler's own headers
    lines = read_kept(state_path(str(built / "build"))).split("\n")
    lines[0], lines[2] = "", str(copied / "build")
    keep(state_path(str(copied / "build")), "\n".join(lines))
    return copied


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that is there exactly once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def marks_for_source(recipe: str) -> tuple[pytest.MarkDecorator, ...]:
    """`network`, unless the cache has the recipe's source (or that of one of its alternatives) already."""
    from wasmbuild.builder.recipesource import recipe_sources
    from wasmbuild.selection.required import asking_for
    from wasmbuild.selection.select import select
    from wasmbuild.sources.store import Store

    store = Store.of_user()
    sources = recipe_sources(select(asking_for((recipe,), "a test"), _recipes())[-1].recipe)[""]
    hashes = [getattr(source, "sha256", "") for source in sources]
    cached = any(text and store.blob(text).is_file() for text in hashes)
    return () if cached else (pytest.mark.network,)


@cache
def _recipes() -> Recipes:
    """Read once: the collection of tests asks for nearly all of them."""
    from wasmbuild.manifest.recipes import find_recipes, recipe_directories
    from wasmbuild.selection.known import Recipes

    return Recipes(find_recipes(recipe_directories(EXAMPLES)), {})


@contextmanager
def disk(mounted_at: Path, size: str) -> Iterator[Path]:
    """A small file system of its own at a directory; skips the test where this user may not mount."""
    mounted_at.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(mounted_at)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("needs a file system of its own, and there is no `mount`")
    if done.returncode != 0:
        pytest.skip(f"needs a file system of its own: {done.stderr.strip()}")
    try:
        yield mounted_at
    finally:
        subprocess.run(["umount", "-l", str(mounted_at)], check=False)


def remount(mounted_at: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(mounted_at)], check=True)
