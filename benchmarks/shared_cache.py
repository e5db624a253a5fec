"""A large generated project, built here and, in a second directory by a user with an empty cache, from a shared one.

By siso with a server of the Remote Execution API (`--remote-cache`), and by ccache with Redis; what is not in PATH is
left out. `.ci/sid DIRECTORY` gets siso and buildbox-casd. The servers listen on loopback ports, and end with this.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Table, environment, run, scratch, wasmbuild
from benchmarks.projects import of_large

if TYPE_CHECKING:
    from collections.abc import Iterator

GOAL_SISO, GOAL_CCACHE = 0.15, 0.25


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=10_000, metavar="N", help="how many sources (default: 10000)")
    parser.add_argument("--libraries", type=int, default=200, metavar="N", help="in how many libraries (default: 200)")
    parser.add_argument("--tools", metavar="DIR", help="where siso and buildbox are, beside PATH")
    parser.add_argument("-j", dest="jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="commands at once")
    chosen = parser.parse_args()
    if chosen.tools:
        os.environ["PATH"] = f"{chosen.tools}:{os.environ['PATH']}"
    title = f"{chosen.files:,} files in {chosen.libraries} libraries, -j {chosen.jobs}, once each"
    table = Table(title, "", "time", "to local", "goal")
    with scratch() as directory:
        root = Path(directory)
        project = of_large(chosen.files, chosen.libraries, root / "project")

        def build(name: str, *arguments: str, **variables: str) -> float:
            copy = root / name / "project"
            shutil.copytree(project, copy)
            (root / name / "cache").mkdir(mode=0o700)
            env = {**environment(directory), "HOME": str(root / name), "WASMBUILD_CACHE": str(root / name / "cache")}
            started = time.perf_counter()
            run((*wasmbuild(), "build", "-j", str(chosen.jobs), *arguments), copy, {**env, **variables})
            return time.perf_counter() - started

        def same(*names: str) -> bool:
            builds = [root / name / "project/build" for name in names]
            objects = [path.relative_to(builds[0]) for path in builds[0].rglob("*.o")]
            return all(
                (build / path).read_bytes() == (builds[0] / path).read_bytes() for build in builds for path in objects
            )

        local_s = build("local")
        table.add("local, by ninja", f"{local_s:.1f} s", "", "")
        compared = ["local"]
        for tool, start, arguments, goal in (
            ("siso", casd, lambda port: (("--remote-cache", f"grpc://127.0.0.1:{port}"), {}), GOAL_SISO),
            ("ccache", _redis, _ccache, GOAL_CCACHE),
        ):
            with ExitStack() as ends:
                port = start(root, ends)
                if port is None or shutil.which(tool) is None:
                    print(f"{tool}, or its server, is not in PATH: left out")
                    continue
                words, variables = arguments(port)
                for number, what in enumerate(("that fills the cache", "in another directory, from the cache")):
                    name = f"{tool}-{number}"
                    own = {"CCACHE_DIR": str(root / name / "ccache")} if tool == "ccache" else {}
                    took_s = build(name, *words, **variables, **own)
                    compared.append(name)
                    shown_goal = f"≤ {goal}" if number else ""
                    table.add(f"{tool}, {what}", f"{took_s:.1f} s", f"{took_s / local_s:.3f}", shown_goal)
        is_same = same(*compared)
    table.print()
    print(f"\n  The objects of all are {'the same' if is_same else 'NOT the same'}, byte for byte.")


def _ccache(port: int) -> tuple[tuple[str, ...], dict[str, str]]:
    return ("--launcher", "ccache"), {"CCACHE_REMOTE_STORAGE": f"redis://127.0.0.1:{port}"}


def casd(root: Path, ends: ExitStack) -> int | None:
    if shutil.which("buildbox-casd") is None:
        return None
    port = _free_port()
    command = ["buildbox-casd", "--bind", f"127.0.0.1:{port}", "--quota-high", "8G", str(root / "cas")]
    ends.enter_context(_server(command, port, root))
    return port


def _redis(root: Path, ends: ExitStack) -> int | None:
    if shutil.which("redis-server") is None:
        return None
    port = _free_port()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    ends.enter_context(_server(command, port, root))
    return port


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@contextmanager
def _server(command: Sequence[str], port: int, root: Path) -> Iterator[None]:
    with (root / f"{port}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=root, start_new_session=True)
    try:
        for _ in range(300):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.1)
        yield
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    main()
