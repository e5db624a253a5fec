"""Exceptions of C++ that leave a function which Python called: what they are, and that the process goes on."""

from __future__ import annotations

import pickle

import pytest

import wasmbuild

MANIFEST = """
name: shop
libraries:
  shop: {sources: [shop.cpp], exports: ["*"], imports: [ask]}
  fussy: {sources: [fussy.cpp]}
  leaves: {sources: [leaves.cpp]}
programs:
  main: {sources: [main.cpp]}
"""
SHOP = r"""
#include <cstdio>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
namespace shop {
struct Closed : std::runtime_error { using std::runtime_error::runtime_error; };
template <class T> struct Of { T value; ~Of() { std::puts("the exception is gone"); } };
}
struct Noted { const char *name; ~Noted() { std::printf("%s is gone\n", name); std::fflush(stdout); } };
extern "C" int ask(int);
extern "C" {
int enter(int day) {
  Noted noted{"a destructor's object"};
  if (day == 7) throw shop::Closed("until Monday\n(really)");
  return day;
}
int number(int n) { throw n; }
void templated() { throw shop::Of<int>{3}; }
void standard() { (void)std::string().at(5); }
int asks(int n) { try { return ask(n); } catch (...) { std::puts("wrong"); return -1; } }
int asks_twice(int n) {
  char room[3000];
  std::snprintf(room, sizeof room, "%d", ask(n));
  return std::stoi(room) + ask(n);
}
int fails_deep(int depth) { volatile char room[2000] = {}; return depth ? fails_deep(depth - 1) + room[1] : number(1); }
int alive(void) { return std::current_exception() == nullptr && std::uncaught_exceptions() == 0; }
__attribute__((noinline)) int place(void) {
  volatile char here = 0;
  volatile auto address = reinterpret_cast<int>(&here);
  return address;
}
void must_not() noexcept { number(2); }
void handle_terminate(void) { std::set_terminate([] { std::puts("the handler"); std::fflush(stdout); }); }
}
"""
FILES = {
    "wasmbuild.yaml": MANIFEST,
    "shop.cpp": SHOP,
    "fussy.cpp": '#include <stdexcept>\nstatic int made = [] { throw std::logic_error("not today"); return 1; }();\n',
    "leaves.cpp": "struct Thrower { ~Thrower() noexcept(false) { throw 5; } };\nstatic Thrower thrower;\n",
    "main.cpp": '#include <stdexcept>\nint main() { throw std::out_of_range("main\'s"); }\n',
}


@pytest.fixture(scope="module")
def built(tmp_path_factory, project, run_wasmbuild, libcxx):
    here = project(tmp_path_factory.mktemp("shop"), FILES)
    ran = run_wasmbuild("build", cwd=here)
    assert ran.status == 0, ran.stderr
    return here / "build"


@pytest.fixture
def shop(built):
    def ask(n):
        if n < 0:
            try:
                shop.call("number", n)
            except wasmbuild.CppException as error:
                return int(error.type_name == "int")
        return shop.call("number", n) if n == 1 else n

    with wasmbuild.load(built / "lib/libshop.so", host={"ask": ("(i32) -> i32", ask)}, stdio="captured") as shop:
        yield shop


def thrown(function, *arguments):
    with pytest.raises(wasmbuild.CppException) as caught:
        function(*arguments)
    return caught.value


def test_an_exception_has_its_type_and_what_it_says(shop):
    error = thrown(shop.call, "enter", 7)
    assert (error.type_name, error.what) == ("shop::Closed", "until Monday\n(really)")
    assert error.message == r"uncaught exception of type shop::Closed: until Monday\n(really)"
    assert error.kind == "uncaught-exception"
    assert any(frame.function == "enter" for frame in error.frames)
    assert isinstance(error, wasmbuild.Trap)
    again = pickle.loads(pickle.dumps(error))
    assert (again.type_name, again.what, str(again)) == (error.type_name, error.what, str(error))
    for name, arguments, type_name, what in [
        ("number", (1,), "int", None),
        ("templated", (), "shop::Of<int>", None),
        ("standard", (), "std::out_of_range", "basic_string"),
    ]:
        error = thrown(shop.call, name, *arguments)
        assert (error.type_name, error.what) == (type_name, what)


def test_the_process_goes_on_as_after_a_catch(shop):
    place, before = shop.call("place"), len(shop.stdout)
    for _ in range(2000):
        thrown(shop.call, "fails_deep", 20)
    thrown(shop.call, "enter", 7)
    thrown(shop.call, "templated")
    assert shop.stdout[before:].startswith(b"a destructor's object is gone\n")
    shop.call("fflush", 0)
    assert shop.stdout.endswith(b"the exception is gone\n")
    assert shop.alive
    assert (shop.call("enter", 3), shop.call("alive"), shop.call("place")) == (3, 1, place)


def test_a_callback_may_catch_what_it_called(shop):
    assert shop.call("asks_twice", -5) == 2
    assert (shop.call("alive"), shop.alive) == (1, True)


def test_what_a_callback_lets_through_is_no_exception_to_the_c_that_called_it(shop):
    """It is one of Python's by then, and those end the process."""
    error = thrown(shop.call, "asks", 1)
    assert error.type_name == "int"
    assert not shop.alive
    with pytest.raises(wasmbuild.ProcessDead, match="uncaught exception of type int"):
        shop.call("alive")
    assert b"wrong" not in shop.stdout


def test_a_terminate_handler_is_not_called_for_what_python_catches(shop):
    shop.call("handle_terminate")
    thrown(shop.call, "number", 1)
    assert shop.alive
    assert b"the handler" not in shop.stdout


def test_what_may_not_leave_is_a_trap(shop):
    with pytest.raises(wasmbuild.Trap) as caught:
        shop.call("must_not")
    assert not isinstance(caught.value, wasmbuild.CppException)
    assert shop.stderr.strip().endswith(b"terminating due to uncaught exception of type int")
    assert not shop.alive


def test_what_leaves_a_constructor_leaves_the_library_out(shop, built):
    with pytest.raises(wasmbuild.WasmbuildError, match="failed to start: uncaught exception of type std::logic_error"):
        shop.open(built / "lib/libfussy.so")
    assert shop.call("alive") == 1
    with pytest.raises(wasmbuild.CppException) as caught:
        wasmbuild.load(built / "lib/libfussy.so")
    assert (caught.value.type_name, caught.value.what) == ("std::logic_error", "not today")


def test_main_and_destructors_have_nobody_who_catches(shop, built):
    with wasmbuild.load(built / "bin/main.wasm") as program:
        error = thrown(program.run)
        assert (error.type_name, error.what) == ("std::out_of_range", "main's")
        assert error.message.startswith("terminating due to uncaught exception")
        assert not program.alive
    opened = shop.open(built / "lib/libleaves.so")
    assert thrown(opened.close).type_name == "int"
    assert not shop.alive
