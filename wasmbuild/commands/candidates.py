"""What may stand at the end of a command line that is being typed: the part of completion that all shells share.

The parser that reads command lines is walked, so nothing of it is said twice. Where nothing is found, the shell offers
files.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from wasmbuild.commands.completion import SCRIPTS
from wasmbuild.commands.parser import make_parser
from wasmbuild.commands.project import find_project

if TYPE_CHECKING:
    from wasmbuild.manifest.recipes import Known
    from wasmbuild.manifest.schema import Manifest

Candidates = Mapping[str, str]
"""Word → what it means, in a few words or none."""


@dataclass(slots=True)
class _Line:
    """What the words before the last one say. It grows word by word."""

    parser: argparse.ArgumentParser
    commands: tuple[str, ...] = ()
    positionals: list[str] = field(default_factory=list)
    pending: argparse.Action | None = None
    """The option whose value comes next."""
    only_positionals: bool = False
    directory: str | None = None


def candidates(words: list[str]) -> Candidates:
    """For the words after `wasmbuild`, of which the last one is being typed and may be empty."""
    *before, current = _without_breaks(words) or [""]
    line = _Line(make_parser(before))
    for word in before:
        if not _take(line, word):
            return {}
    if line.directory is not None:
        os.chdir(line.directory)
    found, start = _next(line, current)
    return {start + word: text for word, text in found.items() if (start + word).startswith(current)}


def _without_breaks(words: list[str]) -> list[str]:
    """bash takes `--color=always` for three words; an option and its value are two."""
    kept: list[str] = []
    for i, word in enumerate(words):
        if word == "=" and i > 0 and words[i - 1].startswith("--"):
            if i == len(words) - 1:
                kept.append("")
        else:
            kept.append(word)
    return kept


def _take(line: _Line, word: str) -> bool:
    """Go on by a word. False where there is no such command."""
    if line.pending is not None:
        _note_directory(line, line.pending, word)
        line.pending = None
    elif _is_of_a_program(line):
        pass
    elif word == "--":
        line.only_positionals = True
    elif word.startswith("-") and not line.only_positionals:
        name, equals, value = word.partition("=")
        action = line.parser._option_string_actions.get(name)
        if action is not None and action.nargs != 0:
            if equals:
                _note_directory(line, action, value)
            else:
                line.pending = action
    elif (subparsers := _subparsers(line.parser)) is not None:
        if word not in subparsers.choices:
            return False
        line.parser = subparsers.choices[word]
        line.commands = (*line.commands, word)
    else:
        line.positionals.append(word)
    return True


def _note_directory(line: _Line, action: argparse.Action, value: str) -> None:
    if action.dest == "directory":
        line.directory = value


def _is_of_a_program(line: _Line) -> bool:
    return line.commands == ("run",) and bool(line.positionals)


def _next(line: _Line, current: str) -> tuple[Candidates, str]:
    """What can come, and what stands before it in the same word."""
    if line.pending is not None:
        start = current[: current.rfind(",") + 1] if line.pending.dest == "runtimes" else ""
        return _values(line, line.pending), start
    if _is_of_a_program(line):
        return {}, ""
    if current.startswith("-") and not line.only_positionals:
        name, equals, _ = current.partition("=")
        action = line.parser._option_string_actions.get(name)
        if equals:
            return _values(line, action) if action is not None else {}, name + equals
        options = line.parser._option_string_actions.items()
        return {option: str(action.help or "") for option, action in options}, ""
    subparsers = _subparsers(line.parser)
    if subparsers is not None:
        return {str(action.dest): str(action.help or "") for action in subparsers._choices_actions}, ""
    if line.commands == ("run",):
        return _programs(), ""
    if line.commands[:1] == ("recipe",):
        return {name: text for name, text in _recipes().items() if name not in line.positionals}, ""
    positionals = [action for action in line.parser._actions if not action.option_strings]
    at = positionals[len(line.positionals) :] or [action for action in positionals[-1:] if action.nargs in ("*", "+")]
    found = _values(line, at[0]) if at else {}
    return {word: text for word, text in found.items() if word not in line.positionals}, ""


def _subparsers(parser: argparse.ArgumentParser) -> argparse._SubParsersAction[argparse.ArgumentParser] | None:
    return next((action for action in parser._actions if isinstance(action, argparse._SubParsersAction)), None)


def _values(line: _Line, action: argparse.Action) -> Candidates:
    if action.choices is not None:
        return {str(choice): "" for choice in action.choices}
    if action.dest == "shell":
        return dict.fromkeys(SCRIPTS, "")
    if action.dest == "runtimes":
        from wasmbuild.testing.runtimes import RUNTIMES

        return dict.fromkeys(RUNTIMES, "")
    if action.dest == "targets":
        return {**_programs(), **_libraries()}
    if action.dest == "pattern":
        return _tests(line.positionals if line.commands == ("recipe", "test") else None)
    return _profiles() if action.dest == "profile" else {}


def _manifest(path: Path) -> Manifest:
    from wasmbuild.manifest.reader import read_document
    from wasmbuild.manifest.schema import Manifest

    return read_document(path, path.name, Manifest).value


def _project() -> Path | None:
    directory = find_project(str(Path.cwd()))
    return Path(directory) if directory is not None else None


def _programs() -> Candidates:
    project = _project()
    return dict.fromkeys(_manifest(project / "wasmbuild.yaml").programs, "") if project is not None else {}


def _libraries() -> Candidates:
    project = _project()
    return dict.fromkeys(_manifest(project / "wasmbuild.yaml").libraries, "") if project is not None else {}


def _tests(recipes: Iterable[str] | None) -> Candidates:
    """Names of the project's tests, or of those of recipes."""
    project = _project()
    if recipes is None:
        manifests = [_manifest(project / "wasmbuild.yaml")] if project is not None else []
    else:
        from wasmbuild.manifest.recipes import read_recipe

        known = _known_recipes()
        manifests = [read_recipe(known[name], known).document.value for name in recipes if name in known]
    return {test.name: "" for manifest in manifests for test in manifest.tests}


def _known_recipes() -> Known:
    from wasmbuild.manifest.recipes import find_recipes, recipe_directories

    return find_recipes(recipe_directories(_project()))


def _recipes() -> Candidates:
    return dict.fromkeys(_known_recipes(), "")


def _profiles() -> Candidates:
    from wasmbuild.builder.toolchain import read_settings

    return dict.fromkeys(read_settings(_project()).profiles, "")
