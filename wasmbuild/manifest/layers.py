"""What one recipe is made of: its file, those of its other versions, and the recipe that it is laid over.

`versions/VERSION.yaml` beside `recipe.yaml` is laid over it for that version. A recipe with `extends: true` is laid
over that of its name in the next directory: over each of its versions, or where it has a `version` of its own, over the
current one, and becomes one more. Options are laid over all that, in the order in which they are declared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.compose import Composed, compose_file, position
from wasmbuild.manifest.merge import EXTENDS, entries, entry, lay_over, merged
from wasmbuild.manifest.reader import Document, decode_nodes
from wasmbuild.manifest.requirement import version_key
from wasmbuild.manifest.schema import Manifest

RECIPE_FILE = "recipe.yaml"
VERSIONS = "versions"

OF_TESTS = ("tests", "test_defaults", "test_libraries")
"""The fields of a manifest that nothing is built from but tests."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one directory has of a recipe."""

    directory: Path
    composed: Composed
    version: str | None
    """What its file says; None where it says nothing, and is laid over all versions of the next layer."""
    others: Mapping[str, Path]
    """The files of other versions."""


@dataclass(frozen=True, slots=True)
class Declared:
    """An option as far as it can be told before types."""

    default: bool
    on: yaml.Node | None
    off: yaml.Node | None

    def changes(self, on: bool) -> bool:
        """Whether something is built otherwise than if there were no such option."""
        return not set(entries(self.on if on else self.off)) <= set(OF_TESTS)


def read_layers(directories: Sequence[Path]) -> tuple[Layer, ...]:
    """The first, and as long as they extend the next, those below. Raises WasmbuildError where there is no next."""
    layers: list[Layer] = []
    for directory in directories:
        layer = _read_layer(directory, shown(directory, beneath=bool(layers)))
        layers.append(layer)
        extends = entry(layer.composed.node, EXTENDS)
        if not _is_true(extends):
            return tuple(layers)
    assert extends is not None
    name = directories[-1].name
    headline = f"`{name}` extends a recipe of its name, and there is no other one"
    help_ = ("`wasmbuild recipe list` shows the recipes there are; leave `extends` out for one of its own",)
    raise WasmbuildError(Diagnostic("extends-nothing", headline, position(extends), help=help_))


def user_recipes() -> Path:
    """Where a user's own recipes are, for all projects."""
    import platformdirs

    return Path(platformdirs.user_config_dir("wasmbuild", appauthor=False), "recipes")


def shown(directory: Path, beneath: bool = False) -> str:
    """How a recipe's file is called in messages: of one that is not where one looks first, the whole path."""
    if beneath or directory.parent == user_recipes():
        return str(directory / RECIPE_FILE)
    return f"recipes/{directory.name}/{RECIPE_FILE}"


def _read_layer(directory: Path, shown_as: str) -> Layer:
    composed = compose_file(directory / RECIPE_FILE, shown_as)
    version = entry(composed.node, "version")
    others = sorted((directory / VERSIONS).glob("*.yaml"))
    text = str(version.value) if isinstance(version, yaml.ScalarNode) else None
    if text is None and not _is_true(entry(composed.node, EXTENDS)):
        text = Manifest(name="").version
    return Layer(directory, composed, text, {path.stem: path for path in others})


def versions(layers: Sequence[Layer]) -> tuple[str, ...]:
    """Those that there are: the current one, then the others, the newest first."""
    current = next(layer.version for layer in layers if layer.version is not None)
    others = {version for layer in layers for version in (*layer.others, layer.version) if version is not None}
    return (current, *sorted(others - {current}, key=version_key, reverse=True))


def variant(layers: Sequence[Layer], version: str) -> Composed:
    """The recipe of one of `versions`, before its options."""
    layer, below = layers[0], layers[1:]
    if version in layer.others:
        path = layer.others[version]
        shown_as = f"{layer.composed.shown_as.removesuffix(RECIPE_FILE)}{VERSIONS}/{path.name}"
        return _of_version(variant_of_file(layer, below), compose_file(path, shown_as), version)
    if not below:
        return layer.composed
    if layer.version is None:
        return merged(variant(below, version), layer.composed)
    if version == layer.version:
        return merged(variant(below, versions(below)[0]), layer.composed)
    return variant(below, version)


def variant_of_file(layer: Layer, below: Sequence[Layer]) -> Composed:
    """What a layer's own file says, whatever files of versions there are beside it."""
    return merged(variant(below, versions(below)[0]), layer.composed) if below else layer.composed


def _of_version(base: Composed, change: Composed, version: str) -> Composed:
    """The version is that of the file's name, and need not be said in it."""
    said = entry(change.node, "version")
    if said is not None and said.value != version:
        headline = f"the file of version {version} says another one: `{said.value}`"
        raise WasmbuildError(Diagnostic("recipe-version", headline, position(said)))
    start = change.node.start_mark
    tag = "tag:yaml.org,2002:str"
    pair = (yaml.ScalarNode(tag, "version", start, start), yaml.ScalarNode(tag, version, start, start))
    named = replace(base, node=lay_over(base.node, yaml.MappingNode("tag:yaml.org,2002:map", [pair], start, start)))
    return merged(named, change)


def declared_options(composed: Composed) -> Mapping[str, Declared]:
    return {
        name: Declared(_is_true(entry(node, "default")), entry(node, "with"), entry(node, "without"))
        for name, node in entries(entry(composed.node, "options")).items()
    }


def with_options(composed: Composed, chosen: Mapping[str, bool]) -> Composed:
    """The recipe with what its options change where they are on, and where they are off."""
    node = composed.node
    for name, option in declared_options(composed).items():
        change = option.on if chosen[name] else option.off
        if change is not None:
            node = lay_over(node, change)
    return replace(composed, node=node)


def decode_variant(plain: Composed, chosen: Composed) -> Document[Manifest]:
    """`chosen` as typed values. What is wrong is said once: of what stands in an option, where the option is."""
    try:
        return decode_nodes(chosen, Manifest)
    except WasmbuildError:
        if chosen.node is not plain.node:
            decode_nodes(plain, Manifest)
        raise


def _is_true(node: yaml.Node | None) -> bool:
    return isinstance(node, yaml.ScalarNode) and str(node.tag).endswith(":bool") and node.value.lower() in _TRUE


_TRUE = ("true", "yes", "on")
