"""A project that requires eight recipes, whose sources are in the cache: cold, and again.

Cold: all eight are unpacked, compiled, linked, checked and published, against one ninja with the same `-j` that runs
their compile and link commands (clang and wasm-ld alone), all in one graph. Again: the eight are taken from the cache,
against the same project without them. And what a hundred recipes cost a build with nothing to do that requires none.
"""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path

from benchmarks.clean_build import bare_edges, counting_cpu
from benchmarks.measure import (
    Table,
    difference,
    environment,
    milliseconds,
    options,
    ratio,
    run,
    scratch,
    seconds,
    take_turns,
    wasmbuild,
)
from benchmarks.nothing_to_do import build_until_nothing_to_do
from benchmarks.projects import of_recipe
from wasmbuild.builder.runninja import find_ninja
from wasmbuild.sources.store import Store

RECIPES = ("zlib", "libpng", "brotli", "freetype", "zstd", "expat", "libxml2", "sqlite")
COLD_GOAL, AGAIN_GOAL_S = 1.1, 0.5
UNUSED = 100
QUICK_RUNS = 21


def main() -> None:
    chosen = options(__doc__, runs=3)
    with scratch() as directory:
        cache = cache_with_sources(Path(directory, "cache"))
        env = {**environment(directory), "WASMBUILD_CACHE": str(cache)}
        build = (*wasmbuild(), "build", "-j", str(chosen.jobs))
        user, alone = project(Path(directory, "user"), RECIPES), project(Path(directory, "alone"), ())
        for each in (user, alone):
            run(build, each, env)
        bare = write_bare(Path(directory, "bare"), env, build)
        cold = measure_cold(chosen.runs, chosen.jobs, user, bare, cache, env, build)
        again = take_turns(
            {"eight recipes": partial(run, build, user, env), "none": partial(run, build, alone, env)},
            QUICK_RUNS,
            before=partial(clean, user, alone),
        )
        many, none = project(Path(directory, "many"), (), UNUSED), project(Path(directory, "none"), ())
        for each in (many, none):
            build_until_nothing_to_do(each, env, chosen.jobs)
        idle = take_turns(
            {"a hundred": partial(run, build, many, env), "none": partial(run, build, none, env)}, QUICK_RUNS * 2
        )
    table = Table(
        f"Eight recipes, cold, -j {chosen.jobs} ({chosen.runs} in turns)", "", "ours", "bare", "ratio", "goal"
    )
    for name, (ours, other) in cold.items():
        table.add(name, seconds(ours), seconds(other), f"{ratio(ours, other):.3f}", f"≤ {COLD_GOAL}")
    table.print()
    table = Table(f"The same from the cache ({QUICK_RUNS} in turns)", "", "time", "difference", "goal")
    over_s = difference(again["eight recipes"], again["none"])
    table.add("eight recipes", seconds(again["eight recipes"]), f"{over_s:+.2f} s", f"≤ {AGAIN_GOAL_S} s")
    table.add("none", seconds(again["none"]), "", "")
    table.print()
    table = Table(f"Nothing to do, with {UNUSED} recipes that are not required", "", "time", "difference")
    over_ms = difference(idle["a hundred"], idle["none"]) * 1e3
    table.add("a hundred", milliseconds(idle["a hundred"]), f"{over_ms:+.1f} ms")
    table.add("none", milliseconds(idle["none"]), "")
    table.print()


def measure_cold(
    runs: int, jobs: int, user: Path, bare: Path, cache: Path, env: dict[str, str], build: tuple[str, ...]
) -> dict[str, tuple[list[float], list[float]]]:
    ninja = (find_ninja(), "-f", "bare.ninja", "-j", str(jobs))
    cpu: dict[str, list[float]] = {"ours": [], "bare": []}

    def before() -> None:
        clean(user, bare, *(bare / name for name in RECIPES))
        for entry in Path(cache, "libraries").iterdir():
            if entry.name.startswith(tuple(f"{name}-" for name in RECIPES)) and entry.is_dir():
                shutil.rmtree(entry)

    sides = {
        "ours": counting_cpu(partial(run, build, user, env), cpu["ours"]),
        "bare": counting_cpu(partial(run, ninja, bare, env), cpu["bare"]),
    }
    times = take_turns(sides, runs, before=before, warm_up=0)
    # What the bare side links against is in the cache, until the next turn.
    return {"time": (times["ours"], times["bare"]), "processor time": (cpu["ours"], cpu["bare"])}


def clean(*directories: Path) -> None:
    for directory in directories:
        shutil.rmtree(directory / "build", ignore_errors=True)
        (directory / ".ninja_log").unlink(missing_ok=True)


def cache_with_sources(directory: Path) -> Path:
    """A cache of its own, with the user's sources and libc."""
    theirs = Store.of_user().root
    directory.mkdir(mode=0o700)
    shutil.copytree(theirs / "sources", directory / "sources", copy_function=_link)
    for name in ("runtime", "libraries"):
        for entry in theirs.joinpath(name).iterdir() if theirs.joinpath(name).is_dir() else ():
            if entry.is_dir() and (name == "runtime" or entry.name.startswith("libc")):
                shutil.copytree(entry, directory / name / entry.name, copy_function=_link)
    return directory


def _link(source: str, destination: str) -> None:
    try:
        os.link(source, destination)
    except OSError:
        shutil.copy2(source, destination)


def project(directory: Path, requires: tuple[str, ...], unused: int = 0) -> Path:
    """A program that prints a line, and recipes beside it that nobody requires."""
    directory.mkdir()
    listed = ", ".join(requires)
    text = f"name: user\nrequires: [{listed}]\nprograms:\n  user: {{sources: [main.c]}}\n"
    (directory / "wasmbuild.yaml").write_text(text)
    (directory / "main.c").write_text('#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n')
    for number in range(unused):
        recipe = directory / "recipes" / f"unused{number}"
        recipe.mkdir(parents=True)
        said = f"name: unused{number}\nversion: '1'\nsource: [{{path: src}}]\n"
        (recipe / "recipe.yaml").write_text(f"{said}libraries:\n  u{number}: {{sources: ['*.c']}}\n")
    return directory


def write_bare(directory: Path, env: dict[str, str], build: tuple[str, ...]) -> Path:
    """One `bare.ninja` for the compile and link commands of all recipes, each in its own source tree."""
    lines = ["builddir = build", "rule run\n  command = cd $directory && $run"]
    for name in RECIPES:
        ours, bare = of_recipe(name, directory.with_name(f"made-{name}")), of_recipe(name, directory / name)
        run(build, ours, env)
        for edge in bare_edges(ours, bare, env):
            # What it needs of other recipes is in the cache.
            inputs = " ".join(f"{name}/{path}" for path in edge.inputs if not path.startswith("/"))
            run_ = edge.command.replace("$", "$$")
            lines.append(f"build {name}/{edge.output}: run {inputs}\n  directory = {name}\n  run = {run_}")
            (bare / edge.output).parent.mkdir(parents=True, exist_ok=True)
    (directory / "bare.ninja").write_text("\n".join([*lines, ""]))
    return directory


if __name__ == "__main__":
    main()
