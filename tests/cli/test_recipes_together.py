"""Recipes that the cache lacks are fetched, unpacked and compiled side by side."""

from __future__ import annotations

import hashlib
import io
import tarfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


def recipe(name, requires=(), source="[{path: src}]"):
    return f"""\
name: {name}
version: "1"
defaults: {{libc: none}}
requires: [{", ".join(requires)}]
source: {source}
libraries:
  {name}: {{sources: ["*.c"], headers: ["*.h"]}}
"""


def files(name, requires=(), text=None):
    calls = " + ".join([*(f"{other}()" for other in requires), "1"])
    includes = "".join(f'#include "{other}.h"\n' for other in requires)
    return {
        f"recipes/{name}/recipe.yaml": recipe(name, requires),
        f"recipes/{name}/src/{name}.h": f"int {name}(void);\n",
        f"recipes/{name}/src/{name}.c": text or f"{includes}int {name}(void) {{ return {calls}; }}\n",
    }


def user(requires):
    calls = " + ".join(f"{name}()" for name in requires)
    includes = "".join(f'#include "{name}.h"\n' for name in requires)
    return {
        "wasmbuild.yaml": f"""\
name: user
defaults: {{libc: none}}
requires: [{", ".join(requires)}]
libraries:
  user: {{sources: [user.c]}}
""",
        "user.c": f"{includes}int answer(void) {{ return {calls}; }}\n",
    }


@pytest.fixture
def cache(tmp_path):
    directory = tmp_path / "cache"
    directory.mkdir(mode=0o700)
    return directory


def built(cache):
    return {path.parent.name.split("-")[0] for path in (cache / "libraries").glob("*/seal.json")}


def test_each_is_built_after_those_that_it_requires(tmp_path, cache, project, run_wasmbuild):
    texts = files("a") | files("b", ["a"]) | files("c", ["a"]) | files("d", ["b", "c"])
    root = project(tmp_path / "project", texts | user(["d", "a"]))
    ran = run_wasmbuild("build", cwd=root, env={"WASMBUILD_CACHE": str(cache)})
    assert ran.status == 0, ran.stderr
    assert built(cache) == {"a", "b", "c", "d"}
    assert list(cache.glob("**/.tmp-*")) == []


def archive(name):
    packed = io.BytesIO()
    with tarfile.open(mode="w:gz", fileobj=packed) as tar:
        for file, text in ((f"{name}.h", f"int {name}(void);\n"), (f"{name}.c", f"int {name}(void) {{ return 5; }}\n")):
            member = tarfile.TarInfo(f"{name}-1/{file}")
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return packed.getvalue()


def test_one_is_compiled_while_another_is_fetched(tmp_path, cache, project, run_wasmbuild):
    """The server gives the one's source out only when the other one is built."""
    data, was_built = archive("late"), []

    class Late(BaseHTTPRequestHandler):
        def do_GET(self):
            for _ in range(600):
                if "quick" in built(cache):
                    break
                time.sleep(0.05)
            was_built.append("quick" in built(cache))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Late)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/late-1.tar.gz"
        source = f"[{{url: '{url}', sha256: {hashlib.sha256(data).hexdigest()}}}]"
        texts = {"recipes/late/recipe.yaml": recipe("late", source=source)} | files("quick")
        root = project(tmp_path / "project", texts | user(["late", "quick"]))
        ran = run_wasmbuild("build", cwd=root, env={"WASMBUILD_CACHE": str(cache)})
    finally:
        server.shutdown()
        server.server_close()
    assert ran.status == 0, ran.stderr
    assert was_built == [True]


def test_one_that_fails_stops_who_requires_it_and_what_is_done_stays(tmp_path, cache, project, run_wasmbuild):
    texts = files("good") | files("bad", ["good"], "int bad(void) { return nothing; }\n") | files("over", ["bad"])
    root = project(tmp_path / "project", texts | user(["over", "good"]))
    ran = run_wasmbuild("build", cwd=root, env={"WASMBUILD_CACHE": str(cache)})
    assert ran.status == 1
    assert ran.stderr.index("bad.c:1:24: error: ") < ran.stderr.index("error: building `bad` 1 failed")
    assert "recipes/bad/recipe.yaml:1:7" in ran.stderr
    assert "`over`" not in ran.stderr
    assert built(cache) == {"good"}
    assert list(cache.glob("**/.tmp-*")) == []


def test_all_that_cannot_be_had_is_said_at_once(tmp_path, cache, project, run_wasmbuild):
    texts = files("a") | files("b")
    for name in ("a", "b"):
        del texts[f"recipes/{name}/src/{name}.c"], texts[f"recipes/{name}/src/{name}.h"]
    root = project(tmp_path / "project", texts | user(["a", "b"]))
    ran = run_wasmbuild("build", cwd=root, env={"WASMBUILD_CACHE": str(cache)})
    assert ran.status == 1
    assert ran.stderr.count("error: source of `a 1` is not available") == 1
    assert ran.stderr.count("error: source of `b 1` is not available") == 1
    assert ran.stderr.index("`a 1`") < ran.stderr.index("`b 1`")
