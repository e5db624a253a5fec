"""YAML with positions, decoded into the schema's types. All errors of a file are reported at once.

PyYAML parses and keeps the marks; the types come from `msgspec.inspect`, so the schema is the single source
of what a field may hold. msgspec's own conversion stops at the first error and cannot name a mapping's key.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from msgspec import inspect

from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError, did_you_mean
from wasmbuild.manifest.compose import Composed, compose, compose_file, position
from wasmbuild.manifest.merge import entry
from wasmbuild.manifest.repeat import FOR, Variables, filled, rounds, unequal
from wasmbuild.manifest.yamlhelp import entries_in, written_list

T = TypeVar("T")

Where = tuple[str | int, ...]
"""The way to a value: mapping keys and list indexes from the top, such as ("libraries", "z", "sources", 0)."""


@dataclass(frozen=True, slots=True)
class Document(Generic[T]):
    """A decoded file and where each of its values stands."""

    path: str
    value: T
    positions: Mapping[Where, Position]
    texts: Mapping[Where, str]
    """Scalars as they were written: `1.10` is a number, but as an argument it is these four characters."""

    def at(self, *where: str | int) -> Position:
        """The position of a value, or of the nearest thing around it that was written."""
        while where and where not in self.positions:
            where = where[:-1]
        return self.positions.get(where, Position(self.path, 1, 1))


def read_document(path: Path, shown_as: str, type_: type[T]) -> Document[T]:
    """Read and decode a YAML file. Raises WasmbuildError with one diagnostic for each thing that is wrong."""
    return decode_nodes(compose_file(path, shown_as), type_)


def decode_document(data: bytes, shown_as: str, type_: type[T]) -> Document[T]:
    return decode_nodes(compose(data, shown_as), type_)


def decode_nodes(composed: Composed, type_: type[T]) -> Document[T]:
    """Decode what may come from several files: each value knows its own."""
    shown_as = composed.shown_as
    decoder = _Decoder(composed.size + _MORE_BY_ALIASES)
    expected = _type_info(type_)  # type: ignore[arg-type]  # mypy takes __hash__ of its values for a class's
    value = decoder.struct(composed.node, expected, (), "the file")
    if decoder.errors:
        raise WasmbuildError(*sorted(decoder.errors, key=lambda error: error.at or Position(shown_as, 1, 1)))
    return Document(shown_as, value, decoder.positions, decoder.texts)


@functools.cache
def _type_info(type_: Any) -> inspect.Type:
    """Once for each type: it takes longer than the rest of the reading of a recipe."""
    return inspect.type_info(type_)


_MORE_BY_ALIASES = 100_000
"""How many more values than are written a file may have by naming some again and again (`*name`)."""

_MAX_BITS = 128

_TAGS = {
    "tag:yaml.org,2002:int": "a whole number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:str": "text",
    "tag:yaml.org,2002:timestamp": "a date",
}


class _Mismatch(Exception):
    """The node cannot be this type; used to try the members of a union."""


class _Decoder:
    """Collects the positions and the errors while it walks; the values themselves are frozen."""

    def __init__(self, most_values: int) -> None:
        self.values_left = most_values
        self.variables: Variables = {}
        self.repeated: dict[yaml.Node, Any] = {}
        """Each `for` that was gone through, and so decoded, where its entry stands in a list."""
        self.positions: dict[Where, Position] = {}
        self.texts: dict[Where, str] = {}
        self.errors: list[Diagnostic] = []

    def fail(self, node: yaml.Node, code: str, headline: str, *help_: str) -> None:
        self.errors.append(Diagnostic(code, headline, position(node), help=help_))

    def value(self, node: yaml.Node, expected: inspect.Type, where: Where) -> Any:
        node = self.filled(node)
        self.positions.setdefault(where, position(node))
        try:
            return self.decode(node, expected, where)
        except _Mismatch:
            self.fail(
                node,
                "wrong-type",
                f"`{_dotted(where)}` must be {_describe(expected)}, not {_describe_node(node)}",
                *_wrong_type_help(node, expected),
            )
            return None

    def filled(self, node: yaml.Node) -> yaml.Node:
        """With what `for` puts in. All values pass here: this is where there can be too many, or too much in them."""
        node = filled(node, self.variables)
        self.values_left -= 1 + (len(node.value) // 100 if self.variables else 0)
        if self.values_left < 0:
            headline = f"aliases (`*name`) or `{FOR}` make too many values of a few"
            raise WasmbuildError(Diagnostic("not-yaml", headline, position(node)))
        return node

    def decode(self, node: yaml.Node, expected: inspect.Type, where: Where) -> Any:
        match expected:
            case inspect.Metadata():
                return self.decode(node, expected.type, where)
            case inspect.UnionType():
                return self.union(node, expected, where)
            case inspect.StructType():
                if not isinstance(node, yaml.MappingNode):
                    raise _Mismatch
                return self.struct(node, expected, where, f"`{_dotted(where)}`")
            case inspect.DictType():
                return self.mapping(node, expected, where)
            case inspect.VarTupleType():
                return self.sequence(node, expected, where)
        return self.scalar(node, expected, where)

    def union(self, node: yaml.Node, expected: inspect.UnionType, where: Where) -> Any:
        # Exact scalars first: `5` in `int | str` is a number, and only in a bare `str` the text "5".
        for member in sorted(expected.types, key=lambda member: isinstance(_bare(member), inspect.StrType)):
            if (
                isinstance(_bare(member), inspect.StrType)
                and _tag(node) in ("int", "float")
                and len(expected.types) > 2
            ):
                continue
            if isinstance(member, inspect.LiteralType) and len(expected.types) > 2 and node.value not in member.values:
                continue  # else the message would say that it must be this one word
            try:
                return self.decode(node, member, where)
            except _Mismatch:
                continue
        raise _Mismatch

    def struct(self, node: yaml.Node, expected: inspect.Type, where: Where, owner: str) -> Any:
        assert isinstance(expected, inspect.StructType)
        self.positions.setdefault(where, position(node))
        if not isinstance(node, yaml.MappingNode):
            self.fail(node, "wrong-type", f"{owner} must be a mapping of keys to values, not {_describe_node(node)}")
            return None
        fields = {field.encode_name: field for field in expected.fields}
        values: dict[str, Any] = {}
        wrong = len(self.errors)
        for key, key_node, value_node in self.items(node, where):
            field = fields.get(key)
            if field is None:
                near = did_you_mean(key, fields)
                help_ = (f"did you mean `{near}`?",) if near else (f"known keys: {', '.join(sorted(fields))}",)
                self.fail(key_node, "unknown-key", f"unknown key in {owner}: `{key}`", *help_)
                continue
            self.positions[(*where, key, "<key>")] = position(key_node)
            if key == FOR and value_node in self.repeated:
                values[field.name] = self.repeated[value_node]
                continue
            values[field.name] = self.value(value_node, field.type, (*where, key))
        for name, field in fields.items():
            if field.required and field.name not in values:
                self.fail(node, "missing-key", f"{owner} lacks the key `{name}`")
        return None if len(self.errors) > wrong else expected.cls(**values)

    def items(self, node: yaml.MappingNode, where: Where) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        seen: dict[str, Position] = {}
        for written, value_node in node.value:
            key_node = self.filled(written)
            if not isinstance(key_node, yaml.ScalarNode):
                self.fail(key_node, "wrong-type", f"a key must be text, not {_describe_node(key_node)}")
                continue
            key = str(key_node.value)
            self.text(key_node, key, "a key")
            if key in seen:
                place = f" in `{_dotted(where)}`" if where else ""
                self.errors.append(
                    Diagnostic(
                        "duplicate-key",
                        f"`{key}` is there twice{place}",
                        position(key_node),
                        facts=(("first", str(seen[key])),),
                        help=("give one of them another name, or put both together",),
                    )
                )
                continue
            seen[key] = position(key_node)
            yield key, key_node, value_node

    def mapping(self, node: yaml.Node, expected: inspect.DictType, where: Where) -> Any:
        if not isinstance(node, yaml.MappingNode):
            raise _Mismatch
        values = {}
        for key, key_node, value_node in self.items(node, where):
            self.pattern(key_node, key, expected.key_type, f"the name `{key}` in `{_dotted(where)}`")
            self.positions[(*where, key, "<key>")] = position(key_node)
            values[key] = self.value(value_node, expected.value_type, (*where, key))
        return values

    def sequence(self, node: yaml.Node, expected: inspect.VarTupleType, where: Where) -> Any:
        if not isinstance(node, yaml.SequenceNode):
            raise _Mismatch
        if expected.min_length is not None and len(node.value) < expected.min_length:
            self.fail(node, "empty-list", f"`{_dotted(where)}` must not be empty")
        values: list[Any] = []
        outer = self.variables
        for item in node.value:
            for variables in self.rounds(item, expected.item_type, (*where, len(values))):
                self.variables = variables
                values.append(self.value(item, expected.item_type, (*where, len(values))))
            self.variables = outer
        return tuple(values)

    def rounds(self, item: yaml.Node, expected: inspect.Type, where: Where) -> Iterator[Variables]:
        """What stands for what in each of the entries that an item stands for: one, where there is no `for`."""
        fields = expected.fields if isinstance(expected, inspect.StructType) else ()
        field = next((field for field in fields if field.encode_name == FOR), None)
        lists = entry(item, FOR) if field is not None else None
        if field is None or lists is None:
            yield self.variables
            return
        wrong = len(self.errors)
        self.repeated[lists] = self.value(lists, field.type, (*where, FOR))
        problem = None if len(self.errors) > wrong else unequal(lists)
        if problem is not None:
            self.fail(lists, "wrong-value", problem)
        if len(self.errors) == wrong:
            yield from rounds(lists, self.variables)

    def scalar(self, node: yaml.Node, expected: inspect.Type, where: Where) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            raise _Mismatch
        tag, text = _tag(node), str(node.value)
        self.texts[where] = text
        match expected:
            case inspect.StrType() if tag in ("str", "int", "float", "timestamp"):
                self.text(node, text, f"`{_dotted(where)}`")
                self.pattern(node, text, expected, f"`{_dotted(where)}`")
                return text
            case inspect.IntType() | inspect.FloatType() if tag == "int":
                number = _constructed(node, "int")
                if number.bit_length() > _MAX_BITS:  # Python itself may refuse to print it
                    self.fail(node, "wrong-value", f"`{_dotted(where)}` is a number of more than {_MAX_BITS} bits")
                    return 0
                return self.bounded(node, float(number) if _is_float(expected) else number, expected, where)
            case inspect.FloatType() if tag == "float":
                return self.bounded(node, _constructed(node, tag), expected, where)
            case inspect.BoolType() if tag == "bool":
                return _constructed(node, "bool")
            case inspect.NoneType() if tag == "null":
                return None
            case inspect.LiteralType() if tag != "null":
                if text in expected.values:
                    return text
                near = did_you_mean(text, [str(value) for value in expected.values])
                choices = " or ".join(f"`{value}`" for value in expected.values)
                help_ = (f"did you mean `{near}`?",) if near else ()
                self.fail(node, "wrong-value", f"`{_dotted(where)}` must be {choices}, not `{text}`", *help_)
                return None
        raise _Mismatch

    def text(self, node: yaml.Node, text: str, owner: str) -> None:
        """No file's name, argument or variable can have a zero byte, and no file half of a surrogate pair."""
        if _NO_TEXT.search(text):
            self.fail(node, "wrong-value", f"{owner} has a character that no text may have: `{text}`")

    def bounded(self, node: yaml.Node, number: Any, expected: inspect.IntType | inspect.FloatType, where: Where) -> Any:
        for holds, text in (
            (expected.ge is None or number >= expected.ge, f"at least {expected.ge}"),
            (expected.gt is None or number > expected.gt, f"more than {expected.gt}"),
            (expected.le is None or number <= expected.le, f"at most {expected.le}"),
        ):
            if not holds:
                self.fail(node, "wrong-value", f"`{_dotted(where)}` must be {text}, not {number}")
                break
        return number

    def pattern(self, node: yaml.Node, text: str, expected: inspect.Type, owner: str) -> None:
        expected = _bare(expected)
        if not isinstance(expected, inspect.StrType) or not expected.pattern:
            return
        # All of the text: `$` alone would let a line break at the end pass.
        if not re.fullmatch(expected.pattern.removeprefix("^").removesuffix("$"), text):
            what = _PATTERNS.get(expected.pattern, f"text that matches {expected.pattern}")
            self.fail(node, "wrong-value", f"{owner} must be {what}, not `{text}`")


_NO_TEXT = re.compile("[\0\ud800-\udfff]")

_PATTERNS = {
    "^[0-9a-f]{64}$": "64 lower-case hexadecimal digits",
    "^[0-9a-f]{40}$": "a full commit hash of 40 hexadecimal digits",
    r"^[A-Za-z0-9_][A-Za-z0-9_.+-]*$": "letters, digits and `_ . + -`, starting with a letter, a digit or `_`",
    r"^[A-Za-z0-9_][A-Za-z0-9_.+-]*\.(so|wasm)$": "a file name that ends in `.so` or `.wasm`",
    r"^[0-9A-Za-z][0-9A-Za-z.+~-]*$": "a version such as 1.2.3",
    r"^\s*\(.*\)\s*->\s*.+$": "a signature such as `(i32, i32) -> f64`",
}


def _constructed(node: yaml.ScalarNode, kind: str) -> Any:
    """The value of a scalar. One with a tag that its text does not bear out (`!!int x`) is of no kind."""
    try:
        return getattr(yaml.SafeLoader(""), f"construct_yaml_{kind}")(node)
    except (ValueError, KeyError, IndexError, OverflowError):
        raise _Mismatch from None


def _is_float(expected: inspect.Type) -> bool:
    return isinstance(expected, inspect.FloatType)


def _bare(expected: inspect.Type) -> inspect.Type:
    return _bare(expected.type) if isinstance(expected, inspect.Metadata) else expected


def _tag(node: yaml.Node) -> str:
    return str(node.tag).rpartition(":")[2]


def _dotted(where: Where) -> str:
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _describe(expected: inspect.Type) -> str:
    match _bare(expected):
        case inspect.StrType():
            return "text"
        case inspect.IntType():
            return "a whole number"
        case inspect.FloatType():
            return "a number"
        case inspect.BoolType():
            return "true or false"
        case inspect.VarTupleType():
            return "a list"
        case inspect.DictType() | inspect.StructType():
            return "a mapping of keys to values"
        case inspect.LiteralType() as literal:
            return " or ".join(f"`{value}`" for value in literal.values)
        case inspect.UnionType() as union:
            members = [_describe(member) for member in union.types if not isinstance(member, inspect.NoneType)]
            return " or ".join(dict.fromkeys(members))
    return "nothing"


def _describe_node(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    kind = _TAGS.get(str(node.tag), "a value of another kind")
    return kind if _tag(node) == "null" else f"{kind} (`{node.value}`)"


def _wrong_type_help(node: yaml.Node, expected: inspect.Type) -> tuple[str, ...]:
    bare = _bare(expected)
    members = bare.types if isinstance(bare, inspect.UnionType) else (bare,)
    if isinstance(node, yaml.ScalarNode) and any(isinstance(_bare(m), inspect.VarTupleType) for m in members):
        return (f"write a list: {written_list(entries_in(node.value))}",)
    if isinstance(node, yaml.ScalarNode) and any(isinstance(_bare(m), inspect.StrType) for m in members):
        return (f'put it in quotes: "{node.value}"',)
    return ()
