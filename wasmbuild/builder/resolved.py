"""Each target with all that it requires, found out once; whoever makes a part of the build graph reads it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from wasmbuild.builder.globs import TargetFiles, include_directory, may_be_cxx
from wasmbuild.builder.operands import CXX_SUFFIXES
from wasmbuild.manifest.check import targets
from wasmbuild.manifest.outputs import has_output
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.requirement import is_lazy, own_names, parse_requirement
from wasmbuild.manifest.schema import LibcChoice, Library, Manifest, Program, Requires

LIBCXX = "libcxx"
"""The recipe that every target with C++ in it requires without saying so, where the compiler can throw."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """A built recipe: its directory, its libraries (shared, and as archives), and the recipes it needs itself."""

    name: str
    directory: str
    libraries: tuple[str, ...]
    archives: tuple[str, ...]
    requires: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    """What its libraries have from the host."""
    from_program: tuple[str, ...] = ()
    """What they have from the program: patterns."""
    provides: tuple[str, ...] = ()
    """The names by which pkg-config knows them."""
    targets: tuple[str, ...] = ()
    """Their own names, by which CMake does."""
    passed_on: tuple[str, ...] = ()
    """Recipes that those of its libraries require which are headers alone: who requires this one is linked to them."""


@dataclass(frozen=True, slots=True)
class ResolvedTarget:
    """A target and what it requires. Of whatever is needed in closure, each comes once, who needs before who is needed,
    and the target itself is not among it, also where libraries require each other in a circle."""

    files: TargetFiles
    libc: LibcChoice
    libraries: tuple[TargetFiles, ...]
    """Those of this manifest that it names: it is linked to these. What is headers alone is none of them, but what that
    requires is."""
    library_closure: tuple[TargetFiles, ...]
    recipes: tuple[Prefix, ...]
    """Those that it names, or the manifest for all targets: it is linked to their libraries. With those that what is
    headers alone requires, of this manifest or recipes."""
    recipe_closure: tuple[Prefix, ...]
    """With those of the libraries that it needs, since their headers may include the recipes'."""
    include: tuple[str, ...]
    """Where the headers of the libraries that it needs lie."""
    imports: tuple[str, ...]
    """What its host supplies: to the target, and to whatever it needs."""
    from_program: tuple[str, ...]
    """Patterns of what the libraries among these have from the program, also those that a program may open."""
    opens: tuple[TargetFiles, ...]
    """What a program may open with dlopen."""
    lazy: frozenset[str] = frozenset()
    """The names of those that it is linked to, libraries and recipes, which are loaded at the first call."""


def resolve_targets(
    document: Document[Manifest], targets: Sequence[TargetFiles], prefixes: Mapping[str, Prefix]
) -> tuple[ResolvedTarget, ...]:
    """`prefixes` are all recipes in the build, required directly or not."""
    libraries = {files.name: files for files in targets if files.kind == "library"}
    return tuple(_resolve(document, files, libraries, prefixes) for files in targets)


def _resolve(
    document: Document[Manifest],
    files: TargetFiles,
    libraries: Mapping[str, TargetFiles],
    prefixes: Mapping[str, Prefix],
) -> ResolvedTarget:
    named = [libraries[name] for name in own_names(files.target.requires) if name in libraries]
    closure = [each for each in _library_closure(named, libraries) if each.where != files.where]
    direct, headers_alone = _with_modules(named, libraries)
    linked = [prefix for each in (files, *headers_alone) for prefix in _recipes(document, each, libraries, prefixes)]
    recipes = _with_passed_on(linked, prefixes)
    beneath = [prefix for each in closure for prefix in _recipes(document, each, libraries, prefixes)]
    recipe_closure = _recipe_closure([*recipes, *beneath], prefixes)
    include = dict.fromkeys(include_directory(*header) for each in closure for header in each.headers)
    imports = [name for each in (files, *closure) for name in each.target.imports]
    imports += [name for prefix in recipe_closure for name in prefix.imports]
    opens = [libraries[name] for name in (files.target.opens if isinstance(files.target, Program) else ())]
    opened = _library_closure(opens, libraries)
    imports += [name for each in opened for name in each.target.imports]
    beneath += [prefix for each in opened for prefix in _recipes(document, each, libraries, prefixes)]
    members = [each.target for each in (files, *closure, *opened) if isinstance(each.target, Library)]
    from_program = [pattern for library in members for pattern in library.from_program]
    every = _recipe_closure([*recipes, *beneath], prefixes)
    from_program += [pattern for prefix in every for pattern in prefix.from_program]
    return ResolvedTarget(
        files=files,
        libc=libc_of(document.value, files.target),
        libraries=tuple(each for each in direct if each.where != files.where),
        library_closure=tuple(closure),
        recipes=recipes,
        recipe_closure=recipe_closure,
        include=tuple(include),
        imports=tuple(dict.fromkeys(imports)),
        from_program=tuple(dict.fromkeys(from_program)),
        opens=tuple(opens),
        lazy=_lazy((*files.target.requires, *document.value.requires)),
    )


def _lazy(requires: Iterable[str | Requires]) -> frozenset[str]:
    """What is required lazily, and nowhere otherwise."""
    said: dict[str, bool] = {}
    for entry in requires:
        requirement = parse_requirement(entry)
        if requirement is not None:
            said[requirement.name] = said.get(requirement.name, True) and is_lazy(entry)
    return frozenset(name for name, lazy in said.items() if lazy)


def libc_of(manifest: Manifest, target: Library | Program) -> LibcChoice:
    return target.libc or manifest.defaults.libc or "wasi"


def cxx_patterns(manifest: Manifest) -> tuple[str, ...]:
    """The patterns of sources that need the C++ library if they match C++, and that may."""
    found = [target.sources for _, _, target in targets(manifest) if libc_of(manifest, target) == "wasi"]
    found += [library.sources for library in manifest.test_libraries.values()]
    return tuple(pattern for patterns in found for pattern in patterns if may_be_cxx(pattern))


def _recipes(
    document: Document[Manifest],
    files: TargetFiles,
    libraries: Mapping[str, TargetFiles],
    prefixes: Mapping[str, Prefix],
) -> tuple[Prefix, ...]:
    own = [name for name in own_names(files.target.requires) if name in libraries]
    found: dict[str, Prefix] = {}
    for text in (*files.target.requires, *document.value.requires):
        requirement = parse_requirement(text)
        if requirement is not None and requirement.name not in own:
            found[requirement.name] = prefixes[requirement.name]
    is_cxx = libc_of(document.value, files.target) == "wasi" and any(s.endswith(CXX_SUFFIXES) for s in files.sources)
    if is_cxx and LIBCXX in prefixes and document.value.name != LIBCXX:
        found[LIBCXX] = prefixes[LIBCXX]
    return tuple(found.values())


def _with_modules(
    named: Iterable[TargetFiles], libraries: Mapping[str, TargetFiles]
) -> tuple[list[TargetFiles], list[TargetFiles]]:
    """What whoever requires these is linked to, and what of it is headers alone and stands for what it requires."""
    modules: dict[str, TargetFiles] = {}
    alone: dict[str, TargetFiles] = {}
    todo = list(named)
    while todo:
        files = todo.pop(0)
        if has_output(files.target):
            modules[files.name] = files
        elif files.name not in alone:
            alone[files.name] = files
            todo.extend(libraries[name] for name in own_names(files.target.requires) if name in libraries)
    return list(modules.values()), list(alone.values())


def _library_closure(direct: Iterable[TargetFiles], libraries: Mapping[str, TargetFiles]) -> tuple[TargetFiles, ...]:
    found: dict[str, TargetFiles] = {}
    todo = list(direct)
    while todo:
        files = todo.pop(0)
        if files.name not in found:
            found[files.name] = files
            todo.extend(libraries[name] for name in own_names(files.target.requires) if name in libraries)
    return tuple(found.values())


def _recipe_closure(direct: Iterable[Prefix], every: Mapping[str, Prefix]) -> tuple[Prefix, ...]:
    return _followed(direct, every, lambda prefix: prefix.requires)


def _with_passed_on(named: Iterable[Prefix], every: Mapping[str, Prefix]) -> tuple[Prefix, ...]:
    return _followed(named, every, lambda prefix: prefix.passed_on)


def _followed(
    direct: Iterable[Prefix], every: Mapping[str, Prefix], names: Callable[[Prefix], Iterable[str]]
) -> tuple[Prefix, ...]:
    """These and what they name, each once, breadth-first."""
    found: dict[str, Prefix] = {}
    todo = list(direct)
    while todo:
        prefix = todo.pop(0)
        if prefix.name not in found:
            found[prefix.name] = prefix
            todo.extend(every[name] for name in names(prefix))
    return tuple(found.values())
