"""The commands by which upstream's own build systems are run."""

from pathlib import Path

import pytest

from wasmbuild.builder.foreign import ForeignOrder
from wasmbuild.builder.runtime import Runtime
from wasmbuild.builder.toolchain import Toolchain
from wasmbuild.driver.foreignsystems import commands, destination
from wasmbuild.manifest.schema import Build


def order(**build):
    here = Path("/x")
    zig = Toolchain("zig", ("/zig", "clang"), ("/zig", "wasm-ld"), ("/zig", "ar"), "22.1.0", here, here, (here,))
    runtime = Runtime(here, "upstream", here, (here,), (here,), here)
    top = Path("/work/src")
    source = top / (build.get("directory") or ".")
    scratch = Path("/work/foreign")
    return ForeignOrder("x", Build(**build), "r:1:1", source, top, scratch, zig, runtime, {}, (), here, "/n/ninja")


def lines(**build):
    return [f"{each.tool} {' '.join(each.arguments)}" for each in commands(order(**build), "/work/foreign/environment")]


@pytest.mark.parametrize(
    ("system", "option", "configured_by"),
    [("cmake", "-DX=1", "cmake -S"), ("meson", "-Dx=1", "meson setup"), ("autotools", "--x", "sh ./configure")],
)
def test_what_the_recipe_says_comes_after_what_we_say(system, option, configured_by):
    configure, _, install = lines(system=system, options=(option,))
    assert configure.startswith(configured_by)
    assert configure.endswith(f" {option}")
    assert "/usr" in configure
    assert "install" in install


@pytest.mark.parametrize("system", ["cmake", "meson", "autotools", "make"])
def test_with_targets_only_they_are_built_and_nothing_is_installed(system):
    found = lines(system=system, targets=("a.a", "b"))
    assert found[-1].endswith("a.a b")
    assert not any("install " in f"{line} " and "/usr" not in line for line in found)


@pytest.mark.parametrize("system", ["cmake", "meson", "autotools", "make"])
def test_it_installs_into_a_directory_of_its_own(system):
    found = commands(order(system=system), "/e")[-1]
    asked = (*found.arguments, *(f"{name}={value}" for name, value in found.environment.items()))
    assert any(destination(order(system=system)) in word for word in asked)


def test_make_is_given_our_tools_where_no_makefile_overrules_them():
    (build,) = lines(system="make", targets=("all",), options=("X=1",))
    for said in ("CC=/work/foreign/environment/bin/cc", "AR=/work/foreign/environment/bin/ar"):
        assert said in build.split()
    assert build.endswith("X=1 all")


def test_a_directory_of_the_source_is_where_it_is_configured_and_not_where_it_builds():
    configure, *_ = lines(system="cmake", directory="lib")
    assert "-S /work/src/lib -B /work/src/_build" in configure
