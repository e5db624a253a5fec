"""Lines of the source in backtraces: JavaScript reads what Python reads, and shows it likewise."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from nodejs import find_node
from scripts import InNode, chromium_engine, unkind_server

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.testing.chromium import find_chromium, open_browser
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.dwarf import SECTIONS, find_places

READER = Path(__file__).parents[2] / "javascript" / "loader" / "dwarf.mjs"
TIMEOUT_S = 120

PROJECT = {
    "wasmbuild.yaml": """
name: lines
libraries:
  sums: {sources: [src/sums.c], exports: ["*"]}
  plug: {sources: [src/plug.c], requires: [sums], exports: ["*"]}
programs:
  main: {sources: [src/main.c], requires: [sums], opens: [plug]}
tests:
  - {name: answers, call: divide, in: sums, args: [1, 0], returns: 0}
""",
    "src/sums.c": "int divide(int a, int b) {\n  return a\n    / b;\n}\n",
    "src/plug.c": "int divide(int, int);\nint plug(int n) {\n\n  return n / (n - n) + divide(n, n);\n}\n",
    "src/main.c": """\
#include <dlfcn.h>
int divide(int, int);
int main(int argc, char **argv) {
  if (argc == 1) return divide(1, argc - 1);
  int (*plug)(int) = (int (*)(int))dlsym(dlopen("libplug.so", RTLD_NOW), "plug");
  return plug(argc);
}
""",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, project: Callable[..., Path], run_wasmbuild: Any) -> Path:
    """The project, built for debugging."""
    directory = project(tmp_path_factory.mktemp("lines"), PROJECT)
    ran = run_wasmbuild("build", "--profile", "debug", cwd=directory)
    assert ran.status == 0, ran.stderr
    return directory


def test_run_and_test_say_file_and_line_in_node_as_in_wasmtime(built: Path, run_wasmbuild: Any) -> None:
    """Also of a library that C opened."""
    said = {}
    for runtime in ("wasmtime", "node"):
        more = ["--runtime", runtime] if runtime != "wasmtime" else []
        ran = run_wasmbuild("run", "--profile", "debug", *more, "main", cwd=built)
        opened = run_wasmbuild("run", "--profile", "debug", *more, "main", "plug", cwd=built)
        tested = run_wasmbuild("test", "--profile", "debug", "--runtime", runtime, cwd=built)
        texts = (ran.stderr, opened.stderr, tested.stdout + tested.stderr)
        said[runtime] = [re.findall(r" at src/\S+", text) for text in texts]
    assert said["node"] == said["wasmtime"]
    assert said["node"] == [
        [" at src/sums.c:3", " at src/main.c:4"],
        [" at src/plug.c:4", " at src/main.c:6"],
        [" at src/sums.c:3"],
    ]


BODY = """
  const lines = await load(`${place}/lib/libsums.so`);
  say((await failure(() => lines.call("divide", 1, 0))).backtrace);
"""


def test_a_script_gets_them_in_the_backtrace(built: Path) -> None:
    [backtrace] = InNode().run(BODY, place=str(built / "build"))
    assert re.fullmatch(r"divide  \(libsums\.so, offset 0x[0-9a-f]+\) at src/sums\.c:3", backtrace)


@pytest.mark.slow
def test_a_page_gets_them_of_what_was_compiled_while_it_came(built: Path) -> None:
    try:
        program = find_chromium()
    except WasmbuildError as error:
        pytest.skip(str(error))
    with (
        open_browser(program) as browser,
        chromium_engine(browser) as engine,
        unkind_server(built / "build") as address,
    ):
        [backtrace] = engine.run(BODY, place=f"{address}/kind")
    assert re.fullmatch(r"divide  \(libsums\.so, offset 0x[0-9a-f]+\) at src/sums\.c:3", backtrace)


EACH = """
import { readFileSync } from "node:fs";
import { findLines } from READER;
for (const [path, offsets] of JSON.parse(readFileSync(0, "utf8"))) {
  console.log(JSON.stringify([...findLines(readFileSync(path), offsets)].sort((a, b) => a[0] - b[0])));
}
"""


def places(image: bytes, offsets: list[int]) -> list[list[Any]]:
    module = decode(image, "it")
    sections = {s.name: image[s.offset : s.offset + s.size_bytes] for s in module.sections if s.name in SECTIONS}
    code = next(s for s in module.sections if s.id == 10)
    found = find_places(sections, {offset - code.offset for offset in offsets})
    return [[offset + code.offset, str(place)] for offset, place in sorted(found.items())]


def test_lines_are_those_of_python_also_of_broken_tables(built: Path, tmp_path: Path) -> None:
    image = (built / "build" / "lib" / "libsums.so").read_bytes()
    module = decode(image, "libsums.so")
    code = next(s for s in module.sections if s.id == 10)
    table = next(s for s in module.sections if s.name == ".debug_line")
    offsets = list(range(code.offset, code.offset + code.size_bytes))
    chance = random.Random(7)
    images = [image]
    for _ in range(200):
        broken = bytearray(image)
        for _ in range(chance.randint(1, 4)):
            broken[table.offset + chance.randrange(table.size_bytes)] = chance.choice((0, 1, 0x7F, 0x80, 0xFF))
        images.append(bytes(broken))
    asked = []
    for number, each in enumerate(images):
        path = tmp_path / f"{number}.so"
        path.write_bytes(each)
        asked.append((str(path), offsets))
    script = EACH.replace("READER", json.dumps(READER.as_uri()))
    command = [find_node(), "--input-type=module", "-e", script]
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told[0], "the whole one has lines"
    assert told == [places(each, offsets) for each in images]
