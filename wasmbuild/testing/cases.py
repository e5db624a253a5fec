"""The manifest's tests as cases: plain data that a fresh process can carry out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from wasmbuild.builder.globs import TargetFiles
from wasmbuild.builder.graph import output_of
from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError
from wasmbuild.manifest.reader import Document, Where
from wasmbuild.manifest.schema import HostFunction, Manifest, Produced, Run, Test
from wasmbuild.manifest.sizes import parse_size
from wasmbuild.testing.calls import Call

SOURCE_PREFIX = "source:"
"""A file of the recipe's source tree, in the place of one of the recipe's own."""


@dataclass(frozen=True, slots=True)
class Step:
    """One run of the module: arguments in, and what must come out. Without `arguments` it is only loaded."""

    arguments: tuple[str, ...] = ()
    stdin: bytes = b""
    stdout: str | None = None
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
    timeout_s: float = 10.0
    memory_limit_bytes: int = 1 << 30


def make_cases(
    document: Document[Manifest], targets: tuple[TargetFiles, ...], root: Path, build: str, own: Path
) -> tuple[Case, ...]:
    """First that each output loads, then the manifest's tests, in their order. `own` is where the manifest's own files
    are, `root` where the sources are. Raises WasmbuildError for files that are not there."""
    modules = {(files.kind, files.name): (root / output_of(build, files), files) for files in targets}
    imports = _imports(document.value)
    cases = [
        Case(
            f"loads {PurePosixPath(output_of(build, files)).name}",
            document.at(*files.where),
            path,
            imports=imports,
        )
        for path, files in modules.values()
        if files.kind != "test"
    ]
    errors: list[Diagnostic] = []
    for index, test in enumerate(document.value.tests):
        kind, name = _subject(test)
        path, _ = modules[(kind, name)]
        cases.append(_case(document, index, test, path, imports, _Files(document, root, own, errors)))
    if errors:
        raise WasmbuildError(*errors)
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
    call = None
    if test.call is not None:
        call = _call(document, ("tests", index), test.call, test)
        steps: tuple[Step, ...] = (_step(test, module, ()),)
    else:
        places = (("tests", index), *(("tests", index, "then", i) for i in range(len(test.then))))
        runs = zip((test, *test.then), places, strict=True)
        steps = tuple(_step(run, module, _arguments(document, where, run)) for run, where in runs)
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
        environment=tuple(test.env.items()),
        files=tuple((place, files.find(name, index, "files", place)) for place, name in test.files.items()),
        produces=tuple((place, files.expected(entry, index, place)) for place, entry in test.produces.items()),
        host=tuple(host),
        imports=imports,
        timeout_s=test.timeout_s,
        memory_limit_bytes=parse_size(test.memory_limit) or 0,
    )


def _call(document: Document[Manifest], where: Where, function: str, test: Test) -> Call:
    numbers = tuple(value for value in test.args if isinstance(value, int | float))
    places = tuple(document.at(*where, "args", i) for i in range(len(numbers)))
    at, returns_at = document.at(*where, "call"), document.at(*where, "returns")
    return Call(function, numbers, test.returns, at, places, returns_at)


def _arguments(document: Document[Manifest], where: Where, run: Run) -> tuple[str, ...]:
    """The arguments as they were written, whatever YAML takes them for."""
    return tuple(document.texts.get((*where, "args", i), str(argument)) for i, argument in enumerate(run.args))


def _step(run: Run, module: Path, arguments: tuple[str, ...]) -> Step:
    stdin = (run.stdin or "").encode()
    return Step((module.stem, *arguments), stdin, run.stdout, run.stdout_matches, run.exit)


@dataclass(frozen=True, slots=True)
class _Files:
    """Finds the files that tests name, and collects those that are missing."""

    document: Document[Manifest]
    root: Path
    own: Path
    errors: list[Diagnostic]

    def find(self, name: str, index: int, field: str, place: str) -> Path:
        from_source = name.startswith(SOURCE_PREFIX)
        path = self.root / name.removeprefix(SOURCE_PREFIX) if from_source else self.own / name
        at = self.document.at("tests", index, field, place)
        if not path.is_file():
            self.errors.append(
                Diagnostic("no-such-file", f"no such file: `{name}`", at, facts=(("looked at", str(path)),))
            )
        self._inside(place, at)
        return path

    def expected(self, entry: Produced, index: int, place: str) -> Expected:
        self._inside(place, self.document.at("tests", index, "produces", place))
        equals = self.find(entry.equals, index, "produces", place) if entry.equals is not None else None
        return Expected(entry.sha256, equals)

    def _inside(self, place: str, at: Position) -> None:
        pure = PurePosixPath(place)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts:
            help_ = "name a place below the test's private directory, such as `data/in.txt`"
            self.errors.append(Diagnostic("outside", f"not in the private directory: `{place}`", at, help=(help_,)))
