"""Works that go on side by side, each in a thread, and their progress as one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.progress import Progress

_END_S = 5
"""After an interrupt, threads get this long to take away what they have half done."""


class Stopped(Exception):
    """In one of the threads: what it waits for will not be, or nobody waits for it any more. Never seen outside."""


def do_all(works: Mapping[str, Callable[[], None]], whole: Together) -> None:
    """Do all works. After a failure what is under way is brought to its end, but nothing more is begun; then raises all
    errors of what failed, in the order of `works`, or the first exception that is no WasmbuildError."""
    failed = dict[str, BaseException]()

    def run(name: str) -> None:
        try:
            works[name]()
        except Stopped:
            pass
        except BaseException as error:  # it belongs to who waits
            failed[name] = error
            whole.has_failed = True

    threads = [threading.Thread(target=run, args=(name,), name=name, daemon=True) for name in works]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    except BaseException:
        whole.is_interrupted = True
        for thread in threads:
            if thread.ident is not None:
                thread.join(_END_S)
        raise
    errors = [failed[name] for name in works if name in failed]
    for error in errors:
        if not isinstance(error, WasmbuildError):
            raise error
    # What is of the machine, such as a full disk, is said once.
    found = {(each.code, each.headline): each for error in errors for each in getattr(error, "diagnostics", ())}
    if found:
        raise WasmbuildError(*found.values())


class Together:
    """Their progress: how many of the commands of all are done, and what is done just now."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.lock = threading.Lock()
        self.commands: dict[str, tuple[int, int]] = {}
        """Done, and to be done."""
        self.has_failed = self.is_interrupted = False

    def begin(self) -> None:
        """Before anything that takes its time. Raises Stopped when nothing more is to be begun."""
        if self.has_failed or self.is_interrupted:
            raise Stopped


class Part:
    """The progress of one of them, in its thread. What one command prints stays together."""

    def __init__(self, whole: Together, name: str, counts: bool) -> None:
        self.whole, self.name = whole, name
        self.counts = counts
        """Its steps are commands. Others, such as bytes that are fetched, are not counted while there are any."""
        self._held: list[str] = []

    def step(self, title: str, done: int = 0, total: int | None = None) -> None:
        whole = self.whole
        with whole.lock:
            if whole.is_interrupted:  # the last word is somebody else's
                raise Stopped
            self._flush()
            if self.counts and total is not None:
                whole.commands[self.name] = (done, total)
                title = f"{self.name}: {title}"
            if whole.commands:
                done, total = map(sum, zip(*whole.commands.values(), strict=True))
            whole.progress.step(title, done, total)

    def output(self, text: str) -> None:
        self._held.append(text)

    def diagnostic(self, diagnostic: Diagnostic) -> None:
        with self.whole.lock:
            self._flush()
            self.whole.progress.diagnostic(diagnostic)

    def note(self, text: str) -> None:
        with self.whole.lock:
            self._flush()
            self.whole.progress.note(text)

    def end(self) -> None:
        with self.whole.lock:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            self.whole.progress.output("".join(self._held))
            self._held.clear()
