"""The link driver: what happens between the objects and wasm-ld, and after it.

The passes: read the objects' symbol tables, refuse what cannot be position-independent, choose the exports, run
wasm-ld, turn what it says into diagnostics, put the output in place.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from wasmbuild.builder import destructors
from wasmbuild.builder.inputs import Input, choose_exports, left_visible, matches_any, offered, read_inputs
from wasmbuild.builder.linkspec import LinkSpec, read_link_spec
from wasmbuild.builder.operands import as_operand
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.builder.ownsection import own_section
from wasmbuild.builder.wasmopt import rewritten
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.link.resolve import LOADER_ADDRESSES
from wasmbuild.manifest.linkerflags import linker_flags
from wasmbuild.wasm import abi
from wasmbuild.wasm.amend import with_borrowed_tags, with_runtime_paths
from wasmbuild.wasm.archive import is_archive, members
from wasmbuild.wasm.decode import decode
from wasmbuild.wasm.encode import custom_section
from wasmbuild.wasm.objects import (
    decode_object,
    defined_symbols,
    exception_symbols,
    exportable,
    non_pic_relocations,
    undefined_symbols,
)
from wasmbuild.wasm.visibility import hidden_but, with_own_anonymous_types

_TAGS = (abi.C_LONGJMP_TAG, abi.CPP_EXCEPTION_TAG)
"""wasm-ld does not see the tags that a shared library exports (LLVM issue 188120); the check of the link does."""


def link(spec_path: Path) -> tuple[Diagnostic, ...]:
    """Link one output. Returns warnings; raises WasmbuildError when there is no output."""
    spec = read_link_spec(spec_path)
    inputs = list(read_inputs(spec))
    if not spec.static:
        _refuse_absolute(spec, inputs)
    _refuse_old_setjmp(spec, inputs)
    if not spec.static:
        _refuse_thread_local(spec, inputs)
        _refuse_second_heap(spec, inputs)
        _refuse_second_libcxx(spec, inputs)
    if spec.kind == "program":
        _refuse_without_main(spec, inputs)
    exports = choose_exports(spec, inputs)
    exported = [*(f"--export={name}" for name in exports), *(f"--export-if-defined={n}" for n in offered(spec, inputs))]
    tags = frozenset[str]() if spec.static else _weak_tags(inputs)
    exported += (f"--export-if-defined={tag}" for tag in sorted(tags))
    warnings = destructors.warnings(inputs)
    wrapper = destructors.wrapper_object(inputs, spec.clang, spec_path.parent)
    spec = _as_linked(spec, inputs, spec_path.parent)
    if wrapper is not None:
        ldflags = (*spec.ldflags, f"--wrap={destructors.WRAPPED}")
        spec = replace(spec, objects=(*spec.objects, (str(wrapper), wrapper.name)), ldflags=ldflags)
    output = Path(spec.output)
    temporary = spec_path.parent / output.name  # wasm-ld writes this name into the module
    try:
        warnings += _run(spec, exported, _undefined(spec, inputs), temporary, spec_path.parent)
        data = rewritten(spec, temporary) if spec.wasm_opt else temporary.read_bytes()
    finally:
        temporary.unlink(missing_ok=True)
    if tags:
        data = with_borrowed_tags(data, tags)
    if not spec.static:
        data = with_runtime_paths(data, spec.rpath)  # wasm-ld has --rpath only since LLVM 21
    if not spec.static and (facts := own_section(spec, inputs, exports, decode(data, spec.output))):
        data += custom_section(abi.OWN_SECTION, json.dumps(facts).encode())
    replace_if_different(output, data)
    return warnings


def _as_linked(spec: LinkSpec, inputs: Iterable[Input], directory: Path) -> LinkSpec:
    """The link of copies, where objects and members of archives have to be changed: hidden is all of them but what
    `left_visible` names."""
    changes: dict[int, list[tuple[Input, frozenset[str] | None]]] = {}
    for input_ in inputs:
        visible = left_visible(spec, input_.source, input_.object, input_.is_member)
        changes.setdefault(input_.number, []).append((input_, visible))
    copies = []
    for number, (path, source) in enumerate(spec.objects):
        of_file = changes.get(number, ())
        if any(visible is not None for _, visible in of_file):
            data = Path(path).read_bytes()
            changed = bytearray(data)
            parts = members(memoryview(changed), path) if is_archive(data) else [("", memoryview(changed))]
            for (_, part), (input_, visible) in zip(parts, of_file, strict=True):
                part[:] = _changed(spec, bytes(part), input_, visible)
            if changed != data:
                path = str(directory / f"visible-{number}{Path(path).suffix}")
                replace_if_different(Path(path), bytes(changed))
        copies.append((path, source))
    return replace(spec, objects=tuple(copies))


def _changed(spec: LinkSpec, data: bytes, input_: Input, visible: frozenset[str] | None) -> bytes:
    if visible is None:
        return data
    # Made of what is linked, so that the same inputs give the same bytes everywhere.
    mark = hashlib.sha256(Path(spec.output).name.encode() + data).hexdigest()[:2]
    return with_own_anonymous_types(hidden_but(data, input_.object, visible), input_.object, mark)


def _weak_tags(inputs: Iterable[Input]) -> frozenset[str]:
    """Tags that no object of this link defines for the others: older LLVMs define that of exceptions weakly in each
    object."""
    tags = [each for input_ in inputs for each in defined_symbols(input_.object) if each.kind == "tag"]
    return frozenset(each.name for each in tags if each.weak) - {each.name for each in tags if not each.weak}


def _refuse_absolute(spec: LinkSpec, inputs: Iterable[Input]) -> None:
    errors = []
    for input_ in inputs:
        relocations = non_pic_relocations(input_.object)
        if relocations:
            relocation, symbol = relocations[0]
            rest = f", and {len(relocations) - 1} more" if len(relocations) > 1 else ""
            ready_made = input_.source.endswith((".o", ".a"))
            errors.append(
                Diagnostic(
                    "not-pic",
                    f"not position-independent: {input_.shown}",
                    facts=(
                        ("relocation", f"{relocation} against `{symbol}`{rest}"),
                        ("linking", spec.output),
                    ),
                    notes=() if ready_made else (f"flags come from {spec.cflags_at}",),
                    help=("compile it with -fPIC",) if ready_made else ("remove `-fno-pic` from its flags",),
                )
            )
    if errors:
        raise WasmbuildError(*errors)


def _refuse_old_setjmp(spec: LinkSpec, inputs: Iterable[Input]) -> None:
    if spec.has_standard_exceptions:
        return
    for input_ in inputs:
        used = exception_symbols(input_.object)
        if used:
            raise WasmbuildError(
                Diagnostic(
                    "needs-exceptions",
                    f"setjmp or exceptions need LLVM 20 or later: {input_.source}",
                    facts=(("uses", ", ".join(sorted(used))), ("compiled by", spec.compiler)),
                    help=("choose a newer LLVM in toolchain.yaml, or `toolchain: zig`",),
                )
            )


def _refuse_thread_local(spec: LinkSpec, inputs: Iterable[Input]) -> None:
    """Without -matomics clang makes thread-local data ordinary data; with it, wasm-ld needs a shared memory."""
    for input_ in inputs:
        names = [symbol.name for symbol in input_.object.symbols if symbol.defined and symbol.flags & abi.TLS]
        if names:
            raise WasmbuildError(
                Diagnostic(
                    "thread-local",
                    f"thread-local data that would lie at address 0: {input_.source}",
                    facts=(("symbol", f"`{names[0]}`"), ("linking", spec.output)),
                    notes=("it was compiled with -matomics, for threads that share a memory; there are none here",),
                    help=("remove `-matomics` from its flags",),
                )
            )


def _refuse_second_heap(spec: LinkSpec, inputs: Iterable[Input]) -> None:
    """What a module defines for itself takes the place of libc's there, but not in libc, whose own calls stay in it."""
    if not any(Path(library).name == abi.LIBC for library in spec.libraries):
        return
    for input_ in inputs:
        names = sorted(abi.ALLOCATOR & {symbol.name for symbol in exportable(input_.object)})
        if names:
            raise WasmbuildError(
                Diagnostic(
                    "second-allocator",
                    f"a heap beside that of the C library: {input_.source}",
                    facts=(("it defines", ", ".join(f"`{name}`" for name in names)), ("linking", spec.output)),
                    notes=(
                        "`strdup`, `getline` and all others of libc go on with libc's: what one gives, the other gets",
                    ),
                    help=("call it by other names, as `-Dmalloc=my_malloc` does", "or link it with `link: static`"),
                )
            )


def _refuse_second_libcxx(spec: LinkSpec, inputs: Iterable[Input]) -> None:
    """What one libc++ throws the other does not catch, and each would have a `std::cout` of its own."""
    if not any(Path(library).name == abi.LIBCXX for library in spec.libraries):
        return
    for input_ in inputs:
        if any(symbol.name == abi.CXA_THROW for symbol in exportable(input_.object)):
            raise WasmbuildError(
                Diagnostic(
                    "second-libcxx",
                    f"a second C++ library: {input_.source}",
                    facts=(("it defines", f"`{abi.CXA_THROW}`"), ("in", input_.shown), ("linking", spec.output)),
                    notes=(f"what one of the two throws, the other does not catch; `{abi.LIBCXX}` is linked already",),
                    help=("hand in the objects without libc++ and libc++abi", "or link it with `link: static`"),
                )
            )


def _refuse_without_main(spec: LinkSpec, inputs: Iterable[Input]) -> None:
    """wasm-ld does not miss it: libc refers to `main` weakly. The program would trap when it is started."""
    starts = {abi.MAIN, abi.MAIN_ARGC_ARGV, abi.MAIN_VOID, abi.START}
    if any(symbol.name in starts for input_ in inputs for symbol in exportable(input_.object)):
        return
    if spec.start and not starts.isdisjoint(_found_elsewhere(spec)):
        return
    wanted = "`main`" if spec.start else "`_start`, which `libc: none` leaves to the program"
    help_ = (f"add the source that defines {wanted} to its `sources`", "or make it a library, under `libraries`")
    if not spec.requires_at:
        help_ = (f"link what defines {'`main`' if spec.start else '`_start`'}", "or make it a library: -shared")
    raise WasmbuildError(
        Diagnostic(
            "no-main",
            f"a program without `main`: `{spec.name}`",
            facts=(
                ("at", spec.target_at),
                ("linking", spec.output),
                ("looked in", ", ".join(dict.fromkeys(source for _, source in spec.objects))),
            ),
            help=help_,
        )
    )


def _found_elsewhere(spec: LinkSpec) -> Iterator[str]:
    """What required libraries and archives define; libc's own `__main_void` is weak and only calls another."""
    for path in spec.libraries:
        module = decode(Path(path).read_bytes(), path)
        yield from (export.name for export in module.exports if export.name != abi.MAIN_VOID)
    for path in spec.archives:
        data = Path(path).read_bytes()
        for name, member in members(data, path) if is_archive(data) else [("", data)]:
            symbols = exportable(decode_object(bytes(member), f"{path}({name})"))
            yield from (symbol.name for symbol in symbols if not symbol.weak)


def _undefined(spec: LinkSpec, inputs: Iterable[Input]) -> list[str]:
    """What no library on the command line defines, and need not: the host, the loader or the program does."""
    names = dict.fromkeys((*spec.imports, *(() if spec.static else (*_TAGS, *LOADER_ADDRESSES))))
    if spec.kind == "library" and spec.from_program:
        wanted = (symbol.name for input_ in inputs for symbol in undefined_symbols(input_.object))
        names.update(dict.fromkeys(name for name in wanted if matches_any(spec.from_program, name)))
    return list(names)


def _run(
    spec: LinkSpec, exported: list[str], undefined: list[str], output: Path, directory: Path
) -> tuple[Diagnostic, ...]:
    arguments = [*_mode(spec), "--error-limit=0", "--no-demangle", "-o", str(output)]
    arguments += exported
    if spec.start:
        arguments.append(spec.start)
    if spec.start and spec.kind == "program":
        # libc's start code calls main by this name; the loader binds the two.
        arguments.append(f"--export-if-defined={abi.MAIN_ARGC_ARGV}")
    if spec.strip != "nothing":
        arguments.append("--strip-debug" if spec.strip == "debug" else "--strip-all")
        if "--emit-relocs" not in spec.ldflags:  # which says where the numbers were before they were shortened
            # Each number that the linker fills in has room for five bytes and takes one or two. DWARF would not follow.
            arguments.append("--compress-relocations")
    if undefined:
        allowed = directory / "imports.txt"
        replace_if_different(allowed, "".join(f"{name}\n" for name in undefined).encode())
        arguments.append(f"--allow-undefined-file={allowed}")
    objects = [as_operand(path) for path, _ in spec.objects]
    arguments += ["--whole-archive", *objects, "--no-whole-archive"] if spec.whole_archive else objects
    arguments += [*map(as_operand, (*spec.libraries, *spec.archives)), *linker_flags(spec.ldflags)]
    response = directory / "link.rsp"
    replace_if_different(response, "".join(f"{_quoted(argument)}\n" for argument in arguments).encode())
    done = subprocess.run([*spec.wasm_ld, f"@{response}"], capture_output=True, text=True, check=False)
    said = done.stderr + done.stdout
    if done.returncode == 0 and not said:
        return ()
    from wasmbuild.builder.linkerrors import explain  # most links go well, and are not to wait for it

    errors, warnings = explain(said, spec)
    if done.returncode != 0 or errors:
        raise WasmbuildError(*(errors or [_unexplained(spec, done)]), *warnings)
    return tuple(warnings)


def _mode(spec: LinkSpec) -> list[str]:
    if not spec.static:
        # Of a shared library `__wasm_call_ctors` is the entry: with --no-entry it would not be exported.
        mode = ["-shared"] if spec.kind == "library" else ["-pie", "--import-memory"]
        mode.append("--experimental-pic")
        if spec.kind == "library":
            return mode
    else:
        mode = []
        if spec.kind == "library":
            # Without libc nobody else calls the constructors, so the loader does.
            mode = ["--no-entry", "--export=_initialize" if spec.start else "--export=__wasm_call_ctors"]
        stack_bytes = spec.stack_bytes if spec.stack_bytes is not None else 1 << 20
        mode += ["--stack-first", "-z", f"stack-size={-(-stack_bytes // 16) * 16}"]
    for flag, size in (("--initial-memory", spec.initial_bytes), ("--max-memory", spec.max_bytes)):
        if size is not None:
            mode.append(f"{flag}={-(-size // 65536) * 65536}")
    return mode


def _quoted(argument: str) -> str:
    """For a response file in the style of a GNU tool."""
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unexplained(spec: LinkSpec, done: subprocess.CompletedProcess[str]) -> Diagnostic:
    output = (done.stderr + done.stdout).strip() or "nothing"
    facts = (("linking", spec.output), ("exit status", str(done.returncode)), ("it said", output))
    return Diagnostic("link-failed", "wasm-ld failed", facts=facts)
