"""What the types cannot say about a manifest: dangling names, fields that exclude each other.

Each rule is one generator of diagnostics over a document; `check_project` and `check_recipe` run them all, so
that a user sees everything that is wrong at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError, did_you_mean
from wasmbuild.manifest.check_build import check_build
from wasmbuild.manifest.check_flags import check_flags, flag_warnings
from wasmbuild.manifest.check_paths import check_paths
from wasmbuild.manifest.check_tests import Findings, bad_size, check_tests, headers_alone
from wasmbuild.manifest.outputs import has_output, output_name
from wasmbuild.manifest.reader import Document, Where
from wasmbuild.manifest.requirement import is_lazy, own_name, own_names, parse_constraints, parse_requirement
from wasmbuild.manifest.schema import ExportsFile, FilledFile, Library, Manifest, Program, Requires, Source
from wasmbuild.manifest.sizes import parse_size

SOURCE_KINDS = ("url", "debian", "pypi", "npm", "git", "path", "toolchain")
EXPORT_LISTS = (".sym", ".map", ".def")


def check_project(document: Document[Manifest], recipes: Mapping[str, object]) -> None:
    _raise_all(_common(document, recipes), _no_source(document))


def check_recipe(document: Document[Manifest], recipes: Mapping[str, object]) -> None:
    _raise_all(_common(document, recipes), _options(document), _sources(document), _files(document))


def _raise_all(*findings: Findings) -> None:
    found = [finding for group in findings for finding in group]
    if found:
        raise WasmbuildError(*found)


def _common(document: Document[Manifest], recipes: Mapping[str, object]) -> Findings:
    yield from _requires(document, recipes)
    yield from _exports(document)
    yield from _prebuilt(document)
    yield from _outputs(document)
    yield from _programs(document)
    yield from check_flags(document, _places(document), recipes)
    yield from check_paths(document, ((where, target) for where, _, target in targets(document.value)))
    yield from check_build(document)
    yield from check_tests(document)


def warnings(document: Document[Manifest]) -> tuple[Diagnostic, ...]:
    """What is odd about a manifest that can be built."""
    return tuple(flag_warnings(document, _places(document)))


def _places(document: Document[Manifest]) -> dict[Where, Library | Program]:
    return {where: target for where, _, target in targets(document.value)}


def targets(manifest: Manifest) -> Iterator[tuple[tuple[str | int, ...], str, Library | Program]]:
    """Every target with its place and its name: libraries, programs, and the programs of tests."""
    for name, library in manifest.libraries.items():
        yield ("libraries", name), name, library
    for name, program in manifest.programs.items():
        yield ("programs", name), name, program
    for index, test in enumerate(manifest.tests):
        if test.program is not None:
            yield ("tests", index, "program"), test.name, test.program


def _requires(document: Document[Manifest], recipes: Mapping[str, object]) -> Findings:
    manifest = document.value
    for i, text in enumerate(manifest.requires):
        yield from _requirement(document, ("requires", i), text, recipes, libraries=())
    for where, name, target in targets(manifest):
        of_tests = manifest.test_libraries if where[0] == "tests" else {}
        for i, text in enumerate(target.requires):
            at = document.at(*where, "requires", i)
            named = own_name(text)
            if named in manifest.test_libraries and not of_tests:
                yield Diagnostic("test-library", f"`{named}` is a test library: only programs of tests have it", at)
                continue
            if isinstance(target, Library) and named == name:
                yield Diagnostic("requires-itself", f"library `{name}` requires itself", at)
                continue
            known = {**manifest.libraries, **of_tests}
            yield from _requirement(document, (*where, "requires", i), text, recipes, known)
            yield from _static(document, name, text, at)
            yield from _lazy(document, name, target, text, at)
        for i, text in enumerate(target.opens if isinstance(target, Program) else ()):
            if text not in manifest.libraries:
                near = did_you_mean(text, manifest.libraries)
                help_ = f"did you mean `{near}`?" if near else "`opens` names libraries of this manifest"
                at = document.at(*where, "opens", i)
                yield Diagnostic("unknown-library", f"no library `{text}`", at, help=(help_,))
            elif not has_output(manifest.libraries[text]):
                yield headers_alone(document, text, document.at(*where, "opens", i))
    for name, library in manifest.test_libraries.items():
        place: tuple[str | int, ...] = ("test_libraries", name)
        if name in manifest.libraries:
            first = (("first", str(document.at("libraries", name, "<key>"))),)
            said = f"`{name}` is a library and a test library"
            yield Diagnostic("name-clash", said, document.at(*place, "<key>"), first)
        for i, text in enumerate(library.requires):
            at = document.at(*place, "requires", i)
            named = own_name(text)
            if named in manifest.test_libraries and named not in manifest.libraries:
                yield Diagnostic("test-library", f"a test library does not require another one: `{named}`", at)
                continue
            yield from _requirement(document, (*place, "requires", i), text, recipes, manifest.libraries)
            yield from _static(document, name, text, at)


def _static(document: Document[Manifest], name: str, text: str | Requires, at: Position) -> Findings:
    named = own_name(text)
    required = document.value.libraries.get(named) if named is not None else None
    if required is not None and required.link == "static":
        yield Diagnostic(
            "requires-static",
            f"`{name}` requires `{named}`, which is `link: static`: one closed module that nothing can link to",
            at,
            facts=((f"`{named}`", str(document.at("libraries", str(named), "link"))),),
        )


def _lazy(
    document: Document[Manifest], name: str, target: Library | Program, entry: str | Requires, at: Position
) -> Findings:
    if not is_lazy(entry):
        return
    named = own_name(entry)
    required = document.value.libraries.get(named) if named is not None else None
    why = None
    if target.link == "static":
        why = f"`{name}` is `link: static`: all that it requires is a part of it"
    elif required is not None and not has_output(required):
        why = f"`{named}` is headers alone"
    if why is not None:
        yield Diagnostic("bad-requirement", f"{why}, and nothing can be loaded later", at, help=("leave `lazy` away",))


def _requirement(
    document: Document[Manifest],
    where: tuple[str | int, ...],
    text: str | Requires,
    recipes: Mapping[str, object],
    libraries: Mapping[str, object] | tuple[()],
) -> Findings:
    at = document.at(*where)
    if isinstance(text, Requires):
        yield from _requires_recipe(document, where, text, recipes, libraries)
        return
    requirement = parse_requirement(text)
    if requirement is None:
        yield Diagnostic("bad-requirement", f"not a requirement: `{text}`", at, help=("write `zlib` or `zlib >=1.3`",))
    elif requirement.name not in libraries and requirement.name not in recipes:
        kinds = "recipe or library" if libraries != () else "recipe"
        near = did_you_mean(requirement.name, [*libraries, *recipes])
        help_ = f"did you mean `{near}`?" if near else "`wasmbuild recipe list` shows the recipes there are"
        yield Diagnostic("unknown-recipe", f"unknown {kinds}: `{requirement.name}`", at, help=(help_,))
    elif requirement.name in libraries and text != requirement.name:
        yield Diagnostic(
            "bad-requirement",
            f"`{requirement.name}` is a library of this project: write its name and nothing else",
            at,
            facts=(("written", f"`{text}`"),),
        )


def _requires_recipe(
    document: Document[Manifest],
    where: Where,
    entry: Requires,
    recipes: Mapping[str, object],
    libraries: Mapping[str, object] | tuple[()],
) -> Findings:
    if entry.name in libraries:
        if own_name(entry) is None:
            headline = f"`{entry.name}` is a library of this project: it has no versions and no options"
            yield Diagnostic("bad-requirement", headline, document.at(*where))
        return
    yield from _requirement(document, (*where, "name"), entry.name, recipes, libraries)
    if entry.version is not None and not parse_constraints(entry.version):
        at = document.at(*where, "version")
        yield Diagnostic("bad-requirement", f"not versions: `{entry.version}`", at, help=("write `>=1.3, <2`",))


def _exports(document: Document[Manifest]) -> Findings:
    for where, _, target in targets(document.value):
        if isinstance(target.exports, ExportsFile) and not target.exports.file.endswith(EXPORT_LISTS):
            yield Diagnostic(
                "exports-file",
                f"not a list of exports: `{target.exports.file}`",
                document.at(*where, "exports", "file"),
                help=("names of such files end in .sym (names), .map (a version script) or .def",),
            )


_GOES_WITH_HEADERS = {"headers", "include", "requires", "imports", "from_program", "provides"}
_GOES_WITH_PREBUILT = {"prebuilt", "headers", "include", "requires", "imports", "from_program", "output"}
_NOTHING_SAID = Library()


def _prebuilt(document: Document[Manifest]) -> Findings:
    """A library is made of sources, or it is there already, or it is headers alone."""
    libraries = document.value.libraries
    for name, library in libraries.items():
        at = document.at("libraries", name)
        if library.prebuilt is None:
            if not library.sources and not library.headers:
                help_ = (
                    "write `sources`, `headers` for a library that is headers alone, "
                    "or `prebuilt` for a shared library that is there already",
                )
                yield Diagnostic("no-sources", f"library `{name}` has no `sources`", at, help=help_)
            elif not library.sources:
                yield from _means_nothing(document, name, _GOES_WITH_HEADERS, "in a library without `sources`")
            continue
        yield from _means_nothing(document, name, _GOES_WITH_PREBUILT, "beside `prebuilt`")
        if library.output is None and not library.prebuilt.endswith((".so", ".wasm")):
            headline = f"not a shared library: `{library.prebuilt}`"
            help_ = ("its name should end in .so or .wasm; `output` gives it another name",)
            yield Diagnostic("prebuilt", headline, document.at("libraries", name, "prebuilt"), help=help_)
    for where, name, target in targets(document.value):
        if isinstance(target, Program) and not target.sources:
            yield Diagnostic("no-sources", f"program `{name}` has no `sources`", document.at(*where))
        if target.link == "static":
            for other in _needed(target, libraries):
                if libraries[other].prebuilt is not None:
                    yield Diagnostic(
                        "static-prebuilt",
                        f"`{name}` is linked statically and needs `{other}`, which is a finished shared library",
                        document.at(*where, "requires"),
                        facts=((f"`{other}`", str(document.at("libraries", other, "prebuilt"))),),
                    )


def _means_nothing(document: Document[Manifest], name: str, meaning: set[str], there: str) -> Findings:
    library = document.value.libraries[name]
    for field in sorted(set(Library.__struct_fields__) - meaning):
        if getattr(library, field) != getattr(_NOTHING_SAID, field):
            code = "prebuilt" if library.prebuilt is not None else "no-sources"
            yield Diagnostic(code, f"`{field}` means nothing {there}", document.at("libraries", name, field))


def _needed(target: Library | Program, libraries: Mapping[str, Library]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    todo = list(own_names(target.requires))
    while todo:
        name = todo.pop()
        if name in libraries and name not in found:
            found[name] = None
            todo.extend(own_names(libraries[name].requires))
    return tuple(found)


def _outputs(document: Document[Manifest]) -> Findings:
    """Two files of one name in one directory. Systems differ on whether large and small letters do."""
    first: dict[tuple[str, str], tuple[str, Position]] = {}
    for where, name, target in targets(document.value):
        at = document.at(*where, "output")
        if where[0] == "tests":
            if target.output is not None:
                yield Diagnostic("output", "the program of a test has no name of its own", at)
            continue
        if not has_output(target):
            continue
        place = f"build/{'lib' if where[0] == 'libraries' else 'bin'}/{output_name(name, target)}"
        at = at if target.output is not None else document.at(*where, "<key>")
        other = first.setdefault((str(where[0]), place.lower()), (name, at))
        if other[0] != name:
            facts = ((f"`{other[0]}`", str(other[1])),)
            yield Diagnostic("two-outputs", f"two targets would be `{place}`", at, facts=facts)


_MOST = {"stack": (1 << 31) - 16, "initial": 1 << 32, "max": 1 << 32}


def _programs(document: Document[Manifest]) -> Findings:
    for where, name, target in targets(document.value):
        if isinstance(target, Program):
            sizes: dict[str, int] = {}
            for field in ("stack", "initial", "max"):
                written = getattr(target.memory, field)
                size = parse_size(written) if written is not None else 1
                if size is None:
                    yield bad_size(document, (*where, "memory", field), written)
                elif not 0 < size <= _MOST[field]:
                    said = (
                        f"`{field}` of `{name}` must be more than 0 and at most {_MOST[field]} bytes, not `{written}`"
                    )
                    yield Diagnostic("memory-limits", said, document.at(*where, "memory", field))
                elif written is not None:
                    sizes[field] = size
            initial, maximum = sizes.get("initial"), sizes.get("max")
            if initial is not None and maximum is not None and initial > maximum:
                yield Diagnostic(
                    "memory-limits",
                    f"memory of `{name}` starts larger than it may become",
                    document.at(*where, "memory"),
                    facts=(("initial", str(target.memory.initial)), ("max", str(target.memory.max))),
                )


def _options(document: Document[Manifest]) -> Findings:
    options = document.value.options
    for name, option in options.items():
        for i, other in enumerate(option.excludes):
            at = document.at("options", name, "excludes", i)
            if other == name or other not in options:
                near = did_you_mean(other, [each for each in options if each != name])
                help_ = (f"did you mean `{near}`?",) if near else ("`excludes` names other options of this recipe",)
                yield Diagnostic("unknown-option", f"no other option `{other}`", at, help=help_)
            elif option.default and options[other].default:
                facts = tuple((f"`{each}`", str(document.at("options", each, "default"))) for each in (name, other))
                yield Diagnostic("option-excludes", f"`{name}` and `{other}` are both on by default", at, facts)
    if document.value.replace is not None:
        said = "`replace` means something where a recipe is laid over another"
        help_ = ("write `extends: true`, or what it says where it belongs",)
        yield Diagnostic("replace-nothing", said, document.at("replace"), help=help_)


def _no_source(document: Document[Manifest]) -> Findings:
    for field in ("source", "components", "patches", "files", "build", "options", "extends", "replace"):
        if getattr(document.value, field):
            help_ = "a library from elsewhere goes into recipes/NAME/recipe.yaml; then require it by NAME"
            yield Diagnostic("source-in-project", f"`{field}` is for recipes", document.at(field), help=(help_,))


_NEEDS: Mapping[str, tuple[str, ...]] = {
    "url": ("sha256",),
    "debian": ("version", "sha256"),
    "pypi": ("version", "sha256"),
    "npm": ("version", "sha256"),
    "git": ("commit",),
}


_MAY: Mapping[str, tuple[str, ...]] = {"debian": ("suite",)}


def _files(document: Document[Manifest]) -> Findings:
    for name, file in document.value.files.items():
        if isinstance(file, FilledFile):
            at = document.at("files", name)
            if (file.template is None) == (not file.defines):
                yield Diagnostic("filled-file", "a file is made of a `template`, or of `defines`", at)
            elif file.template is None and file.values:
                yield Diagnostic(
                    "filled-file", "`values` are those of a `template`", document.at("files", name, "values")
                )


def _sources(document: Document[Manifest]) -> Findings:
    if not document.value.source:
        yield Diagnostic("recipe-source", f"recipe `{document.value.name}` has no `source`", document.at("name"))
    for where, source in source_places(document.value):
        kinds = source_kinds(source)
        at = document.at(*where)
        if len(kinds) != 1:
            said = " and ".join(f"`{kind}`" for kind in kinds) or "none"
            yield Diagnostic("source-kind", f"a source is one of {', '.join(SOURCE_KINDS)}; this has {said}", at)
            continue
        for field in ("version", "suite", "commit", "sha256"):
            if getattr(source, field) is not None and field not in (*_NEEDS.get(kinds[0], ()), *_MAY.get(kinds[0], ())):
                at_field = document.at(*where, field)
                yield Diagnostic("source-kind", f"a `{kinds[0]}` source takes no `{field}`", at_field)
        for field in _NEEDS.get(kinds[0], ()):
            if getattr(source, field) is None:
                yield Diagnostic("missing-key", f"a `{kinds[0]}` source needs `{field}`", at)


def source_places(manifest: Manifest) -> Iterator[tuple[Where, Source]]:
    """Every place that a recipe names for its source or for a component of it, with where that is written."""
    yield from ((("source", i), source) for i, source in enumerate(manifest.source))
    for name, sources in manifest.components.items():
        yield from ((("components", name, i), source) for i, source in enumerate(sources))


def source_kinds(source: Source) -> list[str]:
    return [kind for kind in SOURCE_KINDS if getattr(source, kind) is not None]
