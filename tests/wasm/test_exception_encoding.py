"""In which encoding a module handles exceptions, and what else tells two builds of a module apart."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
import wasmtime

from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.encode import Function, ModuleSpec, body, encode, name, section
from wasmbuild.wasm.instructions import exception_encoding
from wasmbuild.wasm.module import Export, FuncType, Import, TagType
from wasmbuild.wasm.traits import read_traits

# One instruction of each shape of immediates, before the one that is looked for.
EVERY_SHAPE = """
(module
  (memory 1) (table $t 4 funcref) (global $g (mut i32) (i32.const 0)) (tag $e (param i32))
  (type $f (func (param i32) (result i32)))
  (func $callee (type $f) (local.get 0))
  (elem declare func $callee)
  (data "x")
  (func (param i32) (result i32) (local i64 f32 f64 v128)
    (block (br_table 0 0 0 (local.get 0)))
    (drop (i64.const -9223372036854775808)) (drop (i32.const -1)) (drop (f32.const 1.5)) (drop (f64.const 2.5))
    (i64.store offset=4096 (local.get 0) (i64.load8_u offset=3 (local.get 0)))
    (drop (select (result i32) (local.get 0) (local.get 0) (local.get 0)))
    (drop (call_indirect $t (type $f) (local.get 0) (local.get 0)))
    (drop (ref.func $callee)) (drop (ref.null extern)) (drop (ref.is_null (ref.null func)))
    (drop (memory.grow (memory.size)))
    (memory.copy (i32.const 0) (i32.const 0) (i32.const 0)) (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))
    (drop (table.size $t)) (drop (i32.trunc_sat_f32_s (f32.const 1)))
    (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 (local.get 4) (local.get 4)))
    (drop (v128.const i64x2 6 7)) (drop (i32x4.extract_lane 2 (local.get 4)))
    (drop (v128.load8_lane offset=5 3 (local.get 0) (local.get 4))) (drop (i32x4.add (local.get 4) (local.get 4)))
    (drop (v128.load32_zero (local.get 0)))
    (drop (i32.atomic.rmw.add offset=8 (local.get 0) (i32.const 1))) (atomic.fence)
    (global.set $g (local.get 0)) (local.set 0 (global.get $g)) (drop (local.tee 0 (i32.extend8_s (local.get 0))))
    (if (local.get 0) (then (throw $e (i32.const 1))) (else nop))
    %s
    (call $callee (local.get 0))))
"""
STANDARD = "(block $h (result i32) (try_table (catch $e $h)) (i32.const 0)) drop"
LEGACY = "try catch $e drop catch_all end"


def encoding_of(data: bytes) -> str | None:
    return exception_encoding(data, decode(data))


@pytest.mark.parametrize(("handler", "found"), [("", None), (STANDARD, "standard"), (LEGACY, "legacy")])
def test_every_shape_of_instruction_is_stepped_over(handler: str, found: str | None) -> None:
    assert encoding_of(bytes(wasmtime.wat2wasm(EVERY_SHAPE % handler))) == found


def test_a_module_without_code_handles_nothing() -> None:
    assert encoding_of(encode(ModuleSpec())) is None


def test_what_cannot_be_followed_is_not_known() -> None:
    unknown = Function(FuncType(), body(b"\xe0\x06"))  # an opcode that nobody has, then what would be `try`
    assert encoding_of(encode(ModuleSpec(functions=(unknown,)))) is None


def test_damaged_code_is_survived() -> None:
    data = bytearray(wasmtime.wat2wasm(EVERY_SHAPE % ""))
    module = decode(bytes(data))
    code = next(section for section in module.sections if section.name == "code")
    numbers = random.Random(7)
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(4):
            damaged[code.offset + numbers.randrange(code.size_bytes)] = numbers.randrange(256)
        assert exception_encoding(bytes(damaged), module) in (None, "legacy", "standard")


def test_code_is_read_only_where_a_module_shows_that_it_may_handle_exceptions() -> None:
    handler = Function(FuncType(), body(b"\x06\x40\x19\x0b"))  # try … catch_all end
    silent = encode(ModuleSpec(functions=(handler,)))
    assert read_traits(silent, decode(silent)).exceptions is None
    for shows in (Import("env", "t", TagType(FuncType(("i32",)))), Import("env", "_Unwind_Resume", FuncType(("i32",)))):
        data = encode(ModuleSpec(imports=(shows,), functions=(handler,)))
        assert read_traits(data, decode(data)).exceptions == "legacy"


def test_the_run_time_half_of_setjmp_is_not_read() -> None:
    handler = Function(FuncType(), body(b"\x06\x40\x19\x0b"))
    tag = TagType(FuncType(("i32",)))
    data = encode(
        ModuleSpec(functions=(handler,), tags=(tag,), exports=(Export("__wasm_longjmp", "func", 0),)),
    )
    assert read_traits(data, decode(data)).exceptions is None


def test_traits_have_the_hash_and_the_name_that_the_linker_wrote() -> None:
    data = encode(ModuleSpec(customs=(("name", section(0, name("libz.so"))),)))
    traits = read_traits(data, decode(data))
    assert (traits.soname, traits.sha256) == ("libz.so", hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize("contents", [b"", b"\0", b"\0\xff", b"\0\x02\x09a", b"\1\0"])
def test_a_name_section_that_cannot_be_read_is_as_if_it_were_not_there(contents: bytes) -> None:
    data = encode(ModuleSpec(customs=(("name", contents), ("target_features", b"\xff"))))
    traits = read_traits(data, decode(data))
    assert (traits.soname, traits.features) == (None, frozenset())


@pytest.mark.parametrize("name", ["throws.o", "jumps.o"])
def test_real_objects_have_features_and_the_encoding_they_were_compiled_for(
    compiled: Mapping[str, Path], name: str
) -> None:
    data = compiled[name].read_bytes()
    traits = read_traits(data, decode(data))
    assert "exception-handling" in traits.features
    assert traits.exceptions == "standard"
