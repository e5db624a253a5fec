"""One manifest laid over another: what versions, options and overlays do. Pure, and before types: each value keeps its
place, so that whatever is wrong in the result is said where it was written.

- Mappings are merged, key by key.
- Lists are put behind those that are there. But `source`, and a component's sources, are places of one thing and are
  replaced; and of `tests`, one with the name of one that is there changes it, its lists too.
- Everything else takes the place of what is there.
- What stands under `replace` is laid over first, and there lists take the place as well.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

import yaml

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.compose import Composed, position

EXTENDS, REPLACE = "extends", "replace"
_OF_ONE_THING = ("source", "components")
_BY_NAME = ("tests",)

_MOST_VALUES = 100_000
"""Of mappings and lists that are merged: aliases (`*name`) make many of a few."""

_DEEPEST = 64
"""As deep as a file may be nested: what goes deeper goes round."""


def merged(base: Composed, change: Composed) -> Composed:
    """`base` with what `change` says."""
    return Composed(lay_over(base.node, change.node), change.shown_as, base.size + change.size)


def lay_over(base: yaml.Node, change: yaml.Node) -> yaml.Node:
    budget = _Budget()
    replacing = entry(change, REPLACE)
    if not isinstance(replacing, yaml.MappingNode):
        return _laid(base, without_keys(change, (EXTENDS,)), (), False, budget)
    base = _laid(base, replacing, (), True, budget)
    return _laid(base, without_keys(change, (EXTENDS, REPLACE)), (), False, budget)


def entry(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The value of a key; None where there is none, or no mapping."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if _text(name) == key), None)


def entries(node: yaml.Node | None) -> Mapping[str, yaml.Node]:
    """Keys and values of a mapping; none where there is none."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(name.value): value for name, value in node.value if isinstance(name, yaml.ScalarNode)}


def without_keys(node: yaml.Node, keys: Container[str]) -> yaml.Node:
    if not isinstance(node, yaml.MappingNode):
        return node
    return _mapping(node, [(name, value) for name, value in node.value if _text(name) not in keys])


class _Budget:
    def __init__(self) -> None:
        self.left = _MOST_VALUES

    def spend(self, node: yaml.Node, depth: int) -> None:
        self.left -= 1
        if self.left < 0 or depth > _DEEPEST:
            headline = "aliases (`*name`) make too many values of a few"
            raise WasmbuildError(Diagnostic("not-yaml", headline, position(node)))


def _laid(base: yaml.Node, change: yaml.Node, where: tuple[str, ...], replacing: bool, budget: _Budget) -> yaml.Node:
    budget.spend(change, len(where))
    if isinstance(base, yaml.MappingNode) and isinstance(change, yaml.MappingNode):
        pairs = list(base.value)
        places = {_text(name): place for place, (name, _) in enumerate(pairs)}
        for name, value in change.value:
            key = _text(name)
            place = places.get(key) if key is not None else None
            if place is None:
                pairs.append((name, value))
            else:
                pairs[place] = (pairs[place][0], _laid(pairs[place][1], value, (*where, str(key)), replacing, budget))
        return _mapping(base, pairs)
    if isinstance(base, yaml.SequenceNode) and isinstance(change, yaml.SequenceNode):
        if replacing or where[0] in _OF_ONE_THING:
            return change
        if where == _BY_NAME:
            return _by_name(base, change, budget)
        return _sequence(base, [*base.value, *change.value])
    return change


def _by_name(base: yaml.SequenceNode, change: yaml.SequenceNode, budget: _Budget) -> yaml.Node:
    items = list(base.value)
    places = {_name_of(item): place for place, item in enumerate(items)}
    for item in change.value:
        name = _name_of(item)
        if name is not None and name in places:
            items[places[name]] = _laid(items[places[name]], item, (*_BY_NAME, name), True, budget)
        else:
            items.append(item)
    return _sequence(base, items)


def _name_of(item: yaml.Node) -> str | None:
    return _text(entry(item, "name"))


def _text(node: yaml.Node | None) -> str | None:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None


def _mapping(like: yaml.Node, pairs: list[tuple[yaml.Node, yaml.Node]]) -> yaml.Node:
    return yaml.MappingNode(like.tag, pairs, like.start_mark, like.end_mark)


def _sequence(like: yaml.Node, items: list[yaml.Node]) -> yaml.Node:
    return yaml.SequenceNode(like.tag, items, like.start_mark, like.end_mark)
