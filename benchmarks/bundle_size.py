"""Bytes of bundles: Lua (program, liblua, libc) and examples/greet, whole and with `--shrink`, at -O2 and at -Oz, and
where there is binaryen's wasm-opt, with it.

What is fetched to run a program is its modules, its plan and the scripts of the loader; the page comes on top. The peer
is emcc's main module, side module and JavaScript: 392 KB at -O2 with emcc 6.0.5, of which JavaScript 101 KB, measured
before. It has wasm-opt go over its modules.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.measure import Table, environment, options, run, scratch, wasmbuild
from benchmarks.projects import of_example, of_recipe

EMCC_BYTES = 392_000

SIDES = {
    "whole": (),
    "--shrink": ("--shrink",),
    "--shrink --profile size": ("--shrink", "--profile", "size"),
}
OPTIMISED = "--shrink, wasm_opt: O2"
PROFILE = "profiles: {optimised: {cflags: [-O2], strip: debug, wasm_opt: O2}}\n"


def main() -> None:
    chosen = options(__doc__, runs=1)
    table = Table(
        "Bundles in bytes", "", "libc.so", "all modules", "plan, loader", "runs it", "emcc 6.0.5", "with the page"
    )
    with scratch() as directory:
        env = environment(directory)
        projects = {
            "lua": of_recipe("lua", Path(directory, "lua")),
            "greet": of_example("greet", Path(directory, "greet")),
        }
        for name, project in projects.items():
            sides = dict(SIDES)
            if shutil.which("wasm-opt"):
                sides[OPTIMISED] = ("--shrink", "--profile", "optimised")
                (project / "toolchain.yaml").write_text(PROFILE)
            for number, (side, flags) in enumerate(sides.items()):
                out = Path(directory, "out", f"{name}-{number}")
                command = ("bundle", "--to", "web", *flags, "-j", str(chosen.jobs), "-o", str(out), name)
                run((*wasmbuild(), *command), project, env)
                modules = sizes(out / "modules")
                page = sizes(out / "wasmbuild" / "page") + sizes(out / "index.html") + sizes(out / "page.json")
                loads = sizes(out / "wasmbuild", "*.mjs") + sizes(out / "plans") + sizes(out / "index.mjs")
                loads -= sizes(out / "wasmbuild" / "page", "*.mjs")
                row = (sizes(out / "modules" / "libc.so.wasm"), modules, loads, modules + loads)
                peer = f"{EMCC_BYTES:,}" if name == "lua" and side in ("--shrink", OPTIMISED) else ""
                table.add(f"{name}, {side}", *(f"{each:,}" for each in row), peer, f"{modules + loads + page:,}")
    table.print()


def sizes(path: Path, pattern: str = "*") -> int:
    """Of a file, or of what lies in a directory."""
    files = path.rglob(pattern) if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files if each.is_file())


if __name__ == "__main__":
    main()
