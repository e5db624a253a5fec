"""The JSON Schema for editors: it accepts what the repository has and refuses what the reader refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from manifests import read, refused
from test_manifest_reader import EVERYTHING

from wasmbuild.builder.toolchain import ToolchainFile
from wasmbuild.cli import main
from wasmbuild.manifest.json_schema import json_schema
from wasmbuild.manifest.reader import decode_document
from wasmbuild.manifest.recipes import shipped
from wasmbuild.manifest.schema import Manifest

ROOT = Path(__file__).parents[2]
MANIFESTS = sorted([*ROOT.glob("examples/*/wasmbuild.yaml"), *ROOT.glob("recipes/*/recipe.yaml")])

SIMPLE = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}

KNOWN_WORDS = {
    *(
        "$schema",
        "$defs",
        "$ref",
        "type",
        "title",
        "description",
        "default",
        "properties",
        "required",
        "additionalProperties",
    ),
    *("items", "minItems", "enum", "anyOf", "pattern", "minimum", "maximum", "exclusiveMinimum", "propertyNames"),
}


def valid(schema: Any, value: Any, root: dict[str, Any]) -> bool:
    """Whether `value` satisfies a JSON Schema; of its words those that msgspec writes, and no other may occur."""
    if isinstance(schema, bool):
        return schema
    unknown = set(schema) - KNOWN_WORDS
    assert not unknown, f"this checker does not know {unknown}"
    if "$ref" in schema:
        return valid(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, root)
    types = schema.get("type", [])
    if types and not any(SIMPLE[type_](value) for type_ in ([types] if isinstance(types, str) else types)):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if "anyOf" in schema and not any(valid(option, value, root) for option in schema["anyOf"]):
        return False
    if isinstance(value, str):
        return re.search(schema.get("pattern", ""), value) is not None
    if isinstance(value, list):
        return len(value) >= schema.get("minItems", 0) and all(
            valid(schema.get("items", True), item, root) for item in value
        )
    if isinstance(value, dict):
        named, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        return (
            set(schema.get("required", [])) <= set(value)
            and all(valid(schema.get("propertyNames", True), key, root) for key in value)
            and all(valid(named.get(key, others), item, root) for key, item in value.items())
        )
    if isinstance(value, int | float):
        return (
            schema.get("minimum", value) <= value <= schema.get("maximum", value)
            and schema.get("exclusiveMinimum", value - 1) < value
        )
    return True


def accepted(text: str, type_: type[Any] = Manifest) -> bool:
    schema = json_schema(type_)
    return valid(schema, json.loads(json.dumps(yaml.safe_load(text))), schema)


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_every_manifest_of_the_repository_is_accepted(path: Path) -> None:
    read(path.read_bytes())
    assert accepted(path.read_text())


def test_a_manifest_with_every_field_is_accepted() -> None:
    text = EVERYTHING.replace("1.10,", '"1.10",').replace("version: 1.10\n", 'version: "1.10"\n')
    assert read(text).value == read(EVERYTHING).value
    assert accepted(text)


def test_the_shipped_toolchain_file_is_accepted() -> None:
    text = shipped("toolchain.yaml").read_text()
    assert decode_document(text.encode(), "toolchain.yaml", ToolchainFile).value.toolchain == "zig"
    assert accepted(text, ToolchainFile)
    assert not accepted("toolchain: gcc", ToolchainFile)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "name: a/b",
        "name: x\nlibarries: {}",
        "name: x\ndefaults: {lib: none}",
        "name: x\nlibraries: {z: {sources: [a.c], source: b.c}}",
        "name: x\nprograms: {z: {sources: []}}",
        "name: x\nlibraries: {z: {sources: []}}",
        "name: x\nlibraries: {z: {sources: a.c}}",
        "name: x\nlibraries: {z: {sources: [a.c], link: statik}}",
        "name: x\nlibraries: {a/b: {sources: [a.c]}}",
        "name: x\nprograms: {p: {sources: [a.c], memory: {size: 1}}}",
        "name: x\nprograms: {p: {sources: [a.c], headers: [a.h]}}",
        "name: x\nsource: [{sha256: abc}]",
        "name: x\nsource: [{uri: abc}]",
        "name: x\ntests: [{}]",
        "name: x\ntests: [{name: t, exit: 256}]",
        "name: x\ntests: [{name: t, timeout_s: 0}]",
        "name: x\ntests: [{name: t, library: z}]",
        "name: x\ntests: [{name: t, produces: {a: {md5: b}}}]",
        "name: x\ntests: [{name: t, host: {f: {typ: b}}}]",
        "name: x\ntests: [{name: t, then: [{run: p}]}]",
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(text: str) -> None:
    assert refused(text)
    assert not accepted(text)


def test_every_object_of_the_schema_says_which_keys_it_has() -> None:
    for type_ in (Manifest, ToolchainFile):
        definitions = json_schema(type_)["$defs"]
        assert type_.__name__ in definitions
        for name, definition in definitions.items():
            assert definition["additionalProperties"] is False, name


def test_every_field_has_a_description() -> None:
    for type_ in (Manifest, ToolchainFile):
        for name, definition in json_schema(type_)["$defs"].items():
            assert definition["description"].strip(), name
            for field, schema in definition["properties"].items():
                assert re.match(r"\S.*\S$", schema.get("description", "")), f"{name}.{field}"


def test_a_field_that_a_type_inherits_has_the_description_of_its_base() -> None:
    definitions = json_schema(Manifest)["$defs"]
    described = {name: definitions[name]["properties"]["exports"]["description"] for name in ("Library", "Program")}
    assert set(described.values()) == {"what is exported: patterns, what sources mark, or what a file lists"}
    assert definitions["Test"]["properties"]["in"]["description"] == "with `call`: the library"


def test_the_command_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["$schema"].startswith("https://json-schema.org/")
    assert printed == json.loads(json.dumps(json_schema(Manifest)))
