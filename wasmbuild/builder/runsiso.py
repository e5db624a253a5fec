"""Runs the graph by siso, a ninja that has commands carried out by servers of the Remote Execution API, or shares what
they made. It tells of its progress as `runninja` does. What it keeps is in a directory of its own."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from wasmbuild.builder.compileoutput import CompilerOutput
from wasmbuild.builder.runninja import RunOptions, tell_finding, tell_step, tell_text
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.progress import Progress

DIRECTORY = "siso-state"
CONFIGURATION = f"{DIRECTORY}/main.star"
"""In the build directory."""

_CONNECT_S = 10
_LOOK_S = 5
_MISSED = 4
"""How often a server may be looked for in vain, one time after the other."""

_COLOR = re.compile("\x1b\\[[0-9;]*[mK]")
_STEP = re.compile(r"^\[\d+/(\d+)\] +\S+ (\w) (.*?)\s*$")
_FAILED = re.compile(r'^FAILED: \S+ "(.*)" ')
_COUNTS = re.compile(r"^noexec:\d+ local:(\d+) remote:(\d+) cache:(\d+)")
_ENDS = ("build finished", "build failed")


@dataclass(frozen=True, slots=True)
class Remote:
    """Where servers are."""

    address: str
    """HOST:PORT"""
    instance: str
    is_encrypted: bool
    only_cache: bool
    """Results are shared, and all is compiled here."""


def parse_remote(text: str, only_cache: bool) -> Remote:
    """`grpc://HOST:PORT`, `grpcs://…` for TLS, and behind a slash the server's instance. Raises WasmbuildError."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if parts.scheme not in ("grpc", "grpcs") or not parts.hostname or not port or not plain:
        help_ = "it is grpc://HOST:PORT, or grpcs://HOST:PORT with TLS; a server's instance stands behind a slash"
        raise WasmbuildError(Diagnostic("bad-address", f"not the address of a server: `{text}`", help=(help_,)))
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Remote(f"{host}:{port}", parts.path.strip("/"), parts.scheme == "grpcs", only_cache)


def configuration(build: str, commands: Iterable[Sequence[str]], compiler: str, root: Path) -> str:
    """What siso is told of the graph: sources are compiled elsewhere, by the compiler that it sends there. Headers it
    finds itself, but for those that a command names to be read first."""
    compilers = sorted(path for path in (root / compiler).parent.iterdir() if path.is_file())
    inputs = [f"{PurePosixPath(compiler).parent}/{path.name}" for path in compilers]
    for command in commands:
        first = [after for word, after in pairwise(command) if word in ("-include", "-imacros")]
        inputs += [path for path in first if not path.startswith("/") and (root / path).is_file()]
    inside = sorted({_from_top(path, build) for path in inputs})
    return f"""load("@builtin//encoding.star", "json")
load("@builtin//struct.star", "module")

def init(ctx):
    compile = {{
        "name": "compile",
        "action": "compile.*",
        "inputs": {_starlark(inside)},
        "platform_ref": "default",
        "remote": True,
    }}
    config = {{"platforms": {{"default": {{"OSFamily": "linux"}}}}, "input_deps": {{}}, "rules": [compile]}}
    return module("config", step_config = json.encode(config), filegroups = {{}}, handlers = {{}})
"""


def _from_top(path: str, build: str) -> str:
    """A path as siso has it: from the nearest directory that everything is in."""
    if build != "..":
        return path
    return path[3:] if path.startswith("../") else f"src/{path}"


def _starlark(words: Sequence[str]) -> str:
    import json

    return json.dumps(words)


def refuse_unready(remote: Remote) -> None:
    """Raises WasmbuildError where siso is not there, or no server answers: siso tries for a minute."""
    if shutil.which("siso") is None:
        help_ = ("install siso (Debian has it since 2026, in sid), or build without it",)
        raise WasmbuildError(Diagnostic("no-siso", "`siso` not found", facts=(("searched", "PATH"),), help=help_))
    because = _connects(remote)
    if because:
        headline = f"no server at {remote.address}"
        raise WasmbuildError(Diagnostic("no-server", headline, facts=(("because", because),)))


def _connects(remote: Remote) -> str:
    """Why there is no server; nothing where there is one."""
    host, _, port = remote.address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_S).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


@contextmanager
def _watching(remote: Remote, process: subprocess.Popen[str]) -> Iterator[Callable[[], bool]]:
    """Ends siso where the server is gone and does not come back: by itself it tries for a quarter of an hour and more.
    What is yielded says whether that was so."""
    over, gone = threading.Event(), threading.Event()

    def watch() -> None:
        missed = 0
        while missed < _MISSED and not over.wait(_LOOK_S):
            missed = missed + 1 if _connects(remote) else 0
        if not over.is_set():
            gone.set()
            process.terminate()
            if not over.wait(_CONNECT_S):
                process.kill()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield gone.is_set
    finally:
        over.set()


def run_siso(
    directory: Path, build_file: str, targets: tuple[str, ...], progress: Progress, options: RunOptions, remote: Remote
) -> bool:
    """As `run_ninja`."""
    refuse_unready(remote)
    build = str(PurePosixPath(build_file).parent)
    state = f"{build}/{DIRECTORY}"
    logs = (directory / state / "logs").resolve()
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    command = ["siso", "ninja", "-f", build_file, "-k", "0", "-config_repo_dir", state.removeprefix("../")]
    command += ["-state_dir", state, "-log_dir", state, "-cache_dir", f"{state}/cache"]
    command += ["-reapi_address", remote.address, "-reapi_instance", remote.instance]
    command += [] if remote.is_encrypted else ["-reapi_insecure"]
    command += ["-re_exec_enable=false", "-re_cache_enable_write=true"] if remote.only_cache else []
    if options.jobs:
        command += ["-local_jobs" if remote.only_cache else "-remote_jobs", str(options.jobs)]
    output = CompilerOutput(directory, directory / build, options.verbose, options.hide_warnings)
    reader = _Reader(output, progress, options)
    with subprocess.Popen(
        [*command, *targets],
        cwd=directory,
        env={**os.environ, "WASMBUILD_STEP_JSON": "1", "TMPDIR": str(logs)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        pass_fds=(options.lock,) if options.lock is not None else (),
    ) as process:
        assert process.stdout is not None
        try:
            with _watching(remote, process) as is_gone:
                for line in process.stdout:
                    reader.line(line)
        except BaseException:
            process.terminate()
            raise
    reader.end()
    if is_gone():
        help_ = "build again when it is back, which goes on from here, or without it"
        raise WasmbuildError(Diagnostic("server-gone", f"the server at {remote.address} is gone", help=(help_,)))
    if process.returncode != 0 and not reader.has_failed:
        facts = (("it said", "\n".join(reader.last[-5:])), ("server", remote.address))
        raise WasmbuildError(Diagnostic("remote-failed", "siso ended with an error", facts=facts))
    return process.returncode == 0


class _Reader:
    """What siso prints: a line when a step starts and when it ends, then what it printed, under a heading."""

    def __init__(self, output: CompilerOutput, progress: Progress, options: RunOptions) -> None:
        self.output, self.progress, self.options = output, progress, options
        self.has_failed = False
        self.last: list[str] = []
        """What it said of itself."""
        self._printed: list[str] | None = None
        """Of the step that ended last; None while what it says is siso's."""
        self._why: list[str] = []
        self._over = False
        self._done = 0
        self._said = set[str]()

    def line(self, line: str) -> None:
        plain = _COLOR.sub("", line).rstrip("\n")
        if self._over:
            self._closing(plain)
        elif step := _STEP.match(plain):
            if step[2] in "EF":
                self._end_step()
                self._done += 1
                tell_text(self.output.begin(step[3]), self.progress)
                tell_step(step[3], self._done, int(step[1]), self.progress, self.options.verbose)
        elif failed := _FAILED.match(plain):
            self.has_failed = True
            self.output.fail(failed[1])
            self._why = []
        elif plain in _ENDS:
            self._end_step()
            self._over = True
        elif plain in ("stdout:", "stderr:") and self._printed is None:
            self._printed = []
        elif plain not in ("stdout:", "stderr:") and self._printed is not None:
            self._printed.append(line if self.options.color else f"{plain}\n")
        elif plain.startswith("err: "):
            self._why.append(plain.removeprefix("err: "))
        elif plain.strip():
            self.last.append(plain.strip())

    def _closing(self, plain: str) -> None:
        if counts := _COUNTS.match(plain):
            here, elsewhere, cached = map(int, counts.groups())
            if elsewhere or cached:
                self.progress.note(f"{elsewhere} done elsewhere, {cached} taken from the cache, {here} done here")
        if plain.strip():
            self.last.append(plain.strip())

    def _end_step(self) -> None:
        printed = self._printed if self._printed is not None else [f"{why}\n" for why in self._why]
        while printed and not printed[-1].strip():
            printed.pop()
        for line in printed:
            if not tell_finding(line, self._said, self.progress):
                tell_text(self.output.line(line), self.progress)
        self._printed, self._why = None, []

    def end(self) -> None:
        self._end_step()
        tell_text(self.output.end(), self.progress)
        for finding in self.output.findings():
            self.progress.diagnostic(finding)
