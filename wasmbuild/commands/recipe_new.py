"""`recipe new`: a recipe for a library that nobody has prepared, guessed from its source tree."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wasmbuild.manifest.recipes import Known
    from wasmbuild.sources.sourcetree import Found, SourceTree
    from wasmbuild.sources.store import Store


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source is, found out and fetched: `entry` is what the recipe says of it."""

    name: str
    version: str | None
    homepage: str | None
    entry: Mapping[str, str]
    archive: Path
    file_name: str


@dataclass(slots=True)
class Draft:
    """A recipe in the making. `lists` are the library's, by field; `made` are headers that upstream makes: place in the
    source tree → text; `has_config` is whether there is a `config.h` to be asked for; `notes` is what is to be looked
    at."""

    name: str
    version: str
    license: str | None = None
    lists: dict[str, Iterable[str]] = field(default_factory=dict)
    has_config: bool = False
    made: dict[str, str] = field(default_factory=dict)
    requires: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    build: str | None = None
    """The system by which upstream's own build is run, in the place of a list of sources."""


def run(known: Known, arguments: argparse.Namespace) -> int:
    """Write `recipes/NAME/recipe.yaml` in the current directory. Raises WasmbuildError."""
    from wasmbuild.builder.outputs import replace_if_different
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError
    from wasmbuild.printing import printable
    from wasmbuild.sources.fetch import FetchedArchive
    from wasmbuild.sources.sourcetree import read_tree
    from wasmbuild.sources.store import Store, scratch
    from wasmbuild.sources.unpack import place_source

    store = Store.of_user()
    with scratch(store.entry("sources", "sha256", "new")) as directory:
        place = _find(arguments.place, store, directory)
        recipe = Path("recipes", arguments.name or place.name)
        if (recipe / "recipe.yaml").exists():
            raise WasmbuildError(
                Diagnostic(
                    "exists", f"`{recipe}` exists already", help=("give it another name with --name, or remove it",)
                )
            )
        tree = place.archive
        if place.archive.is_file():
            tree = directory / "tree"
            place_source(FetchedArchive(place.archive, "", place.file_name, ""), tree)
        draft = _draft(recipe.name, place, read_tree(tree), known, arguments.build)
    for where, contents in draft.made.items():
        replace_if_different(recipe / Path(where).name, contents.encode())
    replace_if_different(recipe / "recipe.yaml", recipe_text(draft, place).encode())
    if not arguments.quiet:
        for note in draft.notes:
            print(printable(f"note: {note}"), file=sys.stderr)
        print(
            printable(f"wrote {recipe}/recipe.yaml: `wasmbuild recipe test {recipe.name}` builds it"), file=sys.stderr
        )
    return 0


def _find(place: str, store: Store, into: Path) -> Place:
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError
    from wasmbuild.sources.download import UnavailableError

    try:
        if place.startswith("debian:"):
            return _debian(place.removeprefix("debian:"), store, into)
        if "://" in place:
            return _url(place, store, into)
    except UnavailableError as error:
        headline = f"source of `{place}` is not available"
        raise WasmbuildError(Diagnostic("source-unavailable", headline, facts=(("reason", error.reason),))) from error
    path = Path(place)
    if not path.is_dir():
        help_ = "name a directory, an archive's URL, or `debian:NAME`"
        raise WasmbuildError(Diagnostic("no-such-directory", f"no such directory: `{place}`", help=(help_,)))
    import os

    name = _name(path.resolve().name)
    entry = {"path": os.path.relpath(path, Path("recipes", name))}
    return Place(name, None, None, entry, path, path.resolve().name)


def _debian(package: str, store: Store, into: Path) -> Place:
    from wasmbuild.sources.fetch_debian import download_debian, offered, upstream_version
    from wasmbuild.sources.source import DebianSource

    found = offered(package, store, into)
    # What is released is there for years; what is not may be gone tomorrow.
    chosen = next((each for each in reversed(found) if each.suite != "sid"), found[-1])
    source = DebianSource(package, chosen.version, "", chosen.suite)
    download = download_debian(source, into, store)
    archive = _keep(download.path, download.sha256, store)
    entry = {"debian": package, "version": chosen.version, "suite": chosen.suite, "sha256": download.sha256}
    version = upstream_version(chosen.version)
    return Place(_name(package), version, chosen.homepage, entry, archive, download.file_name)


def _url(url: str, store: Store, into: Path) -> Place:
    from wasmbuild.sources.fetch_url import download_url

    download = download_url(url, into)
    archive = _keep(download.path, download.sha256, store)
    entry = {"url": url, "sha256": download.sha256}
    return Place(_name(download.file_name), None, None, entry, archive, download.file_name)


def _keep(path: Path, sha256: str, store: Store) -> Path:
    """In the store, so that it is not fetched again."""
    from wasmbuild.sources.store import publish_file

    publish_file(path, store.blob(sha256))
    return store.blob(sha256)


def _name(file: str) -> str:
    """`tiny-1.2.tar.gz` → `tiny`"""
    stem = re.sub(r"\.(tar|tgz|zip|orig)\b.*$", "", file)
    stem = re.sub(r"[-_]v?\d[\w.]*$", "", stem)
    return re.sub(r"[^A-Za-z0-9_-]", "-", stem).strip("-") or "library"


def _draft(name: str, place: Place, tree: SourceTree, known: Known, by_build: bool) -> Draft:
    """`by_build`: as upstream builds it. So it is, too, where there is no list of sources, and yet a build."""
    from wasmbuild.builder.licenses import license_files
    from wasmbuild.manifest.reader import decode_document
    from wasmbuild.manifest.schema import Manifest
    from wasmbuild.printing import counted
    from wasmbuild.sources import guess
    from wasmbuild.sources.sourcetree import SOURCES, find_build, find_library, is_elsewhere, public_headers

    found, build = find_library(tree), find_build(tree)
    draft = Draft(name, place.version or guess.guess_version(tree, place.file_name) or "0")
    headers = public_headers(tree, found, name)
    included = guess.included(tree, found, headers)
    draft.build = build if by_build or not found.sources else None
    if draft.build is None:
        _make_headers(draft, tree, found, included)
    _requires(draft, tree, included, known)
    licenses = license_files(decode_document(b"name: x\n", "", Manifest), tree.root)
    draft.license = guess.guess_license(tree, [path.as_posix() for path in licenses], found.sources)
    if draft.license is None:
        draft.notes.append("no licence was recognised: write `license` as an SPDX expression")
    if by_build and build is None:
        draft.notes.append(
            "no build of upstream's was found at the top: no configure, CMakeLists.txt, meson.build or Makefile"
        )
    if draft.build is not None:
        sources = [path for path in tree.files if path.endswith(SOURCES) and not is_elsewhere(path)]
        _by_build(draft, draft.build, sources, guess.guess_exports(tree, headers, sources))
        return draft
    # What an installed header includes has to be installed too.
    words = "".join(map(tree.read, headers))
    made = [where for where in draft.made if re.search(rf"[<\"]{re.escape(Path(where).name)}[>\"]", words)]
    draft.lists["sources"], draft.lists["exclude"] = guess.collapsed(tree, found.sources)
    if not found.sources:
        draft.notes.append("no sources of a library were found: list them under `sources`")
    include = guess.include_directories(replace(tree, files=(*tree.files, *draft.made)), found, included)
    from_include = ["include"] if any(header.startswith("include/") for header in headers) else []
    draft.lists["include"] = dict.fromkeys((*include, *from_include))
    draft.lists["headers"] = [*headers, *made]
    if any(not source.endswith(".c") for source in found.sources):
        draft.notes.append("C++: what upstream does not hide is exported; `exports` takes namespaces too")
    else:
        draft.lists["exports"] = guess.guess_exports(tree, headers, found.sources)
        if not draft.lists["exports"] and found.sources:
            draft.notes.append("no exports were found: without `exports`, all is exported")
    draft.has_config = any(Path(where).name == "config.h" for where in draft.made) and guess.is_optional(
        tree, found.sources
    )
    counts = f"{counted(len(found.sources), 'source')}, {counted(len(headers) + len(made), 'header')}"
    draft.notes.append(f"built upstream with {found.system}; {counts}")
    return draft


def _by_build(draft: Draft, build: str, sources: Sequence[str], exports: Iterable[str]) -> None:
    """What upstream installs is not known before it is built: all archives are one library, with all headers."""
    is_cxx = any(not source.endswith(".c") for source in sources)
    draft.lists |= {"sources": ["_installed/lib/*.a"], "include": ["_installed/include"]}
    draft.lists["headers"] = ["_installed/include/**/*"]
    if is_cxx:
        draft.requires["libcxx"] = None
        draft.notes.append("C++: what upstream does not hide is exported; `exports` takes namespaces too")
    else:
        draft.lists["exports"] = exports
    draft.notes.append(f"built by upstream's {build}: `build` takes its options, and what it is to make as `targets`")
    draft.notes.append("it runs scripts of the source: WASMBUILD_ALLOW_BUILD_SCRIPTS=1 says that you trust them")


def recipe_text(draft: Draft, place: Place) -> str:
    name = draft.name
    lines = [f"name: {_yaml(name)}", f"version: {_quoted(draft.version)}", "description: # what it is, on one line"]
    lines += [f"license: {_yaml(draft.license)}" if draft.license else "license: # an SPDX expression"]
    lines += [f"homepage: {_yaml(place.homepage)}" if place.homepage else "homepage: # a URL"]
    entry = [f"{key}: {_quoted(value) if key == 'version' else _yaml(value)}" for key, value in place.entry.items()]
    lines += ["source:", f"  - {entry[0]}", *(f"    {each}" for each in entry[1:])]
    if draft.made:
        lines += ["files:", *(f"  {_yaml(where)}: {_yaml(Path(where).name)}" for where in draft.made)]
    lines += [f"build: {{system: {draft.build}}}"] if draft.build else []
    lines += ["libraries:", f"  {name.removeprefix('lib') if len(name) > 4 else name}:"]
    for field_name, entries in draft.lists.items():
        lines += _listed(field_name, [*entries]) if entries else []
    lines += ["    defines: {HAVE_CONFIG_H: 1}"] if draft.has_config else []
    lines += ["    whole_archive: true"] if draft.build else []
    lines += _listed("requires", [*draft.requires]) if draft.requires else []
    lines += ["tests: [] # upstream's own: docs/recipes.md shows how"]
    return "\n".join(lines) + "\n"


def _make_headers(draft: Draft, tree: SourceTree, found: Found, included: Mapping[str, str]) -> None:
    """Headers that upstream's configure or CMake makes from templates, and those that only say what is exported."""
    import os

    from wasmbuild.sources import guess

    known, variables = set(tree.files), guess.template_variables(tree, draft.name, draft.version)
    for header, user in included.items():
        if any(path == header or path.endswith(f"/{header}") for path in known):
            continue
        beside = Path(user or next(iter(found.sources), "")).parent
        where = os.path.normpath(str(beside / header)) if "/" not in header else header
        name = Path(header).name
        template = next(guess.templates(tree, header), None)
        if template is not None:
            headers, functions = _libc()
            text = guess.configured(tree.read(template), variables, headers, functions)
            draft.notes.append(f"{where} was made from {template}: look at what it says")
        elif name.endswith(("_export.h", "-export.h", "_exports.h")):
            prefix = name.rpartition(".")[0].rpartition("_")[0].upper().replace("-", "_")
            text = f"#define {prefix}_EXPORT\n#define {prefix}_NO_EXPORT\n#define {prefix}_DEPRECATED\n"
            draft.notes.append(f"{where} says what is exported, which `exports` does here")
        elif name == "config.h" and not guess.is_optional(tree, found.sources):
            text = guess.config_header(tree, found.sources, variables, *_libc())
            draft.notes.append(f"{where} has what the sources ask for: look at what it says")
        elif name in ("_stdint.h", "pstdint.h"):
            text = "#include <stdint.h>\n"
        else:
            continue
        draft.made[header if where.startswith("..") else where] = text


def _libc() -> tuple[Sequence[str], Sequence[str]]:
    """The headers and functions of libc, as far as the cache has it."""
    from wasmbuild.builder.libc import libc_entry
    from wasmbuild.builder.toolchain import read_settings
    from wasmbuild.link.interface import offered
    from wasmbuild.sources.store import Store
    from wasmbuild.wasm.decode import decode

    runtime = libc_entry(read_settings(None, None), Store.of_user())
    headers = [path.relative_to(root).as_posix() for root in runtime.include for path in sorted(root.rglob("*.h"))]
    headers += ["stddef.h", "stdarg.h", "stdbool.h", "limits.h", "float.h"]
    if not runtime.libc.is_file():
        return headers, ()
    return headers, [*offered(decode(runtime.libc.read_bytes(), "libc.so"))]


def _requires(draft: Draft, tree: SourceTree, included: Mapping[str, str], known: Known) -> None:
    """Recipes that have a header which the tree has not."""
    own = {Path(path).name for path in (*tree.files, *draft.made)}
    for header in included:
        if Path(header).name not in own:
            draft.requires.update(dict.fromkeys(_owners(header, known)))


def _owners(header: str, known: Known) -> Iterator[str]:
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.manifest.recipes import read_recipe

    for name, directory in known.items():
        if name in ("libc", "libcxx"):
            continue
        try:
            libraries = read_recipe(directory, known).document.value.libraries.values()
        except WasmbuildError:
            continue
        if any(Path(pattern).name == Path(header).name for library in libraries for pattern in library.headers):
            yield name
            return


_PLAIN = re.compile(r"(?:[A-Za-z_]|\.{1,2}(?:/|$))[\w./:+~%?=&@-]*|[0-9a-f]{64}")


def _yaml(text: str) -> str:
    """A text as YAML has it: names of files may be anything."""
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    import json

    return json.dumps(text)


def _listed(name: str, entries: Sequence[str]) -> list[str]:
    """A field with a list, on one line or more."""
    import textwrap

    text = f"    {name}: [{', '.join(map(_yaml, entries))}]"
    return textwrap.wrap(text, 120, subsequent_indent="      ", break_long_words=False, break_on_hyphens=False)
