"""Several processes at once do not disturb each other, and one is used by several threads in turn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from embedding import MakeKit

import wasmbuild
from wasmbuild import Library, Trap
from wasmbuild.loader import dl

THREADS = 4


class Mine(Exception):
    pass


def test_exceptions_reach_the_thread_whose_callback_raised_them(guests: Path) -> None:
    """Each thread has a process of its own; now and then it dies of an exception or a trap, and there is a new one."""
    start = Barrier(THREADS)

    def work(number: int) -> int:
        start.wait()
        calls = 0
        while calls < 1000:
            with wasmbuild.load(guests / "lib/libkit.so", stdio="none") as kit:

                def answer(x: int) -> int:
                    if x % 100 == 99:
                        raise Mine(number, x)
                    return x * number

                apply = kit.declare("int apply(int (*f)(int), int x)")
                with kit.callback("int f(int)", answer) as callback:
                    while calls < 1000:
                        calls += 1
                        if calls % 100 == 99:
                            with pytest.raises(Mine) as caught:
                                apply(callback, calls)
                            assert caught.value.args == (number, calls)
                            break
                        if calls % 100 == 50:
                            with pytest.raises(Trap, match="null function pointer"):
                                apply(None, 1)
                            break
                        assert apply(callback, calls) == calls * number + 1
        return calls

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(work, range(THREADS))) == [1000] * THREADS


def test_one_process_is_used_by_one_thread_at_a_time(kit: Library) -> None:
    kit.declare("int apply(int (*f)(int), int x)")
    inside = 0

    def alone(x: int) -> int:
        nonlocal inside
        inside += 1
        assert inside == 1
        for _ in range(10):
            kit.call("add", 1, 1)
        inside -= 1
        return x

    def work(number: int) -> int:
        return sum(kit.call("apply", alone, number) for _ in range(100))

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(work, range(THREADS))) == [100 * (number + 1) for number in range(THREADS)]


def test_wasm_runs_while_other_threads_do(make: MakeKit) -> None:
    """Python's lock is let go in wasm: else the time limit of a process that spins could never be reached."""
    with ThreadPoolExecutor(THREADS) as pool:
        kits = [make("kit", timeout_s=0.2) for _ in range(THREADS)]
        for done in [pool.submit(kit.call, "spin") for kit in kits]:
            assert isinstance(done.exception(timeout=20), wasmbuild.DeadlineExceeded)


def test_libraries_that_two_threads_open_first_are_in_one_process(
    make: MakeKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, start, made = make(), Barrier(2), []
    real = dl.DynamicLoader

    def slowly(*arguments: Any) -> dl.DynamicLoader:
        made.append(1)
        sleep(0.1)  # as if reading the modules took long
        return real(*arguments)

    monkeypatch.setattr(dl, "DynamicLoader", slowly)

    def work(name: str) -> list[str]:
        start.wait()
        return list(kit.open(name).functions)

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(work, ("libplugin.so", "libcrash.so")))
    assert found == [["plugged"], ["outer"]]
    assert made == [1]
