"""The projects that are measured, made in temporary directories: an example, a recipe as a project, many files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import yaml

from wasmbuild.builder.project import MANIFEST_FILE
from wasmbuild.builder.recipesource import fetch_source, prepare_source
from wasmbuild.builder.ziglang import ziglang_directory
from wasmbuild.manifest.recipes import find_recipes, read_recipe, recipe_directories
from wasmbuild.progress import Silent
from wasmbuild.selection.required import Required
from wasmbuild.sources.source import RequiredBy
from wasmbuild.sources.store import Store

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def of_example(name: str, directory: Path) -> Path:
    """A copy of an example, without what was built in it."""
    shutil.copytree(EXAMPLES / name, directory, ignore=shutil.ignore_patterns("build"))
    return directory


def of_streams(directory: Path) -> Path:
    """The smallest program in C++ with a stream: libc++.so is loaded, with the constructors of all its streams."""
    directory.mkdir(parents=True)
    text = '#include <iostream>\n\nint main() { std::cout << "hello\\n"; }\n'
    (directory / "main.cpp").write_text(text, encoding="utf-8")
    manifest = {"name": "streams", "programs": {"streams": {"sources": ["main.cpp"]}}}
    (directory / MANIFEST_FILE).write_text(yaml.safe_dump(manifest, sort_keys=False), encoding="utf-8")
    return directory


def of_recipe(name: str, directory: Path) -> Path:
    """A recipe's libraries and programs as a project of its own, over its sources from the cache (or from upstream,
    once): so that compiling it goes through the whole front end, instead of being done once for everybody."""
    known = find_recipes(recipe_directories(None))
    recipe = read_recipe(known[name], known)
    store, required = Store.of_user(), Required(recipe, RequiredBy("a benchmark"))
    archive = fetch_source(required, store, ziglang_directory() / "lib", offline=False, progress=Silent())
    prepare_source(recipe, archive, directory)
    # As it was read: with what its options say where nobody chooses.
    manifest = _written(msgspec.to_builtins(recipe.document.value))
    for key in ("source", "components", "patches", "files", "options", "tests", "test_libraries", "test_defaults"):
        manifest.pop(key, None)
    (directory / MANIFEST_FILE).write_text(yaml.safe_dump(manifest, sort_keys=False), encoding="utf-8")
    return directory


def _written(value: Any, key: str = "") -> Any:
    """As somebody would write it: what says nothing is left out. A definition may have no value."""
    if isinstance(value, dict):
        kept = value.items() if key == "defines" else ((name, each) for name, each in value.items() if each is not None)
        return {name: _written(each, name) for name, each in kept}
    return [_written(each) for each in value] if isinstance(value, list | tuple) else value


def compiled(project: Path, target: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each source of a library that was built, and of the flags that it was compiled with those that are its own, and
    not the toolchain's: for another compiler."""
    for command in json.loads((project / "build" / "compile_commands.json").read_bytes()):
        if command["output"].startswith(f"build/obj/library-{target}/"):
            yield command["file"], tuple(_own_flags(command["arguments"]))


def _own_flags(arguments: Sequence[str]) -> Iterator[str]:
    for before, word in pairwise(arguments):
        if word.startswith(("-D", "-U", "-I", "-O", "-std=")) and not word.startswith("-D_WASI_EMULATED"):
            yield word
        elif before == "-include" or (before == "-isystem" and word.startswith("build/include")):
            yield from (before, word)


def of_many_files(count: int, directory: Path) -> Path:
    """A library of `count` small C files that need no libc."""
    source = directory / "src"
    source.mkdir(parents=True)
    for number in range(count):
        text = f"int f{number:04}(int x) {{ return x * {number} + 1; }}\n"
        (source / f"f{number:04}.c").write_text(text, encoding="utf-8")
    manifest = {
        "name": "many",
        "defaults": {"libc": "none"},
        "libraries": {"many": {"sources": ["src/*.c"], "exports": ["f*"]}},
    }
    (directory / MANIFEST_FILE).write_text(yaml.safe_dump(manifest, sort_keys=False), encoding="utf-8")
    return directory


def of_large(files: int, libraries: int, directory: Path) -> Path:
    """`files` C files in `libraries` libraries, each of which requires the one before it; each file has work for a
    compiler, and three headers of its library. Nothing needs libc."""
    manifest: dict[str, dict[str, object]] = {}
    for library in range(libraries):
        source = directory / f"l{library}"
        source.mkdir(parents=True)
        for header in range(3):
            (source / f"h{header}.h").write_text(f"#pragma once\nenum {{ h{header}_of_{library} = {header} }};\n")
        for number in range(files // libraries):
            name = f"l{library}_f{number}"
            steps = "".join(f"  x = x * {number + step} + (x >> {step % 31}) + h{step % 3};\n" for step in range(40))
            includes = "".join(f'#include "h{header}.h"\n' for header in range(3))
            text = f"{includes}unsigned {name}(unsigned x);\nunsigned {name}(unsigned x) {{\n{steps}  return x;\n}}\n"
            for header in range(3):
                text = text.replace(f"+ h{header};", f"+ h{header}_of_{library};")
            (source / f"f{number}.c").write_text(text)
        requires = [f"l{library - 1}"] if library else []
        manifest[f"l{library}"] = {"sources": [f"l{library}/*.c"], "requires": requires}
    whole = {"name": "large", "defaults": {"libc": "none"}, "libraries": manifest}
    (directory / MANIFEST_FILE).write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
    return directory


def of_libraries(count: int, directory: Path, called: int | None = None, lazy: bool = False) -> Path:
    """A program over `count` small libraries, each with functions, data and a use of the C library. It calls `called`
    of them, and where it has an argument, all."""
    source = directory / "src"
    source.mkdir(parents=True)
    for number in range(count):
        text = (
            "#include <string.h>\n"
            f'const char *name{number}(void) {{ return "library {number}"; }}\n'
            f"int length{number}(void) {{ return (int)strlen(name{number}()); }}\n"
        )
        (source / f"l{number}.c").write_text(text, encoding="utf-8")
    declared = "".join(f"int length{number}(void);\n" for number in range(count))
    some, rest = (
        [f"length{number}()" for number in part] for part in (range(called or count), range(called or count, count))
    )
    summed = " + ".join([*some, *([f"(argc > 1 ? {' + '.join(rest)} : 0)"] if rest else [])])
    body = f'{{ printf("%d\\n", {summed}); return argv != 0 && argc < 0; }}'
    main = f"#include <stdio.h>\n{declared}int main(int argc, char **argv) {body}\n"
    (source / "main.c").write_text(main, encoding="utf-8")
    libraries = {f"l{n}": {"sources": [f"src/l{n}.c"], "exports": [f"name{n}", f"length{n}"]} for n in range(count)}
    requires = [{"name": name, "lazy": True} if lazy else name for name in libraries]
    program = {"sources": ["src/main.c"], "requires": requires}
    manifest = {"name": "thirty", "libraries": libraries, "programs": {"thirty": program}}
    (directory / MANIFEST_FILE).write_text(yaml.safe_dump(manifest, sort_keys=False), encoding="utf-8")
    return directory
