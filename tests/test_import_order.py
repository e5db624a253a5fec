"""The order of the house: a folder imports only from those above it, start-up stays light, files stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import wasmbuild
from wasmbuild.builder.stepserver import STEPS
from wasmbuild.testing.runtimes import IMPORTED as OF_TESTS

PACKAGE = Path(wasmbuild.__file__).parent

LAYERS = (
    ("printing", "diagnostics", "progress", "schemas", "starting"),
    ("manifest",),
    ("sources",),
    ("selection",),
    ("wasm",),
    ("link",),
    ("explain",),
    ("search",),
    ("builder",),
    ("driver",),
    ("loader",),
    ("embed",),
    ("testing",),
    ("report",),
    ("bundle",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
"""In the order of the data's journey. What is in a layer may import from it and from those before it."""

RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}

MAX_LINES = 400

FILES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))

each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.as_posix())


def imported_modules(tree: ast.Module, package: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Every module that is imported anywhere in a file, with its line: in functions and under TYPE_CHECKING too.

    `from wasmbuild import loader` counts as `wasmbuild.loader`, and so does `import_module("wasmbuild.loader")`.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = ".".join((*package[: len(package) - level + 1], module or "")).strip(".") if level else module
                yield from ((node.lineno, f"{base}.{alias.name}") for alias in names)
            case ast.Call(func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module")):
                first = node.args[0]
                match first:
                    case ast.Constant(value=str() as name):
                        yield node.lineno, name
                    case ast.JoinedStr(values=[ast.Constant(value=str() as start), *_]):
                        yield node.lineno, start


def imports_of(file: Path) -> list[tuple[int, str]]:
    package = ("wasmbuild", *file.parent.parts)
    return list(imported_modules(ast.parse((PACKAGE / file).read_text()), package))


def layer_of(file: Path) -> str:
    return file.parts[0].removesuffix(".py")


@each_file
def test_a_module_imports_only_from_its_own_layer_or_those_before_it(file: Path) -> None:
    if file == Path("__init__.py"):
        return  # see test_importing_the_package_imports_nothing_else
    own = RANK[layer_of(file)]
    wrong = []
    for line, name in imports_of(file):
        parts = name.split(".")
        if parts[0] != "wasmbuild" or len(parts) < 2 or parts[1] == "__version__":
            continue
        if RANK[parts[1]] > own:
            wrong.append(f"{file}:{line} imports {name}")
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import wasmbuild.loader.engine", "wasmbuild.loader.engine"),
        ("from wasmbuild.loader import engine", "wasmbuild.loader.engine"),
        ("from wasmbuild import loader", "wasmbuild.loader"),
        ("from ..loader import engine", "wasmbuild.loader.engine"),
        ("from .. import loader", "wasmbuild.loader"),
        ("if TYPE_CHECKING:\n    from wasmbuild.loader import engine", "wasmbuild.loader.engine"),
        ("def f():\n    import wasmbuild.loader", "wasmbuild.loader"),
        ("import_module('wasmbuild.loader')", "wasmbuild.loader"),
        ("importlib.import_module(f'wasmbuild.loader.{x}')", "wasmbuild.loader."),
    ],
)
def test_no_form_of_import_escapes(source: str, found: str) -> None:
    assert [name for _, name in imported_modules(ast.parse(source), ("wasmbuild", "wasm"))] == [found]


def test_every_module_is_in_a_layer() -> None:
    assert {layer_of(file) for file in FILES} - {"__init__"} == set(RANK)


@each_file
def test_rich_is_imported_by_the_console_alone(file: Path) -> None:
    imported = {name.partition(".")[0] for _, name in imports_of(file)}
    assert ("rich" in imported) is (file == Path("report/console.py"))


@each_file
def test_a_file_holds_one_idea(file: Path) -> None:
    assert len((PACKAGE / file).read_text().splitlines()) <= MAX_LINES
    assert file.stem not in ("utils", "util", "helpers", "common", "misc")


def test_importing_the_package_imports_nothing_else() -> None:
    """What it gives out for Python comes from all layers, when it is used."""
    program = "import sys; before = set(sys.modules); import wasmbuild; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["wasmbuild"]


@pytest.mark.parametrize("module", ["wasmbuild.cli", "wasmbuild.__main__"])
def test_the_command_line_starts_without_the_heavy_packages(module: str) -> None:
    heavy = ("rich", "wasmtime", "yaml", "msgspec")
    program = f"import sys, {module}; print({module.partition('.')[0]}.__name__, *sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert module in loaded
    assert [name for name in loaded if name.partition(".")[0] in heavy] == []


@pytest.mark.parametrize(
    ("imported", "heavy"),
    [(STEPS, ("rich", "wasmtime", "yaml")), (OF_TESTS, ("rich", "yaml"))],
    ids=["of a build", "of tests"],
)
def test_what_is_forked_starts_without_what_reads_manifests(imported: tuple[str, ...], heavy: tuple[str, ...]) -> None:
    """Each build waits for the process that has imported its steps, and tests for theirs."""
    program = f"import sys, {', '.join(imported)}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)
    assert [name for name in done.stdout.split() if name.partition(".")[0] in heavy] == []


def test_a_build_with_nothing_to_do_needs_no_parser_and_starts_ninja_without_help() -> None:
    imports = "wasmbuild.cli, wasmbuild.commands.unchanged, wasmbuild.builder.askninja, wasmbuild.builder.replaced"
    program = f"import sys; before = set(sys.modules); import {imports}; print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)
    assert {name for name in done.stdout.split() if not name.startswith("wasmbuild")} <= {"__future__", "zlib"}


def test_typing_extensions_is_not_imported_on_the_way_and_can_be_afterwards() -> None:
    program = (
        "import sys; from wasmbuild.starting import import_msgspec; import_msgspec();"
        "assert 'msgspec' in sys.modules; assert 'typing_extensions' not in sys.modules;"
        "import typing_extensions, wasmbuild.report.sbom, wasmbuild.link.plan"
    )
    subprocess.run([sys.executable, "-P", "-c", program], check=True)
