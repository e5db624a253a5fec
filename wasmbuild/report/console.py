"""Progress on standard error: a bar on a terminal, plain lines without one. The only importer of rich.

A build waits for this before it starts ninja, so it imports next to nothing until there is something to show."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager

from wasmbuild.printing import printable
from wasmbuild.report.messages import format_message, use_color

TYPE_CHECKING = False  # see build.runninja
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from wasmbuild.diagnostics import Diagnostic

_COLOURS = re.compile("(\x1b\\[[0-9;]*[mK])")


@contextmanager
def progress_for(arguments: argparse.Namespace) -> Iterator[Recorder]:
    """The progress that the command line's options ask for; the bar is gone when the block ends."""
    color = use_color(arguments.color, sys.stderr)
    terminal = sys.stderr.isatty() and not arguments.quiet
    shown: Lines | Terminal = Terminal(color) if terminal else Lines(color, arguments.quiet)
    try:
        yield Recorder(shown)
    finally:
        shown.close()


class Recorder:
    """Passes everything on and remembers what a command wants to know at its end."""

    def __init__(self, shown: Lines | Terminal) -> None:
        self.shown = shown
        self.diagnostics: list[Diagnostic] = []
        self.worked = False

    def step(self, title: str, done: int = 0, total: int | None = None) -> None:
        self.worked = True
        self.shown.step(printable(title), done, total)

    def output(self, text: str) -> None:
        self.shown.write(tool_output(text))

    def diagnostic(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)
        self.shown.write(format_message(diagnostic, self.shown.color) + "\n\n")

    def note(self, text: str) -> None:
        self.shown.note(printable(text))


def tool_output(text: str) -> str:
    """What a compiler printed, which may repeat names and lines of files as they are: of escapes, colours stay."""
    parts = _COLOURS.split(text)
    return "".join(part if _COLOURS.fullmatch(part) else _printable_lines(part) for part in parts)


def _printable_lines(text: str) -> str:
    return "\n".join(map(printable, text.split("\n")))


class Lines:
    """Without a terminal: a line for each step."""

    def __init__(self, color: bool, quiet: bool) -> None:
        self.color, self.quiet = color, quiet
        self.last = ""

    def step(self, title: str, done: int, total: int | None) -> None:
        if title == self.last or self.quiet:
            return
        self.last = title
        count = f"[{done}/{total}] " if done and total is not None else ""
        print(f"{count}{title}", file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        if not self.quiet:
            print(text, file=sys.stderr, flush=True)

    def write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()

    def close(self) -> None:
        pass


class Terminal:
    """On a terminal: one bar at the bottom, made when there is something to show."""

    def __init__(self, color: bool) -> None:
        self.color = color
        self.bar: Bar | None = None
        self.task: TaskID | None = None

    def step(self, title: str, done: int, total: int | None) -> None:
        if self.bar is None:
            self._open()
        assert self.bar is not None
        if self.task is None:
            self.task = self.bar.add_task(title, total=total, completed=done)
        self.bar.update(self.task, description=_shortened(title), completed=done, total=total)

    def note(self, text: str) -> None:
        self.write(text + "\n")

    def write(self, text: str) -> None:
        if self.bar is not None:
            # Straight through: the text has its own colours, and must not be wrapped or reformatted.
            self.bar.stop()
            sys.stderr.write(text)
            sys.stderr.flush()
            self.bar.start()
        else:
            sys.stderr.write(text)
            sys.stderr.flush()

    def close(self) -> None:
        if self.bar is not None:
            self.bar.stop()

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        console = Console(stderr=True, no_color=not self.color, highlight=False)
        columns = (
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
        )
        self.bar = Bar(*columns, console=console, transient=True)
        self.bar.start()


def _shortened(title: str) -> str:
    from rich.markup import escape

    return escape(title if len(title) <= 60 else f"{title[:29]}…{title[-30:]}")
