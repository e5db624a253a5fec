"""Memory, buffers and the room they take, with a libc and without."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import wasmtime
from hypothesis import given
from hypothesis import strategies as st

import wasmbuild
from wasmbuild import Library, OutOfBounds, OutOfMemory, WasmbuildError
from wasmbuild.embed.buffers import Buffer
from wasmbuild.embed.guest import Guest
from wasmbuild.embed.heap import HostHeap
from wasmbuild.loader.program import Loaded


def test_bytes_and_numbers_are_read_and_written(kit: Library) -> None:
    memory, kept = kit.memory, kit.buffer(64)
    place = kept.address
    memory.write(place, b"\x01\x02\xff\xff\xff\xff")
    assert memory.read(place, 2) == b"\x01\x02"
    assert (memory.get("u16", place), memory.get("i32", place + 2)) == (0x0201, -1)
    memory.set("double", place + 8, 0.5)
    assert memory.get("f64", place + 8) == 0.5
    memory.set_array("int16_t", place, [1, -2, 3])
    assert memory.get_array("i16", place, 3) == [1, -2, 3]
    memory.fill(place, 64)
    memory.fill(place, 3, 0x41)
    assert memory.read(place, 4) == b"AAA\0"
    memory.write(place, memoryview(b"mn"))
    memory.write(place + 2, bytearray(b"\0"))
    assert kit.cstring(place) == "mn"


@pytest.mark.parametrize(
    "use",
    [
        lambda m: m.read(m.size_bytes - 3, 4),
        lambda m: m.read(m.size_bytes + 1, 0),
        lambda m: m.read(0, -1),
        lambda m: m.read(-4, 4),
        lambda m: m.read(0xFFFFFFFF, 2),
        lambda m: m.read(1 << 32, 1),
        lambda m: m.write(m.size_bytes - 1, b"xy"),
        lambda m: m.fill(m.size_bytes, 1),
        lambda m: m.get("i64", m.size_bytes - 7),
        lambda m: m.set("u8", m.size_bytes, 1),
        lambda m: m.get_array("u8", 0, m.size_bytes + 1),
        lambda m: m.get_array("u8", 0, -1),
        lambda m: m.cstring(m.size_bytes),
        lambda m: m.cstring(-1),
    ],
)
def test_nothing_outside_the_memory_is_touched(kit: Library, use: Callable[[object], object]) -> None:
    with pytest.raises(OutOfBounds):
        use(kit.memory)
    assert kit.memory.read(kit.memory.size_bytes, 0) == b""
    assert kit.alive


def test_a_text_without_an_end_is_not_read_for_ever(kit: Library) -> None:
    memory = kit.memory
    end = memory.size_bytes
    memory.fill(end - 5000, 5000, 0x78)
    with pytest.raises(OutOfBounds, match="no end of a string within 5000 bytes"):
        memory.cstring(end - 5000)
    with pytest.raises(OutOfBounds, match="within 11 bytes"):
        kit.cstring(end - 100, limit_bytes=10)
    memory.write(end - 90, b"\0")
    assert kit.cstring(end - 100, limit_bytes=10) == "x" * 10
    memory.write(end - 100, b"\xff")
    with pytest.raises(UnicodeDecodeError):
        kit.cstring(end - 100)
    assert kit.cstring(end - 92, errors="replace") == "xx"


def test_memory_that_grows_is_seen_at_once(kit: Library) -> None:
    before = kit.memory.size_bytes
    buffer = kit.buffer(32 << 20)
    assert kit.memory.size_bytes >= before + (32 << 20)
    buffer.write(b"end", (32 << 20) - 3)
    assert kit.memory.read(buffer.address + (32 << 20) - 3, 3) == b"end"


@pytest.mark.parametrize(
    ("made", "value"),
    [
        (lambda z: z.bytes(b"a\0b"), b"a\0b"),
        (lambda z: z.bytes(memoryview(b"")), b""),
        (lambda z: z.string("h\u00e9"), "h\u00e9"),
        (lambda z: z.string("", 100), ""),
        (lambda z: z.buffer(3), b"\0\0\0"),
        (lambda z: z.buffer(0), b""),
        (lambda z: z.array("i16", [1, -1]), [1, -1]),
        (lambda z: z.array("double", 2), [0.0, 0.0]),
        (lambda z: z.array("bool", [True, False]), [True, False]),
        (lambda z: z.array("u64", []), []),
        (lambda z: z.scalar("size_t", 7), 7),
        (lambda z: z.scalar("float"), 0.0),
    ],
)
def test_the_value_of_a_buffer_has_the_form_that_it_was_made_from(
    kit: Library, made: Callable[[Library], Buffer], value: object
) -> None:
    buffer = made(kit)
    assert buffer.value == value
    assert bytes(buffer) == kit.memory.read(buffer.address, buffer.size_bytes)
    with buffer:
        pass
    buffer.free()
    with pytest.raises(OutOfBounds, match="was freed"):
        _ = buffer.value
    with pytest.raises(OutOfBounds, match="was freed"):
        kit.call("length", buffer)
    assert "freed" in repr(buffer)


def test_buffers_keep_to_their_ends(kit: Library) -> None:
    buffer = kit.buffer(4)
    buffer.write(b"abcd")
    assert buffer.read(2, 1) == b"bc"
    for use in (
        lambda: buffer.read(5),
        lambda: buffer.read(1, 4),
        lambda: buffer.read(-1),
        lambda: buffer.write(b"x", 4),
        lambda: buffer.write(b"x", -1),
    ):
        with pytest.raises(OutOfBounds, match="of a buffer of 4 bytes"):
            use()
    array = kit.array("i32", [1, 2, 3])
    array[-1] = 9
    assert (array[0], array[2], len(array), list(array)) == (1, 9, 3, [1, 2, 9])
    with pytest.raises(OutOfBounds, match="number 3 of 3"):
        array[3] = 1


def test_values_that_a_type_does_not_hold_are_refused_with_their_place(kit: Library) -> None:
    with pytest.raises(OverflowError, match="256 does not fit in `u8`, at 1"):
        kit.array("u8", [1, 256])
    with pytest.raises(TypeError, match=r"not a `i32`: 1\.5, at 0"):
        kit.array("int", [1.5])
    with pytest.raises(OverflowError, match="too large for `f32`"):
        kit.scalar("float", 1e300)
    with pytest.raises(ValueError, match="`struct a` is not the type of a number"):
        kit.array("struct a", [1])
    with pytest.raises(ValueError, match="first null character"):
        kit.string("a\0b")
    cell = kit.scalar("i8", -1)
    with pytest.raises(OverflowError):
        cell.value = 128
    assert cell.value == -1


def test_buffers_that_nobody_refers_to_are_used_again(kit: Library) -> None:
    kit.buffer(1 << 20)
    before = kit.memory.size_bytes
    for _ in range(200):
        kit.buffer(1 << 20)
    gc.collect()
    assert kit.memory.size_bytes <= before + (2 << 20)


BARE = """(module
  (memory (export "memory") 1 {most})
  (table (export "__indirect_function_table") 1 funcref)
  (func (export "first") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "apply") (param i32 i32) (result i32)
    (call_indirect (param i32) (result i32) (local.get 1) (local.get 0)))
  (func (export "pair") (result i32 i32) (i32.const 1) (i32.const 2))
  (func (export "vector") (param v128)))"""


def bare(directory: Path, most: str = "", text: str = BARE) -> Library:
    path = directory / "bare.wasm"
    path.write_bytes(wasmtime.wat2wasm(text.replace("{most}", most)))
    return wasmbuild.load(path, stdio="none")


def test_a_module_without_libc_has_room_beside_its_own(tmp_path: Path) -> None:
    with bare(tmp_path) as z:
        first = z.bytes(b"hello")
        assert first.address >= 65536  # nothing that the module could have put there
        assert z.call("first", first) == ord("h")
        assert z.call("first", b"x") == ord("x")
        assert z.call("apply", z.callback("(i32) -> i32", lambda x: x + 1), 4) == 5
        for _ in range(1000):
            z.call("first", b"x" * 3000)
        assert z.memory.size_bytes == 2 * 65536


def test_a_module_without_libc_runs_out_of_memory(tmp_path: Path) -> None:
    with bare(tmp_path, "3") as z:
        one, two = z.buffer(65536), z.buffer(60000)
        with pytest.raises(OutOfMemory):
            z.buffer(65536)
        one.free()
        two.free()
        z.buffer(65536 + 60000)


def test_functions_that_python_cannot_call_say_so(tmp_path: Path) -> None:
    with bare(tmp_path) as z:
        assert z.call("pair") == (1, 2)
        with pytest.raises(TypeError, match=r"`vector` has the type `\(v128\) -> \(\)`, and Python has no `v128`"):
            z.call("vector", 1)


def test_a_module_without_memory_or_table_says_so(tmp_path: Path) -> None:
    with bare(tmp_path, text='(module (func (export "f") (param i32)))') as z:
        z.call("f", 1)
        for use in (lambda: z.memory, lambda: z.bytes(b""), lambda: z.call("f", b"x")):
            with pytest.raises(WasmbuildError, match="has no memory that others can reach"):
                use()
        with pytest.raises(WasmbuildError, match="gives out no table"):
            z.callback("() -> ()", print)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 100_000)), max_size=60))
def test_areas_of_the_hosts_heap_never_overlap_and_are_used_again(steps: list[tuple[bool, int]]) -> None:
    store = wasmtime.Store()
    memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(1, 200)))
    process = SimpleNamespace(plan=SimpleNamespace(memory=None))
    guest = Guest(cast(Loaded, SimpleNamespace(store=store, process=process)), None)
    heap = HostHeap(guest, memory)
    taken: dict[int, int] = {}
    for allocates, size in steps:
        if allocates or not taken:
            address = heap.allocate(size)
            if address == 0:
                continue
            assert address % 16 == 0
            assert address >= 65536
            assert address + size <= memory.data_len(store)
            assert all(address + max(size, 1) <= a or a + max(s, 1) <= address for a, s in taken.items())
            taken[address] = size
        else:
            address = sorted(taken)[size % len(taken)]
            heap.free(address)
            del taken[address]
    for address in taken:
        heap.free(address)
    pages = memory.size(store) - 1
    if pages:
        assert heap.allocate(pages * 65536) == 65536  # all of it is one hole again


@pytest.mark.slow
def test_ranges_of_2_gib_and_more(tmp_path: Path) -> None:
    """Pages that nobody wrote to are one page of zeros of the machine's: only the copy takes room."""
    path = tmp_path / "large.wasm"
    path.write_bytes(wasmtime.wat2wasm('(module (memory (export "memory") 40000))'))
    with wasmbuild.load(path, memory_limit=None) as large:
        assert large.memory.read((2 << 30) + 6, 2) == b"\0\0"
        read = large.memory.read(0, (2 << 30) + 1)
        assert len(read) == (2 << 30) + 1
