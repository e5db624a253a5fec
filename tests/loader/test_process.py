"""Plans carried out in wasmtime: modules from text, each with just what its test is about."""

from __future__ import annotations

from pathlib import Path

import pytest
import wasmtime
from loading import IMPORTS, Load, Wat, call

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.link.wasi import WASI_FUNCTIONS
from wasmbuild.loader.ending import Trapped, ending_of
from wasmbuild.loader.engine import ProcessLimits
from wasmbuild.loader.hosttrap import UndefinedFunctionCalled
from wasmbuild.loader.options import HostImport
from wasmbuild.wasm.module import FuncType

NEEDS_B = '(mem-info (memory 0 0)) (needed "b.so")'


def test_data_relocations_reach_data_of_other_modules(wat: Wat, load: Load) -> None:
    """a.so holds a pointer to b.so's data, and b.so one to a.so's: both are set before anything reads them."""
    relocate = """
      (data (offset (global.get $memory_base)) "\\00\\00\\00\\00{own}\\00\\00\\00")
      (global (export "{name}") i32 (i32.const 4))
      (func (export "__wasm_apply_data_relocs")
        (i32.store (global.get $memory_base) (global.get $other)))
      (func (export "read_{name}") (result i32) (i32.load (i32.load (global.get $memory_base))))
    """
    other = '(import "GOT.mem" "{}" (global $other (mut i32)))'
    info = "(mem-info (memory 8 2))"
    wat("b.so", other.format("x"), relocate.format(name="y", own="\\2b"), f'{info} (needed "a.so")')
    a = wat("a.so", other.format("y"), relocate.format(name="x", own="\\2a"), f'{info} (needed "b.so")')
    loaded = load(a)
    assert call(loaded, "read_x") == 0x2B
    assert loaded.process.export(1, "read_y")(loaded.store) == 0x2A


def test_memory_areas_start_as_zeros_and_do_not_overlap(wat: Wat, load: Load) -> None:
    contents = """
      (func (export "fill_{n}") (memory.fill (global.get $memory_base) (i32.const {n}) (i32.const 100)))
      (func (export "first_{n}") (result i32) (i32.load8_u (global.get $memory_base)))
      (func (export "last_{n}") (result i32) (i32.load8_u offset=99 (global.get $memory_base)))
    """
    info = "(mem-info (memory 100 3))"
    wat("b.so", "", contents.format(n=2), info)
    loaded = load(wat("a.so", "", contents.format(n=1), f'{info} (needed "b.so")'))
    process = loaded.process

    def read(name: str, library: int) -> object:
        return process.export(library, name)(loaded.store)

    assert read("first_1", 0) == read("last_1", 0) == read("first_2", 1) == read("last_2", 1) == 0
    read("fill_2", 1)
    assert read("first_1", 0) == read("last_1", 0) == 0
    read("fill_1", 0)
    assert (read("first_2", 1), read("last_2", 1)) == (2, 2)


POINTERS_B = """
  (func $own (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
  (elem (offset (global.get $table_base)) $own)
  (export "own" (func $own))
  (func (export "entryless") (param i32) (result i32) (i32.add (local.get 0) (i32.const 100)))
  (func (export "own_seen_by_b") (result i32) (global.get $table_base))
  (func (export "entryless_seen_by_b") (result i32) (global.get $entryless))
  (type $f (func (param i32) (result i32)))
  (func (export "call_in_b") (param i32 i32) (result i32) (call_indirect (type $f) (local.get 1) (local.get 0)))
"""
POINTERS_A = """
  (func (export "own_seen_by_a") (result i32) (global.get $own))
  (func (export "entryless_seen_by_a") (result i32) (global.get $entryless))
  (type $f (func (param i32) (result i32)))
  (func (export "call_in_a") (param i32 i32) (result i32) (call_indirect (type $f) (local.get 1) (local.get 0)))
  (func $mine (param i32) (result i32) (i32.sub (local.get 0) (i32.const 1)))
  (elem (offset (global.get $table_base)) $mine)
  (func (export "mine") (result i32) (global.get $table_base))
"""
ENTRYLESS = '(import "GOT.func" "entryless" (global $entryless (mut i32)))'


def test_function_pointers_are_equal_everywhere_and_callable_in_both_directions(wat: Wat, load: Load) -> None:
    wat("b.so", ENTRYLESS, POINTERS_B, "(mem-info (memory 0 0) (table 1 0))")
    imports = ENTRYLESS + '(import "GOT.func" "own" (global $own (mut i32)))'
    root = wat("a.so", imports, POINTERS_A, '(mem-info (memory 0 0) (table 1 0)) (needed "b.so")')
    loaded = load(root)
    a, b = ({n: loaded.process.export(i, n) for n in names} for i, names in ((0, A_NAMES), (1, B_NAMES)))
    store = loaded.store
    own, entryless, mine = a["own_seen_by_a"](store), a["entryless_seen_by_a"](store), a["mine"](store)
    assert (own, entryless) == (b["own_seen_by_b"](store), b["entryless_seen_by_b"](store))
    assert len({0, own, entryless, mine}) == 4
    for call_in in (a["call_in_a"], b["call_in_b"]):
        assert [call_in(store, pointer, 7) for pointer in (own, entryless, mine)] == [21, 107, 6]


A_NAMES = ("own_seen_by_a", "entryless_seen_by_a", "mine", "call_in_a")
B_NAMES = ("own_seen_by_b", "entryless_seen_by_b", "call_in_b")


def test_modules_that_need_each_other_call_each_other(wat: Wat, load: Load) -> None:
    """Even and odd, each in its own library: one of the two edges goes through a stub."""
    contents = """
      (func (export "{own}") (param i32) (result i32)
        (if (result i32) (local.get 0)
          (then (call $other (i32.sub (local.get 0) (i32.const 1))))
          (else (i32.const {at_zero}))))
    """
    other = '(import "env" "{}" (func $other (param i32) (result i32)))'
    wat("b.so", other.format("even"), contents.format(own="odd", at_zero=0), '(mem-info (memory 0 0)) (needed "a.so")')
    root = wat("a.so", other.format("odd"), contents.format(own="even", at_zero=1), NEEDS_B)
    loaded = load(root)
    assert [call(loaded, "even", n) for n in range(5)] == [1, 0, 1, 0, 1]


def test_a_module_that_imports_what_it_exports_calls_itself(wat: Wat, load: Load) -> None:
    root = wat(
        "a.so",
        '(import "env" "f" (func $f (param i64 f64) (result f64)))',
        """(func (export "f") (param i64 f64) (result f64)
             (f64.add (f64.convert_i64_s (local.get 0)) (local.get 1)))
           (func (export "g") (result f64) (call $f (i64.const 4) (f64.const 0.5)))""",
    )
    assert call(load(root), "g") == 4.5


def test_the_roots_definition_replaces_a_librarys_in_the_library_too(wat: Wat, load: Load) -> None:
    wat(
        "b.so",
        '(import "env" "hook" (func $hook (result i32)))',
        '(func (export "hook") (result i32) (i32.const 1)) (func (export "ask") (result i32) (call $hook))',
    )
    imports = '(import "env" "ask" (func $ask (result i32)))'
    own = '(func (export "hook") (result i32) (i32.const 2)) (func (export "run") (result i32) (call $ask))'
    assert call(load(wat("a.so", imports, own, NEEDS_B)), "run") == 2


WEAK = '(mem-info (memory 0 0)) (import-info "env" "perhaps" binding-weak undefined)'


def test_a_weak_function_that_nobody_defines_traps_naming_itself(wat: Wat, load: Load) -> None:
    imports = """(import "env" "perhaps" (func $perhaps (param i32)))
                 (import "GOT.func" "perhaps" (global $address (mut i32)))"""
    contents = """(func (export "call") (call $perhaps (i32.const 1)))
                  (func (export "address") (result i32) (global.get $address))"""
    loaded = load(wat("a.so", imports, contents, WEAK))
    assert call(loaded, "address") == 0
    with pytest.raises(UndefinedFunctionCalled, match=r"^perhaps$"):
        call(loaded, "call")


def test_a_weak_function_that_somebody_defines_is_called(wat: Wat, load: Load) -> None:
    imports = '(import "env" "perhaps" (func $perhaps (result i32)))'
    contents = '(func (export "run") (result i32) (call $perhaps))'
    wat("b.so", "", '(func (export "perhaps") (result i32) (i32.const 5))')
    assert call(load(wat("a.so", imports, contents, f'{WEAK} (needed "b.so")')), "run") == 5


LOG = '(import "env" "log" (func $log (param i32)))'
LOG_TYPE = FuncType(("i32",))


def logging(said: list[int]) -> dict[str, HostImport]:
    return {"log": HostImport(LOG_TYPE, said.append)}


def test_initialisation_runs_relocations_first_then_constructors_dependencies_first(wat: Wat, load: Load) -> None:
    def contents(n: int) -> str:
        return f"""(func (export "__wasm_apply_data_relocs") (call $log (i32.const {n})))
                   (func (export "__wasm_call_ctors") (call $log (i32.const {n + 10})))"""

    wat("c.so", LOG, contents(3))
    wat("b.so", LOG, contents(2), '(mem-info (memory 0 0)) (needed "c.so")')
    root = wat("a.so", LOG, contents(1), '(mem-info (memory 0 0)) (needed "c.so" "b.so")')
    said: list[int] = []
    load(root, host=logging(said))
    assert said == [3, 2, 1, 13, 12, 11]


def test_a_programs_constructors_are_called_by_its_start_alone(wat: Wat, load: Load) -> None:
    wat("b.so", LOG, '(func (export "__wasm_call_ctors") (call $log (i32.const 2)))')
    contents = """(func $ctors (export "__wasm_call_ctors") (call $log (i32.const 1)))
                  (func (export "_start") (call $ctors) (call $log (i32.const 0)))"""
    said: list[int] = []
    loaded = load(wat("a.wasm", LOG, contents, NEEDS_B), host=logging(said))
    assert said == [2]
    assert loaded.run() == 0
    assert said == [2, 1, 0]


def test_a_start_function_runs_when_its_module_is_made(wat: Wat, load: Load) -> None:
    """wasm-ld makes one that copies passive data: its memory must be there, and constructors see the data."""
    contents = """(data $d "\\07\\00\\00\\00")
      (func $init (memory.init $d (global.get $memory_base) (i32.const 0) (i32.const 4)))
      (start $init)
      (func (export "__wasm_call_ctors") (call $log (i32.load (global.get $memory_base))))"""
    said: list[int] = []
    load(wat("a.so", LOG, contents, "(mem-info (memory 4 2))"), host=logging(said))
    assert said == [7]


def test_a_host_functions_address_can_be_called(wat: Wat, load: Load) -> None:
    contents = """(type $f (func (param i32)))
      (func (export "run") (call_indirect (type $f) (i32.const 9) (global.get $log)))"""
    said: list[int] = []
    loaded = load(wat("a.so", '(import "GOT.func" "log" (global $log (mut i32)))', contents), host=logging(said))
    call(loaded, "run")
    assert said == [9]


def test_an_exception_of_a_host_function_arrives_unchanged(wat: Wat, load: Load) -> None:
    def refuse(_: int) -> None:
        raise LookupError("the host says no")

    loaded = load(
        wat("a.so", LOG, '(func (export "run") (call $log (i32.const 1)))'),
        host={"log": HostImport(LOG_TYPE, refuse)},
    )
    with pytest.raises(LookupError, match="the host says no"):
        call(loaded, "run")


DESCEND = """
  (func $descend (export "descend") (param $frames i32)
    (global.set $sp (i32.sub (global.get $sp) (i32.const 1024)))
    (i32.store (global.get $sp) (i32.const -1))
    (if (local.get $frames) (then (call $descend (i32.sub (local.get $frames) (i32.const 1)))))
    (global.set $sp (i32.add (global.get $sp) (i32.const 1024))))
  (func (export "data") (result i32) (i32.load (global.get $memory_base)))
  (data (offset (global.get $memory_base)) "*\\00\\00\\00")
"""


def test_stack_overflow_traps_and_corrupts_nothing(wat: Wat, load: Load) -> None:
    loaded = load(wat("a.so", "", DESCEND, "(mem-info (memory 4 2))"))
    call(loaded, "descend", 1023)
    with pytest.raises(wasmtime.Trap) as caught:
        call(loaded, "descend", 1024)
    assert caught.value.trap_code == wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS
    assert call(loaded, "data") == 42


@pytest.mark.parametrize(
    ("section", "frames"),
    [
        pytest.param('{"stack_bytes": 8192}', 8, id="smaller"),
        pytest.param('{"stack_bytes": 4194304}', 4096, id="larger"),
        pytest.param('{"stack_bytes": 0}', 1024, id="none: the default"),
        pytest.param('{"stack_bytes": "4"}', 1024, id="no number: the default"),
        pytest.param('{"other": 1}', 1024, id="unsaid: the default"),
        pytest.param("[]", 1024, id="no mapping: the default"),
        pytest.param("{", 1024, id="not JSON: the default"),
    ],
)
def test_the_stack_is_as_large_as_the_programs_own_section_says(
    wat: Wat, load: Load, section: str, frames: int
) -> None:
    quoted = section.replace('"', '\\"')
    contents = f'{DESCEND} (@custom "wasmbuild" (after last) "{quoted}")'
    root = wat("a.so", "", contents, "(mem-info (memory 4 2))")
    call(load(root), "descend", frames - 1)
    with pytest.raises(wasmtime.Trap):
        call(load(root), "descend", frames)


def test_a_library_does_not_decide_how_large_the_stack_is(wat: Wat, load: Load) -> None:
    wat("b.so", "", '(@custom "wasmbuild" (after last) "{\\"stack_bytes\\": 16}")')
    loaded = load(wat("a.so", "", DESCEND, '(mem-info (memory 4 2)) (needed "b.so")'))
    call(loaded, "descend", 1000)
    assert loaded.process.plan.memory.stack_high == 1 << 20


def memory(limits: str) -> str:
    return IMPORTS.replace("(memory 0)", f"(memory {limits})")


def with_memory(path: Path, limits: str, stack: str, contents: str = "") -> Path:
    section = f'(@custom "wasmbuild" (after last) "{{\\"stack_bytes\\": {stack}}}")'
    text = f"(module (@dylink.0 (mem-info (memory 4 2))) {memory(limits)} {contents} {section})"
    path.write_bytes(wasmtime.wat2wasm(text))
    return path


def test_a_small_stack_fits_a_small_memory_limit(tmp_path: Path, load: Load) -> None:
    """The check plans with the program's own stack, and not with the default, which is larger than this memory."""
    loaded = load(with_memory(tmp_path / "a.wasm", "1 8", stack="65536"))
    assert loaded.process.plan.memory.max_pages == 8


def test_a_stack_larger_than_the_memory_limit_is_said_by_the_check(tmp_path: Path, load: Load) -> None:
    with pytest.raises(WasmbuildError, match=r"limit too small: `memory` of `a\.wasm`"):
        load(with_memory(tmp_path / "a.wasm", "1 32", stack=f"{8 << 20}"))


GROW = """
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "touch") (param i32) (i32.store (local.get 0) (i32.const 1)))
"""


def test_memory_grows_while_it_runs_for_all_modules(wat: Wat, load: Load) -> None:
    size = '(func (export "size") (result i32) (memory.size))'
    wat("b.so", "", size)
    loaded = load(wat("a.so", "", GROW, NEEDS_B))
    b_size = loaded.process.export(1, "size")
    before = b_size(loaded.store)
    assert call(loaded, "grow", 3) == before
    assert b_size(loaded.store) == before + 3
    call(loaded, "touch", (before + 3) * 65536 - 4)
    with pytest.raises(wasmtime.Trap):
        call(loaded, "touch", (before + 3) * 65536 - 3)


def test_memory_does_not_grow_over_the_programs_maximum(tmp_path: Path, load: Load) -> None:
    loaded = load(with_memory(tmp_path / "a.wasm", "1 24", stack=f"{1 << 20}", contents=GROW))
    assert call(loaded, "grow", 8) == -1
    assert call(loaded, "grow", 7) == 17


def test_memory_does_not_grow_over_the_limit_of_whoever_loads_it(wat: Wat, load: Load) -> None:
    loaded = load(wat("a.so", "", GROW), limits=ProcessLimits(memory_bytes=20 << 16))
    assert call(loaded, "grow", 5) == -1
    assert call(loaded, "grow", 4) == 16


def test_a_process_larger_than_the_memory_limit_is_not_made(wat: Wat, load: Load) -> None:
    with pytest.raises(wasmtime.WasmtimeError, match="memory"):
        load(wat("a.so", "", GROW), limits=ProcessLimits(memory_bytes=65536))


def test_a_table_with_a_maximum_that_is_enough_can_be_imported(tmp_path: Path, load: Load) -> None:
    text = f"""(module (@dylink.0 (mem-info (memory 0 0)))
      {IMPORTS.replace("(table 0 funcref)", "(table 0 8 funcref)")}
      (func (export "size") (result i32) (table.size 0)))"""
    (tmp_path / "a.so").write_bytes(wasmtime.wat2wasm(text))
    assert 0 < call(load(tmp_path / "a.so"), "size") <= 8


def test_every_wasi_function_that_the_check_accepts_can_be_loaded(wat: Wat, load: Load) -> None:
    for name, type_ in WASI_FUNCTIONS.items():
        params, results = (" ".join(types) for types in (type_.params, type_.results))
        import_ = f'(import "wasi_snapshot_preview1" "{name}" (func (param {params}) (result {results})))'
        loaded = load(wat("a.so", import_, '(func (export "there") (result i32) (i32.const 1))'))
        assert call(loaded, "there") == 1, name


EXIT = '(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))'


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 0),
        ("(call $exit (i32.const 0)) unreachable", 0),
        ("(call $exit (i32.const 7)) unreachable", 7),
        ("(call $exit (i32.const 125)) unreachable", 125),
    ],
)
def test_the_exit_status_is_what_proc_exit_was_given(wat: Wat, load: Load, body: str, status: int) -> None:
    assert load(wat("a.wasm", EXIT, f'(func (export "_start") {body})')).run() == status


def test_exit_from_a_library_ends_the_program(wat: Wat, load: Load) -> None:
    wat("b.so", EXIT, '(func (export "leave") (call $exit (i32.const 3)))')
    imports = '(import "env" "leave" (func $leave))'
    assert load(wat("a.wasm", imports, '(func (export "_start") (call $leave) unreachable)', NEEDS_B)).run() == 3


def test_a_function_that_is_not_exported_is_refused_with_the_nearest(wat: Wat, load: Load) -> None:
    loaded = load(wat("a.so", "", '(func (export "compress")) (global (export "number") i32 (i32.const 0))'))
    with pytest.raises(WasmbuildError, match=r"`a\.so` exports no function `compres`") as caught:
        loaded.function("compres")
    assert caught.value.diagnostics[0].help == ("did you mean `compress`?",)
    with pytest.raises(WasmbuildError, match="exports no function `number`"):
        loaded.function("number")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("unreachable", "unreachable code reached (abort, or a failed check of the compiler's)"),
        ("(drop (i32.div_s (i32.const 1) (i32.const 0)))", "integer division by zero"),
        ("(drop (i32.load (i32.const -4)))", "memory access out of bounds"),
        ("(call_indirect (i32.const 0))", "call through a null function pointer"),
        ("(call_indirect (i32.const 9999))", "call through a function pointer that is none"),
        (
            "(call_indirect (param i64) (i64.const 1) (global.get $table_base))",
            "call through a function pointer of another type",
        ),
        ("(call $_ZN3foo3barEi (i32.const 1))", "stack overflow"),
        ("(drop (i32.trunc_f64_s (f64.const nan)))", "conversion of a float that no integer holds"),
    ],
)
def test_a_trap_says_what_happened_and_where(wat: Wat, load: Load, code: str, message: str) -> None:
    contents = f"""(func $_ZN3foo3barEi (param i32) (call $_ZN3foo3barEi (local.get 0)))
      (elem (offset (global.get $table_base)) $_ZN3foo3barEi)
      (func $inner {code}) (func (export "run") (call $inner))"""
    loaded = load(wat("a.so", "", contents, "(mem-info (memory 0 0) (table 1 0))"))
    with pytest.raises(wasmtime.Trap) as caught:
        call(loaded, "run")
    ending = ending_of(caught.value)
    assert isinstance(ending, Trapped)
    said, backtrace = ending.message, ending.backtrace
    assert said == message
    first = backtrace.splitlines()[0]
    assert first.startswith("foo::bar(int)  (" if message == "stack overflow" else "inner  (")


def test_nothing_is_made_of_what_does_not_fit(wat: Wat, load: Load) -> None:
    wat("b.so", LOG, '(func (export "__wasm_call_ctors") (call $log (i32.const 1)))')
    root = wat("a.so", '(import "env" "gone" (func))(import "env" "log" (func (result i32)))', "", NEEDS_B)
    said: list[int] = []
    with pytest.raises(WasmbuildError) as caught:
        load(root, host=logging(said))
    assert sorted(each.code for each in caught.value.diagnostics) == ["signature-mismatch", "undefined-symbol"]
    assert said == []


def test_a_missing_library_is_said_before_anything_else(wat: Wat, load: Load) -> None:
    with pytest.raises(WasmbuildError, match=r"needed library not found: `b\.so`") as caught:
        load(wat("a.so", '(import "env" "gone" (func))', "", NEEDS_B))
    assert len(caught.value.diagnostics) == 1


def test_a_library_is_found_in_the_library_path(wat: Wat, load: Load, tmp_path: Path) -> None:
    wat("elsewhere/b.so", "", '(func (export "f") (result i32) (i32.const 8))')
    imports = '(import "env" "f" (func $f (result i32)))'
    root = wat("a.so", imports, '(func (export "g") (result i32) (call $f))', NEEDS_B)
    assert call(load(root, library_path=(tmp_path / "elsewhere",)), "g") == 8


@pytest.mark.parametrize("type_", ["(param externref)", "(result funcref)", "(param v128)", "(param exnref)"])
def test_a_function_of_a_type_without_values_is_refused_and_no_crash(wat: Wat, load: Load, type_: str) -> None:
    weak = '(mem-info (memory 0 0)) (import-info "env" "perhaps" binding-weak undefined)'
    with pytest.raises(WasmbuildError, match=r"the host has no values of type .*: `perhaps`"):
        load(wat("a.so", f'(import "env" "perhaps" (func {type_}))', dylink=weak))
