"""`recipe show`: what a recipe is, and what became of it here."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wasmbuild.manifest.recipes import Known, Recipe

_SHOWN = 12
"""Patterns of exports."""


@dataclass(frozen=True, slots=True)
class Built:
    """A library that the cache has of it: the one that was built last."""

    name: str
    size_bytes: int
    exports: int


def run(known: Known, arguments: argparse.Namespace) -> int:
    from wasmbuild.builder.recipesource import recipe_sources
    from wasmbuild.commands.recipe import read
    from wasmbuild.report.columns import columns, joined
    from wasmbuild.report.messages import print_json

    recipe = read(arguments.names[0], known)
    manifest, requires, required_by = recipe.document.value, _requires(recipe), _required_by(recipe.name, known)
    built = _built(recipe)
    if arguments.json:
        import msgspec

        print_json(
            {
                "recipe": msgspec.to_builtins(manifest),
                "directory": str(recipe.directory),
                "laid_over": [str(directory) for directory in recipe.directories[1:]],
                "other_versions": recipe.other_versions,
                "requires": requires,
                "required_by": required_by,
                "built": [{"library": b.name, "size_bytes": b.size_bytes, "exports": b.exports} for b in built],
            }
        )
        return 0
    others = recipe.other_versions
    rows = [("version", manifest.version), *([("also", ", ".join(others))] if others else [])]
    rows += [("licence", manifest.license or "not said")]
    rows += [("homepage", manifest.homepage)] if manifest.homepage else []
    for name, alternatives in recipe_sources(recipe).items():
        for i, source in enumerate(alternatives):
            rows.append(((f"{name}/" if name else "source") if i == 0 else "", source.describe()))
    rows += [("patches", ", ".join(manifest.patches))] if manifest.patches else []
    for name, option in manifest.options.items():
        rows.append(("option", f"{name}, {'on' if recipe.options[name] else 'off'}: {option.description or ''}"))
    rows += [("requires", ", ".join(requires) or "nothing"), ("required by", ", ".join(required_by) or "no recipe")]
    rows += [("tests", str(len(manifest.tests)))]
    for library, target in manifest.libraries.items():
        rows.append(
            ("library", f"{library}: exports {_exports(target.exports) if target.sources else 'headers alone'}")
        )
    for each in built:
        rows.append(("built", f"{each.name}, {each.size_bytes:,} bytes, {each.exports:,} exports"))
    labels = ("file", *("laid over" for _ in recipe.directories[1:]))
    rows += [(label, str(path / "recipe.yaml")) for label, path in zip(labels, recipe.directories, strict=True)]
    headline = f"{manifest.name}: {manifest.description}" if manifest.description else manifest.name
    print(joined([headline, *columns("  ", rows, widest=200)]))
    return 0


def _exports(exports: object) -> str:
    if exports is None:
        return "everything"
    if isinstance(exports, tuple):
        rest = len(exports) - _SHOWN
        return ", ".join(exports[:_SHOWN]) + (f" and {rest} more patterns" if rest > 0 else "")
    return "what its sources annotate" if exports == "annotated" else f"what {getattr(exports, 'file', exports)} lists"


def _requires(recipe: Recipe) -> list[str]:
    from wasmbuild.selection.required import for_users, recipe_requirements

    return list(dict.fromkeys(str(asked.requirement) for asked in recipe_requirements(for_users(recipe))))


def _required_by(name: str, known: Known) -> list[str]:
    """Other recipes whose libraries need it; one that cannot be read needs nothing."""
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.manifest.recipes import read_recipe
    from wasmbuild.manifest.requirement import parse_requirement

    found = []
    for other, directory in sorted(known.items()):
        try:
            requires = _requires(read_recipe(directory, known))
        except WasmbuildError:
            continue
        names = [requirement.name for text in requires if (requirement := parse_requirement(text)) is not None]
        found += [other] if name in names else []
    return found


def _built(recipe: Recipe) -> list[Built]:
    """What the cache has: of all that was built, with any toolchain and profile, the last."""
    from wasmbuild.link.interface import offered
    from wasmbuild.sources.store import Store
    from wasmbuild.wasm.decode import decode

    parent = Store.of_user().entry("libraries", "any").parent
    entries = [path for path in parent.glob(f"{recipe.name}-{recipe.version}-*") if (path / "seal.json").is_file()]
    last = max(entries, key=lambda path: path.stat().st_mtime_ns, default=None)
    found = []
    for path in sorted((last / "lib").glob("*.so")) if last else ():
        data = path.read_bytes()
        found.append(Built(path.name, len(data), len(offered(decode(data, path.name)))))
    return found
