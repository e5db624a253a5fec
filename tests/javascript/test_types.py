"""The JavaScript is typed, by its comments."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from nodejs import TIMEOUT_S, npm_program

JAVASCRIPT = Path(__file__).parents[2] / "javascript"
TYPESCRIPT = "typescript@7.0.2"
OPTIONS = {
    "strict": True,
    "allowJs": True,
    "checkJs": True,
    "declaration": True,
    "emitDeclarationOnly": True,
    "target": "es2023",
    "lib": ["es2023", "dom"],
    "module": "nodenext",
    "noUnusedLocals": True,
    "noUnusedParameters": True,
    "noImplicitReturns": True,
    "types": [],
}


@pytest.mark.network
def test_the_linker_is_typed_throughout(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """`tsc --checkJs --strict` finds nothing, and can write declarations of it."""
    assert pytestconfig.cache is not None, "what npm installs is kept in pytest's cache"
    tsc = npm_program(TYPESCRIPT, "tsc", pytestconfig.cache.mkdir("npm"))
    files = [str(JAVASCRIPT / "linker.mjs"), str(JAVASCRIPT / "linker" / "explain.mjs")]
    options = {**OPTIONS, "rootDir": str(JAVASCRIPT), "outDir": str(tmp_path / "types")}
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": files}))
    done = subprocess.run([*tsc, "-p", tmp_path], capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert "decideRoot" in (tmp_path / "types" / "linker.d.mts").read_text()
