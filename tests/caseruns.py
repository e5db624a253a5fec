"""Carries a case out with the loader of this package: what comes out, as `Expected`.

`python tests/caseruns.py NAME DIRECTORY` does it in a process of its own, for cases with standard input: the engine
reads a process's standard input once.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from casefiles import Case, Expected, Host, copy_files, read_case, read_files, relative

from wasmbuild.builder.checkstep import check_outputs
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.link.plan import plan_text
from wasmbuild.loader.ending import ENDINGS, Exited, ending_of
from wasmbuild.loader.options import HostImport, ProcessOptions
from wasmbuild.loader.process import call_function
from wasmbuild.loader.program import Loaded, link_file, load_file
from wasmbuild.loader.stack import on_large_stack
from wasmbuild.loader.wasi import World
from wasmbuild.manifest.signature import parse_signature
from wasmbuild.sources.store import Store
from wasmbuild.wasm.module import FuncType

TIMEOUT_S = 60


def run_case(name: str, case: Case, directory: Path, compiled: Path) -> tuple[Expected, str | None]:
    """What comes out, and the plan as text. `directory` has the case's modules; `compiled` is for machine code."""
    if case.stdin is None:
        return _run_here(case, directory, compiled)
    done = subprocess.run(
        [sys.executable, __file__, name, directory, compiled],
        input=case.stdin.encode(),
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.json.decode(done.stdout, type=tuple[Expected, str | None])


def _run_here(case: Case, directory: Path, compiled: Path) -> tuple[Expected, str | None]:
    refused = directory / "refused.txt"
    if refused.is_file():
        return Expected(diagnostics=relative(refused.read_text(encoding="utf-8")[:-1], directory)), None
    warnings = (directory / "warnings.txt").read_text(encoding="utf-8")
    with contextlib.chdir(directory):
        host = {name: _host_import(name, entry) for name, entry in case.host.items()}
        library_path = tuple(map(Path, case.library_path))
        found = _check_of_build(case)
        at_build = relative(warnings, directory) + _text(found, directory)
        try:
            plan = link_file(Path(case.root), ProcessOptions(host=host, library_path=library_path)).plan
        except WasmbuildError as error:
            diagnostics = _text(error.diagnostics, directory)
            return Expected(diagnostics=diagnostics, at_build=at_build if at_build != diagnostics else None), None
        if any(finding.severity == "error" for finding in found):
            return Expected(diagnostics=at_build), None
        said: dict[str, Any] = {"diagnostics": at_build, "plan": case.expect.plan}
        with tempfile.TemporaryDirectory() as private, tempfile.TemporaryFile() as captured:
            copy_files(case.files, Path(private))
            world = World(
                (Path(case.root).stem, *case.arguments), tuple(case.environment.items()), ((Path(private), "/"),)
            )
            with _standard_output(captured.fileno()):
                outcome = on_large_stack(lambda: _carry_out(case, world, Store(compiled), host, library_path))
            captured.seek(0)
            said["stdout"] = captured.read().decode("utf-8", "replace")
            said["files"] = read_files(case.files, Path(private))
        return Expected(**said, **outcome), plan_text(plan)


def _check_of_build(case: Case) -> tuple[Diagnostic, ...]:
    """What the last step of a build says about the same files."""
    with tempfile.TemporaryDirectory() as aside:
        roots = [{"path": case.root, "imports": list(case.host)}]
        spec = Path(aside, "check.json")
        spec.write_text(json.dumps({"roots": roots, "library_path": case.library_path}))
        found = check_outputs(spec, Path(aside, "stamp"))
    errors = tuple(finding for finding in found if finding.severity == "error")
    return errors or found


def _text(findings: tuple[Diagnostic, ...], directory: Path) -> str:
    return relative("".join(f"{finding}\n\n" for finding in findings)[:-1], directory)


def _carry_out(
    case: Case, world: World, cache: Store, host: Mapping[str, HostImport], library_path: tuple[Path, ...]
) -> dict[str, Any]:
    """Load, run `_start` if there is one, make the calls."""
    try:
        options = ProcessOptions(world, cache, host, library_path, large_stack=True)
        loaded = load_file(Path(case.root), options)
        status = loaded.run() if loaded.process.plan.start is not None else 0
    except ENDINGS as error:
        kind, value = _ending(error)
        return {kind: value}
    for text in case.calls:
        _call(loaded, text)
    return {"exit": status}


def _ending(error: Exception) -> tuple[str, Any]:
    ending = ending_of(error)
    return ("exit", ending.status) if isinstance(ending, Exited) else ("trap", ending.message)


def _call(loaded: Loaded, text: str) -> None:
    """`f 1 2`, or `b.so:f 1 2` for a function of a library; prints `f(1, 2) = 3`."""
    name, *words = text.split()
    library, _, function_name = name.rpartition(":")
    libraries = loaded.libraries
    index = next(i for i, each in enumerate(libraries) if each.name == library) if library else 0
    module = libraries[index].module
    type_ = module.function_space[module.exports_by_name[function_name].index]
    function = loaded.process.export(index, function_name)
    numbers = [float(w) if t[0] == "f" else int(w, 0) for w, t in zip(words, type_.params, strict=True)]
    shown = f"{function_name}({', '.join(words)})"
    try:
        result = call_function(loaded.process, function, *numbers)
    except ENDINGS as error:
        kind, value = _ending(error)
        say(f"{shown} {kind}s: {value}")
        return
    results = result if isinstance(result, list | tuple) else [result] if type_.results else []
    say(f"{shown} = {', '.join(map(number, results))}" if results else shown)


def number(value: int | float) -> str:
    """As JavaScript prints it: a float that is whole has no fraction."""
    if isinstance(value, float):
        if value != value:
            return "NaN"
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def say(line: str) -> None:
    """On the guest's standard output, in order with what the guest prints."""
    os.write(1, f"{line}\n".encode())


def _host_import(name: str, entry: str | Host) -> HostImport:
    host = entry if isinstance(entry, Host) else Host(entry)
    signature = parse_signature(host.type)
    assert signature is not None, host.type
    type_ = FuncType(*signature)
    value = host.returns or 0
    result = (float(value) if type_.results[0][0] == "f" else value) if type_.results else None
    return HostImport(type_, _printing(name, result))


def _printing(name: str, result: int | float | None) -> Callable[..., Any]:
    def function(*arguments: int | float) -> Any:
        say(f"{name}({', '.join(map(number, arguments))})")
        return result

    return function


@contextlib.contextmanager
def _standard_output(descriptor: int) -> Iterator[None]:
    """The engine writes to the process's own standard output: put another file there for a while."""
    saved = os.dup(1)
    os.dup2(descriptor, 1)
    try:
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)


def main(name: str, directory: str, compiled: str) -> None:
    result = _run_here(read_case(name), Path(directory), Path(compiled))
    sys.stdout.buffer.write(msgspec.json.encode(result))


if __name__ == "__main__":
    main(*sys.argv[1:])
