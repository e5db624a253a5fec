"""`ldflags` as wasm-ld has them: those for a compiler's driver have its prefix, and name libraries that are part of
libc.so here. Each link reads this, so it imports nothing."""

from __future__ import annotations

THREADS = ("-lpthread", "-pthread", "-pthreads")

_IN_LIBC = ("c", "m", "dl", "rt", "util", "crypt", "resolv", "xnet")
"""Libraries of POSIX that libc.so has in it, or in part: to ask for them is harmless, and does nothing."""

_EMULATIONS = "wasi-emulated-"
"""How wasi-libc's own are named that libc.so has in it."""


def linker_flags(flags: tuple[str, ...]) -> tuple[str, ...]:
    """Of `-Wl,a,b`, `a` and `b`; nothing for libraries that are part of libc.so."""
    return tuple(flag for text in flags for flag in unwrapped(text) if not is_in_libc(flag))


def unwrapped(text: str) -> list[str]:
    return text.split(",")[1:] if text.startswith("-Wl,") else [text]


def is_in_libc(flag: str) -> bool:
    name = flag.removeprefix("-l")
    return flag in THREADS or (name != flag and (name in _IN_LIBC or name.startswith(_EMULATIONS)))
