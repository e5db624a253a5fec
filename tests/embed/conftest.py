"""What the tests of embedding share: one project with all the C that they call, built once, and processes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from embedding import MakeKit

import wasmbuild

MANIFEST = """
name: guests
libraries:
  kit: {sources: [kit.c], exports: ["*"], requires: [base]}
  base: {sources: [base.c], exports: ["*"]}
  crash: {sources: [src/crash.c], exports: ["*"]}
  asks: {sources: [asks.c], exports: ["*"], imports: [ask, note]}
  plugin: {sources: [plugin.c], exports: ["*"], requires: [base]}
  broken: {sources: [broken.c], exports: ["*"]}
  loud: {sources: [loud.c], exports: ["*"], imports: [note]}
programs:
  prog: {sources: [prog.c]}
"""

KIT = r"""
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int add(int a, int b) { return a + b; }
int64_t add64(int64_t a, int64_t b) { return a + b; }
float half(float x) { return x / 2; }
double root(double x) { return sqrt(x); }
unsigned most(void) { return 0xfffffffeu; }
uint8_t next_u8(uint8_t x) { return x + 1; }
int16_t next_i16(int16_t x) { return x + 1; }
bool is_odd(int x) { return x & 1; }
void nothing(void) {}
size_t length(const char *text) { return strlen(text); }
unsigned sum_bytes(const uint8_t *bytes, size_t n) { unsigned s = 0; while (n--) s += *bytes++; return s; }
int sum(const int *numbers, size_t n) { int s = 0; while (n--) s += *numbers++; return s; }
void divide(int a, int b, int *quotient, int *rest) { *quotient = a / b; *rest = a % b; }
char *twice(const char *text) {
  char *out = malloc(2 * strlen(text) + 1);
  strcpy(out, text);
  return strcat(out, text);
}
int apply(int (*f)(int), int x) { return f(x) + 1; }
typedef int (*kept)(int);
static kept keeper;
void keep(int (*f)(int)) { keeper = f; }
int call_kept(int x) { return keeper(x); }
int (*get_negate(void))(int);
static int negate(int x) { return -x; }
int (*get_negate(void))(int) { return negate; }
int depth(int (*f)(int), int n) { return n ? f(n - 1) + 1 : 0; }
int recurse(volatile char *above, int n) {
  volatile char frame[4096];
  frame[0] = above ? above[0] : 0;
  return (n ? recurse(frame, n - 1) : 0) + frame[0];
}
void spin(void) { for (;;) __asm__ volatile(""); }
void leave(int status) { exit(status); }
void say(const char *text) { puts(text); fflush(stdout); fputs("oh\n", stderr); }
int base_value(void);
int through_base(void) { return base_value() + 1; }
"""

CRASH = """\
int divide(int a, int b);

static int inner(int *numbers, int at) {
  int found = 7;
  found /= numbers[at];
  return found;
}

int outer(int at) {
  int numbers[2] = {0, 1};
  return inner(numbers, at);
}
"""

PROGRAM = """
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("%s\\n", argv[i]);
  printf("%s\\n", getenv("WORD") ? getenv("WORD") : "no word");
  FILE *file = fopen("/in/text", "r");
  char line[99];
  if (file && fgets(line, sizeof line, file)) printf("%s\\n", line);
  return 3;
}
"""

ASKS = """
int ask(const char *question, unsigned n);
void note(int x);
int asks(void) { note(-1); return ask("how many?", 4000000000u) + 1; }
"""

PLUGIN = """
int base_value(void);
int counter = 10;
int plugged(int x) { return base_value() + x + counter++; }
"""

BROKEN = """
int value(void) { return 1; }
__attribute__((constructor)) static void begin(void) { __builtin_trap(); }
"""

LOUD = """
void note(int x);
int value(void) { return 1; }
__attribute__((constructor)) static void begin(void) { note(7); }
"""

FILES = {
    "wasmbuild.yaml": MANIFEST,
    "kit.c": KIT,
    "base.c": "int base_value(void) { return 41; }\n",
    "src/crash.c": CRASH,
    "asks.c": ASKS,
    "prog.c": PROGRAM,
    "plugin.c": PLUGIN,
    "broken.c": BROKEN,
    "loud.c": LOUD,
}


@pytest.fixture(scope="session")
def guests(tmp_path_factory: pytest.TempPathFactory, project: Any, run_wasmbuild: Any) -> Path:
    """The build directory of the project."""
    directory = project(tmp_path_factory.mktemp("guests"), FILES)
    ran = run_wasmbuild("build", "--profile", "debug", cwd=directory)
    assert ran.status == 0, ran.stderr
    return Path(directory) / "build"


@pytest.fixture
def make(guests: Path) -> Iterator[MakeKit]:
    """`make("kit", fuel=1000)`: a process with one of the libraries, closed at the end of the test."""
    with ExitStack() as open_processes:

        def load(name: str = "kit", **options: Any) -> wasmbuild.Library:
            path = guests / "bin/prog.wasm" if name == "prog" else guests / f"lib/lib{name}.so"
            return open_processes.enter_context(wasmbuild.load(path, **{"stdio": "none", **options}))

        yield load


@pytest.fixture
def kit(make: MakeKit) -> wasmbuild.Library:
    return make("kit")
