"""The closed world of a bundle: names of files."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from wasmbuild.bundle.declared import Function, interface_names, typescript
from wasmbuild.bundle.package import npm_name, npm_version
from wasmbuild.bundle.world import file_names
from wasmbuild.link.scope import Library
from wasmbuild.wasm.module import FuncType, Module

A = Library("liba.so", "/one/liba.so", Module(), "a" * 64)


def test_a_module_ends_in_wasm_and_two_of_one_name_are_two_files() -> None:
    other = replace(A, identity="/two/liba.so", sha256="b" * 64)
    program = replace(A, name="run.wasm", identity="/one/run.wasm")
    assert file_names([A, other, program]) == {
        "/one/liba.so": "liba.so.wasm",
        "/two/liba.so": "liba.so.bbbbbbbbbbbb.wasm",
        "/one/run.wasm": "run.wasm",
    }


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("lib#1?.so", "lib_1_.so.wasm"),
        ("../../etc/liba.so", "liba.so.wasm"),
        ("..", "_.wasm"),
        ('lib"<script>.so', "lib__script_.so.wasm"),
        ("lib%2e.so", "lib_2e.so.wasm"),
        ("libstdc++.so", "libstdc++.so.wasm"),
    ],
)
def test_no_name_acts_in_an_address_or_a_path(name: str, file: str) -> None:
    assert file_names([replace(A, name=name)]) == {A.identity: file}


@pytest.mark.parametrize(
    ("version", "of_npm"),
    [("1.2.3", "1.2.3"), ("0", "0.0.0"), ("1.3.1.2", "1.3.1"), ("1.02rc1", "1.2.0"), ("r5", "0.0.0")],
)
def test_a_version_has_three_numbers(version: str, of_npm: str) -> None:
    assert npm_version(version) == of_npm


@pytest.mark.parametrize(
    ("name", "of_npm"), [("Demo", "demo"), ("_a b", "a-b"), ("libz.so", "libz.so"), ("+", "bundle")]
)
def test_a_name_is_one_that_npm_takes(name: str, of_npm: str) -> None:
    assert npm_name(name) == of_npm


def test_each_root_has_an_interface_of_its_own() -> None:
    assert interface_names({"libz.so": 0, "libz-so": 0, "7z": 0, "library": 0}) == [
        "LibzSo",
        "LibzSo_",
        "M7z",
        "Library_",
    ]


def test_a_function_whose_name_is_no_word_is_quoted() -> None:
    type_ = FuncType(("i32", "i64", "externref"), ("f32",))
    assert typescript(Function("a-b", type_)) == '"a-b"(a0: number | Placed, a1: bigint, a2: unknown): number'
