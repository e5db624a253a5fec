"""show what was found and what is missing"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from wasmbuild.commands.project import enter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from wasmbuild.builder.toolchain import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--toolchain", metavar="FILE", help="in the place of the project's toolchain.yaml")
    parser.add_argument("--launcher", metavar="PROGRAM", help="try what stands before the compiler, such as ccache")


def run(arguments: argparse.Namespace) -> int:
    """Look at each thing that a build or a test needs; 1 when one of them is missing."""
    from wasmbuild.printing import printable
    from wasmbuild.report.messages import print_json

    enter(arguments)
    found = [_look(name, look) for name, look in _things(arguments)]
    if arguments.json:
        print_json({"ok": all(ok for _, ok, _ in found), "found": [_as_json(entry) for entry in found]})
    else:
        width = max(len(name) for name, _, _ in found)
        for name, ok, text in found:
            first, *rest = map(printable, text.split("\n"))
            print(f"{'ok     ' if ok else 'MISSING'}  {name:{width}}  {first}")
            for line in rest:
                print(f"{'':{width + 11}}{line}")
    return 0 if all(ok for _, ok, _ in found) else 1


def _things(arguments: argparse.Namespace) -> list[tuple[str, Callable[[], str]]]:
    launcher = [("launcher", lambda: _launcher(arguments))] if _has_launcher(arguments) else []
    return [
        ("python", _python),
        ("toolchain", lambda: _toolchain(arguments)),
        *launcher,
        ("ziglang", _ziglang),
        ("ninja", _ninja),
        ("wasmtime", _wasmtime),
        ("libc.so", _libc),
        ("cache", _cache),
        ("recipes", _recipes),
        ("stores", lambda: _stores(arguments)),
        *([("lock", _lock)] if Path(_LOCK).exists() else []),
    ]


def _as_json(entry: tuple[str, bool, str]) -> dict[str, object]:
    name, ok, text = entry
    return {"name": name, "ok": ok, "text": text}


def _look(name: str, look: Callable[[], str]) -> tuple[str, bool, str]:
    from wasmbuild.diagnostics import WasmbuildError, format_diagnostic

    try:
        return name, True, look()
    except WasmbuildError as error:
        return name, False, "\n".join(format_diagnostic(d).removeprefix("error: ") for d in error.diagnostics)
    except (ImportError, OSError) as error:
        return name, False, f"{error}\nhelp: pip install --force-reinstall wasmbuild"


def _python() -> str:
    return f"{sys.version.split()[0]}, {sys.executable}"


def _toolchain(arguments: argparse.Namespace) -> str:
    from wasmbuild.builder.toolchain import MINIMUM_LLVM_FOR_SETJMP, find_toolchain

    settings = _settings(arguments)
    toolchain = find_toolchain(settings)
    lines = [f"{toolchain.kind}, clang {toolchain.version}, chosen at {settings.said_at}"]
    lines += [" ".join(command) for command in (toolchain.clang, toolchain.wasm_ld, toolchain.ar)]
    if not toolchain.has_standard_exceptions:
        lines.append(f"plain C only: setjmp and exceptions need LLVM {MINIMUM_LLVM_FOR_SETJMP} or later")
    return "\n".join(lines)


def _settings(arguments: argparse.Namespace) -> Settings:
    from wasmbuild.builder.toolchain import read_settings

    return read_settings(Path.cwd(), Path(arguments.toolchain) if arguments.toolchain else None, arguments.launcher)


def _has_launcher(arguments: argparse.Namespace) -> bool:
    from wasmbuild.diagnostics import WasmbuildError

    try:
        return bool(_settings(arguments).launcher)
    except WasmbuildError:
        return False  # the line about the toolchain says why


def _launcher(arguments: argparse.Namespace) -> str:
    from wasmbuild.builder.launchertest import try_launcher
    from wasmbuild.builder.toolchain import find_toolchain

    settings = _settings(arguments)
    return try_launcher(find_toolchain(settings), settings.launcher_at)


def _ziglang() -> str:
    from wasmbuild.builder.ziglang import ziglang_directory, ziglang_version

    return f"{ziglang_version()}, {ziglang_directory()}: headers and C library"


def _ninja() -> str:
    import subprocess

    from wasmbuild.builder.runninja import find_ninja

    command = find_ninja()
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    return f"{done.stdout.strip()}, {command}"


def _wasmtime() -> str:
    from importlib.metadata import version

    from wasmbuild.loader.engine import make_engine

    make_engine()
    return version("wasmtime")


def _libc() -> str:
    from wasmbuild.builder.libc import libc_entry
    from wasmbuild.builder.toolchain import read_settings
    from wasmbuild.sources.store import Store

    runtime = libc_entry(read_settings(None), Store.of_user())
    if not runtime.libc.is_file():
        return "not built yet: the first build that needs it builds it"
    embedded = "\nthe toolchain's own copy: the source of the recipe `libc` could not be had"
    return f"{runtime.libc}{embedded if runtime.origin == 'embedded' else ''}"


def _cache() -> str:
    from wasmbuild.sources.store import cache_root, scratch

    root = cache_root()
    with scratch(root / "doctor"):
        pass  # whether it can be written to
    return str(root)


def _recipes() -> str:
    """How many, then those of each directory, and the overlays among them."""
    from wasmbuild.manifest.layers import read_layers
    from wasmbuild.manifest.recipes import find_recipes, recipe_directories

    places = recipe_directories(Path.cwd())
    known = find_recipes(places)
    lines = [f"{len(known)}: `wasmbuild recipe list` names them" if known else "none"]
    for place in places:
        own = [name for name, directories in known.items() if directories[0].parent == place]
        overlays = [name for name in own if len(known[name]) > 1 and len(read_layers(known[name])) > 1]
        said = f", laid over others: {', '.join(overlays)}" if overlays else ""
        lines.append(f"{len(own):4} of {place}{said}" if place.is_dir() else f"none of {place}, which is not there")
    return "\n".join(lines)


def _stores(arguments: argparse.Namespace) -> str:
    from wasmbuild.builder.toolchain import read_settings
    from wasmbuild.sources.download import redacted

    settings = read_settings(Path.cwd(), Path(arguments.toolchain) if arguments.toolchain else None)
    return "\n".join(map(redacted, settings.stores)) or "none: what is required is built here"


_LOCK = "wasmbuild.lock"


def _lock() -> str:
    """Whether what it says can be built, and what a build would change in it."""
    from wasmbuild.builder.project import read_project
    from wasmbuild.selection.known import resolve
    from wasmbuild.selection.lock import changes, lock_of, locked_versions, read_lock

    document, known = read_project(Path.cwd())
    lock = read_lock(Path(_LOCK), document)
    assert lock is not None
    required = resolve(document, known, locked=locked_versions(lock))
    now = lock_of(document, required, lock.value.toolchain)
    count = len(lock.value.recipes)
    lines = [f"{count} {'recipe' if count == 1 else 'recipes'}, with {lock.value.toolchain}"]
    return "\n".join((*lines, *map(str, changes(lock.value, now))))
