"""run a program"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from wasmbuild.commands import build
from wasmbuild.commands.project import enter

if TYPE_CHECKING:
    from wasmbuild.loader.program import Loaded
    from wasmbuild.loader.wasi import World

TRAPPED = 134
"""The exit status after a trap: what a shell shows for a native program that aborts."""


LIBRARY_PATH = "WASMBUILD_LIBRARY_PATH"
"""The environment variable with directories that are searched as those of `--library-path` are."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    build.add_build_arguments(parser)
    build.add_locked(parser)
    parser.usage = "wasmbuild run [OPTION ...] PROGRAM [ARGUMENT ...]"
    parser.add_argument("program", metavar="PROGRAM", help="a program of the project, or a file")
    # Options too: whatever stands after the program's name is its own. argparse drops a `--` right after the name.
    rest = parser.add_argument(
        "program_arguments", metavar="ARGUMENT", nargs=argparse.REMAINDER,
        help="all after PROGRAM is for the program; our own options stand before it",
    )  # fmt: skip
    rest.required = False  # else argparse lists it as missing where PROGRAM is
    parser.add_argument(
        "--dir", dest="directories", metavar="HOST::GUEST", action="append", default=[],
        help="let it see a directory, as GUEST (HOST alone: under the same name)",
    )  # fmt: skip
    parser.add_argument("--env", dest="environment", metavar="NAME=VALUE", action="append", default=[])
    parser.add_argument(
        "--as-native", action="store_true",
        help="let it see all that a program of this machine sees: every file, and the environment",
    )  # fmt: skip
    parser.add_argument("--library-path", metavar="DIR", type=Path, action="append", default=[])
    parser.add_argument("--runtime", choices=("wasmtime", "node"), default="wasmtime", help="where to run it")


def run(arguments: argparse.Namespace) -> int:
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError
    from wasmbuild.printing import printable

    standing = "" if _is_path(arguments.program) else enter(arguments)
    path = _find(arguments)
    if path is None:
        return 1
    environment = []
    for text in arguments.environment:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise WasmbuildError(Diagnostic("bad-option", f"not NAME=VALUE: `--env {text}`"))
        environment.append((name, value))
    directories = tuple(_directory(text, standing) for text in arguments.directories)
    if arguments.as_native:
        directories = ((Path("/"), "/"), *directories)
        inherited = {name: value for name, value in os.environ.items() if _is_unicode(name + value)}
        environment = [*(inherited | {"PWD": str(Path.cwd())} | dict(environment)).items()]  # libc starts in PWD
    if sys.stdout is not None:  # whoever starts us may have closed it
        sys.stdout.flush()
    for text in (*arguments.program_arguments, *arguments.environment):
        if not _is_unicode(text):
            raise WasmbuildError(Diagnostic("bad-option", f"not UTF-8, as a program's arguments must be: `{text}`"))
    from wasmbuild.loader.stack import on_large_stack
    from wasmbuild.loader.wasi import World

    called = arguments.program if arguments.as_native else printable(path.stem)
    world = World((called, *arguments.program_arguments), tuple(environment), directories)
    # While wasm runs, Python cannot: an interrupt must end the process by itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return on_large_stack(lambda: _run(path, world, arguments))


def _is_path(program: str) -> bool:
    """Whether it is a file, and not a name of the manifest."""
    return bool(Path(program).suffix) or "/" in program or os.sep in program


def _is_unicode(text: str) -> bool:
    """Whether a word of the command line was UTF-8: WASI has no other."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _find(arguments: argparse.Namespace) -> Path | None:
    """The program's file. A name of the manifest is built first; None when that failed."""
    if not _is_path(arguments.program):
        return _built(arguments)
    given = Path(arguments.program)
    if not given.is_file():
        from wasmbuild.diagnostics import Diagnostic, WasmbuildError

        raise WasmbuildError(Diagnostic("no-such-file", f"no such file: `{arguments.program}`"))
    return given


def _up_to_date(arguments: argparse.Namespace) -> Path | None:
    """The program where it was built, if a build would have nothing to do. Ninja is asked while the engine is
    imported: that takes longer, and most starts of a program come to it."""
    path = Path("build", "bin", f"{arguments.program}.wasm")
    answer = build.asking(arguments) if path.is_file() else None
    if answer is None:
        return None
    import wasmbuild.loader.program  # noqa: F401

    return path if answer() else None


def _built(arguments: argparse.Namespace) -> Path | None:
    built_before = _up_to_date(arguments)
    if built_before is not None:
        return built_before
    from wasmbuild.builder.builddir import BUILD_DIRECTORY
    from wasmbuild.builder.project import MANIFEST_FILE, read_project
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean
    from wasmbuild.report.console import progress_for

    name, here = arguments.program, Path.cwd()
    given = Path(name)
    if not (here / MANIFEST_FILE).is_file() and given.is_file():
        return given
    document, _ = read_project(here)
    programs = document.value.programs
    if name not in programs:
        near = did_you_mean(name, programs)
        there = f"there are: {', '.join(programs)}" if programs else "the manifest has no `programs`"
        help_ = f"did you mean `{near}`?" if near else there
        raise WasmbuildError(
            Diagnostic("unknown-program", f"no program `{name}`", document.at("programs"), help=(help_,))
        )
    with progress_for(arguments) as progress:
        built = build.build(arguments, progress, ("all",))
    return here / BUILD_DIRECTORY / "bin" / f"{name}.wasm" if built else None


def _directory(text: str, standing: str) -> tuple[Path, str]:
    """A directory as it is here and as the guest sees it; relative ones start where the user stands."""
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError

    host, separator, guest = text.partition("::")
    directory = Path(standing, host)
    if not directory.is_dir():
        raise WasmbuildError(Diagnostic("no-such-directory", f"no such directory: `{host}`, in `--dir {text}`"))
    return directory, guest if separator else host


def _tell_what_came(loaded: Loaded, started_s: float) -> None:
    """Which lazy libraries came, at which call, and when."""
    from wasmbuild.printing import printable

    plan, there = loaded.process.plan, {came.module for came in loaded.came}
    for came in loaded.came:
        at = f" at the call of `{came.called}`," if came.called else ""
        ms = (came.at_s - started_s) * 1e3
        print(
            printable(f"lazy: `{plan.modules[came.module].name}` came{at} {ms:.1f} ms after the start"), file=sys.stderr
        )
    for name in (plan.modules[each.module].name for each in plan.lazy if each.module not in there):
        print(printable(f"lazy: `{name}` did not come"), file=sys.stderr)


def _run(path: Path, world: World, arguments: argparse.Namespace) -> int:
    from wasmbuild.loader.ending import ENDINGS, Exited, Trapped, ending_of
    from wasmbuild.loader.options import ProcessOptions
    from wasmbuild.loader.program import link_file, load_linked
    from wasmbuild.sources.store import Store

    library_path = (
        *arguments.library_path,
        *map(Path, filter(None, os.environ.get(LIBRARY_PATH, "").split(os.pathsep))),
    )
    options = ProcessOptions(world, Store.of_user(), library_path=library_path, large_stack=True)
    if arguments.runtime == "node":
        from wasmbuild.testing.nodechild import run_program
        from wasmbuild.testing.runtimes import find_node

        run_program(find_node(), path, options, os.path.relpath(path))
    linked = link_file(path, options)
    modules, loaded, started_s = linked.modules, None, time.monotonic()
    try:
        loaded = load_linked(linked, options)
        modules = loaded.modules
        return loaded.run()
    except ENDINGS as error:
        ending = ending_of(error, modules)
    finally:
        if arguments.verbose and loaded is not None:
            _tell_what_came(loaded, started_s)
    if isinstance(ending, Exited):
        return ending.status
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError
    from wasmbuild.report.messages import report_error

    details = ending.backtrace if isinstance(ending, Trapped) else ending.details
    facts = (("in", details),) if details else ()
    trapped = Diagnostic("trap", f"`{os.path.relpath(path)}` trapped: {ending.message}", facts=facts)
    report_error(WasmbuildError(trapped), arguments)
    return TRAPPED
