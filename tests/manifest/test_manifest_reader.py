"""The reader: every field of the schema, every kind of error with its place, and nothing but WasmbuildError."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manifests import SHOWN_AS, read, refused
from msgspec import inspect

from wasmbuild.diagnostics import Position, WasmbuildError
from wasmbuild.manifest.reader import Document, decode_document, read_document
from wasmbuild.manifest.schema import HostFunction, Manifest

HEX64 = "0123456789abcdef" * 4

EVERYTHING = f"""\
name: every-thing_1.0+x
version: 1.10
description: has one of everything
group: images
license: MIT
license_files: [COPYING]
homepage: https://example.org/
source:
  - url: https://example.org/x.tar.gz
    sha256: {HEX64}
  - {{debian: x, version: "1:1.10-1", suite: trixie, sha256: {HEX64}}}
  - {{pypi: x, version: 1.10, sha256: {HEX64}}}
  - {{npm: "@x/x", version: 1.10.0, sha256: {HEX64}}}
  - {{git: https://example.org/x.git, commit: {"0123456789" * 4}}}
  - {{path: ../x}}
  - {{toolchain: libunwind}}
components:
  more/data: [{{path: ../data}}]
patches: [patches/one.patch]
build: {{system: cmake, options: [-DTOOLS=OFF], targets: [img], directory: lib, timeout_s: 60}}
files:
  config.h: config/config.h
  made.h: {{template: made.h.in, values: {{A: text}}}}
  macros.h: {{defines: {{B: 1}}}}
options:
  fast:
    description: is fast
    default: true
    with:
      license: MIT
      license_files: [COPYING.fast]
      patches: [patches/fast.patch]
      build: {{options: [-DFAST=ON]}}
      files: {{fast.h: config/fast.h}}
      requires: [lz4]
      defaults: {{cflags: [-O3]}}
      libraries: {{core: {{sources: [fast.c]}}}}
      programs: {{tool: {{cflags: [-O2]}}}}
      tests: [{{name: fast, run: tool}}]
      test_libraries: {{quick: {{sources: [quick.c]}}}}
      test_defaults: {{timeout_s: 1}}
    without: {{defaults: {{cflags: [-Os]}}}}
    excludes: [small]
extends: true
replace: {{patches: []}}
requires: [zlib, "libpng >=1.6, <2", {{name: libtiff, version: ">=4", options: {{jpeg: false}}, lazy: true}}]
defaults:
  include: [include]
  defines: {{NDEBUG: 1, EMPTY: null, TEXT: text, HALF: 0.5, YES: true}}
  cflags: [-Wall]
  cxxflags: [-Wextra]
  ldflags: [--gc-sections]
  c_std: c11
  cxx_std: c++20
  libc: wasi
libraries:
  core:
    sources: ["src/core/**/*.c"]
    exclude: [src/core/main.c]
    include: [src]
    defines: {{CORE: 1}}
    cflags: [-O3]
    cxxflags: [-fno-rtti]
    ldflags: [--no-gc-sections]
    c_std: gnu17
    cxx_std: gnu++23
    requires: [zlib]
    exports: ["core_*"]
    imports: [host_print]
    libc: none
    link: static
    rpath: [$ORIGIN/plugins]
    interpose: [img_hook]
    whole_archive: true
    output: core.wasm
    headers: [include/core.h]
    provides: [core-1]
    from_program: [host_log, "config_*"]
  ready:
    prebuilt: vendor/libready.so
    exports: {{file: ready.sym}}
programs:
  tool:
    sources: [main.c]
    memory: {{stack: 1MiB, initial: 65536, max: 2 GiB}}
    opens: [ready]
test_libraries:
  support:
    sources: [tests/support.c]
    include: [tests]
    requires: [core]
test_defaults:
  env: {{LANG: C}}
  files: {{all.txt: tests/all.txt}}
  timeout_s: 60
  memory_limit: 1.5GiB
tests:
  - name: calls
    call: core_add
    in: core
    args: [1, 2.5, text, true]
    returns: 3.5
    host: {{print: "(i32) -> ()", ask: {{type: "() -> f64", returns: 1.5}}}}
    timeout_s: 5
    memory_limit: 64MiB
  - name: runs
    run: tool
    args: [a, {{path: tests/in.txt}}]
    env: {{HOME: /}}
    stdin: ""
    stdout: "ok\\n"
    exit: 255
    files: {{in.txt: tests/in.txt}}
    produces: {{out.txt: {{sha256: {HEX64}}}, same.txt: {{equals: tests/in.txt}}}}
    then:
      - {{args: [b], stdin: more, stdout_matches: ".*", exit: 1}}
      - {{stdin: {{file: tests/in.txt}}, stdout: {{equals: tests/out.txt}}}}
      - {{for: {{n: [1, 2]}}, args: ["{{n}}"]}}
  - for: {{part: [a, b]}}
    name: builds {{part}}
    program: {{sources: [t.c], requires: [core]}}
    stdout_matches: "^ok"
"""


def fields_in_use(value: Any, found: dict[type, set[str]]) -> dict[type, set[str]]:
    """The fields of each struct type that some value below `value` has set to something else than the default."""
    if isinstance(value, msgspec.Struct):
        info = inspect.type_info(type(value))
        assert isinstance(info, inspect.StructType)
        for field in info.fields:
            content = getattr(value, field.name)
            default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
            if content != default:
                found.setdefault(type(value), set()).add(field.name)
            fields_in_use(content, found)
    elif isinstance(value, dict):
        for item in value.values():
            fields_in_use(item, found)
    elif isinstance(value, tuple):
        for item in value:
            fields_in_use(item, found)
    return found


def test_every_field_of_the_schema_is_accepted() -> None:
    manifest = read(EVERYTHING).value
    used = fields_in_use(manifest, {})
    names = {type_.__name__ for type_ in used}
    assert names == {
        *("Manifest", "Source", "Defaults", "Library", "Program", "Memory", "Test", "Run", "Produced", "HostFunction"),
        *(
            "TestDefaults",
            "FileArgument",
            "Input",
            "Output",
            "ExportsFile",
            "TestLibrary",
            "Requires",
            "Option",
            "Change",
        ),
        *("FilledFile", "Build"),
    }
    for type_, fields in used.items():
        missing = set(type_.__struct_fields__) - fields
        if type_.__name__ == "Program":  # shares its other fields with Library
            missing -= set(type_.__mro__[1].__struct_fields__)
        assert not missing, type_.__name__


def test_the_values_are_typed_as_the_schema_says() -> None:
    manifest = read(EVERYTHING).value
    core, tool, calls = manifest.libraries["core"], manifest.programs["tool"], manifest.tests[0]
    assert manifest.defaults.defines == {"NDEBUG": 1, "EMPTY": None, "TEXT": "text", "HALF": 0.5, "YES": True}
    assert manifest.defaults.defines["YES"] is True
    assert core.sources == ("src/core/**/*.c",)
    assert (core.libc, core.link) == ("none", "static")
    assert (tool.memory.stack, tool.memory.initial, tool.memory.max) == ("1MiB", 65536, "2 GiB")
    assert calls.args == (1, 2.5, "text", True)
    assert calls.timeout_s == 5.0
    assert calls.host == {"print": "(i32) -> ()", "ask": HostFunction("() -> f64", 1.5)}
    assert (calls.library, calls.returns) == ("core", 3.5)
    assert manifest.tests[1].then[0].stdin == "more"
    assert manifest.source[6].toolchain == "libunwind"


def test_a_minimal_manifest_has_the_documented_defaults() -> None:
    manifest = read("name: x\nlibraries: {z: {sources: [z.c]}}\ntests: [{name: t, call: f, in: z}]").value
    assert manifest.version == "0"
    assert manifest.libraries["z"].exports is None
    assert manifest.libraries["z"].link == "dynamic"
    assert manifest.tests[0].exit == 0
    assert manifest.tests[0].timeout_s is None


@pytest.mark.parametrize(
    ("text", "get"),
    [
        ("version: 1.10", lambda m: m.version),
        ("version: 1.10\ndescription: 007", lambda m: (m.version, m.description)),
        ("description: 1_000", lambda m: m.description),
        ("description: 0x1F", lambda m: m.description),
        ("description: 1:30", lambda m: m.description),
        ("description: 2024-01-01", lambda m: m.description),
        ("description: 1e400", lambda m: m.description),
        ("requires: [1.10]", lambda m: m.requires[0]),
        ("source: [{debian: x, version: 1.10}]", lambda m: m.source[0].version),
    ],
)
def test_a_number_where_text_is_wanted_keeps_its_spelling(text: str, get: Any) -> None:
    got = get(read(f"name: x\n{text}\n").value)
    for value in got if isinstance(got, tuple) else (got,):
        assert isinstance(value, str)
        assert value in re.split(r"[\s\[\]{}]+", text)


@pytest.mark.parametrize("field", ["libc: null", "libc: ~", "c_std: null", "exports: null"])
def test_null_is_the_same_as_leaving_out_a_field_that_may_be_left_open(field: str) -> None:
    manifest = read(f"name: x\nlibraries: {{z: {{sources: [z.c], {field}}}}}").value
    assert manifest == read("name: x\nlibraries: {z: {sources: [z.c]}}").value


# --- errors ---------------------------------------------------------------------------------------------------------

ERRORS = {
    "unknown key, near": ("name: x\nlibarries: {}", "2:1", "unknown-key", "`libarries`", "did you mean `libraries`?"),
    "unknown key, far": ("name: x\nqqq: 1", "2:1", "unknown-key", "`qqq`", "known keys: build, components, defaults,"),
    "unknown key, nested": (
        "name: x\nlibraries:\n  z:\n    source: [a.c]\n    sources: [a.c]",
        "4:5", "unknown-key", "unknown key in `libraries.z`: `source`", "did you mean `sources`?",
    ),
    "unknown key in a list": (
        "name: x\ntests:\n- name: t\n- nam: u\n  name: v",
        "4:3", "unknown-key", "unknown key in `tests[1]`: `nam`", "did you mean `name`?",
    ),
    "merge key": ("name: x\ndefaults:\n  <<: {libc: none}", "3:3", "unknown-key", "`<<`", "known keys:"),
    "key missing at the top": ("version: 1.0", "1:1", "missing-key", "the file lacks the key `name`", None),
    "key missing": (
        "name: x\ntests: [{}]",
        "2:9", "missing-key", "`tests[0]` lacks the key `name`", None,
    ),
    "key twice": ("name: x\nname: y", "2:1", "duplicate-key", "`name` is there twice", "give one of them another name"),
    "library twice": (
        "name: x\nlibraries:\n  z: {sources: [a.c]}\n  z: {sources: [b.c]}",
        "4:3", "duplicate-key", "`z` is there twice in `libraries`", "give one of them another name",
    ),
    "list for a mapping": ("name: x\nlibraries: [z]", "2:12", "wrong-type", "must be a mapping", None),
    "text for a list": (
        "name: x\nrequires: zlib", "2:11", "wrong-type", "must be a list, not text (`zlib`)", "write a list: [zlib]",
    ),
    "nothing for a list": ("name: x\nrequires:", "2:10", "wrong-type", "`requires` must be a list, not nothing", None),
    "text for a struct": ("name: x\ndefaults: none", "2:11", "wrong-type", "`defaults` must be a mapping", None),
    "mapping for text": ("name: {x: y}", "1:7", "wrong-type", "`name` must be text, not a mapping", None),
    "bool for text": ("name: yes", "1:7", "wrong-type", "not true or false (`yes`)", 'put it in quotes: "yes"'),
    "text for a number": (
        "name: x\ntests: [{name: t, exit: one}]",
        "2:25", "wrong-type", "`tests[0].exit` must be a whole number, not text (`one`)", None,
    ),
    "float for an int": ("name: x\ntests: [{name: t, exit: 1.5}]", "2:25", "wrong-type", "a whole number", None),
    "number out of range": (
        "name: x\ntests: [{name: t, exit: 256}]",
        "2:25", "wrong-value", "`tests[0].exit` must be at most 255, not 256", None,
    ),
    "number below": ("name: x\ntests: [{name: t, exit: -1}]", "2:25", "wrong-value", "at least 0, not -1", None),
    "zero timeout": ("name: x\ntests: [{name: t, timeout_s: 0}]", "2:30", "wrong-value", "must be more than 0", None),
    "not a number": ("name: x\ntests: [{name: t, timeout_s: .nan}]", "2:30", "wrong-value", "more than 0", None),
    "no such choice": (
        "name: x\nlibraries: {z: {sources: [a.c], link: statik}}",
        "2:39", "wrong-value", "`libraries.z.link` must be `dynamic` or `static`, not `statik`",
        "did you mean `static`?",
    ),
    "empty list": ("name: x\nlibraries: {z: {sources: []}}", "2:26", "empty-list", "must not be empty", None),
    "bad name": ("name: a/b", "1:7", "wrong-value", "starting with a letter, a digit or `_`, not `a/b`", None),
    "name of dots": ("name: ..", "1:7", "wrong-value", "must be letters, digits", None),
    "name ends in a line break": ('name: "x\\n"', "1:7", "wrong-value", "`name` must be letters", None),
    "bad library name": (
        "name: x\nlibraries: {../z: {sources: [a.c]}}", "2:13", "wrong-value", "the name `../z` in `libraries`", None,
    ),
    "library name ends in a line break": (
        'name: x\nlibraries: {"z\\n": {sources: [a.c]}}', "2:13", "wrong-value", "in `libraries` must be letters", None,
    ),
    "bad version": ("name: x\nversion: -1", "2:10", "wrong-value", "a version such as 1.2.3, not `-1`", None),
    "bad sha256": (
        "name: x\nsource: [{sha256: ABC}]", "2:19", "wrong-value", "64 lower-case hexadecimal digits, not `ABC`", None,
    ),
    "bad commit": ("name: x\nsource: [{commit: main}]", "2:19", "wrong-value", "a full commit hash", None),
    "bad host signature": (
        "name: x\ntests: [{name: t, host: {f: i32}}]", "2:29", "wrong-value", "a signature such as", None,
    ),
    "a list as key": ("name: x\n? [a]\n: b", "2:3", "wrong-type", "a key must be text, not a list", None),
    "the file is a list": ("- name: x", "1:1", "wrong-type", "the file must be a mapping", None),
    "the file is a word": ("name", "1:1", "wrong-type", "not text (`name`)", None),
    "a tag of Python": ("name: !!python/name:os.system x", "1:7", "wrong-type", "a value of another kind", None),
    "a tag of its own": ("name: !secret x", "1:7", "wrong-type", "a value of another kind (`x`)", None),
    "an int that is none": (
        "name: x\ntests: [{name: t, exit: !!int foo}]",
        "2:25", "wrong-type", "`tests[0].exit`", None,
    ),
    "an empty int": ('name: x\ntests: [{name: t, exit: !!int ""}]', "2:25", "wrong-type", "`tests[0].exit`", None),
    "a float that is none": (
        "name: x\ntests: [{name: t, timeout_s: !!float foo}]", "2:30", "wrong-type", "`tests[0].timeout_s`", None,
    ),
    "a bool that is none": (
        "name: x\ndefaults: {defines: {A: !!bool foo}}", "2:25", "wrong-type", "`defaults.defines.A`", None,
    ),
    "hexadecimal without digits": ("name: x\ntests: [{name: t, exit: 0x_}]", "2:25", "wrong-type", "exit`", None),
    "binary without digits": ("name: x\ntests: [{name: t, exit: 0b_}]", "2:25", "wrong-type", "exit`", None),
    "more digits than Python takes": (
        f"name: x\ntests: [{{name: t, exit: {'1' * 5000}}}]", "2:25", "wrong-", "`tests[0].exit` must be", None,
    ),
    "empty file": ("", "1:1", "not-yaml", "is empty", "start with `name:`"),
    "only a comment": ("# later\n", "1:1", "not-yaml", "is empty", "start with `name:`"),
    "not YAML": ("name: x\nlibraries: {z: [}", "2:17", "not-yaml", "not valid YAML: ", None),
    "a tab as indentation": (
        "name: x\ndefaults:\n\tlibc: none", "3:1", "not-yaml", "a tab where YAML has spaces", "indent with spaces",
    ),
    "an alias to nothing": ("name: *other", "1:7", "not-yaml", "starts with `*`", 'write "*other"'),
    "two documents": ("name: x\n---\nname: y", "2:1", "not-yaml", "expected a single document", None),
    "half a surrogate": ('name: "\\ud800"', "1:10", "not-yaml", "invalid Unicode", None),
    "a mapping that holds itself": ("name: x\nlibraries: &a\n  z: *a", "3:3", "unknown-key", "in `libraries.z`", None),
    "a list that holds itself": ("&a\n- *a", "1:1", "wrong-type", "the file must be a mapping", None),
}  # fmt: skip


@pytest.mark.parametrize("case", ERRORS)
def test_an_error_names_its_place_and_what_to_do(case: str) -> None:
    text, place, code, headline, help_ = ERRORS[case]
    said = {str(finding.at): finding for finding in reversed(refused(text))}
    finding = said[f"{SHOWN_AS}:{place}"]
    assert finding.code.startswith(code)
    assert headline in finding.headline
    assert help_ is None or any(help_ in line for line in finding.help)


@pytest.mark.parametrize("data", [b"name: \xff", b"name: x\x00", b"name: \x01", b"\xff\xfen\x00a", b"\xc3("])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    (finding,) = refused(data)
    assert finding.code == "not-yaml"
    assert str(finding.at).startswith(f"{SHOWN_AS}:")


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    document = read(b"\xef\xbb\xbfname: x\r\nversion: 1.2\r\n")
    assert document.value.version == "1.2"
    assert str(document.at("version")) == f"{SHOWN_AS}:2:10"


def test_all_errors_are_said_at_once_in_the_order_of_the_file() -> None:
    findings = refused(
        "name: a/b\nrequries: [z]\nversion: {}\nlibraries:\n  z: {sources: [], link: none}\n"
        "tests: [{nam: t}, {name: u, exit: x}]\n"
    )
    assert [(finding.at.line, finding.at.column, finding.code) for finding in findings if finding.at] == [
        (1, 7, "wrong-value"),
        (2, 1, "unknown-key"),
        (3, 10, "wrong-type"),
        (5, 16, "empty-list"),
        (5, 26, "wrong-value"),
        (6, 9, "missing-key"),
        (6, 10, "unknown-key"),
        (6, 35, "wrong-type"),
    ]


def test_an_alias_stands_for_the_value_and_errors_in_it_are_placed_where_it_was_written() -> None:
    document = read("name: x\nlibraries:\n  a: &a {sources: [a.c]}\n  b: *a\n")
    assert document.value.libraries["a"] == document.value.libraries["b"]
    findings = refused("name: x\nlibraries:\n  a: &a {sources: []}\n  b: *a\n")
    assert {str(finding.at) for finding in findings} == {f"{SHOWN_AS}:3:19"}


def test_every_value_knows_its_place() -> None:
    document = read("name: x\nlibraries:\n  z:\n    sources: [a.c,\n      b.c]\n")
    for where, place in {
        ("name",): "1:7",
        ("libraries", "z"): "4:5",
        ("libraries", "z", "<key>"): "3:3",
        ("libraries", "z", "sources", 1): "5:7",
        ("libraries", "z", "exports"): "4:5",  # not written: the nearest around it
        ("tests", 3, "name"): "1:1",
    }.items():
        assert str(document.at(*where)) == f"{SHOWN_AS}:{place}", where


@pytest.mark.parametrize("depth", [1_000, 200_000])
@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "? "], ids=["list", "mapping", "block", "key"])
def test_deep_nesting_is_an_error_and_no_crash(tmp_path: Path, depth: int, unit: str) -> None:
    closing = {"[": "]", "{a: ": "}"}.get(unit, "")
    (tmp_path / "m.yaml").write_text("name: x\nrequires: \n " + unit * depth + "1" + closing * depth)
    script = (
        "import sys; from pathlib import Path; from wasmbuild.diagnostics import WasmbuildError\n"
        "from wasmbuild.manifest.reader import read_document; from wasmbuild.manifest.schema import Manifest\n"
        "try: read_document(Path(sys.argv[1]), 'm.yaml', Manifest)\n"
        "except WasmbuildError as error: print('refused:', error.diagnostics[0].at)\n"
    )
    # In a process of its own: what is to be shown is that the interpreter survives.
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "m.yaml"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout[:9]) == (0, "refused: "), done.stderr[-500:]


def test_many_aliases_of_a_long_list_are_read_in_no_time() -> None:
    names = ",".join(f"f{i}.c" for i in range(300))
    text = f"name: x\nlibraries:\n  a: &a {{sources: [{names}]}}\n" + "".join(f"  l{i}: *a\n" for i in range(30))
    assert len(read(text).value.libraries) == 31


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none.yaml", "no such file"), (tmp_path, "is a directory")):
        with pytest.raises(WasmbuildError) as caught:
            read_document(path, "wasmbuild.yaml", Manifest)
        (finding,) = caught.value.diagnostics
        assert "cannot read `wasmbuild.yaml`" in finding.headline
        assert reason in finding.headline.lower()


# --- any input ------------------------------------------------------------------------------------------------------

EXAMPLES = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_or_refuse(data: bytes) -> None:
    """Nothing but a document or a WasmbuildError whose every finding has a place in the file."""
    try:
        document = decode_document(data, SHOWN_AS, Manifest)
    except WasmbuildError as error:
        findings = error.diagnostics
    else:
        assert isinstance(document, Document)
        assert isinstance(document.value, Manifest)
        return
    assert findings
    for finding in findings:
        assert isinstance(finding.at, Position)
        assert finding.at.path == SHOWN_AS
        assert 1 <= finding.at.line <= len(data) + 1
        assert finding.at.column >= 1
        assert finding.headline


@EXAMPLES
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)


KEYS = sorted(
    {
        field.encode_name
        for type_ in fields_in_use(read(EVERYTHING).value, {})
        for field in inspect.type_info(type_).fields  # type: ignore[attr-defined]
    }
)
PIECES = [
    *(f"{key}: " for key in KEYS), *"[]{},\n-?:&*!|>'\"%@`#", "  ", "\n  ", "\n- ", "&a ", "*a ", "!!int ", "!!float ",
    "!!bool ", "!!null ", "!!str ", "!!binary ", "<<: ", "0x", "0b", "_", "1", ".", "1e9", ".nan", ".inf", "~", "yes",
    "---\n", "...\n", "%YAML 1.1\n", "\\n", "\\ud800", "=", "1:30", "2024-01-01", "é", "\ufeff", "\x85",
]  # fmt: skip


@EXAMPLES
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_scraps_of_yaml_are_read_or_refused(text: str) -> None:
    read_or_refuse(text.encode())


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.dates()
    | st.binary(max_size=4)
    | st.sampled_from(["wasi", "none", "a.c", "1MiB", "(i32) -> ()", "dynamic", HEX64])
)
NESTED = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4) | st.integers(), inner, max_size=4)
    ),
    max_leaves=15,
)


@EXAMPLES
@given(st.dictionaries(st.sampled_from(KEYS), NESTED, max_size=5))
def test_any_nested_data_is_read_or_refused(data: dict[str, Any]) -> None:
    read_or_refuse(yaml.safe_dump(data, allow_unicode=True).encode())


@EXAMPLES
@given(st.sampled_from(range(len(EVERYTHING))), st.sampled_from(PIECES), st.integers(0, 12))
def test_a_good_manifest_with_one_change_is_read_or_refused(at: int, piece: str, removed: int) -> None:
    read_or_refuse((EVERYTHING[:at] + piece + EVERYTHING[at + removed :]).encode())


def test_a_pattern_that_is_no_list_is_told_to_be_one() -> None:
    with pytest.raises(WasmbuildError) as caught:
        decode_document(b"name: x\nlibraries: {z: {sources: [z.c], exports: z_all}}", "m.yaml", Manifest)
    (finding,) = caught.value.diagnostics
    assert finding.code == "wrong-type"
    assert finding.help == ("write a list: [z_all]",)
