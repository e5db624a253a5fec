"""Every recipe, one after the other: what it costs to build, what comes out, and what its tests say.

In a cache that has the sources and nothing else. A recipe is built when all that it requires has been, so its seconds
are its own; they are the processor's, because other work on a machine lengthens these less. What was found is kept in
libraries.json, a recipe at a time, and docs/libraries.md is written from that and from the recipes themselves.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from benchmarks.clean_build import counting_cpu
from benchmarks.librariespage import Built, Measured, page
from benchmarks.measure import environment, run, scratch, wasmbuild
from wasmbuild.builder.project import MANIFEST_FILE
from wasmbuild.manifest.recipes import Known, find_recipes, read_recipe, shipped
from wasmbuild.selection.known import resolve
from wasmbuild.selection.required import for_users
from wasmbuild.sources.store import Store

KEPT = Path(__file__).with_suffix(".json")
PAGE = Path(__file__).resolve().parents[1] / "docs" / "libraries.md"
RUNTIME = {"libc": "main.c", "libcxx": "main.cc"}
"""Recipes that nobody requires by name: a program in their language is what has them built."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.libraries")
    parser.add_argument("--recipes", metavar="NAME,…", help="these, with what they require; all without it")
    parser.add_argument("--missing", action="store_true", help="of these, those whose version has no figures yet")
    parser.add_argument("--write", action="store_true", help="measure nothing: write the page anew")
    parser.add_argument("-j", dest="jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="commands at once")
    chosen = parser.parse_args()
    known = find_recipes((shipped("recipes"),))
    wanted = chosen.recipes.split(",") if chosen.recipes else list(known)
    if chosen.missing:
        there = kept()
        wanted = [each for each in wanted if each not in there or there[each].version != version_of(each, known)]
    if not chosen.write:
        with scratch() as directory:
            env = {**environment(directory), "WASMBUILD_CACHE": str(cache_of_sources(Path(directory, "cache")))}
            failed = []
            for name in in_order_of_need(wanted, known):
                try:
                    keep(name, measure(name, known, Path(directory), env, chosen.jobs))
                except SystemExit as failure:
                    print(f"{name}: {failure}", flush=True)
                    failed.append(name)
            if failed:
                raise SystemExit(f"not measured: {', '.join(failed)}")
    PAGE.write_text(page(known, kept()), encoding="utf-8")


def kept() -> Mapping[str, Measured]:
    return msgspec.json.decode(KEPT.read_bytes(), type=dict[str, Measured]) if KEPT.is_file() else {}


def keep(name: str, found: Measured) -> None:
    """A line a recipe."""
    rows = sorted({**kept(), name: found}.items())
    lines = ",\n".join(f"{json.dumps(key)}: {msgspec.json.encode(row).decode()}" for key, row in rows)
    KEPT.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def version_of(name: str, known: Known) -> str:
    return read_recipe(known[name], known).version


def cache_of_sources(directory: Path) -> Path:
    """A cache of its own, with the sources of the user's; what is not among these is fetched into it."""
    directory.mkdir(mode=0o700)
    theirs = Store.of_user().root / "sources"
    if theirs.is_dir():
        subprocess.run(["cp", "-rl", theirs, directory], check=False)
    return directory


def in_order_of_need(wanted: Sequence[str], known: Known) -> list[str]:
    """libc and libc++ first: everything requires these."""
    found = list(RUNTIME)
    for name in wanted:
        document = for_users(read_recipe(known[name], known))
        found += [each.recipe.name for each in resolve(document, known, name)] + [name]
    return list(dict.fromkeys(found))


def measure(name: str, known: Known, directory: Path, env: Mapping[str, str], jobs: int) -> Measured:
    project = directory / name
    project.mkdir()
    source = RUNTIME.get(name)
    user = {"programs": {"user": {"sources": [source]}}} if source else {"requires": [name]}
    (project / MANIFEST_FILE).write_text(json.dumps({"name": "user", **user}), encoding="utf-8")
    if source:
        (project / source).write_text("int main() { return 0; }\n", encoding="utf-8")
    spent_s: list[float] = []
    run((*wasmbuild(), "recipe", "fetch", name), project, env)
    counting_cpu(partial(run, (*wasmbuild(), "build", "-j", str(jobs)), project, env), spent_s)()
    shown = json.loads(run((*wasmbuild(), "recipe", "show", name, "--json"), project, env))
    passed, ran = (0, 0) if source else tests(name, project, env, jobs)
    tested = Path(env["WASMBUILD_CACHE"], "recipe-tests", name)
    lines = 0 if source else lines_of(tested)
    shutil.rmtree(tested, ignore_errors=True)  # seventy of these are some gigabytes
    found = Measured(
        version=version_of(name, known),
        date=datetime.now(UTC).date().isoformat(),
        libraries=tuple(Built(each["library"], each["size_bytes"], each["exports"]) for each in shown["built"]),
        passed=passed,
        ran=ran,
        cpu_s=round(spent_s[0], 1),
        source_lines=lines,
    )
    print(f"{name}: {found}", flush=True)
    return found


def tests(name: str, project: Path, env: Mapping[str, str], jobs: int) -> tuple[int, int]:
    """How many passed of how many ran, besides that each library loads."""
    command = (*wasmbuild(), "recipe", "test", name, "-j", str(jobs))
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=False)
    outcomes = re.findall(r"^test (?!loads ).* \.\.\. (ok|FAILED|ERROR|failed|error)\b", done.stdout, re.MULTILINE)
    if done.returncode != 0:
        print(f"{name}: exit status {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}", flush=True)
    return outcomes.count("ok"), len(outcomes)


def lines_of(tested: Path) -> int:
    """Of the sources that its libraries are compiled from; none where upstream's own build compiles them."""
    commands = tested / "build" / "compile_commands.json"
    edges = json.loads(commands.read_bytes()) if commands.is_file() else []
    of_libraries = {each["file"] for each in edges if "/obj/library-" in each["output"]}
    return sum((tested / "src" / file).read_bytes().count(b"\n") for file in of_libraries)


if __name__ == "__main__":
    main()
