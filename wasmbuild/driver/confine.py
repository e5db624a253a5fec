"""Keeps this process, and all that it starts, from writing anywhere but where it may, and from the network: Landlock,
on Linux from 5.19. Elsewhere nothing holds it.

landlock(7); the numbers are those of linux/landlock.h, the same on all architectures.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Sequence

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH, _NO_NEW_PRIVS = 1, 1, 38
_WRITE_FILE = 1 << 1
_WRITES = _WRITE_FILE | sum(1 << bit for bit in range(4, 14))
"""Write a file; remove and make anything; link and rename from one directory to another."""
_TRUNCATE, _TRUNCATE_FROM = 1 << 14, 3
_NET_TCP, _NET_FROM = 0b11, 4
_LEAST = 2
"""Before, nothing could be renamed from one directory to another."""


def confine(directories: Sequence[str], files: Sequence[str] = ()) -> bool:
    """From here on, write below these directories and into these files alone. False where the system has no way."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, _VERSION)
    if version < _LEAST:
        return False
    writes = _WRITES | (_TRUNCATE if version >= _TRUNCATE_FROM else 0)
    attributes = struct.pack("=QQ", writes, _NET_TCP) if version >= _NET_FROM else struct.pack("=Q", writes)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    try:
        for path in directories:
            _allow(libc, ruleset, path, writes)
        of_files = writes & (_WRITE_FILE | _TRUNCATE)
        for path in files:
            _allow(libc, ruleset, path, of_files)
        libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", access, descriptor)
        if libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)
    finally:
        os.close(descriptor)
