"""The link driver with the real wasm-ld: what it makes, what it refuses, and how it explains the linker's words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec import to_builtins
from msgspec.structs import replace
from projects import compile_c, toolchain

from wasmbuild.builder.linkerrors import explain, source_of
from wasmbuild.builder.linkspec import CheckSpec, LinkSpec, Root, read_check_spec, read_link_spec
from wasmbuild.builder.linkstep import link
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.link.interface import abi_hash
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.own import carried_abi, data_bytes, linked_against, own_facts

BASE = LinkSpec(
    output="out/libz.so", kind="library", static=False, name="z", objects=(), exports=None, imports=(),
    interpose=(), libraries=(),
    archives=(), start=None, rpath=(), clang=(), wasm_ld=(), ldflags=(), strip="debug", compiler="zig clang 21.1.0",
    has_standard_exceptions=True, without_exceptions=False, stack_bytes=None, initial_bytes=None, max_bytes=None,
    exports_at="wasmbuild.yaml:1:1", requires_at="wasmbuild.yaml:2:2", target_at="wasmbuild.yaml:3:3",
    cflags_at="wasmbuild.yaml:4:4",
)  # fmt: skip


def objects(folder: Path, **codes: str) -> tuple[tuple[str, str], ...]:
    return tuple((compile_c(folder, name, code), f"src/{name}.c") for name, code in codes.items())


def run(folder: Path, spec: LinkSpec) -> Path:
    output = folder / spec.output
    order = folder / "obj" / output.name / "link.json"
    order.parent.mkdir(parents=True, exist_ok=True)
    order.write_text(json.dumps(to_builtins(replace(spec, output=str(output), wasm_ld=toolchain().wasm_ld))))
    assert link(order) == ()
    assert not (order.parent / output.name).exists()
    return output


def fails(folder: Path, spec: LinkSpec) -> tuple[Diagnostic, ...]:
    with pytest.raises(WasmbuildError) as caught:
        run(folder, spec)
    assert not (folder / spec.output).exists()
    return caught.value.diagnostics


def exported(path: Path) -> set[str]:
    linkers_own = {"__wasm_call_ctors", "__wasm_apply_data_relocs"}
    return {export.name for export in decode(path.read_bytes(), str(path)).exports} - linkers_own


THREE = "int img_a(void) { return 1; } int img_b; int other(void) { return 2; } static int hidden(void) { return 3; }\n"
THREE += "int user(void) { return hidden() + img_a(); }"


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (None, {"img_a", "img_b", "other", "user"}),
        (("*",), {"img_a", "img_b", "other", "user"}),
        (("img_*",), {"img_a", "img_b"}),
        (("img_[a]", "us?r"), {"img_a", "user"}),
        (("other",), {"other"}),
        ((), set()),
    ],
)
def test_exports_are_what_the_patterns_match(
    tmp_path: Path, patterns: tuple[str, ...] | None, expected: set[str]
) -> None:
    output = run(tmp_path, replace(BASE, objects=objects(tmp_path, a=THREE), exports=patterns))
    assert exported(output) == expected
    assert decode(output.read_bytes(), "z").dylink is not None


@pytest.mark.parametrize(
    ("pattern", "help_"),
    [("othr", "did you mean `other`?"), ("hidden", "a `static` function"), ("IMG_*", "a `static` function")],
)
def test_a_pattern_that_exports_nothing_is_refused(tmp_path: Path, pattern: str, help_: str) -> None:
    (finding,) = fails(tmp_path, replace(BASE, objects=objects(tmp_path, a=THREE), exports=("other", pattern)))
    assert finding.code == "no-export"
    assert finding.headline == f"nothing to export matches `{pattern}`"
    assert ("at", "wasmbuild.yaml:1:1") in finding.facts
    assert ("defined", "4 symbols: img_a, img_b, other, user") in finding.facts
    assert any(help_ in line for line in finding.help)


def test_an_object_that_is_not_position_independent_is_refused_with_relocation_and_symbol(tmp_path: Path) -> None:
    bad = compile_c(tmp_path, "bad", "static int table[9]; int *get(int i) { return &table[i]; }", "-fno-pic")
    (finding,) = fails(tmp_path, replace(BASE, objects=((bad, "src/bad.c"), *objects(tmp_path, good=THREE))))
    assert (finding.code, finding.headline) == ("not-pic", f"not position-independent: {bad}")
    relocation = dict(finding.facts)["relocation"]
    assert relocation.startswith("R_WASM_MEMORY_ADDR_")
    assert "against `" in relocation
    assert "table" in relocation
    assert finding.notes == ("flags come from wasmbuild.yaml:4:4",)


def test_a_static_link_takes_an_object_that_is_not_position_independent(tmp_path: Path) -> None:
    bad = compile_c(tmp_path, "bad", "static int table[9]; int *get(int i) { return &table[i]; }", "-fno-pic")
    spec = replace(BASE, output="out/z.wasm", static=True, objects=((bad, "src/bad.c"),), exports=("get",))
    output = run(tmp_path, spec)
    assert decode(output.read_bytes(), "z").dylink is None


def test_an_undefined_symbol_names_the_users_sources_and_where_to_add_what(tmp_path: Path) -> None:
    library = run(
        tmp_path, replace(BASE, output="out/libb.so", objects=objects(tmp_path, b="int sum_all(void) { return 1; }"))
    )
    code = "int sum_al(void); int {0}(void) {{ return sum_al(); }}"
    spec = replace(
        BASE, objects=objects(tmp_path, **{name: code.format(name) for name in "cdefg"}), libraries=(str(library),)
    )
    (finding,) = fails(tmp_path, spec)
    assert (finding.code, finding.headline) == ("undefined-symbol", "undefined symbol: `sum_al`")
    facts = dict(finding.facts)
    assert facts["used by"] == "src/c.c\nsrc/d.c\nsrc/e.c\nand 2 more"
    assert facts["searched"] == "libb.so"
    assert finding.help[0] == "did you mean `sum_all`?"
    assert "`requires` at wasmbuild.yaml:2:2" in finding.help[1]


def test_what_a_library_of_the_project_defines_and_does_not_export_is_named_with_its_source(tmp_path: Path) -> None:
    inner = "__attribute__((noinline)) static int kept(void) { static volatile int n; return n++; }"
    code = f"int foo(void) {{ return 1; }} int bar(void) {{ return 2; }} {inner} int open_x(void) {{ return kept(); }}"
    order = tmp_path / "out" / "obj" / "library-x" / "link.json"
    order.parent.mkdir(parents=True)
    x = replace(
        BASE, output=str(tmp_path / "out/lib/libx.so"), name="x", objects=objects(tmp_path, x=code),
        exports=("open_*",), wasm_ld=toolchain().wasm_ld, exports_at="wasmbuild.yaml:5:14",
    )  # fmt: skip
    order.write_text(json.dumps(to_builtins(x)))
    link(order)
    use = "int foo(void); int bar(void); int kept(void); int use(void) { return foo() + bar() + kept(); }"
    spec = replace(BASE, output="out/lib/libz.so", objects=objects(tmp_path, use=use), libraries=(x.output,))
    first, second, third = fails(tmp_path, spec)
    assert first.headline == "undefined symbol: `foo`"
    assert first.help == (
        "`libx.so` defines it, in src/x.c, but does not export it; add `foo` to `exports` at wasmbuild.yaml:5:14",
    )
    assert "add `bar` to `exports`" in second.help[0]
    assert third.help == ("src/x.c of `libx.so` defines it as `static`: nobody else can use it",)
    first, *_ = fails(tmp_path, replace(spec, libraries=()))
    assert first.help[0].endswith("`exports` at wasmbuild.yaml:5:14, and `x` to `requires` at wasmbuild.yaml:2:2")


def test_what_wasi_lacks_and_what_cpp_would_need_is_one_finding_for_each_reason(tmp_path: Path) -> None:
    code = (
        "int fork(void); int wait(int *); int eventfd(int); void _ZNSt3__15thingEv(void); void __cxa_get_globals(void);"
    )
    code += "int gone(void);"
    code += (
        "int use(int n) { _ZNSt3__15thingEv(); __cxa_get_globals(); return fork() + wait(&n) + eventfd(n) + gone(); }"
    )
    findings = fails(tmp_path, replace(BASE, objects=objects(tmp_path, a=code)))
    assert [finding.code for finding in findings].count("not-in-wasi") == 2
    assert sorted(finding.headline for finding in findings) == [
        "C++'s standard library is not among what is linked",
        "undefined symbol: `gone`",
        "undefined: `eventfd`: WASI preview 1 has descriptors of files and sockets alone",
        "undefined: `fork`, `wait`: WASI preview 1 has no processes",
    ]
    assert all(("used by", "src/a.c") in finding.facts for finding in findings)


def test_several_undefined_symbols_are_several_findings(tmp_path: Path) -> None:
    code = "int f(void); int g(void); int use(void) { return f() + g(); }"
    findings = fails(tmp_path, replace(BASE, objects=objects(tmp_path, a=code)))
    assert [finding.headline for finding in findings] == ["undefined symbol: `f`", "undefined symbol: `g`"]
    assert ("searched", "no library is required") in findings[0].facts


def test_many_undefined_symbols_with_one_cure_are_one_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WASMBUILD_CACHE", str(tmp_path / "cache"))
    names = [f"lua_f{i}" for i in range(9)] + [f"gone_{i}" for i in range(8)]
    code = "".join(f"int {name}(void);" for name in names) + f"int use(void) {{ return {'() + '.join(names)}(); }}"
    many, *each = fails(tmp_path, replace(BASE, objects=objects(tmp_path, a=code)))
    assert (many.code, many.headline) == ("undefined-symbol", "undefined: 9 symbols")
    facts = dict(many.facts)
    assert facts["undefined"].endswith("`lua_f7`\nand 1 more")
    assert facts["used by"] == "src/a.c"
    assert many.help == ("recipe `lua` exports it; add `lua` to `requires` at wasmbuild.yaml:2:2",)
    assert [finding.headline for finding in each] == [f"undefined symbol: `gone_{i}`" for i in range(8)]


def test_what_the_host_supplies_and_what_a_library_exports_is_not_undefined(tmp_path: Path) -> None:
    library = run(
        tmp_path, replace(BASE, output="out/libb.so", objects=objects(tmp_path, b="int one(void) { return 1; }"))
    )
    code = "int one(void); int host(void); int use(void) { return one() + host(); }"
    spec = replace(
        BASE, objects=objects(tmp_path, a=code), libraries=(str(library),), imports=("host",), rpath=("$ORIGIN",)
    )
    module = decode(run(tmp_path, spec).read_bytes(), "z")
    assert {"one", "host"} <= {import_.name for import_ in module.imports}
    assert module.dylink is not None
    assert module.dylink.needed == ("libb.so",)
    assert module.dylink.runtime_paths == ("$ORIGIN",)


def test_two_signatures_of_one_function_are_an_error_with_both_sides(tmp_path: Path) -> None:
    spec = replace(
        BASE,
        objects=objects(tmp_path, a="void f(long long x); void use(void) { f(1); }", b="int f(int x) { return x; }"),
    )
    (finding,) = fails(tmp_path, spec)
    assert (finding.code, finding.headline) == ("signature-mismatch", "signature mismatch: `f`")
    assert {value for _, value in finding.facts[:2]} == {"(i64) -> ()  in src/a.c", "(i32) -> i32  in src/b.c"}


def test_a_library_that_exports_another_signature_is_the_exporting_side(tmp_path: Path) -> None:
    library = run(
        tmp_path, replace(BASE, output="out/libb.so", objects=objects(tmp_path, b="int f(int x) { return x; }"))
    )
    spec = replace(
        BASE,
        objects=objects(tmp_path, a="int f(long long x); int use(void) { return f(1); }"),
        libraries=(str(library),),
    )
    (finding,) = fails(tmp_path, spec)
    assert finding.code == "signature-mismatch"
    assert dict(finding.facts)["declared as"] == "(i64) -> i32  in src/a.c"
    assert dict(finding.facts)["exported as"] == f"(i32) -> i32  in {library}"


def test_a_symbol_defined_twice_names_both_sources(tmp_path: Path) -> None:
    spec = replace(BASE, objects=objects(tmp_path, a="int f(void) { return 1; }", b="int f(void) { return 2; }"))
    (finding,) = fails(tmp_path, spec)
    assert (finding.code, finding.headline) == ("duplicate-symbol", "duplicate symbol: `f`")
    assert dict(finding.facts)["defined in"] == "src/a.c\nsrc/b.c"


def test_a_file_that_is_not_there_is_in_the_message(tmp_path: Path) -> None:
    spec = replace(BASE, objects=objects(tmp_path, a=THREE), libraries=(str(tmp_path / "libgone.so"),))
    (finding,) = fails(tmp_path, spec)
    assert finding.code == "link-failed"
    assert "libgone.so" in dict(finding.facts)["it said"]


def test_an_option_that_wasm_ld_does_not_know_is_in_the_message(tmp_path: Path) -> None:
    (finding,) = fails(tmp_path, replace(BASE, objects=objects(tmp_path, a=THREE), ldflags=("--no-such-thing",)))
    assert "--no-such-thing" in dict(finding.facts)["it said"]


def test_words_that_are_not_known_are_passed_on_whole() -> None:
    errors, warnings = explain(
        "wasm-ld: error: the moon is full\n>>> in the sky\nwasm-ld-19: warning: clouds\nnot of the linker\n"
        "wasm-ld: warning: creating shared libraries, with -shared, is not yet stable\n",
        BASE,
    )
    assert [dict(error.facts)["it said"] for error in errors] == ["the moon is full\n>>> in the sky"]
    assert [dict(warning.facts)["it said"] for warning in warnings] == ["clouds\nnot of the linker"]
    assert [warning.severity for warning in warnings] == ["warning"]
    assert explain("", BASE) == ([], [])


def test_an_objects_source_is_shown_in_its_place() -> None:
    spec = replace(BASE, objects=(("obj/a.o", "a.c"),))
    assert source_of("obj/a.o", spec) == "a.c"
    assert source_of("libz.so", spec) == "libz.so"


def test_setjmp_with_an_old_compiler_is_refused_by_the_source(tmp_path: Path) -> None:
    code = "int setjmp(long *) __attribute__((returns_twice)); long b[40]; void f(void);\n"
    code += "int g(void) { if (setjmp(b)) return 1; f(); return 0; }"
    flags = ("-mllvm", "-wasm-enable-sjlj", "-mexception-handling", "-mllvm", "-wasm-use-legacy-eh=false")
    old = replace(BASE, has_standard_exceptions=False, compiler="llvm clang 18.1.3")
    (finding,) = fails(tmp_path, replace(old, objects=((compile_c(tmp_path, "j", code, *flags), "src/j.c"),)))
    assert (finding.code, finding.headline) == (
        "needs-exceptions",
        "setjmp or exceptions need LLVM 20 or later: src/j.c",
    )
    assert ("compiled by", "llvm clang 18.1.3") in finding.facts


def test_a_programs_stack_is_written_into_it_and_its_memory_is_imported(tmp_path: Path) -> None:
    spec = replace(
        BASE, output="out/p.wasm", kind="program", exports=(), stack_bytes=65536, initial_bytes=131073,
        max_bytes=1 << 20,
        objects=objects(tmp_path, m="void _start(void) {}"),
    )  # fmt: skip
    data = run(tmp_path, spec).read_bytes()
    module = decode(data, "p")
    assert any(import_.name == "memory" for import_ in module.imports)
    assert abi.OWN_SECTION.encode() in data
    assert b'{"stack_bytes": 65536}' in data


def test_a_library_carries_a_hash_of_what_it_offers_and_who_needs_it_writes_it_down(tmp_path: Path) -> None:
    z = run(tmp_path, replace(BASE, output="out/libz.so", objects=objects(tmp_path, z=THREE), exports=("img_*",)))
    facts = own_facts(data := z.read_bytes(), module := decode(data))
    assert facts == {"abi": abi_hash(module), "data_bytes": [4]}
    assert data_bytes(facts, module) == {"img_b": 4}
    assert carried_abi(data) == abi_hash(module)
    code = "int img_a(void); int user(void) { return img_a(); }"
    spec = replace(BASE, output="out/libu.so", objects=objects(tmp_path, u=code), libraries=(str(z),))
    facts = own_facts(data := run(tmp_path, spec).read_bytes(), decode(data))
    assert linked_against(facts) == {"libz.so": abi_hash(module)}


def test_the_hash_is_of_names_and_types_and_of_nothing_else(tmp_path: Path) -> None:
    variants = {
        "same": THREE.replace("return 1", "return 11"),
        "larger": THREE.replace("int img_b", "int img_b[3]"),
        "other": THREE.replace("int img_a(void)", "int img_a(int x)").replace("img_a()", "img_a(1)"),
        "more": THREE + "int img_c;",
    }
    hashes = {}
    for name, code in {"first": THREE, **variants}.items():
        folder = tmp_path / name
        folder.mkdir()
        output = run(folder, replace(BASE, objects=objects(folder, a=code), exports=("img_*",)))
        hashes[name] = carried_abi(output.read_bytes())
    assert hashes["first"] == hashes["same"] == hashes["larger"]
    assert len({hashes["first"], hashes["other"], hashes["more"], None}) == 4


def test_names_with_quotes_and_blanks_reach_the_linker(tmp_path: Path) -> None:
    folder = tmp_path / 'a "b\\ c'
    folder.mkdir()
    output = run(folder, replace(BASE, objects=objects(folder, a=THREE), exports=("other",)))
    assert exported(output) == {"other"}


def test_the_same_link_again_leaves_the_output_untouched(tmp_path: Path) -> None:
    spec = replace(BASE, objects=objects(tmp_path, a=THREE))
    before = run(tmp_path, spec).stat()
    after = run(tmp_path, spec).stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_numbers_take_no_more_bytes_than_they_need_unless_somebody_has_written_down_where_they_are(
    tmp_path: Path,
) -> None:
    spec = replace(BASE, objects=objects(tmp_path, a="int data; int *where(void) { return &data; }"))

    def code_bytes(**changes: object) -> int:
        return decode(run(tmp_path, replace(spec, **changes)).read_bytes()).code_size_bytes

    assert code_bytes() == code_bytes(strip="all") < code_bytes(strip="nothing")
    code_bytes(ldflags=("--emit-relocs",))
    assert "compress" not in (tmp_path / "obj/libz.so/link.rsp").read_text()


def test_orders_survive_being_written_and_read(tmp_path: Path) -> None:
    spec = replace(BASE, objects=(("o", "s"),), exports=("a", "b"), stack_bytes=1)
    (tmp_path / "link.json").write_text(json.dumps(to_builtins(spec)))
    assert read_link_spec(tmp_path / "link.json") == spec
    check = CheckSpec((Root("a", ("b",)), Root("c", ())), ("d",))
    (tmp_path / "check.json").write_text(json.dumps(to_builtins(check)))
    assert read_check_spec(tmp_path / "check.json") == check


PROGRAM = replace(BASE, output="out/p.wasm", kind="program", name="p", exports=())


def test_a_program_without_main_is_refused_where_it_stands_in_the_manifest(tmp_path: Path) -> None:
    (finding,) = fails(tmp_path, replace(PROGRAM, objects=objects(tmp_path, a="int mian(void) { return 0; }")))
    assert (finding.code, finding.headline) == ("no-main", "a program without `main`: `p`")
    assert ("at", "wasmbuild.yaml:3:3") in finding.facts
    assert ("looked in", "src/a.c") in finding.facts
    assert "`_start`" in finding.help[0]


def test_with_libc_the_main_of_a_library_counts_and_libcs_stand_in_does_not(tmp_path: Path) -> None:
    """libc's start code calls `__main_void`; that of libc.so calls the `main` of whoever has one."""
    start = compile_c(tmp_path, "crt", "int __main_void(void); void _start(void) { __main_void(); }")
    stand_in = "__attribute__((weak)) int __main_void(void) { return 0; }"
    runner = stand_in + "int __main_argc_argv(int c, char **v) { return c + !v; }"
    libraries = {}
    for name, code in {"libc.so": stand_in, "runner.so": runner}.items():
        spec = replace(BASE, output=f"out/{name}", objects=objects(tmp_path, **{name[:-3]: code}))
        libraries[name] = str(run(tmp_path, spec))
    spec = replace(PROGRAM, objects=objects(tmp_path, a="int other;"), start=start, libraries=(libraries["libc.so"],))
    (finding,) = fails(tmp_path, spec)
    assert (finding.code, finding.help[0]) == ("no-main", "add the source that defines `main` to its `sources`")
    run(tmp_path, replace(spec, libraries=tuple(libraries.values())))
