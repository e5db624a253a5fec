"""Processes that nobody closes: what they have of the machine goes with the last reference to them, whatever ended
them, in whatever thread, and at the end of Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import wasmtime

SCRIPT = """
import gc, os, sys, threading
import wasmbuild

def now():
    with open("/proc/self/status") as status:
        kib = next(int(line.split()[1]) for line in status if line.startswith("VmSize"))
    return len(os.listdir("/proc/self/fd")), kib >> 20

def refuse(x):
    raise LookupError("not today")

def load(name="good.so", timeout_s=5):
    given = {"directories": [(".", "/")], "stdio": "none", "timeout_s": timeout_s}
    return wasmbuild.load(name, host={"ask": ("(i32) -> i32", refuse)}, **given)

def closed():
    with load() as process:
        process.call("open")

def dropped():
    process = load()
    process.call("open")
    process.callback("(i32) -> i32", lambda x: process)

def trapped():
    try:
        load().call("trap")
    except wasmbuild.Trap:
        pass

def raised():
    try:
        load().call("raise")
    except LookupError:
        pass

def failed():
    try:
        load("failing.so")
    except wasmbuild.Trap:
        pass

def in_a_thread():
    thread = threading.Thread(target=dropped)
    thread.start()
    thread.join()

def and_collected_in_one():
    dropped()
    thread = threading.Thread(target=gc.collect)
    thread.start()
    thread.join()

def in_a_callback():
    def drop(x):
        dropped()
        gc.collect()
        return x
    with wasmbuild.load("good.so", host={"ask": ("(i32) -> i32", drop)}, stdio="none") as process:
        process.call("raise")

act = globals()[sys.argv[1]]
act()
gc.collect()
before = now()
for _ in range(10):
    act()
gc.collect()
print(before == now(), before, now())
left, callback = load(), None  # for the end of Python
left.call("open")
left.callback("(i32) -> i32", lambda x: left)
"""

GOOD = """(module (@dylink.0 (mem-info (memory 0 0)))
  (import "wasmbuild" "dlopen" (func $open (param i32 i32) (result i32)))
  (import "env" "memory" (memory 0))
  (import "env" "__indirect_function_table" (table 0 funcref))
  (import "env" "ask" (func $ask (param i32) (result i32)))
  (func (export "open") (result i32) (call $open (i32.const 0) (i32.const 2)))
  (func (export "raise") (drop (call $ask (i32.const 1))))
  (func (export "trap") unreachable))"""

FAILING = """(module (@dylink.0 (mem-info (memory 0 0)))
  (import "wasmbuild" "dlopen" (func $open (param i32 i32) (result i32)))
  (import "env" "memory" (memory 0))
  (func (export "__wasm_call_ctors") (drop (call $open (i32.const 0) (i32.const 2))) unreachable))"""

WAYS = "closed dropped trapped raised failed in_a_thread and_collected_in_one in_a_callback"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts what Linux shows of a process")
@pytest.mark.parametrize("way", WAYS.split())
def test_what_a_process_has_goes_with_it(tmp_path: Path, way: str) -> None:
    for name, text in {"good.so": GOOD, "failing.so": FAILING}.items():
        (tmp_path / name).write_bytes(wasmtime.wat2wasm(text))
    command = [sys.executable, "-c", SCRIPT, way]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("True"), ran.stdout


@pytest.mark.parametrize("closed", [True, False])
def test_what_was_captured_is_whole_and_python_ends_quietly(guests: Path, closed: bool) -> None:
    """The engine writes in threads of its own: none of them may need Python when that is no more."""
    script = "import sys, wasmbuild\np = wasmbuild.load(sys.argv[1], stdio='captured')\np.run()\n"
    script += "p.close()\n" * closed + "sys.stdout.write(p.stdout.decode())"
    for _ in range(5):
        command = [sys.executable, "-c", script, guests / "bin/prog.wasm"]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "no word\n", "")
