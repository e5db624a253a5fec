"""Many builds over one cache, killed at random or started together: none of them is wrong, and nothing is left over."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from cliprojects import outputs
from test_bad_environment import MANY_STEPS

from wasmbuild.sources.seal import damage
from wasmbuild.sources.store import STALE_AFTER_S

pytestmark = pytest.mark.slow

KILLS = 25

WITH_LIBC = {
    "wasmbuild.yaml": """\
name: hello
requires: [given]
programs:
  hello: {sources: [hello.c]}
tests:
  - {name: greets, run: hello, stdout: "hello\\n"}
""",
    **{name: text for name, text in MANY_STEPS.items() if name.startswith("recipes/")},
    "hello.c": '#include <stdio.h>\n\nint main(void) {\n    puts("hello");\n    return 0;\n}\n',
}


def temporaries(cache: Path) -> list[Path]:
    return sorted(cache.rglob(".tmp-*"))


def entries(cache: Path) -> list[Path]:
    return [path for part in ("libraries", "runtime") for path in (cache / part).glob("[!.]*") if path.is_dir()]


def two_days_later(cache: Path) -> None:
    """What is in the cache gets older; nothing else changes."""
    before = time.time() - 2 * STALE_AFTER_S
    for path in (*temporaries(cache), cache / ".tidied"):
        os.utime(path, (before, before))


@pytest.mark.parametrize("seed", range(2))
def test_builds_that_are_killed_at_random_over_one_cache(seed, tmp_path, project, start_wasmbuild, run_wasmbuild):
    chance = random.Random(seed)
    expected_in = project(tmp_path / "expected", MANY_STEPS)
    started = time.monotonic()
    built = run_wasmbuild("build", cwd=expected_in, env={"WASMBUILD_CACHE": str(tmp_path / "another cache")})
    longest_s = time.monotonic() - started
    assert built.status == 0, built.stderr
    expected = outputs(expected_in)
    cache = tmp_path / "cache"
    env = {"WASMBUILD_CACHE": str(cache)}
    directories = [project(tmp_path / f"project{number}", MANY_STEPS) for number in range(3)]
    for _ in range(KILLS):
        running = [
            start_wasmbuild("build", cwd=directory, env=env)
            for directory in chance.sample(directories, chance.randrange(1, 3))
        ]
        for process in running:
            time.sleep(chance.uniform(0, longest_s / 2))
            whole_group = chance.random() < 0.5
            with suppress(ProcessLookupError):  # it may have ended
                (os.killpg if whole_group else os.kill)(process.pid, signal.SIGKILL)
        for process in running:
            process.communicate(timeout=60)
        for entry in entries(cache):
            assert damage(entry) is None
        if chance.random() < 0.1:  # what was built is of no use to the next ones
            for entry in entries(cache):
                entry.rename(tmp_path / f"away-{os.urandom(4).hex()}")
    for directory in directories:
        last = run_wasmbuild("build", cwd=directory, env=env)
        assert last.status == 0, last.stderr
        assert outputs(directory) == expected
    two_days_later(cache)
    shutil.rmtree(cache / "builds")
    assert run_wasmbuild("build", cwd=directories[0], env=env).status == 0
    assert temporaries(cache) == []


def test_ten_builds_at_once_over_one_cold_cache(tmp_path, project, start_wasmbuild):
    cache = tmp_path / "cache"
    directories = [project(tmp_path / f"project{number}", WITH_LIBC) for number in range(10)]
    env = {"WASMBUILD_CACHE": str(cache)}
    running = [start_wasmbuild("build", cwd=directory, env=env) for directory in directories]
    for process in running:
        _, stderr = process.communicate(timeout=900)
        assert process.returncode == 0, stderr
    first, *others = map(outputs, directories)
    assert {"bin/hello.wasm", "lib/libc.so", "lib/libgiven.so"} <= set(first)
    assert all(other == first for other in others)
    assert len(entries(cache)) == 3  # libc, its start code, and the recipe, each once
    assert temporaries(cache) == []
