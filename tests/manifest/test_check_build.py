"""What a recipe may tell upstream's build system."""

import pytest

from wasmbuild.diagnostics import WasmbuildError
from wasmbuild.manifest.check import check_project, check_recipe
from wasmbuild.manifest.reader import decode_document
from wasmbuild.manifest.schema import Manifest


def recipe(build):
    text = f"name: x\nversion: '1'\nsource: [{{path: .}}]\nbuild: {build}\nlibraries:\n  x: {{sources: [libx.a]}}\n"
    return decode_document(text.encode(), "recipe.yaml", Manifest)


def findings(build):
    try:
        check_recipe(recipe(build), {})
    except WasmbuildError as error:
        return [f"{each.at}: {each.headline}" for each in error.diagnostics]
    return []


@pytest.mark.parametrize(
    "build",
    [
        "{system: cmake, options: [-DX=ON, '-DY:BOOL=OFF', -DCMAKE_POLICY_VERSION_MINIMUM=3.5]}",
        "{system: meson, options: [-Ddocs=false, '-Dsub:x=1']}",
        "{system: autotools, options: [--without-x, --enable-y=z, ac_cv_func_fork=no]}",
        "{system: make, options: [X=1, 'Y=a b'], targets: [lib/libx.a], directory: src}",
    ],
)
def test_what_says_how_is_taken(build):
    assert findings(build) == []


@pytest.mark.parametrize(
    ("build", "found"),
    [
        ("{system: cmake, options: [--debugger]}", "4:34: no option for cmake: `--debugger`"),
        ("{system: cmake, options: [-DCMAKE_TOOLCHAIN_FILE=x]}", "4:34: where and with what it is built is not a "),
        ("{system: cmake, options: [-DCMAKE_C_COMPILER=gcc]}", "4:34: where and with what it is built is not a "),
        ("{system: meson, options: [--cross-file=x]}", "4:34: no option for meson: `--cross-file=x`"),
        ("{system: autotools, options: [--prefix=/usr]}", "4:38: where and with what it is built is not a "),
        ("{system: autotools, options: [--host=x]}", "4:38: where and with what it is built is not a "),
        ("{system: make, options: [-f, x]}", "4:33: no option for make: `-f`"),
        ("{system: make, options: [CC=gcc]}", "4:33: where and with what it is built is not a "),
        ("{system: make, targets: ['-n']}", "4:33: not the name of a target: `-n`"),
        ("{system: make, directory: ../x}", "4:34: not in the source: `../x`"),
    ],
)
def test_what_says_where_or_something_else_is_refused(build, found):
    assert findings(build)[0].startswith(f"recipe.yaml:{found}")


def test_it_is_for_recipes():
    document = decode_document(b"name: x\nbuild: {system: make}\n", "wasmbuild.yaml", Manifest)
    with pytest.raises(WasmbuildError, match="`build` is for recipes"):
        check_project(document, {})
