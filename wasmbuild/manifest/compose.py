"""YAML as nodes that know their file, line and column, before it is known what they mean."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError
from wasmbuild.manifest.yamlhelp import not_yaml

_MAX_DEPTH = 64


@dataclass(frozen=True, slots=True)
class Composed:
    """What is in a file, or in several that were merged: then `shown_as` is the one that has the last word."""

    node: yaml.Node
    shown_as: str
    size: int
    """How many events of YAML it was made of."""


def compose_file(path: Path, shown_as: str) -> Composed:
    """Raises WasmbuildError for a file that cannot be read, and for what is not YAML."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WasmbuildError(
            Diagnostic("cannot-read", f"cannot read `{shown_as}`: {error.strerror or error}")
        ) from None
    return compose(data, shown_as)


def compose(data: bytes, shown_as: str) -> Composed:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        size = _refuse_depth(data, loader, shown_as)
        node: yaml.Node | None = yaml.compose(_Named(data, shown_as), loader)
    except yaml.MarkedYAMLError as error:
        raise WasmbuildError(not_yaml(error, data.decode(errors="replace"), shown_as)) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WasmbuildError(Diagnostic("not-yaml", f"not valid YAML: {problem}", Position(shown_as, 1, 1))) from None
    if node is None:
        raise WasmbuildError(
            Diagnostic("not-yaml", f"`{shown_as}` is empty", Position(shown_as, 1, 1), help=("start with `name:`",))
        )
    return Composed(node, shown_as, size)


def position(node: yaml.Node) -> Position:
    mark = node.start_mark
    return Position(mark.name, mark.line + 1, mark.column + 1)


class _Named(io.BytesIO):
    """PyYAML asks a stream for its name, and each mark of a node has it."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self.name = name


def _refuse_depth(data: bytes, loader: Any, shown_as: str) -> int:
    """The parser's events come one by one, but composing them recurses, in C: deep nesting would crash the process.
    Returns how many there are."""
    depth = size = 0
    for event in yaml.parse(data, loader):
        size += 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH:
            mark = event.start_mark
            at = Position(shown_as, mark.line + 1, mark.column + 1) if mark else Position(shown_as, 1, 1)
            raise WasmbuildError(Diagnostic("not-yaml", f"nested deeper than {_MAX_DEPTH} levels", at))
    return size
