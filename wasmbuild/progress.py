"""How long work tells of itself. Everything above `report` speaks to this; `report` puts it on a terminal."""

from __future__ import annotations

from typing import Protocol

from wasmbuild.diagnostics import Diagnostic


class Progress(Protocol):
    def step(self, title: str, done: int = 0, total: int | None = None) -> None:
        """The work now going on; called again with the same title as it advances."""

    def output(self, text: str) -> None:
        """Text of a tool (clang's warnings and errors), to be shown as it is."""

    def diagnostic(self, diagnostic: Diagnostic) -> None:
        """A finding that does not end the work, or one of several that do."""

    def note(self, text: str) -> None:
        """A line that tells what happened, such as which libraries were built."""


class Silent:
    """Tells nobody."""

    def step(self, title: str, done: int = 0, total: int | None = None) -> None: ...

    def output(self, text: str) -> None: ...

    def diagnostic(self, diagnostic: Diagnostic) -> None: ...

    def note(self, text: str) -> None: ...


class UnderOneTitle:
    """Steps, of which there are many that nobody asked for, as the one work that they are."""

    def __init__(self, progress: Progress, title: str) -> None:
        self.progress, self.title = progress, title

    def step(self, title: str, done: int = 0, total: int | None = None) -> None:
        self.progress.step(self.title, done, total)

    def output(self, text: str) -> None:
        self.progress.output(text)

    def diagnostic(self, diagnostic: Diagnostic) -> None:
        self.progress.diagnostic(diagnostic)

    def note(self, text: str) -> None:
        self.progress.note(text)
