"""Where recipes are: the project's own `recipes/` first, then those that wasmbuild brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError
from wasmbuild.manifest.check import check_recipe
from wasmbuild.manifest.reader import Document, read_document
from wasmbuild.manifest.schema import Manifest

RECIPE_FILE = "recipe.yaml"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe and the directory that its own files (patches, configuration headers, test data) are in."""

    directory: Path
    document: Document[Manifest]

    @property
    def name(self) -> str:
        return self.document.value.name

    @property
    def version(self) -> str:
        return self.document.value.version


def shipped(name: str) -> Path:
    """A file or directory that ships with wasmbuild: inside the wheel, or at the top of a source tree."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_shipped" / name
    return inside if inside.exists() else package.parent / name


def recipe_directories(project: Path | None) -> tuple[Path, ...]:
    own = (project / "recipes",) if project is not None else ()
    return (*own, shipped("recipes"))


def find_recipes(directories: tuple[Path, ...]) -> Mapping[str, Path]:
    """Every recipe's name and directory; a name in an earlier directory hides the same name in a later one."""
    found: dict[str, Path] = {}
    for directory in directories:
        if directory.is_dir():
            for child in sorted(directory.iterdir()):
                if (child / RECIPE_FILE).is_file():
                    found.setdefault(child.name, child)
    return found


def read_recipe(directory: Path, known: Mapping[str, Path]) -> Recipe:
    """Read and check one recipe; `known` are all recipes, for what it requires."""
    shown_as = f"recipes/{directory.name}/{RECIPE_FILE}"
    document = read_document(directory / RECIPE_FILE, shown_as, Manifest)
    if document.value.name != directory.name:
        raise WasmbuildError(
            Diagnostic(
                "recipe-name",
                f"the recipe in `recipes/{directory.name}` is named `{document.value.name}`",
                document.at("name"),
                help=("a recipe's directory and its `name` must be the same",),
            )
        )
    check_recipe(document, known)
    return Recipe(directory, document)


def recipe_file(recipe: Recipe, name: str, at: Position) -> Path:
    """One of the recipe's own files; `at` is where it is named."""
    path = recipe.directory / name
    if not path.is_file():
        raise WasmbuildError(Diagnostic("no-such-file", f"no such file in the recipe: `{name}`", at))
    return path
