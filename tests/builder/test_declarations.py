"""The tolerant search for C declarations, and what is known of a project beside its modules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wasmbuild.builder.declarations import as_written, declared_by_prefix, declared_for_source, find_declarations
from wasmbuild.builder.knowledge import ProjectKnowledge
from wasmbuild.sources.store import Store
from wasmbuild.wasm.encode import Function, ModuleSpec, body, encode
from wasmbuild.wasm.module import Dylink, Export, FuncType


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("int f(int);", [(1, "int f(int);")]),
        ("/* f(x) */\n// f(y);\nextern int f(int a,\n  long b);", [(3, "extern int f(int a, long b);")]),
        ("int f(int x) { return f(x - 1); }", [(1, "int f(int x);")]),
        ("int g(void) { return f(2); }\nvoid f (void);", [(2, "void f (void);")]),
        ("ZEXTERN gz ZEXPORT f OF((gz file, long n));", [(1, "ZEXTERN gz ZEXPORT f OF((gz file, long n));")]),
        ("#define f(x) g(x)\n#if 0\nstruct s *f(struct s *);\n#endif", [(3, "struct s *f(struct s *);")]),
        ('extern "C" {\nint f(int);\n}', [(2, "int f(int);")]),
        ("static const char *const f[] = {0};", [(1, "static const char *const f[];")]),
        ("extern int f;\nint f = 3;", [(1, "extern int f;"), (2, "int f;")]),
        ("int (*h)(int) = f;\nint a = f(1);\nif (f(1)) ;\nx = g(1, f(2));", []),
        ("int ff(int); int f_(int); int off(int);", []),
        ("return f(1);\nelse f(2);", []),
    ],
)
def test_a_declaration_is_found_with_its_line(text: str, found: list[tuple[int, str]]) -> None:
    assert [(each.line, each.text) for each in find_declarations("f", text, "a.h")] == found


def test_a_declaration_is_shown_with_its_place() -> None:
    (found,) = find_declarations("f", "\nint f(int);", "include/a.h")
    assert str(found) == "int f(int);  include/a.h:2"


@pytest.mark.parametrize(("symbol", "name"), [("f", "f"), ("_ZN3foo3barEi", "bar"), ("_Z3onev", "one"), ("_Z", "_Z")])
def test_a_symbol_is_looked_for_as_sources_write_it(symbol: str, name: str) -> None:
    assert as_written(symbol) == name


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_source_sees_what_it_includes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(
        tmp_path,
        src__a_dot_c='#include "own.h"\n#include <outer.h>\n#include "a.c"\nint main(void) { return f(1); }\n',
        src__own_dot_h="int other(void);\n",
        inc__outer_dot_h='#include "inner.h"\n',
        inc__inner_dot_h="\nlong f(long);\n",
        unseen__f_dot_h="void f(void);\n",
    )
    command = {"directory": str(tmp_path), "file": "src/a.c", "arguments": ["clang", "-Iunseen2", "-isystem", "inc"]}
    write(tmp_path, build__compile_commands_dot_json=json.dumps([command]))
    found = declared_for_source("f", Path("src/a.c"), Path("build"))
    assert str(found) == "long f(long);  inc/inner.h:2"
    assert declared_for_source("g", Path("src/a.c"), Path("build")) is None
    assert declared_for_source("f", Path("src/gone.c"), Path("build")) is None


def test_headers_beside_a_library(tmp_path: Path) -> None:
    write(tmp_path, include__sub__z_dot_h="int f(void);")
    found = declared_by_prefix("f", tmp_path)
    assert found is not None
    assert found.text == "int f(void);"
    assert declared_by_prefix("f", tmp_path / "nowhere") is None


def shared(path: Path, *exports: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    functions = (Function(FuncType(), body(b"")),)
    made = ModuleSpec(functions=functions, exports=tuple(Export(e, "func", 0) for e in exports), dylink=Dylink())
    path.write_bytes(encode(made))


RECIPE = """\
name: png
version: "1.6"
source: [{{path: "."}}]
libraries:
  png: {{sources: [a.c], exports: [{exports}]}}
"""


def ordered(root: Path) -> None:
    """The order for the link of `own`, as a build leaves it."""
    directory = root / "build/obj/library-own"
    directory.mkdir(parents=True)
    order = {"name": "own", "kind": "library", "output": "build/lib/libown.so", "objects": []}
    (directory / "link.json").write_text(json.dumps(order))


@pytest.fixture
def knowledge(tmp_path: Path) -> ProjectKnowledge:
    """A project with a library of its own, a recipe that was built, and one that was not."""
    shared(tmp_path / "build/lib/libown.so", "own_f")
    shared(tmp_path / "build/lib/libstaged.so", "staged_f")
    ordered(tmp_path)
    write(tmp_path, wasmbuild_dot_yaml="name: p\nrequires: [x]\n")
    for name, exports in (("png", '"png_*", "*"'), ("built", '"something"')):
        directory = tmp_path / "recipes" / name
        directory.mkdir(parents=True)
        (directory / "recipe.yaml").write_text(
            RECIPE.format(exports=exports).replace("png:", f"{name}:").replace("name: png", f"name: {name}")
        )
    store = Store(tmp_path / "cache")
    shared(store.entry("libraries", "built-1.0-abc", "lib", "libbuilt.so"), "built_f")
    shared(store.entry("libraries", "gone-1.0-abc", "lib", "libgone.so"), "gone_f")
    return ProjectKnowledge(tmp_path, tmp_path / "build", store=store)


@pytest.mark.parametrize(
    ("symbol", "help_"),
    [
        ("own_f", ("`libown.so` of this project exports it; add `own` to `requires` at wasmbuild.yaml:2:11",)),
        ("built_f", ("recipe `built` exports it; add `built` to `requires` at wasmbuild.yaml:2:11",)),
        ("png_read", ("recipe `png` exports it; add `png` to `requires` at wasmbuild.yaml:2:11",)),
        ("gone_f", ()),  # of a recipe that is no more
        ("nobody_has_this", ()),  # though the pattern `*` would match it
    ],
)
def test_who_exports_a_symbol(knowledge: ProjectKnowledge, symbol: str, help_: tuple[str, ...]) -> None:
    assert knowledge.exporters(symbol) == help_


def test_what_the_host_supplies_is_said_with_an_option(knowledge: ProjectKnowledge) -> None:
    order = {"roots": [{"path": "a", "imports": ["print"]}], "library_path": []}
    (knowledge.build / "obj" / "check.json").write_text(json.dumps(order))
    assert knowledge.exporters("print") == ("the manifest lists it under `imports`: say so with `--import print`",)


def test_without_a_manifest_no_place_is_named(tmp_path: Path) -> None:
    shared(tmp_path / "build/lib/libown.so", "own_f")
    ordered(tmp_path)
    known = ProjectKnowledge(tmp_path, tmp_path / "build", store=Store(tmp_path / "cache"))
    assert known.exporters("own_f") == ("`libown.so` of this project exports it; add `own` to `requires`",)


def test_both_sides_of_a_mismatch_are_shown_as_declared(tmp_path: Path) -> None:
    write(tmp_path, a__include__f_dot_h="int f(int);", b__include__f_dot_h="int f(long);")
    known = ProjectKnowledge(tmp_path, tmp_path / "build")
    assert [
        label for label, _ in known.declarations("f", str(tmp_path / "a/lib/a.so"), str(tmp_path / "b/lib/b.so"))
    ] == [
        "importer sees",
        "exporter has",
    ]
    assert [
        label for label, _ in known.declarations("f", str(tmp_path / "a/lib/a.so"), str(tmp_path / "a/lib/z.so"))
    ] == [
        "declared",
    ]
    assert known.declarations("g", str(tmp_path / "a/lib/a.so"), str(tmp_path / "b/lib/b.so")) == ()


def test_text_in_which_no_declaration_ends_is_soon_left_alone() -> None:
    found = [each.text for each in find_declarations("f", "int f[ " * 3000 + ";\nint f(int);", "f.h")]
    assert found[-1] == "int f(int);"
    assert max(map(len, found)) < 5000
    assert len(found) < 500


def test_a_library_at_no_path_that_can_be_has_no_headers() -> None:
    assert declared_by_prefix("f", Path("D" + "{" * 300)) is None
