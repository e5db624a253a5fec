"""The graph as values: for a manifest, which commands make what from what."""

from __future__ import annotations

import json
from typing import Any

import pytest
from projects import TOOLCHAIN, graph_inputs, graph_of

from wasmbuild.builder.graph import LONGEST_INSTALL, Edge, Graph, make_graph
from wasmbuild.builder.resolved import Prefix
from wasmbuild.builder.toolchain import Profile

TWO = """
name: x
libraries:
  a: {sources: [a.c], headers: [inc/a.h]}
  b: {sources: [b.c, b2.cpp], requires: [a]}
programs:
  p: {sources: [p.c], requires: [b]}
"""

ZLIB = Prefix("zlib", "/cache/zlib-1", ("/cache/zlib-1/lib/libz.so",), ("/cache/zlib-1/lib/libz.a",))
CLANG, HEADERS = f"build/toolchain/compiler/{TOOLCHAIN.place}/clang", "build/toolchain/headers"
PNG = Prefix("png", "/cache/png-1", ("/cache/png-1/lib/libpng.so",), ("/cache/png-1/lib/libpng.a",), ("zlib",))


def edge(graph: Graph, output: str) -> Edge:
    (found,) = [edge for edge in graph.edges if output in edge.outputs]
    return found


def spec(graph: Graph, output: str) -> dict[str, Any]:
    """The link driver's orders for an output."""
    linking = edge(graph, output)
    assert linking.rule == "link"
    found = json.loads(graph.specs[linking.inputs[0]])
    assert found["output"] == output
    return found


def flags(graph: Graph, source: str) -> tuple[str, ...]:
    (found,) = [edge for edge in graph.edges if edge.rule == "compile" and edge.inputs == (source,)]
    return found.command


def test_a_project_is_compiled_linked_archived_installed_and_checked() -> None:
    graph = graph_of(TWO)
    assert [(edge.rule, edge.outputs) for edge in graph.edges] == [
        ("compile", ("build/obj/library-a/a.c.o",)),
        ("link", ("build/lib/liba.so",)),
        ("interface", ("build/obj/library-a/interface/liba.so",)),
        ("archive", ("build/obj/library-a/liba.a",)),
        ("install", ("build/include/inc/a.h",)),
        ("compile", ("build/obj/library-b/b.c.o",)),
        ("compile", ("build/obj/library-b/b2.cpp.o",)),
        ("link", ("build/lib/libb.so",)),
        ("interface", ("build/obj/library-b/interface/libb.so",)),
        ("archive", ("build/obj/library-b/libb.a",)),
        ("compile", ("build/obj/program-p/p.c.o",)),
        ("link", ("build/bin/p.wasm",)),
        ("check", ("build/obj/check.stamp",)),
    ]
    assert graph.outputs == ("build/lib/liba.so", "build/lib/libb.so", "build/bin/p.wasm")
    assert graph.default == (
        *("build/lib/liba.so", "build/include/inc/a.h", "build/lib/libb.so", "build/bin/p.wasm"),
        "build/obj/check.stamp",
    )
    assert graph.archives == ("build/obj/library-a/liba.a", "build/obj/library-b/libb.a")
    assert graph.tests == ()


def test_headers_are_copied_by_commands_of_bounded_length_however_many_there_are() -> None:
    names = [f"include/a/directory/of/some/{number}.hpp" for number in range(2000)]
    graph = graph_of(f"name: x\nlibraries:\n  a: {{headers: {json.dumps(names)}, include: [include]}}\n")
    copied = [edge for edge in graph.edges if edge.rule == "install"]
    assert [name for edge in copied for name in edge.inputs] == names
    assert [name for edge in copied for name in edge.outputs] == [f"build/include/{name}" for name in names]
    assert 2 < len(copied) < 40
    assert all(len(" ".join((*edge.inputs, *edge.outputs))) < LONGEST_INSTALL for edge in copied)
    assert set(graph.default) >= {name for edge in copied for name in edge.outputs}


def test_an_output_waits_for_its_objects_and_for_the_interfaces_of_the_libraries_that_it_names() -> None:
    graph = graph_of(TWO)
    linking = edge(graph, "build/lib/libb.so")
    assert linking.implicit == (
        *("build/obj/library-b/b.c.o", "build/obj/library-b/b2.cpp.o"),
        *("build/obj/library-a/interface/liba.so", "/rt/libc.so"),
    )
    assert edge(graph, "build/bin/p.wasm").implicit[-1] == "/rt/crt1.o"
    assert spec(graph, "build/bin/p.wasm")["libraries"] == [
        *("build/obj/library-b/interface/libb.so", "/rt/libc.so"),
    ]
    assert spec(graph, "build/bin/p.wasm")["interfaces"] == {
        "build/obj/library-b/interface/libb.so": "build/lib/libb.so"
    }
    assert set(edge(graph, "build/obj/check.stamp").implicit) == {
        *("build/lib/liba.so", "build/lib/libb.so", "build/bin/p.wasm", "/rt/libc.so"),
    }


def test_an_interface_is_made_of_the_objects_and_only_where_somebody_links_against_it() -> None:
    graph = graph_of(TWO)
    making = edge(graph, "build/obj/library-a/interface/liba.so")
    assert making.inputs == edge(graph, "build/lib/liba.so").inputs
    assert making.implicit == ("build/obj/library-a/a.c.o",)
    static = graph_of(
        "name: x\nlibraries: {a: {sources: [a.c]}}\nprograms: {p: {sources: [p.c], requires: [a], link: static}}"
    )
    assert not [edge for edge in static.edges if edge.rule == "interface"]


def test_libraries_in_a_circle_wait_for_each_others_interfaces_and_find_each_others_headers() -> None:
    graph = graph_of(
        "name: x\nlibraries:\n  a: {sources: [a.c], headers: [ia/a.h], requires: [b], imports: [host]}\n"
        "  b: {sources: [b.c], headers: [ib/b.h], requires: [a]}",
        headers={"ia/a.h": "a.h", "ib/b.h": "b.h"},
    )
    assert "build/obj/library-b/interface/libb.so" in edge(graph, "build/lib/liba.so").implicit
    assert "build/obj/library-a/interface/liba.so" in edge(graph, "build/lib/libb.so").implicit
    assert [flag for flag in flags(graph, "a.c") if flag.startswith("-I")] == ["-Iib"]
    assert [flag for flag in flags(graph, "b.c") if flag.startswith("-I")] == ["-Iia"]
    roots = json.loads(graph.specs["build/obj/check.json"])["roots"]
    assert [root["imports"] for root in roots] == [["host"], ["host"]]


def test_flags_go_from_the_general_to_the_particular() -> None:
    graph = graph_of(
        """
name: x
defaults:
  {include: [i0], defines: {D: 0, E: 0}, cflags: [-c0], cxxflags: [-x0], ldflags: [-l0], c_std: c99, cxx_std: c++17}
libraries:
  z:
    sources: [a.c, a.cpp]
    include: [i1]
    defines: {D: 1, F: null, G: yes, H: "a b"}
    cflags: [-c1]
    cxxflags: [-x1]
    ldflags: [-l1]
    c_std: c11
""",
        profile=Profile(("-O3", "-g"), ("-lp",)),
    )
    own = (
        *(
            "-DD=1",
            "-DE=0",
            "-DF",
            "-DG=1",
            "-DH=a b",
            "-Ii0",
            "-Ii1",
            "-ffile-prefix-map=build/toolchain/headers=/wasmbuild",
        ),
        *("-c0", "-c1"),
    )
    c, cxx = flags(graph, "a.c"), flags(graph, "a.cpp")
    assert c[0] == CLANG
    assert c[-13:] == ("-O3", "-g", "-std=c11", *own)
    assert cxx[:3] == (CLANG, "-x", "c++")
    assert cxx[-15:] == ("-O3", "-g", "-std=c++17", *own, "-x0", "-x1")
    for command in (c, cxx):
        assert {"-fPIC", "-nostdinc", "wasm32-wasip1"} <= set(command)
    assert "-fvisibility=hidden" in c
    assert "-fvisibility=default" in cxx
    assert spec(graph, "build/lib/libz.so")["ldflags"] == ["-lp", "-l0", "-l1"]


@pytest.mark.parametrize("suffix", ["cc", "cpp", "cxx", "c++", "C"])
def test_a_cxx_source_is_told_by_its_suffix(suffix: str) -> None:
    assert "-x" in flags(graph_of(f"name: x\nlibraries: {{z: {{sources: [a.{suffix}]}}}}"), f"a.{suffix}")


@pytest.mark.parametrize("suffix", ["c", "s", "S"])
def test_other_sources_are_not_cxx(suffix: str) -> None:
    assert "-x" not in flags(graph_of(f"name: x\nlibraries: {{z: {{sources: [a.{suffix}]}}}}"), f"a.{suffix}")


def test_headers_of_required_libraries_are_found_where_they_lie() -> None:
    graph = make_graph(
        graph_inputs(
            "name: x\nlibraries:\n  a: {sources: [a.c], headers: [inc/a/a.h, inc/a2.h, gen/c.h]}\n"
            "  b: {sources: [b.c], requires: [a]}\n  c: {sources: [c.c], requires: [b]}\n  d: {sources: [d.c]}",
            headers={"inc/a/a.h": "a/a.h", "inc/a2.h": "a2.h", "gen/c.h": "c.h"},
        )
    )
    for source, expected in {"b.c": ["-Iinc", "-Igen"], "c.c": ["-Iinc", "-Igen"], "a.c": [], "d.c": []}.items():
        assert [flag for flag in flags(graph, source) if flag.startswith("-I")] == expected, source


def included_prefixes(graph: Graph, source: str) -> list[str]:
    return [flag for flag in flags(graph, source) if flag.startswith(f"{HEADERS}/") and "libc" not in flag]


def test_recipes_give_headers_libraries_and_what_they_require_themselves() -> None:
    graph = graph_of(
        "name: x\nlibraries: {a: {sources: [a.c], requires: [png >=1]}, d: {sources: [d.c]}}",
        prefixes={"zlib": ZLIB, "png": PNG},
    )
    assert included_prefixes(graph, "a.c") == [f"{HEADERS}/png-1", f"{HEADERS}/zlib-1"]
    assert included_prefixes(graph, "d.c") == []
    assert spec(graph, "build/lib/liba.so")["libraries"] == ["/cache/png-1/lib/libpng.so", "/rt/libc.so"]
    assert {*PNG.libraries, *ZLIB.libraries} <= set(edge(graph, "build/obj/check.stamp").implicit)


def test_what_the_manifest_requires_counts_for_every_target() -> None:
    graph = graph_of(
        "name: x\nrequires: [zlib]\nlibraries: {a: {sources: [a.c]}}\n"
        "programs: {p: {sources: [p.c], requires: [zlib]}}",
        prefixes={"zlib": ZLIB},
    )
    for source, output in {"a.c": "build/lib/liba.so", "p.c": "build/bin/p.wasm"}.items():
        assert included_prefixes(graph, source) == [f"{HEADERS}/zlib-1"]
        assert spec(graph, output)["libraries"] == ["/cache/zlib-1/lib/libz.so", "/rt/libc.so"]


def test_a_recipes_headers_are_found_by_who_requires_a_library_that_requires_the_recipe() -> None:
    """As the project's own headers are: a public header may include the recipe's."""
    graph = graph_of(
        "name: x\nlibraries: {a: {sources: [a.c], headers: [a.h], requires: [png]}}\n"
        "programs: {p: {sources: [p.c], requires: [a]}}",
        prefixes={"zlib": ZLIB, "png": PNG},
    )
    assert included_prefixes(graph, "p.c") == [f"{HEADERS}/png-1", f"{HEADERS}/zlib-1"]


def test_static_links_take_archives_and_no_shared_library() -> None:
    graph = graph_of(
        "name: x\nlibraries: {a: {sources: [a.c], requires: [png]}, b: {sources: [b.c], requires: [a]}}\n"
        "programs: {p: {sources: [p.c], requires: [b], link: static}}",
        prefixes={"zlib": ZLIB, "png": PNG},
    )
    static = spec(graph, "build/bin/p.wasm")
    assert static["static"] is True
    assert static["libraries"] == []
    assert static["archives"] == [
        *("build/obj/library-b/libb.a", "build/obj/library-a/liba.a"),
        *("/cache/png-1/lib/libpng.a", "/cache/zlib-1/lib/libz.a", "/rt/setjmp.o", "/rt/libc.a"),
    ]
    assert static["rpath"] == []
    assert set(static["archives"]) <= set(edge(graph, "build/bin/p.wasm").implicit)


def test_a_static_library_is_a_module_of_its_own_name() -> None:
    graph = graph_of("name: x\nlibraries: {z: {sources: [a.c], link: static}}")
    assert graph.outputs == ("build/lib/z.wasm",)


def test_without_libc_nothing_of_it_is_linked_or_included() -> None:
    graph = graph_of(
        "name: x\ndefaults: {libc: none}\nprograms: {p: {sources: [p.c]}, q: {sources: [q.c], libc: wasi}}"
    )
    bare, with_libc = spec(graph, "build/bin/p.wasm"), spec(graph, "build/bin/q.wasm")
    assert (bare["libraries"], bare["start"]) == ([], None)
    assert (with_libc["libraries"], with_libc["start"]) == (["/rt/libc.so"], "/rt/crt1.o")
    assert "wasm32-unknown-unknown" in flags(graph, "p.c")
    assert f"{HEADERS}/libc" not in flags(graph, "p.c")
    assert f"{HEADERS}/libc" in flags(graph, "q.c")


def test_a_tests_program_is_built_for_the_test_only() -> None:
    graph = graph_of(
        "name: x\nlibraries: {z: {sources: [z.c]}}\ntests:\n- {name: first, call: f, in: z}\n"
        "- {name: 'Über alles: 100 %', program: {sources: [t.c], requires: [z]}}"
    )
    assert graph.tests == ("build/test/01-ber-alles-100.wasm", "build/obj/check-tests.stamp")
    assert "build/test/01-ber-alles-100.wasm" not in graph.default + graph.outputs
    assert spec(graph, graph.tests[0])["rpath"] == ["$ORIGIN/../lib"]
    assert edge(graph, "build/obj/check-tests.stamp").implicit[0] == graph.tests[0]
    assert edge(graph, "build/obj/test-01-ber-alles-100/t.c.o").inputs == ("t.c",)


def test_two_tests_of_like_names_have_two_outputs() -> None:
    graph = graph_of("name: x\ntests: [{name: a b, program: {sources: [t.c]}}, {name: a-b, program: {sources: [t.c]}}]")
    assert graph.tests[:2] == ("build/test/00-a-b.wasm", "build/test/01-a-b.wasm")


def test_names_with_blanks_and_dollars_stay_as_they_are() -> None:
    graph = graph_of("name: x\nlibraries: {z: {sources: ['my $file.c'], include: ['my inc'], defines: {S: '\"a b\"'}}}")
    compiling = edge(graph, "build/obj/library-z/my $file.c.o")
    assert compiling.inputs == ("my $file.c",)
    assert {"-Imy inc", '-DS="a b"'} <= set(compiling.command)
    assert spec(graph, "build/lib/libz.so")["objects"] == [["build/obj/library-z/my $file.c.o", "my $file.c"]]


def test_sources_outside_of_the_project_have_their_objects_inside() -> None:
    graph = graph_of("name: x\nlibraries: {z: {sources: [../up/a.c, /abs/b.c]}}")
    objects = [edge.outputs[0] for edge in graph.edges if edge.rule == "compile"]
    assert objects == ["build/obj/library-z/up/up/a.c.o", "build/obj/library-z/abs/b.c.o"]


def test_ready_made_objects_and_archives_are_linked_and_not_compiled() -> None:
    graph = graph_of("name: x\nlibraries: {z: {sources: [pre/x.o, pre/y.a, z.c]}}")
    assert [edge.inputs for edge in graph.edges if edge.rule == "compile"] == [("z.c",)]
    assert spec(graph, "build/lib/libz.so")["objects"][:2] == [["pre/x.o", "pre/x.o"], ["pre/y.a", "pre/y.a"]]


def test_the_orders_of_a_link_say_what_the_manifest_says() -> None:
    graph = graph_of(
        "name: x\nlibraries:\n  z: {sources: [z.c], imports: [host], rpath: [$ORIGIN/x]}\n  y:\n    sources: [y.c]\n"
        "    exports: ['y_*']\nprograms:\n  p: {sources: [p.c], memory: {stack: 64KiB, initial: 2MiB, max: 1GiB}}\n",
        profile=Profile(strip="all"),
    )
    z, y, p = (spec(graph, output) for output in graph.outputs)
    assert (z["kind"], z["exports"], z["imports"], z["rpath"]) == ("library", None, ["host"], ["$ORIGIN/x", "$ORIGIN"])
    assert (y["exports"], y["exports_at"]) == (["y_*"], "wasmbuild.yaml:6:14")
    assert (p["kind"], p["exports"], p["strip"]) == ("program", [], "all")
    assert (p["stack_bytes"], p["initial_bytes"], p["max_bytes"]) == (65536, 2 << 20, 1 << 30)
    assert z["wasm_ld"] == list(TOOLCHAIN.wasm_ld)


def test_the_host_of_a_module_has_what_its_libraries_import() -> None:
    graph = graph_of(
        "name: x\nlibraries: {a: {sources: [a.c], imports: [host_a]}, "
        "b: {sources: [b.c], requires: [a], imports: [host_b]}}"
    )
    roots = json.loads(graph.specs["build/obj/check.json"])["roots"]
    assert [(root["path"], root["imports"]) for root in roots] == [
        ("build/lib/liba.so", ["host_a"]),
        ("build/lib/libb.so", ["host_b", "host_a"]),
    ]


def test_a_library_lacks_what_its_program_supplies_and_a_program_lacks_nothing() -> None:
    graph = graph_of(
        "name: x\nlibraries: {a: {sources: [a.c], from_program: [p]}, "
        'b: {sources: [b.c], requires: [a]}, c: {sources: [b.c], from_program: ["q_*"]}}\n'
        "programs: {m: {sources: [a.c], requires: [b], opens: [c]}}"
    )
    roots = {root["path"]: root for root in json.loads(graph.specs["build/obj/check.json"])["roots"]}
    assert roots["build/lib/libb.so"]["from_program"] == ["p"]
    assert roots["build/lib/libc.so"]["from_program"] == ["q_*"]
    assert roots["build/bin/m.wasm"]["from_program"] == []
    assert roots["build/bin/m.wasm"]["opens"] == ["build/lib/libc.so"]
    link = json.loads(graph.specs["build/obj/program-m/link.json"])
    assert link["from_program"] == ["p", "q_*"]


def test_no_two_commands_make_one_file_when_libraries_share_a_header() -> None:
    graph = graph_of("name: x\nlibraries: {a: {sources: [a.c], headers: [c.h]}, b: {sources: [b.c], headers: [c.h]}}")
    outputs = [output for edge in graph.edges for output in edge.outputs]
    assert len(outputs) == len(set(outputs))
    assert "build/include/c.h" in outputs


def test_the_same_inputs_give_the_same_graph() -> None:
    assert graph_of(TWO) == graph_of(TWO)


def test_an_output_has_the_name_that_the_manifest_gives() -> None:
    graph = graph_of(
        "name: x\nlibraries: {z: {sources: [z.c], output: side.wasm}}\n"
        "programs: {p: {sources: [p.c], requires: [z], output: main.wasm}}"
    )
    assert graph.outputs == ("build/lib/side.wasm", "build/bin/main.wasm")
    assert spec(graph, "build/bin/main.wasm")["libraries"][0] == "build/obj/library-z/interface/side.wasm"


def test_a_library_that_is_there_already_is_copied_and_linked_against_as_it_is() -> None:
    graph = graph_of(
        "name: x\nlibraries: {z: {prebuilt: pre/libzz.so, imports: [host]}}\n"
        "programs: {p: {sources: [p.c], requires: [z]}}"
    )
    copying = edge(graph, "build/lib/libzz.so")
    assert (copying.rule, copying.inputs) == ("copy", ("pre/libzz.so",))
    assert spec(graph, "build/bin/p.wasm")["libraries"] == ["build/lib/libzz.so", "/rt/libc.so"]
    assert spec(graph, "build/bin/p.wasm")["interfaces"] == {}
    assert "build/lib/libzz.so" in edge(graph, "build/bin/p.wasm").implicit
    assert graph.archives == ()
    roots = json.loads(graph.specs["build/obj/check.json"])["roots"]
    assert {root["path"]: root["imports"] for root in roots} == {
        "build/lib/libzz.so": ["host"],
        "build/bin/p.wasm": ["host"],
    }


def test_a_header_that_every_source_includes_is_an_input_of_each() -> None:
    graph = graph_of("name: x\nlibraries: {z: {sources: [a.c], interpose: [f]}, y: {sources: [b.c]}}")
    assert edge(graph, "build/obj/library-z/a.c.o").implicit == ("build/obj/library-z/interpose.h",)
    assert edge(graph, "build/obj/library-y/b.c.o").implicit == ()
