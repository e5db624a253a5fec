"""A world made smaller: libc.so and libc++.so are linked again with what the others have of them, and names and debug
information go. What comes out is decided and checked as if somebody else had built it."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from msgspec import to_builtins

from wasmbuild.builder.linkspec import LinkSpec
from wasmbuild.builder.linkstep import link
from wasmbuild.builder.toolchain import Toolchain
from wasmbuild.bundle.world import Member, Wanted, World, gather
from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.link.plan import FromModule
from wasmbuild.link.resolve import Address, Definition, OfLoader, resolve
from wasmbuild.search.libraries import Search
from wasmbuild.search.root import Expectations, check_root
from wasmbuild.sources.store import Store
from wasmbuild.wasm import abi
from wasmbuild.wasm.decode import decode_names
from wasmbuild.wasm.reader import Cursor

_LOOKS_UP = "dlsym"

_BY_NAME = ("malloc", "free", "__wasmbuild_take_exception", "__cpp_exception")
"""What loaders call by its name, where it is there: room for what JavaScript hands over, and what C++ threw."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A library as it was built, and the archives that it can be linked again from."""

    library: Path
    archives: tuple[Path, ...]


def shrink(world: World, wanted: Sequence[Wanted], wholes: Mapping[str, Whole], zig: Toolchain) -> World:
    """`wholes` are what libc.so and libc++.so were built from, by sha256. Raises WasmbuildError where what comes out
    does not fit any more."""
    with tempfile.TemporaryDirectory(prefix="wasmbuild-shrink-") as place:
        directory = Path(place)
        _stage(world, directory)
        moved = [_moved(world, each, directory) for each in wanted]
        # libc++ first: what it still asks of libc is less by then.
        for name in (abi.LIBCXX, abi.LIBC):
            now = gather(moved)
            member = next((each for each in now.members.values() if each.library.name == name), None)
            whole = wholes.get(_original(world, name))
            if member is None or whole is None or any(entry.member is member for entry in now.entries):
                continue
            others = [each.library.identity for each in now.members.values() if each.library.name == abi.LIBC]
            exports = used_exports(now, member)
            _link_again(whole, exports, [path for path in others if name != abi.LIBC], zig, directory)
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


def find_wholes(world: World, store: Store) -> dict[str, Whole]:
    """The builds in the cache of what is in the world: libraries with their archives beside them."""
    wanted = {each.library.sha256 for each in world.members.values() if each.library.name in (abi.LIBC, abi.LIBCXX)}
    found = {}
    for recipe, library, archives in _BUILT:
        for path in sorted(store.entry("libraries").glob(f"{recipe}-*/lib/{library}")):
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            if sha256 in wanted:
                found[sha256] = Whole(path, tuple(path.parent / archive for archive in archives))
    return found


def unknown(world: World, wholes: Mapping[str, Whole]) -> list[str]:
    """Libraries that would be linked again if it were known what they were built from."""
    found = (each.library for each in world.members.values() if each.library.name in (abi.LIBC, abi.LIBCXX))
    return sorted(library.name for library in found if library.sha256 not in wholes)


_BUILT = (("libc", abi.LIBC, ("libc.a", "libcompiler_rt.a")), ("libcxx", abi.LIBCXX, ("libc++.a",)))


def _original(world: World, name: str) -> str:
    return next((each.library.sha256 for each in world.members.values() if each.library.name == name), "")


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


def _link_again(
    whole: Whole, exports: Sequence[str], libraries: Sequence[str], zig: Toolchain, directory: Path
) -> None:
    work = directory / "link"
    work.mkdir(exist_ok=True)
    spec = LinkSpec(
        output=str(directory / whole.library.name),
        kind="library",
        static=False,
        name=whole.library.name,
        objects=tuple((str(path), path.name) for path in whole.archives),
        exports=tuple(exports),
        imports=(),
        interpose=(),
        libraries=tuple(libraries),
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
    order = work / "link.json"
    order.write_text(json.dumps(to_builtins(spec)))
    link(order)


def _check(wanted: Sequence[Wanted]) -> None:
    """Each root once more, with what it may open."""
    search = Search()
    for each in wanted:
        found = check_root(each.path, dict.fromkeys(each.imports), search, None, Expectations(opens=each.opens))
        errors = [finding for finding in found if finding.severity == "error"]
        if errors:
            raise WasmbuildError(*errors)
