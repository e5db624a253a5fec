"""Feed broken input to every reader: `python -m tests.fuzz [--seconds N] [--seed N] [TARGET …]`, from the repository.

What a reader does not survive is written to `fuzz-findings/`, cut down to what is needed, and the exit status is 1.
Write a test of it beside the reader's others, then mend it.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fuzz.mutate import mutate
from tests.fuzz.targets import TARGETS, Target, refusing
from wasmbuild.diagnostics import WasmbuildError

LEAST_SLOW_S, SLOW_S_OF_A_BYTE = 3.0, 1e-4
"""Of the processor. One input may not take longer, on any machine: 10 seconds for the longest, of 64 KiB."""
LEAST_MEMORY_BYTES, MEMORY_OF_A_BYTE = 32 << 20, 1024
"""How much address space one input may take, beside what the fuzzer has already: amplification is a finding."""
MOST_KEPT = 300


class TooSlow(BaseException):
    """No Exception, so that no reader takes it for its own."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", metavar="TARGET", nargs="*", help=f"of {', '.join(TARGETS)} (default: all)")
    parser.add_argument("--seconds", type=float, default=60.0, help="for all of them together (default: 60)")
    parser.add_argument("--seed", type=int, default=None, help="repeat a run (with the same number of inputs)")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"), help="where to write what was found")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.targets if name not in TARGETS]
    if unknown:
        parser.error(f"no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    names = arguments.targets or list(TARGETS)
    found = 0
    for name in names:
        count, findings = fuzz(TARGETS[name], random.Random(f"{seed} {name}"), arguments.seconds / len(names))
        found += len(findings)
        print(f"{name:14} {count:>8,} inputs  {len(findings)} found", flush=True)
        for error, data in findings.items():
            arguments.findings.mkdir(parents=True, exist_ok=True)
            path = arguments.findings / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
            path.write_bytes(data)
            print(f"\n{path}\n{error}")
    return 1 if found else 0


def fuzz(target: Target, chance: random.Random, seconds: float) -> tuple[int, dict[str, bytes]]:
    """How many inputs were tried, and what was found: where it happened → the smallest input that does it.

    An input whose outcome is new is kept and changed further: so one gets behind the first check of a reader.
    """
    inputs, outcomes = target.seeds(), set[str]()
    findings: dict[str, bytes] = {}
    count, until = 0, time.monotonic() + seconds
    for seed in list(inputs):
        outcomes.add(outcome(target, seed, findings))
    while time.monotonic() < until:
        data = mutate(chance, chance.choice(inputs), inputs)
        result = outcome(target, data, findings)
        count += 1
        if result not in outcomes:
            outcomes.add(result)
            inputs.append(data)
            if len(inputs) > MOST_KEPT:
                del inputs[chance.randrange(len(inputs) // 2)]
    return count, {error: shortened(target, data) for error, data in findings.items()}


def outcome(target: Target, data: bytes, findings: dict[str, bytes]) -> str:
    """What came of it, without names and numbers. A failure is noted in `findings` under its traceback."""
    try:
        with limited(len(data)), refusing():
            target.run(data)
    except WasmbuildError as error:
        return re.sub(r"`[^`]*`|\d+", "", " ".join(d.code + d.headline + str(d.facts[1:2]) for d in error.diagnostics))
    except (Exception, TooSlow):
        place = failure()
        if place not in findings or len(data) < len(findings[place]):
            findings[place] = data
        return place
    return "fine"


def failure() -> str:
    """The exception that is handled now: its type, and the innermost places in our own files."""
    type_, _, trace = sys.exc_info()
    assert type_ is not None
    frames = [f for f in traceback.extract_tb(trace) if "/wasmbuild/" in f.filename or "/fuzz/" in f.filename]
    if type_ in (RecursionError, TooSlow, MemoryError):
        frames = frames[:4]  # where it ends is chance
    return "\n".join([type_.__name__, *(f"  {Path(f.filename).name}:{f.lineno} in {f.name}" for f in frames[-6:])])


def shortened(target: Target, data: bytes) -> bytes:
    """Take out what is not needed to fail in the same place, for some seconds."""
    (wanted,) = _failures(target, data) or ("",)
    until, size = time.monotonic() + 5, max(len(data) // 2, 1)
    while size and wanted and not wanted.startswith("TooSlow"):
        start = 0
        while start < len(data) and time.monotonic() < until:
            shorter = data[:start] + data[start + size :]
            if _failures(target, shorter) == {wanted}:
                data = shorter
            else:
                start += size
        size //= 2
    return data


def _failures(target: Target, data: bytes) -> set[str]:
    found: dict[str, bytes] = {}
    outcome(target, data, found)
    return set(found)


@contextmanager
def limited(size_bytes: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LEAST_SLOW_S + SLOW_S_OF_A_BYTE * size_bytes)
    try:
        with little_memory(LEAST_MEMORY_BYTES + MEMORY_OF_A_BYTE * size_bytes):
            yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def little_memory(most_bytes: int) -> Iterator[None]:
    """Beyond it, a MemoryError. Only where the system says how much there is already."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (ImportError, OSError):
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


if __name__ == "__main__":
    sys.exit(main())
