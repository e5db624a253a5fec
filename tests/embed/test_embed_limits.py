"""Limits, and what is left of a process that has met one."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from embedding import MakeKit

import wasmbuild
from wasmbuild import DeadlineExceeded, Library, OutOfFuel, OutOfMemory, ProcessDead, Trap, WasmbuildError
from wasmbuild.loader import deadline, engine


def test_a_trap_has_a_message_and_frames_with_lines(make: MakeKit) -> None:
    crash = make("crash")
    with pytest.raises(Trap) as caught:
        crash.call("outer", 0)
    assert caught.value.message == "integer division by zero"
    assert [(f.function, f.module, f.file, f.line) for f in caught.value.frames] == [
        ("inner", "libcrash.so", "src/crash.c", 5),
        ("outer", "libcrash.so", "src/crash.c", 11),
    ]
    assert "integer division by zero\n  in inner  (libcrash.so, offset 0x" in str(caught.value)
    assert "at src/crash.c:5" in str(caught.value)


def test_the_dead_process_says_what_it_died_of(make: MakeKit) -> None:
    crash = make("crash")
    buffer = crash.bytes(b"x")
    with pytest.raises(Trap) as first:
        crash.call("outer", 0)
    assert not crash.alive
    uses: list[Callable[[], object]] = [
        lambda: crash.call("outer", 1),
        lambda: crash.memory.read(0, 1),
        lambda: crash.bytes(b""),
        lambda: buffer.value,
        lambda: crash.callback("() -> ()", print),
        lambda: crash.memory.size_bytes,
    ]
    for use in uses:
        with pytest.raises(ProcessDead, match="dead since it trapped: integer division by zero") as caught:
            use()
        assert caught.value.__cause__ is first.value
    buffer.free()  # nothing to do, and no error
    crash.close()
    with pytest.raises(ProcessDead, match="is closed"):
        crash.call("outer", 1)


def test_stack_overflow_is_a_trap(kit: Library) -> None:
    assert kit.call("recurse", 0, 100) == 0
    with pytest.raises(Trap) as caught:
        kit.call("recurse", 0, 1000)  # 4 KiB each, and there is 1 MiB
    assert {frame.function for frame in caught.value.frames} == {"recurse"}
    assert "recurse  (libkit.so" in str(caught.value)


def test_fuel_runs_out_and_can_be_given(make: MakeKit) -> None:
    kit = make("kit", fuel=1_000_000)
    before = kit.fuel
    assert kit.call("add", 1, 2) == 3
    assert 0 < before - kit.fuel < 1000
    kit.fuel = 100_000
    with pytest.raises(OutOfFuel, match="out of fuel") as caught:
        kit.call("spin")
    assert caught.value.frames[0].function == "spin"
    with pytest.raises(ProcessDead, match="out of fuel"):
        kit.call("add", 1, 2)


def test_fuel_is_not_counted_unless_asked_for(kit: Library) -> None:
    with pytest.raises(WasmbuildError, match="fuel is not counted"):
        _ = kit.fuel


def test_a_call_that_takes_too_long_is_stopped(make: MakeKit) -> None:
    kit = make("kit", timeout_s=0.1)
    for _ in range(3):
        time.sleep(0.06)  # the time between calls does not count
        assert kit.call("add", 1, 2) == 3
    started = time.monotonic()
    with pytest.raises(DeadlineExceeded, match="time limit reached"):
        kit.call("spin")
    assert 0.1 <= time.monotonic() - started < 5
    with pytest.raises(ProcessDead, match="time limit"):
        kit.call("add", 1, 2)


def test_a_call_from_a_callback_does_not_prolong_the_outer_one(make: MakeKit) -> None:
    kit = make("kit", timeout_s=0.2)
    apply = kit.declare("int apply(int (*f)(int), int x)")

    def linger(x: int) -> int:
        for _ in range(8):
            time.sleep(0.05)
            kit.call("add", 1, 2)
        return x

    with pytest.raises(DeadlineExceeded):
        apply(linger, 1)


def test_the_thread_of_the_time_limits_ends_with_the_last_process(guests: Path) -> None:
    def runs_after(seconds: float) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end and deadline.runs():
            time.sleep(0.01)
        return deadline.runs()

    gc.collect()
    with wasmbuild.load(guests / "lib/libkit.so", timeout_s=10, stdio="none"):
        with wasmbuild.load(guests / "lib/libkit.so", timeout_s=20, stdio="none"):
            assert deadline.runs()
        assert runs_after(0.1)
    assert not runs_after(5)


def test_code_that_counts_and_code_that_does_not_are_not_taken_for_each_other(make: MakeKit, monkeypatch: Any) -> None:
    """Each has its own entry in the cache: once they are all there, nothing is compiled."""
    options: list[dict[str, Any]] = [{}, {"fuel": 10**6}, {"timeout_s": 5.0}, {"fuel": 10**6, "timeout_s": 5.0}]
    for each in options:
        assert make("kit", **each).call("add", 1, 2) == 3

    def refuse(*_: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(engine, "_compile", refuse)
    for each in options:
        assert make("kit", **each).call("add", 1, 2) == 3


def test_memory_keeps_to_its_limit(make: MakeKit) -> None:
    kit = make("kit", memory_limit="4MiB")
    with pytest.raises(OutOfMemory, match="the process has no room for 8388608 bytes"):
        kit.buffer(8 << 20)
    with pytest.raises(OutOfMemory, match="no process has as many"):
        kit.buffer(1 << 33)
    assert kit.call("malloc", 8 << 20) == 0
    assert len(kit.buffer(1 << 20)) == 1 << 20


def test_a_process_that_does_not_fit_its_limit_is_not_made(guests: Path) -> None:
    with pytest.raises(WasmbuildError, match="memory"):
        wasmbuild.load(guests / "lib/libkit.so", memory_limit="64KiB")


def test_the_table_keeps_to_its_limit(make: MakeKit) -> None:
    kit = make("kit", table_limit=300)
    with pytest.raises(WasmbuildError, match="no room for more function pointers"):
        _ = [kit.callback("() -> ()", lambda: None) for _ in range(400)]
    assert kit.call("add", 1, 2) == 3


def test_an_exception_of_a_callback_arrives_as_itself_and_the_process_is_dead(kit: Library) -> None:
    class Mine(Exception):
        pass

    mine = Mine("here")

    def refuse(_: int) -> int:
        raise mine

    apply = kit.declare("int apply(int (*f)(int), int x)")
    with pytest.raises(Mine) as caught:
        apply(refuse, 1)
    assert caught.value is mine
    assert mine.__context__ is None
    with pytest.raises(ProcessDead, match="since a callback raised Mine: here") as dead:
        apply(abs, 1)
    assert dead.value.__cause__ is mine


def test_a_trap_that_a_callback_hides_still_ends_the_process(kit: Library) -> None:
    kit.declare("int apply(int (*f)(int), int x)")

    def hide(x: int) -> int:
        with pytest.raises(Trap):
            kit.call("call_kept", 1)  # nothing is kept: a null pointer
        return x

    with pytest.raises(ProcessDead, match="null function pointer"):
        kit.call("apply", hide, 1)


def test_interrupts_pass_through(kit: Library) -> None:
    def interrupted(_: int) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kit.declare("int apply(int (*f)(int), int x)")(interrupted, 1)


def test_exceptions_and_traps_while_it_is_loaded(guests: Path, tmp_path: Path) -> None:
    import wasmtime

    path = tmp_path / "begins.wasm"
    text = '(module (import "env" "f" (func $f)) (func (export "_initialize") call $f unreachable))'
    path.write_bytes(wasmtime.wat2wasm(text))

    def refuse() -> None:
        raise LookupError("not today")

    with pytest.raises(LookupError, match="not today"):
        wasmbuild.load(path, host={"f": ("void f(void)", refuse)})
    with pytest.raises(Trap, match="unreachable"):
        wasmbuild.load(path, host={"f": ("void f(void)", lambda: None)})
    path.write_bytes(wasmtime.wat2wasm('(module (func (export "_initialize") (loop br 0)))'))
    with pytest.raises(DeadlineExceeded):
        wasmbuild.load(path, timeout_s=0.05)
    with pytest.raises(OutOfFuel):
        wasmbuild.load(path, fuel=1000)


def test_use_after_close(guests: Path) -> None:
    with wasmbuild.load(guests / "lib/libkit.so", stdio="none") as kit:
        buffer, callback, add = kit.buffer(4), kit.callback("(i32) -> i32", abs), kit.functions["add"]
        assert add(1, 2) == 3
    kit.close()
    uses: list[Callable[[], object]] = [
        lambda: add(1, 2),
        lambda: kit.call("length", b"x"),
        lambda: buffer.read(),
        lambda: kit.memory.size_bytes,
        lambda: kit.callback("() -> ()", print),
        lambda: kit.call("apply", callback, 1),
        lambda: kit.run(),
    ]
    for use in uses[:-1]:
        with pytest.raises(ProcessDead, match="the process is closed"):
            use()
    buffer.free()
    callback.free()
    assert repr(kit) == "<Library `libkit.so`, ended>"


def test_a_process_cannot_be_closed_from_within_itself(kit: Library) -> None:
    kit.declare("int apply(int (*f)(int), int x)")

    def close(x: int) -> int:
        with pytest.raises(RuntimeError, match="cannot be closed while it runs"):
            kit.close()
        return x

    assert kit.call("apply", close, 1) == 2


def test_a_process_that_nobody_refers_to_goes_without_close(guests: Path) -> None:
    kit = wasmbuild.load(guests / "lib/libkit.so", stdio="none")
    assert kit.call("length", b"x") == 1
    gone = weakref.ref(kit)
    del kit
    gc.collect()
    assert gone() is None


OPENS = """(module (@dylink.0 (mem-info (memory 16 0)))
  (import "wasmbuild" "dlopen" (func $open (param i32 i32) (result i32)))
  (import "env" "memory" (memory 0)) (import "env" "__memory_base" (global $base i32))
  (data (offset (global.get $base)) "/plugin.so\\00")
  (func (export "open") (result i32) (call $open (global.get $base) (i32.const 2))))"""


@pytest.fixture
def opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library that opens `/plugin.so`, which is in the same directory, and is in no cache."""
    monkeypatch.setenv("WASMBUILD_CACHE", str(tmp_path / "cache"))
    import wasmtime

    (tmp_path / "plugin.so").write_bytes(wasmtime.wat2wasm("(module (@dylink.0 (mem-info (memory 0 0))) (func))"))
    (tmp_path / "opens.so").write_bytes(wasmtime.wat2wasm(OPENS))
    return tmp_path / "opens.so"


def test_compiling_what_a_guest_opens_keeps_the_time_limit(opens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, go_on, compiled = engine._compile, threading.Event(), threading.Event()

    def endless(*arguments: Any) -> Any:
        go_on.wait()
        try:
            return real(*arguments)
        finally:
            compiled.set()

    given: dict[str, Any] = {"directories": [(opens.parent, "/")], "stdio": "none"}
    process = wasmbuild.load(opens, timeout_s=2, **given)
    monkeypatch.setattr(engine, "_compile", endless)
    with pytest.raises(DeadlineExceeded):
        process.call("open")
    assert not process.alive
    process.close()
    go_on.set()  # what was left to itself goes on, for the next time
    assert compiled.wait(60)
    monkeypatch.setattr(engine, "_compile", real)
    with wasmbuild.load(opens, timeout_s=60, **given) as again:
        assert again.call("open") != 0


def test_decoding_what_a_guest_opens_keeps_the_time_limit(opens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wasmbuild.search import libraries

    threads, ends_at_s = [], time.monotonic() + 60

    def endless(*_: object) -> None:
        threads.append(threading.current_thread())
        while time.monotonic() < ends_at_s:
            pass

    given: dict[str, Any] = {"directories": [(opens.parent, "/")], "stdio": "none", "timeout_s": 2}
    with wasmbuild.load(opens, **given) as by_guest, wasmbuild.load(opens, **given) as by_host:
        monkeypatch.setattr(libraries, "decode_library", endless)
        with pytest.raises(DeadlineExceeded):
            by_guest.call("open")
        with pytest.raises(ProcessDead):
            by_guest.open(opens.parent / "plugin.so")
        with pytest.raises(DeadlineExceeded):
            by_host.open(opens.parent / "plugin.so")
    assert len(threads) == 2
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert time.monotonic() < ends_at_s
