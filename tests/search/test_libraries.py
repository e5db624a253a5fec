"""Where a needed library is looked for, and what is refused as no library."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from linkvalues import I_I, library, spec

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.link.scope import Library, NotFound, find_scope
from wasmbuild.search.files import read_file
from wasmbuild.search.libraries import Search
from wasmbuild.search.module import not_a_library, read_module
from wasmbuild.wasm.encode import Function, ModuleSpec, body, encode
from wasmbuild.wasm.module import Export, FuncType


def place(path: Path, **parts: object) -> Path:
    """A library in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encode(spec(**parts)))  # type: ignore[arg-type]
    return path


def found(search: Search, root: Path) -> list[Path]:
    """The real files of a scope."""
    scope, missing = find_scope(search.open(root), search)
    assert missing == ()
    return [Path(each.identity) for each in scope.libraries]


def test_a_needed_library_lies_beside_the_root(tmp_path: Path) -> None:
    root = place(tmp_path / "bin" / "app.wasm", needed=("z.so",))
    z = place(tmp_path / "bin" / "z.so")
    assert found(Search(), root) == [root, z]


def test_what_a_library_needs_lies_beside_the_root_and_not_beside_the_library(tmp_path: Path) -> None:
    root = place(tmp_path / "bin" / "app.wasm", needed=("../lib/png.so", "z.so"))
    png = place(tmp_path / "lib" / "png.so", needed=("z.so",))
    place(tmp_path / "lib" / "z.so", functions={"wrong": I_I})
    z = place(tmp_path / "bin" / "z.so")
    assert found(Search(), root) == [root, png, z]


@pytest.mark.parametrize("origin", ["$ORIGIN/../lib", "${ORIGIN}/../lib", "../lib"])
def test_a_runtime_path_is_relative_to_the_requester(tmp_path: Path, origin: str) -> None:
    root = place(tmp_path / "bin" / "app.wasm", needed=("z.so",), runtime_paths=(origin,))
    z = place(tmp_path / "lib" / "z.so")
    assert found(Search(), root) == [root, z]


def test_an_absolute_runtime_path_is_taken_as_it_is(tmp_path: Path) -> None:
    root = place(tmp_path / "bin" / "app.wasm", needed=("z.so",), runtime_paths=(str(tmp_path / "deep" / "lib"),))
    z = place(tmp_path / "deep" / "lib" / "z.so")
    assert found(Search(), root) == [root, z]


def test_a_runtime_path_serves_only_the_library_that_has_it(tmp_path: Path) -> None:
    root = place(tmp_path / "app.wasm", needed=("a.so",), runtime_paths=("$ORIGIN/lib",))
    place(tmp_path / "lib" / "a.so", needed=("z.so",))
    place(tmp_path / "lib" / "z.so")
    search = Search()
    _, (missing,) = find_scope(search.open(root), search)
    assert missing.headline == "needed library not found: `z.so`"


def test_the_order_is_runtime_path_then_library_path_then_the_roots_directory(tmp_path: Path) -> None:
    root = place(tmp_path / "bin" / "app.wasm", needed=("z.so",), runtime_paths=("$ORIGIN/r1", "$ORIGIN/r2"))
    places = [tmp_path / folder / "z.so" for folder in ("bin/r1", "bin/r2", "p1", "p2", "bin")]
    for path in places:
        place(path)
    for expected in places:
        search = Search((tmp_path / "p1", tmp_path / "p2"))
        assert found(search, root) == [root, expected]
        expected.unlink()
    search = Search((tmp_path / "p1", tmp_path / "p2"))
    result = search("z.so", search.open(root), search.open(root))
    assert result == NotFound(tuple(str(path.parent) for path in places))


def test_a_directory_that_is_searched_twice_is_said_once(tmp_path: Path) -> None:
    root = place(tmp_path / "app.wasm", needed=("z.so",), runtime_paths=("$ORIGIN",))
    search = Search((tmp_path,))
    assert search("z.so", search.open(root), search.open(root)) == NotFound((str(tmp_path),))


def test_a_directory_of_the_librarys_name_is_not_the_library(tmp_path: Path) -> None:
    (tmp_path / "path" / "z.so").mkdir(parents=True)
    root = place(tmp_path / "app.wasm", needed=("z.so",))
    z = place(tmp_path / "z.so")
    assert found(Search((tmp_path / "path",)), root) == [root, z]


def test_a_name_with_a_slash_is_a_path_and_is_searched_nowhere_else(tmp_path: Path) -> None:
    root = place(tmp_path / "app.wasm", needed=("sub/z.so",))
    place(tmp_path / "path" / "sub" / "z.so")
    search = Search((tmp_path / "path",))
    result = search("sub/z.so", search.open(root), search.open(root))
    assert result == NotFound((str(tmp_path / "sub"),))
    z = place(tmp_path / "sub" / "z.so")
    assert found(search, root) == [root, z]


def test_a_link_and_its_file_are_one_library(tmp_path: Path) -> None:
    root = place(tmp_path / "app.wasm", needed=("z.so", "z.so.1", "./z.so.1"))
    z = place(tmp_path / "z.so.1")
    (tmp_path / "z.so").symlink_to("z.so.1")
    assert found(Search(), root) == [root, z]


def test_each_file_is_read_once_as_long_as_it_is_the_same(tmp_path: Path) -> None:
    root = place(tmp_path / "app.wasm", needed=("z.so",))
    z = place(tmp_path / "z.so")
    (tmp_path / "link.so").symlink_to(z)
    search = Search()
    first = search.open(z)
    assert search.open(z) is first
    assert search.open(tmp_path / "link.so") is first
    assert found(search, root) == [root, z]
    z.write_bytes(b"no longer a module")
    with pytest.raises(WasmbuildError):
        search.open(z)


def test_paths_below_the_current_directory_are_shown_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = place(tmp_path / "bin" / "app.wasm", needed=("z.so",))
    monkeypatch.chdir(tmp_path)
    search = Search((tmp_path / "lib",))
    assert search("z.so", search.open(root), search.open(root)) == NotFound(("lib", "bin"))


# What is no library

FUNCTION = Function(FuncType(), body(b""))


def refusal(path: Path) -> str:
    with pytest.raises(WasmbuildError) as caught:
        Search().open(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("module", "text"),
    [
        pytest.param(
            ModuleSpec(),
            "error: not a shared library: `it.so`\n"
            "  it is: a module without a `dylink.0` section\n"
            "note: tools that rewrite a module (strip, wasm-opt) can lose its `dylink.0` section\n"
            "help: link it with `wasm-ld -shared`",
            id="no dylink.0",
        ),
        pytest.param(
            ModuleSpec(customs=(("dylink", b"\0\0\0\0\0"),)),
            "error: made for an older convention: `it.so`\n"
            "  found:  a `dylink` section\n"
            "  needed: a `dylink.0` section, which LLVM writes since 2022\n"
            "help: build it again with LLVM 16 or later, or with Emscripten 3.1 or later",
            id="old dylink",
        ),
        pytest.param(
            ModuleSpec(customs=(("linking", b"\2"),)),
            "error: not a shared library: `it.so`\n"
            "  it is: an object file, not yet linked\n"
            "help: link it with `wasm-ld -shared`, or list it under `sources`",
            id="object",
        ),
        pytest.param(
            ModuleSpec(functions=(FUNCTION,), exports=(Export("_start", "func", 0),)),
            "error: not a shared library: `it.so`\n"
            "  it is: a program that was linked statically\n"
            "note: tools that rewrite a module (strip, wasm-opt) can lose its `dylink.0` section\n"
            "help: a program that needs libraries is linked with -pie",
            id="static program",
        ),
    ],
)
def test_what_is_no_shared_library_is_named_for_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleSpec, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "it.so"
    path.write_bytes(encode(module))
    assert refusal(path) == text


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"INPUT(libz.so.1)\n", id="a linker script"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\x7fELF\x02\x01\x01", id="native"),
        pytest.param(b"\0asm\x0d\0\1\0", id="component"),
    ],
)
def test_what_is_no_module_at_all_is_malformed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "it.so").write_bytes(data)
    assert refusal(tmp_path / "it.so").startswith("error: malformed module: `it.so`\n  offset:")


def test_a_needed_file_that_is_no_library_ends_the_search(tmp_path: Path) -> None:
    root = place(tmp_path / "bin" / "app.wasm", needed=("z.so",))
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "z.so").write_bytes(encode(ModuleSpec()))
    place(tmp_path / "bin" / "z.so")
    search = Search((tmp_path / "path",))
    with pytest.raises(WasmbuildError, match="not a shared library"):
        find_scope(search.open(root), search)


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(WasmbuildError, match=r"cannot read `.*gone\.so`: No such file") as caught:
        read_module(tmp_path / "gone.so")
    assert caught.value.diagnostics[0].code == "cannot-read"


def test_a_module_read_from_a_file_knows_its_name_and_real_path(tmp_path: Path) -> None:
    z = place(tmp_path / "z.so.1")
    (tmp_path / "z.so").symlink_to("z.so.1")
    read = read_module(tmp_path / "z.so")
    assert (read.name, read.identity) == ("z.so", str(z.resolve()))
    assert read_module(z, "needed as").name == "needed as"


def test_a_diagnostic_of_a_module_that_is_no_library_needs_no_file() -> None:
    made = library("x.so", ModuleSpec())
    assert isinstance(made, Library)
    assert not_a_library(made).code == "not-a-library"


@pytest.mark.parametrize("change", [b"", b"\0asm\1\0\0\0", b"x" * 10])
def test_a_file_that_changes_while_it_is_checked_is_said_to(tmp_path: Path, change: bytes) -> None:
    """What is read a second time, for a closer look, are the bytes that were decoded."""
    path = place(tmp_path / "app.wasm", functions={"f": I_I})
    search = Search()
    opened = search.open(path)
    path.write_bytes(change)
    with pytest.raises(WasmbuildError) as raised:
        search.traits_of(opened)
    assert [each.code for each in raised.value.diagnostics] == ["module-changed"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files")
def test_nobody_waits_for_a_file_that_nobody_writes(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.so")
    with pytest.raises(WasmbuildError, match="it is no regular file"):
        read_file(tmp_path / "fifo.so")


def test_a_file_that_is_larger_than_a_module_can_be_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "large.so").touch()
    os.truncate(tmp_path / "large.so", 5 << 30)
    with pytest.raises(WasmbuildError, match="more than the 1073741824 that a module can have"):
        read_file(tmp_path / "large.so")


def test_a_runtime_path_that_names_its_origin_again_and_again_does_not_grow(tmp_path: Path) -> None:
    search = Search()
    root = place(tmp_path / "app.wasm", needed=("no.so",), runtime_paths=("$ORIGIN" * 585,))
    _, missing = find_scope(search.open(root), search)
    assert len(missing) == 1
    assert max(map(len, search.probed)) < 5000 + len(str(tmp_path))
