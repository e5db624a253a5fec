"""The commands of each build system, from an order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wasmbuild.builder.foreign import ForeignOrder
from wasmbuild.driver.buildsystems import MESON_CROSS, TOOLCHAIN

BUILT = "_build"
"""In the source tree: where systems build that do not build in it."""

_PREFIX = "/usr"
"""What is said to be the place of everything. It may stand in what is built, and so is the same everywhere."""

LOGS = {
    "cmake": (f"{BUILT}/CMakeFiles/CMakeError.log",),
    "meson": (f"{BUILT}/meson-logs/meson-log.txt",),
    "autotools": ("config.log",),
    "make": (),
}
"""What they write down of a failure, from the top of the source, or for autotools from its own directory."""


@dataclass(frozen=True, slots=True)
class Command:
    doing: str
    tool: str
    """By name; one with a `/` is of the source."""
    arguments: tuple[str, ...]
    directory: str
    environment: Mapping[str, str]


def commands(order: ForeignOrder, environment: str) -> tuple[Command, ...]:
    """`environment` is the directory of our tools."""
    return _SYSTEMS[str(order.build.system)](order, environment)


def destination(order: ForeignOrder) -> str:
    """DESTDIR. What is installed is in `usr` there."""
    return str(order.scratch / "destination")


def _cmake(order: ForeignOrder, environment: str) -> tuple[Command, ...]:
    top, build = str(order.top), order.build
    built = f"{top}/{BUILT}"
    configure = (
        *("-S", str(order.source), "-B", built, "-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={order.ninja}"),
        f"-DCMAKE_TOOLCHAIN_FILE={environment}/{TOOLCHAIN}",
        *(f"-DCMAKE_INSTALL_PREFIX={_PREFIX}", "-DCMAKE_INSTALL_LIBDIR=lib", "-DCMAKE_BUILD_TYPE=None"),
        *("-DBUILD_SHARED_LIBS=OFF", "-DCMAKE_SKIP_RPATH=ON", "--no-warn-unused-cli", *build.options),
    )
    found = [
        Command("configuring", "cmake", configure, top, {}),
        Command("building", "cmake", ("--build", built, *_named(build.targets, "--target")), top, {}),
    ]
    if not build.targets:
        found.append(
            Command("installing", "cmake", ("--install", built), top, {"DESTDIR": destination(order)}),
        )
    return tuple(found)


def _meson(order: ForeignOrder, environment: str) -> tuple[Command, ...]:
    top, build = str(order.top), order.build
    built = f"{top}/{BUILT}"
    configure = (
        *("setup", built, str(order.source), "--cross-file", f"{environment}/{MESON_CROSS}"),
        *(f"--prefix={_PREFIX}", "--libdir=lib", "--buildtype=plain", "--default-library=static"),
        *("--wrap-mode=nodownload", *build.options),
    )
    with_ninja = {"NINJA": order.ninja}
    found = [
        Command("configuring", "meson", configure, top, with_ninja),
        Command("building", order.ninja, ("-C", built, *build.targets), top, with_ninja),
    ]
    if not build.targets:
        install = ("install", "-C", built, "--no-rebuild", "--destdir", destination(order))
        found.append(Command("installing", "meson", install, top, with_ninja))
    return tuple(found)


def _autotools(order: ForeignOrder, environment: str) -> tuple[Command, ...]:
    directory, build = str(order.source), order.build
    configure = (
        *("./configure", f"--prefix={_PREFIX}", f"--libdir={_PREFIX}/lib", "--disable-shared", "--enable-static"),
        *("--disable-dependency-tracking", *build.options),
    )
    found = [
        Command("configuring", "sh", configure, directory, {}),
        Command("building", "make", build.targets, directory, {}),
    ]
    if not build.targets:
        install = ("install", f"DESTDIR={destination(order)}")
        found.append(Command("installing", "make", install, directory, {}))
    return tuple(found)


def _make(order: ForeignOrder, environment: str) -> tuple[Command, ...]:
    """Tools are given where no makefile can overrule them. Flags are not: the tools have ours."""
    tools = {"CC": "cc", "CXX": "c++", "AR": "ar", "RANLIB": "ranlib", "LD": "ld"}
    said = (
        *(f"{name}={environment}/bin/{tool}" for name, tool in tools.items()),
        *(f"DESTDIR={destination(order)}", f"PREFIX={_PREFIX}", f"prefix={_PREFIX}", *order.build.options),
    )
    directory = str(order.source)
    found = [Command("building", "make", (*said, *order.build.targets), directory, {})]
    if not order.build.targets:
        found.append(Command("installing", "make", (*said, "install"), directory, {}))
    return tuple(found)


def _named(targets: tuple[str, ...], option: str) -> tuple[str, ...]:
    return (option, *targets) if targets else ()


_SYSTEMS: Mapping[str, Callable[[ForeignOrder, str], tuple[Command, ...]]] = {
    "cmake": _cmake,
    "meson": _meson,
    "autotools": _autotools,
    "make": _make,
}
