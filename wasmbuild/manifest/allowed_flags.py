"""Which flags a manifest may give to clang and to wasm-ld: those that say how code is compiled and linked. What names a
file to write, a file of more flags, or a program or plugin to run is not among them, whatever it is called: each flag
is looked for among the harmless ones, for clang alone has some thousand others. Pure.

`-I@more` is no better than `@more`: clang hands the parts to itself once more, and then they are two words.

Each word is judged by itself and by the one before it, and one that begins with `-` is never taken for the argument of
another: however a list is cut, a flag is seen as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wasmbuild.diagnostics import Diagnostic

_TAKE_A_WORD = frozenset(
    ("-D", "-U", "-I", "-include", "-imacros", "-isystem", "-iquote", "-idirafter", "-mllvm", "-Xclang")
)

_CLANG = re.compile(
    r"""-O[0-3sz]? | -Ofast | -Og
    | -[DUI][^@].* | -(include|imacros|isystem|iquote|idirafter)[^-@].*
    | -std=[A-Za-z0-9+:]+ | -ansi | -pedantic(-errors)? | -pthreads? | -w | -undef | -trigraphs
    | -W([^pla].*)? | -W[pla][^,]* | -Wa,--noexecstack
    | -g(?!en|cc|split)[a-z0-9]*(-[a-z0-9]+)*(=[a-z0-9-]+)?
    | -m(?!llvm|mlir|od)[a-z0-9-]+(=[A-Za-z0-9_.,+-]*)?
    | -nostd(inc|inc\+\+|lib|lib\+\+|libinc) | -nodefaultlibs | -nostartfiles
    | -f(?!
        plugin|pass-plugin|(no-)?integrated-as|no-integrated|syntax-only|crash|gen|modul
        |cxx-modul|implicit-modul|prebuilt-modul
        |time-trace|proc-stat|save-opt|optimization-record|(no-)?profile|cs-profile|auto-profile|test-coverage|coverage
        |index|embed|dep|cas|use-ld|build-session|thin|api-?notes|openmp|sycl|cuda|hip|offload|memory-profile|dump
      )[a-z][a-zA-Z0-9+-]*
    | -f(
        visibility[a-z-]* | lto | (no-)?sanitize[a-z-]* | tls-model | fp-[a-z-]+ | excess-precision
        | denormal-fp-math[a-z0-9-]* | align-[a-z]+ | max-[a-z-]+ | inline-max-stacksize | template-depth
        | constexpr-[a-z]+ | bracket-depth | veclib | trivial-auto-var-init[a-z-]* | strict-flex-arrays
        | abi-version | clang-abi-compat | pack-struct | random-seed | (exec|input)-charset | message-length
        | error-limit | macro-backtrace-limit | template-backtrace-limit | spell-checking-limit
        | diagnostics-(color|format) | zero-call-used-regs | patchable-function-entry
      )=[A-Za-z0-9_.,+-]*
    | -f(file|macro|debug)-prefix-map=.*""",
    re.VERBOSE | re.DOTALL,
)
_MLLVM = re.compile(r"-(wasm|enable|disable|inline|unroll|slp|vectorize|loop|max|force)[a-z0-9-]*(=[a-z0-9+-]*)?")
_FEATURE = re.compile(r"[+-][a-z0-9.-]+")

_LINKER = re.compile(
    r"""--?(
        (no-)?allow-multiple-definition | allow-undefined(-file=.+)? | B(dynamic|static|symbolic) | build-id(=.*)?
        | call_shared | non_shared | static | dn | dy | (no-)?check-features | (no-)?color-diagnostics(=.*)?
        | compress-relocations | (no-)?demangle | emit-relocs | (start|end)-lib | entry(=.+)? | error-limit=.*
        | error-unresolved-symbols | warn-unresolved-symbols | unresolved-symbols=.* | experimental-pic
        | export(-if-defined)?(=.+)? | export-all | (no-)?export-dynamic | export-memory(=.+)? | export-table
        | (extra-)?features=.* | (no-)?fatal-warnings | (no-)?gc-sections | global-base=.* | growable-table
        | import-(memory(=.+)?|table|undefined) | initial-(heap|memory)=.* | keep-section=.+ | lto-(CGO|O)[0-9sz]
        | lto-partitions=\d+ | max-memory=.* | (no-)?merge-data-segments | no-entry | no-growable-memory
        | no-shlib-sigcheck | (no-)?pie | (no-)?print-gc-sections | print-map | (no-)?stack-first | (no-)?whole-archive
        | noinhibit-exec | page-size=.* | relocatable | rpath=.* | shared(-memory)? | soname=.+
        | strip-(all|debug) | table-base=.* | thinlto-jobs=.* | threads=.* | trace(-symbol=.*)? | undefined(=.+)?
        | verbose | version | wrap=.+ | stats | start-group | end-group | as-needed | no-as-needed | no-undefined
        | Map=build/([^/.][^/]*/)*[^/.][^/]*\.map
    )
    | -[EMSVstvr] | -O\d* | -[euyzL].* | -l(?!to-|oad-).* | -pthreads? | -Xlinker""",
    re.VERBOSE | re.DOTALL,
)
"""`-Map` may write into the build directory alone. Of `-l`, `-L` and `-Xlinker`, `check_flags` says more."""

_LIBCXX_ABI = re.compile(r"(?:-[DU])?(_LIBCPP_ABI_\w+|_LIBCPP_TYPEINFO_COMPARISON_IMPLEMENTATION)(?:=.*)?", re.DOTALL)


def refused_by_clang(flags: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The entries of a list of flags that a manifest must not have, and why not."""
    for i, flag in enumerate(flags):
        before = flags[i - 1] if i else ""
        if before == "-mllvm" and _MLLVM.fullmatch(flag):
            continue
        if before == "-Xclang" and (flag == "-target-feature" or _is_feature(flags, i)):
            continue
        if not flag.startswith("-"):
            if before not in _TAKE_A_WORD or before in ("-mllvm", "-Xclang") or flag[:1] in ("", "@"):
                yield i, "it is no flag"
        elif flag in _TAKE_A_WORD:
            if i + 1 == len(flags):
                yield i, "what belongs to it is missing behind it"
        elif not _CLANG.fullmatch(flag):
            yield i, "not among the flags that a manifest may give to clang"


def _is_feature(flags: Sequence[str], i: int) -> bool:
    """`-Xclang -target-feature -Xclang +name`."""
    return (
        i >= 3 and list(flags[i - 3 : i - 1]) == ["-Xclang", "-target-feature"] and bool(_FEATURE.fullmatch(flags[i]))
    )


def refused_by_linker(flags: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The same for wasm-ld, of flags without `-Wl,`. A word that is no flag is a file to link."""
    for i, flag in enumerate(flags):
        if flag[:1] in ("", "@"):
            yield i, "it is no flag"
        elif flag.startswith("-") and not _LINKER.fullmatch(flag):
            yield i, "not among the flags that a manifest may give to wasm-ld"


def other_libcxx(flags: Sequence[str]) -> Iterator[tuple[int, Diagnostic]]:
    """Macros, set or unset, that change how libc++'s classes are laid out or named. Nothing in an object tells that
    they were there, so this is the place to find them."""
    for i, flag in enumerate(flags):
        is_macro = flag.startswith(("-D", "-U")) or (i > 0 and flags[i - 1] in ("-D", "-U"))
        if is_macro and (found := _LIBCXX_ABI.fullmatch(flag)):
            yield (
                i,
                Diagnostic(
                    "other-libcxx",
                    f"`{found[1]}` makes classes that libc++.so does not have",
                    notes=("all modules of a process share one libc++.so, and it was built without it",),
                    help=("leave it out",),
                ),
            )
