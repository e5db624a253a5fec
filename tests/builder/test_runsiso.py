"""What siso prints, as the messages of a build; and what it is told. Without siso."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wasmbuild.builder.compileoutput import CompilerOutput
from wasmbuild.builder.runninja import RunOptions
from wasmbuild.builder.runsiso import _Reader, configuration, parse_remote
from wasmbuild.diagnostics import Diagnostic, diagnostic_to_json

FOUND = Diagnostic("not-pic", "not position-independent: c.o")
SAID = f"""\
disable fast local for non-interactive: fastlocal=1->0
use reapi "127.0.0.1:1" instance ""

loading build/build.ninja... done 63ms
[0/3] 0.58s S compile a.c
[0/3] 0.58s S compile b.c
[0/3] 32.60s E compile b.c\t
FAILED: 89677d92-8758 "build/obj/library-a/b.c.o" compile b.c
err: remote-exec 3de02d/168 failed: exit=1
build/toolchain/clang -c b.c
build step: compile "build/obj/library-a/b.c.o"
siso_rule: compile
stderr:
\x1b[1mb.c:1:24: error: use of undeclared identifier 'y'\x1b[0m
    1 | int b(int x) {{ return y; }}

[1/3] 33.83s F compile a.c\t
stderr:
a.c:1:2: warning: "of this" [-W#warnings]


[2/3] 33.90s E link build/lib/libc.so
FAILED: 1234 "build/lib/libc.so" link build/lib/libc.so
err: exit status 1
python -m steps link x
stdout:
\x02{json.dumps(diagnostic_to_json(FOUND))}

build failed

noexec:0 local:1 remote:2 cache:4 skip:4
34.04s Build Failure: 2 done, 1 failed, 5 remaining - 0.06/s
"""


class Told:
    """A progress that keeps what it is told."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int, int | None]] = []
        self.text = ""
        self.findings: list[Diagnostic] = []
        self.notes: list[str] = []

    def step(self, title: str, done: int = 0, total: int | None = None) -> None:
        self.steps.append((title, done, total))

    def output(self, text: str) -> None:
        self.text += text

    def diagnostic(self, diagnostic: Diagnostic) -> None:
        self.findings.append(diagnostic)

    def note(self, text: str) -> None:
        self.notes.append(text)


def read(tmp_path: Path, said: str) -> tuple[Told, _Reader]:
    told, options = Told(), RunOptions()
    reader = _Reader(CompilerOutput(tmp_path, tmp_path / "build", False, False), told, options)
    for line in said.splitlines(keepends=True):
        reader.line(line)
    reader.end()
    return told, reader


def test_steps_messages_and_counts_are_told_as_ninjas_are(tmp_path: Path) -> None:
    told, reader = read(tmp_path, SAID)
    assert told.steps == [("compile b.c", 1, 3), ("compile a.c", 2, 3), ("link build/lib/libc.so", 3, 3)]
    assert "b.c:1:24: error: use of undeclared identifier 'y'\n" in told.text
    assert 'a.c:1:2: warning: "of this" [-W#warnings]\n' in told.text
    assert not any(word in told.text for word in ("siso_rule", "FAILED", "err:", "clang -c", "\x1b", "\x02"))
    assert told.findings == [FOUND]
    assert told.notes == ["2 done elsewhere, 4 taken from the cache, 1 done here"]
    assert reader.has_failed


def test_a_step_that_failed_and_printed_nothing_says_why(tmp_path: Path) -> None:
    said = '[0/1] 1s E compile a.c\nFAILED: 1 "build/a.o" compile a.c\nerr: rpc error: Unavailable\nbuild failed\n'
    told, _ = read(tmp_path, said)
    assert told.text == "rpc error: Unavailable\n"


def test_what_is_cut_off_is_told_as_far_as_it_goes(tmp_path: Path) -> None:
    for end in range(0, len(SAID), 7):
        read(tmp_path, SAID[:end])


def test_addresses() -> None:
    plain, secure = parse_remote("grpc://[::1]:8980/main", False), parse_remote("grpcs://h.example:443", True)
    assert (plain.address, plain.instance, plain.is_encrypted, plain.only_cache) == ("[::1]:8980", "main", False, False)
    assert (secure.address, secure.instance, secure.is_encrypted, secure.only_cache) == (
        "h.example:443",
        "",
        True,
        True,
    )


@pytest.mark.parametrize("build", ["build", ".."])
def test_siso_is_told_of_the_compiler_and_of_what_a_command_reads_first(tmp_path: Path, build: str) -> None:
    root = tmp_path / "src" if build == ".." else tmp_path
    home = root / build / "toolchain/compiler/v"
    home.mkdir(parents=True)
    for name in ("clang", "zig"):
        (home / name).write_text("")
    (root / "first.h").write_text("")
    commands = [("clang", "-include", "first.h", "-include", "not-there.h", "-imacros", "/absolute.h")]
    told = configuration(build, commands, f"{build}/toolchain/compiler/v/clang", root)
    above, own = ("", "src/") if build == ".." else ("build/", "")
    compiler = [f"{above}toolchain/compiler/v/{name}" for name in ("clang", "zig")]
    assert json.dumps(sorted([*compiler, f"{own}first.h"])) in told
