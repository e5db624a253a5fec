"""What is said of undefined imports: one by one while there are few, by module where there are many."""

from __future__ import annotations

from linkvalues import I_I, II_I, function_import, library, scope_of
from msgspec.structs import replace

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.explain.findings import findings as findings_of
from wasmbuild.link.decide import decide
from wasmbuild.link.interface import abi_hash
from wasmbuild.link.scope import Library


class Known:
    """A knowledge that knows one recipe and one header."""

    def exporters(self, name: str) -> tuple[str, ...]:
        return (f"recipe `libpng` exports it: {name}",) if name.startswith("png_") else ()

    def declarations(self, name: str, importer: str, exporter: str) -> tuple[tuple[str, str], ...]:
        return (("importer sees", f"int {name}(void);  {importer}"), ("exporter has", f"{exporter}"))


def findings(*libraries: Library) -> tuple[Diagnostic, ...]:
    return findings_of(decide(scope_of(*libraries), {}), knowledge=Known())


def test_what_is_known_to_export_a_symbol_is_the_help() -> None:
    (finding,) = findings(library("a.wasm", needed=("b",), imports=(function_import("png_read"),)), library("b"))
    assert finding.help == ("recipe `libpng` exports it: png_read",)


def test_without_knowledge_of_it_a_near_name_is_the_help() -> None:
    root = library("a.wasm", needed=("b",), imports=(function_import("infalte"),))
    (finding,) = findings(root, library("b", functions={"inflate": I_I}))
    assert finding.help == ("did you mean `inflate`?",)


def test_the_chain_of_who_needs_the_importer() -> None:
    root = library("app", needed=("a.so",))
    (finding,) = findings(root, library("a.so", needed=("b.so",)), library("b.so", imports=(function_import("gone"),)))
    assert finding.facts[1] == ("needed by", "a.so, needed by app")


def test_a_mismatch_shows_how_both_sides_declare_it() -> None:
    root = library("a", needed=("b",), imports=(function_import("f", II_I),))
    (finding,) = findings(root, library("b", functions={"f": I_I}))
    assert finding.facts[-2:] == (("importer sees", "int f(void);  /lib/a"), ("exporter has", "/lib/b"))


def many(count: int, prefix: str = "f", module: str = "env"):  # type: ignore[no-untyped-def]
    return tuple(function_import(f"{prefix}{i}", module=module) for i in range(count))


def test_eight_are_said_each_and_nine_together() -> None:
    assert len(findings(library("a.so", imports=many(8)))) == 8
    (finding,) = findings(library("a.so", imports=many(9)))
    assert finding.headline == "undefined: 9 symbols"
    assert finding.facts[1][1].endswith("`f7`\nand 1 more")


def test_only_what_the_same_modules_lack_is_said_together() -> None:
    root = library("app", needed=("a.so", "b.so"))
    both = many(2, "both")
    found = findings(root, library("a.so", imports=(*both, *many(9))), library("b.so", imports=both))
    assert [finding.headline for finding in found] == [
        "undefined symbol: `both0`",
        "undefined symbol: `both1`",
        "undefined: 9 symbols",
    ]


def test_a_side_module_of_emscripten_is_called_so() -> None:
    (finding,) = findings(library("side.wasm", imports=(*many(20), function_import("emscripten_notify"))))
    assert finding.notes == ("`side.wasm` is an Emscripten side module: its main module supplies what it imports",)


def test_a_library_that_needs_nobody_is_said_to_expect_a_main_module() -> None:
    (finding,) = findings(library("side.wasm", imports=(function_import("iswalpha"),)))
    assert finding.notes[0].startswith("`side.wasm` needs no library: it expects what it imports from a main module")


def test_a_library_that_needs_others_expects_nothing_from_a_main_module() -> None:
    (finding,) = findings(library("a.so", needed=("b.so",), imports=(function_import("gone"),)), library("b.so"))
    assert finding.notes == ()


def test_modules_of_wasi_preview_2_are_one_finding() -> None:
    imports = (*many(5, module="wasi:io/error@0.2.0"), *many(5, module="wasi:io/poll@0.2.0"))
    (finding,) = findings(library("a.so", imports=imports))
    assert finding.headline == "undefined: 10 imports from `wasi`"
    assert finding.facts[1][1].startswith("`wasi:io/error@0.2.0.f0`\n")
    assert "WASI preview 2" in finding.notes[0]


def test_a_long_cpp_name_in_a_list_is_cut() -> None:
    name = "_ZNSt3__26vectorINS_12basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEEENS4_IS6_EEE9push_backEOS6_"
    (finding,) = findings(library("a.so", imports=(function_import(name), *many(9))))
    assert max(len(line) for line in finding.facts[1][1].split("\n")) <= 92


def test_a_line_break_in_a_name_is_no_line_of_a_list() -> None:
    names = [function_import(f"f{n}\n  searched: everywhere") for n in range(9)]
    (found,) = findings(library("app\nx", imports=names, standard=()))
    facts = dict(found.facts)
    assert len(facts["undefined"].split("\n")) == 9
    assert r"`f0\n  searched: everywhere`" in facts["undefined"]


def test_only_so_many_libraries_of_a_scope_are_named() -> None:
    others = [library(f"lib{n}.so") for n in range(30)]
    root = library("app", needed=[each.name for each in others], imports=[function_import("f")], standard=())
    (found,) = findings(root, *others)
    assert dict(found.facts)["searched"].endswith("lib23.so and 6 more")


def linked(root: Library, **hashes: str) -> Library:
    return replace(root, linked_against={f"{name}.so": hash_ for name, hash_ in hashes.items()})


def test_a_library_that_was_replaced_is_named_with_both_hashes() -> None:
    library_b, other = library("libb.so", functions={"f": I_I}), library("libb.so", functions={"f": I_I, "g": I_I})
    was, is_ = abi_hash(other.module), abi_hash(library_b.module)
    root = linked(library("app", needed=("libb.so",), imports=(function_import("g"),)), libb=was)
    (finding,) = findings(root, library_b)
    note = f"`app` was linked against another build of `libb.so` (abi {was}); the one found is {is_}"
    assert finding.notes == (note,)
    (finding,) = findings(linked(root, libb=is_), library_b)
    assert finding.notes == ()
    assert findings(root, other) == ()


def test_a_mismatch_says_it_too() -> None:
    root = linked(library("app", needed=("libb.so",), imports=(function_import("f", II_I),)), libb="00aa")
    (finding,) = findings(root, library("libb.so", functions={"f": I_I}))
    assert finding.code == "signature-mismatch"
    assert finding.notes[0].startswith("`app` was linked against another build of `libb.so` (abi 00aa); ")


def test_a_missing_function_of_libc_says_which_libc() -> None:
    libc = library("libc.so", functions={"puts": I_I})
    root = linked(library("app", needed=("libc.so",), imports=(function_import("fork"),)), libc="1a2b3c4d5e6f")
    (finding,) = findings(root, libc)
    assert finding.code == "not-in-wasi"
    assert "`libc.so` (abi 1a2b3c4d5e6f)" in finding.notes[0]


def test_who_did_not_write_it_down_says_nothing_and_many_are_counted() -> None:
    needed = tuple(f"l{i}.so" for i in range(5))
    root = library("app", needed=needed, imports=(function_import("gone"),))
    others = [library(name) for name in needed]
    (finding,) = findings(root, *others)
    assert finding.notes == ()
    (finding,) = findings(linked(root, **{f"l{i}": "0" for i in range(5)}, gone="1"), *others)
    assert [note.rpartition(" ")[2] for note in finding.notes] == [*[abi_hash(others[0].module)] * 3, "too"]
    assert finding.notes[-1] == "2 more libraries are other builds too"
