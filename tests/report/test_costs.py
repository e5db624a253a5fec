"""What `inspect --cost` counts."""

from wasmbuild.report.costs import Costs, costs, costs_text, costs_to_json
from wasmbuild.wasm import abi

FOUND = Costs("libx.so", ("f", "_Znwm", "g"), ("data", "_ZGVZ1fvE1x"), ("f",), ("_Znwm",), ("_ZGVZ1fvE1x",), 4)


def test_as_text():
    assert costs_text(FOUND) == (
        "libx.so: what it reaches indirectly\n"
        "  functions imported        3  1 its own\n"
        "  GOT entries of data       2  1 its own\n"
        "  GOT entries of functions  1\n"
        "  table entries of its functions  4\n"
        "\n"
        "  its own functions, reached as if they were another module's: 1\n"
        "    _Znwm  operator new(unsigned long)\n"
        "\n"
        "  its own data, reached as if they were another module's: 1\n"
        "    _ZGVZ1fvE1x  guard variable for f()::x"
    )


def test_as_json():
    assert costs_to_json(FOUND)["own_functions"] == ("_Znwm",)


def test_what_is_counted(tmp_path, project, libcxx, run_wasmbuild):
    files = {
        "wasmbuild.yaml": "name: x\nlibraries:\n  x: {sources: [x.cpp], exports: [use]}\n",
        "x.cpp": 'inline int shared = 1;\nextern "C" int abs(int);\n'
        'extern "C" int use() { return abs(shared++) + (&abs != nullptr); }\n',
    }
    here = project(tmp_path, files)
    ran = run_wasmbuild("build", cwd=here)
    assert ran.status == 0, ran.stderr
    path = here / "build/lib/libx.so"
    found = costs(path.read_bytes(), str(path))
    assert found.own_data == ("shared",)
    assert found.own_functions == ()
    assert abi.MEMORY_BASE not in found.functions
    ran = run_wasmbuild("inspect", "--cost", str(path), cwd=here)
    assert (ran.status, "its own data, reached as if they were another module's: 1" in ran.stdout) == (0, True)
