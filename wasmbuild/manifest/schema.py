"""The types of a manifest. One schema serves a project's `wasmbuild.yaml` and a library's `recipe.yaml`.

The reader fills these from YAML, and the JSON Schema that editors use is generated from them, so a field is
declared here and nowhere else. docs/manifest.md explains each one.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.+-]*$", description="a plain name, used in file names")]
Size = Annotated[int | str, Meta(description="bytes, or a number with KiB, MiB or GiB")]
Signature = Annotated[str, Meta(pattern=r"^\s*\(.*\)\s*->\s*.+$", description="such as `(i32, i32) -> f64`")]
Seconds = Annotated[float, Meta(gt=0, le=86400)]
Scalar = int | float | str | bool


class Memory(Struct, frozen=True, forbid_unknown_fields=True):
    """Memory of a program: `stack` and `initial` are what it starts with, `max` what it may grow to."""

    stack: Size | None = None
    initial: Size | None = None
    max: Size | None = None


class Defaults(Struct, frozen=True, forbid_unknown_fields=True):
    """What every target takes unless it says more: lists are put before the target's, mappings are merged."""

    include: tuple[str, ...] = ()
    defines: dict[str, Scalar | None] = {}
    cflags: tuple[str, ...] = ()
    cxxflags: tuple[str, ...] = ()
    ldflags: tuple[str, ...] = ()
    c_std: str | None = None
    cxx_std: str | None = None
    libc: Literal["wasi", "none"] | None = None


class Target(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What libraries and programs have in common."""

    sources: Annotated[tuple[str, ...], Meta(min_length=1)]
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    defines: dict[str, Scalar | None] = {}
    cflags: tuple[str, ...] = ()
    cxxflags: tuple[str, ...] = ()
    ldflags: tuple[str, ...] = ()
    c_std: str | None = None
    cxx_std: str | None = None
    requires: tuple[str, ...] = ()
    exports: tuple[str, ...] | None = None
    imports: tuple[str, ...] = ()
    libc: Literal["wasi", "none"] | None = None
    link: Literal["dynamic", "static"] = "dynamic"
    rpath: tuple[str, ...] = ()
    interpose: tuple[str, ...] = ()


class Library(Target, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A shared library: `build/lib/libNAME.so`."""

    headers: tuple[str, ...] = ()


class Program(Target, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A program: `build/bin/NAME.wasm`."""

    memory: Memory = Memory()


class Produced(Struct, frozen=True, forbid_unknown_fields=True):
    """A file that a test must leave in its private directory, and what must be in it."""

    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] | None = None
    equals: str | None = None


class HostFunction(Struct, frozen=True, forbid_unknown_fields=True):
    """A function that the test's host supplies: it prints its arguments on a line and returns `returns`."""

    type: Signature
    returns: int | float | None = None


class Output(Struct, frozen=True, forbid_unknown_fields=True):
    """What a run must print, in a file."""

    equals: str


class FileArgument(Struct, frozen=True, forbid_unknown_fields=True):
    """An argument that is a file: it is put into the private directory, and its place there is the argument."""

    path: str


class Run(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One more run of a test's program, in the private directory as the run before left it."""

    args: tuple[Scalar | FileArgument, ...] = ()
    stdin: str | None = None
    stdout: str | Output | None = None
    stdout_matches: str | None = None
    exit: Annotated[int, Meta(ge=0, le=255)] = 0


class TestDefaults(Struct, frozen=True, forbid_unknown_fields=True):
    """What every test takes unless it says more; mappings are merged."""

    env: dict[str, str] = {}
    files: dict[str, str] = {}
    timeout_s: Seconds | None = None
    memory_limit: Size | None = None


class Test(Run, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"library": "in"}):
    """One test: exactly one of `call` (with `in`), `run` and `program` says what it does."""

    name: str
    call: str | None = None
    library: str | None = None
    run: str | None = None
    program: Program | None = None
    returns: int | float | None = None
    env: dict[str, str] = {}
    files: dict[str, str] = {}
    produces: dict[str, Produced] = {}
    then: tuple[Run, ...] = ()
    host: dict[str, Signature | HostFunction] = {}
    timeout_s: Seconds | None = None
    memory_limit: Size | None = None


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """One place that a recipe's source can be had from: exactly one of the kinds is given."""

    url: str | None = None
    debian: str | None = None
    pypi: str | None = None
    npm: str | None = None
    git: str | None = None
    path: str | None = None
    toolchain: str | None = None
    version: str | None = None
    suite: str | None = None
    commit: Annotated[str, Meta(pattern="^[0-9a-f]{40}$")] | None = None
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] | None = None


class Manifest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A project, or with `source` a recipe: a library from upstream."""

    name: Name
    version: Annotated[str, Meta(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+~-]*$")] = "0"
    description: str | None = None
    license: str | None = None
    homepage: str | None = None
    source: tuple[Source, ...] = ()
    patches: tuple[str, ...] = ()
    files: dict[str, str] = {}
    requires: tuple[str, ...] = ()
    defaults: Defaults = Defaults()
    libraries: dict[Name, Library] = {}
    programs: dict[Name, Program] = {}
    tests: tuple[Test, ...] = ()
    test_defaults: TestDefaults = TestDefaults()
