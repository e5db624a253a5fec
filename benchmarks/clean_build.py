"""A clean `wasmbuild build` of Lua, against ninja running the very same clang and wasm-ld commands.

Ours reads the manifest, finds the compiler, writes `build.ninja`, compiles, reads every object, links, and checks the
link; the other side has it all written down. Both have the same `-j`, and everything is in the file cache.
"""

from __future__ import annotations

import os
import shlex
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure, ratios
from benchmarks.measure import (
    Side,
    Table,
    difference,
    environment,
    options,
    ratio,
    run,
    scratch,
    seconds,
    take_turns,
    wasmbuild,
)
from benchmarks.projects import of_recipe
from wasmbuild.builder.linkspec import LinkSpec, read_link_spec
from wasmbuild.builder.runninja import find_ninja

GOAL = 1.08
RECIPE = "lua"
TOOLCHAIN = Path("build/toolchain")
"""What compile commands name: the compiler by a name that is the same on every machine, and headers."""

WARM_UP = 1


def main() -> list[Figure]:
    chosen = options(__doc__, runs=11)
    with scratch() as directory:
        env = environment(directory)
        ours, bare = of_recipe(RECIPE, Path(directory, "ours")), of_recipe(RECIPE, Path(directory, "bare"))
        jobs = ("-j", str(chosen.jobs))
        build = (*wasmbuild(), "build", *jobs)
        run(build, ours, env)
        write_bare(ours, bare, env)
        ninja = (find_ninja(), "-f", "bare.ninja", *jobs)

        def clean() -> None:
            for project in (ours, bare):
                shutil.rmtree(project / "build", ignore_errors=True)

        run(ninja, bare, env)
        same = same_objects(ours, bare)
        cpu: dict[str, list[float]] = {"ours": [], "bare": []}
        times = take_turns(
            {
                "ours": counting_cpu(partial(run, build, ours, env), cpu["ours"]),
                "bare": counting_cpu(partial(run, ninja, bare, env), cpu["bare"]),
            },
            chosen.runs,
            before=clean,
            warm_up=WARM_UP,
        )
    title = f"A clean build of Lua, -j {chosen.jobs} ({chosen.runs} runs in turns)"
    table = Table(title, "", "wasmbuild build", "ninja, clang, wasm-ld", "ratio", "difference", "goal")
    for name, of, goal in (("time", times, f"≤ {GOAL}"), ("processor time", cpu, "")):
        ours_s, bare_s = of["ours"][-chosen.runs :], of["bare"][-chosen.runs :]
        over_ms = difference(ours_s, bare_s) * 1e3
        table.add(name, seconds(ours_s), seconds(bare_s), f"{ratio(ours_s, bare_s):.3f}", f"{over_ms:+.0f} ms", goal)
    quickest = min(times["ours"]) / min(times["bare"])
    table.add("  quickest of each", "", "", f"{quickest:.3f}", "", "")
    table.print()
    print(f"\n  The objects of both sides are {'the same' if same else 'NOT the same'}, byte for byte.")
    of_cpu = ratios(cpu["ours"][-chosen.runs :], cpu["bare"][-chosen.runs :])
    return [
        Figure("clean_build", "Lua / ninja", ratios(times["ours"], times["bare"]), at_most=GOAL),
        Figure("clean_build", "Lua / ninja, processor time", of_cpu),
    ]


def counting_cpu(side: Side, spent_s: list[float]) -> Side:
    """The side, noting the processor time of all its processes: other work on the machine lengthens it less."""

    def counted() -> None:
        before = os.times()
        side()
        after = os.times()
        user_s, system_s = after.children_user - before.children_user, after.children_system - before.children_system
        spent_s.append(user_s + system_s)

    return counted


@dataclass(frozen=True)
class Edge:
    """A command that ninja runs, with what it makes of what."""

    output: str
    inputs: tuple[str, ...]
    command: str
    links: bool


def bare_edges(ours: Path, bare: Path, env: dict[str, str]) -> list[Edge]:
    """The compile commands as ninja would run them for us, and for each link wasm-ld with the response file that our
    link step wrote, but straight to the output. `bare` has the same sources as `ours`, which is built, and the same
    headers at the same names, but for `build/`, which is removed; the compiler is called by its own path."""
    shutil.copytree(ours / TOOLCHAIN, bare / TOOLCHAIN.name, symlinks=True, dirs_exist_ok=True)
    commands = run((find_ninja(), "-f", "build/build.ninja", "-t", "commands", "all"), ours, env).splitlines()
    edges = []
    for command in commands:
        words = shlex.split(command)
        if "-c" in words and "-o" in words:
            source, output = words[words.index("-c") + 1], words[words.index("-o") + 1]
            started = Path(ours, words[0]).resolve().parent / "zig"
            moved = [word.replace(f"{TOOLCHAIN}/", f"{TOOLCHAIN.name}/") for word in words[1:]]
            bare_command = shlex.join([str(started.resolve()), "clang", *moved])
            edges.append(Edge(output, (source,), bare_command, links=False))
    orders = sorted(Path(ours, "build/obj").glob("*/link.json"))
    return [*edges, *(_link(read_link_spec(path), path.parent.relative_to(ours), ours, bare) for path in orders)]


def write_bare(ours: Path, bare: Path, env: dict[str, str]) -> None:
    """Write `bare.ninja` with these edges."""
    lines = [
        "builddir = build",  # ninja's log is removed with the rest, as on our side
        "rule compile\n  command = $run\n  deps = gcc\n  depfile = $out.d",
        "rule link\n  command = $run",
    ]
    for edge in bare_edges(ours, bare, env):
        rule, inputs = ("link" if edge.links else "compile"), " ".join(edge.inputs)
        lines.append(f"build {edge.output}: {rule} {inputs}\n  run = {edge.command.replace('$', '$$')}")
    (bare / "bare.ninja").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _link(spec: LinkSpec, place: Path, ours: Path, bare: Path) -> Edge:
    """The edge of one link. Its response file, and what that names, lie outside of `build`, which is removed."""
    kept = Path("link", place.name)
    shutil.copytree(ours / place, bare / kept, ignore=lambda _, names: [n for n in names if n not in _KEPT])
    response = bare / kept / "link.rsp"
    text = response.read_text(encoding="utf-8")
    text = text.replace(f'"{place / Path(spec.output).name}"', f'"{spec.output}"')
    text = text.replace(f"{place / 'imports.txt'}", f"{kept / 'imports.txt'}")
    for interface, library in spec.interfaces.items():  # this side makes none: it links to the library itself
        text = text.replace(interface, library)
    response.write_text(text, encoding="utf-8")
    libraries = (spec.interfaces.get(path, path) for path in spec.libraries)
    needed = (*(path for path, _ in spec.objects), *libraries, *spec.archives)
    return Edge(spec.output, needed, shlex.join([*spec.wasm_ld, f"@{kept / 'link.rsp'}"]), links=True)


_KEPT = ("link.rsp", "imports.txt")


def same_objects(ours: Path, bare: Path) -> bool:
    """Whether both sides compiled the same: each object byte for byte. Linked modules differ by the runtime path, which
    our link step writes."""
    objects = [path.relative_to(bare) for path in Path(bare, "build/obj").rglob("*.o")]
    return bool(objects) and all((bare / path).read_bytes() == (ours / path).read_bytes() for path in objects)


if __name__ == "__main__":
    main()
