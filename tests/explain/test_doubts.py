"""What fits and yet is wrong: two copies, programs among libraries, exceptions, moved and stripped sections."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from linkvalues import I_I, NOTHING, STANDARD, function_import, library, scope_of, spec

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.explain.doubts import doubts, find_twins, not_deployed
from wasmbuild.explain.findings import findings as findings_of
from wasmbuild.link.decide import decide
from wasmbuild.link.scope import Library
from wasmbuild.search.libraries import Search
from wasmbuild.search.module import not_a_library, read_module
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.encode import encode
from wasmbuild.wasm.module import FuncType, Import, Limits, MemoryType
from wasmbuild.wasm.traits import Traits


def findings(*libraries: Library, traits: Mapping[str, Traits] | None = None) -> tuple[Diagnostic, ...]:
    scope = scope_of(*libraries)
    known = traits or {}
    return findings_of(decide(scope, {}), traits=tuple(known.get(each.name, Traits()) for each in scope.libraries))


def only(*libraries: Library, traits: Mapping[str, Traits] | None = None) -> str:
    (finding,) = findings(*libraries, traits=traits)
    return str(finding)


ROOT = library("app", needed=("z.so", "z2.so"))
TWO = library("z.so", functions={"inflate": I_I}), library("z2.so", functions={"inflate": I_I}, needed=())


def test_two_files_with_one_content_are_one_library_loaded_twice() -> None:
    same = Traits(sha256="ab" * 32)
    assert only(ROOT, *TWO, traits={"z.so": same, "z2.so": same}) == (
        "warning: one library under two names: `z.so`, `z2.so`\n"
        "  one:   /lib/z.so\n"
        "         needed by app\n"
        "  other: /lib/z2.so\n"
        "         needed by app\n"
        "note: the files are identical; each copy has variables of its own\n"
        "help: let all that need it need it by one name"
    )


def test_two_files_that_were_linked_under_one_name_are_one_library_in_two_versions() -> None:
    text = only(ROOT, *TWO, traits={"z.so": Traits("1", "libz.so"), "z2.so": Traits("2", "libz.so")})
    assert "note: both were linked as `libz.so`; each copy has variables of its own\n" in text


def test_one_name_without_a_common_symbol_is_chance() -> None:
    libraries = library("z.so", functions={"a": I_I}), library("z2.so", functions={"b": I_I})
    assert findings(ROOT, *libraries, traits={n: Traits(n, "a.out") for n in ("z.so", "z2.so")}) == ()


def test_duplicates_of_different_libraries_are_said_as_before() -> None:
    (finding,) = findings(ROOT, *TWO, traits={"z.so": Traits("1", "libz.so"), "z2.so": Traits("2", "zlib.so")})
    assert finding.code == "duplicate-symbol"


def test_what_cpp_defines_in_each_library_is_no_finding() -> None:
    libraries = [
        library(n, functions={"_Z1fv": NOTHING}, data={"_ZTI5Error": 0, "_ZTV5Error": 8}) for n in ("z.so", "z2.so")
    ]
    assert findings(ROOT, *libraries) == ()


def test_a_program_that_is_needed_is_an_error() -> None:
    root = library("app", needed=("tool.wasm",))
    (finding,) = findings(root, library("tool.wasm", functions={"_start": NOTHING}))
    assert str(finding).startswith(
        "error: a program where a library belongs: `tool.wasm`\n"
        "  it exports: `_start`, which nobody would call\n"
        "  needed by:  app\n"
    )


def test_a_program_is_no_library_only_where_it_is_needed() -> None:
    assert findings(library("app", functions={"_start": NOTHING})) == ()


def test_legacy_exceptions_are_refused_and_mixed_ones_named() -> None:
    old, new = Traits(exceptions="legacy"), Traits(exceptions="standard")
    assert findings(ROOT, *TWO[:1], library("z2.so"), traits={"z.so": new, "z2.so": new}) == ()
    alone = only(ROOT, TWO[0], library("z2.so"), traits={"z.so": old})
    assert alone.startswith("error: exceptions in an encoding that was given up\n  legacy: z.so\n")
    mixed = only(ROOT, TWO[0], library("z2.so"), traits={"z.so": old, "z2.so": new})
    assert mixed.startswith("error: two encodings of exceptions in one process\n  legacy:   z.so\n  standard: z2.so\n")


def test_one_module_with_shared_memory_and_one_without() -> None:
    shared = (Import("env", "memory", MemoryType(Limits(1, 65536), shared=True)),)
    root = library("app", needed=("z.so",))
    assert only(root, library("z.so", standard=shared)) == (
        "error: one module wants a memory that threads share, another does not\n"
        "  shared:     z.so\n"
        "  not shared: app\n"
        "help: compile and link all of them without -pthread, -matomics and --shared-memory"
    )


def test_dylink_that_is_not_first_is_a_warning() -> None:
    data = encode(spec())
    first = decode(data).sections[0]
    end = first.offset + first.size_bytes
    moved = data[:8] + b"\0\5\4name" + data[8:end] + data[end:]
    root = Library("app", "/lib/app", decode(moved))
    (finding,) = findings(root)
    assert (finding.code, finding.severity, finding.facts) == ("dylink-moved", "warning", (("first is", "`name`"),))


def test_a_library_that_lost_its_dylink_is_told_from_what_never_had_one(tmp_path: Path) -> None:
    data = encode(spec())
    end = decode(data).sections[0].offset + decode(data).sections[0].size_bytes
    stripped = tmp_path / "z.so"
    stripped.write_bytes(data[:8] + data[end:])
    assert not_a_library(read_module(stripped)).code == "stripped-dylink"
    plain = tmp_path / "plain.wasm"
    plain.write_bytes(encode(spec(standard=STANDARD[:1]))[:8])
    assert not_a_library(read_module(plain)).code == "not-a-library"


def test_a_program_without_main_is_a_warning() -> None:
    main = function_import("__main_argc_argv", FuncType(("i32", "i32"), ("i32",)))
    program = library("p", imports=(main,), weak=("__main_argc_argv",), functions={"_start": NOTHING})
    (finding,) = findings(program)
    assert (finding.code, finding.severity) == ("no-main", "warning")
    assert findings(library("p.so", imports=(main,), weak=("__main_argc_argv",))) == ()


def place(path: Path, *needed: str, runtime_paths: tuple[str, ...] = ()) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(spec(needed=needed, runtime_paths=runtime_paths)))
    return path


@pytest.mark.parametrize(
    ("runtime_paths", "also_beside", "warned"),
    [((), False, True), ((), True, False), (("$ORIGIN/lib",), False, False)],
)
def test_what_only_the_library_path_finds_is_not_deployed(
    tmp_path: Path, runtime_paths: tuple[str, ...], also_beside: bool, warned: bool
) -> None:
    root = place(tmp_path / "app.wasm", "z.so", runtime_paths=runtime_paths)
    place(tmp_path / "lib" / "z.so")
    if also_beside:
        place(tmp_path / "z.so")
    search = Search((tmp_path / "lib",))
    opened = search.open(root)
    search("z.so", opened, opened)
    found = list(not_deployed(search.by_library_path))
    assert [finding.headline for finding in found] == ["found only by the library path: `z.so`"] * warned


def test_a_library_that_is_needed_twice_is_missed_once(tmp_path: Path) -> None:
    from wasmbuild.link.scope import find_scope

    search = Search()
    _, missing = find_scope(search.open(place(tmp_path / "a.so", "libc.so", "libc.so")), search)
    assert len(missing) == 1


def test_many_copies_of_one_file_are_one_finding() -> None:
    copies = [library(f"{n}.so", functions={"f": I_I}) for n in range(50)]
    root = library("app", needed=[each.name for each in copies])
    scope = scope_of(root, *copies)
    found = find_twins(scope, [Traits(), *[Traits(sha256="same")] * 50])
    assert found == {frozenset(range(1, 51)): "the files are identical"}
    (twice,) = doubts(scope, [Traits()] * 51, found)
    assert twice.headline == "one library under 50 names: `0.so`, `1.so` and 48 more"
    same = {each.name: Traits(sha256="same") for each in copies}
    assert [each.code for each in findings(root, *copies, traits=same)] == ["loaded-twice"]


def test_libraries_of_one_soname_are_twins_where_they_export_the_same() -> None:
    libraries = [library("a.so", functions={"f": I_I}), library("b.so", functions={"f": I_I, "g": I_I})]
    libraries += [library("c.so", functions={"other": I_I})]
    scope = scope_of(library("app", needed=[each.name for each in libraries]), *libraries)
    traits = [Traits(), *(Traits(sha256=name, soname="x.so") for name in "abc")]
    assert find_twins(scope, traits) == {frozenset((1, 2)): "both were linked as `x.so`"}
