"""Libraries under names of their own, and libraries that are there already."""

from __future__ import annotations

import shutil

from cliprojects import edit


def test_a_prebuilt_library_is_shipped_linked_against_and_checked(two, tmp_path, project, run_wasmbuild):
    """What one project built, another takes; it needs a library that has to be there too."""
    manifest = """\
name: user
defaults: {libc: none}
libraries:
  base: {prebuilt: pre/libbase.so, headers: [pre/base.h]}
  total: {prebuilt: pre/libtotal.so, requires: [base]}
  user: {sources: [user.c], requires: [base, total]}
tests:
  - {name: adds up, call: twice, in: user, returns: 643}
"""
    code = "#include <base.h>\n\nint total(void);\n\nint twice(void) {\n    return 2 * total() + base_one();\n}\n"
    user = project(tmp_path / "user", {"wasmbuild.yaml": manifest, "user.c": code})
    (user / "pre").mkdir()
    for file in ("lib/libbase.so", "lib/libtotal.so", "include/base.h"):
        shutil.copy(two / "build" / file, user / "pre")
    ran = run_wasmbuild("test", cwd=user)
    assert ran.status == 0, ran.stdout + ran.stderr
    assert (user / "build/lib/libtotal.so").read_bytes() == (two / "build/lib/libtotal.so").read_bytes()

    edit(user / "user.c", "int total(void);", "int total(int);")
    edit(user / "user.c", "total()", "total(1)")
    ran = run_wasmbuild("build", cwd=user)
    assert ran.status == 1
    assert "error: signature mismatch: `total`" in ran.stderr
    assert "build/lib/libtotal.so" in ran.stderr


def test_what_is_no_shared_library_is_refused_by_the_check(tmp_path, project, run_wasmbuild):
    manifest = "name: user\ndefaults: {libc: none}\nlibraries: {z: {prebuilt: libz.so}}\n"
    directory = project(tmp_path, {"wasmbuild.yaml": manifest, "libz.so": "no module"})
    ran = run_wasmbuild("build", cwd=directory)
    assert ran.status == 1
    assert "build/lib/libz.so" in ran.stderr


def test_a_library_with_a_name_of_its_own_is_needed_by_that_name(two, run_wasmbuild):
    edit(two / "wasmbuild.yaml", "headers: [include/base.h]", "headers: [include/base.h]\n    output: side.wasm")
    ran = run_wasmbuild("test", cwd=two)
    assert ran.status == 0, ran.stdout + ran.stderr
    assert not (two / "build/lib/libbase.so").exists()
    (file,) = run_wasmbuild("inspect", "--json", "build/lib/libtotal.so", cwd=two).json()["files"]
    assert file["dylink"]["needed"] == ["side.wasm"]
