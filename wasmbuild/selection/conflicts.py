"""What those who require recipes say and cannot all have, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wasmbuild.diagnostics import Diagnostic, Position, did_you_mean
from wasmbuild.manifest.recipes import Recipe
from wasmbuild.selection.required import Asked

AllAsked = Mapping[str, Sequence[Asked]]


def of_cycle(names: Sequence[str], asked: Asked) -> Diagnostic:
    return Diagnostic("requires-cycle", f"recipes require each other: {' → '.join(names)}", asked.by.at)


def of_single_versions(found: Mapping[str, Recipe], asked: AllAsked) -> Iterator[Diagnostic]:
    """Where there is one version of each."""
    for name, recipe in found.items():
        for each in asked[name]:
            if not each.requirement.allows(recipe.version):
                yield not_available(each, (recipe.version,))


def not_available(asked: Asked, versions: Sequence[str]) -> Diagnostic:
    """A requirement that no version satisfies."""
    requirement = asked.requirement
    there = ", ".join(f"{requirement.name} {version}" for version in versions)
    facts = (("required", str(requirement)), ("there is" if len(versions) == 1 else "there are", there))
    return Diagnostic("version", f"version not available: `{requirement}`", asked.by.at, facts=facts)


def of_versions(asked: Sequence[Asked], versions: Sequence[str]) -> Diagnostic:
    """Requirements of one recipe that versions satisfy, but none satisfies all."""
    name = asked[0].requirement.name
    facts = [(f"`{each.by.name}`", f"{each.requirement}, at {each.by.at}") for each in asked]
    facts.append(("there are", ", ".join(versions)))
    headline = f"no version of `{name}` is one that all allow who require it"
    return Diagnostic("version-conflict", headline, asked[-1].by.at, facts=tuple(facts))


def of_options(found: Mapping[str, Recipe], asked: AllAsked) -> Iterator[Diagnostic]:
    for name, recipe in found.items():
        options = recipe.document.value.options
        on: dict[str, Asked] = {}
        off: dict[str, Asked] = {}
        for each in asked[name]:
            for option, value in each.requirement.options:
                if option not in options:
                    yield unknown_option(recipe, option, each.options_at[option])
                    continue
                other = (off if value else on).get(option)
                (on if value else off).setdefault(option, each)
                if other is not None:
                    yield _on_and_off(name, option, on[option], off[option], each.options_at[option])
        yield from _excluding(recipe, on)


def unknown_option(recipe: Recipe, option: str, at: Position | None = None) -> Diagnostic:
    options = recipe.document.value.options
    near = did_you_mean(option, options)
    there = f"there are: {', '.join(options)}" if options else "it has none"
    help_ = f"did you mean `{near}`?" if near else there
    return Diagnostic("unknown-option", f"`{recipe.name}` has no option `{option}`", at, help=(help_,))


def _on_and_off(name: str, option: str, on: Asked, off: Asked, at: Position) -> Diagnostic:
    said = tuple(
        (label, f"`{each.by.name}`, at {each.options_at[option]}") for label, each in (("on", on), ("off", off))
    )
    return Diagnostic("option-conflict", f"option `{option}` of `{name}` must be both on and off", at, facts=said)


def _excluding(recipe: Recipe, on: Mapping[str, Asked]) -> Iterator[Diagnostic]:
    """Options that are on, beside one that excludes them."""
    for option, declared in recipe.document.value.options.items():
        for other in declared.excludes:
            if recipe.options.get(option) and recipe.options.get(other):
                places = {each: _who(recipe, each, on) for each in (option, other)}
                headline = f"options `{option}` and `{other}` of `{recipe.name}` cannot both be on"
                at = next((on[each].options_at[each] for each in (other, option) if each in on), None)
                at = at or recipe.document.at("options", option, "excludes")
                facts = tuple((f"`{each}`", text) for each, text in places.items())
                help_ = next((f"say `{each}: false`" for each in (option, other) if each not in on), None)
                yield Diagnostic("option-excludes", headline, at, facts, help=(help_,) if help_ else ())


def _who(recipe: Recipe, option: str, on: Mapping[str, Asked]) -> str:
    if option in on:
        return f"`{on[option].by.name}`, at {on[option].options_at[option]}"
    return f"on by default, {recipe.document.at('options', option, 'default')}"
