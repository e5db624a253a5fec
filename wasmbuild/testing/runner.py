"""Runs cases: each step in a fresh process, with a private directory, a time limit and a memory limit.

The limits are kept from outside: the child is killed, whatever the guest in it does or waits for.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from wasmbuild.diagnostics import Position
from wasmbuild.loader.sight import open_beneath
from wasmbuild.testing.calls import Call, misfits
from wasmbuild.testing.cases import Case, Step
from wasmbuild.testing.child import Order
from wasmbuild.testing.comparing import compare
from wasmbuild.testing.outcome import Outcome, Status
from wasmbuild.testing.runtimes import OUTPUT_LIMIT_BYTES, WASMTIME, Runtime
from wasmbuild.testing.scratch import listing, remove_tree, too_much
from wasmbuild.wasm.module import FuncType


class TestFailed(Exception):
    """The test did not do what it should: a line, and details."""

    __test__ = False  # pytest collects classes by their name

    def __init__(self, message: str, details: str = "", status: Status = "failed", at: Position | None = None) -> None:
        super().__init__(message, details)
        self.message, self.details, self.status, self.at = message, details, status, at


@dataclass(frozen=True, slots=True)
class Ran:
    """One child that has ended."""

    result: dict[str, Any]
    stdout: bytes
    stderr: bytes


def run_cases(
    cases: tuple[Case, ...],
    jobs: int,
    finished: Callable[[Outcome], None],
    stop_at_failure: bool = False,
    runtimes: tuple[Runtime, ...] = (WASMTIME,),
) -> list[Outcome]:
    """Run cases, each on all runtimes, `jobs` at once; `finished` hears of each in the order in which they end. Returns
    the outcomes in the cases' order; with `stop_at_failure` no case starts after the first failure."""
    outcomes: dict[int, Outcome] = {}
    todo = iter(enumerate((case, runtime) for case in cases for runtime in runtimes))
    running: dict[Future[Outcome], int] = {}
    failed = False
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        while True:
            while len(running) < jobs and not (failed and stop_at_failure):
                following = next(todo, None)
                if following is None:
                    break
                running[pool.submit(run_case, *following[1])] = following[0]
            if not running:
                return [outcomes[index] for index in sorted(outcomes)]
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                outcome = outcomes[running.pop(future)] = future.result()
                failed |= outcome.status != "passed"
                finished(outcome)


def run_case(case: Case, runtime: Runtime = WASMTIME) -> Outcome:
    """Run one case. Never raises for what the guest does."""
    return replace(_outcome(case, runtime), runtime=runtime.name)


def _outcome(case: Case, runtime: Runtime) -> Outcome:
    started = time.monotonic()
    try:
        with _private_directory(case) as (scratch, directory):
            for number, step in enumerate(case.steps or (Step(),)):
                ran = _run_step(runtime, case, step, scratch, directory, f"{number}")
                _judge(case, step, ran)
            _judge_files(case, directory)
    except TestFailed as failure:
        duration_s = time.monotonic() - started
        at = failure.at or case.at
        return Outcome(case.name, failure.status, duration_s, failure.message, failure.details, at)
    except Exception as error:  # whatever a guest could do to us: the other tests go on
        why = error.strerror if isinstance(error, OSError) and error.strerror else f"{type(error).__name__}: {error}"
        return Outcome(case.name, "error", time.monotonic() - started, f"cannot run it: {why}", str(error), case.at)
    return Outcome(case.name, "passed", time.monotonic() - started, at=case.at)


class _private_directory:  # noqa: N801  (used as a function: `with _private_directory(case) as …`)
    """A scratch directory and in it the guest's `/` with the case's files; both are gone afterwards."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def __enter__(self) -> tuple[Path, Path]:
        self.scratch = Path(tempfile.mkdtemp(prefix="wasmbuild-test-"))
        directory = self.scratch / "root"
        directory.mkdir()
        try:
            for place, file in self.case.files:
                (directory / place).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, directory / place)
        except BaseException:
            self.__exit__()
            raise
        return self.scratch, directory

    def __exit__(self, *_: object) -> None:
        remove_tree(self.scratch)


def _order(case: Case, step: Step, directory: Path) -> Order:
    action = "call" if case.call else "run" if case.steps else "load"
    return Order(
        module=str(case.module),
        directory=str(directory),
        action=action,
        arguments=step.arguments,
        environment=case.environment,
        function=case.call.function if case.call else "",
        numbers=case.call.arguments if case.call else (),
        returns=case.call.returns if case.call else None,
        host=case.host,
        imports=case.imports,
        memory_limit_bytes=case.memory_limit_bytes,
    )


def _run_step(runtime: Runtime, case: Case, step: Step, scratch: Path, directory: Path, number: str) -> Ran:
    order, result = (scratch / f"{name}-{number}" for name in ("order", "result"))
    order.write_text(json.dumps(asdict(_order(case, step, directory))))
    stdin = step.stdin if isinstance(step.stdin, Path) else scratch / f"stdin-{number}"
    if not isinstance(step.stdin, Path):
        stdin.write_bytes(step.stdin)
    command = [*runtime.command, str(order), str(result)]
    with stdin.open("rb") as input_:
        child = subprocess.Popen(command, stdin=input_, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stderr is not None
    readers = [_Reader(child.stdout, child), _Reader(child.stderr, child)]
    try:
        stopped = _wait(child, case.timeout_s, directory)
    except BaseException:
        child.kill()
        raise
    stdout, stderr = (reader.finish() for reader in readers)
    captured = _captured(stdout, stderr)
    if stopped is not None:
        raise TestFailed(f"{stopped}, and was stopped", captured)
    if any(reader.too_much for reader in readers):
        raise TestFailed(f"printed more than {OUTPUT_LIMIT_BYTES >> 20} MiB, and was stopped", captured)
    try:
        return Ran(json.loads(result.read_text()), stdout, stderr)
    except (OSError, ValueError):
        raise TestFailed(f"the process crashed: {_ending(child.returncode)}", captured) from None


_LOOK_EVERY_S = 0.25
"""How often a directory is looked at; it takes no more than a tenth of the time."""


def _wait(child: subprocess.Popen[bytes], timeout_s: float, directory: Path) -> str | None:
    """Wait for a child's end, or end it: then, why."""
    ends_at_s, pause_s = time.monotonic() + timeout_s, _LOOK_EVERY_S
    why = None
    while why is None:
        try:
            child.wait(max(0.0, min(pause_s, ends_at_s - time.monotonic())))
            return None
        except subprocess.TimeoutExpired:
            looked_at_s = time.monotonic()
            late = looked_at_s >= ends_at_s
            why = f"ran longer than its limit of {timeout_s:g} s" if late else too_much(directory)
            pause_s = max(_LOOK_EVERY_S, 10 * (time.monotonic() - looked_at_s))
    child.kill()
    child.wait()
    return why


class _Reader:
    """Reads a pipe to its end in a thread, and kills the child when that goes on for too long."""

    def __init__(self, pipe: IO[bytes], child: subprocess.Popen[bytes]) -> None:
        self.pipe, self.child = pipe, child
        self.data = bytearray()
        self.too_much = False
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        while chunk := self.pipe.read1(1 << 16):  # type: ignore[attr-defined]  # a BufferedReader
            self.data += chunk
            if len(self.data) > OUTPUT_LIMIT_BYTES:
                self.too_much = True
                self.child.kill()
                while self.pipe.read1(1 << 16):  # type: ignore[attr-defined]  # until nobody is there who writes
                    pass

    def finish(self) -> bytes:
        self.thread.join()
        self.pipe.close()
        return bytes(self.data)


def _ending(returncode: int) -> str:
    """What ended a process; one that was forked for it ends with 128 and the signal's number."""
    number = -returncode if returncode < 0 else returncode - 128
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}" if returncode < 0 else f"exit status {returncode}"


def _judge(case: Case, step: Step, ran: Ran) -> None:
    result, captured = ran.result, _captured(ran.stdout, ran.stderr)
    match result["kind"]:
        case "refused":
            first, _, rest = result["message"].partition("\n")
            raise TestFailed(first.removeprefix("error: "), f"{rest}\n{captured}".strip("\n"))
        case "misfit":
            assert case.call is not None
            raise _misfit(case.call, FuncType(tuple(result["params"]), tuple(result["results"])))
        case "trapped":
            backtrace = f"in:\n{_indented(result['backtrace'])}\n" if result["backtrace"] else ""
            raise TestFailed(f"trapped: {result['message']}", f"{backtrace}{captured}".strip("\n"))
        case "returned" if case.call is not None and case.call.returns is not None:
            if not _same(case.call.returns, result["value"], result["type"]):
                said = f"`{case.call.function}` returned {result['value']}, expected {case.call.returns}"
                raise TestFailed(said, captured)
        case "exited" if not _runs(case):
            what = f"`{case.call.function}`" if case.call else "loading"
            raise TestFailed(f"{what} did not return: it exited with status {result['status']}", captured)
        case "exited" if result["status"] != step.exit:
            raise TestFailed(f"exit status {result['status']}, expected {step.exit}", captured)
    if step.stdout is not None:
        from_file = f" from `{step.stdout.name}`" if isinstance(step.stdout, Path) else ""
        expected = step.stdout.open("rb") if isinstance(step.stdout, Path) else io.BytesIO(step.stdout.encode())
        with expected as wanted:
            difference = compare(wanted, io.BytesIO(ran.stdout))
        if difference is not None:
            details = f"{difference}\n{_captured(b'', ran.stderr)}"
            raise TestFailed(f"standard output differs{from_file}", details.strip("\n"))
    if step.stdout_matches is not None:
        text = ran.stdout.decode("utf-8", "backslashreplace")
        if not re.search(step.stdout_matches, text, re.MULTILINE):
            raise TestFailed(
                "standard output does not match", f"pattern:\n{_indented(step.stdout_matches)}\n{captured}"
            )


def _misfit(call: Call, type_: FuncType) -> TestFailed:
    """The first that does not fit stands for the test; the others, with their places, below it."""
    first, *others = misfits(call, type_)
    details = "\n".join([f"{label}: {value}" for label, value in first.facts] + [f"\n{each}" for each in others])
    return TestFailed(first.headline, details, "error", first.at)


def _runs(case: Case) -> bool:
    """Whether the case is a program's run, which may end with an exit; a call returns, and loading ends."""
    return case.call is None and bool(case.steps)


def _same(expected: float, actual: Any, type_: str) -> bool:
    """Whether a result of this type (\"\" where it is not one number) is what the test says."""
    if not isinstance(actual, int | float):
        return False
    if expected != expected:
        return actual != actual
    if type_ == "f32":
        expected = ctypes.c_float(expected).value
    # wasm's integers have no sign: 0xffffffff and -1 are the same i32.
    bits = {"i32": 32, "i64": 64}.get(type_, 0)
    return expected == actual or (bits > 0 and expected == actual % (1 << bits))


def _judge_files(case: Case, directory: Path) -> None:
    for place, expected in case.produces:
        with _produced(directory, place) as file:
            if expected.sha256 is not None:
                computed = hashlib.file_digest(file, "sha256").hexdigest()
                if computed != expected.sha256:
                    size_bytes = file.seek(0, os.SEEK_END)
                    details = f"expected: sha256 {expected.sha256}\ncomputed: sha256 {computed}, {size_bytes} bytes"
                    raise TestFailed(f"`{place}` is not what was expected", details)
            if expected.equals is not None:
                file.seek(0)
                with expected.equals.open("rb") as wanted:
                    difference = compare(wanted, file)
                if difference is not None:
                    raise TestFailed(f"`{place}` differs from `{expected.equals.name}`", difference)


def _produced(directory: Path, place: str) -> BufferedReader:
    """A file that the guest left. A link of its own that leads out is none: what it points to is the machine's."""
    try:
        found = open_beneath(str(directory.resolve()), place)
    except OSError:
        found = None
    if found is not None:
        file = open(found[0], "rb")  # noqa: PTH123, SIM115 - a descriptor, which the caller closes
        if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            return file
        file.close()
    raise TestFailed(f"did not produce `{place}`", f"in its directory: {listing(directory)}")


def _captured(stdout: bytes, stderr: bytes) -> str:
    parts = []
    for name, data in (("standard output", stdout), ("standard error", stderr)):
        if data:
            text = data[-4096:].decode("utf-8", "backslashreplace").rstrip("\n")
            cut = f" (the last 4096 of {len(data)} bytes)" if len(data) > 4096 else ""
            parts.append(f"{name}{cut}:\n{_indented(text)}")
    return "\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
