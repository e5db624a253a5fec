"""Sizes of the shared libraries and of Lua's program, for each profile, and what is left of them after gzip.

libc.so is built once for everybody, with the same options whatever the profile.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from benchmarks.measure import Table, environment, options, run, scratch, wasmbuild
from benchmarks.projects import of_recipe

PROFILES = ("release", "size")
MODULES = {
    "libc.so": ("lua", "lib/libc.so"),
    "libz.so": ("zlib", "lib/libz.so"),
    "liblua.so": ("lua", "lib/liblua.so"),
    "lua.wasm": ("lua", "bin/lua.wasm"),
}
"""Each module: the recipe that it comes from, and where it is in the build directory."""


def main() -> None:
    chosen = options(__doc__, runs=1)
    with scratch() as directory:
        env = environment(directory)
        projects = {name: of_recipe(name, Path(directory, name)) for name in ("zlib", "lua")}
        sizes: dict[str, dict[str, int]] = {name: {} for name in MODULES}
        zipped: dict[str, dict[str, int]] = {name: {} for name in MODULES}
        for profile in PROFILES:
            for project in projects.values():
                run((*wasmbuild(), "build", "--profile", profile, "-j", str(chosen.jobs)), project, env)
            for name, (recipe, place) in MODULES.items():
                data = Path(projects[recipe], "build", place).read_bytes()
                sizes[name][profile] = len(data)
                zipped[name][profile] = len(gzip.compress(data, 9))
    columns = [column for profile in PROFILES for column in (profile, "gzip")]
    table = Table("Sizes in bytes", "", *columns, "size/release", "goal")
    for name, by_profile in sizes.items():
        cells = [f"{size:,}" for profile in PROFILES for size in (by_profile[profile], zipped[name][profile])]
        table.add(name, *cells, f"{by_profile['size'] / by_profile['release']:.2f}", "none set")
    table.print()


if __name__ == "__main__":
    main()
