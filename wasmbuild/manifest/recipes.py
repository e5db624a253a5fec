"""Where recipes are: the project's own `recipes/` first, then the user's, then those that wasmbuild brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError
from wasmbuild.manifest.check import check_recipe
from wasmbuild.manifest.layers import (
    RECIPE_FILE,
    Layer,
    declared_options,
    decode_variant,
    read_layers,
    user_recipes,
    variant,
    versions,
    with_options,
)
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.schema import SOURCE_PREFIX, FilledFile, Manifest

Directories = tuple[Path, ...]
"""Those of one recipe's name, in the order in which they are looked at."""

Known = Mapping[str, Directories]
"""All recipes that can be named."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe of one version with its options chosen, and the directories that its own files (patches, configuration
    headers, test data) are in: its own, then that of the recipe that it is laid over, and so on."""

    directories: Directories
    document: Document[Manifest]
    options: Mapping[str, bool] = field(default_factory=dict)
    """All of them, as chosen."""
    applied: tuple[str, ...] = ()
    """The options of which what was chosen changes something."""
    other_versions: tuple[str, ...] = ()
    """Those that there are beside it, the current one first."""

    @property
    def name(self) -> str:
        return self.document.value.name

    @property
    def version(self) -> str:
        return self.document.value.version

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def directory(self) -> Path:
        return self.directories[0]


def shipped(name: str) -> Path:
    """A file or directory that ships with wasmbuild: inside the wheel, or at the top of a source tree."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_shipped" / name
    return inside if inside.exists() else package.parent / name


def recipe_directories(project: Path | None) -> tuple[Path, ...]:
    own = (project / "recipes",) if project is not None else ()
    return (*own, user_recipes(), shipped("recipes"))


def find_recipes(directories: Iterable[Path]) -> Known:
    """Every recipe's name and directories; one in an earlier directory hides the same name in a later one, or is laid
    over it, which only its file says."""
    found: dict[str, Directories] = {}
    for directory in directories:
        if directory.is_dir():
            for child in sorted(directory.iterdir()):
                if (child / RECIPE_FILE).is_file():
                    found[child.name] = (*found.get(child.name, ()), child)
    return found


def read_recipe(directories: Directories, known: Known) -> Recipe:
    """Read and check a recipe as it is where nobody asks for a version or an option; `known` are all recipes, for what
    it requires."""
    layers = read_layers(directories)
    return make_recipe(layers, known, versions(layers)[0])


def make_recipe(layers: Sequence[Layer], known: Known, version: str, said: Mapping[str, bool] | None = None) -> Recipe:
    """A recipe of a version that there is, with what is said of its options; the others are as they are by default."""
    composed, options = variant(layers, version), said or {}
    declared = declared_options(composed)
    chosen = {name: options.get(name, option.default) for name, option in declared.items()}
    document = decode_variant(composed, with_options(composed, chosen))
    directory = layers[0].directory
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
    applied = tuple(name for name, on in chosen.items() if declared[name].changes(on))
    others = tuple(each for each in versions(layers) if each != version)
    return Recipe(tuple(layer.directory for layer in layers), document, chosen, applied, others)


def recipe_file(recipe: Recipe, name: str, at: Position) -> Path:
    """One of the recipe's own files; `at` is where it is named."""
    for directory in recipe.directories:
        if (directory / name).is_file():
            return directory / name
    raise WasmbuildError(Diagnostic("no-such-file", f"no such file in the recipe: `{name}`", at))


def is_upstreams(file: str | FilledFile) -> bool:
    """Whether it is made of a file of the source; else of the recipe's alone."""
    return (copied_from(file) or "").startswith(SOURCE_PREFIX)


def copied_from(file: str | FilledFile) -> str | None:
    """The file, or the template; None for what has neither."""
    return file.template if isinstance(file, FilledFile) else file
