"""What is known to be missing: the table against the real libc.so, and what is said of each group."""

from __future__ import annotations

from pathlib import Path

import pytest
from linkvalues import function_import, library, scope_of

from wasmbuild.explain.findings import findings
from wasmbuild.explain.missing import CXX, lacking, missing
from wasmbuild.link.decide import decide
from wasmbuild.wasm.decode import decode


def test_libc_exports_nothing_that_is_said_to_be_missing(libc: Path) -> None:
    names = [export.name for export in decode(libc.read_bytes(), "libc.so").exports]
    assert {"printf", "open", "signal", "__cxa_atexit"} <= set(names)
    assert [name for name in names if lacking(name) is not None] == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("fork", "WASI preview 1 has no processes"),
        ("popen", "WASI preview 1 has no processes"),
        ("kill", "WASI preview 1 delivers no signals"),
        ("getaddrinfo", "WASI preview 1 opens no sockets and resolves no names"),
        ("eventfd", "WASI preview 1 has descriptors of files and sockets alone"),
        ("tmpfile", "WASI preview 1 has no directory for temporary files"),
        ("mkfifo", "WASI preview 1 has regular files and directories only, and no locks on them"),
        ("pthread_exit", "a process has one thread here"),
        ("_Znwm", "C++'s standard library is not among what is linked"),
        ("_ZdlPvm", "C++'s standard library is not among what is linked"),
        ("__cxa_throw", "C++'s standard library is not among what is linked"),
        ("_ZTVN10__cxxabiv120__si_class_type_infoE", "C++'s standard library is not among what is linked"),
        ("_ZTIi", "C++'s standard library is not among what is linked"),
        ("_ZNSt3__14coutE", "C++'s standard library is not among what is linked"),
        ("_ZNKSt3__16vectorIiNS_9allocatorIiEEE4sizeEv", "C++'s standard library is not among what is linked"),
    ],
)
def test_a_name_has_its_reason(name: str, why: str) -> None:
    lack = lacking(name)
    assert lack is not None
    assert lack.why == why
    assert lack.help


@pytest.mark.parametrize("name", ["png_read", "printf", "_ZN3foo3barEi", "_ZTV3Foo", "_ZN5Stack4pushEi", "forks", ""])
def test_of_other_names_nothing_is_known(name: str) -> None:
    assert lacking(name) is None


def test_a_headline_has_three_names_and_a_list_the_others() -> None:
    lack = lacking("fork")
    assert lack is not None
    assert missing(lack, ["fork"], ()).headline == "undefined: `fork`: WASI preview 1 has no processes"
    finding = missing(lack, ["fork", "execv", "wait", "popen"], (("used by", "src/a.c"),))
    assert finding.headline == "undefined: `fork`, `execv`, `wait` and 1 more: WASI preview 1 has no processes"
    assert finding.facts == (("undefined", "`fork`\n`execv`\n`wait`\n`popen`"), ("used by", "src/a.c"))


def test_names_of_cpp_are_readable_and_not_longer_than_a_line() -> None:
    names = [f"_ZNSt3__1{5 + len(str(i))}thing{i}IiEEv" for i in range(20)]
    (_, undefined), *_ = missing(
        CXX, ["_ZNSt3__112basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEE6appendEPKcm", *names], ()
    ).facts
    assert undefined.startswith("`std::__1::basic_string<")
    assert undefined.endswith("\nand 13 more")
    assert max(map(len, undefined.split("\n"))) <= 92


def test_the_check_says_each_reason_once_and_other_symbols_by_themselves() -> None:
    names = ("fork", "gone", "waitpid", "socket", "_Znwm", "_ZdlPv")
    root = library("a.wasm", imports=tuple(map(function_import, names)))
    found = findings(decide(scope_of(root), {}))
    assert [(finding.code, finding.headline) for finding in found] == [
        ("undefined-symbol", "undefined symbol: `gone`"),
        ("not-in-wasi", "undefined: `fork`, `waitpid`: WASI preview 1 has no processes"),
        ("not-in-wasi", "undefined: `socket`: WASI preview 1 opens no sockets and resolves no names"),
        ("no-cxx-library", "C++'s standard library is not among what is linked"),
    ]
    assert found[1].facts == (("imported by", "a.wasm"),)


class Known:
    def exporters(self, name: str) -> tuple[str, ...]:
        return ("a library of the project has it",) if name == "fork" else ()

    def declarations(self, name: str, importer: str, exporter: str) -> tuple[tuple[str, str], ...]:
        return ()


def test_what_somebody_has_is_not_said_to_be_missing() -> None:
    root = library("a.wasm", imports=(function_import("fork"), function_import("wait")))
    one, other = findings(decide(scope_of(root), {}), knowledge=Known())
    assert (one.code, one.help) == ("undefined-symbol", ("a library of the project has it",))
    assert other.headline == "undefined: `wait`: WASI preview 1 has no processes"
