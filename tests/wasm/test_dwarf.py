"""Lines of the source for places in the code, from what clang and wasm-ld write, and from anything else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import wasmtime
from hypothesis import given
from hypothesis import strategies as st

from wasmbuild.builder.ziglang import ziglang_directory
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.dwarf import LINE, SECTIONS, Place, find_places

HEADER = """\
static inline int checked(int x) {
  if (x < 0)
    __builtin_trap();
  return x;
}
"""
SOURCE = """\
#include "inc/header.h"
int never_called(int x) { return 100 / x; }

int direct(int x) {
  int y = x + 1;
  return 10 / y;
}

int through_header(int x) {
  return checked(x) + 1;
}

int outer(int x) {
  return direct(x)
    + 2;
}
"""
EXPORTS = ("direct", "through_header", "outer")


def compile_c(directory: Path, *flags: str) -> bytes:
    """A module with line tables, in which `never_called` was left out."""
    zig = ziglang_directory() / "zig"
    (directory / "inc").mkdir(parents=True)
    (directory / "inc" / "header.h").write_text(HEADER)
    (directory / "main.c").write_text(SOURCE)
    target = ("--target=wasm32-unknown-unknown", "-ffunction-sections", "-fno-sanitize=all", "-O0", "-g")
    for command in (
        (zig, "clang", *target, *flags, "-c", "main.c", "-o", "main.o"),
        (zig, "wasm-ld", "--no-entry", "--gc-sections", *(f"--export={e}" for e in EXPORTS), "main.o", "-o", "a.wasm"),
    ):
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return (directory / "a.wasm").read_bytes()


def places_of_trap(image: bytes, function: str, argument: int) -> list[Place | None]:
    """The places of the frames of a call that traps, the innermost first."""
    store = wasmtime.Store()
    instance = wasmtime.Instance(store, wasmtime.Module(store.engine, image), [])
    call = instance.exports(store)[function]
    assert isinstance(call, wasmtime.Func)
    with pytest.raises(wasmtime.Trap) as caught:
        call(store, argument)
    code = next(section for section in decode(image, "a.wasm").sections if section.id == 10)
    offsets = [frame.module_offset - code.offset for frame in caught.value.frames]
    found = find_places(debug_sections(image), offsets)
    return [found.get(offset) for offset in offsets]


def debug_sections(image: bytes) -> dict[str, bytes]:
    sections = [s for s in decode(image, "a.wasm").sections if s.name in SECTIONS]
    return {s.name: image[s.offset : s.offset + s.size_bytes] for s in sections}


@pytest.fixture(scope="module", params=["-gdwarf-4", "-gdwarf-5"])
def image(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    prefix = "-fdebug-compilation-dir=."
    return compile_c(tmp_path_factory.mktemp("dwarf") / "c", request.param, prefix)


@pytest.mark.parametrize(
    ("function", "argument", "places"),
    [
        ("direct", -1, [("main.c", 6)]),
        ("outer", -1, [("main.c", 6), ("main.c", 14)]),
        ("through_header", -1, [("inc/header.h", 2), ("main.c", 10)]),
    ],
)
def test_frames_have_their_lines(image: bytes, function: str, argument: int, places: list[tuple[str, int]]) -> None:
    assert places_of_trap(image, function, argument) == [Place(*place) for place in places]


def test_the_directory_of_the_compilation_is_in_dwarf_5(tmp_path: Path) -> None:
    image = compile_c(tmp_path / "c", "-gdwarf-5", "-fdebug-compilation-dir=/somewhere")
    assert places_of_trap(image, "direct", -1) == [Place("/somewhere/main.c", 6)]
    assert str(Place("/somewhere/main.c", 6)) == "/somewhere/main.c:6"


def test_a_place_that_is_in_no_table_has_no_line(image: bytes) -> None:
    sections = debug_sections(image)
    assert find_places(sections, [0, 1, 1 << 20, -1]) == {}
    assert find_places({}, [5]) == {}
    assert find_places(sections, []) == {}


def test_a_table_that_is_cut_off_gives_what_is_whole(image: bytes) -> None:
    sections = debug_sections(image)
    offsets = range(200)
    whole = find_places(sections, offsets)
    assert {place.file for place in whole.values()} == {"main.c", "inc/header.h"}
    twice = {**sections, LINE: sections[LINE] + sections[LINE][:-1]}
    assert find_places(twice, [*offsets, 1 << 20]) == whole
    assert find_places({**sections, LINE: sections[LINE][:-1]}, offsets) == {}


@given(st.data())
def test_any_bytes_are_survived(image: bytes, data: st.DataObject) -> None:
    sections = {name: bytearray(section) for name, section in debug_sections(image).items()}
    for name, section in sections.items():
        changes = st.lists(st.tuples(st.integers(0, len(section) - 1), st.integers(0, 255)), max_size=4)
        for place, byte in data.draw(changes, name):
            section[place] = byte
    changed = {name: bytes(section) for name, section in sections.items()}
    for place in find_places(changed, range(200)).values():
        assert isinstance(place.file, str)
        assert place.line > 0


@given(st.dictionaries(st.sampled_from(SECTIONS), st.binary(max_size=200)))
def test_random_bytes_are_survived(sections: dict[str, bytes]) -> None:
    find_places(sections, range(50))
