"""Bytes of recipes' shared libraries against emcc's side modules of the same sources, with the same definitions, levels
of optimisation and exports. Recipes in C that require no other; what emcc does not compile is named.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import geometric_mean

from benchmarks import emscripten
from benchmarks.figures import Figure
from benchmarks.measure import Table, environment, run, scratch, wasmbuild
from benchmarks.projects import compiled, of_recipe
from wasmbuild.builder.resolved import cxx_patterns
from wasmbuild.manifest.outputs import has_output, output_name
from wasmbuild.manifest.recipes import Known, find_recipes, read_recipe, recipe_directories
from wasmbuild.selection.required import for_users
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode

GOAL_EACH, GOAL_MEAN = 1.10, 1.00
_OF_THE_LINKER = frozenset(("__wasm_call_ctors", "__wasm_apply_data_relocs", "_initialize"))


def main() -> list[Figure]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks module_sizes", description=__doc__)
    parser.add_argument("--recipes", metavar="NAME,…", help="these; else all that it can be done for")
    parser.add_argument("--profile", default="release", help="ours; emcc has the same -O")
    parser.add_argument("-j", dest="jobs", type=int, default=2, metavar="N", help="commands at once")
    chosen = parser.parse_args()
    if not emscripten.is_here():
        print("\nmodule_sizes: emcc is missing, so there is nothing to compare with")
        return []
    known = find_recipes(recipe_directories(None))
    names = chosen.recipes.split(",") if chosen.recipes else list(_comparable(known))
    table = Table("Shared libraries and emcc's side modules, bytes", "", "ours", "emcc's", "ratio", "goal")
    ratios: dict[str, float] = {}
    bare: list[float] = []
    for name in names:
        with scratch() as directory:
            env = environment(directory)
            project = of_recipe(name, Path(directory, name))
            run((*wasmbuild(), "build", "--profile", chosen.profile, "-j", str(chosen.jobs)), project, env)
            for file, target in _libraries(known, name).items():
                library = project / "build" / "lib" / file
                side = _side_module(project, target, _exports(library), env)
                if side is None:
                    table.add(file, f"{library.stat().st_size:,}", "does not compile", "", "")
                    continue
                theirs = side.stat().st_size
                ratios[file] = library.stat().st_size / theirs
                bare.append(_without_names_bytes(library) / _without_names_bytes(side))
                ours = f"{library.stat().st_size:,}"
                table.add(file, ours, f"{theirs:,}", f"{ratios[file]:.3f}", f"≤ {GOAL_EACH}")
    table.print()
    if not ratios:
        return []
    each = [
        Figure("module_sizes", f"{file} / emcc's side module", (ratio,), at_most=GOAL_EACH)
        for file, ratio in ratios.items()
    ]
    mean = Figure("module_sizes", "geometric mean", (geometric_mean(ratios.values()),), at_most=GOAL_MEAN)
    return [
        *each,
        mean,
        Figure("module_sizes", "geometric mean, names of functions left out of both", (geometric_mean(bare),)),
    ]


def _comparable(known: Known) -> Iterator[str]:
    for name in sorted(known):
        recipe = read_recipe(known[name], known)
        manifest = for_users(recipe).value
        targets = manifest.libraries.values()
        plain = manifest.build is None and targets and not any(target.requires for target in targets)
        if plain and not cxx_patterns(manifest) and name not in ("libc", "libcxx"):
            yield name


def _libraries(known: Known, name: str) -> dict[str, str]:
    """File → target."""
    libraries = for_users(read_recipe(known[name], known)).value.libraries
    return {output_name(each, library): each for each, library in libraries.items() if has_output(library)}


def _exports(library: Path) -> list[str]:
    return [each.name for each in decode(library.read_bytes()).exports if each.name not in _OF_THE_LINKER]


def _without_names_bytes(module: Path) -> int:
    data = module.read_bytes()
    return len(data) - sum(
        each.size_bytes for each in decode(data).sections if each.id == 0 and each.name == abi.NAME_SECTION
    )


def _side_module(project: Path, target: str, exports: Sequence[str], env: Mapping[str, str]) -> Path | None:
    """What emcc makes of a library's sources; None where it does not take one of them."""
    directory = project / "emcc" / target
    directory.mkdir(parents=True)
    objects = []
    for number, (source, flags) in enumerate(compiled(project, target)):
        object_ = directory / f"{number}.o"
        if not _emcc(project, env, "-fPIC", "-c", source, "-o", str(object_), *flags):
            return None
        objects.append(str(object_))
    response = directory / "exports.json"
    response.write_text(json.dumps([f"_{name}" for name in exports]))
    side = directory / "side.wasm"
    flags = ("-sSIDE_MODULE=2", f"-sEXPORTED_FUNCTIONS=@{response}", "-o", str(side))
    return side if _emcc(project, env, *objects, *flags) else None


def _emcc(directory: Path, env: Mapping[str, str], *arguments: str) -> bool:
    command = ("emcc", *emscripten.FLAGS, *arguments)
    return subprocess.run(command, cwd=directory, env=env, capture_output=True, check=False).returncode == 0
