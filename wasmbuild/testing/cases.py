"""The manifest's tests as cases: plain data that a fresh process can carry out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from wasmbuild.builder.globs import WILD, TargetFiles
from wasmbuild.builder.places import output_of
from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError
from wasmbuild.manifest.outputs import has_output
from wasmbuild.manifest.reader import Document, Where
from wasmbuild.manifest.schema import (
    SOURCE_PREFIX,
    FileArgument,
    HostFunction,
    Input,
    Library,
    Manifest,
    Output,
    Produced,
    Run,
    Scalar,
    Test,
)
from wasmbuild.manifest.sizes import parse_size
from wasmbuild.testing.calls import Call

TIMEOUT_S = 10.0
MEMORY_LIMIT_BYTES = 1 << 30
PLACE_HELP = "name a place below the test's private directory, such as `data/in.txt`"


@dataclass(frozen=True, slots=True)
class Step:
    """One run of the module: arguments in, and what must come out. Without `arguments` it is only loaded."""

    arguments: tuple[str, ...] = ()
    stdin: bytes | Path = b""
    """The bytes, or a file with them."""
    stdout: str | Path | None = None
    """The text, or a file with it."""
    stdout_matches: str | None = None
    exit: int = 0


@dataclass(frozen=True, slots=True)
class Expected:
    """A file that must be there afterwards; None: its contents do not matter."""

    sha256: str | None
    equals: Path | None


@dataclass(frozen=True, slots=True)
class Case:
    """One test. `steps` are runs of a program, one after the other in one private directory; `call` is a call into a
    library; with neither, loading is the test."""

    name: str
    at: Position | None
    module: Path
    steps: tuple[Step, ...] = ()
    call: Call | None = None
    environment: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, Path], ...] = ()
    """(place in the private directory, the file to copy)"""
    produces: tuple[tuple[str, Expected], ...] = ()
    host: tuple[tuple[str, str, int | float | None], ...] = ()
    """(name, signature, what it returns)"""
    imports: tuple[str, ...] = ()
    """Names that the host supplies; one without an entry in `host` traps when it is called."""
    timeout_s: float = TIMEOUT_S
    memory_limit_bytes: int = MEMORY_LIMIT_BYTES


def make_cases(
    document: Document[Manifest], targets: tuple[TargetFiles, ...], root: Path, build: str, own: Sequence[Path]
) -> tuple[Case, ...]:
    """First that each output loads, then the manifest's tests, in their order. `own` are the directories with the
    manifest's own files, `root` where the sources are. Raises WasmbuildError for files that are not there."""
    modules = {(files.kind, files.name): (root / output_of(build, files), files) for files in targets}
    imports, timeout_s = _imports(document.value), document.value.test_defaults.timeout_s or TIMEOUT_S
    cases = [
        Case(
            f"loads {PurePosixPath(output_of(build, files)).name}",
            document.at(*files.where),
            path,
            imports=imports,
            timeout_s=timeout_s,
        )
        for path, files in modules.values()
        if files.kind != "test" and has_output(files.target)
        if not (isinstance(files.target, Library) and files.target.from_program)
    ]
    errors: list[Diagnostic] = []
    for index, test in enumerate(document.value.tests):
        kind, name = _subject(test)
        path, _ = modules[(kind, name)]
        cases.append(_case(document, index, test, path, imports, _Files(root, own, errors)))
    if errors:
        # Once, where several tests take one file from `test_defaults`.
        raise WasmbuildError(*sorted(dict.fromkeys(errors), key=lambda error: error.at or Position("", 0, 0)))
    return tuple(cases)


def _imports(manifest: Manifest) -> tuple[str, ...]:
    every = [*manifest.libraries.values(), *manifest.programs.values()]
    every += [test.program for test in manifest.tests if test.program is not None]
    return tuple(dict.fromkeys(name for target in every for name in target.imports))


def _subject(test: Test) -> tuple[Literal["library", "program", "test"], str]:
    if test.library is not None:
        return "library", test.library
    return ("program", test.run) if test.run is not None else ("test", test.name)


def _case(
    document: Document[Manifest],
    index: int,
    test: Test,
    module: Path,
    imports: tuple[str, ...],
    files: _Files,
) -> Case:
    where: Where = ("tests", index)
    runs: list[tuple[Where, Run]] = [(where, test)]
    runs += [((*where, "then", i), run) for i, run in enumerate(test.then)]
    call = _call(document, where, test.call, test) if test.call is not None else None
    steps = tuple(_step(document, at, run, module, call is not None, files) for at, run in runs)
    defaults, placed = document.value.test_defaults, dict[str, Path]()
    for place, name in {**defaults.files, **test.files}.items():
        of: Where = where if place in test.files else ("test_defaults",)
        files.put(placed, place, name, document.at(*of, "files", place))
    for run_at, run in runs:
        for i, argument in enumerate(run.args):
            if isinstance(argument, FileArgument):
                help_ = "copy it to a place there with `files`, and write that place as the argument"
                for name in files.match(argument.path):
                    place = name.removeprefix(SOURCE_PREFIX)
                    files.put(placed, place, name, document.at(*run_at, "args", i, "path"), help_)
    limit = test.memory_limit if test.memory_limit is not None else defaults.memory_limit
    host = []
    for name, entry in test.host.items():
        function = entry if isinstance(entry, HostFunction) else HostFunction(entry)
        host.append((name, function.type, function.returns))
    return Case(
        name=test.name,
        at=document.at("tests", index, "name"),
        module=module,
        steps=steps,
        call=call,
        environment=tuple({**defaults.env, **test.env}.items()),
        files=tuple(placed.items()),
        produces=tuple(
            (place, files.expected(entry, place, document.at(*where, "produces", place)))
            for place, entry in test.produces.items()
        ),
        host=tuple(host),
        imports=imports,
        timeout_s=test.timeout_s or defaults.timeout_s or TIMEOUT_S,
        memory_limit_bytes=MEMORY_LIMIT_BYTES if limit is None else parse_size(limit) or 0,
    )


def _call(document: Document[Manifest], where: Where, function: str, test: Test) -> Call:
    numbers = tuple(value for value in test.args if isinstance(value, int | float))
    places = tuple(document.at(*where, "args", i) for i in range(len(numbers)))
    at, returns_at = document.at(*where, "call"), document.at(*where, "returns")
    return Call(function, numbers, test.returns, at, places, returns_at)


def _step(document: Document[Manifest], where: Where, run: Run, module: Path, is_call: bool, files: _Files) -> Step:
    texts = [text for i, each in enumerate(run.args) for text in _texts(document, (*where, "args", i), each, files)]
    stdin, stdout = run.stdin, run.stdout
    given = (
        files.find(stdin.file, document.at(*where, "stdin", "file"))
        if isinstance(stdin, Input)
        else (stdin or "").encode()
    )
    expected = (
        files.find(stdout.equals, document.at(*where, "stdout", "equals")) if isinstance(stdout, Output) else stdout
    )
    return Step((module.stem, *(() if is_call else texts)), given, expected, run.stdout_matches, run.exit)


def _texts(document: Document[Manifest], where: Where, argument: Scalar | FileArgument, files: _Files) -> list[str]:
    """An argument as it was written, whatever YAML takes it for; of files, their places in the private directory."""
    if isinstance(argument, FileArgument):
        return [name.removeprefix(SOURCE_PREFIX) for name in files.match(argument.path)]
    return [document.texts.get(where, str(argument))]


@dataclass(frozen=True, slots=True)
class _Files:
    """Finds the files that tests name, and collects those that are missing."""

    root: Path
    own: Sequence[Path]
    errors: list[Diagnostic]

    def _path(self, name: str) -> Path:
        if name.startswith(SOURCE_PREFIX):
            return self.root / name.removeprefix(SOURCE_PREFIX)
        paths = [directory / name for directory in self.own]
        return next((path for path in paths if path.exists() or any(path.parent.glob(path.name))), paths[0])

    def find(self, name: str, at: Position) -> Path:
        path = self._path(name)
        if not path.is_file():
            self.errors.append(
                Diagnostic("no-such-file", f"no such file: `{name}`", at, facts=(("looked at", str(path)),))
            )
        return path

    def match(self, name: str) -> list[str]:
        """The files that a name with `*`, `?` or `[…]` in it stands for; else itself, to be missed."""
        path, prefix = self._path(name), SOURCE_PREFIX if name.startswith(SOURCE_PREFIX) else ""
        if path.exists() or not WILD.search(path.name):
            return [name]
        folder = PurePosixPath(name.removeprefix(prefix)).parent
        found = sorted(each.name for each in path.parent.glob(path.name) if each.is_file() and each.name[0] != ".")
        return [prefix + str(folder / each) for each in found] or [name]

    def put(self, placed: dict[str, Path], place: str, name: str, at: Position, help_: str = PLACE_HELP) -> None:
        """Put a file, or all files of a directory, into the private directory: once, where a test names it twice."""
        self._inside(place, at, help_)
        directory = self._path(name)
        below = sorted(path for path in directory.rglob("*") if path.is_file()) if directory.is_dir() else []
        pairs = [(PurePosixPath(place, path.relative_to(directory).as_posix()), path) for path in below]
        for where, path in pairs or [(PurePosixPath(place), self.find(name, at))]:
            other = placed.setdefault(str(where), path)
            if other != path:
                facts = (("one of", str(other)), ("one of", str(path)))
                self.errors.append(Diagnostic("name-clash", f"two files would be `{where}`", at, facts))

    def expected(self, entry: Produced, place: str, at: Position) -> Expected:
        self._inside(place, at)
        return Expected(entry.sha256, self.find(entry.equals, at) if entry.equals is not None else None)

    def _inside(self, place: str, at: Position, help_: str = PLACE_HELP) -> None:
        pure = PurePosixPath(place)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts:
            self.errors.append(Diagnostic("outside", f"not in the private directory: `{place}`", at, help=(help_,)))
