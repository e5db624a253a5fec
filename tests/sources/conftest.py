"""What the tests of sources share: a store in the test's own directory, and a web server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from loopback import Server, listening_server

from wasmbuild.sources.store import Store


@pytest.fixture
def server() -> Iterator[Server]:
    with listening_server() as state:
        yield state


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the machine does not see the test's own server."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
