"""Why a symbol is what it is: who uses it and how, who defines it, who wins by which rule."""

from __future__ import annotations

import pytest
from linkvalues import I_I, II_I, NOTHING, function_import, got_func, got_mem, library, scope_of
from msgspec import structs
from msgspec.structs import replace

from wasmbuild.explain.why import Explanation, explain, matching, names_of
from wasmbuild.link.resolve import Host
from wasmbuild.link.scope import Library
from wasmbuild.wasm import abi
from wasmbuild.wasm.module import Dylink, FuncType, Import, TagType


def why(symbol: str, *libraries: Library, host: Host | None = None) -> Explanation:
    (found,) = explain(scope_of(*libraries), host or {}, "root.wasm", (symbol,))
    return found


def test_the_first_in_the_scope_wins_and_the_others_are_hidden() -> None:
    found = why(
        "f",
        library("app", needed=("a.so", "b.so"), imports=(function_import("f"),)),
        library("a.so", needed=("c.so",)),
        library("b.so", functions={"f": I_I}),
        library("c.so", functions={"f": I_I}),
    )
    assert [(each.library, each.place, each.chain, each.status) for each in found.definitions] == [
        ("b.so", 3, ("app",), "used"),
        ("c.so", 4, ("a.so", "app"), "hidden"),
    ]
    assert found.verdict == "b.so wins: the first of 2 that define it, number 3 of 4 in the scope"
    assert found.scope == ("app", "a.so", "b.so", "c.so")
    assert found.fits


def test_a_program_that_interposes_wins_as_the_root() -> None:
    root = library("app", needed=("b.so",), functions={"malloc": I_I})
    found = why("malloc", root, library("b.so", functions={"malloc": I_I}, imports=(function_import("malloc"),)))
    assert found.verdict == "app wins: the first of 2 that define it, the root in the scope"
    assert [(use.library, use.bound_to) for use in found.uses] == [("b.so", "app")]


def test_every_way_of_importing_is_told_apart() -> None:
    tag = TagType(FuncType(("i32",)))
    root = library(
        "app",
        needed=("b.so",),
        imports=(function_import("f"), got_func("f"), got_mem("d"), Import("env", "t", tag)),
    )
    definer = library("b.so", functions={"f": I_I}, data={"d": 8}, tags={"t": tag.type})
    ways = {name: [use.how for use in why(name, root, definer).uses] for name in ("f", "d", "t")}
    assert ways == {"f": ["call", "address of function"], "d": ["address of data"], "t": ["tag"]}
    kinds = {name: why(name, root, definer).definitions[0].kind for name in ("f", "d", "t")}
    assert kinds == {"f": "function", "d": "data", "t": "tag"}


def test_a_mismatch_has_the_types_of_both_sides() -> None:
    root = library("app", needed=("b.so",), imports=(function_import("f", II_I),))
    found = why("f", root, library("b.so", functions={"f": I_I}))
    assert [(use.type, use.outcome, use.bound_to) for use in found.uses] == [
        ("(i32, i32) -> i32", "mismatch", "b.so"),
    ]
    assert found.definitions[0].type == "(i32) -> i32"
    assert not found.fits


def test_data_where_a_function_is_wanted() -> None:
    root = library("app", needed=("b.so",), imports=(function_import("x"),))
    (use,) = why("x", root, library("b.so", data={"x": 0})).uses
    assert (use.outcome, use.bound_to) == ("wrong-kind", "b.so")


@pytest.mark.parametrize(
    ("import_", "host", "supplier"),
    [
        (got_mem("__heap_base"), {}, "the loader"),
        (Import("wasi_snapshot_preview1", "sched_yield", FuncType((), ("i32",))), {}, "WASI"),
        (function_import("log", NOTHING), {"log": NOTHING}, "the host"),
        (got_func("log"), {"log": NOTHING}, "the host"),
    ],
)
def test_what_no_library_defines_may_be_supplied_from_outside(import_: Import, host: Host, supplier: str) -> None:
    found = why(import_.name, library("app", imports=(import_,)), host=host)
    assert (found.uses[0].bound_to, found.verdict) == (supplier, f"supplied by {supplier}")


def test_the_host_comes_before_every_library() -> None:
    root = library("app", needed=("b.so",), imports=(function_import("log", NOTHING),))
    found = why("log", root, library("b.so", functions={"log": NOTHING}), host={"log": None})
    assert found.verdict == "supplied by the host, whatever b.so defines"


def test_what_the_loader_makes_for_each_module() -> None:
    found = why("__memory_base", library("app"))
    assert (found.uses[0].how, found.verdict) == ("global", "supplied by the loader")


def test_nobody_defines_it() -> None:
    found = why("gone", library("app", imports=(function_import("gone"),)))
    assert (found.verdict, found.uses[0].outcome, found.fits) == ("nobody defines it", "undefined", False)


def test_weak_and_undefined_fits() -> None:
    found = why("may_be", library("app", imports=(function_import("may_be"), got_func("may_be")), weak=("may_be",)))
    assert found.verdict == "nobody defines it; it is weak: its address is 0, and a call to it traps"
    assert [(use.weak, use.outcome) for use in found.uses] == [(True, "weak"), (True, "weak")]
    assert found.fits


def test_what_nobody_imports() -> None:
    assert why("f", library("app", functions={"f": I_I})).verdict == "app defines it, and nobody imports it"


def test_a_name_that_describes_its_module_never_wins() -> None:
    root = library("app", needed=("b.so",), functions={"__wasm_call_ctors": NOTHING})
    found = why("__wasm_call_ctors", root, library("b.so", functions={"__wasm_call_ctors": NOTHING}))
    assert [each.status for each in found.definitions] == ["private", "private"]
    assert found.verdict.startswith("each module has its own")


def test_a_symbol_of_no_module_has_no_explanation() -> None:
    assert list(explain(scope_of(library("app")), {}, "app", ("f",))) == []


def test_libraries_that_need_each_other() -> None:
    a = library("a.so", needed=("b.so",), imports=(function_import("g"),), functions={"f": I_I})
    b = library("b.so", needed=("a.so",), imports=(function_import("f"),), functions={"g": I_I})
    assert [each.chain for each in why("g", a, b).definitions] == [("a.so",)]


NAMES = ("_ZN3foo3barEi", "_ZN3foo3barEd", "_ZNK3foo3bazEv", "_ZN3fooclEi", "_Z3onev", "plain", "_ZN12_GLOBAL__N_11fEv")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("plain", ("plain",)),
        ("_ZN3foo3barEi", ("_ZN3foo3barEi",)),
        ("foo::bar(int)", ("_ZN3foo3barEi",)),
        ("foo::bar( int )", ("_ZN3foo3barEi",)),
        ("foo::bar", ("_ZN3foo3barEd", "_ZN3foo3barEi")),
        ("foo::baz", ("_ZNK3foo3bazEv",)),
        ("foo::operator()", ("_ZN3fooclEi",)),
        ("(anonymous namespace)::f", ("_ZN12_GLOBAL__N_11fEv",)),
        ("one", ("_Z3onev",)),
        ("bar", ()),
        ("foo", ()),
    ],
)
def test_a_symbol_is_found_by_the_name_that_one_writes(wanted: str, found: tuple[str, ...]) -> None:
    assert matching(wanted, NAMES) == found


def test_the_names_of_a_scope_are_those_imported_and_exported() -> None:
    root = library("a", needed=("b",), imports=(function_import("f"),), standard=())
    assert names_of(scope_of(root, library("b", functions={"f": I_I, "g": I_I}, standard=()))) == {"f", "g"}


def test_a_name_that_its_flags_hide_is_its_owners_alone() -> None:
    owner = library("b.so", functions={"f": I_I})
    module = structs.replace(owner.module, dylink=Dylink(export_flags={"f": abi.HIDDEN}))
    owner = replace(owner, module=module)
    found = why("f", library("app", needed=("b.so",), imports=(function_import("f"),)), owner)
    assert [each.status for each in found.definitions] == ["private"]
    assert found.verdict == "defined for itself alone, by b.so: its flags say that it is hidden or local"
    assert not found.fits
