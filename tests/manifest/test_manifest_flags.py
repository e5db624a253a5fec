"""Flags: several in one entry, and what is meant for another linker."""

from __future__ import annotations

import pytest
from manifests import accept, project_findings, read, recipe_findings

from wasmbuild.manifest.check import warnings
from wasmbuild.manifest.linkerflags import linker_flags

TARGET = "name: x\nlibraries:\n  z:\n    sources: [z.c]\n    "


@pytest.mark.parametrize(
    ("line", "column", "headline", "help_"),
    [
        ('cflags: ["-O3 -Wall"]', 14, "2 flags in one entry of `cflags`: `-O3 -Wall`", "write [-O3, -Wall]"),
        ('cxxflags: [-O2, "-I include"]', 21, "2 flags in one entry of `cxxflags`", "write [-I, include]"),
        ('cflags: ["-include a.h"]', 14, "`-include a.h`", "write [-include, a.h]"),
        ('cflags: ["-DA=1 -DB=[x]"]', 14, "`-DA=1 -DB=[x]`", 'write [-DA=1, "-DB=[x]"]'),
        ('ldflags: ["-z stack-size=9"]', 15, "2 flags in one entry of `ldflags`", "write [-z, stack-size=9]"),
        ("ldflags: [-lz]", 15, "`-lz`: libraries are not named to the linker", "add `zlib` to `requires`"),
        ("ldflags: [-lpng]", 15, "`-lpng`: ", "add `libpng` to `requires`"),
        (
            "ldflags: [-lm, -lfoo]",
            20,
            "`-lfoo`: ",
            "add `foo` to `requires`, as a library of this project or a recipe;",
        ),
        (
            "ldflags: [-lstdc++]",
            15,
            "`-lstdc++`: a target with C++ sources has its standard library by itself",
            "leave it out",
        ),
        ("ldflags: [-L/usr/lib]", 15, "`-L/usr/lib`: libraries are not searched for in directories", "`requires`"),
        ('ldflags: ["-Wl,--stats,-lfoo"]', 15, "`-lfoo`: libraries are not named", "add `foo`"),
        ("ldflags: [-Xlinker, --stats]", 15, "`-Xlinker`: flags go to the linker itself", "write the flag behind it"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(line: str, column: int, headline: str, help_: str) -> None:
    (finding,) = project_findings(TARGET + line)
    assert finding.code in ("several-flags", "linker-flag")
    assert str(finding.at) == f"some/wasmbuild.yaml:5:{column}"
    assert headline in finding.headline
    assert help_ in finding.help[0]


def test_the_defaults_and_recipes_are_read_too() -> None:
    (finding,) = project_findings('name: x\ndefaults: {cflags: [-g, "-a -b"]}')
    assert str(finding.at) == "some/wasmbuild.yaml:2:25"
    recipe = TARGET.replace("name: x", "name: x\nsource: [{path: .}]") + "ldflags: [-lfoo]"
    assert [finding.code for finding in recipe_findings(recipe)] == ["linker-flag"]


@pytest.mark.parametrize(
    "flag",
    ["-I/my headers", "-DX=a b", "-DX='a -b'", '-DX="a b"', "-O2", "-DX=a - b", "-DQ=don't -x"],
)
def test_a_space_in_a_path_or_in_the_value_of_a_macro_is_a_space(flag: str) -> None:
    quoted = flag.replace("'", "''")
    assert accept(f"{TARGET}cflags: ['{quoted}']").value.libraries["z"].cflags == (flag,)


@pytest.mark.parametrize("flag", ["-lm", "-lc", "-ldl", "-lrt", "-lwasi-emulated-mman", "--stats", "-Wl,-lm", "-O2"])
def test_what_libc_has_and_what_wasm_ld_knows_passes_without_a_word(flag: str) -> None:
    assert warnings(accept(f'{TARGET}ldflags: ["{flag}"]')) == ()


def test_threads_are_left_out_with_a_warning() -> None:
    found = warnings(accept(f"{TARGET}ldflags: [-lm, -lpthread, -pthread]"))
    assert [(finding.severity, str(finding.at)) for finding in found] == [
        ("warning", "some/wasmbuild.yaml:5:20"),
        ("warning", "some/wasmbuild.yaml:5:31"),
    ]
    assert found[0].headline == "there are no threads: `-lpthread` is left out"


def test_the_linker_gets_flags_that_are_its_own() -> None:
    flags = ("-lm", "-Wl,--stats,-Map=x", "-lpthread", "--no-gc-sections", "-lwasi-emulated-signal", "-lfoo", "-Wl,-lc")
    assert linker_flags(flags) == ("--stats", "-Map=x", "--no-gc-sections", "-lfoo")
    assert linker_flags(()) == ()


def test_a_check_of_flags_does_not_need_any() -> None:
    assert warnings(read("name: x")) == ()
