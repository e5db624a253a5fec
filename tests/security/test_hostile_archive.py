"""Archives from somebody who wants more than to be unpacked: through a whole build, a recipe's source, with the disk
and the memory of a small machine."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="links and limits as POSIX has them")]

RECIPE = """\
name: r
license: MIT
source: [{{url: "{url}", sha256: {sha256}}}]
defaults: {{libc: none}}
libraries: {{r: {{sources: ["*.c"], headers: ["**/*.h"]}}}}
"""
GOOD = {"t/r.c": b"int r(void) { return 1; }\n", "t/r.h": b"int r(void);\n"}


def tar(*extra: tuple[str, bytes, str | bytes], good: bool = True) -> bytes:
    """(name, type, content or target)"""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as written:
        for name, content in GOOD.items() if good else ():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            written.addfile(info, io.BytesIO(content))
        for name, kind, what in extra:
            info = tarfile.TarInfo(name)
            info.type = kind
            content = what if isinstance(what, bytes) else b""
            info.size, info.linkname = len(content), what if isinstance(what, str) else ""
            written.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zipped(*names: str, link_to: str | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        for name in names:
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o120777 if link_to else 0o644) << 16
            written.writestr(info, link_to or "x")
    return out.getvalue()


SYM, HARD, FILE = tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.REGTYPE


@pytest.fixture
def build(tmp_path, project, user_environment):
    """Build a project whose recipe has an archive as its source; see that nothing else changed. 2 GB of memory, and
    files of 256 MB at most."""
    (tmp_path / "cache").mkdir(mode=0o700)
    (tmp_path / "home").mkdir()
    (tmp_path / "home/file").write_text("mine\n")

    def run(archive: bytes) -> subprocess.CompletedProcess[str]:
        (tmp_path / "archive").write_bytes(archive)
        recipe = RECIPE.format(url=(tmp_path / "archive").as_uri(), sha256=sha256(archive).hexdigest())
        files = {"wasmbuild.yaml": "name: p\nrequires: [r]\n", "recipes/r/recipe.yaml": recipe}
        directory = project(tmp_path / "project", files)
        command = [sys.executable, "-P", "-m", "wasmbuild", "build", "-q"]
        limited = ["sh", "-c", 'ulimit -v 2000000; ulimit -f 524288; exec "$@"', "sh", *command]
        environment = user_environment({"WASMBUILD_CACHE": str(tmp_path / "cache"), "HOME": str(tmp_path / "home")})
        done = subprocess.run(
            limited, cwd=directory, env=environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "cache", "home", "project"]
        assert {path.name for path in directory.iterdir()} - {"build"} == {"recipes", "wasmbuild.yaml"}
        assert (tmp_path / "home/file").read_text() == "mine\n"
        assert [path.name for path in (tmp_path / "home").iterdir()] == ["file"]
        assert not list((tmp_path / "cache").rglob(".tmp-*"))
        assert sum(path.lstat().st_size for path in tmp_path.rglob("*")) < 256 << 20
        return done

    return run


HONEST = {
    "links to itself": tar(("t/a", SYM, "."), ("t/b", SYM, "."), ("t/c", SYM, ".")),
    "links to nothing": tar(("t/gone", SYM, "nowhere"), ("t/sub/gone.h", SYM, "../nowhere.h")),
    "links in a circle": tar(("t/a", SYM, "b"), ("t/b", SYM, "a")),
    "a link to a directory above": tar(("t/sub/up", SYM, "..")),
    "a hard link": tar(("t/hard.h", HARD, "t/r.h")),
    "gzip": gzip.compress(tar()),
    "bzip2": bz2.compress(tar()),
    "xz": lzma.compress(tar()),
}


@pytest.mark.parametrize("case", HONEST)
def test_an_honest_archive_is_built(case, build):
    done = build(HONEST[case])
    assert done.returncode == 0, done.stderr


def sparse_map() -> bytes:
    info = tarfile.TarInfo("t/f")
    info.size = 1 << 28
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9"}
    packer, out = gzip.GzipFile(fileobj=(held := io.BytesIO()), mode="wb"), b"0\n" * (1 << 19)
    packer.write(info.tobuf(tarfile.PAX_FORMAT) + b"999999999\n")
    for _ in range(256):
        packer.write(out)
    packer.close()
    return held.getvalue()


def long_header() -> bytes:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 1 << 33
    return gzip.compress(info.tobuf() + bytes(1 << 24))


def bomb() -> bytes:
    """Some kilobytes that are eight gigabytes, by way of a file that counts for as much as it writes."""
    names = [(f"t/{n}", HARD, "t/big") for n in range(400)]
    return gzip.compress(tar(("t/big", FILE, bytes(20 << 20)), *names))


HOSTILE = {
    "a name above": lambda: tar(("t/../../../home/file", FILE, b"x")),
    "an absolute name": lambda: tar(("/tmp/wasmbuild-hostile", FILE, b"x")),
    "a link above": lambda: tar(("t/l", SYM, "../../../home")),
    "a link out, and a file through it": lambda: tar(("t/l", SYM, "../../../home"), ("t/l/file", FILE, b"x")),
    "links that lead out together": lambda: tar(("t/a/b", SYM, "."), ("t/l", SYM, "a/b/../../../../home")),
    "a hard link out": lambda: tar(("t/l", HARD, "../home/file")),
    "a device": lambda: tar(("t/null", tarfile.CHRTYPE, "")),
    "a pipe": lambda: tar(("t/r2.c", tarfile.FIFOTYPE, "")),
    "a zip with a name above": lambda: zipped("../../home/file"),
    "a zip with a link out": lambda: zipped("t/l", link_to="../../../home"),
    "a map without an end": sparse_map,
    "a header of eight gigabytes": long_header,
    "a bomb": bomb,
    "half of an archive": lambda: gzip.compress(tar())[:-30],
    "a zip without its end": lambda: zipped("t/r.c")[:-10],
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_archive_is_refused_and_leaves_nothing(case, build):
    done = build(HOSTILE[case]())
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "nvalid argument" not in done.stderr
    assert not Path("/tmp/wasmbuild-hostile").exists()
