"""Bundles that run: a project over libc and libc++, and what a script in Node says of its bundle."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "javascript"))

from nodejs import find_node

TIMEOUT_S = 120

DEMO = {
    "wasmbuild.yaml": """\
name: demo
libraries:
  demo: {sources: [src/demo.cpp], headers: [src/demo.h], exports: ["demo_*"]}
  plug: {sources: [src/plug.c], exports: ["plug_*"]}
programs:
  greet: {sources: [src/greet.c], opens: [plug]}
  spin: {sources: [src/spin.c]}
""",
    "src/demo.h": "int demo_half(int number);\nunsigned demo_sum(const unsigned char *bytes, unsigned long size);\n"
    "char *demo_upper(const char *text);\nlong long demo_wide(long long number);\n",
    "src/demo.cpp": """\
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
extern "C" {
#include "demo.h"
int demo_half(int number) {
  if (number % 2) throw std::invalid_argument("odd");
  return number / 2;
}
unsigned demo_sum(const unsigned char *bytes, unsigned long size) {
  unsigned sum = 1;
  while (size--) sum = 31 * sum + *bytes++;
  return sum;
}
char *demo_upper(const char *text) {
  char *copy = strdup(text);
  for (char *at = copy; *at; at++) *at = toupper(*at);
  return copy;
}
long long demo_wide(long long number) { return 2 * number; }
}
""",
    "src/plug.c": '#include <stdio.h>\nint plug_in(void) { return printf("%.2f plugged\\n", 1.5); }\n',
    "src/greet.c": """\
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  char line[64];
  if (argc > 1 && strcmp(argv[1], "plug") == 0) {
    void *plug = dlopen("libplug.so", RTLD_NOW);
    if (!plug) return printf("%s\\n", dlerror()), 1;
    int (*in)(void) = (int (*)(void))dlsym(plug, "plug_in");
    size_t (*length)(const char *) = (size_t (*)(const char *))dlsym(RTLD_DEFAULT, "strlen");
    return in() + (int)length("four") - 17;
  }
  while (fgets(line, sizeof line, stdin)) printf("hello, %s", line);
  FILE *out = fopen("out.txt", "w");
  fprintf(out, "%d arguments\\n", argc - 1);
  fclose(out);
  return getenv("STATUS") ? atoi(getenv("STATUS")) : 0;
}
""",
    "src/spin.c": '#include <stdio.h>\nint main(void) { puts("round"); for (volatile int i = 0;; i++); }\n',
}


def run_in_node(directory: Path, body: str, *flags: str) -> Any:
    """What `body` hands to `say`; it stands in the directory, and has `load` of the bundle in `out`."""
    script = directory / "script.mjs"
    script.write_text(f"""
        import {{ load }} from "./out/index.mjs";
        const said = [];
        const say = (...values) => said.push(...values);
        const text = (data) => new TextDecoder().decode(data);
        const failure = async (act) => {{ try {{ await act(); }} catch (error) {{ return error; }} return null; }};
        {body}
        process.stdout.write(JSON.stringify(said));
    """)
    done = subprocess.run(
        [find_node(), *flags, script], cwd=directory, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
