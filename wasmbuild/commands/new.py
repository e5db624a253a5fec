"""start a project"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the project's name, and its directory's")


def run(arguments: argparse.Namespace) -> int:
    import json

    from wasmbuild.builder.outputs import replace_if_different
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError
    from wasmbuild.manifest.json_schema import json_schema
    from wasmbuild.manifest.schema import Manifest

    name, directory = arguments.name, Path(arguments.name)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", name):
        help_ = "letters, digits, `_` and `-`, starting with a letter; go to another directory with -C"
        raise WasmbuildError(Diagnostic("bad-name", f"not a project's name: `{name}`", help=(help_,)))
    if directory.exists():
        raise WasmbuildError(Diagnostic("exists", f"`{name}` exists already", help=("choose another name",)))
    symbol = re.sub(r"[^A-Za-z0-9]", "_", name).lower()
    files = {place: text.replace("NAME", name).replace("SYMBOL", symbol) for place, text in _FILES.items()}
    files["wasmbuild.schema.json"] = json.dumps(json_schema(Manifest), indent=1) + "\n"
    for place, text in files.items():
        replace_if_different(directory / place.replace("SYMBOL", symbol), text.encode())
    if not arguments.quiet:
        print(f"made {name}/: `cd {name}`, then `wasmbuild test`", file=sys.stderr)
    return 0


_FILES = {
    "wasmbuild.yaml": """\
# yaml-language-server: $schema=wasmbuild.schema.json
name: NAME
version: 0.1.0
libraries:
  SYMBOL: # becomes build/lib/libSYMBOL.so
    sources: ["src/lib/*.c"]
    headers: [include/SYMBOL.h]
    include: [include]
    exports: ["SYMBOL_*"]
programs:
  NAME: # becomes build/bin/NAME.wasm
    sources: [src/main.c]
    requires: [SYMBOL]
tests:
  - name: adds
    call: SYMBOL_add
    in: SYMBOL
    args: [2, 3]
    returns: 5
  - name: prints a sum
    run: NAME
    args: [20, 22]
    stdout: "42\\n"
""",
    "include/SYMBOL.h": """\
#pragma once

int SYMBOL_add(int a, int b);
""",
    "src/lib/SYMBOL.c": """\
#include "SYMBOL.h"

int SYMBOL_add(int a, int b) {
    return a + b;
}
""",
    "src/main.c": """\
#include <stdio.h>
#include <stdlib.h>

#include "SYMBOL.h"

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: %s A B\\n", argv[0]);
        return 2;
    }
    printf("%d\\n", SYMBOL_add(atoi(argv[1]), atoi(argv[2])));
    return 0;
}
""",
    ".gitignore": "/build/\n",
}
