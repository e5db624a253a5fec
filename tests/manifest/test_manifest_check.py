"""The rules of a manifest that its types cannot say: what each refuses, with its place, and what it lets pass."""

from __future__ import annotations

import pytest
from manifests import SHOWN_AS, accept, project_findings, read, recipe_findings

from wasmbuild.manifest.check import check_recipe, source_kinds
from wasmbuild.manifest.schema import Source

HEX64 = "0" * 64

TWO = "name: x\nlibraries:\n  a: {sources: [a.c]}\n  b: {sources: [b.c]}\nprograms:\n  p: {sources: [p.c]}\n"

REFUSED = {
    "unknown recipe": (
        "name: x\nrequires: [zlibb]", "2:12", "unknown-recipe", "unknown recipe: `zlibb`", "did you mean `zlib`?",
    ),
    "unknown recipe, nothing near": (
        "name: x\nrequires: [qqqq]", "2:12", "unknown-recipe", "unknown recipe: `qqqq`", "`wasmbuild recipe list`",
    ),
    "unknown recipe or library": (
        "name: x\nlibraries:\n  core: {sources: [a.c]}\nprograms:\n  p: {sources: [p.c], requires: [cor]}",
        "5:34", "unknown-recipe", "unknown recipe or library: `cor`", "did you mean `core`?",
    ),
    "a test's program requires what there is not": (
        TWO + "tests:\n- name: t\n  program: {sources: [t.c], requires: [pngg]}",
        "9:40", "unknown-recipe", "`pngg`", "did you mean `libpng`?",
    ),
    "the manifest requires a library of its own": (
        "name: x\nrequires: [core]\nlibraries: {core: {sources: [a.c]}}",
        "2:12", "unknown-recipe", "unknown recipe: `core`", "`wasmbuild recipe list`",
    ),
    "no requirement": ("name: x\nrequires: [zlib 1.3]", "2:12", "bad-requirement", "`zlib 1.3`", "`zlib >=1.3`"),
    "empty requirement": ('name: x\nrequires: [""]', "2:12", "bad-requirement", "not a requirement: ``", "`zlib"),
    "a version of one's own library": (
        TWO.replace("[b.c]", "[b.c], requires: [a >=1]"),
        "4:34", "bad-requirement", "`a` is a library of this project", None,
    ),
    "requires itself": (
        "name: x\nlibraries:\n  a: {sources: [a.c], requires: [zlib, a]}",
        "3:40", "requires-itself", "library `a` requires itself", None,
    ),
    "requires what is static": (
        "name: x\nlibraries:\n  a: {sources: [a.c], link: static}\n  b: {sources: [b.c], requires: [a]}",
        "4:34", "requires-static", "`b` requires `a`", None,
    ),
    "a library of nothing": ("name: x\nlibraries: {z: {}}", "2:16", "no-sources", "`z` has no `sources`", "`prebuilt`"),
    "a program of nothing": ("name: x\nprograms: {z: {}}", "2:15", "no-sources", "program `z` has no `sources`", None),
    "sources beside what is there already": (
        "name: x\nlibraries: {z: {sources: [z.c], prebuilt: z.so}}",
        "2:26", "prebuilt", "`sources` means nothing beside `prebuilt`", None,
    ),
    "flags for what is there already": (
        "name: x\nlibraries: {z: {cflags: [-g], prebuilt: z.so}}",
        "2:25", "prebuilt", "`cflags` means nothing", None,
    ),
    "a prebuilt archive": (
        "name: x\nlibraries: {z: {prebuilt: z.a}}", "2:27", "prebuilt", "not a shared library: `z.a`", "`output`",
    ),
    "a static link that needs what is shared": (
        "name: x\nlibraries: {z: {prebuilt: z.so}, y: {sources: [y.c], requires: [z]}}\n"
        "programs: {p: {sources: [p.c], requires: [y], link: static}}",
        "3:42", "static-prebuilt", "`p` is linked statically and needs `z`", None,
    ),
    "two libraries of one file": (
        "name: x\nlibraries:\n  a: {sources: [a.c]}\n  b: {sources: [b.c], output: libA.so}",
        "4:31", "two-outputs", "two targets would be `build/lib/libA.so`", None,
    ),
    "two programs of one file": (
        "name: x\nprograms:\n  a: {sources: [a.c], output: b.wasm}\n  b: {sources: [b.c]}",
        "4:3", "two-outputs", "two targets would be `build/bin/b.wasm`", None,
    ),
    "the program of a test has a name": (
        "name: x\ntests: [{name: t, program: {sources: [a.c], output: b.wasm}}]",
        "2:53", "output", "the program of a test has no name", None,
    ),
    "a list of exports of an unknown kind": (
        "name: x\nlibraries: {z: {sources: [z.c], exports: {file: z.txt}}}",
        "2:49", "exports-file", "not a list of exports: `z.txt`", ".sym (names)",
    ),
    "stack size": (
        "name: x\nprograms: {p: {sources: [p.c], memory: {stack: 1MB}}}",
        "2:48", "bad-size", "not a size: `1MB`", "KiB, MiB or GiB",
    ),
    "negative size": (
        "name: x\nprograms: {p: {sources: [p.c], memory: {max: -1}}}", "2:46", "bad-size", "`-1`", "KiB",
    ),
    "size beyond all numbers": (
        f"name: x\nprograms: {{p: {{sources: [p.c], memory: {{max: '{'9' * 400}'}}}}}}",
        "2:46", "bad-size", "`999", "KiB",
    ),
    "initial above max": (
        "name: x\nprograms: {p: {sources: [p.c], memory: {initial: 2MiB, max: 1MiB}}}",
        "2:40", "memory-limits", "memory of `p` starts larger than it may become", None,
    ),
    "a test's program has memory too": (
        "name: x\ntests:\n- name: t\n  program: {sources: [p.c], memory: {initial: 2, max: 1}}",
        "4:37", "memory-limits", "memory of `t`", None,
    ),
    "memory limit of a test": (
        TWO + "tests:\n- {name: t, run: p, memory_limit: lots}", "8:35", "bad-size", "not a size: `lots`", "KiB",
    ),
    "memory limit of all tests": (
        TWO + "test_defaults: {memory_limit: 1TB}", "7:31", "bad-size", "not a size: `1TB`", "KiB",
    ),
    "a program that is shipped requires a test library": (
        TWO.replace("[p.c]", "[p.c], requires: [h]") + "test_libraries: {h: {sources: [h.c]}}",
        "6:34", "test-library", "`h` is a test library: only programs of tests have it", None,
    ),
    "a test library requires another": (
        TWO + "test_libraries: {h: {sources: [h.c]}, g: {sources: [g.c], requires: [h]}}",
        "7:70", "test-library", "a test library does not require another one: `h`", None,
    ),
    "a test library requires what there is not": (
        TWO + "test_libraries: {h: {sources: [h.c], requires: [pngg]}}",
        "7:49", "unknown-recipe", "unknown recipe or library: `pngg`", "did you mean `libpng`?",
    ),
    "a library and a test library of one name": (
        TWO + "test_libraries: {a: {sources: [h.c]}}",
        "7:18", "name-clash", "`a` is a library and a test library", None,
    ),
    "a test's program requires nearly a test library": (
        TWO + "test_libraries: {helpers: {sources: [h.c]}}\n"
        "tests:\n- {name: t, program: {sources: [t.c], requires: [helper]}}",
        "9:50", "unknown-recipe", "`helper`", "did you mean `helpers`?",
    ),
    "test of nothing": (TWO + "tests:\n- name: t", "8:9", "test-kind", "and has none of them", None),
    "test of two things": (
        TWO + "tests:\n- {name: t, run: p, call: f, in: a}", "8:10", "test-kind", "has `call` and `run`", None,
    ),
    "call without a library": (TWO + "tests:\n- {name: t, call: f}", "8:19", "test-kind", "needs `in:`", None),
    "call in an unknown library": (
        TWO.replace("  a:", "  core:") + "tests:\n- {name: t, call: f, in: cor}",
        "8:26", "unknown-library", "unknown library: `cor`", "did you mean `core`?",
    ),
    "call with text": (
        TWO + "tests:\n- {name: t, call: f, in: a, args: [1, one]}",
        "8:39", "wrong-type", "not `one`", "from a C program",
    ),
    "call with a truth": (
        TWO + "tests:\n- {name: t, call: f, in: a, args: [yes]}",
        "8:36", "wrong-type", "`yes`", "from",
    ),
    "call with a file": (
        TWO + "tests:\n- {name: t, call: f, in: a, args: [{path: x}]}",
        "8:36", "wrong-type", "`f` is called with numbers only, not a file", None,
    ),
    "call with a number in quotes": (
        TWO + "tests:\n- {name: t, call: f, in: a, args: ['5']}",
        "8:36", "wrong-type", "not `5`", "write 5 without quotes",
    ),
    "call with stdin": (
        TWO + "tests:\n- {name: t, call: f, in: a, stdin: x}",
        "8:36", "test-kind", "`stdin` goes", None,
    ),
    "call with then": (
        TWO + "tests:\n- {name: t, call: f, in: a, then: [{exit: 1}]}", "8:35", "test-kind", "`then` goes with", None,
    ),
    "call produces": (
        TWO + "tests:\n- {name: t, call: f, in: a, produces: {x: {}}}", "8:39", "test-kind", "`produces` goes", None,
    ),
    "run with in": (TWO + "tests:\n- {name: t, run: p, in: a}", "8:25", "test-kind", "`in` goes with `call`", None),
    "run returns": (
        TWO + "tests:\n- {name: t, run: p, returns: 1}", "8:30", "test-kind", "`returns` goes with `call`, not", None,
    ),
    "run of an unknown program": (
        TWO.replace("  p:", "  tool:") + "tests:\n- {name: t, run: toool}",
        "8:18", "unknown-program", "unknown program: `toool`", "did you mean `tool`?",
    ),
    "host signature": (
        TWO + "tests:\n- {name: t, call: f, in: a, host: {f: '(int) -> ()'}}",
        "8:39", "bad-signature", "not a signature: `(int) -> ()`", "write the wasm types",
    ),
    "host signature, long form": (
        TWO + "tests:\n- {name: t, call: f, in: a, host: {f: {type: '(i32) -> int'}}}",
        "8:39", "bad-signature", "`(i32) -> int`", "write the wasm types",
    ),
    "host returns what its type cannot hold": (
        TWO + "tests:\n- {name: t, call: f, in: a, host: {g: {type: '() -> i32', returns: 2.5}}}",
        "8:68", "wrong-returns", "`g` returns a value of type i32: 2.5 is not a whole number", None,
    ),
    "host returns something, and nothing by its type": (
        TWO + "tests:\n- {name: t, call: f, in: a, host: {g: {type: '(i32) -> ()', returns: 2}}}",
        "8:70", "wrong-returns", "`g` returns nothing by its type, and the test says 2", None,
    ),
    "stdout both ways": (
        TWO + "tests:\n- {name: t, run: p, stdout: x, stdout_matches: x}",
        "8:29", "test-kind", "exclude each other", None,
    ),
    "stdout both ways, later": (
        TWO + "tests:\n- {name: t, run: p, then: [{}, {stdout: x, stdout_matches: x}]}",
        "8:41", "test-kind", "exclude each other", None,
    ),
    "no pattern": (
        TWO + "tests:\n- {name: t, run: p, stdout_matches: '('}",
        "8:37", "bad-pattern", "not a regular expression", None,
    ),
    "no pattern, later": (
        TWO + "tests:\n- {name: t, run: p, then: [{stdout_matches: '[a'}]}",
        "8:45", "bad-pattern", "not a regular", None,
    ),
    "a pattern that Python doubts": (
        TWO + "tests:\n- {name: t, run: p, stdout_matches: '[[a-z]+'}",
        "8:37", "bad-pattern", "may come to mean something else: possible nested set at position 1", r"put `\` before",
    ),
    "a pattern with a number beyond all bounds": (
        TWO + "tests:\n- {name: t, run: p, stdout_matches: 'a{99999999999999999999}'}",
        "8:37", "bad-pattern", "not a regular expression: the repetition number is too large", None,
    ),
    "a pattern that is nested too deeply": (
        TWO + f"tests:\n- {{name: t, run: p, stdout_matches: '{'(' * 4000}{')' * 4000}'}}",
        "8:37", "bad-pattern", "not a regular expression: nested too deeply", None,
    ),
    "two tests of one name": (
        TWO + "tests:\n- {name: t, run: p}\n- {name: t, run: p}",
        "9:10", "duplicate-test", "two tests are named `t`", None,
    ),
    "source in a project": (
        "name: x\nsource: [{path: .}]",
        "2:9", "source-in-project", "`source` is for", "recipes/NAME",
    ),
    "patches in a project": ("name: x\npatches: [a]", "2:10", "source-in-project", "`patches`", "recipes/NAME"),
    "options in a project": (
        "name: x\noptions: {a: {}}", "2:10", "source-in-project", "`options` is for recipes", "recipes/NAME",
    ),
    "an overlay in the place of a project": (
        "name: x\nextends: true", "2:10", "source-in-project", "`extends` is for recipes", "recipes/NAME",
    ),
    "options of a library of the project": (
        TWO.replace("[b.c]", "[b.c], requires: [{name: a, options: {x: true}}]"),
        "4:34", "bad-requirement", "`a` is a library of this project", None,
    ),
    "lazy, and a part of a closed module": (
        TWO.replace("[b.c]", "[b.c], link: static, requires: [{name: a, lazy: true}]"),
        "4:48", "bad-requirement", "`b` is `link: static`: all that it requires is a part of it", "leave `lazy` away",
    ),
    "lazy, and headers alone": (
        "name: x\nlibraries:\n  h: {headers: [h.h]}\n  b: {sources: [b.c], requires: [{name: h, lazy: true}]}",
        "4:34", "bad-requirement", "`h` is headers alone", "leave `lazy` away",
    ),
    "lazy, and not there": (
        TWO.replace("[b.c]", "[b.c], requires: [{name: aa, lazy: true}]"),
        "4:41", "unknown-recipe", "unknown recipe or library: `aa`", "did you mean `a`?",
    ),
    "options of a recipe that there is not": (
        "name: x\nrequires: [{name: zlibb, options: {x: true}}]",
        "2:19", "unknown-recipe", "unknown recipe: `zlibb`", "did you mean `zlib`?",
    ),
    "no versions": (
        "name: x\nrequires: [{name: zlib, version: 1.3}]",
        "2:34", "bad-requirement", "not versions: `1.3`", "`>=1.3, <2`",
    ),
    "files in a project": ("name: x\nfiles: {a: b}", "2:8", "source-in-project", "`files`", "recipes/NAME"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_broken_rule_is_one_finding_with_its_place(case: str) -> None:
    text, place, code, headline, help_ = REFUSED[case]
    (finding,) = project_findings(text)
    assert finding.code == code
    assert headline in finding.headline
    assert str(finding.at) == f"{SHOWN_AS}:{place}"
    assert any(help_ in line for line in finding.help) if help_ else not finding.help


ACCEPTED = {
    "recipes, with versions and without": "name: x\nrequires: [zlib, 'libpng >=1.6, <2']",
    "libraries and recipes of a target": TWO.replace("[b.c]", "[b.c], requires: [a, zlib >=1.3]"),
    "a library and a program of one file name": (
        "name: x\nlibraries: {a: {sources: [a.c], output: x.wasm}}\nprograms: {x: {sources: [x.c]}}"
    ),
    "what is there already": (
        "name: x\nlibraries:\n"
        "  z: {prebuilt: z, output: z.so, headers: [z.h], include: [i], requires: [zlib], imports: [h]}"
    ),
    "two in a circle": (
        "name: x\nlibraries:\n  a: {sources: [a.c], requires: [b]}\n  b: {sources: [b.c], requires: [a]}"
    ),
    "a diamond is no circle": (
        "name: x\nlibraries:\n  a: {sources: [a.c], requires: [b, c]}\n  b: {sources: [b.c], requires: [d]}\n"
        "  c: {sources: [c.c], requires: [d, b]}\n  d: {sources: [d.c]}"
    ),
    "the same library twice is no circle": TWO.replace("[b.c]", "[b.c], requires: [a, a]"),
    "a static library may require a shared one": TWO.replace("[b.c]", "[b.c], link: static, requires: [a]"),
    "a program of a library's name": (
        ""
        "name: x\nlibraries: {z: {sources: [a.c]}}\nprograms: {z: {sources: [z.c], requires: [z]}}"
    ),
    "all sizes": "name: x\nprograms: {p: {sources: [p.c], memory: {stack: 64KiB, initial: 1.5MiB, max: 1.5MiB}}}",
    "only a maximum": "name: x\nprograms: {p: {sources: [p.c], memory: {max: 1GiB}}}",
    "a call": (
        TWO + "tests:\n- {name: t, call: f, in: a, args: [1, -2.5], returns: 3, "
        "host: {f: '() -> ()'}, stdout: ''}"
    ),
    "a run": (
        TWO + "tests:\n- {name: t, run: p, args: [x, 1, yes], stdin: x, exit: 2, "
        "then: [{stdout: x}], produces: {x: {}}}"
    ),
    "a program": TWO + "tests:\n- {name: t, program: {sources: [t.c], requires: [a]}, stdout_matches: '^x+$'}",
    "a test's program with a test library": (
        TWO + "test_libraries: {h: {sources: [h.c], requires: [a, zlib]}}\n"
        "tests:\n- {name: t, program: {sources: [t.c], requires: [b, h]}}"
    ),
    "names that differ in case": TWO + "tests:\n- {name: t, run: p}\n- {name: T, run: p}",
}  # fmt: skip


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_keeps_the_rules_passes(case: str) -> None:
    assert accept(ACCEPTED[case]).value.name == "x"


def test_white_space_around_a_librarys_name_does_not_make_it_a_recipe() -> None:
    """Later passes look names up as they are written, so a name is accepted as it is or not at all."""
    (finding,) = project_findings(TWO.replace("[b.c]", '[b.c], requires: ["a "]'))
    assert finding.code in ("bad-requirement", "unknown-recipe")
    assert str(finding.at) == f"{SHOWN_AS}:4:34"


def test_both_sides_of_a_conflict_are_facts() -> None:
    (static,) = project_findings(REFUSED["requires what is static"][0])
    assert static.facts == (("`a`", f"{SHOWN_AS}:3:29"),)
    (memory,) = project_findings(REFUSED["initial above max"][0])
    assert memory.facts == (("initial", "2MiB"), ("max", "1MiB"))
    (twice,) = project_findings(REFUSED["two tests of one name"][0])
    assert twice.facts == (("first", f"{SHOWN_AS}:8:10"),)


def test_all_broken_rules_are_said_at_once() -> None:
    findings = project_findings(
        "name: x\nrequires: [qqqq]\nsource: [{path: .}]\nlibraries:\n  a: {sources: [a.c], requires: [a]}\n"
        "tests:\n- name: t\n- {name: t, run: p, stdout_matches: '('}\n"
    )
    assert sorted(finding.code for finding in findings) == [
        *("bad-pattern", "duplicate-test", "requires-itself", "source-in-project", "test-kind", "unknown-program"),
        "unknown-recipe",
    ]


SOURCES = {
    f"{{url: u, sha256: {HEX64}}}": None,
    f"{{debian: d, version: '1', sha256: {HEX64}}}": None,
    f"{{pypi: p, version: '1', sha256: {HEX64}}}": None,
    f"{{npm: n, version: '1', sha256: {HEX64}}}": None,
    f"{{git: g, commit: {'0' * 40}}}": None,
    "{path: ../x}": None,
    "{toolchain: libunwind}": None,
    "{url: u}": ["a `url` source needs `sha256`"],
    "{debian: d}": ["a `debian` source needs `version`", "a `debian` source needs `sha256`"],
    "{pypi: p, version: '1'}": ["a `pypi` source needs `sha256`"],
    f"{{npm: n, sha256: {HEX64}}}": ["a `npm` source needs `version`"],
    "{git: g}": ["a `git` source needs `commit`"],
    "{}": ["a source is one of url, debian, pypi, npm, git, path, toolchain; this has none"],
    "{url: u, git: g}": ["a source is one of url, debian, pypi, npm, git, path, toolchain; this has `url` and `git`"],
}


@pytest.mark.parametrize("source", SOURCES)
def test_a_recipes_source_is_of_one_kind_and_has_what_the_kind_needs(source: str) -> None:
    text, expected = f"name: r\nsource:\n- path: .\n- {source}\n", SOURCES[source]
    if expected is None:
        check_recipe(read(text), {})
        assert len(source_kinds(read(text).value.source[1])) == 1
    else:
        findings = recipe_findings(text)
        assert [finding.headline for finding in findings] == expected
        assert {str(finding.at) for finding in findings} == {f"{SHOWN_AS}:4:3"}


def test_a_recipe_without_a_source_is_refused() -> None:
    (finding,) = recipe_findings("name: r")
    assert (finding.code, str(finding.at)) == ("recipe-source", f"{SHOWN_AS}:1:7")


def test_the_kinds_of_a_source_are_its_fields_that_are_set() -> None:
    assert source_kinds(Source(path=".", url="u", version="1")) == ["url", "path"]
    assert source_kinds(Source(version="1")) == []
