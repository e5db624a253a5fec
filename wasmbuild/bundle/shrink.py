"""A world made smaller: libraries are linked again with what the others have of them, and names and debug information
go. What comes out is decided and checked as if somebody else had built it."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from msgspec import structs, to_builtins

from wasmbuild.builder.linkspec import LinkSpec, read_link_spec
from wasmbuild.builder.linkstep import link
from wasmbuild.builder.toolchain import Toolchain
from wasmbuild.bundle.world import Member, Wanted, World, gather
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.link.plan import FromModule
from wasmbuild.link.resolve import Address, Definition, OfLoader, resolve
from wasmbuild.link.scope import Library
from wasmbuild.search.libraries import Search
from wasmbuild.search.root import Expectations, check_root
from wasmbuild.sources.store import Store
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode_names
from wasmbuild.wasm.reader import Cursor

_LOOKS_UP = "dlsym"

_BY_NAME = ("malloc", "free", "__wasmbuild_take_exception", "__cpp_exception")
"""What loaders call by its name, where it is there: room for what JavaScript hands over, and what C++ threw."""


def shrink(world: World, wanted: Sequence[Wanted], links: Mapping[str, LinkSpec]) -> World:
    """`links` are how libraries were linked, by sha256. Raises WasmbuildError where what comes out does not fit any
    more."""
    with tempfile.TemporaryDirectory(prefix="wasmbuild-shrink-") as place:
        directory = Path(place)
        _stage(world, directory)
        moved = [_moved(world, each, directory) for each in wanted]
        for library in _users_first(world):
            spec = links.get(library.sha256)
            if spec is not None and library.identity not in _offered(world):
                now = gather(moved)
                path = directory / _staged(world, world.members[library.identity])
                _link_again(spec, used_exports(now, now.members[str(path.resolve())]), path)
        named = gather(moved)
        for path in directory.iterdir():
            if path.is_file():
                path.write_bytes(stripped(path.read_bytes()))
        _check(moved)
        found = gather(moved)
    outside = [each for each in found.members.values() if Path(each.library.identity).parent != directory.resolve()]
    assert not outside, "what is needed is found beside who needs it, or by a path that is in nobody's build"
    names = {each.file: decode_names(each.data, each.library.module) for each in named.members.values()}
    return replace(found, names=names)


def links_of_build(world: World, directory: Path) -> dict[str, LinkSpec]:
    """How a build in this directory linked libraries that are in the world."""
    specs = (read_link_spec(path) for path in sorted(directory.glob("obj/*/link.json")))
    members = ((world.members.get(str(Path(spec.output).resolve())), spec) for spec in specs if not spec.static)
    return {member.library.sha256: spec for member, spec in members if member is not None}


def links_of_cache(world: World, store: Store, zig: Toolchain, wasm_opt: tuple[str, ...]) -> dict[str, LinkSpec]:
    """How libc.so and libc++.so of the world can be linked again: from the archives beside them in the cache, and
    rewritten as the project's own are."""
    libraries = [each.library for each in world.members.values()]
    wanted = {library.sha256 for library in libraries if library.name in (abi.LIBC, abi.LIBCXX)}
    libc = [library.identity for library in libraries if library.name == abi.LIBC]
    found = {}
    for recipe, library, archives in _BUILT:
        for path in sorted(store.entry("libraries").glob(f"{recipe}-*/lib/{library}")):
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            if sha256 in wanted:
                objects = tuple((str(path.parent / archive), archive) for archive in archives)
                spec = _spec(library, objects, () if library == abi.LIBC else tuple(libc), zig)
                found[sha256] = structs.replace(spec, wasm_opt=wasm_opt)
    return found


def unknown(world: World, links: Mapping[str, LinkSpec]) -> list[str]:
    """Libraries of the toolchain's that would be linked again if it were known what they were built from."""
    found = (each.library for each in world.members.values() if each.library.name in (abi.LIBC, abi.LIBCXX))
    return sorted(library.name for library in found if library.sha256 not in links)


_BUILT = (("libc", abi.LIBC, ("libc.a", "libcompiler_rt.a")), ("libcxx", abi.LIBCXX, ("libc++.a",)))


def _users_first(world: World) -> list[Library]:
    """What one does not ask for any more once it is smaller, the next need not have; libc.so comes last."""
    scopes = (scope for scope, _ in world.scopes)
    users_first = (scope.libraries[index] for scope in scopes for index in reversed(scope.dependencies_first()))
    each_once = {library.identity: library for library in users_first}
    return sorted(each_once.values(), key=lambda library: (library.name == abi.LIBC, library.name == abi.LIBCXX))


def _offered(world: World) -> set[str]:
    """What users of the bundle load or open by its name: all that these export is for them."""
    names = {name for entry in world.entries for name in entry.opens}
    roots = {entry.member.library.identity for entry in world.entries}
    return roots | {identity for identity, member in world.members.items() if member.library.name in names}


_FOR_PEOPLE = (abi.NAME_SECTION, abi.TARGET_FEATURES_SECTION, "producers", "sourceMappingURL")
_HEADER_BYTES = 8


def stripped(data: bytes) -> bytes:
    """A module without the custom sections that are for people and linkers: nothing that runs reads them."""
    cursor = Cursor(data, _HEADER_BYTES, len(data), "", "the module")
    kept = [data[:_HEADER_BYTES]]
    while cursor.pos < cursor.end:
        start = cursor.pos
        id_ = cursor.u8()
        section = cursor.part(cursor.u32(), "a section")
        name = section.text() if id_ == 0 else ""
        if id_ or not (name in _FOR_PEOPLE or name.startswith(".debug")):
            kept.append(data[start : cursor.pos])
    return b"".join(kept)


def _stage(world: World, directory: Path) -> None:
    """All modules beside each other, by the names that they are needed by."""
    for member in world.members.values():
        path = directory / _staged(world, member)
        if path.exists():
            raise WasmbuildError(
                Diagnostic(
                    "shrink-name-twice",
                    f"two modules of the bundle are called `{path.name}`: they cannot be made smaller together",
                    help=("bundle them apart",),
                )
            )
        path.write_bytes(member.data)


def _staged(world: World, member: Member) -> str:
    is_root = any(entry.member is member for entry in world.entries)
    return Path(member.library.identity).name if is_root else Path(member.library.name).name


def _moved(world: World, wanted: Wanted, directory: Path) -> Wanted:
    def place(path: Path) -> Path:
        return directory / _staged(world, world.members[str(path.resolve())])

    return replace(wanted, path=place(wanted.path), opens=tuple(map(place, wanted.opens)))


def used_exports(world: World, member: Member) -> list[str]:
    """The exports of a library that anything in the world is bound to, or may ask for by name."""
    used: set[str] = set()
    identity = member.library.identity
    asks_by_name = False
    for scope, host in world.scopes:
        for library, bindings in zip(scope.libraries, resolve(scope, host).bindings, strict=True):
            for binding in bindings:
                definition = binding.definition if isinstance(binding, Address) else binding
                if isinstance(definition, Definition) and scope.libraries[definition.library].identity == identity:
                    used.add(definition.export.name)
                    asks_by_name |= definition.export.name == _LOOKS_UP and library.identity != identity
                elif isinstance(binding, OfLoader) and library.identity != identity:
                    # The loader answers in libc's place, which has to be there all the same.
                    used.add(binding.name)
                    asks_by_name |= binding.name == _LOOKS_UP
    for entry in world.entries:
        libraries = entry.decision.scope.libraries
        named = [value for module in entry.plan.modules for value in module.imports if isinstance(value, FromModule)]
        named += [each.function for each in entry.plan.table_entries if isinstance(each.function, FromModule)]
        used.update(each.export for each in named if libraries[each.module].identity == identity)
        calls = [*entry.plan.initialise, *(call for lazy in entry.plan.lazy for call in lazy.initialise)]
        used.update(each.export for each in calls if libraries[each.module].identity == identity)
    exported = {export.name for export in member.library.module.exports}
    if asks_by_name:
        # Names that it may look up are somewhere in the data of who asks.
        data = b"\0".join(other.data for other in world.members.values() if other is not member)
        used.update(name for name in exported if name.encode() + b"\0" in data)
    used.update(_BY_NAME)
    if world.may_open:
        used.add(abi.FINALIZE)
    return sorted((used & exported) - abi.LINKER_SYMBOLS)


def _link_again(spec: LinkSpec, exports: Sequence[str], output: Path) -> None:
    """With these exports, in the place of what is there."""
    work = output.parent / "link"
    work.mkdir(exist_ok=True)
    order = work / "link.json"
    smaller = structs.replace(
        spec, output=str(output), exports=tuple(exports), annotated=False, exports_file=None, strip="debug"
    )
    order.write_text(json.dumps(to_builtins(smaller)))
    link(order)


def _spec(name: str, objects: tuple[tuple[str, str], ...], libraries: tuple[str, ...], zig: Toolchain) -> LinkSpec:
    return LinkSpec(
        output=name,
        kind="library",
        static=False,
        name=name,
        objects=objects,
        exports=(),
        imports=(),
        interpose=(),
        libraries=libraries,
        archives=(),
        start=None,
        rpath=("$ORIGIN",),
        clang=zig.clang,
        wasm_ld=zig.wasm_ld,
        ldflags=(),
        strip="debug",
        compiler=f"{zig.kind} clang {zig.version}",
        has_standard_exceptions=zig.has_standard_exceptions,
        without_exceptions=False,
        stack_bytes=None,
        initial_bytes=None,
        max_bytes=None,
        exports_at="the bundle",
        requires_at="the bundle",
        target_at="the bundle",
        cflags_at="the bundle",
    )


def _check(wanted: Sequence[Wanted]) -> None:
    """Each root once more, with what it may open."""
    search = Search()
    for each in wanted:
        found = check_root(each.path, dict.fromkeys(each.imports), search, None, Expectations(opens=each.opens))
        errors = [finding for finding in found if finding.severity == "error"]
        if errors:
            raise WasmbuildError(*errors)
