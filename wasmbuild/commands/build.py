"""build the project and check its link"""

from __future__ import annotations

import argparse
import os
import sys

from wasmbuild.commands import unchanged
from wasmbuild.commands.project import enter
from wasmbuild.starting import import_msgspec

TYPE_CHECKING = False  # see build.runninja: a build with nothing to do imports this file
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from wasmbuild.builder.project import Request
    from wasmbuild.builder.runninja import RunOptions
    from wasmbuild.builder.runsiso import Remote
    from wasmbuild.report.console import Recorder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_build_arguments(parser)
    add_locked(parser)
    parser.add_argument("--sbom", metavar="FILE", help="write what it is made of, as CycloneDX JSON")
    parser.add_argument("--report", metavar="FILE", help="write a page (HTML) that shows the link and its bytes")


def add_locked(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--locked", action="store_true", help="build what wasmbuild.lock says, or nothing")


def add_build_arguments(parser: argparse.ArgumentParser) -> None:
    """What every command takes that builds."""
    parser.add_argument(
        "--profile", default="release", help="release (default), debug, size, or one of toolchain.yaml's"
    )
    parser.add_argument("--toolchain", metavar="FILE", help="in the place of the project's toolchain.yaml")
    parser.add_argument("--launcher", metavar="PROGRAM", help="what stands before the compiler, such as ccache")
    remote = parser.add_mutually_exclusive_group()
    remote.add_argument("--remote", metavar="ADDRESS", help="have it compiled by the servers at grpc://HOST:PORT")
    remote.add_argument("--remote-cache", metavar="ADDRESS", help="share what is compiled, by the server there")
    parser.add_argument("--offline", action="store_true", help="never touch the network")
    parser.add_argument("-j", dest="jobs", type=jobs, metavar="N", help="how many commands at once")


def jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a number, 1 or more, not `{text}`")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    enter(arguments)
    if not arguments.json:
        answer = asking(arguments)
        if answer is not None and answer():
            _write_what_is_asked(arguments)
            if not arguments.quiet:
                print("nothing to do", file=sys.stderr)
            return 0
    from wasmbuild.report.console import progress_for

    with progress_for(arguments) as progress:
        built = build(arguments, progress, ("all",))
    if built:
        _write_what_is_asked(arguments)
    if arguments.json:
        print_build_json(built, progress)
    elif built and not arguments.quiet:
        if progress.worked:
            _print_outputs()
        else:
            print("nothing to do", file=sys.stderr)
    return 0 if built else 1


def asking(arguments: argparse.Namespace) -> Callable[[], bool] | None:
    """Begin to find out whether there is nothing to do, as `unchanged.asking`."""
    if vars(arguments).get("has_work"):
        return None
    if arguments.remote or arguments.remote_cache:
        return None  # ninja knows nothing of what siso did
    if lacks_lock(arguments):
        return None
    return unchanged.asking(arguments.profile, arguments.toolchain, arguments.launcher)


def lacks_lock(arguments: argparse.Namespace) -> bool:
    """Whether the build that is there was made without a lock, and one is asked for. One that there was holds: it is
    among what that build was made of."""
    from wasmbuild.builder.uptodate import signature

    return bool(vars(arguments).get("locked")) and signature("wasmbuild.lock") == "-"


def request(arguments: argparse.Namespace) -> Request:
    from pathlib import Path

    from wasmbuild.builder.project import Request

    toolchain_file = Path(arguments.toolchain) if arguments.toolchain else None
    is_sent = remote_of(arguments) is not None
    locked = bool(vars(arguments).get("locked"))
    return Request(arguments.profile, toolchain_file, arguments.offline, locked, arguments.launcher, is_sent)


def remote_of(arguments: argparse.Namespace) -> Remote | None:
    if not arguments.remote and not arguments.remote_cache:
        return None
    from wasmbuild.builder.runsiso import parse_remote, refuse_unready

    remote = parse_remote(arguments.remote or arguments.remote_cache, bool(arguments.remote_cache))
    refuse_unready(remote)
    return remote


def build(arguments: argparse.Namespace, progress: Recorder, wanted: tuple[str, ...]) -> bool:
    """Build targets of the project in the current directory. False when a command failed, which was shown."""
    from wasmbuild.builder import uptodate
    from wasmbuild.builder.builddir import (
        BUILD_DIRECTORY,
        TOOLCHAIN_DIRECTORY,
        refuse_link,
        remove_inside,
        remove_links,
    )
    from wasmbuild.builder.locking import locked
    from wasmbuild.builder.replaced import outdated, remember_inputs
    from wasmbuild.builder.runninja import RunOptions, find_ninja, run_ninja

    root, started_ns = os.getcwd(), uptodate.now_ns()
    refuse_link(BUILD_DIRECTORY)
    if not os.path.isdir(BUILD_DIRECTORY):
        _refuse_bad_manifest(root)  # it should not leave an empty build directory
        os.makedirs(BUILD_DIRECTORY, exist_ok=True)
    with locked(
        f"{BUILD_DIRECTORY}/.wasmbuild-lock",
        lambda: progress.step("waiting for another build of this project"),
    ) as lock:
        remote = remote_of(arguments)
        options = RunOptions(arguments.jobs, arguments.verbose, progress.shown.color, lock, remote=remote)
        asked = uptodate.request_line(arguments.profile, arguments.toolchain, arguments.launcher, remote is not None)
        remove_links(BUILD_DIRECTORY, spared=f"{BUILD_DIRECTORY}/{TOOLCHAIN_DIRECTORY}")
        for place in outdated(BUILD_DIRECTORY):
            remove_inside(BUILD_DIRECTORY, place)
        options.ninja = uptodate.fresh_ninja(BUILD_DIRECTORY, asked)
        if options.ninja is None or lacks_lock(arguments):
            _prepare(root, request(arguments), progress, options)
        options.ninja = options.ninja or find_ninja()
        try:
            return run_ninja(root, f"{BUILD_DIRECTORY}/build.ninja", wanted, progress, options)
        finally:
            remember_inputs(BUILD_DIRECTORY, options.ninja, started_ns)


def _refuse_bad_manifest(root: str) -> None:
    import_msgspec()
    from pathlib import Path

    from wasmbuild.builder.project import read_project

    read_project(Path(root))


def _prepare(root: str, asked: Request, progress: Recorder, options: RunOptions) -> None:
    """With all that reads manifests and builds recipes."""
    import_msgspec()
    from pathlib import Path

    from wasmbuild.builder.project import prepare
    from wasmbuild.sources.store import Store

    prepare(Path(root), asked, progress, options, Store.of_user())


def _write_what_is_asked(arguments: argparse.Namespace) -> None:
    """Beside the build itself."""
    if arguments.sbom:
        _write_sbom(arguments)
    if arguments.report:
        from pathlib import Path

        from wasmbuild.builder.outputs import replace_if_different
        from wasmbuild.bundle.report import report_of_build

        replace_if_different(Path(arguments.report), report_of_build(Path.cwd()))


def _write_sbom(arguments: argparse.Namespace) -> None:
    """Say what the build that is there is made of."""
    from pathlib import Path

    from wasmbuild.builder.outputs import replace_if_different
    from wasmbuild.builder.provenance import provenance
    from wasmbuild.builder.runninja import RunOptions
    from wasmbuild.report.console import progress_for
    from wasmbuild.report.sbom import cyclonedx
    from wasmbuild.sources.store import Store

    with progress_for(arguments) as progress:
        found = provenance(Path.cwd(), request(arguments), progress, RunOptions(arguments.jobs), Store.of_user())
        replace_if_different(Path(arguments.sbom), cyclonedx(found).encode())


def _outputs(built: bool) -> list[Path]:
    """The modules that the last build made or found up to date: the project's own, and what they require. After a
    failure, ninja says which of those that are there are not left over from before."""
    import json
    from pathlib import Path

    from wasmbuild.builder.askninja import has_nothing_to_do
    from wasmbuild.builder.builddir import BUILD_DIRECTORY, STAGED_FILE
    from wasmbuild.builder.runninja import find_ninja

    build = Path(BUILD_DIRECTORY)
    orders, staged = build / "obj" / "check.json", json.loads((build / STAGED_FILE).read_text())
    # Not by `read_check_spec`, which would be all that a build of one changed source imports msgspec for.
    own = [root["path"] for root in json.loads(orders.read_bytes())["roots"]] if orders.is_file() else []
    if not built:
        ninja = find_ninja()
        own = [path for path in own if has_nothing_to_do(ninja, f"{BUILD_DIRECTORY}/build.ninja", (path,))]
    paths = [*map(Path, own), *(build / place for place in staged if place.rpartition("/")[0] == "lib")]
    return sorted(path for path in paths if path.is_file())


def _print_outputs() -> None:
    from wasmbuild.printing import printable

    for path in _outputs(built=True):
        print(f"{printable(path.as_posix()):40} {path.stat().st_size:>10,} bytes")


def print_build_json(built: bool, progress: Recorder) -> None:
    from pathlib import Path

    from wasmbuild.diagnostics import diagnostic_to_json
    from wasmbuild.report.messages import print_json

    outputs = [{"path": path.as_posix(), "size_bytes": path.stat().st_size} for path in _outputs(built)]
    diagnostics = [diagnostic_to_json(diagnostic) for diagnostic in progress.diagnostics]
    print_json({"ok": built, "directory": str(Path.cwd()), "outputs": outputs, "diagnostics": diagnostics})
