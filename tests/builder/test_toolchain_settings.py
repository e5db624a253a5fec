"""Which toolchain and profile are in force, and what is said when one is missing or too old."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from wasmbuild.builder.toolchain import (
    MINIMUM_LLVM,
    Llvm,
    Profile,
    Settings,
    choose_profile,
    compile_flags,
    digest,
    find_toolchain,
    read_settings,
)
from wasmbuild.diagnostics import Diagnostic, WasmbuildError

BASE = read_settings(None)


def overlaid(folder: Path, text: str) -> Settings:
    (folder / "toolchain.yaml").write_text(text)
    return read_settings(folder)


def said(of: Settings) -> Diagnostic:
    with pytest.raises(WasmbuildError) as caught:
        find_toolchain(of)
    (finding,) = caught.value.diagnostics
    return finding


def tool(folder: Path, name: str, script: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def llvm(folder: Path, version: str = "19.1.7", suffix: str = "") -> Settings:
    """Settings that name a directory with an LLVM that only says its version."""
    says = f'case $1 in --version) echo "Debian clang version {version} (3)";; *) echo /res;; esac'
    tool(folder, f"clang{suffix}", says)
    for name in ("wasm-ld", "llvm-ar"):
        tool(folder, f"{name}{suffix}")
    return replace(BASE, kind="llvm", llvm=Llvm(str(folder), suffix))


def test_without_a_file_of_the_project_the_shipped_one_is_in_force(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == BASE
    assert (BASE.kind, list(BASE.profiles)) == ("zig", ["release", "debug", "size"])
    assert BASE.profiles["debug"] == Profile(("-O0", "-g"), (), "nothing")
    assert BASE.said_at.startswith("toolchain.yaml:")


def test_a_projects_file_is_laid_over_the_shipped_one(tmp_path: Path) -> None:
    settings = overlaid(
        tmp_path, "toolchain: llvm\nllvm: {suffix: -19}\nprofiles: {fast: {cflags: [-O3], strip: all}}\n"
    )
    assert (settings.kind, settings.llvm) == ("llvm", Llvm("", "-19"))
    assert settings.profiles["fast"] == Profile(("-O3",), (), "all")
    assert settings.profiles["release"] == BASE.profiles["release"]
    assert settings.said_at.endswith("toolchain.yaml:1:12")


def test_a_projects_file_need_not_choose_the_toolchain(tmp_path: Path) -> None:
    settings = overlaid(tmp_path, "profiles: {fast: {cflags: [-O3]}}")
    assert (settings.kind, settings.llvm, settings.said_at) == (BASE.kind, BASE.llvm, BASE.said_at)


def test_what_a_profile_does_not_mention_stays_as_it_is(tmp_path: Path) -> None:
    """The shipped file's first comment says so; else `debug` would lose its debug information."""
    settings = overlaid(tmp_path, "profiles: {debug: {cflags: [-O1, -g]}}")
    assert settings.profiles["debug"] == Profile(("-O1", "-g"), (), "nothing")


def test_a_file_from_the_command_line_stands_in_the_place_of_the_projects(tmp_path: Path) -> None:
    overlaid(tmp_path, "profiles: {theirs: {}}")
    (tmp_path / "other.yaml").write_text("profiles: {chosen: {}}")
    settings = read_settings(tmp_path, tmp_path / "other.yaml")
    assert "chosen" in settings.profiles
    assert "theirs" not in settings.profiles
    with pytest.raises(WasmbuildError, match="cannot read"):
        read_settings(tmp_path, tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "place", "help_"),
    [
        ("toolchain: zigg", "1:12", "did you mean `zig`?"),
        ("profile: {}", "1:1", "did you mean `profiles`?"),
        ("profiles: {x: {strip: none}}", "1:23", None),
        ("profiles: {x: {cflag: [a]}}", "1:16", "did you mean `cflags`?"),
        ("profiles: {x: {cflags: -O3}}", "1:24", "write a list: [-O3]"),
    ],
)
def test_an_error_in_the_file_has_its_place(tmp_path: Path, text: str, place: str, help_: str | None) -> None:
    with pytest.raises(WasmbuildError) as caught:
        overlaid(tmp_path, text)
    (finding,) = caught.value.diagnostics
    assert str(finding.at).endswith(f"toolchain.yaml:{place}")
    assert help_ is None or finding.help == (help_,)


def test_an_unknown_profile_suggests_the_nearest_or_says_which_there_are() -> None:
    assert choose_profile(BASE, "size") == BASE.profiles["size"]
    for name, help_ in {"relase": "did you mean `release`?", "qqq": "there are: release, debug, size"}.items():
        with pytest.raises(WasmbuildError) as caught:
            choose_profile(BASE, name)
        (finding,) = caught.value.diagnostics
        assert (finding.headline, finding.help) == (f"unknown profile: `{name}`", (help_,))


def test_the_embedded_toolchain_is_found() -> None:
    toolchain = find_toolchain(BASE)
    assert toolchain.kind == "zig"
    assert toolchain.major >= 20
    assert toolchain.has_standard_exceptions
    assert (toolchain.builtin_include / "stddef.h").is_file()
    assert str(toolchain.lib) not in toolchain.identity


@pytest.mark.skipif(sys.platform == "win32", reason="the tools are scripts for sh")
class TestLlvm:
    def test_it_is_found_by_path_and_suffix(self, tmp_path: Path) -> None:
        toolchain = find_toolchain(llvm(tmp_path / "bin", "19.1.7", "-19"))
        assert toolchain.clang == (str(tmp_path / "bin/clang-19"),)
        assert toolchain.wasm_ld == (str(tmp_path / "bin/wasm-ld-19"),)
        assert toolchain.ar == (str(tmp_path / "bin/llvm-ar-19"),)
        assert (toolchain.version, toolchain.has_standard_exceptions) == ("19.1.7", False)
        assert toolchain.builtin_include == Path("/res/include")

    def test_it_is_found_on_the_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        settings = replace(llvm(tmp_path / "bin", "20.1.0"), llvm=Llvm())
        monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
        assert find_toolchain(settings).has_standard_exceptions

    @pytest.mark.parametrize("missing", ["clang", "wasm-ld", "llvm-ar"])
    def test_a_missing_tool_is_named_with_what_to_install(self, tmp_path: Path, missing: str) -> None:
        settings = llvm(tmp_path / "bin", suffix="-19")
        (tmp_path / "bin" / f"{missing}-19").unlink()
        finding = said(settings)
        assert (finding.code, finding.headline) == ("no-llvm", f"`{missing}-19` not found")
        assert ("searched", str(tmp_path / "bin")) in finding.facts
        assert ("chosen by", BASE.said_at) in finding.facts
        assert any("install LLVM" in line for line in finding.help)
        assert any("`toolchain: zig`" in line for line in finding.help)

    @pytest.mark.parametrize("version", ["15.0.7", "9.0.1", "3.4.2"])
    def test_an_old_one_is_refused(self, tmp_path: Path, version: str) -> None:
        finding = said(llvm(tmp_path / "bin", version))
        assert (finding.code, finding.headline) == ("old-llvm", f"LLVM {version} is too old")
        assert dict(finding.facts)["found"] == str(tmp_path / "bin/clang")
        assert dict(finding.facts)["needed"].startswith(str(MINIMUM_LLVM))

    def test_the_oldest_that_will_do_does(self, tmp_path: Path) -> None:
        assert find_toolchain(llvm(tmp_path / "bin", f"{MINIMUM_LLVM}.0.0")).major == MINIMUM_LLVM

    def test_what_is_no_clang_is_refused_with_what_it_says(self, tmp_path: Path) -> None:
        settings = llvm(tmp_path / "bin")
        tool(tmp_path / "bin", "clang", "echo gcc 14")
        assert "it says `gcc 14`" in said(settings).headline

    def test_a_clang_that_fails_is_refused_with_its_output(self, tmp_path: Path) -> None:
        settings = llvm(tmp_path / "bin")
        tool(tmp_path / "bin", "clang", "echo broken >&2; exit 7")
        finding = said(settings)
        assert finding.code == "cannot-run"
        assert {("exit status", "7"), ("output", "broken")} <= set(finding.facts)


def test_every_path_into_the_toolchain_is_hidden_from_the_output() -> None:
    toolchain = find_toolchain(BASE)
    for libc in (True, False):
        flags = compile_flags(toolchain, "wasi" if libc else "none", cxx=libc)
        assert f"-ffile-prefix-map={toolchain.lib}=/toolchain" in flags
        assert "-ffile-compilation-dir=." in flags


def test_a_digest_tells_its_parts_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("a") != digest("a", "")
    assert digest("a", "b") == digest("a", "b")


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("toolchain: llvm\nllvm: {path: ./bin}", "2:14", "path-of-project"),
        ("toolchain: llvm\nllvm: {path: /usr/lib/llvm-19/bin}", "2:14", "path-of-project"),
        ("toolchain: llvm\nllvm: {suffix: /../../bin/clang}", "2:16", "wrong-value"),
        ("profiles: {release: {cflags: [-O2, -fplugin=./x.so]}}", "1:36", "flag-not-allowed"),
        ("profiles: {release: {ldflags: [-Map=/tmp/x.map]}}", "1:32", "flag-not-allowed"),
    ],
)
def test_a_project_does_not_say_which_programs_are_run_and_the_user_does(
    tmp_path: Path, text: str, place: str, code: str
) -> None:
    with pytest.raises(WasmbuildError) as caught:
        overlaid(tmp_path, text)
    (finding,) = caught.value.diagnostics
    assert (finding.code, str(finding.at).rpartition("toolchain.yaml:")[2]) == (code, place)
    if code != "wrong-value":
        read_settings(tmp_path, tmp_path / "toolchain.yaml")
