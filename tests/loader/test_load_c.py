"""The same, with what clang and wasm-ld really write."""

from __future__ import annotations

import pytest
import wasmtime
from loading import CompileC, Load, call

from wasmbuild.loader.hosttrap import UndefinedFunctionCalled

LIBRARY = """
int counter = 40;
static int squares[] = {0, 1, 4, 9};
int *square_of_3 = &squares[3];
int twice(int x) { return 2 * x; }
static int thrice(int x) { return 3 * x; }
typedef int (*fn)(int);
fn get_thrice(void) { return thrice; }
fn get_twice(void) { return twice; }
int call(fn f, int x) { return f(x); }
int main_gives(int);
int ask_main(int x) { return main_gives(x) + 1; }
__attribute__((constructor)) static void begin(void) { counter++; }
"""
ROOT = """
extern int counter, *square_of_3;
int twice(int);
typedef int (*fn)(int);
fn get_thrice(void), get_twice(void);
int call(fn, int), ask_main(int);
int perhaps(int) __attribute__((weak));
extern int perhaps_data __attribute__((weak));
static int minus(int x) { return -x; }
static int *pointer_into_library = &counter;
static fn table[] = {minus, twice};
static int before;
__attribute__((constructor)) static void begin(void) { before = counter; }
int main_gives(int x) { return 10 * x; }
int counter_when_constructed(void) { return before; }
int through_pointer(void) { return *pointer_into_library += 1; }
int direct(void) { return counter; }
int square(void) { return *square_of_3; }
int same_pointer(void) { return get_twice() == twice && table[1] == twice; }
int both_directions(int x) { return call(minus, x) * 100 + get_thrice()(x) * 10 + table[1](x); }
int around(int x) { return ask_main(x); }
int has_perhaps(void) { return perhaps != 0 || &perhaps_data != 0; }
int calls_perhaps(void) { return perhaps(1); }
"""
ROOT_EXPORTS = (
    "main_gives", "counter_when_constructed", "through_pointer", "direct", "square", "same_pointer",
    "both_directions", "around", "has_perhaps", "calls_perhaps",
)  # fmt: skip
LIBRARY_EXPORTS = ("counter", "square_of_3", "twice", "get_thrice", "get_twice", "call", "ask_main")


def test_two_libraries_from_c_work_together(compile_c: CompileC, load: Load) -> None:
    """One process for all: each line is one rule of the convention, on what the linker makes of plain C."""
    library = compile_c("libone.so", LIBRARY, LIBRARY_EXPORTS)
    loaded = load(compile_c("root.so", ROOT, ROOT_EXPORTS, needed=(library,)))
    assert call(loaded, "counter_when_constructed") == 41  # the library's constructor ran before ours
    assert call(loaded, "through_pointer") == call(loaded, "direct") == 42  # a relocation in our data
    assert call(loaded, "square") == 9  # a relocation in the library's
    assert call(loaded, "same_pointer") == 1
    assert call(loaded, "both_directions", 7) == -7 * 100 + 21 * 10 + 14
    assert call(loaded, "around", 5) == 51  # the library calls back into the root, through a stub
    assert call(loaded, "has_perhaps") == 0
    with pytest.raises(UndefinedFunctionCalled, match=r"^perhaps$"):
        call(loaded, "calls_perhaps")


RECURSION = """
int victim = 7;
/* Each frame is in use while the next one is made, so no tail call can do without it. */
__attribute__((noinline)) int deep(volatile char *above, int n) {
  volatile char frame[4096];
  frame[0] = above ? above[0] + 1 : 0;
  int below = n ? deep(frame, n - 1) : 0;
  return below + frame[0];
}
int look(void) { return victim; }
"""


def test_recursion_in_c_that_is_too_deep_traps_and_leaves_data_alone(compile_c: CompileC, load: Load) -> None:
    loaded = load(compile_c("deep.so", RECURSION, ("deep", "look")))
    assert call(loaded, "deep", 0, 2) == 3
    call(loaded, "deep", 0, 200)
    with pytest.raises(wasmtime.Trap):
        call(loaded, "deep", 0, 300)
    assert call(loaded, "look") == 7
