"""Manifests that want more than to be built: files written elsewhere, programs run, much work made of a few lines."""

from __future__ import annotations

import pytest
from manifests import accept, project_findings, recipe_findings, refused

TARGET = "name: x\nlibraries:\n  z:\n    sources: [z.c]\n    "
RECIPE = TARGET.replace("name: x", "name: x\nsource: [{path: .}]")


@pytest.mark.parametrize(
    "flags",
    [
        "-o, /tmp/x",
        "-o/tmp/x",
        "-MF, /tmp/x",
        "-MF/tmp/x",
        "-MJ/tmp/x",
        "-Wp,-MD,/tmp/x",
        "-Wa,-o,/tmp/x",
        "-save-temps=obj",
        "--serialize-diagnostics, x",
        "-serialize-diagnostics, x",
        "-fplugin=./x.so",
        "-fpass-plugin=./x.so",
        "-Xclang, -load, -Xclang, ./x.so",
        "-Xclang, -o, -Xclang, x",
        "-Xclang",
        "-mllvm, -info-output-file=/tmp/x",
        "-mllvm=-info-output-file=/tmp/x",
        "-mllvm, -load=x.so",
        "-B.",
        "-B, bin",
        "--config=x.cfg",
        "--config, x.cfg",
        '"@x"',
        '-include, "@x"',
        '"-include@x"',
        '"-I@x"',
        '"-D@x"',
        '"-U@x"',
        "-fcrash-diagnostics-dir=/tmp",
        "-gen-cdb-fragment-path, /tmp",
        "-gen-reproducer",
        "-fmodules",
        "-fmodules-cache-path=/tmp",
        "-fmodule-output=/tmp/x",
        "-ftime-trace=/tmp/x",
        "-foptimization-record-file=/tmp/x",
        "-fproc-stat-report=/tmp/x",
        "-fprofile-note=/tmp/x",
        "-module-dependency-dir, x",
        "-dumpdir, x",
        "-ccc-install-dir, x",
        "-fno-integrated-as",
        "-fuse-ld=./x",
        "-cc1",
        "-###",
        "other.c",
        '""',
        "--, x",
        "-I",
        "-include, -o",
    ],
)
def test_a_flag_for_clang_that_names_a_file_to_write_or_a_program_to_run_is_refused(flags: str) -> None:
    for field in ("cflags", "cxxflags"):
        found = project_findings(f"{TARGET}{field}: [{flags}]")
        assert {finding.code for finding in found} == {"flag-not-allowed"}
        assert all(str(finding.at).startswith("some/wasmbuild.yaml:5:") for finding in found)
    assert {finding.code for finding in recipe_findings(f"{RECIPE}cflags: [{flags}]")} == {"flag-not-allowed"}
    assert {finding.code for finding in project_findings(f"name: x\ndefaults: {{cflags: [{flags}]}}")} == {
        "flag-not-allowed"
    }


@pytest.mark.parametrize(
    "flag",
    [
        "-o/tmp/x",
        "-o",
        "-Map=/tmp/x.map",
        "--Map=x.map",
        "-Map=build/../x.map",
        "-Map=build/build.ninja",
        "--reproduce=x.tar",
        "--why-extract=x",
        "--save-temps",
        "--thinlto-cache-dir=/tmp",
        "-mllvm=-info-output-file=x",
        "-mllvm",
        "-lto-obj-path=/tmp/x",
        "--lto-obj-path=/tmp/x",
        "-load-pass-plugin=x.so",
        "--load-pass-plugin=x.so",
        "@x",
        "-Wl,-Map=/tmp/x.map",
        "-Wl,--gc-sections,@x",
        "-Wl,-o,x",
    ],
)
def test_a_flag_for_the_linker_that_names_a_file_to_write_or_to_load_is_refused(flag: str) -> None:
    assert "flag-not-allowed" in {finding.code for finding in project_findings(f'{TARGET}ldflags: ["{flag}"]')}


@pytest.mark.parametrize(
    "line",
    [
        "cflags: [-O3, -g, -gdwarf-4, -Wall, -Wno-unused, -Wframe-larger-than=100, -fno-strict-aliasing, -msimd128]",
        "cflags: [-D, X=1, -include, a.h, -iquote, dir, -Iinclude, -fvisibility=default, -flto, -flto=thin]",
        "cflags: [-mllvm, -wasm-enable-sjlj, -Xclang, -target-feature, -Xclang, +simd128, -ffp-contract=off]",
        "cflags: [-std=gnu99, -pedantic-errors, -w, -fwrapv, -funsigned-char, -fno-pic, -fsanitize=undefined]",
        "cxxflags: [-fno-exceptions, -fno-rtti, -nostdinc++, -ftemplate-depth=99, -Wp64]",
        'ldflags: [-z, stack-size=9, --export=a, "-Wl,--gc-sections,-Map=build/z.map", --lto-O3, -u, n, lib/extra.o]',
    ],
)
def test_flags_that_say_how_code_is_compiled_pass(line: str) -> None:
    accept(TARGET + line)


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("headers: [a/b/../../x.h]", 15),
        ("headers: [ok.h, ../a/../x.h]", 21),
        ("include: [a/..]", 15),
        ("exclude: []\n    exports: {file: a/../x.sym}", None),
    ],
)
def test_dots_stand_only_at_the_start_of_a_path(line: str, column: int | None) -> None:
    (finding,) = project_findings(TARGET + line)
    assert finding.code == "bad-path"
    assert column is None or str(finding.at) == f"some/wasmbuild.yaml:5:{column}"


@pytest.mark.parametrize("line", ["headers: [../x.h]", "headers: [/x.h]", "include: [/usr/include]", "include: [..]"])
def test_a_recipe_stays_in_its_source(line: str) -> None:
    accept(TARGET + line)
    (finding,) = recipe_findings(RECIPE + line)
    assert finding.code == "outside"


@pytest.mark.parametrize(
    "line",
    [
        r'defines: {X: "a\nrule r\n  command = touch x"}',
        r'defines: {"X\ny": 1}',
        'defines: {"@more": null}',
        r'cflags: ["-DX=\n"]',
        r'include: ["a\nb"]',
        r'c_std: "c11\n"',
        r'exports: ["a\nb"]',
        r'interpose: ["a\nb"]',
        r'imports: ["a\rb"]',
    ],
)
def test_no_text_of_a_target_has_a_line_break(line: str) -> None:
    (finding,) = project_findings(TARGET + line)
    assert finding.code == "bad-text"


@pytest.mark.parametrize(
    "line",
    [
        r'files: {"a\0b": c}',
        r'files: {a: "b\0"}',
        r'env: {"A\0": b}',
        r'args: ["\0"]',
        r'stdin: "\0"',
    ],
)
def test_a_zero_byte_is_in_no_text(line: str) -> None:
    (finding,) = refused(f"name: x\ntests: [{{name: t, {line}}}]")
    assert finding.code == "wrong-value"


HUGE = "0x" + "f" * 20_000


@pytest.mark.parametrize(
    "line",
    [
        f"timeout_s: 1{'0' * 400}",
        f"timeout_s: {HUGE}",
        f"exit: {HUGE}",
        f"args: [{HUGE}]",
        f"returns: {HUGE}",
        f"memory_limit: {HUGE}",
        f"host: {{f: {{type: () -> i32, returns: {HUGE}}}}}",
    ],
)
def test_a_number_that_nothing_can_hold_is_refused_in_a_short_line(line: str) -> None:
    (finding,) = refused(f"name: x\ntests: [{{name: t, {line}}}]")
    assert finding.code == "wrong-value"
    assert len(str(finding)) < 300


def test_aliases_do_not_make_much_of_little() -> None:
    levels = "".join(f"  - &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    (finding,) = refused(f"name: x\ndefaults:\n  cflags: [&a0 [x], *a0]\n  include:\n{levels}")[:1]
    assert finding.code in ("wrong-type", "not-yaml")
    target = "sources: [a.c], include: [" + ", ".join(["x"] * 1000) + "]"
    aliases = "\n".join(f"  l{n}: *t" for n in range(1000))
    (finding,) = refused(f"name: x\nlibraries:\n  l: &t {{{target}}}\n{aliases}")
    assert finding.code == "not-yaml"
    assert "aliases" in finding.headline


def test_an_alias_is_the_value_that_it_names() -> None:
    document = accept("name: x\nlibraries:\n  a: &t {sources: [a.c], cflags: [-O1]}\n  b: *t")
    assert document.value.libraries["a"] == document.value.libraries["b"]


@pytest.mark.parametrize("memory", ["stack: 2GiB", "stack: 0", "initial: 5GiB", "max: 0", "max: 99999999999999999999"])
def test_a_memory_that_cannot_be_is_refused_and_not_left_out(memory: str) -> None:
    (finding,) = project_findings(f"name: x\nprograms: {{p: {{sources: [p.c], memory: {{{memory}}}}}}}")
    assert finding.code == "memory-limits"
    assert str(finding.at).startswith("some/wasmbuild.yaml:2:")
