"""Sizes of the linker in JavaScript after `esbuild --bundle --minify`, and what is left of them after gzip.

`linker.mjs` is what decides; `explain.mjs`, the texts of what does not fit, is fetched only where something does not.
esbuild is the one on PATH, else `npx` fetches it.
"""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

from benchmarks.measure import Table, environment, options, run, scratch

JAVASCRIPT = Path(__file__).parent.parent / "javascript"
ESBUILD = "esbuild@0.28.2"
GOAL_BYTES = 10 * 1024

LINKER = "linker.mjs"
START = ("decideRoot", "Search", "planText")
"""What a first link needs, of the exports: without what libraries that come and go do."""

EXPLAIN = "linker/explain.mjs"


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
        add("linker.mjs", f"export * from {str(whole)!r}", [whole, *core], f"≤ {GOAL_BYTES:,} gzip")
        names = ", ".join(START)
        add("  of it, the first link", f"export {{ {names} }} from {str(whole)!r}", [], "")
        everything = f"export * from {str(whole)!r}; export * from {str(JAVASCRIPT / EXPLAIN)!r}"
        add("with explain.mjs", everything, [whole, *core, *texts], "")
    table.print()


if __name__ == "__main__":
    main()
