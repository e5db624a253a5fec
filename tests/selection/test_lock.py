"""wasmbuild.lock: what is in it, how it differs, and locks that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.reader import Document, decode_document
from wasmbuild.manifest.recipes import find_recipes
from wasmbuild.manifest.schema import Manifest
from wasmbuild.selection.known import resolve
from wasmbuild.selection.lock import Lock, changes, lock_of, lock_text, locked_versions, read_lock

RECIPE = """\
name: z
version: "1.10"
source: [{{url: "https://a", sha256: "{0}"}}, {{git: "https://b", commit: "{1}"}}]
components: {{more: [{{url: "https://c", sha256: "{0}"}}]}}
libraries: {{z: {{sources: [z.c]}}}}
options: {{fast: {{with: {{defaults: {{cflags: [-O3]}}}}}}, zip: {{default: true}}}}
""".format("e" * 64, "1234567890" * 4)


def document(requires: str = "[z]", name: str = "x") -> Document[Manifest]:
    return decode_document(f"name: {name}\nrequires: {requires}".encode(), "wasmbuild.yaml", Manifest)


def locked(root: Path, requires: str = "[z]", recipe: str = RECIPE, toolchain: str = "zig: 1") -> Lock:
    (root / "z").mkdir(exist_ok=True)
    (root / "z" / "recipe.yaml").write_text(recipe)
    required = resolve(document(requires), find_recipes((root,)))
    return lock_of(document(requires), required, toolchain)


def test_it_can_be_read_by_people_and_by_us(tmp_path: Path) -> None:
    lock = locked(tmp_path)
    text = lock_text(lock)
    assert text.splitlines()[1:] == [
        "format: 1",
        "project: x",
        'toolchain: "zig: 1"',
        "recipes:",
        "  z:",
        '    version: "1.10"',
        f'    revision: "{lock.recipes["z"].revision}"',
        "    options:",
        "      fast: false",
        "      zip: true",
        "    source:",
        f'      - "{"e" * 64}"',
        f'      - "{"1234567890" * 4}"',
    ]
    (tmp_path / "wasmbuild.lock").write_text(text)
    read = read_lock(tmp_path / "wasmbuild.lock", document())
    assert read is not None
    assert read.value == lock
    assert locked_versions(read) == {"z": "1.10"}
    assert read_lock(tmp_path / "other.lock", document()) is None


def test_a_project_that_requires_nothing_has_a_lock_too(tmp_path: Path) -> None:
    (tmp_path / "wasmbuild.lock").write_text(lock_text(locked(tmp_path, "[]")))
    read = read_lock(tmp_path / "wasmbuild.lock", document())
    assert read is not None
    assert read.value.recipes == {}


@pytest.mark.parametrize(
    ("requires", "recipe", "toolchain", "said"),
    [
        ("[z]", RECIPE, "zig: 1", []),
        ("[z]", RECIPE + "# a comment\ndescription: nothing is built of this\n", "zig: 1", []),
        ("[z]", RECIPE, "zig: 2", ["toolchain: zig: 1, now zig: 2"]),
        ("[]", RECIPE, "zig: 1", ["z is gone"]),
        ("[z]", RECIPE.replace("1.10", "1.11"), "zig: 1", ["z: 1.10, now 1.11"]),
        ("[{name: z, options: {zip: false}}]", RECIPE, "zig: 1",
         ["options of z: {fast: false, zip: true}, now {fast: false, zip: false}"]),
        ("[z]", RECIPE.replace("e" * 64, "f" * 64), "zig: 1",
         [f"source of z: {'e' * 64} or {'1234567890' * 4}, now {'f' * 64} or {'1234567890' * 4}"]),
    ],
)  # fmt: skip
def test_what_differs_is_named(tmp_path: Path, requires: str, recipe: str, toolchain: str, said: list[str]) -> None:
    before = locked(tmp_path)
    assert [str(change) for change in changes(before, locked(tmp_path, requires, recipe, toolchain))] == said


def test_an_edited_recipe_and_a_new_one_are_named(tmp_path: Path) -> None:
    (edited,) = changes(locked(tmp_path), locked(tmp_path, recipe=RECIPE.replace("[z.c]", "[z.c, y.c]")))
    assert edited.label == "recipe of z"
    (new,) = changes(locked(tmp_path, "[]"), locked(tmp_path))
    assert str(new) == "z is new: 1.10"


def refused(root: Path, text: str | bytes) -> Diagnostic:
    (root / "wasmbuild.lock").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(WasmbuildError) as caught:
        read_lock(root / "wasmbuild.lock", document())
    (finding,) = caught.value.diagnostics
    return finding


@pytest.mark.parametrize(
    ("old", "new", "code", "at", "headline"),
    [
        ("format: 1", "format: 2", "lock-format", "1:1", "has a format that this wasmbuild does not know: 2"),
        ("project: x", "project: y", "lock-project", "3:10", "is that of another project: `y`"),
        ("project: x", "<<<<<<< mine\nproject: x\n=======\nproject: x\n>>>>>>> theirs", "lock-merge", "3:1", "merged"),
        ("    version", "  version", "lock-damaged", "8:5", "is damaged: "),
        ("    version", "    vresion", "lock-damaged", "7:5", "unknown key in `recipes.z`: `vresion`"),
        ("fast: false", "fast: 5", "lock-damaged", "10:13", "must be true or false"),
        ("format: 1", "", "lock-damaged", "1:1", "lacks the key `format`"),
    ],
)
def test_a_lock_that_is_none_is_refused_with_what_to_do(
    tmp_path: Path, old: str, new: str, code: str, at: str, headline: str
) -> None:
    text = lock_text(locked(tmp_path))
    assert old in text
    finding = refused(tmp_path, text.replace(old, new))
    assert (finding.code, str(finding.at).partition(":")[0]) == (code, "wasmbuild.lock")
    assert headline in finding.headline
    assert "`wasmbuild lock --update` writes it anew" in finding.help[0]
    if code != "lock-damaged" or "key" not in headline:
        assert str(finding.at) == f"wasmbuild.lock:{at}"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\0", b"[]", b"- 1\n", b"format: [1]\n", b"\0" * 100])
def test_any_bytes_are_refused(tmp_path: Path, data: bytes) -> None:
    assert refused(tmp_path, data).code in ("lock-damaged", "lock-format")
