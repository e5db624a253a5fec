"""C++ names: what users see of them, and that no name can do harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wasmbuild.wasm.demangle import demangle


@pytest.mark.parametrize(
    ("mangled", "readable"),
    [
        ("_Z3addii", "add(int, int)"),
        ("_ZN3app6WidgetC1ERKS0_", "app::Widget::Widget(app::Widget const&)"),
        ("_ZN3app6WidgetD0Ev", "app::Widget::~Widget()"),
        ("_ZNK3app6Widget4sizeEv", "app::Widget::size() const"),
        ("_ZTV3Foo", "vtable for Foo"),
        ("_ZTIN3app1EE", "typeinfo for app::E"),
        ("_ZTSSt9exception", "typeinfo name for std::exception"),
        ("_ZGVZ1fvE1x", "guard variable for f()::x"),
        ("_ZThn8_N1A1fEv", "non-virtual thunk to A::f()"),
        ("_ZN1SplERKS_", "S::operator+(S const&)"),
        ("_Z3maxIiET_S0_S0_", "int max<int>(int, int)"),
        (
            "_ZNSt3__16vectorIiNS_9allocatorIiEEE9push_backEOi",
            "std::__1::vector<int, std::__1::allocator<int>>::push_back(int&&)",
        ),
        ("_Z3catSsSoRSt6locale", "cat(std::string, std::ostream, std::locale&)"),
        ("_ZN12_GLOBAL__N_11fEv", "(anonymous namespace)::f()"),
        ("_Z4callPFiiEPA3_c", "call(int (*)(int), char (*) [3])"),
        ("_ZN1A1fB3newEv", "A::f[abi:new]()"),
        ("_Z1fIJicEEvDpT_", "void f<int, char>(int, char)"),
    ],
)
def test_a_mangled_name_is_made_readable(mangled: str, readable: str) -> None:
    assert demangle(mangled) == readable


@pytest.mark.parametrize("name", ["", "main", "_start", "__wasm_call_ctors", "Z3foo", "_Z", "_ZN", "_Z99x", "_R0"])
def test_what_is_not_mangled_stays_as_it_is(name: str) -> None:
    assert demangle(name) == name


@pytest.mark.parametrize(
    "name",
    ["_Z1f" + "P" * 100_000 + "i", "_ZN" + "1a" * 100_000, "_Z1f" + "I" * 50_000, "_Z1f" + "NS_" * 50_000],
    ids=["pointers", "scopes", "templates", "substitutions"],
)
def test_a_hostile_name_comes_back_unchanged(name: str) -> None:
    assert demangle(name) == name


def test_expansion_is_bounded() -> None:
    doubling = "_Z1f" + "N1AI" * 3 + "i" + "".join(f"S{i}_S{i}_" for i in range(9)) * 200
    assert len(demangle(doubling)) <= 1 << 17


@given(st.text(st.sampled_from("_ZNKSt1a2bcPRiEvILTDpC0J"), max_size=40))
def test_no_name_raises(tail: str) -> None:
    assert demangle("_Z" + tail)
