"""The step that runs upstream's own build: `python -m wasmbuild.driver.foreign ORDER`.

It has a home and a temporary directory of its own, our tools in front of all others, and where the system can do so
(`confine.py`) it cannot write anywhere but into them and its source tree, nor use the network.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from wasmbuild.builder.foreign import ForeignOrder, find_build_tool, read_order
from wasmbuild.builder.globs import INSTALLED
from wasmbuild.builder.steps import report
from wasmbuild.diagnostics import Diagnostic, WasmbuildError, system_error
from wasmbuild.driver.buildsystems import variables
from wasmbuild.driver.confine import confine
from wasmbuild.driver.environment import Environment
from wasmbuild.driver.foreignsystems import BUILT, LOGS, Command, commands, destination
from wasmbuild.driver.make import environment_of, write_environment

_BY_NAME = ("gcc", "g++", "clang", "clang++", "c89", "c99", "emcc", "em++")
"""Compilers that a makefile may call by their names. `cc` and `c++` are ours."""

_HELP = {
    "make": "install GNU make: it is a package of every system",
    "sh": "a shell is a part of every system but Windows",
}
_LOG_LINES = 25
_DENIED = re.compile(r"Permission denied|Read-only file system|EACCES")
_FIFO = re.compile(r"--jobserver-auth=fifo:(\S+)")
_EPOCH = "946684800"
"""For tools that would write the time of the build into what they make."""


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ninja's, when it is interrupted
    order = read_order(Path(arguments[0]))
    try:
        findings = run(order)
    except WasmbuildError as error:
        findings = error.diagnostics
    except OSError as error:
        findings = (system_error(error),)
    status = report(findings)
    if status == 0:
        (order.scratch / "stamp").touch()
    return status


def run(order: ForeignOrder) -> tuple[Diagnostic, ...]:
    """Make the environment, then run the build's commands. Returns what is odd, raises what is wrong."""
    environment = _make_environment(order)
    _make_of_one_age(order)
    variables_ = _variables(order, environment)
    jobs = _FIFO.search(os.environ.get("MAKEFLAGS", ""))
    confine(
        (str(order.top), str(order.scratch), *((os.devnull.rpartition("/")[0],) if os.name == "posix" else ())),
        (jobs[1],) if jobs else (),
    )
    until_s = time.monotonic() + _limit_s(order)
    for command in commands(order, environment.directory):
        _run(order, command, variables_, until_s)
    if not order.build.targets:
        _take_installed(order)
    return tuple(_in_home(order))


def _make_of_one_age(order: ForeignOrder) -> None:
    """Archives are unpacked in no order, and a makefile could think that `configure` is older than its source."""
    mark = order.scratch / "began"
    if mark.exists():
        return
    for directory, _, files in os.walk(order.top):
        for name in files:
            os.utime(Path(directory, name), (int(_EPOCH), int(_EPOCH)), follow_symlinks=False)
    mark.touch()


def _limit_s(order: ForeignOrder) -> float:
    return order.build.timeout_s or 1800


def _make_environment(order: ForeignOrder) -> Environment:
    """Code is compiled as that of other recipes is: hidden but for what is exported, optimised as the profile says,
    without places of this machine. What a makefile says comes behind that."""
    import msgspec

    for before in (order.top / INSTALLED, order.top / BUILT, destination(order), _called(order).parent):
        shutil.rmtree(before, ignore_errors=True)
    for name in ("environment", "home", "temporary", "refused"):
        (order.scratch / name).mkdir(parents=True, exist_ok=True)
    environment = environment_of(order.scratch / "environment", order.toolchain, order.runtime, order.prefixes)
    ours = (*order.cflags, f"-ffile-prefix-map={order.cache}=/wasmbuild")
    ours += (f"-ffile-prefix-map={order.top}=/{order.name}", f"-ffile-prefix-map={order.scratch}=/foreign")
    environment = msgspec.structs.replace(
        environment, c_flags=(*environment.c_flags, *ours), cxx_flags=(*environment.cxx_flags, *ours)
    )
    write_environment(environment, order.prefixes, order.runtime)
    for name in _BY_NAME:
        _write_script(
            order.scratch / "refused" / name,
            f'echo {name} >>"{_called(order)}"\necho "{name}: called by its name" >&2\nexit 1',
        )
    _write_script(order.scratch / "refused" / "strip", "exit 0")
    zig = f'exec "{order.toolchain.zig}"'
    _write_script(order.scratch / "refused" / "native-cc", f'{zig} cc "$@"')
    return environment


def _write_script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n# Written by wasmbuild.\n{text}\n")
    path.chmod(0o755)


def _called(order: ForeignOrder) -> Path:
    return order.scratch / "refused" / "called"


def _variables(order: ForeignOrder, environment: Environment) -> dict[str, str]:
    """All of them: what the user has set has no say in what is built."""
    native = str(order.scratch / "refused" / "native-cc")
    path = (str(environment.bin), str(order.scratch / "refused"), os.environ.get("PATH", os.defpath))
    kept = {name: value for name in ("MAKEFLAGS", "SYSTEMROOT") if (value := os.environ.get(name))}
    return {
        **kept,
        **variables(environment, {}),
        "STRIP": str(order.scratch / "refused" / "strip"),  # what is exported, and named, is decided by the recipe
        "PATH": os.pathsep.join(path),
        "HOME": str(order.scratch / "home"),
        "TMPDIR": str(order.scratch / "temporary"),
        "LC_ALL": "C",
        "SOURCE_DATE_EPOCH": _EPOCH,
        # What is to run while it builds is compiled for this machine, by the embedded toolchain.
        "CC_FOR_BUILD": native,
        "HOSTCC": native,
        "ZIG_GLOBAL_CACHE_DIR": str(order.scratch / "zig"),
        "ZIG_LOCAL_CACHE_DIR": str(order.scratch / "zig"),
        "WASMBUILD_CACHE": str(order.scratch / "cache"),
    }


def _run(order: ForeignOrder, command: Command, variables_: Mapping[str, str], until_s: float) -> None:
    tool = command.tool if "/" in command.tool else find_build_tool(command.tool)
    if tool is None:
        help_ = _HELP.get(command.tool, f"pip install {command.tool}")
        raise WasmbuildError(
            Diagnostic(
                "no-build-tool",
                f"`{command.tool}` is not on this machine, and `{order.name}` is built with it",
                facts=(("at", order.at),),
                help=(help_,),
            )
        )
    log = order.scratch / "log"
    with log.open("ab") as file:
        file.write(f"\n$ {command.tool} {' '.join(command.arguments)}\n".encode())
    environment = {**variables_, **command.environment}
    descriptors = _pass_slots(tool, environment) if command.tool == "make" else ()
    with log.open("ab") as file:
        process = subprocess.Popen(
            [tool, *command.arguments],
            cwd=command.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=descriptors,
        )
    try:
        status: int | None = process.wait(timeout=max(0.0, until_s - time.monotonic()))
    except subprocess.TimeoutExpired:
        status = None
    finally:
        _end(process)
        for descriptor in descriptors:
            os.close(descriptor)
    if status != 0:
        raise WasmbuildError(_failure(order, command, status))


def _end(process: subprocess.Popen[bytes]) -> None:
    """With all that it has started and left."""
    if hasattr(os, "killpg"):
        with suppress(OSError):  # there is nobody any more
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def _pass_slots(make: str, environment: dict[str, str]) -> tuple[int, ...]:
    """GNU make before 4.4 knows slots by descriptors alone; before 4.2 it gets none."""
    found = _FIFO.search(environment.get("MAKEFLAGS", ""))
    if found is None:
        return ()
    done = subprocess.run([make, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    number = re.search(r"GNU Make (\d+)\.(\d+)", done.stdout)
    version = (int(number[1]), int(number[2])) if number else (0, 0)
    if version >= (4, 4):
        return ()
    del environment["MAKEFLAGS"]
    if version < (4, 2):
        return ()
    ends = (os.open(found[1], os.O_RDWR), os.open(found[1], os.O_RDWR))
    environment["MAKEFLAGS"] = f" -j --jobserver-auth={ends[0]},{ends[1]}"
    return ends


def _failure(order: ForeignOrder, command: Command, status: int | None) -> Diagnostic:
    facts = [("command", f"{command.tool} {' '.join(command.arguments)}"), ("at", order.at)]
    lines = _last_lines(order.scratch / "log", _LOG_LINES)
    facts.append(("it said", "\n".join(lines)))
    for name in LOGS[str(order.build.system)] if command.doing == "configuring" else ():
        path = (order.source if order.build.system == "autotools" else order.top) / name
        if path.is_file():
            facts.append((path.name, "\n".join(_last_lines(path, _LOG_LINES, until="## Cache variables. ##"))))
    doing = f"{command.doing} `{order.name}` with {order.build.system}"
    if status is None:
        headline = f"{doing} did not end within {_limit_s(order):g} s"
        return Diagnostic("foreign-timeout", headline, facts=tuple(facts))
    called = _called(order)
    if called.is_file():
        names = " and ".join(f"`{name}`" for name in dict.fromkeys(called.read_text().split()))
        help_ = ("give its variable in `options`, such as `CC=cc`, or patch the file that says it",)
        return Diagnostic("foreign-compiler", f"{doing} called {names} by name", facts=tuple(facts), help=help_)
    denied = [line for line in _last_lines(order.scratch / "log", 400) if _DENIED.search(line)]
    if denied:
        headline = f"{doing} failed, and wanted to write outside of its directory"
        return Diagnostic("foreign-outside", headline, facts=(("refused", denied[-1]), *facts))
    return Diagnostic("foreign-failed", f"{doing} failed", facts=tuple(facts))


def _last_lines(path: Path, count: int, until: str | None = None) -> list[str]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if until is not None:
        end = next((number for number, line in enumerate(lines) if line.strip() == until), len(lines))
        lines = lines[:end]
    return [line for line in lines if line.strip()][-count:]


def _take_installed(order: ForeignOrder) -> None:
    found = Path(destination(order), "usr")
    if not found.is_dir():
        headline = f"`{order.name}` was built, and installed nothing into DESTDIR"
        help_ = ("name what is to be built in `targets`; then nothing is installed, and all stays where it was built",)
        raise WasmbuildError(Diagnostic("foreign-failed", headline, facts=(("at", order.at),), help=help_))
    found.replace(order.top / INSTALLED)


def _in_home(order: ForeignOrder) -> list[Diagnostic]:
    home = order.scratch / "home"
    left = [path for path in home.iterdir() if path.name != ".cache"]
    if not left:
        return []
    facts = (("such as", f"~/{left[0].name}"), ("at", order.at))
    headline = f"building `{order.name}` writes into the home directory, of which nothing is kept"
    return [Diagnostic("foreign-outside", headline, facts=facts, severity="warning")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
