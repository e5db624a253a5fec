"""Cases as data: a directory of `tests/cases` read, and its modules made. tests/cases/README.md has the format."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import msgspec
import wasmtime
import yaml
from msgspec import Struct

import wasmbuild
from wasmbuild.builder.libc import libc_entry
from wasmbuild.builder.libcxx import libcxx_entry
from wasmbuild.builder.linkspec import LinkSpec
from wasmbuild.builder.linkstep import link
from wasmbuild.builder.resolved import Prefix
from wasmbuild.builder.runtime import Runtime
from wasmbuild.builder.toolchain import Toolchain, compile_flags, find_toolchain, read_settings
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.sources.store import Store, building, writing

CASES = Path(__file__).parent / "cases"
COMPILED = (".c", ".cpp")


class Module(Struct, frozen=True, forbid_unknown_fields=True):
    """How one file is made. What its sources are called decides: .wat, .hex, .c and .cpp, or a file to copy."""

    sources: tuple[str, ...]
    exports: tuple[str, ...] | None = None
    """None: all that the sources define."""
    needs: tuple[str, ...] = ()
    lazy: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    libc: bool = False
    program: bool = False
    static: bool = False
    cflags: tuple[str, ...] = ()
    ldflags: tuple[str, ...] = ()
    rpath: tuple[str, ...] = ()
    stack_bytes: int | None = None
    initial_bytes: int | None = None
    max_bytes: int | None = None
    repeat: int = 1

    @property
    def has_cxx_library(self) -> bool:
        return self.libc and any(source.endswith(".cpp") for source in self.sources)


class Host(Struct, frozen=True, forbid_unknown_fields=True):
    """A function of the host: it prints its arguments."""

    type: str
    returns: int | float | None = None


class Expected(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What comes out. What is not said is nothing: no output, no finding, status 0."""

    diagnostics: str = ""
    at_build: str | None = None
    """What the check of a build says, where it is not what the loader says."""
    stdout: str = ""
    exit: int = 0
    trap: str | None = None
    files: dict[str, str] = {}
    plan: str | None = None
    """The name of a file beside case.yaml."""


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """case.yaml."""

    about: str
    modules: dict[str, str | Module]
    root: str
    expect: Expected
    links: dict[str, str] = {}
    library_path: tuple[str, ...] = ()
    host: dict[str, str | Host] = {}
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    stdin: str | None = None
    files: dict[str, str] = {}
    calls: tuple[str, ...] = ()
    bug: str | None = None


def names() -> list[str]:
    return sorted(path.parent.name for path in CASES.glob("*/case.yaml"))


def read_case(name: str) -> Case:
    data = yaml.load((CASES / name / "case.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(data, Case)


@dataclass(frozen=True)
class Means:
    """The compiler, libc, and where what was made is kept."""

    toolchain: Toolchain
    runtime: Runtime
    libcxx: Prefix
    made: Path
    driver: str
    """A hash of everything that decides what is made."""


def find_means(made: Path) -> Means:
    """The means of a session. `runtime` need not be built yet."""
    settings = read_settings(None)
    runtime = libc_entry(settings, Store.of_user())
    toolchain = replace(find_toolchain(settings), libc_include=runtime.include)
    libcxx = libcxx_entry(settings, Store.of_user(), runtime)
    keys = (toolchain.identity, Path(libcxx.directory).name, runtime.directory.name)
    parts = [*(key.encode() for key in keys), Path(__file__).read_bytes()]
    package = Path(wasmbuild.__file__).parent
    for folder in ("builder", "wasm"):
        parts += [path.read_bytes() for path in sorted((package / folder).glob("*.py"))]
    return Means(toolchain, runtime, libcxx, made, _hash(*parts))


def make(name: str, case: Case, means: Means) -> Path:
    """The directory of a case's modules, made now or before. A link that is refused leaves `refused.txt` there, and
    what links only warn of is in `warnings.txt`."""
    inputs = sorted(path for path in (CASES / name).iterdir() if path.is_file() and path.name not in _NOT_INPUTS)
    settings = msgspec.json.encode((case.modules, case.links))
    contents = [part for path in inputs for part in (path.name.encode(), path.read_bytes())]
    final = means.made / "cases" / f"{name}-{_hash(means.driver.encode(), settings, *contents)}"
    if not final.is_dir():
        with building(final) as directory:
            _Maker(CASES / name, directory, means).make_all(case)
    return final


_NOT_INPUTS = ("case.yaml", "plan.json")


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]


@dataclass(frozen=True)
class _Maker:
    case: Path
    directory: Path
    means: Means

    def make_all(self, case: Case) -> None:
        warnings: list[str] = []
        modules = {n: m if isinstance(m, Module) else Module((m,)) for n, m in case.modules.items()}
        if any(module.libc for module in modules.values()):
            assert self.means.runtime.libc.is_file()
            (self.directory / "libc.so").symlink_to(self.means.runtime.libc)
        if any(module.has_cxx_library for module in modules.values()):
            # A copy: what a guest opens may not lead out of what it sees.
            shutil.copyfile(self.means.libcxx.libraries[0], self.directory / "libc++.so")
        for name, module in modules.items():
            for number in range(module.repeat):
                output = self.directory / _numbered(name, number)
                output.parent.mkdir(parents=True, exist_ok=True)
                if not module.sources[0].endswith(COMPILED):
                    output.write_bytes(self._bytes(module.sources[0], number))
                    continue
                try:
                    warnings += map(str, self._link(name, module))
                except WasmbuildError as error:
                    return self._say("refused.txt", [str(finding) for finding in error.diagnostics])
        for name, target in case.links.items():
            (self.directory / name).parent.mkdir(parents=True, exist_ok=True)
            (self.directory / name).symlink_to(target)
        return self._say("warnings.txt", warnings)

    def _say(self, name: str, findings: list[str]) -> None:
        (self.directory / name).write_text("".join(f"{finding}\n\n" for finding in findings), encoding="utf-8")

    def _bytes(self, source: str, number: int) -> bytes:
        path = self.case / source
        if source.endswith(".wat"):
            return wat(_numbered(path.read_text(encoding="utf-8"), number))
        return from_hex(path.read_text(encoding="utf-8")) if source.endswith(".hex") else path.read_bytes()

    def _link(self, name: str, module: Module) -> tuple[Diagnostic, ...]:
        """Compile, and link as a build does: what the link driver warns of. Raises WasmbuildError as it does."""
        objects = []
        for source in module.sources:
            link_name = f"obj/{name}/{source}.o"
            (self.directory / link_name).parent.mkdir(parents=True, exist_ok=True)
            if source.endswith(COMPILED):
                (self.directory / link_name).symlink_to(self._compile(source, module))
            objects.append((link_name, source) if source.endswith(COMPILED) else (source, source))
        runtime, toolchain = self.means.runtime, self.means.toolchain
        archives = map(str, runtime.static) if module.static and module.libc else ()
        shared = (*(("libc++.so",) if module.has_cxx_library else ()), *(("libc.so",) if module.libc else ()))
        start = str(runtime.crt1 if module.program else runtime.reactor)
        spec = LinkSpec(
            interpose=(),
            output=name,
            kind="program" if module.program else "library",
            static=module.static,
            name=Path(name).stem,
            objects=tuple(objects),
            exports=module.exports if not module.program else module.exports or (),
            imports=module.imports,
            libraries=() if module.static else (*module.needs, *module.lazy, *shared),
            lazy=module.lazy,
            archives=(*(self.means.libcxx.archives if module.static and module.has_cxx_library else ()), *archives),
            start=start if module.libc and (module.program or module.static) else None,
            rpath=module.rpath,
            clang=toolchain.clang,
            wasm_ld=toolchain.wasm_ld,
            ldflags=module.ldflags,
            strip="debug",
            compiler=f"{toolchain.kind} clang {toolchain.version}",
            has_standard_exceptions=toolchain.has_standard_exceptions,
            without_exceptions=False,
            stack_bytes=module.stack_bytes,
            initial_bytes=module.initial_bytes,
            max_bytes=module.max_bytes,
            exports_at="case.yaml",
            requires_at="case.yaml",
            target_at="case.yaml",
            cflags_at="case.yaml",
        )
        spec_path = Path("obj") / name / "link.json"
        with contextlib.chdir(self.directory):
            spec_path.write_text(json.dumps(msgspec.to_builtins(spec)))
            return link(spec_path)

    def _compile(self, source: str, module: Module) -> Path:
        """The object, from the cache of all cases: its key is all that clang sees."""
        toolchain, text = self.means.toolchain, (self.case / source).read_bytes()
        flags = (
            *compile_flags(toolchain, libc="wasi" if module.libc else "none", cxx=source.endswith(".cpp")),
            *("-O1", "-Werror=implicit-function-declaration", *module.cflags),
        )
        headers = [path.read_bytes() for path in sorted(self.case.glob("*.h"))]
        key = _hash(toolchain.identity.encode(), " ".join(flags).encode(), source.encode(), text, *headers)
        final = self.means.made / "objects" / f"{key}.o"
        if not final.is_file():
            with writing(final) as file:
                command = [*toolchain.clang, *flags, "-c", source, "-o", file.name]
                done = subprocess.run(command, cwd=self.case, capture_output=True, text=True, check=False)
                assert done.returncode == 0, done.stderr
        return final


def _numbered(text: str, number: int) -> str:
    """`@N@` is the number of a repeated module, `@N+1@` and `@N-1@` its neighbours'."""
    return re.sub(r"@N([+-]\d+)?@", lambda match: str(number + int(match[1] or 0)), text)


@cache
def wat(text: str) -> bytes:
    return bytes(wasmtime.wat2wasm(text))


def from_hex(text: str) -> bytes:
    """Bytes in hexadecimal and "quoted" text; `#` starts a comment, `*N` repeats what stands before it N times."""
    data = bytearray()
    for token in _tokens(text):
        if token.startswith("*"):
            data += data[-1:] * (int(token[1:]) - 1)
        else:
            data += token[1:-1].encode() if token.startswith('"') else bytes.fromhex(token)
    return bytes(data)


def _tokens(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from re.findall(r'"[^"]*"|[^\s"]+', re.sub(r'^((?:[^"#]|"[^"]*")*)#.*', r"\1", line))


def write_expected(name: str, expected: Expected, plan: str | None) -> None:
    """Put what came out in the place of what stood there: `expect:` is the last key of each case.yaml."""
    path = CASES / name / "case.yaml"
    before = re.split(r"^expect:", path.read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE)[0]
    path.write_text(before + render(expected), encoding="utf-8")
    if plan is not None and expected.plan is not None:
        (CASES / name / expected.plan).write_text(plan, encoding="utf-8")


def render(expected: Expected) -> str:
    """`expect:` as YAML, as a person would write it."""
    entries = msgspec.to_builtins(expected)
    if not entries:
        return "expect: {}\n"
    lines = ["expect:"]
    for key, value in entries.items():
        if isinstance(value, dict):
            lines += [f"  {key}:", *(f"    {json.dumps(k)}: {_scalar(v, 6)}" for k, v in value.items())]
        else:
            lines.append(f"  {key}: {_scalar(value, 4)}")
    return "\n".join(lines) + "\n"


def _scalar(value: str | int, indent: int) -> str:
    if not isinstance(value, str):
        return str(value)
    readable = value.endswith("\n") and value.isprintable() is False and value[0] not in " \n"
    lines = value[:-1].split("\n")
    if readable and all(line.isprintable() and line == line.rstrip() for line in lines):
        return "|\n" + "\n".join(" " * indent + line if line else "" for line in lines).rstrip(" ")
    return value if re.fullmatch(r"[a-z][a-z0-9.\-]*", value) else json.dumps(value, ensure_ascii=False)


def copy_files(files: dict[str, str], directory: Path) -> None:
    for name, text in files.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(text.encode())


def read_files(files: dict[str, str], directory: Path) -> dict[str, str]:
    """Everything in the directory that was not there before, or is not what it was."""
    found = {}
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            name, text = path.relative_to(directory).as_posix(), path.read_bytes().decode("utf-8", "replace")
            if files.get(name) != text:
                found[name] = text
    return found


def relative(text: str, directory: Path) -> str:
    """No path of this machine: those of the case start at its own directory."""
    for place in (os.path.realpath(directory), str(directory)):
        text = text.replace(place + os.sep, "").replace(place, ".")
    return text
