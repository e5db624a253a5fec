"""What bounds a build of 100,000 files on 100 machines: the parts are measured here, on a small project; the whole is
simulated, since nobody lends us the machines.

Parts are processor time, of this program's children: a busy machine does not change them much. Those of siso need
siso and buildbox-casd in PATH (`.ci/sid DIRECTORY` gets them); without them ninja's are taken, and it is said.
"""

from __future__ import annotations

import argparse
import heapq
import os
import resource
import shutil
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from benchmarks.figures import Figure
from benchmarks.measure import Table, environment, run, scratch, wasmbuild
from benchmarks.projects import of_large
from benchmarks.shared_cache import casd
from wasmbuild.builder.runninja import find_ninja

FILES_A_LIBRARY = 50
SMALL, LARGE = 500, 2_000


class Parts(Struct, frozen=True):
    """What one machine does for each file or library, measured. Seconds of processor time."""

    graph_s: float
    """For a file: from the manifest to `build.ninja`."""
    read_s: float
    """For a file: whoever runs the graph reads it and looks at all times."""
    action_s: float
    """For a file whose object is at the server: ask for it, fetch it, write it down."""
    link_s: float
    """For a library of 50 objects: its interface, its link and its part of the check."""
    object_bytes: float


class Cluster(Struct, frozen=True):
    machines: int = 100
    slots: int = 8
    """Compilers at once on each machine; also processors of the machine that asks."""
    bytes_per_s: float = 125e6
    """Of the network of the machine that asks: 1 Gbit/s."""
    action_overhead_s: float = 0.05
    """On a worker, beside the compiler: inputs are fetched and laid out, the object is stored. A guess."""


class Times(Struct, frozen=True):
    """Seconds from the start until each was done."""

    graph_s: float
    compiled_s: float
    linked_s: float


def simulate(parts: Parts, cluster: Cluster, files: int, compile_s: float) -> Times:
    """One machine asks, in the order of the graph: handing an action out takes `action_s` of one of its processors, of
    which half do that; its object comes over the network, one after the other. A library is linked here, by the other
    half, when all its objects are here. Pure."""
    graph_s = files * (parts.graph_s + parts.read_s)  # one thread
    half = max(1, cluster.slots // 2)
    handing = [graph_s] * half
    workers = [0.0] * (cluster.machines * cluster.slots)
    linking = [graph_s] * half
    finished: list[tuple[float, int]] = []
    for number in range(files):
        handed_s = heapq.heappop(handing) + parts.action_s
        heapq.heappush(handing, handed_s)
        done_s = max(handed_s, heapq.heappop(workers)) + cluster.action_overhead_s + compile_s
        heapq.heappush(workers, done_s)
        finished.append((done_s, number))
    here_s = 0.0
    ready = [0.0] * -(-files // FILES_A_LIBRARY)
    for done_s, number in sorted(finished):
        here_s = max(here_s, done_s) + parts.object_bytes / cluster.bytes_per_s
        ready[number // FILES_A_LIBRARY] = here_s
    for ready_s in sorted(ready):
        heapq.heappush(linking, max(ready_s, heapq.heappop(linking)) + parts.link_s)
    return Times(graph_s, here_s, max(linking))


def measure(directory: Path, jobs: int) -> tuple[Parts, str]:
    """The parts, and what ran the graph."""
    env = environment(str(directory))
    costs = {}
    for files in (SMALL, LARGE):
        project = of_large(files, files // FILES_A_LIBRARY, directory / f"of{files}")
        build = (*wasmbuild(), "build", "-j", str(jobs))
        run(build, project, env)
        run(build, project, env)
        manifest = project / "wasmbuild.yaml"
        manifest.write_text(manifest.read_text() + "# another\n")
        graph_s = processor_s(build, project, env)
        nothing_s = processor_s((find_ninja(), "-f", "build/build.ninja", "-n", "all"), project, env)
        for library in (project / "build/lib").glob("*.so"):
            library.unlink()
        costs[files] = (graph_s - nothing_s, nothing_s, processor_s(build, project, env))
    spread = LARGE - SMALL
    graph_s, read_s, link_s = (
        (large - small) / spread for large, small in zip(costs[LARGE], costs[SMALL], strict=True)
    )
    objects = [path.stat().st_size for path in (directory / f"of{LARGE}/build").rglob("*.o")]
    by_siso = _with_siso(directory, jobs)
    parts = Parts(graph_s, read_s, by_siso or read_s, link_s * FILES_A_LIBRARY, sum(objects) / len(objects))
    return parts, "siso with casd" if by_siso else "ninja alone, since siso and buildbox-casd are not in PATH"


def _with_siso(directory: Path, jobs: int) -> float | None:
    """For a file that is at the server: processor time of a whole build in a new directory, by size."""
    if shutil.which("siso") is None:
        return None
    took = {}
    with ExitStack() as ends:
        port = casd(directory, ends)
        if port is None:
            return None
        for files in (SMALL, LARGE):
            for turn in range(2):
                at = directory / f"sent{files}-{turn}"
                shutil.copytree(directory / f"of{files}", at, ignore=shutil.ignore_patterns("build"))
                env = environment(str(directory)) | {"WASMBUILD_CACHE": os.environ.get("WASMBUILD_CACHE", "")}
                command = (*wasmbuild(), "build", "-j", str(jobs), "--remote-cache", f"grpc://127.0.0.1:{port}")
                took[files] = processor_s(command, at, env)
    return (took[LARGE] - took[SMALL]) / (LARGE - SMALL)


def processor_s(command: tuple[str, ...], directory: Path, env: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(command, directory, env)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> list[Figure]:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=100_000, metavar="N")
    parser.add_argument("--machines", type=int, default=100, metavar="N")
    parser.add_argument("-j", dest="jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="commands at once")
    parser.add_argument("--runs", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--against", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    with scratch() as directory:
        parts, by = measure(Path(directory), chosen.jobs)
    print(f"\nMeasured ({by}), of processor time for a file: {parts.graph_s * 1e3:.2f} ms to make the graph,")
    print(f"{parts.read_s * 1e6:.0f} us to read it, {parts.action_s * 1e3:.2f} ms for an action at the server;")
    print(
        f"{parts.link_s:.2f} s to link a library of {FILES_A_LIBRARY} files; {parts.object_bytes:,.0f} bytes an object."
    )
    title = f"{chosen.files:,} files on {chosen.machines} machines with 8 compilers each, simulated"
    table = Table(title, "a file compiles in", "graph", "compiled", "linked", "compiling alone", "bound by")
    found = []
    for compile_s in (0.1, 0.5, 2.0, 8.0):
        cluster = Cluster(machines=chosen.machines)
        times = simulate(parts, cluster, chosen.files, compile_s)
        alone_s = chosen.files * (compile_s + cluster.action_overhead_s) / (cluster.machines * cluster.slots)
        table.add(
            f"{compile_s} s",
            f"{times.graph_s:.0f} s",
            f"{times.compiled_s:.0f} s",
            f"{times.linked_s:.0f} s",
            f"{alone_s:.0f} s",
            bound(parts, cluster, chosen.files, compile_s),
        )
        found.append(Figure("cluster", f"{compile_s} s a file: whole / compiling alone", (times.linked_s / alone_s,)))
    table.print()
    return found


def bound(parts: Parts, cluster: Cluster, files: int, compile_s: float) -> str:
    """What alone would take longest."""
    half = max(1, cluster.slots // 2)
    alone = {
        "making and reading the graph": files * (parts.graph_s + parts.read_s),
        "handing actions out": files * parts.action_s / half,
        "compilers": files * (compile_s + cluster.action_overhead_s) / (cluster.machines * cluster.slots),
        "the network": files * parts.object_bytes / cluster.bytes_per_s,
        "links": files / FILES_A_LIBRARY * parts.link_s / half,
    }
    return max(alone, key=lambda name: alone[name])


if __name__ == "__main__":
    main()
