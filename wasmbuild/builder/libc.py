"""Which libc a build has: the recipe `libc`, or where its source cannot be had, the copy embedded in the toolchain."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

from wasmbuild.builder.embedded import embedded_runtime, ensure_embedded
from wasmbuild.builder.licenses import LICENSES
from wasmbuild.builder.recipesource import FetchedSource
from wasmbuild.builder.remotestore import Stores
from wasmbuild.builder.requirements import Builder
from wasmbuild.builder.resolved import Prefix
from wasmbuild.builder.runninja import RunOptions
from wasmbuild.builder.runtime import Runtime, compile_own, make_runtime, own_sources, take_out
from wasmbuild.builder.toolchain import Profile, Settings, Toolchain, digest, find_toolchain
from wasmbuild.builder.tree import Means
from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.manifest.recipes import read_recipe
from wasmbuild.progress import Progress, Silent, UnderOneTitle
from wasmbuild.selection.required import Required
from wasmbuild.sources.source import RequiredBy
from wasmbuild.sources.store import Store

PROFILES = {"simd": Profile(("-O2", "-msimd128"), (), "debug"), "baseline": Profile(("-O2",), (), "debug")}
"""There is one libc in a process, so no user's profile has a say in it."""

_RETRY_S = 3600
"""A source that could not be had is not asked for again before that: a network that hangs would hang every build."""

_START = "libc/wasi/libc-bottom-half/crt/crt1-command.c"


def ensure_libc(
    settings: Settings,
    store: Store,
    progress: Progress,
    options: RunOptions,
    offline: bool = False,
    stores: Stores | None = None,
) -> Runtime:
    """libc, built first if the cache does not have it whole. Raises WasmbuildError when it cannot be built."""
    zig = embedded_toolchain(settings)
    builder = _builder(settings, zig, store, progress, options, offline or _lately_unavailable(store))
    builder = replace(builder, stores=stores or Stores(settings.stores, offline))
    try:
        builder.source(_required())
    except WasmbuildError as error:
        if error.diagnostics[0].code not in ("source-unavailable", "checksum-mismatch"):
            raise
        if not builder.offline:
            _unavailable(store).parent.mkdir(parents=True, exist_ok=True)
            _unavailable(store).touch()
        progress.note(f"libc: {error.diagnostics[0].headline}; the toolchain's own copy stands in for it")
        return ensure_embedded(zig, store, progress)
    builder = replace(builder, progress=UnderOneTitle(progress, "building libc (once)"))
    prefix = builder.build_all([_required()])["libc"]
    runtime = _upstream(zig, store, prefix)
    return make_runtime(runtime, lambda directory: _build(zig, runtime, prefix, directory), progress)


def libc_entry(settings: Settings, store: Store) -> Runtime:
    """Where the libc is that a build would have without a network, whether or not it was built."""
    zig, required = embedded_toolchain(settings), _required()
    builder = _builder(settings, zig, store, Silent(), RunOptions(), offline=True)
    try:
        source = builder.source(required)
    except WasmbuildError:
        return embedded_runtime(zig, store)
    return _upstream(zig, store, builder.prefix(required.recipe, source, {}))


def libc_source(settings: Settings, store: Store) -> tuple[Required, FetchedSource]:
    """What a libc that is not the toolchain's copy was built from; it is in the store."""
    zig, required = embedded_toolchain(settings), _required()
    return required, _builder(settings, zig, store, Silent(), RunOptions(), offline=True).source(required)


def embedded_toolchain(settings: Settings) -> Toolchain:
    """The compiler that builds what a process has once, whichever one the user chose."""
    return find_toolchain(replace(settings, kind="zig"))


def _required() -> Required:
    return Required(read_recipe((own_sources(),), {}), RequiredBy("every program"))


def _builder(
    settings: Settings, zig: Toolchain, store: Store, progress: Progress, options: RunOptions, offline: bool
) -> Builder:
    means = Means(zig, PROFILES[settings.features], {}, None, store)
    return Builder(means, "", offline, progress, options, Stores((), offline))


def _unavailable(store: Store) -> Path:
    return store.entry("sources", "libc-unavailable")


def _lately_unavailable(store: Store) -> bool:
    try:
        return time.time() - _unavailable(store).stat().st_mtime < _RETRY_S
    except OSError:
        return False


def _upstream(zig: Toolchain, store: Store, prefix: Prefix) -> Runtime:
    built = Path(prefix.directory)
    parts = digest(built.name, (own_sources() / "reactor.c").read_text(), (zig.lib / _START).read_text())
    directory = store.entry("runtime", parts)
    static = (directory / "libc.a", built / "lib" / "libcompiler_rt.a")
    return Runtime(directory, "upstream", built / "lib" / "libc.so", (built / "include",), static, built / LICENSES)


def _build(zig: Toolchain, runtime: Runtime, prefix: Prefix, directory: Path) -> None:
    """What a recipe has no place for: start code, and the archive without dlopen."""
    shutil.copyfile(Path(prefix.directory) / "lib" / "libc.a", directory / "libc.a")
    take_out(zig, directory / "libc.a", ("dl.c.o",))
    compile_own(zig, runtime.include, own_sources() / "reactor.c", directory / "reactor.o")
    compile_own(zig, runtime.include, zig.lib / _START, directory / "crt1.o")
