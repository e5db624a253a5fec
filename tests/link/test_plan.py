"""The plan of a process: where everything is, what each import gets, and what runs in which order."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkvalues import I_I, II_I, NOTHING, STANDARD, function_import, got_func, got_mem, library, opener, scope_of

from wasmbuild.link.layout import PAGE_BYTES, STACK_BYTES, lay_out, own_entries
from wasmbuild.link.plan import (
    Call,
    Constant,
    FromHost,
    FromModule,
    FromWasi,
    GotEntry,
    LinkPlan,
    Shared,
    Stub,
    TableEntry,
    TrapWhenCalled,
)
from wasmbuild.link.planner import make_plan
from wasmbuild.link.resolve import LOADER_ADDRESSES, Host, resolve
from wasmbuild.link.scope import Library, Scope, find_scope
from wasmbuild.wasm import abi
from wasmbuild.wasm.encode import ElementSpec, Function, ModuleSpec, body
from wasmbuild.wasm.module import (
    ConstExpr,
    Dylink,
    Export,
    FuncType,
    GlobalType,
    Import,
    Limits,
    MemInfo,
    MemoryType,
    TableType,
    TagType,
)


def plan_of(*libraries: Library, host: Host | None = None, stack_bytes: int = STACK_BYTES) -> LinkPlan:
    scope = scope_of(*libraries)
    return make_plan(scope, resolve(scope, host or {}), stack_bytes)


def got_entries(plan: LinkPlan) -> dict[str, int]:
    """Every GOT entry; one entry must have one value."""
    found: dict[str, int] = {}
    for module in plan.modules:
        for supply in module.imports:
            if isinstance(supply, GotEntry):
                assert found.setdefault(supply.name, supply.value) == supply.value
    return found


# Layout


def test_the_stack_is_at_the_bottom_then_the_modules_then_the_heap() -> None:
    root = library("a", needed=("b",), mem_info=MemInfo(100, 4, 3, 0))
    plan = plan_of(root, library("b", mem_info=MemInfo(8, 6, 2, 1)), stack_bytes=4096)
    assert (plan.memory.stack_low, plan.memory.stack_high) == (0, 4096)
    assert [module.memory_base for module in plan.modules] == [4096, 4224]  # 4196, to a multiple of 64
    assert plan.memory.heap_base == 4240
    assert [module.table_base for module in plan.modules] == [1, 4]
    assert plan.table.size == 6
    assert plan.memory.pages == 1


def test_an_odd_stack_size_is_rounded_up_to_the_stacks_alignment() -> None:
    assert plan_of(library("a"), stack_bytes=1001).memory.stack_high == 1008


def test_a_module_without_areas_of_its_own_gets_the_bases_all_the_same() -> None:
    (module,) = plan_of(library("a")).modules
    assert module.imports == (
        Shared("memory"),
        Shared("table"),
        Shared("stack_pointer"),
        Constant(STACK_BYTES),
        Constant(1),
    )


def test_entry_zero_stays_null() -> None:
    plan = plan_of(library("a", functions={"f": NOTHING}, imports=(got_func("f"),)))
    assert got_entries(plan) == {"func:f": 1}


def test_an_initial_memory_and_table_that_a_module_asks_for_are_kept() -> None:
    wanted = (
        Import("env", "memory", MemoryType(Limits(300, 900))),
        Import("env", "__indirect_function_table", TableType("funcref", Limits(70))),
    )
    root = library("a", needed=("b",), standard=wanted)
    plan = plan_of(root, library("b", standard=(Import("env", "memory", MemoryType(Limits(1, 800))),)))
    assert (plan.memory.pages, plan.memory.max_pages, plan.table.size) == (300, 800, 70)


def test_the_heap_goes_to_the_end_of_memory() -> None:
    wanted = (Import("env", "memory", MemoryType(Limits(20))),)
    plan = plan_of(library("a", standard=wanted, imports=(got_mem("__heap_base"), got_mem("__heap_end"))))
    assert got_entries(plan) == {"mem:__heap_base": STACK_BYTES, "mem:__heap_end": 20 * PAGE_BYTES}


def test_the_addresses_of_the_process_describe_its_layout() -> None:
    imports = [got_mem(name) for name in LOADER_ADDRESSES]
    plan = plan_of(library("a", imports=imports, mem_info=MemInfo(100, 2)), stack_bytes=65536)
    assert got_entries(plan) == {
        "mem:__heap_base": 65536 + 112,
        "mem:__heap_end": 2 * PAGE_BYTES,
        "mem:__stack_low": 0,
        "mem:__stack_high": 65536,
        "mem:__data_end": 65536 + 112,
        "mem:__global_base": 65536,
        "mem:__dso_handle": 65536,  # where the module's own data begins
    }


def test_the_end_of_a_full_memory_still_fits_an_i32() -> None:
    wanted = (Import("env", "memory", MemoryType(Limits(65536))),)
    assert got_entries(plan_of(library("a", standard=wanted, imports=(got_mem("__heap_end"),)))) == {
        "mem:__heap_end": 0xFFFFFFFF
    }


# Addresses


def test_data_is_at_its_exporters_base_plus_its_offset() -> None:
    root = library("a", needed=("b",), imports=(got_mem("x"),), mem_info=MemInfo(32, 4))
    plan = plan_of(root, library("b", data={"x": 12}, mem_info=MemInfo(16, 4)))
    assert got_entries(plan) == {"mem:x": STACK_BYTES + 32 + 12}


def test_an_absolute_symbol_is_where_it_says() -> None:
    root = library("a", needed=("b",), imports=(got_mem("x"),))
    plan = plan_of(root, library("b", data={"x": 12}, absolute=("x",), mem_info=MemInfo(16, 4)))
    assert got_entries(plan) == {"mem:x": 12}


def test_an_absolute_symbol_above_two_gibibytes_is_unsigned() -> None:
    root = library("a", needed=("b",), imports=(got_mem("x"),))
    assert got_entries(plan_of(root, library("b", data={"x": -16}, absolute=("x",)))) == {"mem:x": 0xFFFFFFF0}


def test_weak_and_undefined_addresses_are_null() -> None:
    plan = plan_of(library("a", imports=(got_mem("d"), got_func("f")), weak=("d", "f")))
    assert got_entries(plan) == {"mem:d": 0, "func:f": 0}


def test_a_data_and_a_function_entry_of_one_name_are_two_cells() -> None:
    plan = plan_of(
        library("a", needed=("b",), imports=(got_mem("x"),), weak=("x",)),
        library("b", imports=(got_func("x"),), weak=("x",)),
    )
    assert set(got_entries(plan)) == {"mem:x", "func:x"}


def test_a_function_that_its_own_module_puts_in_the_table_keeps_that_entry() -> None:
    root = library("a", needed=("b",), imports=(got_func("g"),), mem_info=MemInfo(table_size=3))
    b = library(
        "b",
        functions={"f": I_I, "g": I_I},
        own_elements=("f", "g"),
        imports=(got_func("f"),),
        mem_info=MemInfo(table_size=2),
    )
    plan = plan_of(root, b)
    assert plan.modules[1].table_base == 4
    assert got_entries(plan) == {"func:g": 5, "func:f": 4}
    assert (plan.table_entries, plan.table.size) == ((), 6)


def test_a_function_without_an_entry_gets_one_for_the_whole_process() -> None:
    b = library("b", functions={"f": I_I, "g": I_I}, imports=(got_func("f"),))
    root = library("a", needed=("b",), imports=(got_func("g"), got_func("f")))
    plan = plan_of(root, b)
    assert got_entries(plan) == {"func:g": 1, "func:f": 2}
    assert plan.table_entries == (TableEntry(1, FromModule(1, "g")), TableEntry(2, FromModule(1, "f")))
    assert plan.table.size == 3


def test_two_names_of_one_function_share_an_entry() -> None:
    b = library("b", functions={"f": I_I}, aliases={"alias": "f"})
    plan = plan_of(library("a", needed=("b",), imports=(got_func("f"), got_func("alias"))), b)
    assert got_entries(plan) == {"func:f": 1, "func:alias": 1}


def test_a_host_function_has_one_entry() -> None:
    b = library("b", imports=(got_func("log"),))
    plan = plan_of(library("a", needed=("b",), imports=(got_func("log"),)), b, host={"log": I_I})
    assert got_entries(plan) == {"func:log": 1}
    assert plan.table_entries == (TableEntry(1, FromHost("log", None)),)


@pytest.mark.parametrize(
    ("element", "entries"),
    [
        pytest.param(ElementSpec((0, 1), ConstExpr(2, 0)), {0: 10, 1: 11}, id="at the table base"),
        pytest.param(ElementSpec((1,), ConstExpr(2, 4)), {1: 14}, id="at the table base plus an offset"),
        pytest.param(ElementSpec((1, 1), ConstExpr(2, 0)), {1: 10}, id="twice: the first counts"),
        pytest.param(ElementSpec((1,), ConstExpr(None, 7)), {1: 7}, id="at a fixed place"),
        pytest.param(ElementSpec((1,), ConstExpr(1, 0)), {}, id="relative to another global"),
        pytest.param(ElementSpec((1,)), {}, id="passive"),
        pytest.param(ElementSpec((1,), declared=True), {}, id="declared"),
    ],
)
def test_own_entries_are_what_active_segments_fill(element: ElementSpec, entries: dict[int, int]) -> None:
    function = Function(NOTHING, body(b""))
    lib = library("a", ModuleSpec(imports=STANDARD, functions=(function, function), elements=(element,)))
    assert own_entries(lib.module, 10) == entries


# Supplies


def test_a_dependency_is_called_directly() -> None:
    root = library("a", needed=("b",), imports=(function_import("f"),), standard=())
    assert plan_of(root, library("b", functions={"f": I_I})).modules[0].imports == (FromModule(1, "f"),)


@pytest.mark.parametrize("position", ["root calls itself", "back edge of a cycle", "sibling that comes later"])
def test_a_function_that_does_not_exist_yet_is_called_through_a_stub(position: str) -> None:
    user = {"imports": (function_import("f", II_I),), "standard": ()}
    provider = {"functions": {"f": II_I}}
    if position == "root calls itself":
        plan, index = plan_of(library("a", **user, **provider)), 0
    elif position == "back edge of a cycle":
        root = library("a", needed=("b",), **provider)
        plan, index = plan_of(root, library("b", needed=("a",), **user)), 1
    else:
        root = library("a", needed=("b", "c"))
        plan, index = plan_of(root, library("b", **user), library("c", **provider)), 1
    (stub,) = plan.modules[index].imports
    assert isinstance(stub, Stub)
    assert stub.type == II_I
    (entry,) = plan.table_entries
    function = entry.function
    assert (entry.index, entry.index) == (stub.table_index, plan.table.size - 1)
    assert isinstance(function, FromModule)
    assert function.export == "f"


def test_a_stub_and_the_address_of_the_function_share_an_entry() -> None:
    root = library("a", functions={"f": I_I}, imports=(function_import("f"), got_func("f")), standard=())
    plan = plan_of(root)
    stub, cell = plan.modules[0].imports
    assert isinstance(stub, Stub)
    assert isinstance(cell, GotEntry)
    assert stub.table_index == cell.value
    assert len(plan.table_entries) == 1


def test_weak_wasi_and_host_functions_are_supplied() -> None:
    imports = (
        function_import("perhaps", II_I),
        Import(abi.WASI_SNAPSHOT_PREVIEW1, "fd_close", I_I),
        function_import("log"),
    )
    plan = plan_of(library("a", imports=imports, standard=(), weak=("perhaps",)), host={"log": I_I})
    assert plan.modules[0].imports == (TrapWhenCalled("perhaps", II_I), FromWasi("fd_close"), FromHost("log", I_I))


def test_a_tag_is_its_definers_own() -> None:
    type_ = FuncType(("i32",))
    root = library("a", needed=("b",), imports=(Import("env", "t", TagType(type_)),), standard=())
    assert plan_of(root, library("b", tags={"t": type_})).modules[0].imports == (FromModule(1, "t"),)


# Initialisation


def test_all_data_relocations_come_before_all_constructors_and_both_dependencies_first() -> None:
    both = {abi.APPLY_DATA_RELOCS: NOTHING, abi.CALL_CTORS: NOTHING}
    root = library("a", needed=("b", "c"), functions=both)
    b = library("b", needed=("c",), functions={abi.CALL_CTORS: NOTHING})
    plan = plan_of(root, b, library("c", functions=both))
    assert plan.instantiate == (2, 1, 0)
    assert plan.initialise == (
        Call(2, abi.APPLY_DATA_RELOCS),
        Call(0, abi.APPLY_DATA_RELOCS),
        Call(2, abi.CALL_CTORS),
        Call(1, abi.CALL_CTORS),
        Call(0, abi.CALL_CTORS),
    )


def test_initialize_takes_the_place_of_the_constructors() -> None:
    plan = plan_of(library("a", functions={abi.INITIALIZE: NOTHING, abi.CALL_CTORS: NOTHING}))
    assert plan.initialise == (Call(0, abi.INITIALIZE),)
    assert plan.start is None


def test_a_programs_own_constructors_are_left_to_its_start() -> None:
    functions = {abi.START: NOTHING, abi.CALL_CTORS: NOTHING, abi.APPLY_DATA_RELOCS: NOTHING}
    plan = plan_of(library("a", needed=("b",), functions=functions), library("b", functions=functions))
    assert plan.start == "_start"
    assert plan.initialise == (
        Call(1, abi.APPLY_DATA_RELOCS),
        Call(0, abi.APPLY_DATA_RELOCS),
        Call(1, abi.CALL_CTORS),
    )


def test_in_a_cycle_each_module_is_initialised_once() -> None:
    ctors = {abi.CALL_CTORS: NOTHING}
    plan = plan_of(library("a", needed=("b",), functions=ctors), library("b", needed=("a", "b"), functions=ctors))
    assert plan.initialise == (Call(1, abi.CALL_CTORS), Call(0, abi.CALL_CTORS))


def test_a_plan_is_not_made_of_what_does_not_fit() -> None:
    scope = scope_of(library("a", imports=(function_import("gone"),)))
    with pytest.raises(AssertionError, match="only for what fits"):
        make_plan(scope, resolve(scope, {}))


# Whatever the modules are

SYMBOLS = ("f", "g", "h")
DATA = ("x", "y")


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Library, ...]:
    """A few libraries that need each other in any way, cycles too, and import what some of them define, or weakly."""
    count = draw(st.integers(1, 5))
    made = []
    for index in range(count):
        needed = draw(st.lists(st.integers(0, count - 1), max_size=3, unique=True))
        functions = draw(st.lists(st.sampled_from(SYMBOLS), unique=True))
        own = draw(st.lists(st.sampled_from(functions), unique=True)) if functions else []
        memory_size = draw(st.integers(0, 3000))
        offsets = st.integers(0, memory_size)
        data = draw(st.dictionaries(st.sampled_from(DATA), offsets))
        imports = [function_import(name) for name in draw(st.lists(st.sampled_from(SYMBOLS), unique=True))]
        imports += [got_func(name) for name in draw(st.lists(st.sampled_from(SYMBOLS), unique=True))]
        imports += [got_mem(name) for name in draw(st.lists(st.sampled_from(DATA), unique=True))]
        initialisers = draw(st.sets(st.sampled_from((abi.CALL_CTORS, abi.APPLY_DATA_RELOCS))))
        info = MemInfo(
            memory_size, draw(st.integers(0, 12)), len(own) + draw(st.integers(0, 3)), draw(st.integers(0, 4))
        )
        made.append(
            library(
                f"l{index}",
                needed=[f"l{other}" for other in needed],
                functions={**dict.fromkeys(functions, I_I), **dict.fromkeys(sorted(initialisers), NOTHING)},
                data=data,
                imports=imports,
                own_elements=own,
                mem_info=info,
                weak=(*SYMBOLS, *DATA),
            )
        )
    return tuple(made)


def scope_and_plan(libraries: tuple[Library, ...], stack_bytes: int) -> tuple[Scope, LinkPlan]:
    scope, missing = find_scope(libraries[0], opener(libraries))
    assert missing == ()
    return scope, make_plan(scope, resolve(scope, {}), stack_bytes)


STACKS = st.integers(1, 1 << 20)


@settings(deadline=None, max_examples=60)
@given(graphs(), STACKS)
def test_areas_are_aligned_and_never_overlap(libraries: tuple[Library, ...], stack_bytes: int) -> None:
    scope, plan = scope_and_plan(libraries, stack_bytes)
    memory, table = [(plan.memory.stack_low, plan.memory.stack_high)], [(0, 1)]
    for library_, module in zip(scope.libraries, plan.modules, strict=True):
        assert library_.module.dylink is not None
        info = library_.module.dylink.mem_info
        assert module.memory_base % (1 << info.memory_p2align) == 0
        assert module.table_base % (1 << info.table_p2align) == 0
        memory.append((module.memory_base, module.memory_base + info.memory_size))
        table.append((module.table_base, module.table_base + info.table_size))
    table += [(entry.index, entry.index + 1) for entry in plan.table_entries]
    memory.append((plan.memory.heap_base, plan.memory.pages * PAGE_BYTES))
    for areas, end in ((memory, plan.memory.pages * PAGE_BYTES), (table, plan.table.size)):
        for (_, first_end), (second, _) in pairwise(areas):
            assert first_end <= second
        assert areas[-1][1] <= end
    assert plan.memory.stack_high >= stack_bytes
    assert plan.memory.stack_high % 16 == plan.memory.heap_base % 16 == 0


@settings(deadline=None, max_examples=60)
@given(graphs(), STACKS)
def test_every_import_has_a_supply_that_exists_when_it_is_needed(
    libraries: tuple[Library, ...], stack_bytes: int
) -> None:
    scope, plan = scope_and_plan(libraries, stack_bytes)
    assert sorted(plan.instantiate) == list(range(len(scope.libraries)))
    entries: dict[int, str] = {
        entry.index: entry.function.export for entry in plan.table_entries if isinstance(entry.function, FromModule)
    }
    for library_, module in zip(scope.libraries, plan.modules, strict=True):
        functions = {e.index: e.name for e in library_.module.exports if e.kind == "func"}
        for function, entry in own_entries(library_.module, module.table_base).items():
            assert entries.setdefault(entry, functions[function]) == functions[function]
    there: set[int] = set()
    for index in plan.instantiate:
        module, imports = plan.modules[index], scope.libraries[index].module.imports
        for import_, supply in zip(imports, module.imports, strict=True):
            match supply:
                case FromModule(provider, export):
                    assert provider in there
                    assert export == import_.name
                    assert export in scope.libraries[provider].module.exports_by_name
                case Stub(entry, type_):
                    assert entries[entry] == import_.name
                    assert type_ == import_.type
                case GotEntry(_, value) if import_.module == abi.GOT_FUNC:
                    assert value == 0 or entries[value] == import_.name
                case GotEntry(_, value):
                    assert value == 0 or plan.memory.stack_high <= value <= plan.memory.heap_base
                case TrapWhenCalled(name, _):
                    defined = {e.name for each in scope.libraries for e in each.module.exports}
                    assert name not in defined
                case Constant() | Shared():
                    assert import_.module == abi.ENV
                case _:
                    pytest.fail(f"nothing here imports {supply}")
        there.add(index)


@settings(deadline=None, max_examples=60)
@given(graphs(), STACKS)
def test_equal_functions_have_one_address_and_different_functions_different_ones(
    libraries: tuple[Library, ...], stack_bytes: int
) -> None:
    _, plan = scope_and_plan(libraries, stack_bytes)
    addresses = {name: value for name, value in got_entries(plan).items() if name.startswith("func:") and value}
    assert len(set(addresses.values())) == len(addresses)
    filled = [entry.index for entry in plan.table_entries]
    assert len(set(filled)) == len(filled)
    assert len({entry.function for entry in plan.table_entries}) == len(filled)


@settings(deadline=None, max_examples=30)
@given(graphs(), STACKS)
def test_a_plan_is_a_function_of_its_inputs(libraries: tuple[Library, ...], stack_bytes: int) -> None:
    # Wherever the files lie and whatever was planned before, the numbers are the same.
    moved = tuple(Library(each.name, f"/elsewhere/{each.name}", each.module) for each in libraries)
    (_, first), (_, second) = scope_and_plan(libraries, stack_bytes), scope_and_plan(moved, stack_bytes)
    assert [(m.name, m.memory_base, m.table_base, m.imports) for m in first.modules] == [
        (m.name, m.memory_base, m.table_base, m.imports) for m in second.modules
    ]
    assert first.table_entries == second.table_entries
    assert (first.initialise, first.instantiate) == (second.initialise, second.instantiate)
    assert scope_and_plan(libraries, stack_bytes)[1] == first


@settings(deadline=None, max_examples=30)
@given(graphs(), STACKS)
def test_relocations_precede_constructors_and_every_module_has_each_once(
    libraries: tuple[Library, ...], stack_bytes: int
) -> None:
    scope, plan = scope_and_plan(libraries, stack_bytes)
    kinds = [call.export for call in plan.initialise]
    assert kinds == sorted(kinds)  # __wasm_apply_data_relocs sorts before __wasm_call_ctors
    assert len(set(plan.initialise)) == len(plan.initialise)
    wanted = {
        (index, name)
        for index, each in enumerate(scope.libraries)
        for name in (abi.APPLY_DATA_RELOCS, abi.CALL_CTORS)
        if name in each.module.exports_by_name
    }
    assert {(call.module, call.export) for call in plan.initialise} == wanted
    assert lay_out(scope, stack_bytes).heap_base == plan.memory.heap_base
    ctors = [call.module for call in plan.initialise if call.export == abi.CALL_CTORS]
    assert ctors == [index for index in plan.instantiate if index in ctors]


def test_the_module_of_the_plan_knows_its_file() -> None:
    dylink = Dylink(needed=())
    exports = (Export("g", "global", 0),)
    spec = ModuleSpec(imports=(Import("env", "__memory_base", GlobalType("i32")),), exports=exports, dylink=dylink)
    (module,) = plan_of(library("a", spec, identity="/somewhere/a.so")).modules
    assert (module.name, module.path) == ("a", "a.so")
