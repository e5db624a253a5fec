"""Stores: what was built once is taken, by any number of projects and from other machines."""

from __future__ import annotations

import shutil
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

RECIPES = {
    "recipes/given/recipe.yaml": """\
name: given
version: "2.1"
defaults: {libc: none}
source: [{path: src}]
libraries:
  given: {sources: [given.c], headers: [given.h]}
""",
    "recipes/given/src/given.h": "int given(void);\n",
    "recipes/given/src/given.c": "int given(void) { return 7; }\n",
    "recipes/over/recipe.yaml": """\
name: over
version: "1"
defaults: {libc: none}
requires: [given]
source: [{path: src}]
libraries:
  over: {sources: [over.c]}
""",
    "recipes/over/src/over.c": '#include "given.h"\nint over(void) { return given() + 1; }\n',
    "wasmbuild.yaml": """\
name: user
defaults: {libc: none}
requires: [over]
libraries:
  user: {sources: [user.c]}
tests:
  - {name: answers, call: answer, in: user, returns: 9}
""",
    "user.c": "int over(void);\nint answer(void) { return over() + 1; }\n",
}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def serve():
    """`serve(directory)` is the URL of a server of its files."""
    servers = []

    def start(directory):
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(directory)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def in_cache(tmp_path, run_wasmbuild, project):
    """`in_cache("a", "build")` in the project, with a cache of this name."""
    directory = project(tmp_path / "project", RECIPES)

    def run(name, *arguments, **environment):
        cache = tmp_path / "caches" / name
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.rmtree(directory / "build", ignore_errors=True)
        return run_wasmbuild(*arguments, cwd=directory, env={"WASMBUILD_CACHE": str(cache), **environment})

    return run


@pytest.fixture(scope="module")
def made(tmp_path_factory, run_wasmbuild, project):
    """A store with what the project requires. Nobody changes it."""
    here = tmp_path_factory.mktemp("made")
    directory, cache = project(here / "project", RECIPES), {"WASMBUILD_CACHE": str(here / "cache")}
    built = run_wasmbuild("build", cwd=directory, env=cache)
    assert built.status == 0, built.stderr
    ran = run_wasmbuild("store", "export", str(here / "store"), cwd=directory, env=cache)
    assert (ran.status, ran.stdout) == (0, f"2 libraries in {here / 'store'}, 2 of them new\n")
    return here / "store"


@pytest.fixture
def exported(made, tmp_path):
    """A copy of it."""
    return shutil.copytree(made, tmp_path / "store")


def archives(store):
    return sorted((store / "libraries").iterdir())


def test_what_a_store_has_is_not_compiled(exported, in_cache, serve):
    url = serve(exported)
    ran = in_cache("second", "test", WASMBUILD_STORE=url)
    assert ran.status == 0, ran.stderr
    assert ran.stderr.count(" came from http://127.0.0.1:") == 2
    assert "given.c" not in ran.stderr
    assert "over.c" not in ran.stderr
    again = in_cache("second", "test", WASMBUILD_STORE=url)
    assert (again.status, again.stderr.count(" came from ")) == (0, 0)


def test_toolchain_yaml_names_stores_too(exported, in_cache, serve, tmp_path):
    (tmp_path / "project/toolchain.yaml").write_text(f"store: [{serve(exported)}]\n")
    ran = in_cache("second", "build")
    assert (ran.status, ran.stderr.count(" came from ")) == (0, 2)


def test_the_same_entries_are_the_same_bytes(exported, in_cache, tmp_path):
    assert in_cache("first", "build").status == 0
    before = {path.name: path.read_bytes() for path in archives(exported)}
    ran = in_cache("first", "store", "export", str(tmp_path / "again"))
    assert ran.status == 0
    assert {path.name: path.read_bytes() for path in archives(tmp_path / "again")} == before
    assert "0 of them new" in in_cache("first", "store", "export", str(exported)).stdout


def test_an_entry_under_another_ones_name_is_refused(exported, in_cache, serve):
    given, over = archives(exported)
    over.write_bytes(given.read_bytes())
    ran = in_cache("second", "test", WASMBUILD_STORE=serve(exported))
    assert ran.status == 0, ran.stderr
    assert "is not used: its `over-1-" in ran.stderr
    assert "gives another key" in ran.stderr


@pytest.mark.parametrize("damage", ["cut short", "a page of errors", "a file more", "a byte of a library"])
def test_a_damaged_entry_is_refused_and_built(damage, exported, in_cache, serve, tmp_path):
    import gzip
    import io
    import tarfile

    given, _ = archives(exported)
    data = given.read_bytes()
    if damage == "cut short":
        given.write_bytes(data[: len(data) // 2])
    elif damage == "a page of errors":
        given.write_text("<html>Bad gateway</html>")
    else:
        with tarfile.open(given) as tar:
            members = {member.name: tar.extractfile(member).read() for member in tar.getmembers()}
        if damage == "a file more":
            members["include/evil.h"] = b""
        else:
            library = bytearray(members["lib/libgiven.so"])
            library[-1] ^= 1
            members["lib/libgiven.so"] = bytes(library)
        packed = io.BytesIO()
        with tarfile.open(mode="w", fileobj=packed) as tar:
            for name, content in members.items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
        given.write_bytes(gzip.compress(packed.getvalue()))
    ran = in_cache("second", "test", WASMBUILD_STORE=serve(exported))
    assert ran.status == 0, ran.stderr
    assert ran.stderr.count(" is not used: ") == 1
    assert not list((tmp_path / "caches/second").glob("from-stores/*/given-*/seal.json"))


def test_a_store_that_does_not_answer_is_said_once(in_cache):
    ran = in_cache("second", "test", WASMBUILD_STORE="http://127.0.0.1:9")
    assert ran.status == 0, ran.stderr
    assert ran.stderr.count("the store http://127.0.0.1:9 is not used: ") == 1


def test_a_store_without_the_entry_is_asked_for_the_next(exported, in_cache, serve):
    given, _ = archives(exported)
    given.unlink()
    ran = in_cache("second", "test", WASMBUILD_STORE=serve(exported))
    assert ran.status == 0
    assert ran.stderr.count(" came from ") == 1
    assert "is not used" not in ran.stderr


def test_offline_asks_no_server(exported, in_cache, serve):
    ran = in_cache("second", "build", "--offline", WASMBUILD_STORE=serve(exported))
    assert (ran.status, ran.stderr.count(" came from ")) == (0, 0)
    ran = in_cache("third", "build", "--offline", WASMBUILD_STORE=f"file://{exported}")
    assert (ran.status, ran.stderr.count(" came from ")) == (0, 2)


def test_what_came_from_a_store_is_only_for_those_who_name_it(exported, in_cache, serve, tmp_path):
    url = serve(exported)
    assert in_cache("second", "build", WASMBUILD_STORE=url).status == 0
    assert not (tmp_path / "caches/second/libraries").exists()
    ran = in_cache("second", "build")
    assert (ran.status, " came from " in ran.stderr) == (0, False)
    assert len(list((tmp_path / "caches/second/libraries").glob("*/seal.json"))) == 2


def test_a_taken_entry_that_was_damaged_is_taken_again(exported, in_cache, serve, tmp_path):
    url = serve(exported)
    assert in_cache("second", "build", WASMBUILD_STORE=url).status == 0
    (header,) = (tmp_path / "caches/second").glob("from-stores/*/given-*/include/given.h")
    header.write_text("int other(void);\n")
    ran = in_cache("second", "test", WASMBUILD_STORE=url)
    assert (ran.status, ran.stderr.count(" came from ")) == (0, 1)
    assert header.read_text() == "int given(void);\n"


# The cache, and why something is built again.


def test_cache_info_counts_and_clean_removes(in_cache, tmp_path):
    assert in_cache("first", "build").status == 0
    document = in_cache("first", "cache", "info", "--json").json()
    folders = {folder["name"]: folder["entries"] for folder in document["folders"]}
    assert folders["libraries"] == 2
    assert document["size_bytes"] == sum(folder["size_bytes"] for folder in document["folders"]) > 0
    assert str(tmp_path / "caches/first") in in_cache("first", "cache", "info").stdout
    kept = in_cache("first", "cache", "clean", "--older-than", "1h")
    assert (kept.status, "libraries" in kept.stdout) == (0, False)
    removed = in_cache("first", "cache", "clean", "--json").json()
    assert {folder["name"]: folder["entries"] for folder in removed["folders"]}["libraries"] == 2
    assert in_cache("first", "cache", "info", "--json").json()["size_bytes"] == 0
    assert in_cache("first", "test").status == 0


def test_an_age_that_is_none_is_a_mistake_of_the_command_line(in_cache):
    ran = in_cache("first", "cache", "clean", "--older-than", "soon")
    assert (ran.status, "as in `30d`, not `soon`" in ran.stderr) == (2, True)


@pytest.mark.parametrize(
    ("place", "old", "new", "label"),
    [
        ("recipes/given/recipe.yaml", "[given.c]", "[given.c], cflags: [-O3]", "recipe: libraries"),
        ("recipes/given/src/given.c", "7", "8", "source"),
        ("recipes/given/recipe.yaml", "2.1", "2.2", "recipe: version"),
    ],
)
def test_why_built_names_the_inputs_that_differ(
    place, old, new, label, libc, tmp_path, in_cache, run_wasmbuild, project
):
    directory = tmp_path / "project"
    if not directory.exists():
        project(directory, RECIPES)
    name = f"why{abs(hash(str(tmp_path)))}"  # in the cache of all tests, where libc is: a name that no other test has
    for path in ("recipes/given/recipe.yaml", "recipes/over/recipe.yaml"):
        text = (directory / path).read_text().replace("name: given", f"name: {name}").replace("[given]", f"[{name}]")
        (directory / path).write_text(text)
    (directory / "recipes/given").rename(directory / "recipes" / name)
    place = place.replace("recipes/given", f"recipes/{name}")
    assert run_wasmbuild("build", cwd=directory).status == 0
    first = run_wasmbuild("recipe", "why-built", name, "--json", cwd=directory).json()
    assert (first["built"], first["differences"]) == (True, [])
    (directory / place).write_text((directory / place).read_text().replace(old, new))
    changed = run_wasmbuild("recipe", "why-built", name, "--json", cwd=directory).json()
    assert (changed["built"], changed["nearest"]) == (False, first["entry"])
    assert [each["input"] for each in changed["differences"]] == [label]
    shown = run_wasmbuild("recipe", "why-built", name, cwd=directory).stdout
    assert "is not built yet" in shown
    assert f"  {label}\n    before: " in shown
