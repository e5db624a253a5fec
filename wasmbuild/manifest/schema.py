"""The types of a manifest. One schema serves a project's `wasmbuild.yaml` and a library's `recipe.yaml`.

The reader fills these from YAML, and the JSON Schema that editors use is generated from them, with the text below
each field, so a field is declared here and nowhere else. docs/manifest.md says the same and more.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.+-]*$", description="a plain name, used in file names")]
Size = Annotated[int | str, Meta(description="bytes, or a number with KiB, MiB or GiB")]
Signature = Annotated[str, Meta(pattern=r"^\s*\(.*\)\s*->\s*.+$", description="such as `(i32, i32) -> f64`")]
OutputName = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.+-]*\.(so|wasm)$", description="a file name that ends in .so or .wasm")
]
Seconds = Annotated[float, Meta(gt=0, le=86400)]
Scalar = int | float | str | bool
LibcChoice = Literal["wasi", "none", "self"]

SOURCE_PREFIX = "source:"
"""Before a file of the recipe's source tree, in the place of one of the recipe's own."""


class Requires(Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `requires` that says more than a name: which options of a recipe, or when the library is loaded."""

    name: Name
    """the recipe; without `version` and `options`, also a library of this manifest"""
    version: str | None = None
    """which versions of it will do, such as `>=4.5, <5`; without it, any"""
    options: dict[Name, bool] = {}
    """its options that must be on, and those that must be off"""
    lazy: bool = False
    """its libraries are loaded at the first call into them, and not at the start; checked they are like all others"""

    def __hash__(self) -> int:
        return hash((self.name, self.version, self.lazy, *sorted(self.options.items())))


class Memory(Struct, frozen=True, forbid_unknown_fields=True):
    """Memory of a program: `stack` and `initial` are what it starts with, `max` what it may grow to."""

    stack: Size | None = None
    """the stack; 1 MiB without it"""
    initial: Size | None = None
    """what the process starts with; what it needs without it"""
    max: Size | None = None
    """what it may grow to; no limit but 4 GiB without it"""


class Defaults(Struct, frozen=True, forbid_unknown_fields=True):
    """What every target takes unless it says more: lists are put before the target's, mappings are merged."""

    include: tuple[str, ...] = ()
    """directories to search for headers, before the target's own"""
    defines: dict[str, Scalar | None] = {}
    """macros, joined with the target's, which wins where both have a name"""
    cflags: tuple[str, ...] = ()
    """flags for clang, for C and C++ alike, before the target's own"""
    cxxflags: tuple[str, ...] = ()
    """flags for clang, for C++ only, before the target's own"""
    ldflags: tuple[str, ...] = ()
    """flags for wasm-ld, before the target's own"""
    c_std: str | None = None
    """`-std` for C, where the target has none"""
    cxx_std: str | None = None
    """`-std` for C++, where the target has none"""
    libc: LibcChoice | None = None
    """which C library, where the target says nothing; then `wasi`"""


class ExportsFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Exports are listed in a file, as upstream has it."""

    file: str
    """a list of names (`.sym`), a version script (`.map`) or a module definition (`.def`)"""


class Target(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What libraries and programs have in common."""

    sources: Annotated[tuple[str, ...], Meta(min_length=1)] = ()
    """patterns of files to compile"""
    exclude: tuple[str, ...] = ()
    """patterns that take some of them out again"""
    include: tuple[str, ...] = ()
    """directories to search for headers"""
    defines: dict[str, Scalar | None] = {}
    """macros: name, then value; with nothing (`null`), it is just defined"""
    cflags: tuple[str, ...] = ()
    """flags for clang, for C and C++ alike"""
    cxxflags: tuple[str, ...] = ()
    """flags for clang, for C++ only"""
    ldflags: tuple[str, ...] = ()
    """flags for wasm-ld"""
    c_std: str | None = None
    """`-std` for C, such as `c11`; without it, clang's own default"""
    cxx_std: str | None = None
    """`-std` for C++, such as `c++20`; without it, clang's own default"""
    requires: tuple[str | Requires, ...] = ()
    """libraries of this manifest, and recipes"""
    exports: tuple[str, ...] | Literal["annotated"] | ExportsFile | None = None
    """what is exported: patterns, what sources mark, or what a file lists"""
    imports: tuple[str, ...] = ()
    """functions that the host supplies"""
    libc: LibcChoice | None = None
    """which C library, or `none`; `self` is the C library itself"""
    link: Literal["dynamic", "static"] = "dynamic"
    """`static`: one module without needed libraries"""
    rpath: tuple[str, ...] = ()
    """more directories to find needed libraries in"""
    interpose: tuple[str, ...] = ()
    """symbols that another module may replace"""
    whole_archive: bool = False
    """whether archives are linked whole"""
    output: OutputName | None = None
    """the name of its file"""


class Library(Target, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A shared library: `build/lib/libNAME.so`."""

    prebuilt: str | None = None
    """a shared library that is there already"""
    headers: tuple[str, ...] = ()
    """patterns of the headers that its users include"""
    provides: tuple[Name, ...] = ()
    """names by which pkg-config knows it; without it, its own"""
    from_program: tuple[str, ...] = ()
    """patterns of functions and data that the program supplies"""


class Program(Target, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A program: `build/bin/NAME.wasm`."""

    memory: Memory = Memory()
    """how much memory it has"""
    opens: tuple[str, ...] = ()
    """libraries of this manifest that it may open with `dlopen`"""


class Produced(Struct, frozen=True, forbid_unknown_fields=True):
    """A file that a test must leave in its private directory, and what must be in it."""

    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] | None = None
    """the hash that the file must have"""
    equals: str | None = None
    """a file that it must be equal to; with `source:` before it, one of the source tree"""


class HostFunction(Struct, frozen=True, forbid_unknown_fields=True):
    """A function that the test's host supplies: it prints its arguments on a line and returns `returns`."""

    type: Signature
    """the function's type, with at most one result"""
    returns: int | float | None = None
    """what it returns, a value of its type; 0 without it"""


class Output(Struct, frozen=True, forbid_unknown_fields=True):
    """What a run must print, in a file."""

    equals: str
    """the file with the expected output; with `source:` before it, one of the source tree"""


class Input(Struct, frozen=True, forbid_unknown_fields=True):
    """What a run reads from standard input, in a file."""

    file: str
    """the file, whatever its bytes; with `source:` before it, one of the source tree"""


class FileArgument(Struct, frozen=True, forbid_unknown_fields=True):
    """An argument that is a file: it is put into the private directory, and its place there is the argument."""

    path: str
    """the file; with `source:` before it, one of the source tree"""


class Run(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"each": "for"}):
    """One more run of a test's program, in the private directory as the run before left it."""

    each: dict[Name, tuple[Scalar, ...]] = {}
    """one of it for each value: `{NAME}` stands for the value"""
    args: tuple[Scalar | FileArgument, ...] = ()
    """the arguments; with `call`, numbers; a file is `{path: FILE}`"""
    stdin: str | Input | None = None
    """standard input, else empty; `{file: FILE}` is a file's contents; not with `call`"""
    stdout: str | Output | None = None
    """standard output must be exactly this; `{equals: FILE}` is a file's contents"""
    stdout_matches: str | None = None
    """a regular expression that must be found in it; not beside `stdout`"""
    exit: Annotated[int, Meta(ge=0, le=255)] = 0
    """the exit status, 0 to 255"""


class TestDefaults(Struct, frozen=True, forbid_unknown_fields=True):
    """What every test takes unless it says more; mappings are merged."""

    env: dict[str, str] = {}
    """environment variables, joined with the test's, which wins where both have a name"""
    files: dict[str, str] = {}
    """files to copy, joined with the test's, which wins where both have a place"""
    timeout_s: Seconds | None = None
    """seconds for each run, and for loading, where the test says nothing; then 10"""
    memory_limit: Size | None = None
    """what memory may grow to, where the test says nothing; then 1 GiB"""


class Test(Run, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"library": "in", "each": "for"}):
    """One test: exactly one of `call` (with `in`), `run` and `program` says what it does."""

    name: str
    """no two tests have the same; `-k TEXT` chooses those with TEXT in it"""
    call: str | None = None
    """the exported function to call"""
    library: str | None = None
    """with `call`: the library"""
    run: str | None = None
    """the program of the manifest to run"""
    program: Program | None = None
    """a program for this test alone; it may require this manifest's libraries"""
    returns: int | float | None = None
    """with `call`: what the function must return; without it, anything"""
    env: dict[str, str] = {}
    """the environment: these variables and no others"""
    files: dict[str, str] = {}
    """files to copy into the private directory: place, then file"""
    produces: dict[str, Produced] = {}
    """files that must be there at the end; not with `call`"""
    then: tuple[Run, ...] = ()
    """more runs of the same program; not with `call`"""
    host: dict[str, Signature | HostFunction] = {}
    """functions for `imports`"""
    timeout_s: Seconds | None = None
    """seconds for each run: more than 0, at most 86400; 10 without it"""
    memory_limit: Size | None = None
    """what the process's memory may grow to; 1 GiB without it"""


class TestLibrary(Struct, frozen=True, forbid_unknown_fields=True):
    """Code that programs of tests share, and that no output has in it."""

    sources: tuple[str, ...] = ()
    """patterns of files to compile into each test's program that requires it"""
    include: tuple[str, ...] = ()
    """directories to search for headers, for it and for the tests"""
    requires: tuple[str | Requires, ...] = ()
    """libraries of this manifest, and recipes"""


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """One place that a recipe's source can be had from: exactly one of the kinds is given."""

    url: str | None = None
    """an archive at an `https`, `http` or `file` URL; needs `sha256`"""
    debian: str | None = None
    """a Debian source package; needs `version` and `sha256`"""
    pypi: str | None = None
    """a Python source distribution; needs `version` and `sha256`"""
    npm: str | None = None
    """an npm package; needs `version` and `sha256`"""
    git: str | None = None
    """a git repository; needs `commit`"""
    path: str | None = None
    """an archive or a directory, from the recipe's directory"""
    toolchain: str | None = None
    """a directory inside the library directory of the toolchain"""
    version: str | None = None
    """of a package: its exact version; of a Debian package, Debian's"""
    suite: str | None = None
    """of a Debian package: the release; without it several are searched"""
    commit: Annotated[str, Meta(pattern="^[0-9a-f]{40}$")] | None = None
    """of a git repository: the commit"""
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")] | None = None
    """the hash of the archive's bytes"""


class FilledFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the source that is made: of a template and values, or of macros."""

    template: str | None = None
    """a file with `@NAME@` in it; with `source:` before it, one of the source tree"""
    values: dict[str, str] = {}
    """with `template`: what stands for each; keys may be patterns"""
    defines: dict[str, Scalar | None] = {}
    """without: the macros of a header, with nothing (`null`) just defined"""


class Build(Struct, frozen=True, forbid_unknown_fields=True):
    """Upstream's own build, which makes archives and headers for `libraries` to be made of."""

    system: Literal["cmake", "meson", "autotools", "make"] | None = None
    """what upstream builds with; must be said"""
    options: tuple[str, ...] = ()
    """`-DNAME=VALUE`; for autotools `--OPTION` or `NAME=VALUE`, for make `NAME=VALUE`"""
    targets: tuple[str, ...] = ()
    """what is built; without it all, which is then installed into `_installed`"""
    directory: str | None = None
    """where its build files are, from the top of the source; there, without it"""
    timeout_s: Seconds | None = None
    """seconds for all of it; 1800 without it"""


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """What is laid over a recipe: mappings are merged, lists put behind those that are there."""

    license: str | None = None
    """an SPDX expression, in the place of the other"""
    license_files: tuple[str, ...] = ()
    """more files with the licence"""
    patches: tuple[str, ...] = ()
    """more changes to the source"""
    files: dict[str, str | FilledFile] = {}
    """files put into the source, in the place of others there or beside them"""
    build: Build | None = None
    """what upstream's own build is told besides"""
    requires: tuple[str | Requires, ...] = ()
    """more recipes that every target requires"""
    defaults: Defaults = Defaults()
    """what every target takes besides"""
    libraries: dict[Name, Library] = {}
    """libraries, and what is changed of those that there are"""
    programs: dict[Name, Program] = {}
    """programs, and what is changed of those that there are"""
    tests: tuple[Test, ...] = ()
    """tests; one with the name of one that there is changes it"""
    test_libraries: dict[Name, TestLibrary] = {}
    """code that programs of tests share"""
    test_defaults: TestDefaults = TestDefaults()
    """what every test takes besides"""


class Option(Struct, frozen=True, forbid_unknown_fields=True, rename={"changes": "with"}):
    """What a recipe's users may choose: on or off."""

    description: str | None = None
    """one line; `wasmbuild recipe show` shows it"""
    default: bool = False
    """what it is where nobody says"""
    changes: Change = Change()
    """what is laid over the recipe where it is on"""
    without: Change = Change()
    """what is laid over the recipe where it is off"""
    excludes: tuple[Name, ...] = ()
    """options that cannot be on beside it"""


class Manifest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A project, or with `source` a recipe: a library from upstream."""

    name: Name
    """the project's name; a recipe's must be that of its directory"""
    version: Annotated[str, Meta(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+~-]*$")] = "0"
    """its version: what `requires` compares, for a recipe"""
    description: str | None = None
    """one line; `wasmbuild recipe list` shows it"""
    group: str | None = None
    """recipes only: what it is for, such as `compression`; `wasmbuild recipe list` shows it among its like"""
    license: str | None = None
    """an SPDX expression"""
    license_files: tuple[str, ...] = ()
    """files with the licence, from the top of the source; without them, those there that are called so"""
    homepage: str | None = None
    """a URL"""
    source: tuple[Source, ...] = ()
    """recipes only: where the source is"""
    components: dict[str, tuple[Source, ...]] = {}
    """recipes only: more sources, each put into a directory of the source"""
    patches: tuple[str, ...] = ()
    """recipes only: changes to the source"""
    files: dict[str, str | FilledFile] = {}
    """recipes only: files put into the source"""
    build: Build | None = None
    """recipes only: upstream's build, where it is the better way"""
    options: dict[Name, Option] = {}
    """recipes only: what users may choose"""
    extends: bool = False
    """recipes only: whether it is laid over the recipe of its name that would be found without it"""
    replace: Change | None = None
    """where a recipe is laid over another: lists that take the place of those there"""
    requires: tuple[str | Requires, ...] = ()
    """recipes that every target requires"""
    defaults: Defaults = Defaults()
    """what every target takes"""
    libraries: dict[Name, Library] = {}
    """shared libraries; `NAME` becomes `build/lib/libNAME.so`"""
    programs: dict[Name, Program] = {}
    """programs; `NAME` becomes `build/bin/NAME.wasm`"""
    tests: tuple[Test, ...] = ()
    """what is tested"""
    test_libraries: dict[Name, TestLibrary] = {}
    """code that programs of tests share: `NAME` in their `requires`"""
    test_defaults: TestDefaults = TestDefaults()
    """what every test takes"""
