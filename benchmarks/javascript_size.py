"""Sizes of the loader and the linker in JavaScript after `esbuild --bundle --minify`, and what is left after gzip.

`loader.mjs` is what every load needs; what it imports as it goes is not in it. `linker.mjs` is what decides a first
link; `live.mjs` what dlopen does, and `explain.mjs` the texts of what does not fit, are fetched only where they are
needed. esbuild is the one on PATH, else `npx` fetches it.
"""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path

from benchmarks.measure import Table, environment, options, run, scratch

JAVASCRIPT = Path(__file__).parent.parent / "javascript"
ESBUILD = "esbuild@0.28.2"
LOADER_GOAL_BYTES, LINKER_GOAL_BYTES = 6 * 1024, 10 * 1024

LOADER, LINKER = "loader.mjs", "linker.mjs"
LIVE, EXPLAIN = "linker/live.mjs", "linker/explain.mjs"
IMPORT = re.compile(r'(?<!\{)import\("([^"]+)"\)(?![.}])')
"""Of what is imported when it is needed. Types are imported by comments, with a name behind them."""


def main() -> None:
    options(__doc__, runs=1)
    esbuild = (shutil.which("esbuild"),) if shutil.which("esbuild") else ("npx", "--yes", ESBUILD)
    table = Table("JavaScript in bytes", "", "source", "minified", "gzip -9", "goal")
    with scratch() as directory:
        env = environment(directory)

        def add(name: str, entry: str, sources: list[Path], goal: str, external: tuple[str, ...] = ()) -> None:
            written = Path(directory, "entry.mjs")
            written.write_text(entry)
            output = Path(directory, "bundle.mjs")
            flags = ("--bundle", "--minify", "--format=esm", "--log-level=error", f"--outfile={output}")
            run((*esbuild, str(written), *flags, *(f"--external:{each}" for each in external)), directory, env)
            minified = output.read_bytes()
            size = sum(path.stat().st_size for path in sources)
            table.add(
                name, f"{size:,}" if size else "", f"{len(minified):,}", f"{len(gzip.compress(minified, 9)):,}", goal
            )

        core = sorted((JAVASCRIPT / "linker").glob("*.mjs"))
        texts = sorted((JAVASCRIPT / "linker" / "explain").glob("*.mjs"))
        whole = JAVASCRIPT / LINKER
        loader = sorted((JAVASCRIPT / "loader").glob("*.mjs"))
        later = {each for path in loader for each in IMPORT.findall(path.read_text())}
        outside = ("node:*", *sorted(later))
        add("loader.mjs", exported(LOADER), [], f"≤ {LOADER_GOAL_BYTES:,} gzip", outside)
        add("linker.mjs", exported(LINKER), [], f"≤ {LINKER_GOAL_BYTES:,} gzip")
        add("with live.mjs", exported(LINKER, LIVE), [whole, *core], "")
        add("with explain.mjs", exported(LINKER, LIVE, EXPLAIN), [whole, *core, *texts], "")
    table.print()


def exported(*modules: str) -> str:
    return "; ".join(f"export * from {str(JAVASCRIPT / each)!r}" for each in modules)


if __name__ == "__main__":
    main()
