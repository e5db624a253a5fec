"""Destructors that clang hands to `__cxa_atexit` as they are, for `static const T &name = T();`: the temporary lives as
long as the process. But on WebAssembly a destructor returns `this`, and what is called at exit returns nothing: the
call would trap. (Of other objects clang registers a function of its own that calls the destructor.)

So the module's calls of `__cxa_atexit` go through a function that puts one without a result into their place.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from wasmbuild.builder.inputs import Input
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.diagnostics import Diagnostic
from wasmbuild.wasm.objects import Symbol

WRAPPED = "__cxa_atexit"

_DESTRUCTOR = re.compile(r"_ZN.*D[0-2]Ev")
_ADDRESSES_IN_CODE = frozenset(("R_WASM_TABLE_INDEX_SLEB", "R_WASM_TABLE_INDEX_REL_SLEB", "R_WASM_GLOBAL_INDEX_LEB"))


def handed_over(input_: Input) -> tuple[Symbol, ...]:
    """The destructors of which the code of an object takes the address, which nothing written in C++ can do."""
    symbols = input_.object.symbols
    if not any(symbol.name == WRAPPED for symbol in symbols):
        return ()
    found = {
        relocation.target
        for relocation in input_.object.relocations
        if relocation.type in _ADDRESSES_IN_CODE and symbols[relocation.target].kind == "function"
    }
    return tuple(symbols[i] for i in sorted(found) if _DESTRUCTOR.fullmatch(symbols[i].name))


def wrapper_object(inputs: Iterable[Input], clang: tuple[str, ...], directory: Path) -> Path | None:
    """An object that defines the function between, to be linked with `--wrap`; None if the module needs none."""
    names = sorted({symbol.name for input_ in inputs for symbol in handed_over(input_) if not symbol.local})
    if not names:
        return None
    source, output = directory / "destructors.c", directory / "destructors.o"
    replace_if_different(source, _text(names).encode())
    flags = ("--target=wasm32-unknown-unknown", "-O2", "-fPIC", "-fvisibility=hidden", "-ffreestanding")
    subprocess.run([*clang, *flags, "-c", str(source), "-o", str(output)], check=True)
    return output


def _text(names: Iterable[str]) -> str:
    lines = [f"int __real_{WRAPPED}(void (*)(void *), void *, void *);"]
    cases = []
    for number, name in enumerate(names):
        lines.append(f'void *destroy_{number}(void *) __asm__("{name}");')
        lines.append(f"static void call_{number}(void *object) {{ destroy_{number}(object); }}")
        cases.append(f"    if (function == (void *)destroy_{number}) function = (void *)call_{number};")
    lines += [f"int __wrap_{WRAPPED}(void *function, void *object, void *library) {{", *cases]
    lines.append(f"    return __real_{WRAPPED}((void (*)(void *))function, object, library);\n}}\n")
    return "\n".join(lines)


def warnings(inputs: Iterable[Input]) -> tuple[Diagnostic, ...]:
    """Of destructors that no other object can name: those of classes in anonymous namespaces."""
    from wasmbuild.explain.references import symbol as shown

    return tuple(
        Diagnostic(
            "traps-at-exit",
            f"a destructor that traps at exit: {shown(each.name)}",
            facts=(("in", input_.source),),
            notes=("clang hands it to `__cxa_atexit` as a function of another type, for a reference to a temporary",),
            help=("make the static reference a value: `static const T name = T();`",),
            severity="warning",
        )
        for input_ in inputs
        for each in handed_over(input_)
        if each.local
    )
