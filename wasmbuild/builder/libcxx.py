"""Which C++ library a build has: the recipe `libcxx`, where something is C++ and its compiler can throw."""

from __future__ import annotations

from dataclasses import replace

from wasmbuild.builder.libc import PROFILES, embedded_toolchain
from wasmbuild.builder.recipesource import FetchedSource
from wasmbuild.builder.remotestore import Stores
from wasmbuild.builder.requirements import Builder
from wasmbuild.builder.resolved import LIBCXX, Prefix
from wasmbuild.builder.runninja import RunOptions
from wasmbuild.builder.runtime import Runtime
from wasmbuild.builder.toolchain import Settings
from wasmbuild.builder.tree import Means
from wasmbuild.manifest.recipes import read_recipe, shipped
from wasmbuild.progress import Progress, Silent, UnderOneTitle
from wasmbuild.selection.required import Required
from wasmbuild.sources.source import RequiredBy
from wasmbuild.sources.store import Store


def ensure_libcxx(
    settings: Settings, store: Store, progress: Progress, options: RunOptions, runtime: Runtime, stores: Stores
) -> Prefix:
    """libc++, built first if the cache does not have it whole. As with libc, the embedded compiler builds it, whichever
    one the user chose. Raises WasmbuildError when it cannot be built."""
    titled = UnderOneTitle(progress, "building libc++ (once)")
    builder = replace(_builder(settings, store, titled, options, runtime), stores=stores)
    return builder.build_all([_required()])[LIBCXX]


def libcxx_entry(settings: Settings, store: Store, runtime: Runtime) -> Prefix:
    """Where the libc++ is that a build would have, whether or not it was built."""
    builder, required = _builder(settings, store, Silent(), RunOptions(), runtime), _required()
    return builder.prefix(required.recipe, builder.source(required), {})


def libcxx_source(settings: Settings, store: Store, runtime: Runtime) -> tuple[Required, FetchedSource]:
    """What it was built from."""
    required = _required()
    return required, _builder(settings, store, Silent(), RunOptions(), runtime).source(required)


def _required() -> Required:
    return Required(read_recipe((shipped("recipes") / LIBCXX,), {}), RequiredBy("every C++ target"))


def _builder(settings: Settings, store: Store, progress: Progress, options: RunOptions, runtime: Runtime) -> Builder:
    zig = replace(embedded_toolchain(settings), libc_include=runtime.include)
    means = Means(zig, PROFILES[settings.features], {}, runtime, store)
    return Builder(means, runtime.directory.name, True, progress, options, Stores((), offline=True))
