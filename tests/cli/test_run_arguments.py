"""Whose an argument of `wasmbuild run` is: before the program's name ours, after it the program's."""

from __future__ import annotations

import pytest

from wasmbuild.commands.parser import parse


@pytest.mark.parametrize(
    ("given", "arguments"),
    [
        ([], []),
        (["file", "-x"], ["file", "-x"]),
        (["-v", "--json", "-C", "x"], ["-v", "--json", "-C", "x"]),
        (["-h"], ["-h"]),
        (["--version"], ["--version"]),
        (["--dir=x", "--prof", "-C"], ["--dir=x", "--prof", "-C"]),
        (["--", "-x"], ["-x"]),
        (["--", "--", "-x"], ["--", "-x"]),
        (["--"], []),
        (["a", "--", "b"], ["a", "--", "b"]),
        (["run", "build"], ["run", "build"]),
        (["two words", "", "-"], ["two words", "", "-"]),
    ],
)
def test_all_that_follows_the_program_is_its_own(given: list[str], arguments: list[str]) -> None:
    parsed = parse(["-q", "run", "--dir", "a::/", "--env", "A=1", "prog", *given])
    assert parsed.program == "prog"
    assert parsed.program_arguments == arguments
    assert (parsed.quiet, parsed.verbose, parsed.json, parsed.directory) == (True, False, False, None)
    assert (parsed.directories, parsed.environment) == (["a::/"], ["A=1"])


def test_options_before_the_program_are_ours() -> None:
    parsed = parse(["run", "-v", "-C", "there", "--profile", "debug", "-j", "3", "prog", "-j"])
    assert (parsed.verbose, parsed.directory, parsed.profile, parsed.jobs) == (True, "there", "debug", 3)
    assert (parsed.program, parsed.program_arguments) == ("prog", ["-j"])


def test_a_program_whose_name_begins_with_a_dash_stands_after_two() -> None:
    parsed = parse(["run", "--", "-prog", "-x"])
    assert (parsed.program, parsed.program_arguments) == ("-prog", ["-x"])
