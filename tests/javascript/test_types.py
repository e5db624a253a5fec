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
    "lib": ["es2023", "dom", "dom.iterable"],
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
    files = [str(JAVASCRIPT / each) for each in ("linker.mjs", "linker/explain.mjs", "linker/live.mjs")]
    options = {**OPTIONS, "rootDir": str(JAVASCRIPT), "outDir": str(tmp_path / "types")}
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": files}))
    done = subprocess.run([*tsc, "-p", tmp_path], capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert "decideRoot" in (tmp_path / "types" / "linker.d.mts").read_text()


AGREE = """
import * as made from "./types/linker.mjs";
import * as madeWords from "./types/linker/explain.mjs";
import type * as written from "WRITTEN/linker.mjs";
import type * as writtenWords from "WRITTEN/explain.mjs";
export const linker: typeof written = made;
export const words: typeof writtenWords = madeWords;
export const isAll: Exclude<keyof typeof made, keyof typeof written> extends never ? true : false = true;
"""

USES_OF_LINKER = """
import { Search, decideRoot, funcType, planText, type Decision, type Host } from "WRITTEN/linker.mjs";
import { checkRoot, errors } from "WRITTEN/explain.mjs";
const search = new Search({ get: () => undefined, sha256: (bytes: Uint8Array) => String(bytes.length) }, ["/lib"]);
const host: Host = new Map([["add", funcType(["i32"], ["i32"])]]);
const decision: Decision = decideRoot("/a.wasm", search, host);
export const text: string = decision.plan ? planText(decision.plan) : errors(decision)[0].headline;
export const codes: string[] = checkRoot("/a.wasm", search).map(({ code }) => code);
// @ts-expect-error: it takes bytes
search.files.sha256("text");
"""


@pytest.mark.network
def test_the_types_of_the_linker_that_are_written_by_hand_are_its_own(tmp_path: Path, pytestconfig) -> None:
    """Each export is there, and what TypeScript finds in the source can stand for it. Inside, classes are apart from
    all that look like them; so parameters are compared in either direction."""
    assert pytestconfig.cache is not None, "what npm installs is kept in pytest's cache"
    tsc = npm_program(TYPESCRIPT, "tsc", pytestconfig.cache.mkdir("npm"))
    files = [str(JAVASCRIPT / each) for each in ("linker.mjs", "linker/explain.mjs")]
    options = {**OPTIONS, "rootDir": str(JAVASCRIPT), "outDir": str(tmp_path / "types")}
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": files}))
    subprocess.run([*tsc, "-p", tmp_path], timeout=TIMEOUT_S, check=True)
    for name, text, loosely in (("agree", AGREE, True), ("uses", USES_OF_LINKER, False)):
        (tmp_path / f"{name}.mts").write_text(text.replace("WRITTEN", str(JAVASCRIPT / "types")))
        check(tsc, tmp_path, [str(tmp_path / f"{name}.mts")], strictFunctionTypes=not loosely)


OF_NODE = """
declare var process: any;
declare class Buffer extends Uint8Array { static alloc(size: number): Buffer }
declare namespace NodeJS { interface ErrnoException extends Error { code?: string } }
"""
"""What the loader uses of Node, whose own types are another package."""

USES = """
import { load, type Program, type CppException } from "./loader.mjs";
const program: Program = await load("a.wasm", { args: ["a"], files: { "in.txt": "" }, stdout: console.log });
const status: number = await program.exited;
const bytes = program.bytes(new Uint8Array(1));
program.call("f", status, 1n, bytes, program.callback("(i32) -> i32", (n) => n));
(await program.open("b.so", { join: true })).call("g");
export const what = (error: CppException): string | null => error.what;
"""


@pytest.mark.network
def test_the_loader_is_typed_throughout(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Inside, and for whoever uses it, by loader.d.mts."""
    assert pytestconfig.cache is not None, "what npm installs is kept in pytest's cache"
    tsc = npm_program(TYPESCRIPT, "tsc", pytestconfig.cache.mkdir("npm"))
    (tmp_path / "node.d.ts").write_text(OF_NODE)
    checked = ("child.mjs", "webchild.mjs", "loader/program.mjs", "page/page.mjs", "page/worker.mjs")
    inside = [str(JAVASCRIPT / path) for path in checked]
    check(tsc, tmp_path, [str(tmp_path / "node.d.ts"), *inside])
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "loader.d.mts").write_text((JAVASCRIPT / "loader.d.mts").read_text())
    (outside / "uses.mts").write_text(USES)
    check(tsc, outside, [str(outside / "uses.mts")])


def check(tsc: list[str], directory: Path, files: list[str], **more: bool) -> None:
    options = {**OPTIONS, "noEmit": True, "declaration": False, "emitDeclarationOnly": False, **more}
    (directory / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": files}))
    done = subprocess.run([*tsc, "-p", directory], capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert (done.returncode, done.stdout) == (0, "")
