"""What each import is bound to: by name first, then the types are compared."""

from __future__ import annotations

import pytest
from linkvalues import GOT, I_I, II_I, NOTHING, STANDARD, function_import, got_func, got_mem, library, scope_of

from wasmbuild.link.resolve import (
    LOADER_ADDRESSES,
    Address,
    AddressOfHost,
    Binding,
    Definition,
    Host,
    OfHost,
    OfWasi,
    Problem,
    Provided,
    WeakUndefined,
    resolve,
    symbol_table,
)
from wasmbuild.link.scope import Library
from wasmbuild.wasm import abi
from wasmbuild.wasm.encode import ModuleSpec
from wasmbuild.wasm.module import (
    Dylink,
    Export,
    ExternType,
    FuncType,
    GlobalType,
    Import,
    Limits,
    MemoryType,
    TableType,
    TagType,
)


def bind(import_: Import, *others: Library, host: Host | None = None, weak: bool = False) -> Binding | Problem:
    """What a root's one import is bound to, with these libraries needed in this order."""
    weak_names = (import_.name,) if weak else ()
    root = library("root", needed=[each.name for each in others], imports=(import_,), weak=weak_names, standard=())
    ((binding,), *_) = resolve(scope_of(root, *others), host or {}).bindings
    return binding


def definition(binding: Binding | Problem) -> tuple[int, str]:
    assert isinstance(binding, Definition), binding
    return binding.library, binding.export.name


def test_the_first_definition_in_the_scope_wins() -> None:
    first, second = (library(name, functions={"f": I_I}) for name in ("first", "second"))
    assert definition(bind(function_import("f"), first, second)) == (1, "f")


def test_the_root_wins_over_what_it_needs() -> None:
    root = library("root", needed=("lib",), functions={"f": I_I})
    lib = library("lib", functions={"f": I_I}, imports=(function_import("f"),), standard=())
    bindings = resolve(scope_of(root, lib), {}).bindings
    assert definition(bindings[1][0]) == (0, "f")


def test_a_module_may_import_what_it_defines_itself() -> None:
    root = library("root", functions={"f": I_I}, imports=(function_import("f"),), standard=())
    assert definition(resolve(scope_of(root), {}).bindings[0][0]) == (0, "f")


def test_a_library_finds_what_it_does_not_need_itself() -> None:
    """The scope is one for the process, as in ELF."""
    root = library("root", needed=("user", "provider"))
    user = library("user", imports=(function_import("f"),), standard=())
    provider = library("provider", functions={"f": I_I})
    assert definition(resolve(scope_of(root, user, provider), {}).bindings[1][0]) == (2, "f")


@pytest.mark.parametrize(
    ("imported", "exporter", "code", "has"),
    [
        (function_import("f", II_I), {"functions": {"f": I_I}}, "mismatch", "(i32) -> i32"),
        (function_import("f", I_I), {"data": {"f": 0}}, "wrong-kind", "global i32"),
        (got_mem("f"), {"functions": {"f": I_I}}, "wrong-kind", "(i32) -> i32"),
        (got_func("f"), {"data": {"f": 0}}, "wrong-kind", "global i32"),
        (got_mem("f"), {"tags": {"f": NOTHING}}, "wrong-kind", "tag ()"),
        (Import("env", "f", TagType(FuncType(("i32",)))), {"tags": {"f": NOTHING}}, "mismatch", "tag ()"),
    ],
)
def test_a_type_that_differs_is_an_error_of_its_own_and_never_not_found(
    imported: Import, exporter: dict[str, object], code: str, has: str
) -> None:
    problem = bind(imported, library("lib", **exporter))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.has) == (code, has)
    assert definition(problem.definition) == (1, "f")  # type: ignore[arg-type]


def test_a_mismatch_does_not_fall_through_to_a_later_definition_that_would_fit() -> None:
    wrong, right = library("wrong", functions={"f": II_I}), library("right", functions={"f": I_I})
    problem = bind(function_import("f"), wrong, right)
    assert isinstance(problem, Problem)
    assert problem.code == "mismatch"


def test_a_tag_is_bound_to_the_library_that_defines_it() -> None:
    tag = FuncType(("i32",))
    binding = bind(Import("env", "__c_longjmp", TagType(tag)), library("libc.so", tags={"__c_longjmp": tag}))
    assert definition(binding) == (1, "__c_longjmp")


@pytest.mark.parametrize(
    ("import_", "bound_to"),
    [
        (function_import("f"), WeakUndefined("f")),
        (got_func("f"), Address("func", "f", None)),
        (got_mem("f"), Address("mem", "f", None)),
    ],
)
def test_weak_and_undefined_is_no_error_but_strong_and_undefined_is(import_: Import, bound_to: Binding) -> None:
    assert bind(import_, weak=True) == bound_to
    problem = bind(import_)
    assert isinstance(problem, Problem)
    assert problem.code in ("undefined", "unsupported")


def test_weak_and_defined_is_bound_to_the_definition() -> None:
    lib = library("lib", functions={"f": I_I})
    assert definition(bind(function_import("f"), lib, weak=True)) == (1, "f")


@pytest.mark.parametrize(
    ("kind", "import_", "exporter"),
    [
        ("func", got_func("x"), {"functions": {"x": I_I}}),
        ("mem", got_mem("x"), {"data": {"x": 8}}),
    ],
)
def test_a_got_entry_is_bound_to_the_definition(kind: str, import_: Import, exporter: dict[str, object]) -> None:
    binding = bind(import_, library("lib", **exporter))
    assert isinstance(binding, Address)
    assert (binding.kind, binding.name) == (kind, "x")
    assert binding.definition is not None
    assert binding.definition.library == 1


@pytest.mark.parametrize("type_", [GlobalType("i64", True), I_I])
def test_a_got_entry_that_is_no_i32_global_is_refused(type_: ExternType) -> None:
    problem = bind(Import(abi.GOT_MEM, "x", type_), library("lib", data={"x": 0}))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.has) == ("unsupported", "a GOT entry is a mutable global of type i32")


def test_what_the_loader_makes_is_provided() -> None:
    root = library("root")
    assert resolve(scope_of(root), {}).bindings == (
        (
            Provided("memory"),
            Provided("table"),
            Provided("stack_pointer"),
            Provided("memory_base"),
            Provided("table_base"),
        ),
    )
    assert [i.name for i in STANDARD] == [i.name for i in root.module.imports]


@pytest.mark.parametrize(
    ("import_", "because"),
    [
        (Import("env", "memory", MemoryType(Limits(1, 2), shared=True)), "unshared 32-bit memory"),
        (Import("env", "memory", MemoryType(Limits(1), is64=True)), "unshared 32-bit memory"),
        (Import("env", "memory", MemoryType(Limits(1), page_size_p2=0)), "unshared 32-bit memory"),
        (Import("env", "__indirect_function_table", TableType("externref", Limits(0))), "32-bit table of funcref"),
        (Import("env", "__indirect_function_table", TableType("funcref", Limits(0), is64=True)), "table of funcref"),
    ],
)
def test_a_memory_or_table_that_the_process_does_not_have_is_refused(import_: Import, because: str) -> None:
    problem = bind(import_)
    assert isinstance(problem, Problem)
    assert problem.code == "unsupported"
    assert because in problem.has


@pytest.mark.parametrize(
    "import_",
    [
        Import("env", abi.STACK_POINTER, GlobalType("i64", True)),
        Import("env", abi.MEMORY_BASE, GlobalType("i32", True)),
        Import("env", abi.TABLE_BASE, GlobalType("i64")),
    ],
)
def test_a_provided_global_of_another_type_is_not_provided(import_: Import) -> None:
    assert isinstance(bind(import_), Problem)


@pytest.mark.parametrize("name", LOADER_ADDRESSES)
def test_addresses_of_the_process_come_from_the_loader_even_where_a_library_exports_them(name: str) -> None:
    lib = library("lib", data={name: 4})
    assert bind(got_mem(name), lib) == Address("mem", name, None)


@pytest.mark.parametrize("name", sorted(abi.LINKER_SYMBOLS | {"_start", "_initialize"}))
def test_linker_made_symbols_and_entry_points_never_join_the_scope(name: str) -> None:
    lib = library("lib", functions={name: NOTHING, "f": I_I})
    assert set(symbol_table(scope_of(lib))) == {"f"}
    problem = bind(function_import(name, NOTHING), lib)
    assert isinstance(problem, Problem)
    assert problem.code in ("undefined", "unsupported")


def test_the_symbol_table_has_all_definitions_in_the_scopes_order() -> None:
    root = library("root", needed=("a", "b"))
    others = [library(name, functions={"f": I_I}) for name in ("a", "b")]
    table = symbol_table(scope_of(root, *others))
    assert [each.library for each in table["f"]] == [1, 2]


@pytest.mark.parametrize(
    ("name", "type_", "bound_to"),
    [
        ("fd_close", I_I, OfWasi("fd_close")),
        ("proc_exit", FuncType(("i32",)), OfWasi("proc_exit")),
        ("fd_close", II_I, "mismatch"),
        ("proc_exit", I_I, "mismatch"),
        ("fd_frobnicate", I_I, "undefined"),
    ],
)
def test_wasi_functions_are_known_by_name_and_type(name: str, type_: FuncType, bound_to: Binding | str) -> None:
    binding = bind(Import(abi.WASI_SNAPSHOT_PREVIEW1, name, type_))
    assert (binding.code if isinstance(binding, Problem) else binding) == bound_to


@pytest.mark.parametrize(
    ("host_type", "import_", "bound_to"),
    [
        (I_I, function_import("log"), OfHost("log")),
        (None, function_import("log"), OfHost("log")),
        (II_I, function_import("log"), "mismatch"),
        (I_I, got_func("log"), AddressOfHost("log")),
        (None, got_func("log"), AddressOfHost("log")),
        (I_I, got_mem("log"), "undefined"),
        (I_I, function_import("other"), "undefined"),
    ],
)
def test_host_functions_are_bound_by_name_and_by_type_where_it_is_known(
    host_type: FuncType | None, import_: Import, bound_to: Binding | str
) -> None:
    binding = bind(import_, host={"log": host_type})
    assert (binding.code if isinstance(binding, Problem) else binding) == bound_to


def test_the_hosts_function_wins_over_a_librarys() -> None:
    lib = library("lib", functions={"log": I_I})
    assert bind(function_import("log"), lib, host={"log": I_I}) == OfHost("log")


def test_an_unknown_module_of_imports_is_undefined() -> None:
    problem = bind(Import("js", "alert", I_I), library("lib", functions={"alert": I_I}))
    assert isinstance(problem, Problem)
    assert problem.code in ("undefined", "unsupported")


def test_the_type_of_an_export_that_is_an_import_passed_on_is_compared() -> None:
    passed_on = ModuleSpec(imports=(function_import("f"),), exports=(Export("g", "func", 0),), dylink=Dylink(needed=()))
    root = library(
        "root", needed=("middle", "lib"), imports=(function_import("g"), function_import("g", II_I)), standard=()
    )
    scope = scope_of(root, library("middle", passed_on), library("lib", functions={"f": I_I}))
    fits, differs = resolve(scope, {}).bindings[0]
    assert definition(fits) == (1, "g")
    assert isinstance(differs, Problem)


def test_problems_are_listed_and_a_resolution_that_fits_has_none() -> None:
    root = library("root", imports=(function_import("f"), got_mem("g")), standard=())
    resolution = resolve(scope_of(root), {})
    assert [problem.import_.name for problem in resolution.problems] == ["f", "g"]
    assert resolve(scope_of(library("root")), {}).problems == ()
    assert got_mem("g").type == GOT
