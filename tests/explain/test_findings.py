"""What is said of a link that does not fit: the whole text, as a user reads it."""

from __future__ import annotations

import pytest
from linkvalues import I_I, II_I, NOTHING, function_import, got_func, got_mem, library, scope_of

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.explain.findings import findings as findings_of
from wasmbuild.explain.findings import symbol
from wasmbuild.link.decide import decide
from wasmbuild.link.layout import MAX_TABLE_ELEMENTS
from wasmbuild.link.resolve import Host
from wasmbuild.link.scope import Library
from wasmbuild.wasm.module import FuncType, Import, Limits, MemInfo, MemoryType, TableType, TagType


def findings(*libraries: Library, host: Host | None = None) -> tuple[Diagnostic, ...]:
    return findings_of(decide(scope_of(*libraries), host or {}))


def only(*libraries: Library, host: Host | None = None) -> str:
    (finding,) = findings(*libraries, host=host)
    return str(finding)


def test_what_fits_has_no_findings() -> None:
    root = library("app.wasm", needed=("lib.so",), imports=(function_import("f"), got_func("f"), got_mem("d")))
    assert findings(root, library("lib.so", functions={"f": I_I}, data={"d": 0})) == ()


def test_an_undefined_symbol_names_its_importer_its_type_and_what_was_searched() -> None:
    root = library("viewer.wasm", needed=("libc.so", "libz.so"), imports=(function_import("png_read", II_I),))
    assert only(root, library("libc.so"), library("libz.so")) == (
        "error: undefined symbol: `png_read`\n"
        "  imported by: viewer.wasm  (i32, i32) -> i32\n"
        "  searched:    libc.so, libz.so"
    )


def test_an_undefined_symbol_of_a_module_that_needs_nothing() -> None:
    assert only(library("a.wasm", imports=(got_mem("table"),))) == (
        "error: undefined symbol: `table`\n"
        "  imported by: a.wasm  (its address)\n"
        "  searched:    no library is needed\n"
        "note: `a.wasm` needs no library: it expects what it imports from a main module, "
        "as Emscripten's side modules do"
    )


def test_an_undefined_symbol_with_a_near_name_suggests_it() -> None:
    root = library("a.wasm", needed=("libz.so",), imports=(function_import("infalte_init"),))
    assert only(root, library("libz.so", functions={"inflate_init": I_I})).endswith(
        "\nhelp: did you mean `inflate_init`?"
    )


def test_a_cpp_name_is_shown_with_its_meaning() -> None:
    text = only(library("a.wasm", imports=(function_import("_ZN3foo3barEi"),)))
    assert text.startswith("error: undefined symbol: `foo::bar(int)` (_ZN3foo3barEi)\n")
    assert symbol("main") == "`main`"


def test_references_of_one_symbol_are_grouped_and_counted_after_three() -> None:
    users = [library(f"u{i}", imports=(function_import("gone"),)) for i in range(5)]
    root = library("root", needed=[each.name for each in users])
    assert only(root, *users) == (
        "error: undefined symbol: `gone`\n"
        "  imported by: u0  (i32) -> i32\n"
        "               u1  (i32) -> i32\n"
        "               u2  (i32) -> i32\n"
        "               and 2 more\n"
        "  needed by:   root\n"
        "  searched:    u0, u1, u2, u3, u4"
    )


def test_a_symbol_that_is_called_and_whose_address_is_taken_is_one_finding() -> None:
    text = only(library("a", imports=(function_import("gone"), got_func("gone"))))
    assert "imported by: a  (i32) -> i32\n               a  (its address)\n" in text


def test_an_import_from_a_module_that_nobody_knows_shows_its_type() -> None:
    assert only(library("a.so", imports=(function_import("alert", module="js"),))) == (
        "error: undefined import: `js.alert`\n"
        "  imported by: a.so  (i32) -> i32\n"
        "note: a module of imports that no loader here knows; a shared library imports from `env`"
    )


def test_a_signature_mismatch_shows_both_sides() -> None:
    root = library("viewer.wasm", needed=("libz.so",), imports=(function_import("gzseek", II_I),))
    assert only(root, library("libz.so", functions={"gzseek": I_I})) == (
        "error: signature mismatch: `gzseek`\n"
        "  imported as: (i32, i32) -> i32  by viewer.wasm\n"
        "  exported as: (i32) -> i32  by libz.so\n"
        "help: compile both against the same header"
    )


def test_a_mismatch_groups_importers_by_the_type_that_they_want() -> None:
    users = [library(f"u{i}", imports=(function_import("f", II_I if i else NOTHING),)) for i in range(5)]
    root = library("root", needed=[*(each.name for each in users), "lib"])
    (finding,) = findings(root, *users, library("lib", functions={"f": I_I}))
    assert finding.facts == (
        ("imported as", "() -> ()  by u0"),
        ("imported as", "(i32, i32) -> i32  by u1, u2, u3 and 1 more"),
        ("exported as", "(i32) -> i32  by lib"),
    )


@pytest.mark.parametrize(
    ("import_", "host"),
    [
        (Import("wasi_snapshot_preview1", "fd_close", II_I), {}),
        (function_import("fd_close", II_I), {"fd_close": I_I}),
    ],
)
def test_a_mismatch_with_what_is_not_in_a_library_names_the_host(import_: Import, host: Host) -> None:
    (finding,) = findings(library("a", imports=(import_,)), host=host)
    assert (finding.code, finding.facts[-1]) == ("signature-mismatch", ("exported as", "(i32) -> i32  by the host"))


def test_a_tag_mismatch_is_a_signature_mismatch() -> None:
    root = library("a", needed=("b",), imports=(Import("env", "t", TagType(FuncType(("i64",)))),))
    (finding,) = findings(root, library("b", tags={"t": FuncType(("i32",))}))
    assert (finding.code, finding.facts[-1]) == ("signature-mismatch", ("exported as", "tag (i32)  by b"))


def test_data_on_one_side_and_a_function_on_the_other() -> None:
    root = library("a.wasm", needed=("b.so",), imports=(got_mem("x"),))
    assert only(root, library("b.so", functions={"x": I_I})) == (
        "error: not the same kind of thing on both sides: `x`\n"
        "  imported as: data (its address)  by a.wasm\n"
        "  exported as: (i32) -> i32  by b.so\n"
        "help: declare it alike on both sides: a function, or data"
    )


def test_a_shared_memory_cannot_be_supplied() -> None:
    imported = Import("env", "memory", MemoryType(Limits(1, 65536), shared=True))
    assert only(library("a.so", standard=(), imports=(imported,))) == (
        "error: cannot be supplied: `memory`\n"
        "  imported by: a.so  shared memory 1..65536 pages\n"
        "  but:         the process has an unshared 32-bit memory"
    )


@pytest.mark.parametrize(
    ("needed", "needed_by_definer"),
    [
        pytest.param(("user", "definer"), (), id="the user does not need the definer"),
        pytest.param(("user",), ("user",), id="the definer is in a cycle and comes later"),
    ],
)
def test_a_tag_is_made_before_it_is_imported_or_the_check_says_that_it_cannot(
    needed: tuple[str, ...], needed_by_definer: tuple[str, ...]
) -> None:
    """A function may come later, for a stub can stand in for it; nothing can stand in for a tag."""
    tag = FuncType(("i32",))
    user = library("user", imports=(Import("env", "t", TagType(tag)),), standard=())
    definer = library("definer", needed=needed_by_definer, tags={"t": tag})
    # In the second case the root itself is the definer.
    libraries = (definer, user) if needed_by_definer else (library("root", needed=needed), user, definer)
    scope = scope_of(*libraries)
    decision = decide(scope, {})
    plan, found = decision.plan, findings_of(decision)
    if not found:
        assert plan is not None
        at = {each.name: plan.instantiate.index(index) for index, each in enumerate(scope.libraries)}
        assert at["definer"] < at["user"]


def test_duplicates_are_one_warning_for_each_pair_of_libraries() -> None:
    many = {f"f{i}": I_I for i in range(5)}
    root = library("a.wasm", needed=("one.so", "two.so", "three.so"))
    libraries = (library("one.so", functions=many), library("two.so", functions={**many, "g": I_I}))
    found = findings(root, *libraries, library("three.so", functions={"g": I_I}))
    assert [str(each) for each in found] == [
        "warning: defined more than once: `f0`, `f1`, `f2` and 2 more\n"
        "  used:   one.so\n"
        "  hidden: two.so\n"
        "help: leave it out of the `exports` of one of them",
        "warning: defined more than once: `g`\n"
        "  used:   two.so\n"
        "  hidden: three.so\n"
        "help: leave it out of the `exports` of one of them",
    ]


def test_errors_come_before_warnings() -> None:
    root = library("a", needed=("b",), functions={"f": I_I}, imports=(function_import("gone"),))
    found = findings(root, library("b", functions={"f": I_I}))
    assert [each.severity for each in found] == ["error", "warning"]


def limited(memory: Limits | None = None, table: Limits | None = None, **parts: object) -> Library:
    imports = [Import("env", "memory", MemoryType(memory))] if memory else []
    imports += [Import("env", "__indirect_function_table", TableType("funcref", table))] if table else []
    return library("a.wasm", standard=(), imports=imports, **parts)


def test_a_memory_limit_below_what_the_modules_need() -> None:
    root = limited(memory=Limits(0, 17), needed=("big.so",))
    big = library("big.so", mem_info=MemInfo(2 * 65536, 4))
    assert only(root, big) == (
        "error: limit too small: `memory` of `a.wasm`\n"
        "  at most: 17 pages of 64 KiB\n"
        "  needed:  18 pages of 64 KiB by the whole process\n"
        "help: raise `memory: {max: …}`, or leave it out"
    )


def test_a_memory_limit_that_is_just_enough() -> None:
    root = limited(memory=Limits(0, 18), needed=("big.so",))
    assert findings(root, library("big.so", mem_info=MemInfo(2 * 65536, 4))) == ()


def test_a_table_limit_below_what_the_modules_need() -> None:
    root = limited(table=Limits(0, 4), needed=("b.so",), mem_info=MemInfo(table_size=2))
    assert only(root, library("b.so", mem_info=MemInfo(table_size=2))) == (
        "error: limit too small: `__indirect_function_table` of `a.wasm`\n"
        "  at most: 4 elements\n"
        "  needed:  5 elements by the whole process"
    )


def test_table_entries_that_the_plan_adds_count_towards_the_table_limit() -> None:
    root = library(
        "a.wasm",
        needed=("b.so",),
        standard=(),
        imports=(Import("env", "__indirect_function_table", TableType("funcref", Limits(0, 1))), got_func("f")),
    )
    (finding,) = findings(root, library("b.so", functions={"f": I_I}))
    assert finding.code == "limit-too-small"


def test_more_memory_than_there_is() -> None:
    root = library("a.wasm", needed=("huge.so",), mem_info=MemInfo(1 << 31, 4))
    assert only(root, library("huge.so", mem_info=MemInfo((1 << 31) + 16, 4))) == (
        "error: more memory than a process can have\n"
        f"  needed:  {(1 << 20) + (1 << 32) + 16} bytes\n"
        f"  at most: {1 << 32} bytes\n"
        f"  largest: huge.so, {(1 << 31) + 16} bytes"
    )


def test_a_larger_table_than_there_is() -> None:
    root = library("a.wasm", mem_info=MemInfo(table_size=MAX_TABLE_ELEMENTS))
    assert only(root) == (
        "error: more table than a process can have\n"
        f"  needed:  {MAX_TABLE_ELEMENTS + 1} elements\n"
        f"  at most: {MAX_TABLE_ELEMENTS} elements\n"
        f"  largest: a.wasm, {MAX_TABLE_ELEMENTS} elements"
    )


def test_a_library_with_a_main_of_its_own_is_no_duplicate_of_libcs_stand_in() -> None:
    root = library("app.wasm", needed=("libmain.so", "libc.so"))
    own = library("libmain.so", functions={"__main_void": NOTHING, "main": NOTHING})
    assert findings(root, own, library("libc.so", functions={"__main_void": NOTHING})) == ()
    assert [f.code for f in findings(root, own, library("libc.so", functions={"main": NOTHING}))] == [
        "duplicate-symbol"
    ]
