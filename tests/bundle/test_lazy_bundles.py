"""Lazy libraries in a bundle: they are in it, and are read when they are called."""

from __future__ import annotations

import shutil

import pytest
from running import run_in_node

pytestmark = pytest.mark.slow

FILES = {
    "wasmbuild.yaml": """\
name: late
libraries:
  one: {sources: [one.c], exports: [one]}
  two: {sources: [two.c], exports: [two]}
programs:
  app: {sources: [app.c], requires: [{name: one, lazy: true}, {name: two, lazy: true}]}
""",
    "one.c": '#include <stdio.h>\nvoid one(void) { puts("one"); }\n',
    "two.c": '#include <stdio.h>\nvoid two(void) { puts("two"); }\n',
    "app.c": """\
#include <stdio.h>
void one(void), two(void);
int main(int argc, char **argv) {
    puts("app");
    (argc > 1 ? two : one)();
    return argv == 0;
}
""",
}


def test_what_is_not_called_need_not_be_there(tmp_path, project, run_wasmbuild) -> None:
    directory = project(tmp_path / "late", FILES)
    for more in ((), ("--shrink",)):
        place = tmp_path / "".join(more or ("whole",))
        for command in (("build",), ("bundle", "--to", "node", "app", *more, "-o", str(place / "out"))):
            ran = run_wasmbuild(*command, cwd=directory)
            assert ran.status == 0, ran.stderr
        body = """
            let printed = "";
            const p = await load("app", { stdout: (data) => (printed += text(data)) });
            say(await p.exited, printed, p.process.came.map((each) => p.process.plan.modules[each].name));
        """
        assert run_in_node(place, body) == [0, "app\none\n", ["libone.so"]]
        shutil.move(place / "out/modules/libtwo.so.wasm", place / "two")
        assert run_in_node(place, body)[:2] == [0, "app\none\n"]
        shutil.move(place / "out/modules/libone.so.wasm", place / "one")
        body = """
            const p = await load("app", { stdout: () => {}, stderr: () => {} });
            say(await p.exited, p.trap.kind, p.trap.message.split("\\n")[0]);
        """
        status, kind, message = run_in_node(place, body)
        assert (status, kind) == (134, "not-opened")
        assert message.startswith("`libone.so` cannot be opened, at the call of `one`: ")
