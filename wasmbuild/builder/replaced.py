"""Inputs that were replaced by others which are not newer, as `cp -p` and a restored backup do: ninja compares times
only, and would see no change. So what tells each input is written down after a build, beside the state, and outputs
that were made from another are removed before the next one. Imports next to nothing, as `uptodate`.

The record has a line for each input, an empty one, then a line for each output: the numbers of its inputs, and its
place in the build directory.
"""

from __future__ import annotations

import os
import sys

from wasmbuild.builder.uptodate import is_racy, keep, read_kept, signature, state_path
from wasmbuild.sources.cacheroot import cache_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

HANDED_FILE = "obj/handed.json"
"""What each command is handed that no other has made, as the graph has it: output → inputs."""


def nothing_replaced(build_directory: str) -> bool:
    """Whether all inputs are those that the last build had. What it did not write down is for ninja to see."""
    inputs, _ = _read(build_directory)
    return not any(map(_differs, inputs))


def outdated(build_directory: str) -> list[str]:
    """The outputs, from the build directory, that were made from inputs which are others by now."""
    inputs, outputs = _read(build_directory)
    changed = {str(number) for number, line in enumerate(inputs) if _differs(line)}
    if not changed:
        return []
    lines = [line.partition(" ") for line in outputs]
    return [place for numbers, _, place in lines if not changed.isdisjoint(numbers.split(","))]


def remember_inputs(build_directory: str, ninja: str, started_ns: int) -> None:
    """Write down what the build that just ended was made from. What changed since it started is newer than what was
    made before, so ninja sees it."""
    numbers: dict[str, int] = {}
    lines: list[str] = []
    of_outputs: list[str] = []
    for output, inputs in _inputs(build_directory, ninja):
        place = os.path.relpath(output, build_directory)
        for path in inputs:
            if path not in numbers:
                numbers[path] = len(lines)
                token = signature(path)
                lines.append(f"{'?' if token == '-' or is_racy([token], started_ns) else token} {path}")
        of_outputs.append(f"{','.join(str(numbers[path]) for path in inputs)} {place}")
    text = "\n".join([*lines, "", *of_outputs])
    if text.count("\n") != len(lines) + len(of_outputs):
        text = "\n"  # a name has a line break
    keep(_record(build_directory), text)


def _inputs(build_directory: str, ninja: str) -> Iterator[tuple[str, list[str]]]:
    """Of each output: what its command was handed, and what compilers wrote down that they read."""
    import json
    import subprocess

    try:
        with open(os.path.join(build_directory, HANDED_FILE), encoding="utf-8") as file:
            yield from json.load(file).items()
    except (OSError, ValueError):
        return
    command = [ninja, "-f", os.path.join(build_directory, "build.ninja"), "-t", "deps"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    # What belongs to a compiler or is in the cache never changes under its name.
    ours = (
        f"    {build_directory}/toolchain/",
        f"    {cache_path()}{os.sep}",
        f"    {sys.prefix}{os.sep}",
        f"    {os.path.dirname(os.path.dirname(__file__))}",
    )
    output, inputs = "", list[str]()
    for line in os.fsdecode(done.stdout).split("\n"):
        if line.startswith("    "):
            if not line.startswith(ours):
                inputs.append(line[4:])
        elif line:
            output = line.partition(": #deps ")[0]
        elif inputs:
            yield output, inputs
            inputs = []


def _record(build_directory: str) -> str:
    return f"{state_path(build_directory)}.inputs"


def _read(build_directory: str) -> tuple[list[str], list[str]]:
    inputs, _, outputs = read_kept(_record(build_directory)).partition("\n\n")
    return inputs.split("\n") if inputs.strip() else [], outputs.split("\n")


def _differs(line: str) -> bool:
    token, _, path = line.partition(" ")
    return token not in ("?", "") and signature(path) != token
