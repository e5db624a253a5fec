"""`for` in an entry of a list: it stands for several, one for each value, and `{NAME}` in its texts for the value.
Pure, and before types: what is wrong is said where it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import yaml

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.compose import position
from wasmbuild.manifest.merge import entries

FOR = "for"

Variables = Mapping[str, yaml.ScalarNode]

_NAMED = re.compile(r"\{([^{}]+)\}")

_LONGEST = 100_000
"""Characters of a text in which values stand: a few bytes make many."""


def filled(node: yaml.Node, variables: Variables) -> yaml.Node:
    """A scalar with the values of what it names. One that is nothing but `{NAME}` is the value itself, a number too."""
    if not variables or not isinstance(node, yaml.ScalarNode) or "{" not in node.value:
        return node
    whole = _NAMED.fullmatch(node.value)
    if whole and whole[1] in variables:
        return variables[whole[1]]
    parts = _NAMED.split(node.value)
    for i in range(1, len(parts), 2):
        value = variables.get(parts[i])
        parts[i] = f"{{{parts[i]}}}" if value is None else value.value
    if sum(map(len, parts)) > _LONGEST:
        headline = f"a text of more than {_LONGEST} characters, with what `{FOR}` puts in"
        raise WasmbuildError(Diagnostic("not-yaml", headline, position(node)))
    return yaml.ScalarNode("tag:yaml.org,2002:str", "".join(parts), node.start_mark, node.end_mark)


def unequal(lists: yaml.Node) -> str | None:
    """What is wrong with the lists of a `for`, whose types are right."""
    counts = {name: len(each.value) for name, each in entries(lists).items()}
    if not counts or 0 in counts.values():
        return f"`{FOR}` has nothing to go through"
    if len(set(counts.values())) > 1:
        said = ", ".join(f"`{name}` has {count}" for name, count in counts.items())
        return f"the lists of `{FOR}` are not equally long: {said}"
    return None


def rounds(lists: yaml.Node, outer: Variables) -> Iterator[Variables]:
    """The first values of all lists together, then the second ones; in lists, what is around them has its values."""
    columns = entries(lists)
    for row in zip(*(each.value for each in columns.values()), strict=True):
        values = (filled(value, outer) for value in row)
        named = {name: value for name, value in zip(columns, values, strict=True) if isinstance(value, yaml.ScalarNode)}
        yield {**outer, **named}
