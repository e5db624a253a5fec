"""What CMake, Meson and autotools read to build with our tools, and what they take from the environment.

CMake: cmake-toolchains(7), and Platform/*.cmake of its own modules; Meson: cross files; autotools: CONFIG_SITE, and
what libtool.m4 asks of a host.
"""

from __future__ import annotations

import os
import shlex
import sysconfig
from collections.abc import Mapping

from wasmbuild.driver.environment import Environment

HOST = "wasm32-unknown-linux-musl"
"""What configure scripts are told that the host is. Of a system that they do not know they make no shared libraries;
libc here is musl's, for the greater part."""

TOOLCHAIN = "wasmbuild.cmake"
MESON_CROSS = "share/meson/cross/wasmbuild"
CONFIG_SITE = "config.site"


def files_for_build_systems(environment: Environment) -> dict[str, str]:
    """Place in the environment's directory → text."""
    return {
        TOOLCHAIN: _cmake(environment),
        "cmake/Platform/WASI.cmake": _CMAKE_SYSTEM,
        "cmake/Platform/WASI-Clang-C.cmake": _CMAKE_PLATFORM.format(language="C"),
        "cmake/Platform/WASI-Clang-CXX.cmake": _CMAKE_PLATFORM.format(language="CXX"),
        MESON_CROSS: _meson(environment),
        CONFIG_SITE: _CONFIG_SITE.format(host=HOST),
    }


def variables(environment: Environment, of_user: Mapping[str, str]) -> dict[str, str]:
    """Environment variables for whoever builds. `of_user` are those that there are: lists are added to."""
    directory, tools = environment.directory, environment.bin
    data = of_user.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return {
        "CC": f"{tools}/cc",
        "CXX": f"{tools}/c++",
        "LD": f"{tools}/ld",
        "AR": f"{tools}/ar",
        "RANLIB": f"{tools}/ranlib",
        "NM": f"{tools}/nm",
        "STRIP": f"{tools}/strip",
        "PKG_CONFIG_LIBDIR": f"{environment.lib}/pkgconfig",
        "PKG_CONFIG_PATH": "",
        "CMAKE_TOOLCHAIN_FILE": f"{directory}/{TOOLCHAIN}",
        "CONFIG_SITE": f"{directory}/{CONFIG_SITE}",
        "XDG_DATA_DIRS": _with(data, f"{directory}/share", first=True),  # for `meson setup --cross-file wasmbuild`
    }


def variables_to_run(environment: Environment, of_user: Mapping[str, str]) -> dict[str, str]:
    """More of them, for a command that runs what it has built."""
    scripts = sysconfig.get_path("scripts")
    found = {"PATH": _with(of_user.get("PATH", os.defpath), scripts)}  # cmake or meson may be beside wasmbuild
    run = str(environment.bin / "run")
    if environment.native is None:
        return found | {"LOG_COMPILER": run}  # automake's test driver starts programs by it
    preloaded = _with(of_user.get("LD_PRELOAD", ""), environment.native)
    return found | {"LD_PRELOAD": preloaded, "WASMBUILD_RUN": run}


def _with(entries: str, entry: str, first: bool = False) -> str:
    """A list in a variable with one entry more, if it is not there yet."""
    there = [each for each in entries.split(os.pathsep) if each]
    return entries if entry in there else os.pathsep.join([entry, *there] if first else [*there, entry])


_CMAKE = """\
# Written by wasmbuild: cmake --toolchain, or the environment variable CMAKE_TOOLCHAIN_FILE.
set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
set(CMAKE_C_COMPILER "@/bin/cc")
set(CMAKE_CXX_COMPILER "@/bin/c++")
set(CMAKE_AR "@/bin/ar" CACHE FILEPATH "")
set(CMAKE_RANLIB "@/bin/ranlib" CACHE FILEPATH "")
set(CMAKE_LINKER "@/bin/ld" CACHE FILEPATH "")
set(CMAKE_NM "@/bin/nm" CACHE FILEPATH "")
set(CMAKE_STRIP "@/bin/strip" CACHE FILEPATH "")
set(CMAKE_CROSSCOMPILING_EMULATOR "@/bin/run")
list(APPEND CMAKE_MODULE_PATH "@/cmake")
# Libraries of this machine are of no use: those of the environment, and where the user says that more are.
list(APPEND CMAKE_FIND_ROOT_PATH "@" ${CMAKE_PREFIX_PATH})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
list(APPEND CMAKE_SYSTEM_PREFIX_PATH /)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# CMake changes runtime paths when it installs, but of ELF alone. So they are those of what is installed at once, and
# the linker adds the way to what is linked from the same build.
if(NOT DEFINED CMAKE_BUILD_WITH_INSTALL_RPATH)
    set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
endif()
set_property(GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS TRUE)
"""

_CMAKE_SYSTEM = """\
# Written by wasmbuild: CMake before 3.31 has none, and says at each check that it does not know the system.
set(WASI 1)
set(UNIX 1)
"""

_CMAKE_PLATFORM = """\
# Written by wasmbuild: how modules are linked, which CMake asks once it knows the compiler.
set_property(GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS TRUE)
set(UNIX 1)
set(CMAKE_SHARED_LIBRARY_PREFIX lib)
set(CMAKE_SHARED_LIBRARY_SUFFIX .so)
set(CMAKE_SHARED_MODULE_PREFIX lib)
set(CMAKE_SHARED_MODULE_SUFFIX .so)
set(CMAKE_FIND_LIBRARY_PREFIXES lib)
set(CMAKE_FIND_LIBRARY_SUFFIXES .so .a)
set(CMAKE_DL_LIBS "")
set(CMAKE_PLATFORM_NO_VERSIONED_SONAME 1)
set(CMAKE_{language}_COMPILE_OPTIONS_PIC -fPIC)
set(CMAKE_{language}_COMPILE_OPTIONS_PIE -fPIC)
set(CMAKE_SHARED_LIBRARY_{language}_FLAGS -fPIC)
set(CMAKE_SHARED_LIBRARY_CREATE_{language}_FLAGS "-shared -Wl,--rpath-to-libraries")
set(CMAKE_SHARED_LIBRARY_LINK_{language}_FLAGS "")
set(CMAKE_{language}_LINK_FLAGS -Wl,--rpath-to-libraries)
set(CMAKE_SHARED_MODULE_{language}_FLAGS -fPIC)
set(CMAKE_SHARED_LIBRARY_SONAME_{language}_FLAG -Wl,-soname,)
set(CMAKE_SHARED_LIBRARY_RUNTIME_{language}_FLAG -Wl,-rpath,)
set(CMAKE_SHARED_LIBRARY_RUNTIME_{language}_FLAG_SEP :)
set(CMAKE_EXE_EXPORTS_{language}_FLAG -Wl,--export-dynamic)
# A plug-in may have functions from the program. CMake's own rule has no flags for modules alone.
string(CONCAT CMAKE_{language}_CREATE_SHARED_MODULE
    "<CMAKE_{language}_COMPILER> <CMAKE_SHARED_LIBRARY_{language}_FLAGS> <LANGUAGE_COMPILE_FLAGS> <LINK_FLAGS>"
    " -shared -Wl,--rpath-to-libraries -Wl,--allow-undefined <SONAME_FLAG><TARGET_SONAME> -o <TARGET> <OBJECTS>"
    " <LINK_LIBRARIES>")
"""

_MESON = """\
# Written by wasmbuild: meson setup --cross-file
[binaries]
c = '@/bin/cc'
cpp = '@/bin/c++'
ar = '@/bin/ar'
ranlib = '@/bin/ranlib'
strip = '@/bin/strip'
pkg-config = 'pkg-config'
exe_wrapper = '@/bin/run'

[properties]
needs_exe_wrapper = true
pkg_config_libdir = '@/lib/pkgconfig'
cmake_toolchain_file = '@/wasmbuild.cmake'

[host_machine]
system = 'wasi'
kernel = 'none'
cpu_family = 'wasm32'
cpu = 'wasm32'
endian = 'little'
"""

_CONFIG_SITE = """\
# Written by wasmbuild: configure reads the file that the environment variable CONFIG_SITE names.
# Programs for the host do not run on this machine by themselves, so it is another one also where nobody said --host.
if test -z "$host_alias"; then
    host_alias={host}
    cross_compiling=yes
fi
# What configure would find out by running a program.
: "${{ac_cv_func_malloc_0_nonnull=yes}}"
: "${{ac_cv_func_calloc_0_nonnull=yes}}"
: "${{ac_cv_func_realloc_0_nonnull=yes}}"
: "${{ac_cv_func_memcmp_working=yes}}"
: "${{ac_cv_func_strtod=yes}}"
: "${{ac_cv_func_fork_works=no}}"
: "${{ac_cv_func_vfork_works=no}}"
: "${{ac_cv_func_stat_empty_string_bug=no}}"
: "${{ac_cv_func_lstat_dereferences_slashed_symlink=yes}}"
: "${{ac_cv_c_bigendian=no}}"
: "${{lt_cv_prog_gnu_ld=yes}}"
: "${{lt_cv_deplibs_check_method=pass_all}}"
: "${{lt_cv_ld_exported_symbols_list=no}}"
"""


def _cmake(environment: Environment) -> str:
    return _CMAKE.replace("@/", f"{environment.directory}/").replace('"@"', f'"{environment.directory}"')


def _meson(environment: Environment) -> str:
    return _MESON.replace("@/", f"{environment.directory}/")


def as_shell(found: dict[str, str]) -> str:
    """For `eval "$(wasmbuild env)"`."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in found.items())
