"""Which compiler is used and how it is called. docs/toolchain.md has the measurements behind the flags."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args

from msgspec import Meta, Struct
from msgspec.structs import asdict, replace

from wasmbuild.builder.launchers import chosen_launcher, not_of_project
from wasmbuild.builder.wasmopt import NO_WASM_OPT, WasmOpt, find_wasm_opt
from wasmbuild.builder.ziglang import ziglang_directory, ziglang_version
from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean
from wasmbuild.manifest.check_flags import not_allowed
from wasmbuild.manifest.reader import Document, read_document
from wasmbuild.manifest.recipes import shipped
from wasmbuild.manifest.schema import LibcChoice

TOOLCHAIN_FILE = "toolchain.yaml"

STORE_VARIABLE = "WASMBUILD_STORE"
"""The environment variable with URLs of stores, with blanks between them."""

MINIMUM_LLVM = 16
"""Older ones write neither `dylink.0` import flags nor position-independent code that links."""

MINIMUM_LLVM_FOR_SETJMP = 20
"""`-wasm-use-legacy-eh=false`, the exception encoding that engines have standardised on, came with LLVM 20."""


class Llvm(Struct, frozen=True, forbid_unknown_fields=True):
    """An LLVM of the machine: where its tools are and how they are named."""

    path: str | None = None
    """the directory with clang and wasm-ld in it; without it, `PATH` is searched"""
    suffix: Annotated[str, Meta(pattern="^[A-Za-z0-9._+-]*$")] | None = None
    """what their names end with"""


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """A field that is None says nothing: what lies below it stands."""

    cflags: tuple[str, ...] | None = None
    """flags for clang, before the manifest's"""
    ldflags: tuple[str, ...] | None = None
    """flags for wasm-ld, without `-Wl,`"""
    strip: Literal["nothing", "debug", "all"] | None = None
    """what the link leaves out; `debug` where nobody says"""
    wasm_opt: Literal["O1", "O2", "O3", "O4", "Os", "Oz"] | None = None
    """how binaryen's wasm-opt, from `PATH`, rewrites what was linked; not at all where nobody says"""


class ToolchainFile(Struct, frozen=True, forbid_unknown_fields=True):
    """`toolchain.yaml`."""

    toolchain: Literal["zig", "llvm"] | None = None
    """the compiler: the embedded one, which is the default, or an LLVM"""
    llvm: Llvm | None = None
    """where the LLVM is"""
    features: Literal["simd", "baseline"] | None = None
    """what libc asks of an engine: 128-bit SIMD, which is the default, or nothing of the kind"""
    profiles: dict[str, Profile] = {}
    """sets of flags to choose from"""
    store: tuple[str, ...] = ()
    """URLs of stores: what is built already is taken from there"""
    launcher: tuple[str, ...] | None = None
    """what stands before the compiler: a cache, or what compiles elsewhere"""


_ZIG = "zig.exe" if sys.platform == "win32" else "zig"
_CSRC = Path(__file__).parent / "csrc"


@dataclass(frozen=True, slots=True)
class Settings:
    """The toolchain file in force: the project's laid over the one that ships."""

    kind: Literal["zig", "llvm"]
    llvm: Llvm
    profiles: Mapping[str, Profile]
    features: Literal["simd", "baseline"]
    said_at: str
    """Where `toolchain:` was chosen, for messages."""
    stores: tuple[str, ...] = ()
    """URLs, in the order in which they are asked."""
    launcher: tuple[str, ...] = ()
    launcher_at: str = "--launcher"
    """Where it was chosen, for messages."""
    is_sent: bool = False


@dataclass(frozen=True, slots=True)
class Toolchain:
    """A compiler that was found: commands as argument lists, and the headers to compile against."""

    kind: Literal["zig", "llvm"]
    clang: tuple[str, ...]
    wasm_ld: tuple[str, ...]
    ar: tuple[str, ...]
    version: str
    builtin_include: Path
    """clang's own headers (stddef.h, stdarg.h, …)."""
    lib: Path
    """`ziglang/lib`: the headers of C++, and the embedded C library, whichever compiler is used."""
    libc_include: tuple[Path, ...]
    """The headers of the C library, in the order in which they are searched."""
    old_include: Path = _CSRC / "old-llvm"
    """What is searched before them where the compiler is too old for some."""
    launcher: tuple[str, ...] = ()
    """What stands before it where a source is compiled; it decides nothing of what comes out."""
    is_sent: bool = False
    """Whether it is sent to other machines, and so must be files where compile commands name it."""
    wasm_opt: WasmOpt = NO_WASM_OPT
    """What rewrites what was linked."""

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    @property
    def zig(self) -> str:
        """The embedded compiler, whichever one is used for C."""
        return str(self.lib.parent / _ZIG)

    @property
    def place(self) -> str:
        """A name for a directory with all of it."""
        return f"{self.kind}-{self.version}-{ziglang_version()}"

    @property
    def has_standard_exceptions(self) -> bool:
        return self.major >= MINIMUM_LLVM_FOR_SETJMP

    @property
    def identity(self) -> str:
        """What a cached build depends on; the same on every machine that has the same compiler."""
        last = f", wasm-opt {self.wasm_opt.version}" if self.wasm_opt.version else ""
        return f"{self.kind} clang {self.version}, headers of ziglang {ziglang_version()}{last}"


def read_settings(project: Path | None, chosen: Path | None = None, launcher: str | None = None) -> Settings:
    """The settings in force. `chosen` (from the command line) stands in the place of the project's file, `launcher` in
    the place of what that says."""
    base = read_document(shipped(TOOLCHAIN_FILE), TOOLCHAIN_FILE, ToolchainFile)
    own = chosen if chosen is not None else project / TOOLCHAIN_FILE if project is not None else None
    over: Document[ToolchainFile] | None = None
    if own is not None and (chosen is not None or own.is_file()):
        over = read_document(own, os.path.relpath(own), ToolchainFile)
        if chosen is None:
            _refuse_of_project(over)
    files = (base, over) if over is not None else (base,)
    said = over.value.launcher if over is not None else None
    top = over if over is not None and over.value.toolchain is not None else base
    return Settings(
        kind=top.value.toolchain or "zig",
        llvm=_laid_over(Llvm("", ""), *(file.value.llvm for file in files)),
        profiles={
            name: _laid_over(Profile((), (), "debug"), *(file.value.profiles.get(name) for file in files))
            for name in dict.fromkeys(name for file in files for name in file.value.profiles)
        },
        features=(over and over.value.features) or base.value.features or "simd",
        said_at=str(top.at("toolchain")),
        launcher=chosen_launcher(launcher.split() if launcher is not None else said or ()),
        launcher_at=str(over.at("launcher")) if launcher is None and over is not None else "--launcher",
        stores=tuple(
            dict.fromkeys((*os.environ.get(STORE_VARIABLE, "").split(), *(url for f in files for url in f.value.store)))
        ),
    )


def _refuse_of_project(document: Document[ToolchainFile]) -> None:
    """A project may choose among the compilers of the machine and say how they compile. Which programs are run beyond
    that is the user's word: a file that is named on the command line may say anything."""
    errors = []
    if document.value.llvm is not None and document.value.llvm.path:
        path, help_ = document.value.llvm.path, f"if you trust it: `--toolchain {document.path}`"
        headline = f"a project does not say where programs are run from: `{path}`"
        help_path = "put the directory into PATH, and leave `path` out"
        errors.append(Diagnostic("path-of-project", headline, document.at("llvm", "path"), help=(help_, help_path)))
    errors += not_of_project(document.value.launcher or (), document.path, lambda i: document.at("launcher", i))
    for name, profile in document.value.profiles.items():
        for field in ("cflags", "ldflags"):
            for i, finding in not_allowed(field, getattr(profile, field) or ()):
                errors.append(replace(finding, at=document.at("profiles", name, field, i)))
    if errors:
        raise WasmbuildError(*errors)


S = TypeVar("S", Llvm, Profile)


def _laid_over(base: S, *layers: S | None) -> S:
    """`base` with what each layer says, the last one wins; a field that is None says nothing."""
    for layer in layers:
        if layer is not None:
            base = replace(base, **{field: value for field, value in asdict(layer).items() if value is not None})
    return base


def choose_profile(settings: Settings, name: str) -> Profile:
    profile = settings.profiles.get(name)
    if profile is None:
        near = did_you_mean(name, settings.profiles)
        help_ = f"did you mean `{near}`?" if near else f"there are: {', '.join(settings.profiles)}"
        raise WasmbuildError(Diagnostic("unknown-profile", f"unknown profile: `{name}`", help=(help_,)))
    return profile


def find_toolchain(settings: Settings) -> Toolchain:
    """Find the compiler that the settings name. Raises WasmbuildError saying what is missing and how to get it."""
    zig = ziglang_directory()
    lib = zig / "lib"
    if settings.kind == "zig":
        command = str(zig / _ZIG)
        version = _clang_version((command, "clang"))
        tools = (command, "clang"), (command, "wasm-ld"), (command, "ar")
        libc_include = embedded_libc_include(lib)
        found = Toolchain("zig", *tools, version, lib / "include", lib, libc_include)
    else:
        found = _find_llvm(settings, lib)
    return dataclasses.replace(found, launcher=settings.launcher, is_sent=settings.is_sent)


def with_wasm_opt(toolchain: Toolchain, profile: Profile, name: str) -> Toolchain:
    """With what the profile of this name wants beside the compiler. Raises WasmbuildError where that cannot be."""
    if profile.wasm_opt is None:
        return toolchain
    if profile.strip == "nothing":
        headline = f"profile `{name}` keeps debug information, which wasm-opt would make wrong"
        help_ = ("write `strip: debug`, or leave `wasm_opt` out",)
        raise WasmbuildError(Diagnostic("wasm-opt-debug", headline, help=help_))
    return dataclasses.replace(toolchain, wasm_opt=find_wasm_opt(name, profile.wasm_opt))


def _find_llvm(settings: Settings, lib: Path) -> Toolchain:
    choice = settings.llvm
    tools = {}
    for name in ("clang", "wasm-ld", "llvm-ar"):
        tool = shutil.which(f"{name}{choice.suffix or ''}", path=choice.path or None)
        if tool is None:
            raise WasmbuildError(
                Diagnostic(
                    "no-llvm",
                    f"`{name}{choice.suffix or ''}` not found",
                    facts=(("searched", choice.path or "PATH"), ("chosen by", settings.said_at)),
                    help=(
                        f"install LLVM {MINIMUM_LLVM} or later with its linker (Debian: clang-19, lld-19, llvm-19), "
                        "or set `llvm: {path: …, suffix: …}`",
                        "or take `toolchain: zig`, which needs no installing",
                    ),
                )
            )
        tools[name] = tool
    version = _clang_version((tools["clang"],))
    if int(version.partition(".")[0]) < MINIMUM_LLVM:
        raise WasmbuildError(
            Diagnostic(
                "old-llvm",
                f"LLVM {version} is too old",
                facts=(
                    ("found", tools["clang"]),
                    (
                        "needed",
                        f"{MINIMUM_LLVM}, and {MINIMUM_LLVM_FOR_SETJMP} where setjmp or exceptions are used",
                    ),
                    ("chosen by", settings.said_at),
                ),
                help=("install a newer LLVM and name it in `llvm:`, or take `toolchain: zig`",),
            )
        )
    resources = _output((tools["clang"], "--print-resource-dir")).strip()
    return Toolchain(
        "llvm",
        (tools["clang"],),
        (tools["wasm-ld"],),
        (tools["llvm-ar"],),
        version,
        Path(resources) / "include",
        lib,
        embedded_libc_include(lib),
    )


def embedded_libc_include(lib: Path) -> tuple[Path, ...]:
    """The headers of the C library that is embedded in the toolchain; with more of musl's than it has functions for."""
    own = shipped("recipes") / "libc/include"
    return own, lib / "libc/include/wasm-wasi-musl", lib / "libc/include/generic-musl"


def _output(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise WasmbuildError(Diagnostic("cannot-run", f"cannot run `{command[0]}`: {error.strerror}")) from None
    if done.returncode != 0:
        facts = (("exit status", str(done.returncode)), ("output", (done.stderr or done.stdout).strip()))
        raise WasmbuildError(Diagnostic("cannot-run", f"`{' '.join(command)}` failed", facts=facts))
    return done.stdout


def _clang_version(clang: tuple[str, ...]) -> str:
    text = _output((*clang, "--version"))
    match = re.search(r"clang version (\d+\.\d+\.\d+)", text)
    if match is None:
        first = text.splitlines()[0] if text else "nothing"
        raise WasmbuildError(Diagnostic("not-clang", f"`{' '.join(clang)}` is no clang: it says `{first}`"))
    return match[1]


_SJLJ = ("-mllvm", "-wasm-enable-sjlj", "-mllvm", "-wasm-use-legacy-eh=false", "-mexception-handling")

# What `zig c++ --verbose` defines: libc++'s headers have no `__config_site` of their own in the wheel.
_LIBCXX_DEFINES = tuple(
    f"-D{definition}"
    for definition in (
        "_LIBCPP_ABI_VERSION=1",
        "_LIBCPP_ABI_NAMESPACE=__1",
        "_LIBCPP_ASSERTION_SEMANTIC_DEFAULT=_LIBCPP_ASSERTION_SEMANTIC_IGNORE",
        "_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_NONE",
        "_LIBCPP_HAS_LOCALIZATION",
        "_LIBCPP_HAS_MONOTONIC_CLOCK",
        "_LIBCPP_HAS_MUSL_LIBC=1",
        "_LIBCPP_HAS_RANDOM_DEVICE",
        "_LIBCPP_HAS_TERMINAL",
        "_LIBCPP_HAS_THREADS=0",
        "_LIBCPP_HAS_UNICODE",
        "_LIBCPP_HAS_VENDOR_AVAILABILITY_ANNOTATIONS=0",
        "_LIBCPP_HAS_WIDE_CHARACTERS",
        "_LIBCPP_PSTL_BACKEND_SERIAL",
        "_LIBCXXABI_HAS_NO_THREADS",
    )
)


_CXX_VISIBILITY = ("-fvisibility=default", "-fvisibility-inlines-hidden")
"""What C++ has once for all libraries must be visible until the link driver hides what is not that."""

_SHARED_CXX = (
    "-fwasm-exceptions",
    "-fno-assume-unique-vtables",
    "-D_LIBCPP_TYPEINFO_COMPARISON_IMPLEMENTATION=2",
)
"""Of types each library has its own descriptions: they are compared by name, also where a final class is asked for."""


def compile_flags(toolchain: Toolchain, libc: LibcChoice, cxx: bool) -> tuple[str, ...]:
    """What every compilation is told, before the profile's and the target's own flags.

    Hidden visibility and an explicit export list make a library call itself directly; paths are mapped so that the
    same inputs give the same bytes in any directory.
    """
    target = "wasm32-unknown-unknown" if libc == "none" else "wasm32-wasip1"
    # In two words: where a command says `--target=`, distcc 3.4 adds one for this machine.
    flags = ["-target", target, "-fPIC", "-ffile-compilation-dir=.", "-nostdinc"]
    flags += _CXX_VISIBILITY if cxx else ("-fvisibility=hidden",)
    for place, name in ((toolchain.lib, "/toolchain"), (toolchain.builtin_include, "/toolchain/include")):
        flags.append(f"-ffile-prefix-map={place}={name}")
    if libc == "none":
        return (*flags, "-ffreestanding", "-isystem", str(toolchain.builtin_include))
    if toolchain.has_standard_exceptions:
        flags += _SJLJ
    if libc == "self":
        # Its own headers are among its `include`, and come after clang's there too.
        return (*flags, f"-I{toolchain.builtin_include}")
    flags += ["-D_WASI_EMULATED_SIGNAL", "-D_WASI_EMULATED_PROCESS_CLOCKS"]
    includes = [] if toolchain.has_standard_exceptions else [toolchain.old_include]
    includes += [toolchain.builtin_include, *toolchain.libc_include]
    if cxx:
        shared = toolchain.has_standard_exceptions
        flags += (*_LIBCXX_DEFINES, f"-D_LIBCPP_HAS_FILESYSTEM={int(shared)}", *(_SHARED_CXX if shared else ()))
        includes = [toolchain.lib / "libcxx/include", toolchain.lib / "libcxxabi/include", *includes]
    for include in includes:
        flags += ["-isystem", str(include)]
    return tuple(flags)


def flags_identity(toolchain: Toolchain, choices: Iterable[LibcChoice] = get_args(LibcChoice)) -> tuple[str, ...]:
    """Every flag of `compile_flags` for these C libraries, without the places of this machine in them."""
    flags = [flag for libc in choices for cxx in (True, False) for flag in compile_flags(toolchain, libc, cxx)]
    for place in (_CSRC, toolchain.builtin_include, *toolchain.libc_include, toolchain.lib):
        flags = [flag.replace(str(place), "") for flag in flags]
    return tuple(flags)


def digest(*parts: str) -> str:
    """A short key over strings, for cache entries."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
