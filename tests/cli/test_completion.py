"""Completion: what may come next on a command line, and the scripts that ask for it, each in its shell."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cliprojects import LOCAL_RECIPE

from wasmbuild.commands.candidates import candidates
from wasmbuild.commands.parser import COMMANDS

MANIFEST = """\
name: user
libraries:
  part: {sources: [part.c]}
programs:
  app: {sources: [app.c]}
  other: {sources: [app.c]}
tests:
  - {name: adds up, run: app}
  - {name: "adds \\"more\\"", run: app}
"""
RECIPE_TESTS = """\
tests:
  - {name: gives, call: given, in: given}
"""
FILES = LOCAL_RECIPE | {
    "wasmbuild.yaml": MANIFEST,
    "recipes/given/recipe.yaml": LOCAL_RECIPE["recipes/given/recipe.yaml"] + RECIPE_TESTS,
    "toolchain.yaml": "profiles: {mine: {cflags: [-O1]}}\n",
    "below/empty.txt": "",
}


@pytest.fixture
def here(tmp_path, project, monkeypatch) -> Path:
    """A directory in which one stands, below that of a project."""
    monkeypatch.chdir(project(tmp_path, FILES) / "below")
    return tmp_path


def test_commands_come_first_with_what_they_do(here):
    assert candidates([""]) == COMMANDS
    assert candidates([]) == COMMANDS
    assert list(candidates(["-q", "c"])) == ["check", "cache", "cc", "c++", "completion", "clean"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["run", ""], ["app", "other"]),
        (["run", "--profile", "debug", "--dir", "a::/", "o"], ["other"]),
        (["run", "-C", "..", "--env=A=1", ""], ["app", "other"]),
        (["-C", "..", "run", "a"], ["app"]),
        (["run", "--", ""], ["app", "other"]),
        (["test", "-k", ""], ["adds up", 'adds "more"']),
        (["test", "-k", "adds u"], ["adds up"]),
        (["recipe", ""], ["list", "search", "show", "lint", "new", "outdated", "bump", "fetch", "test", "why-built"]),
        (["recipe", "show", "giv"], ["given"]),
        (["recipe", "test", "given", "zl"], ["zlib"]),
        (["recipe", "test", "given", "giv"], []),
        (["recipe", "test", "given", "-k", ""], ["gives"]),
        (["recipe", "test", "-k", "x", "zl"], ["zlib"]),
        (["build", "--profile", ""], ["release", "debug", "size", "mine"]),
        (["build", "--profile=m"], ["--profile=mine"]),
        (["build", "--color", "a"], ["auto", "always"]),
        (["build", "--color", "=", "a"], ["auto", "always"]),
        (["build", "--color", "="], ["auto", "always", "never"]),
        (["build", "--color=never", "--off"], ["--offline"]),
        (["--vers"], ["--version"]),
        (["graph", "--format", ""], ["mermaid", "dot", "svg", "json"]),
        (["schema", ""], ["manifest", "toolchain", "plan"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["bundle", "--to", ""], ["web", "node"]),
        (["bundle", "--to", "web", ""], ["app", "other", "part"]),
        (["bundle", "app", "-o", "site", "p"], ["part"]),
        (["bundle", "app", "part", ""], ["other"]),
        (["bundle", "--shr"], ["--shrink"]),
        (["test", "--runtime", "wasmtime,n"], ["wasmtime,node"]),
    ],
)
def test_what_comes_next_follows_from_the_words_before(here, words, found):
    assert list(candidates(words)) == found


@pytest.mark.parametrize(
    "words",
    [
        ["run", "app", ""],
        ["run", "app", "-"],
        ["run", "app", "--pro"],
        ["check", ""],
        ["why", "name", ""],
        ["build", "--toolchain", ""],
        ["run", "--dir", ""],
        ["build", ""],
        ["frobnicate", ""],
        ["recipe", "bake", ""],
        ["schema", "manifest", ""],
        ["build", "--frobnicate="],
    ],
)
def test_where_a_file_may_stand_or_nothing_the_shell_is_left_to_itself(here, words):
    assert candidates(words) == {}


def test_options_are_those_of_the_command_and_those_of_all(here):
    found = candidates(["test", "-"])
    assert {"-k", "-x", "--junit-xml", "--profile", "-j", "-C", "-q", "--json", "--help"} <= set(found)
    assert found["-x"] == "stop at the first failure"
    assert "--dir" not in found
    assert "--dir" in candidates(["run", "--"])


@pytest.mark.parametrize("words", [["run", ""], ["-C", "nowhere", "run", ""], ["test", "-k", ""]])
def test_nothing_wrong_is_said_while_one_types(here, words, run_wasmbuild):
    (here / "wasmbuild.yaml").write_text("name: [\n")
    ran = run_wasmbuild("completion", "words", "--", *words, cwd=here)
    assert (ran.status, ran.stdout, ran.stderr) == (0, "", "")


def test_without_a_project_there_are_no_names_and_yet_recipes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert candidates(["run", ""]) == candidates(["test", "-k", ""]) == {}
    assert "zlib" in candidates(["recipe", "show", ""])


# The scripts, each in its shell

BASH = """\
source <(wasmbuild completion bash)
complete -p wasmbuild
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_wasmbuild wasmbuild
printf '%s\\n' "${COMPREPLY[@]}"
"""
# Outside of an editor zsh has no `compadd`; it stands for what zsh would offer.
ZSH = """\
compdef() { print -r -- "compdef $*" }
compadd() { print -rl -- $names }
_files() { print files }
source <(wasmbuild completion zsh)
words=("$@"); CURRENT=$#; PREFIX=${words[CURRENT]#\\"}
_wasmbuild
"""
FISH = """\
wasmbuild completion fish | source
complete -C (string join " " -- $argv)
"""


@pytest.fixture
def complete(here, tmp_path_factory, user_environment):
    """`complete("bash", "wasmbuild", "run", "a")`: the lines that a shell's script comes to."""
    bin_directory = tmp_path_factory.mktemp("bin")
    script = bin_directory / "wasmbuild"
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m wasmbuild "$@"\n')
    script.chmod(0o755)
    environment = user_environment({"HOME": str(bin_directory), "XDG_CONFIG_HOME": str(bin_directory)})
    environment["PATH"] = f"{bin_directory}:{environment['PATH']}"
    commands = {"bash": ["bash", "--norc", "-c", BASH, "bash"], "zsh": ["zsh", "-f", "-c", ZSH, "zsh"],
                "fish": ["fish", "--no-config", "-c", FISH]}  # fmt: skip

    def run(shell: str, *words: str) -> list[str]:
        if shutil.which(shell) is None:
            pytest.skip(f"there is no {shell} here")
        done = subprocess.run(
            [*commands[shell], *words], cwd=here / "below", env=environment, capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        return done.stdout.splitlines()

    return run


def test_bash_offers_names_quoted_as_the_word_is(complete):
    registered = "complete -o default -F _wasmbuild wasmbuild"
    assert complete("bash", "wasmbuild", "rec") == [registered, "recipe"]
    assert complete("bash", "wasmbuild", "run", "") == [registered, "app", "other"]
    assert complete("bash", "wasmbuild", "test", "-k", "adds\\ u") == [registered, "adds\\ up"]
    assert complete("bash", "wasmbuild", "test", "-k", '"adds u') == [registered, "adds up"]
    assert complete("bash", "wasmbuild", "build", "--color", "=", "al") == [registered, "always"]
    assert complete("bash", "wasmbuild", "run", "app", "") == [registered, ""]  # files are bash's own


def test_zsh_offers_names_else_files(complete):
    assert complete("zsh", "wasmbuild", "rec") == ["compdef _wasmbuild wasmbuild", "recipe"]
    assert complete("zsh", "wasmbuild", "test", "-k", "adds\\ u")[1:] == ["adds up"]
    assert complete("zsh", "wasmbuild", "test", "-k", '"adds u')[1:] == ["adds up"]
    assert complete("zsh", "wasmbuild", "run", "app", "")[1:] == ["files"]


def test_fish_offers_names_with_what_they_mean_else_files(complete):
    assert complete("fish", "wasmbuild", "rec") == ["recipe\tlist, show, fetch and test recipes"]
    assert complete("fish", "wasmbuild", "test", "-k", '"adds u') == ["adds up"]
    assert complete("fish", "wasmbuild", "build", "--color=al") == ["--color=always"]
    assert complete("fish", "wasmbuild", "run", "app", "em") == ["empty.txt"]
