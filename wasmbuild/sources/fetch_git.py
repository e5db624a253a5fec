"""One commit of a git repository as a tar archive that is the same wherever and whenever it is made.

Names, modes and contents come from the commit alone: `.gitattributes` is overruled (no `export-ignore`,
keyword expansion, line-end conversion or filters), members stand in the order of their names below
`source/`, and carry neither times nor owners. Submodules appear as empty directories.
"""

from __future__ import annotations

import re
from pathlib import Path

from wasmbuild.sources.download import Download, UnavailableError, find_tool, run_tool
from wasmbuild.sources.hashing import hash_file
from wasmbuild.sources.source import GitSource

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_TOP = "source"
_ATTRIBUTES = "* -export-ignore -export-subst -text -eol -ident -filter -working-tree-encoding\n"


def download_git(source: GitSource, into: Path) -> Download:
    """Fetch the commit and pack it into the directory `into`. Raises UnavailableError."""
    if not _COMMIT.fullmatch(source.commit):
        raise UnavailableError("not a full commit hash (40 or 64 lower-case hexadecimal digits)")
    if source.repository.startswith("-"):
        raise UnavailableError("not the address of a repository")
    git = find_tool("git", "a git source")
    repository = into / "repository.git"

    def run(*arguments: str) -> str:
        return run_tool(
            [git, f"--git-dir={repository}", *arguments],
            cwd=into,
            environment={
                "GIT_TERMINAL_PROMPT": "0",
                "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
                "GIT_OBJECT_DIRECTORY": str(repository / "objects"),
                "LC_ALL": "C",
            },
        )

    run("init", "--quiet", "--bare", f"--object-format={'sha1' if len(source.commit) == 40 else 'sha256'}")
    attributes = repository / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text(_ATTRIBUTES, encoding="ascii")
    try:
        run("fetch", "--quiet", "--depth=1", "--no-tags", "--", source.repository, source.commit)
    except UnavailableError:
        # Not every server hands out a commit by its hash: then the whole history has to come.
        run("fetch", "--quiet", "--no-tags", "--", source.repository, "+refs/*:refs/fetched/*")
    found = run("rev-parse", "--verify", f"{source.commit}^{{commit}}").strip()
    if found != source.commit:
        raise UnavailableError(f"{source.commit} is not a commit there")
    exported, packed = into / "exported.tar", into / "packed.tar"
    run("archive", "--format=tar", f"--output={exported}", source.commit)
    _repack(exported, packed)
    return Download(packed, hash_file(packed), source.file_name(), source.describe())


def _repack(exported: Path, packed: Path) -> None:
    import tarfile

    with (
        tarfile.open(exported, "r:") as read,
        tarfile.open(packed, "x:", format=tarfile.PAX_FORMAT) as written,
    ):
        for member in sorted(read.getmembers(), key=lambda member: member.name):
            kept = tarfile.TarInfo(f"{_TOP}/{member.name}")
            kept.type, kept.linkname, kept.size = member.type, member.linkname, member.size
            kept.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            written.addfile(kept, read.extractfile(member) if member.isreg() else None)
