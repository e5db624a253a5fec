"""Modules are compiled before the tests that load them, and what cannot be compiled stops nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from guests import guest

from wasmbuild.loader import engine as engine_module
from wasmbuild.loader.engine import compile_all, image_of, make_engine
from wasmbuild.sources.store import Store
from wasmbuild.testing.cases import Case
from wasmbuild.testing.prepare import compile_modules


def test_what_can_be_compiled_is_whatever_stands_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Store(tmp_path / "cache")
    monkeypatch.setenv("WASMBUILD_CACHE", str(cache.root))
    (tmp_path / "text.wasm").write_text("no module")
    invalid = tmp_path / "invalid.wasm"  # decodes, but its code is none
    invalid.write_bytes(b"\0asm\1\0\0\0" + b"\1\4\1\x60\0\0" + b"\3\2\1\0" + b"\x0a\5\1\3\0\x6a\x0b")
    good = guest(tmp_path / "good.wasm")
    paths = (tmp_path / "gone.wasm", tmp_path / "text.wasm", invalid, good)
    compile_modules(tuple(Case(path.stem, None, path) for path in paths))
    (entry,) = cache.entry("compiled").iterdir()

    def refuse(*_: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(engine_module, "_compile", refuse)
    assert len(compile_all(make_engine(), [image_of(good.read_bytes())], cache)) == 1
    assert entry.suffix == ".cwasm"


def test_without_cases_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("started a process")

    monkeypatch.setattr("subprocess.run", refuse)
    compile_modules(())
    with pytest.raises(AssertionError, match="started a process"):
        compile_modules((Case("a", None, Path("a.wasm")),))
