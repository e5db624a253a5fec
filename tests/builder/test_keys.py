"""Keys of what is built."""

from __future__ import annotations

import pytest

from wasmbuild.builder import keys


def test_what_builds_is_in_every_key(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(keys, "hash_file", lambda path: seen.append(path.name) or "0")
    keys.builder_identity.cache_clear()
    keys.builder_identity()
    keys.builder_identity.cache_clear()
    assert {"linkstep.py", "interface.py", "encode.py", "setjmp.h", "requirements.py"} <= set(seen)
