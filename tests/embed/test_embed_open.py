"""Libraries that are opened in a process from outside."""

from __future__ import annotations

from pathlib import Path

import pytest
import wasmtime
from embedding import MakeKit

import wasmbuild
from wasmbuild import Library, ProcessDead, WasmbuildError


def test_an_opened_library_shares_the_process(kit: Library) -> None:
    with kit.open("libplugin.so") as plugin:
        assert list(plugin.functions) == ["plugged"]
        assert plugin.call("plugged", 1) == 52
        assert plugin.declare("int plugged(int x)")(1) == 53
        assert plugin.call("base_value") == 41
        with pytest.raises(WasmbuildError, match=r"`libplugin\.so` exports no function `plugget`"):
            plugin.call("plugget")
        assert repr(plugin) == "<Opened `libplugin.so`>"
    with pytest.raises(WasmbuildError, match=r"`libplugin\.so` was closed"):
        plugin.call("plugged", 1)
    plugin.close()
    with kit.open("libplugin.so") as again:
        assert again.call("plugged", 1) == 52  # its data is new
    assert kit.call("add", 1, 2) == 3


def test_a_library_is_opened_by_its_path(kit: Library, guests: Path) -> None:
    assert kit.open(guests / "lib/libplugin.so").call("plugged", 0) == 51
    assert kit.open(str(guests / "lib/libplugin.so")).call("plugged", 0) == 52  # the same one


def test_variables_have_addresses(kit: Library) -> None:
    kit.open("libplugin.so", join=True)
    assert kit.memory.get("int", kit.address("counter")) == 10
    kit.memory.set("int", kit.address("counter"), 100)
    assert kit.open("libplugin.so").call("plugged", 0) == 141
    with pytest.raises(WasmbuildError, match="undefined symbol: `absent`"):
        kit.address("absent")


def test_what_cannot_be_opened_leaves_the_process_as_it_was(kit: Library, guests: Path) -> None:
    for name, said in (
        ("libabsent.so", "library not found: `libabsent.so`"),
        (guests / "lib/absent.so", "cannot read"),
        ("libbroken.so", "failed to start: unreachable"),
        ("libasks.so", "ask"),
    ):
        with pytest.raises(WasmbuildError, match=said):
            kit.open(name)
        assert kit.call("add", 1, 2) == 3


def test_what_a_host_function_raises_in_a_constructor_is_the_cause(make: MakeKit) -> None:
    seen: list[int] = []

    def note(x: int) -> None:
        seen.append(x)
        if len(seen) == 1:
            raise LookupError("not yet")

    kit = make("kit", host={"note": ("void note(int)", note)})
    with pytest.raises(WasmbuildError, match=r"`libloud\.so` failed to start") as caught:
        kit.open("libloud.so")
    assert str(caught.value.__cause__) == "not yet"
    assert kit.open("libloud.so").call("value") == 1
    assert seen == [7, 7]


def test_traps_in_an_opened_library_have_lines(kit: Library) -> None:
    crash = kit.open("libcrash.so")
    with pytest.raises(wasmbuild.Trap) as caught:
        crash.call("outer", 0)
    assert [(frame.file, frame.line) for frame in caught.value.frames] == [("src/crash.c", 5), ("src/crash.c", 11)]
    with pytest.raises(ProcessDead):
        kit.call("add", 1, 2)
    crash.close()  # nothing is left of it
    with pytest.raises(ProcessDead):
        kit.open("libplugin.so")


def test_callbacks_and_buffers_are_the_processs(make: MakeKit) -> None:
    base = make("base")
    kit = base.open("libkit.so")
    apply = kit.declare("int apply(int (*f)(int), int x)")
    for x in range(40):
        assert apply(lambda y: 2 * y, x) == 2 * x + 1
        with base.open("libplugin.so") as plugin:  # both take entries of the table
            assert plugin.call("plugged", x) == 51 + x
    assert kit.call("length", base.string("four")) == 4


def test_nothing_is_opened_in_a_closed_module(tmp_path: Path) -> None:
    path = tmp_path / "closed.wasm"
    path.write_bytes(wasmtime.wat2wasm('(module (func (export "f")))'))
    with wasmbuild.load(path, stdio="none") as z:
        with pytest.raises(WasmbuildError, match=r"`closed\.wasm` is a closed module"):
            z.open("libkit.so")
        with pytest.raises(WasmbuildError, match="no names of variables"):
            z.address("x")


def test_a_limit_that_is_reached_leaves_the_process_as_it_was(make: MakeKit) -> None:
    kit = make("kit")
    process = kit._loaded.process
    assert process.table is not None
    memory_bytes, entries = kit.memory.size_bytes, process.table.size(process.store)
    limited = make("kit", memory_limit=memory_bytes)
    for _ in range(2):
        with pytest.raises(WasmbuildError, match="the process reached its limit"):
            limited.open("libplugin.so")
        assert limited.call("add", 1, 2) == 3
    full = make("kit", table_limit=entries)
    with pytest.raises(WasmbuildError, match="the process reached its limit"):
        full.address("add")  # it has no table entry yet
    assert full.call("add", 1, 2) == 3
