"""What of C++ a pattern of exports means."""

import pytest

from wasmbuild.builder.cxxpatterns import is_cxx_pattern, matched_symbols
from wasmbuild.wasm import abi
from wasmbuild.wasm.objects import Symbol

READ = "_ZN3img6Reader4readEi"
NEXT = "_ZNK3img6Reader4nextEv"
MAKE = "_ZN3img6ReaderC1Ev"
PRINT = "_ZN3imglsERNSt3__213basic_ostreamIcNS0_11char_traitsIcEEEERKNS_6ReaderE"
ADD = "_ZN3img3mapIiE3addIfEEvT_"  # returns void: a template's name begins with that
DEEP = "_ZN3img6detail4walkEv"
VTABLE, TYPE, TYPE_NAME = "_ZTVN3img6ReaderE", "_ZTIN3img6ReaderE", "_ZTSN3img6ReaderE"
THUNK = "_ZThn8_N3img6Reader4readEi"
OTHER = "_ZN5audio4readEv"
IMAGE = "_ZN5image4readEv"
OF_STD = "_ZNSt3__26vectorIN3img6ReaderEE9push_backEOS2_"
C = "img_read"
ALL = {READ, NEXT, MAKE, PRINT, ADD, DEEP, VTABLE, TYPE, TYPE_NAME, THUNK, OTHER, IMAGE, OF_STD, C}
OF_READER = {READ, NEXT, MAKE, VTABLE, TYPE, TYPE_NAME, THUNK}


def symbol(name: str, flags: int = 0) -> Symbol:
    return Symbol(name, "data" if name.startswith(("_ZTV", "_ZTI", "_ZTS")) else "function", flags, 0)


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("img::*", OF_READER | {PRINT, ADD, DEEP}),
        ("img::Reader", OF_READER),
        ("img::Reader::*", OF_READER),
        ("img::Reader::read", {READ, THUNK}),
        ("img::Reader::read(int)", {READ}),
        ("img::Reader::read(long)", set()),
        ("img::operator<<", {PRINT}),
        ("img::R*", OF_READER),
        ("img::map<*", {ADD}),
        ("im*::read", {IMAGE, READ, THUNK}),
        ("*::read", {READ, THUNK, OTHER, IMAGE}),
        ("img::detail", {DEEP}),
        ("img::reader::*", set()),
    ],
)
def test_what_is_meant(pattern: str, meant: set[str]) -> None:
    assert is_cxx_pattern(pattern)
    assert matched_symbols(pattern, map(symbol, ALL)) == meant


def test_what_the_sources_hide_stays_hidden() -> None:
    assert matched_symbols("img::*", [symbol(READ, abi.HIDDEN), symbol(NEXT)]) == {NEXT}


def test_a_type_that_each_module_describes_for_itself_is_not_exported() -> None:
    assert matched_symbols("img::*", [symbol(VTABLE, abi.WEAK), symbol(TYPE, abi.WEAK), symbol(ADD, abi.WEAK)]) == {ADD}


def test_a_name_that_cannot_be_read_is_not_meant() -> None:
    assert matched_symbols("*::*", [symbol("_ZN3img"), symbol("_Z"), symbol("plain")]) == set()


def test_names_of_c_are_no_patterns_of_cpp() -> None:
    assert not any(map(is_cxx_pattern, ("img_*", "_ZN3img*", "*", "[a-z]*")))
