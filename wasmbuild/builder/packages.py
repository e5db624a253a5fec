"""What pkg-config and CMake read of libraries that were built: a `.pc` file for each name that a library provides, and
one CMake package for all of a manifest. Pure. Both say where they are by themselves, so that a directory can be moved.

pc(5); cmake-packages(7).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wasmbuild.builder.globs import TargetFiles
from wasmbuild.builder.resolved import LIBCXX, Prefix, ResolvedTarget
from wasmbuild.manifest.outputs import has_output, output_name
from wasmbuild.manifest.schema import Library, Manifest


def provided(name: str, library: Library) -> tuple[str, ...]:
    """The names by which others ask for a library: its own, where it says nothing."""
    return library.provides or (name,)


def has_packages(manifest: Manifest) -> bool:
    """Not libc and libc++, which whoever compiles has without asking."""
    own = manifest.name == LIBCXX or any(library.libc == "self" for library in manifest.libraries.values())
    return not own and manifest.defaults.libc != "self"


def package_files(manifest: Manifest, resolved: Sequence[ResolvedTarget]) -> dict[str, str]:
    """Place in the build directory → text, for all shared libraries of a manifest."""
    libraries = [target for target in resolved if _is_shared(target.files)]
    if not libraries or not has_packages(manifest):
        return {}
    found = dict[str, str]()
    for target in libraries:
        library = target.files.target
        assert isinstance(library, Library)
        text = _pc(manifest, target, library)
        found |= {f"lib/pkgconfig/{name}.pc": text for name in provided(target.files.name, library)}
    directory = f"lib/cmake/{manifest.name}"
    found[f"{directory}/{manifest.name}Config.cmake"] = _cmake(manifest, libraries)
    found[f"{directory}/{manifest.name}ConfigVersion.cmake"] = _CMAKE_VERSION.format(version=manifest.version)
    return found


def _is_shared(files: TargetFiles) -> bool:
    return files.kind == "library" and files.target.link == "dynamic"


def _pc(manifest: Manifest, target: ResolvedTarget, library: Library) -> str:
    name = target.files.name
    needed = [provided(each.name, each.target)[0] for each in target.libraries if isinstance(each.target, Library)]
    needed += [prefix.provides[0] for prefix in target.recipes if prefix.provides]
    lines = [
        "prefix=${pcfiledir}/../..",
        "libdir=${prefix}/lib",
        "includedir=${prefix}/include",
        "",
        f"Name: {name}",
        f"Description: {manifest.description or name}",
        f"Version: {manifest.version}",
        *([f"URL: {manifest.homepage}"] if manifest.homepage else []),
        *([f"Requires: {', '.join(dict.fromkeys(needed))}"] if needed else []),
        *([f"Libs: -L${{libdir}} -l{_link_name(name, library)}"] if has_output(library) else []),
        "Cflags: -I${includedir}",
    ]
    return "\n".join(lines) + "\n"


def _link_name(name: str, library: Library) -> str:
    """What stands behind `-l`; `-l:FILE` where the file has another name than libraries have."""
    output = output_name(name, library)
    if output.startswith("lib") and output.endswith(".so"):
        return output[3:-3]
    return f":{output}"


def _cmake(manifest: Manifest, libraries: Sequence[ResolvedTarget]) -> str:
    recipes = dict.fromkeys(prefix.name for target in libraries for prefix in target.recipes if prefix.provides)
    lines = ['get_filename_component(_wasmbuild_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)']
    if recipes:
        lines.append("include(CMakeFindDependencyMacro)")
        lines += [f"find_dependency({name} CONFIG)" for name in recipes]
    for target in libraries:
        library = target.files.target
        assert isinstance(library, Library)
        imported = f"{manifest.name}::{target.files.name}"
        interface = _interface(manifest.name, target.libraries, target.recipes)
        location = f'    IMPORTED_LOCATION "${{_wasmbuild_prefix}}/lib/{output_name(target.files.name, library)}"'
        lines += [
            f"if(NOT TARGET {imported})",
            f"  add_library({imported} {'SHARED' if has_output(library) else 'INTERFACE'} IMPORTED)",
            f"  set_target_properties({imported} PROPERTIES",
            *([location] if has_output(library) else []),
            '    INTERFACE_INCLUDE_DIRECTORIES "${_wasmbuild_prefix}/include"',
            *([f'    INTERFACE_LINK_LIBRARIES "{interface}"'] if interface else []),
            "  )",
            "endif()",
        ]
    return "\n".join([*lines, "unset(_wasmbuild_prefix)"]) + "\n"


def _interface(manifest: str, libraries: Iterable[TargetFiles], recipes: Iterable[Prefix]) -> str:
    own = [f"{manifest}::{each.name}" for each in libraries if _is_shared(each)]
    return ";".join([*own, *(f"{prefix.name}::{name}" for prefix in recipes for name in prefix.targets)])


_CMAKE_VERSION = """\
set(PACKAGE_VERSION "{version}")
if(PACKAGE_VERSION VERSION_LESS PACKAGE_FIND_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE FALSE)
else()
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
  if(PACKAGE_VERSION VERSION_EQUAL PACKAGE_FIND_VERSION)
    set(PACKAGE_VERSION_EXACT TRUE)
  endif()
endif()
"""
