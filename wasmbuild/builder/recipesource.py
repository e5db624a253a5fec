"""The source of a recipe: fetched, verified, and laid out to be built: components, patches and files put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wasmbuild.builder.filled import fill, header, macros
from wasmbuild.builder.globs import WILD
from wasmbuild.builder.outputs import replace_if_different
from wasmbuild.builder.toolchain import digest
from wasmbuild.diagnostics import Diagnostic, Position, WasmbuildError
from wasmbuild.manifest.check import source_kinds
from wasmbuild.manifest.reader import Where
from wasmbuild.manifest.recipes import Recipe, copied_from, is_upstreams, recipe_file
from wasmbuild.manifest.schema import SOURCE_PREFIX, FilledFile, Source
from wasmbuild.progress import Progress
from wasmbuild.selection.required import Required
from wasmbuild.sources import source as places
from wasmbuild.sources.fetch import FetchedArchive, fetch
from wasmbuild.sources.hashing import hash_file
from wasmbuild.sources.patch import apply_patch
from wasmbuild.sources.store import Store
from wasmbuild.sources.unpack import place_source


@dataclass(frozen=True, slots=True)
class FetchedSource:
    """All that a recipe's source tree is made of, but for its own patches and files."""

    main: FetchedArchive
    components: Mapping[str, FetchedArchive]
    """Directory in the tree → what is put there."""

    @property
    def sha256(self) -> str:
        """Of all of it; of the one archive where there is no other."""
        if not self.components:
            return self.main.sha256
        return digest(self.main.sha256, *(f"{name} {each.sha256}" for name, each in sorted(self.components.items())))


def recipe_sources(recipe: Recipe) -> Mapping[str, tuple[places.Source, ...]]:
    """Where its source (under the empty name) and each component can be had, in order; paths become absolute."""
    manifest, found = recipe.document.value, dict[str, tuple[places.Source, ...]]()
    found[""] = tuple(_place(recipe, ("source", i), source) for i, source in enumerate(manifest.source))
    for name, sources in manifest.components.items():
        found[name] = tuple(_place(recipe, ("components", name, i), source) for i, source in enumerate(sources))
    return found


def _place(recipe: Recipe, where: Where, source: Source) -> places.Source:
    document = recipe.document
    at, sha256_at = document.at(*where), document.at(*where, "sha256")
    version, sha256 = source.version or "", source.sha256 or ""
    match source_kinds(source)[0]:
        case "url":
            return places.UrlSource(source.url or "", sha256, at, sha256_at)
        case "debian":
            return places.DebianSource(source.debian or "", version, sha256, source.suite, at, sha256_at)
        case "pypi":
            return places.PypiSource(source.pypi or "", version, sha256, at, sha256_at)
        case "npm":
            return places.NpmSource(source.npm or "", version, sha256, at, sha256_at)
        case "git":
            return places.GitSource(source.git or "", source.commit or "", at, document.at(*where, "commit"))
        case "path":
            paths = [directory / (source.path or "") for directory in recipe.directories]
            path = next((path for path in paths if path.exists()), paths[0])
            return places.PathSource(path.resolve(), at, sha256_at)
    return places.ToolchainSource(source.toolchain or "", at, sha256_at)


def local_sources(recipe: Recipe) -> Iterator[Path]:
    """What of it lies on this machine, to be watched for changes."""
    for alternatives in recipe_sources(recipe).values():
        yield from (source.path for source in alternatives if isinstance(source, places.PathSource))


def fetch_source(
    required: Required, store: Store, toolchain_lib: Path, offline: bool, progress: Progress
) -> FetchedSource:
    """The recipe's source, from the store or from the first alternative that verifies."""

    def tell(what: str, done: int, total: int | None) -> None:
        progress.step(f"fetching {required.recipe.name}: {what}", done, total)

    found = {}
    for name, alternatives in recipe_sources(required.recipe).items():
        found[name] = fetch(
            alternatives,
            name=f"{required.recipe.name} {required.recipe.version}" + (f" ({name})" if name else ""),
            store=store,
            offline=offline,
            required_by=required.by,
            toolchain_lib=toolchain_lib,
            report=progress.diagnostic,
            progress=tell,
        )
    return FetchedSource(found.pop(""), found)


def prepare_source(recipe: Recipe, source: FetchedSource, destination: Path) -> None:
    """A fresh copy of the source, with its components, the recipe's patches applied and its files put in."""
    document, manifest = recipe.document, recipe.document.value
    place_source(source.main, destination)
    for name, component in source.components.items():
        target = _inside(destination, name, document.at("components", name))
        if target.exists():
            at = document.at("components", name)
            raise WasmbuildError(Diagnostic("component-exists", f"`{name}` is in the source already", at))
        target.parent.mkdir(parents=True, exist_ok=True)
        place_source(component, target)
    for i, name in enumerate(manifest.patches):
        patch = recipe_file(recipe, name, document.at("patches", i))
        apply_patch(patch.read_bytes(), destination, f"recipes/{recipe.name}/{name}")
    for name, file in manifest.files.items():
        if isinstance(file, str) and is_upstreams(file) and WILD.search(file):
            _gather(destination, file.removeprefix(SOURCE_PREFIX), name, document.at("files", name))
        elif is_upstreams(file):
            replace_if_different(
                _inside(destination, name, document.at("files", name)), _content(recipe, name, destination)
            )
    put_files(recipe, destination)


def put_files(recipe: Recipe, destination: Path) -> None:
    """The recipe's own files, into its source tree; those that are there already stay untouched."""
    document = recipe.document
    for name, file in document.value.files.items():
        if not is_upstreams(file):
            replace_if_different(
                _inside(destination, name, document.at("files", name)), _content(recipe, name, destination)
            )


def _gather(destination: Path, pattern: str, into: str, at: Position) -> None:
    """Copies of all files that a pattern matches, into one directory."""
    directory, found = _inside(destination, into, at), dict[str, str]()
    for path in sorted(destination.glob(pattern)):
        name = path.relative_to(destination).as_posix()
        if path.is_file() and path.parent != directory:
            other = found.setdefault(path.name, name)
            if other != name:
                raise WasmbuildError(Diagnostic("two-outputs", f"`{other}` and `{name}` would be one file", at))
            data = _inside(destination, name, at).read_bytes()
            replace_if_different(_inside(destination, f"{into}/{path.name}", at), data)
    if not found:
        raise WasmbuildError(Diagnostic("no-such-file", f"no file in the source matches `{pattern}`", at))


def _content(recipe: Recipe, name: str, source: Path) -> bytes:
    """What the recipe puts there."""
    document, file = recipe.document, recipe.document.value.files[name]
    where: Where = ("files", name)
    copied, at = copied_from(file), document.at(*where)
    if copied is None:
        assert isinstance(file, FilledFile)
        return header(macros(document, (*where, "defines"), file.defines))
    if copied.startswith(SOURCE_PREFIX):
        path = _inside(source, copied.removeprefix(SOURCE_PREFIX), at)
        if not path.is_file():
            said = f"no such file in the source: `{copied.removeprefix(SOURCE_PREFIX)}`"
            raise WasmbuildError(Diagnostic("no-such-file", said, at))
    else:
        path = recipe_file(recipe, copied, at)
    found = path.read_bytes()
    return fill(found, file.values, document, where) if isinstance(file, FilledFile) else found


def tree_identity(recipe: Recipe, source: FetchedSource) -> str:
    """What tells source trees apart, but for what is in the recipe's files: `put_files` brings them up to date."""
    document, manifest = recipe.document, recipe.document.value
    patches = [hash_file(recipe_file(recipe, n, document.at("patches", i))) for i, n in enumerate(manifest.patches)]
    # Of copies of upstream's files, what is copied: it comes with the source.
    copied = {to: f" {file}" for to, file in manifest.files.items() if is_upstreams(file)}
    files = [f"file {name}{copied.get(name, '')}" for name in manifest.files]
    return digest(source.sha256, *(f"patch {patch}" for patch in patches), *files)


def _inside(destination: Path, name: str, at: Position) -> Path:
    target = destination / name
    if not target.resolve().is_relative_to(destination.resolve()):
        raise WasmbuildError(Diagnostic("outside", f"`{name}` lies outside of the source tree", at))
    return target
