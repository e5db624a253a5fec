"""C++ in a project: who has the C++ library, and what becomes of exceptions."""

from __future__ import annotations

import shutil

import pytest
from cliprojects import edit

import wasmbuild
from wasmbuild.wasm.decode import decode

HEADER = """
template <class T> struct Of { static int count; };
template <class T> int Of<T>::count = 0;
inline int twice(int x) { return 2 * x + ++Of<char>::count; }
"""
MANIFEST = """
name: mixed
libraries:
  plain: {sources: [plain.c]}
  made: {sources: [made.cpp]}
  whole: {sources: [whole.c, libready.a], whole_archive: true, exports: [first, made]}
programs:
  main: {sources: ["main.c*"], requires: [made]}
"""
FILES = {
    "of.h": HEADER,
    "plain.c": "int plain(void) { return 1; }\n",
    "made.cpp": '#include "of.h"\n#include <stdexcept>\nextern "C" int made(int x) {\n'
    '  if (x < 0) throw std::out_of_range("below zero");\n  return twice(x);\n}\n',
    "whole.c": "int first(void) { return 1; }\n",
    "main.cpp": '#include "of.h"\nextern "C" int made(int);\n'
    "int main() { int a = made(1) + twice(1); return a == 2 + 1 + 2 + 2 ? 0 : 1; }\n",
    "wasmbuild.yaml": MANIFEST.replace(
        "  whole: {sources: [whole.c, libready.a], whole_archive: true, exports: [first, made]}\n", ""
    ),
}


def test_only_a_project_with_cpp_has_its_library(tmp_path, project, run_wasmbuild, libcxx):
    here = project(tmp_path, FILES)
    ran = run_wasmbuild("run", "main", cwd=here)
    assert (ran.status, ran.stderr.count("warning")) == (0, 0), ran.stderr
    assert (here / "build/lib/libc++.so").is_file()
    needed = {name: module(here / f"build/lib/lib{name}.so").dylink.needed for name in ("plain", "made")}
    assert needed == {"plain": ("libc.so",), "made": ("libc++.so", "libc.so")}
    (here / "main.cpp").unlink()
    project(here, {"main.c": "int main(void) { return 0; }\n", "wasmbuild.yaml": MANIFEST_OF_C})
    assert run_wasmbuild("run", "main", cwd=here).status == 0
    assert not (here / "build/lib/libc++.so").exists()


MANIFEST_OF_C = "name: mixed\nlibraries:\n  plain: {sources: [plain.c]}\nprograms:\n  main: {sources: [main.c*]}\n"


def test_members_of_archives_are_hidden_as_objects_are(tmp_path, project, run_wasmbuild, libcxx):
    here = project(tmp_path, FILES)
    assert run_wasmbuild("build", cwd=here).status == 0
    made = module(here / "build/lib/libmade.so")
    own = {(i.module, i.name) for i in made.imports} & {(m, e.name) for e in made.exports for m in ("env", "GOT.mem")}
    assert own == {("GOT.mem", "_ZN2OfIcE5countE")}
    shutil.copy(next((here / "build").rglob("libmade.a"), None) or archive(here, run_wasmbuild), here / "libready.a")
    more = MANIFEST.replace("whole: {", "whole: {requires: [libcxx], ")
    project(here, {"wasmbuild.yaml": more})
    ran = run_wasmbuild("build", cwd=here)
    assert ran.status == 0, ran.stderr
    whole = module(here / "build/lib/libwhole.so")
    assert {("GOT.mem", "_ZN2OfIcE5countE")} == {
        (i.module, i.name) for i in whole.imports if i.name in whole.exports_by_name and i.module in ("env", "GOT.mem")
    }
    assert "_Z5twicei" not in whole.exports_by_name


def archive(here, run_wasmbuild):
    """A static program asks for the archives of libraries."""
    text = (here / "wasmbuild.yaml").read_text()
    (here / "wasmbuild.yaml").write_text(text.replace("main: {", "main: {link: static, "))
    assert run_wasmbuild("run", "main", cwd=here).status == 0
    found = next((here / "build").rglob("libmade.a"))
    return shutil.copy(found, here / "kept.a")


def test_an_exception_that_leaves_a_call_from_python_says_what_it_is(tmp_path, project, run_wasmbuild, libcxx):
    here = project(tmp_path, FILES)
    assert run_wasmbuild("build", cwd=here).status == 0
    with wasmbuild.load(here / "build/lib/libmade.so") as made:
        assert made.call("made", 1) == 3
        with pytest.raises(wasmbuild.Trap, match="uncaught exception of type std::out_of_range: below zero") as caught:
            made.call("made", -1)
    assert caught.value.kind == "uncaught-exception"
    assert any(frame.function == "made" for frame in caught.value.frames)


@pytest.mark.skipif(shutil.which("clang-19") is None, reason="there is no clang-19")
def test_an_older_llvm_has_headers_alone_and_says_so(tmp_path, project, run_wasmbuild):
    settings = {"toolchain.yaml": "toolchain: llvm\nllvm: {suffix: -19}\n"}
    manifest = {"wasmbuild.yaml": "name: old\nlibraries:\n  a: {sources: [a.cpp]}\n"}
    here = project(
        tmp_path, {**settings, **manifest, "a.cpp": "#include <array>\nint f() { return std::array{1}[0]; }\n"}
    )
    assert run_wasmbuild("build", cwd=here).status == 0
    assert not (here / "build/lib/libc++.so").exists()
    project(here, {"a.cpp": "int *f() { return new int; }\n"})
    ran = run_wasmbuild("build", cwd=here)
    assert ran.status == 1
    assert "C++'s standard library is not among what is linked" in ran.stderr
    assert "its compiler is older than LLVM 20" in ran.stderr


def module(path):
    return decode(path.read_bytes(), str(path))


SHAPE = """#pragma once
namespace img {
struct Base { virtual ~Base() = default; };
struct Reader : Base {
  ~Reader() {}
  virtual int pure() = 0;
  virtual int read(int);
  virtual int other();
};
}
"""
SHAPES = {
    "shape.h": SHAPE,
    "shape.cpp": '#include "shape.h"\nint img::Reader::other() { return 1; }\n',
    "main.cpp": '#include "shape.h"\nstruct Mine : img::Reader { int pure() override { return 2; } };\n'
    "int main() { Mine mine; img::Base *base = &mine; return dynamic_cast<Mine *>(base) == nullptr; }\n",
    "wasmbuild.yaml": "name: shapes\nlibraries:\n  shape: {sources: [shape*.cpp]}\n"
    "programs:\n  main: {sources: [main.cpp], requires: [shape]}\n",
}


def test_the_key_function_that_is_missing_is_named(tmp_path, project, run_wasmbuild, libcxx):
    here = project(tmp_path, SHAPES)
    ran = run_wasmbuild("build", cwd=here)
    assert ran.status == 1
    assert ran.stderr.count("error: ") == 1
    assert (
        "error: undefined typeinfo for `img::Reader`: its first virtual function that is not inline, "
        "`img::Reader::read(int)`, is defined nowhere\n"
        "  undefined: `img::Reader::read(int)` (_ZN3img6Reader4readEi)\n"
        "             `typeinfo for img::Reader` (_ZTIN3img6ReaderE)\n"
        "  used by:   main.cpp\n"
        "  linking:   build/bin/main.wasm\n"
    ) in ran.stderr
    project(here, {"shape2.cpp": '#include "shape.h"\nint img::Reader::read(int) { return 1; }\n'})
    assert run_wasmbuild("run", "main", cwd=here).status == 0


def test_a_class_without_type_information_says_which_flag_took_it(tmp_path, project, run_wasmbuild, libcxx):
    files = {"shape2.cpp": '#include "shape.h"\nint img::Reader::read(int) { return 1; }\n'}
    manifest = SHAPES["wasmbuild.yaml"].replace("[shape*.cpp]", "[shape*.cpp], cxxflags: [-fno-rtti]")
    ran = run_wasmbuild("build", cwd=project(tmp_path, {**SHAPES, **files, "wasmbuild.yaml": manifest}))
    assert ran.status == 1
    assert "error: no type information for `img::Reader`: what defines the class was compiled with `-fno-rtti`" in (
        ran.stderr
    )


def test_a_second_cpp_library_is_refused(tmp_path, project, run_wasmbuild, libcxx):
    files = {
        "throws.cpp": 'extern "C" void __cxa_throw(void *, void *, void (*)(void *)) { __builtin_trap(); }\n',
        "wasmbuild.yaml": "name: two\nlibraries:\n  two: {sources: [throws.cpp]}\n",
    }
    ran = run_wasmbuild("build", cwd=project(tmp_path, files))
    assert ran.status == 1
    assert "error: a second C++ library: throws.cpp\n  it defines: `__cxa_throw`\n" in ran.stderr


def test_defines_that_change_the_abi_of_libcxx_are_refused(tmp_path, project, run_wasmbuild):
    files = {
        "a.cpp": "int a() { return 1; }\n",
        "wasmbuild.yaml": "name: other\nlibraries:\n"
        "  a: {sources: [a.cpp], defines: {_LIBCPP_ABI_VERSION: 2}, cxxflags: [-D_LIBCPP_ABI_NAMESPACE=__2]}\n"
        "  b: {sources: [a.cpp], cxxflags: [-D, _LIBCPP_ABI_TRIVIAL_PAIR, -U_LIBCPP_ABI_VERSION]}\n",
    }
    ran = run_wasmbuild("build", cwd=project(tmp_path, files))
    assert ran.status == 1
    assert (
        "error: `_LIBCPP_ABI_VERSION` makes classes that libc++.so does not have\n  at: wasmbuild.yaml:3:" in ran.stderr
    )
    assert "error: `_LIBCPP_ABI_NAMESPACE` makes classes that libc++.so does not have" in ran.stderr
    assert "error: `_LIBCPP_ABI_TRIVIAL_PAIR` makes" in ran.stderr
    assert ran.stderr.count("error: `_LIBCPP_ABI_VERSION` makes") == 2


def test_a_destructor_that_would_trap_at_exit_is_warned_of(tmp_path, project, run_wasmbuild, libcxx):
    files = {
        "main.cpp": '#include <cstdio>\nnamespace { struct Kept { int n; ~Kept() { std::printf("%d", n); } }; }\n'
        "static const Kept &kept = Kept{1};\nint main() { return kept.n - 1; }\n",
        "wasmbuild.yaml": "name: kept\nprograms:\n  main: {sources: [main.cpp]}\n",
    }
    ran = run_wasmbuild("build", cwd=project(tmp_path, files))
    assert ran.status == 0
    assert "warning: a destructor that traps at exit: `(anonymous namespace)::Kept::~Kept()`" in ran.stderr
    assert "  in: main.cpp\n" in ran.stderr


def test_cpp_without_exceptions_that_calls_what_throws_is_warned_of(tmp_path, project, run_wasmbuild, libcxx):
    files = {
        "parse.cpp": '#include <stdexcept>\nint parse(int x) { if (x < 0) throw std::out_of_range("x"); return x; }\n',
        "calm.cpp": "int calm(int x) { return x; }\n",
        "quick.cpp": "int parse(int);\nint calm(int);\nint quick(int x) { return parse(x) + calm(x); }\n",
        "wasmbuild.yaml": "name: mixed\nlibraries:\n  parse: {sources: [parse.cpp]}\n  calm: {sources: [calm.cpp]}\n"
        "  quick: {sources: [quick.cpp], requires: [parse, calm], cxxflags: [-fno-exceptions]}\n",
    }
    here = project(tmp_path, files)
    ran = run_wasmbuild("build", cwd=here)
    assert ran.status == 0
    assert ran.stderr.count("warning: ") == 1
    assert (
        "warning: `libquick.so`, compiled with `-fno-exceptions`, calls `libparse.so`, which throws\n"
        "  calls: `parse(int)` (_Z5parsei)\n"
    ) in ran.stderr
    edit(here / "wasmbuild.yaml", ", cxxflags: [-fno-exceptions]", "")
    assert "warning" not in run_wasmbuild("build", cwd=here).stderr


def test_a_template_that_nobody_instantiates_is_told_from_what_a_library_lacks(
    tmp_path, project, run_wasmbuild, libcxx
):
    files = {
        "box.cpp": "template <class T> T twice(T x);\nint use(int x) { return twice(x); }\n",
        "wasmbuild.yaml": "name: box\nlibraries:\n  box: {sources: [box*.cpp]}\n",
    }
    here = project(tmp_path, files)
    ran = run_wasmbuild("build", cwd=here)
    assert ran.status == 1
    assert "error: undefined symbol: `int twice<int>(int)` (_Z5twiceIiET_S0_)\n  used by:  box.cpp\n" in ran.stderr
    assert "help: a template is compiled where it is used: define it in its header, or instantiate it" in ran.stderr
    project(here, {"box2.cpp": "template <class T> T twice(T x) { return 2 * x; }\ntemplate int twice<int>(int);\n"})
    assert run_wasmbuild("build", cwd=here).status == 0


def test_a_syntax_error_in_a_header_of_a_recipe_is_shown_where_it_is_and_by_whom(
    tmp_path, project, run_wasmbuild, libcxx
):
    recipe = (
        "name: shapes\nversion: '1'\nlicense: MIT\nsource: [{path: src}]\n"
        "libraries:\n  shapes: {sources: [a.cpp], headers: [shapes.hpp]}\n"
    )
    files = {
        "recipes/shapes/recipe.yaml": recipe,
        "recipes/shapes/src/a.cpp": "int a() { return 1; }\n",
        "recipes/shapes/src/shapes.hpp": "#pragma once\nstruct Shape {\n  int edges\n};\n",
        "main.cpp": "#include <shapes.hpp>\nint main() { return 0; }\n",
        "wasmbuild.yaml": "name: draws\nprograms:\n  main: {sources: [main.cpp], requires: [shapes]}\n",
    }
    here = project(tmp_path, files)
    ran = run_wasmbuild("build", cwd=here)
    assert ran.status == 1
    assert "In file included from main.cpp:1:" in ran.stderr
    assert "shapes.hpp:3:12: error: expected ';' at end of declaration list" in ran.stderr
    assert "error: program `main` is not built: main.cpp does not compile" in ran.stderr
    edit(here / "recipes/shapes/src/shapes.hpp", "int edges", "int edges;")
    assert run_wasmbuild("run", "main", cwd=here).status == 0


def test_a_pattern_of_cpp_that_matches_nothing_names_what_is_near(tmp_path, project, run_wasmbuild, libcxx):
    files = {
        "img.cpp": "namespace img { int parse(int x) { return x; }\n"
        '__attribute__((visibility("hidden"))) int inner() { return 1; } }\n',
        "wasmbuild.yaml": 'name: img\nlibraries:\n  img: {sources: [img.cpp], exports: ["img::prase", "img::inner"]}\n',
    }
    ran = run_wasmbuild("build", cwd=project(tmp_path, files))
    assert ran.status == 1
    assert "error: nothing to export matches `img::prase`\n  at:      wasmbuild.yaml:3:" in ran.stderr
    assert "help: did you mean `img::parse`?" in ran.stderr
    assert "error: nothing to export matches `img::inner`" in ran.stderr
    assert 'help: remove `visibility("hidden")`, or what else hides it' in ran.stderr


def test_both_encodings_of_exceptions_in_a_process_are_found_when_it_is_built(tmp_path, project, run_wasmbuild, libcxx):
    files = {
        "old.cpp": "int thrown();\nint old() { try { return thrown(); } catch (int x) { return x; } }\n"
        "int thrown() { throw 7; }\n",
        "wasmbuild.yaml": "name: old\nlibraries:\n"
        '  old: {sources: [old.cpp], cxxflags: [-mllvm, "-wasm-use-legacy-eh=true"]}\n',
    }
    ran = run_wasmbuild("build", cwd=project(tmp_path, files))
    assert ran.status == 1
    assert ran.stderr.count("error: ") == 1
    assert (
        "error: two encodings of exceptions in one process\n  legacy:   libold.so\n  standard: libc++.so\n"
        in ran.stderr
    )


def test_where_it_was_thrown_has_its_line_in_the_profile_debug(tmp_path, project, run_wasmbuild, libcxx):
    files = {
        "shop.cpp": "#include <stdexcept>\nvoid buy(int n) {\n  if (n > 2)\n"
        '    throw std::out_of_range("too many");\n}\n'
        "struct Early {\n  Early(int n) { buy(n); }\n};\nvoid make(int n) { Early early(n); }\n"
        "void calm(int n) noexcept {\n  buy(n);\n}\n",
        "main.cpp": "#include <cstdlib>\nvoid make(int), calm(int);\n"
        'struct Global { Global() { if (std::getenv("EARLY")) make(3); } } global;\n'
        "int main(int argc, char **) {\n  argc > 1 ? calm(3) : make(3);\n}\n",
        "wasmbuild.yaml": "name: shop\nlibraries:\n  shop: {sources: [shop.cpp]}\n"
        "programs:\n  main: {sources: [main.cpp], requires: [shop]}\n",
    }
    here = project(tmp_path, files)
    said = "terminating due to uncaught exception of type std::out_of_range: too many\n"
    run = ("run", "--profile", "debug")
    for arguments, lines in (
        (("main",), ("shop.cpp:4", "shop.cpp:7", "main.cpp:5")),
        (("--env", "EARLY=1", "main"), ("shop.cpp:4", "shop.cpp:7", "main.cpp:3")),
        (("main", "calm"), ("shop.cpp:1", "main.cpp:5")),  # `noexcept` ends it in `calm`, not where it was thrown
    ):
        ran = run_wasmbuild(*run, *arguments, cwd=here)
        assert ran.status == 134
        assert said in ran.stderr
        for line in lines:
            assert f" at {line}" in ran.stderr, (arguments, ran.stderr)
