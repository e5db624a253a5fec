"""The reference and the schema say the same: every field with its type and default, and every example is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import reduce
from operator import or_
from pathlib import Path
from types import ModuleType, NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest

from wasmbuild.builder import toolchain
from wasmbuild.manifest import schema
from wasmbuild.manifest.check import check_project, check_recipe
from wasmbuild.manifest.json_schema import descriptions
from wasmbuild.manifest.reader import decode_document
from wasmbuild.manifest.recipes import find_recipes, recipe_directories

ROOT = Path(__file__).parents[2]
MANIFEST, TOOLCHAIN = ROOT / "docs" / "manifest.md", ROOT / "docs" / "toolchain.md"

TABLES: Mapping[type[msgspec.Struct], tuple[Path, str]] = {
    schema.Manifest: (MANIFEST, "Top level"),
    schema.Target: (MANIFEST, "Targets"),
    schema.ExportsFile: (MANIFEST, "`exports`"),
    schema.Defaults: (MANIFEST, "Defaults"),
    schema.Library: (MANIFEST, "Libraries"),
    schema.Program: (MANIFEST, "Programs"),
    schema.Memory: (MANIFEST, "`memory`"),
    schema.TestLibrary: (MANIFEST, "`test_libraries`"),
    schema.TestDefaults: (MANIFEST, "`test_defaults`"),
    schema.Test: (MANIFEST, "Tests"),
    schema.Run: (MANIFEST, "Runs"),
    schema.FileArgument: (MANIFEST, "`args`"),
    schema.Input: (MANIFEST, "`stdin`"),
    schema.Output: (MANIFEST, "`stdout`"),
    schema.Produced: (MANIFEST, "`produces`"),
    schema.HostFunction: (MANIFEST, "`host`"),
    schema.Source: (MANIFEST, "`source`"),
    schema.Build: (MANIFEST, "`build`"),
    schema.Requires: (MANIFEST, "`requires`"),
    schema.Option: (MANIFEST, "`options`"),
    schema.Change: (MANIFEST, "What is laid over what"),
    schema.FilledFile: (MANIFEST, "`patches` and `files`"),
    toolchain.ToolchainFile: (TOOLCHAIN, "toolchain.yaml"),
    toolchain.Llvm: (TOOLCHAIN, "`llvm`"),
    toolchain.Profile: (TOOLCHAIN, "`profiles`"),
}
"""The type whose own fields the table under a heading lists; what it inherits is in its base's table."""

SPECIAL = {schema.Name: "name", schema.Size: "size", schema.Signature: "signature", schema.Scalar: "scalar"}
PATTERNS = {"^[0-9a-f]{64}$": "sha256", "^[0-9a-f]{40}$": "commit"}
PLAIN = {str: "text", bool: "true or false", int: "integer", float: "number", int | float: "number"}
NAMES = {
    schema.HostFunction: "host function",
    schema.FilledFile: "filled file",
    schema.ExportsFile: "exports file",
    schema.FileArgument: "file argument",
    schema.TestDefaults: "test defaults",
    schema.TestLibrary: "test library",
}


def sections(text: str) -> Iterator[tuple[str, str]]:
    """(heading, what stands under it up to the next heading), without fenced blocks."""
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    parts = re.split(r"^#+ (.*)$", text, flags=re.MULTILINE)
    yield from zip(parts[1::2], parts[2::2], strict=True)


def tables_of_fields(document: Path) -> dict[str, dict[str, tuple[str, str, str]]]:
    """heading → field → (type, default, meaning), of every table whose first column is `Field`."""
    found = {}
    for heading, text in sections(document.read_text(encoding="utf-8")):
        for table in re.findall(r"^\| Field \|.*\n(?:\|.*\n)+", text, re.MULTILINE):
            header, _, *rows = (
                [cell.strip(" `") for cell in line.strip("|").split("|")] for line in table.splitlines()
            )
            assert header == ["Field", "Type", "Default", "Meaning"], heading
            assert heading not in found, f"two tables of fields under `{heading}`"
            found[heading] = {field: (type_, default, plain(meaning)) for field, type_, default, meaning in rows}
    return found


def plain(meaning: str) -> str:
    """A meaning without its links: an editor that shows it cannot follow them."""
    without_see = re.sub(r"[;:] (see \[[^]]*\]|\[see [^]]*\])\([^)]*\)$", "", meaning)
    return re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", without_see).strip("`")


def own_fields(struct: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    inherited = {field.name for base in struct.__bases__ if base is not msgspec.Struct for field in fields(base)}
    return {field.encode_name: field for field in fields(struct) if field.name not in inherited}


def fields(struct: Any) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(struct)


def type_text(hint: Any) -> str:
    """A type as the reference writes it."""
    for known, text in (*SPECIAL.items(), *PLAIN.items()):
        if hint == known:
            return text
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return PATTERNS.get(hint.__metadata__[0].pattern) or type_text(arguments[0])
    if origin is tuple:
        return f"[{type_text(arguments[0])}]"
    if origin is dict:
        return f"{{{type_text(arguments[0])}: {value_text(arguments[1])}}}"
    if origin is Literal:
        return " or ".join(arguments)
    if origin in (Union, UnionType):
        left = [argument for argument in arguments if argument is not NoneType]
        if len(left) < len(arguments):
            return type_text(reduce(or_, left))
        scalar = set(get_args(schema.Scalar))
        more = ["scalar"] if scalar <= set(left) else []  # a union within a union is one union
        return " or ".join([*more, *(type_text(each) for each in left if not (more and each in scalar))])
    return NAMES.get(hint) or hint.__name__.lower()


def value_text(hint: Any) -> str:
    """Of a mapping's values: there, nothing is a value of its own."""
    return f"{type_text(hint)} or nothing" if NoneType in get_args(hint) else type_text(hint)


def default_of(field: msgspec.structs.FieldInfo) -> Any:
    return field.default_factory() if field.default is msgspec.NODEFAULT else field.default


def default_text(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "required"
    default = default_of(field)
    if default is None:
        return "none"
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, dict | msgspec.Struct):
        return "{}"
    if isinstance(default, tuple):
        return "[]"
    return f"{default:g}" if isinstance(default, int | float) else default or '""'


@pytest.mark.parametrize("struct", TABLES, ids=lambda struct: struct.__name__)
def test_the_table_of_a_type_has_its_fields_with_type_default_and_meaning(struct: type[msgspec.Struct]) -> None:
    document, heading = TABLES[struct]
    hints = get_type_hints(struct, include_extras=True)
    texts = descriptions(struct)
    expected = {
        name: (type_text(hints[field.name]), default_text(field), texts[field.name].strip("`"))
        for name, field in own_fields(struct).items()
    }
    assert tables_of_fields(document)[heading] == expected


@pytest.mark.parametrize("document", [MANIFEST, TOOLCHAIN], ids=lambda path: path.name)
def test_every_table_of_fields_is_of_a_type(document: Path) -> None:
    assert set(tables_of_fields(document)) == {heading for path, heading in TABLES.values() if path == document}


@pytest.mark.parametrize("module", [schema, toolchain], ids=lambda module: module.__name__)
def test_every_type_has_a_table(module: ModuleType) -> None:
    """Of those that it defines itself: a diagnostic, say, is none of what a user writes."""
    types = [value for value in vars(module).values() if isinstance(value, type)]
    structs = {each for each in types if issubclass(each, msgspec.Struct) and each.__module__ == module.__name__}
    assert structs
    assert structs <= set(TABLES)


def examples(document: Path) -> list[str]:
    """The fenced blocks that are marked as YAML. One that does not begin with `name:` is a part of a manifest."""
    return re.findall(r"^```yaml\n(.*?)^```$", document.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def is_whole(example: str) -> bool:
    return re.match(r"(#.*\n)*name:", example) is not None


MANIFESTS = [
    pytest.param(example, id=f"{document.name}-{number}")
    for document in (ROOT / "README.md", MANIFEST, ROOT / "docs" / "quickstart.md")
    for number, example in enumerate(examples(document))
]


@pytest.mark.parametrize("example", MANIFESTS)
def test_an_example_of_a_manifest_is_read(example: str) -> None:
    text = example if is_whole(example) else f"name: example\n{example}"
    document = decode_document(text.encode(), "example", schema.Manifest)
    if is_whole(example):
        check = check_recipe if document.value.source else check_project
        check(document, find_recipes(recipe_directories(None)))


@pytest.mark.parametrize("example", examples(TOOLCHAIN))
def test_an_example_of_a_toolchain_file_is_read(example: str) -> None:
    decode_document(example.encode(), "example", toolchain.ToolchainFile)


def used(value: Any) -> Iterator[tuple[str, str]]:
    """(type, field) of everything in a value that is not as its default."""
    if isinstance(value, msgspec.Struct):
        for struct in set(type(value).__mro__) & set(TABLES):
            for name, field in own_fields(struct).items():
                part = getattr(value, field.name)
                if field.required or part != default_of(field):
                    yield struct.__name__, name
                yield from used(part)
    elif isinstance(value, dict | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from used(part)


@pytest.mark.parametrize(
    ("document", "type_"),
    [(MANIFEST, schema.Manifest), (TOOLCHAIN, toolchain.ToolchainFile)],
    ids=["manifest.md", "toolchain.md"],
)
def test_every_field_has_an_example(document: Path, type_: type[msgspec.Struct]) -> None:
    shown = set()
    for example in examples(document):
        text = example if type_ is not schema.Manifest or is_whole(example) else f"name: example\n{example}"
        shown |= set(used(decode_document(text.encode(), "example", type_).value))
    structs = [struct for struct, (path, _) in TABLES.items() if path == document]
    assert {(struct.__name__, name) for struct in structs for name in own_fields(struct)} - shown == set()
