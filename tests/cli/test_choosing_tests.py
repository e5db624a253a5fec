"""`wasmbuild test -k TEXT`: which tests it leaves, and what it says where it leaves none."""

from __future__ import annotations

from cliprojects import TWO_LIBRARIES

MORE = """\
  - {name: prints a sum, call: total, in: total}
  - {name: prints a product, call: total, in: total}
"""


def test_a_text_that_no_name_contains_is_an_error_that_names_what_is_near(two, run_wasmbuild):
    (two / "wasmbuild.yaml").write_text(TWO_LIBRARIES["wasmbuild.yaml"] + MORE)
    ran = run_wasmbuild("test", "-q", "-k", "sun", cwd=two)
    assert (ran.status, ran.stdout) == (1, "")
    assert ran.stderr == "error: no test's name contains `sun`\nhelp: did you mean `prints a sum`?\n"
    both = run_wasmbuild("test", "-q", "-k", "Print a", cwd=two)
    assert both.stderr.endswith("help: did you mean `prints a sum` or `prints a product`?\n")
    nothing = run_wasmbuild("test", "-q", "-k", "qqqq", cwd=two)
    assert nothing.stderr.endswith(
        "help: there are: `loads libbase.so`, `loads libtotal.so`, `adds up`, `prints a sum`, `prints a product`\n"
    )


def test_with_json_it_is_a_document(two, run_wasmbuild):
    ran = run_wasmbuild("test", "--json", "-k", "ads up", cwd=two)
    assert ran.status == 1
    assert ran.json()["ok"] is False
    assert ran.json()["diagnostics"][0]["code"] == "no-test"
    assert ran.json()["diagnostics"][0]["help"] == ["did you mean `adds up`?"]


def test_a_text_that_a_name_contains_leaves_those_tests(two, run_wasmbuild):
    ran = run_wasmbuild("test", "-k", "lib", cwd=two)
    assert ran.status == 0
    assert ran.stdout.endswith("\n2 passed, 0 failed\n")


def test_no_test_but_the_empty_text_is_in_all(run_wasmbuild, project, tmp_path):
    project(tmp_path, {"wasmbuild.yaml": "name: nothing\n"})
    assert run_wasmbuild("test", cwd=tmp_path).status == 0
    ran = run_wasmbuild("test", "-q", "-k", "x", cwd=tmp_path)
    assert (ran.status, ran.stderr) == (1, "error: no test's name contains `x`\n")
