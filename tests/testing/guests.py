"""Guests from text for the tests of the runner: small programs and libraries that each do one thing."""

from __future__ import annotations

from pathlib import Path

import wasmtime

WASI = "wasi_snapshot_preview1"

IMPORTS = f"""
(import "{WASI}" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
(import "{WASI}" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
(import "{WASI}" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
(import "{WASI}" "path_symlink" (func $path_symlink (param i32 i32 i32 i32 i32) (result i32)))
(import "{WASI}" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
(import "{WASI}" "proc_exit" (func $exit (param i32)))
(import "{WASI}" "args_sizes_get" (func $args_sizes (param i32 i32) (result i32)))
(import "{WASI}" "args_get" (func $args_get (param i32 i32) (result i32)))
(import "{WASI}" "environ_sizes_get" (func $environ_sizes (param i32 i32) (result i32)))
(import "{WASI}" "environ_get" (func $environ_get (param i32 i32) (result i32)))
(import "env" "memory" (memory 0))
(import "env" "__memory_base" (global $base i32))
"""

HELPERS = """
(func $at (param i32) (result i32) (i32.add (global.get $base) (local.get 0)))
;; One vector at 0 says what to write or where to read to.
(func $vector (param $start i32) (param $length i32)
  (i32.store (call $at (i32.const 0)) (call $at (local.get $start)))
  (i32.store (call $at (i32.const 4)) (local.get $length)))
(func $write (param $fd i32) (param $start i32) (param $length i32)
  (call $vector (local.get $start) (local.get $length))
  (drop (call $fd_write (local.get $fd) (call $at (i32.const 0)) (i32.const 1) (call $at (i32.const 8)))))
(func $read (param $start i32) (param $length i32) (result i32)
  (call $vector (local.get $start) (local.get $length))
  (drop (call $fd_read (i32.const 0) (call $at (i32.const 0)) (i32.const 1) (call $at (i32.const 8))))
  (i32.load (call $at (i32.const 8))))
;; Open the path of this length at TEXT, following links: flags 1 create, 4 exclusive. The descriptor is then at 12.
(func $open (param $flags i32) (param $length i32) (result i32)
  (call $path_open (i32.const 3) (i32.const 1) (call $at (i32.const 64)) (local.get $length)
    (local.get $flags) (i64.const 0x42) (i64.const 0x42) (i32.const 0) (call $at (i32.const 12))))
"""

TEXT = 64
"""Where a guest's `text` lies, from its memory base."""

MEMORY_SIZE = 70000


def guest(
    path: Path, body: str = "", text: str = "", *, more: str = "", imports: str = "", program: bool = True
) -> Path:
    """Write a program whose `_start` is `body` (or a library of `more` alone), with `text` in its data."""
    data = "".join(f"\\{byte:02x}" for byte in text.encode())
    start = f'(func (export "_start") (local $i i32) {body})' if program else ""
    module = f"""(module (@dylink.0 (mem-info (memory {MEMORY_SIZE} 3)))
      {IMPORTS} {imports} {HELPERS}
      (data (offset (i32.add (global.get $base) (i32.const {TEXT}))) "{data}")
      {start} {more})"""
    path.write_bytes(wasmtime.wat2wasm(module))
    return path


def prints(text: str, fd: int = 1) -> tuple[str, str]:
    """The body and the text of a program that prints."""
    return f"(call $write (i32.const {fd}) (i32.const {TEXT}) (i32.const {len(text.encode())}))", text


def exits(status: int) -> str:
    return f"(call $exit (i32.const {status}))"


FOREVER = "(loop $again (br $again))"

# One subscription to a clock, in an hour: 48 bytes at 1000, the event that comes out at 1100.
SLEEPS = """
(i64.store (call $at (i32.const 1024)) (i64.const 3600000000000))
(i32.store (call $at (i32.const 1016)) (i32.const 1))
(drop (call $poll (call $at (i32.const 1000)) (call $at (i32.const 1100)) (i32.const 1) (call $at (i32.const 8))))
"""


def floods(fd: int) -> str:
    """Prints without an end."""
    return f"(loop $again (call $write (i32.const {fd}) (i32.const {TEXT}) (i32.const 65536)) (br $again))"


def creates(name: str, contents: str = "", flags: int = 1) -> tuple[str, str]:
    """The body and the text of a program that makes a file; it exits with the errno where it cannot."""
    length = len(name.encode())
    body = f"""
      (local.set $i (call $open (i32.const {flags}) (i32.const {length})))
      (if (local.get $i) (then (call $exit (local.get $i))))
      (call $write (i32.load (call $at (i32.const 12))) (i32.const {TEXT + length}) (i32.const {len(contents)}))"""
    return body, name + contents


def links(name: str, target: str) -> tuple[str, str]:
    """The body and the text of a program that makes a symbolic link; it exits with the errno where it cannot."""
    body = f"""
      (local.set $i (call $path_symlink (call $at (i32.const {TEXT + len(name)})) (i32.const {len(target)})
        (i32.const 3) (call $at (i32.const {TEXT})) (i32.const {len(name)})))
      (if (local.get $i) (then (call $exit (local.get $i))))"""
    return body, name + target


ECHOES = f"(call $write (i32.const 1) (i32.const {TEXT}) (call $read (i32.const {TEXT}) (i32.const 1000)))"

# Counts at 16 and 20, pointers from 1000, the texts with their zeros from 2000.
SHOWS_ARGUMENTS = """
(drop (call $args_sizes (call $at (i32.const 16)) (call $at (i32.const 20))))
(drop (call $args_get (call $at (i32.const 1000)) (call $at (i32.const 2000))))
(call $write (i32.const 1) (i32.const 2000) (i32.load (call $at (i32.const 20))))
"""
SHOWS_ENVIRONMENT = SHOWS_ARGUMENTS.replace("args", "environ")
