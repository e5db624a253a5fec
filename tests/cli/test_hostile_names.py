"""Names that would act on a terminal, in modules, files and manifests: every command shows them, and none obeys."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from wasmbuild.wasm import abi
from wasmbuild.wasm.encode import Function, ModuleSpec, body, custom_section, encode, name, unsigned
from wasmbuild.wasm.module import Dylink, Export, FuncType, GlobalType, Import, Limits, MemInfo, MemoryType

# A C0 and a C1 control, delete, text that runs to the left, what has no width, what some take for a line break, what
# overwrites a line, and a line break.
HOSTILE = "a\x1b[2J\x9b31m\x7f\u202e\u2066\u200b\ufeff\u2028\r\nerror: b"
SHOWN = r"a\x1b[2J\x9b31m\x7f\u202e\u2066\u200b\ufeff\u2028\r\nerror: b"
NEEDED = "b\x9b\u202e\u2028.so"
FILE = "lib\x1b]0;title\x07\u202e\x80.so"


def hostile_module(*, undefined: bool, needed: tuple[str, ...] = ()) -> bytes:
    imports = [Import(abi.ENV, abi.MEMORY, MemoryType(Limits(1)))]
    if undefined:
        imports += [Import(abi.ENV, HOSTILE, FuncType()), Import(abi.GOT_MEM, HOSTILE, GlobalType("i32", True))]
    functions = (Function(FuncType(), body(b"\x00")),)
    exports = (Export(HOSTILE, "func", 1 if undefined else 0),)
    dylink = Dylink(MemInfo(), needed, {HOSTILE: abi.WEAK}, {}, (f"/nowhere/{HOSTILE}",))
    return encode(ModuleSpec(imports=tuple(imports), functions=functions, exports=exports, dylink=dylink))


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A module of a hostile file name, which exports a hostile name and imports another that nobody has."""
    path = tmp_path / FILE
    path.write_bytes(hostile_module(undefined=True, needed=("other.so",)))
    (tmp_path / "other.so").write_bytes(hostile_module(undefined=False))
    return path


def controls(text: str) -> set[str]:
    return {character for character in text if not character.isprintable() and character != "\n"}


def raw(user_environment, *arguments: str | bytes | Path, cwd: Path) -> tuple[int, bytes, bytes]:
    """A command that may be given a name which is not UTF-8."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "wasmbuild", *arguments],
        cwd=cwd,
        env=user_environment(),
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def on_terminal(user_environment, *arguments: str, cwd: Path) -> str:
    """All that a terminal is sent."""
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "wasmbuild", *arguments],
        cwd=cwd,
        env=user_environment({"TERM": "xterm"}),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 1 << 16):
            said += part
    except OSError:  # what Linux says where the other end is closed
        pass
    os.close(ours)
    process.wait()
    return said.decode().replace("\r\n", "\n")


COMMANDS = {
    "check": (["check", "--import", "x"], SHOWN),
    "inspect": (["inspect"], SHOWN),
    "why": (["why", HOSTILE], SHOWN),
    "graph": (["graph"], r"lib\x1b]0"),
    "graph as dot": (["graph", "--format", "dot"], r"lib\\x1b]0"),
    "graph as svg": (["graph", "--format", "svg"], r"lib\x1b]0"),
    "run": (["run"], r"lib\x1b]0"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_shows_hostile_names_and_does_not_obey_them(name, module, run_wasmbuild):
    arguments, shown = COMMANDS[name]
    ran = run_wasmbuild(*arguments, module.name, cwd=module.parent)
    assert controls(ran.stdout + ran.stderr) == set()
    assert shown in ran.stdout + ran.stderr
    assert "\nerror: b" not in ran.stdout + ran.stderr


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ("graph as svg", "graph as dot", "run")])
def test_json_has_hostile_names_as_they_are(name, module, run_wasmbuild):
    ran = run_wasmbuild("--json", *COMMANDS[name][0], module.name, cwd=module.parent)
    assert controls(ran.stdout) == set()
    document = json.dumps(ran.json(), ensure_ascii=False)
    assert json.dumps(module.name if name == "graph" else HOSTILE, ensure_ascii=False)[1:-1] in document


@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
@pytest.mark.parametrize("name", COMMANDS)
def test_nor_on_a_terminal(name, module, user_environment):
    arguments, shown = COMMANDS[name]
    said = on_terminal(user_environment, *arguments, module.name, cwd=module.parent)
    text = re.sub(r"\x1b\[[0-9;]*m", "", said)  # our colours
    assert controls(text) == set()
    assert shown in text


def test_a_plan_has_hostile_names_as_ascii(tmp_path, run_wasmbuild):
    (tmp_path / FILE).write_bytes(hostile_module(undefined=False, needed=(NEEDED,)))
    (tmp_path / NEEDED).write_bytes(hostile_module(undefined=False))
    ran = run_wasmbuild("plan", FILE, cwd=tmp_path)
    assert (ran.status, controls(ran.stdout + ran.stderr)) == (0, set())
    assert [module["name"] for module in ran.json()["modules"]] == [FILE, NEEDED]


def test_the_backtrace_of_a_trap(tmp_path, run_wasmbuild):
    """The function's name is from the name section, the file's from DWARF."""
    names = b"\0\7" + name("a.wasm") + b"\1" + unsigned(len(HOSTILE.encode()) + 3) + b"\1\0" + name(HOSTILE)
    header = b"\1\1\1\xfb\x0e\x0d\0\1\1\1\1\0\0\0\1\0\0\1\0" + HOSTILE.encode() + b"\0\0\0\0\0"
    unit = b"\4\0" + len(header).to_bytes(4, "little") + header + b"\0\5\2\1\0\0\0\1\2\x7f\0\1\1"
    spec = ModuleSpec(
        functions=(Function(FuncType(), body(b"\0")),), exports=(Export("_start", "func", 0),), dylink=None
    )
    lines = custom_section(".debug_line", len(unit).to_bytes(4, "little") + unit)
    (tmp_path / "a.wasm").write_bytes(encode(spec) + custom_section("name", names) + lines)
    ran = run_wasmbuild("run", "a.wasm", cwd=tmp_path)
    assert (ran.status, controls(ran.stdout + ran.stderr)) == (134, set())
    assert ran.stderr.count(SHOWN) == 2, ran.stderr


def test_words_to_complete(tmp_path, run_wasmbuild):
    (tmp_path / "wasmbuild.yaml").write_text(
        'name: x\nprograms:\n  good: {sources: [a.c]}\n  "a\\e[2J\\u202e": {sources: [a.c]}\n', encoding="utf-8"
    )
    ran = run_wasmbuild("completion", "words", "--", "run", "", cwd=tmp_path)
    assert controls(ran.stdout + ran.stderr) == set()


def test_the_directory_of_a_project(tmp_path, run_wasmbuild):
    below = tmp_path / "a\x1b[2J\u202e" / "below"
    below.mkdir(parents=True)
    (below.parent / "wasmbuild.yaml").write_text("name: x\n", encoding="utf-8")
    for command in ("clean", "build", "doctor"):
        ran = run_wasmbuild(command, cwd=below)
        assert controls(ran.stdout + ran.stderr) == set(), command
        assert r"a\x1b[2J\u202e" in ran.stderr


def test_a_missing_library_of_a_hostile_name(tmp_path, run_wasmbuild):
    (tmp_path / "a.so").write_bytes(hostile_module(undefined=False, needed=(HOSTILE,)))
    for command in (["check"], ["graph"], ["why", HOSTILE], ["graph", "--format", "svg"], ["run"]):
        ran = run_wasmbuild(*command, "a.so", cwd=tmp_path)
        assert ran.status == 1
        assert controls(ran.stdout + ran.stderr) == set()
        assert SHOWN in ran.stderr


def test_a_picture_of_hostile_names_is_xml(module, run_wasmbuild):
    drawn = run_wasmbuild("graph", "--format", "svg", module.name, cwd=module.parent).stdout
    texts = [element.text for element in ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]
    assert r"lib\x1b]0;title\x07\u202e\x80.so" in texts


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="names of files are Unicode there")
def test_a_file_name_that_is_no_text(tmp_path, user_environment):
    name = b"lib\xff\x9b.so"
    (tmp_path / os.fsdecode(name)).write_bytes(hostile_module(undefined=False))
    for command in (["check"], ["inspect"], ["why", HOSTILE], ["graph"], ["graph", "--format", "svg"], ["run"]):
        status, stdout, stderr = raw(user_environment, *command, name, cwd=tmp_path)
        assert rb"lib\udcff\udc9b.so" in stdout + stderr, command
        assert status == (1 if command == ["run"] else 0), (command, stderr)
        assert controls((stdout + stderr).decode()) == set()


def test_names_of_a_manifest(tmp_path, run_wasmbuild):
    (tmp_path / "wasmbuild.yaml").write_text(
        'name: x\nlibraries:\n  x: {sources: ["\\e[2J*.c"]}\n"\\e[31m\\u202e": 1\n', encoding="utf-8"
    )
    ran = run_wasmbuild("build", cwd=tmp_path)
    assert ran.status == 1
    assert controls(ran.stdout + ran.stderr) == set()
    assert r"\x1b[31m\u202e" in ran.stderr


def test_source_files_of_hostile_names(tmp_path, run_wasmbuild):
    (tmp_path / "wasmbuild.yaml").write_text(
        'name: x\ndefaults: {libc: none}\nlibraries:\n  x: {sources: ["*.c"]}\n', encoding="utf-8"
    )
    (tmp_path / "a\x1b[2J\u202e.c").write_text("int a(void) { return 1; }\n")
    ran = run_wasmbuild("build", cwd=tmp_path)
    assert controls(ran.stdout + ran.stderr) == set()
    assert r"a\x1b[2J\u202e.c" in ran.stderr
    (tmp_path / "a\x1b[2J\u202e.c").write_text("int a(void) { return /* \x1b[2J */ b; }\n")
    for colour in ("never", "always"):
        ran = run_wasmbuild("build", "--color", colour, cwd=tmp_path)
        assert ran.status == 1
        text = re.sub(r"\x1b\[[0-9;]*[mK]", "", ran.stderr) if colour == "always" else ran.stderr
        assert controls(text) == set()
        assert "undeclared identifier 'b'" in text


@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
def test_the_bar_of_a_build_on_a_terminal(tmp_path, user_environment):
    (tmp_path / "wasmbuild.yaml").write_text(
        'name: x\ndefaults: {libc: none}\nlibraries:\n  x: {sources: ["*.c"]}\n', encoding="utf-8"
    )
    (tmp_path / "a\x1b[2J\u202e.c").write_text("int a(void) { return b; }\n")
    said = on_terminal(user_environment, "build", cwd=tmp_path)
    assert "\x1b[2J" not in said
    of_bar = r"\x1b\[(?:[0-9;]*m|\?25[lh]|[0-9]*[AK])"
    assert controls(re.sub(of_bar, "", said)) <= {"\r"}
    assert r"a\x1b[2J\u202e.c" in re.sub(of_bar, "", said)


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="the command line is Unicode there")
@pytest.mark.parametrize("arguments", [(b"a.so", b"--", b"\xff"), (b"--env", b"A=\xff", b"a.so")])
def test_arguments_of_a_program_that_are_no_text(arguments, tmp_path, user_environment):
    (tmp_path / "a.so").write_bytes(hostile_module(undefined=False))
    status, stdout, stderr = raw(user_environment, "run", *arguments, cwd=tmp_path)
    assert (status, stdout) == (1, b"")
    assert rb"\udcff" in stderr


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="names of files are Unicode there")
def test_json_of_a_file_name_that_is_no_text(tmp_path, user_environment):
    (tmp_path / os.fsdecode(b"\xff.so")).write_bytes(b"")
    _, stdout, _ = raw(user_environment, "check", "--json", b"\xff.so", cwd=tmp_path)
    assert json.loads(stdout)["files"][0]["path"] == "\udcff.so"
