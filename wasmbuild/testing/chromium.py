"""Chromium without a window, and its pages, driven by its own protocol (CDP) through a pipe.

A pipe needs no library and, unlike a port, is open to nobody else on the machine. When it closes, Chromium ends: so
does this browser, however its owner ended.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

from wasmbuild.diagnostics import Diagnostic, WasmbuildError

VARIABLE = "WASMBUILD_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
)
# The pipe's ends are to be the descriptors 3 and 4.
_ON_PIPE = ("/bin/sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null', "sh")
_ANSWER_WITHIN_S = 60.0


def find_chromium() -> str:
    """The one that the environment names, else from PATH. Raises WasmbuildError where there is none."""
    named = os.environ.get(VARIABLE)
    for name in (named,) if named else _NAMES:
        path = shutil.which(name)
        if path is not None:
            return path
    searched = (("searched", named or f"PATH, for {', '.join(_NAMES)}"),)
    help_ = (f"install it, or name it in the environment: {VARIABLE}",)
    raise WasmbuildError(Diagnostic("no-chromium", "no Chromium on this machine", facts=searched, help=help_))


@contextmanager
def open_browser(program: str) -> Iterator[Browser]:
    """Raises WasmbuildError where it does not start."""
    with tempfile.TemporaryDirectory(prefix="wasmbuild-chromium-", ignore_cleanup_errors=True) as directory:
        browser = Browser(program, directory)
        try:
            try:
                browser.call("Browser.getVersion")
            except PageGone:
                facts = (("found", program), ("it said", browser.last_words() or "nothing"))
                raise WasmbuildError(Diagnostic("no-chromium", "Chromium does not start", facts=facts)) from None
            yield browser
        finally:
            browser.close()


class PageGone(Exception):
    """A page, or all of the browser, has ended: the message says how."""


class Browser:
    """A running Chromium, whose profile is in a directory that nobody else can read."""

    def __init__(self, program: str, directory: str) -> None:
        self.directory = directory
        # As root it refuses to start with its sandbox: there it is for containers.
        as_root = ("--no-sandbox",) if getattr(os, "geteuid", lambda: 1)() == 0 else ()
        command = (*_ON_PIPE, program, *_FLAGS, *as_root, f"--user-data-dir={directory}/profile", "about:blank")
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - for as long as the process lives
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, start_new_session=True
        )
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._answers: dict[int, Future[dict[str, Any]]] = {}
        self._events: dict[str, queue.SimpleQueue[dict[str, Any] | None]] = {}
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Ask for something. Raises PageGone where nobody answers any more."""
        answer = self.start(method, session, **params)
        try:
            return answer.result(_ANSWER_WITHIN_S)
        except TimeoutError:
            raise PageGone(f"Chromium does not answer to {method}") from None

    def start(self, method: str, session: str | None = None, **params: Any) -> Future[dict[str, Any]]:
        """As `call`, without waiting."""
        answer: Future[dict[str, Any]] = Future()
        message: dict[str, Any] = {"id": next(self._numbers), "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        with self._lock:
            self._answers[message["id"]] = answer
            assert self._process.stdin is not None
            try:
                if self._ended:
                    raise BrokenPipeError
                self._process.stdin.write(data)
                self._process.stdin.flush()
            except OSError:
                self._answers.pop(message["id"], None)
                answer.set_exception(PageGone(self.end()))
        return answer

    @contextmanager
    def page(self, address: str) -> Iterator[Page]:
        """A page in a context of its own, and so in a process of its own: none of another's is in it."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        try:
            target = self.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
            session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            page = Page(self, session, self._events.setdefault(session, queue.SimpleQueue()))
            page.go(address)
            yield page
        finally:
            # Whatever runs in it ends.
            with suppress(PageGone):
                self.call("Target.disposeBrowserContext", browserContextId=context)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._process.stdout.close()
        self._errors.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        parts: list[bytes] = []  # of a message that has not ended
        # read1 returns nothing only at the end.
        while chunk := self._process.stdout.read1(1 << 20):  # type: ignore[attr-defined]  # a BufferedReader
            first, *others = chunk.split(b"\0")
            parts.append(first)
            for part in others:
                self._dispatch(json.loads(b"".join(parts)))
                parts = [part]
        with self._lock:
            self._ended = True
            waiting, self._answers = self._answers, {}
            for answer in waiting.values():
                answer.set_exception(PageGone(self.end()))
            for events in self._events.values():
                events.put(None)

    def _dispatch(self, message: dict[str, Any]) -> None:
        if "id" in message:
            with self._lock:
                answer = self._answers.pop(message["id"], None)
            if answer is not None and "error" in message:
                answer.set_exception(PageGone(message["error"]["message"]))
            elif answer is not None:
                answer.set_result(message["result"])
        elif message["method"] == "Target.detachedFromTarget":
            self._events.pop(message["params"]["sessionId"], queue.SimpleQueue()).put(None)
        elif "sessionId" in message:
            self._events.setdefault(message["sessionId"], queue.SimpleQueue()).put(message)

    def end(self) -> str:
        """How it ended, where it has."""
        if not self._ended:
            return "the page was closed"
        words = self.last_words()
        return f"Chromium has ended{f': {words}' if words else ''}"

    def last_words(self) -> str:
        if self._errors.closed:
            return ""
        self._errors.seek(0)
        return (self._errors.read().decode("utf-8", "replace").strip().splitlines() or [""])[-1]


class Page:
    """A page of a browser. Its events come in order."""

    def __init__(self, browser: Browser, session: str, events: queue.SimpleQueue[dict[str, Any] | None]) -> None:
        self._browser, self.session, self._events = browser, session, events

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.call(method, self.session, **params)

    def go(self, address: str) -> None:
        """To an address, and wait until it is loaded."""
        for domain in ("Inspector", "Page", "Runtime"):
            self.call(f"{domain}.enable")
        failed = self.call("Page.navigate", url=address).get("errorText")
        if failed:
            raise PageGone(f"no page at {address}: {failed}")
        while self.event(_ANSWER_WITHIN_S)["method"] != "Page.loadEventFired":
            pass

    def event(self, timeout_s: float | None = None) -> dict[str, Any]:
        """The next. Raises queue.Empty where there is none in time, PageGone where there will be none."""
        event = self._events.get(timeout=timeout_s)
        if event is None:
            raise PageGone(self._browser.end())
        if event["method"] == "Inspector.targetCrashed":
            raise PageGone("the page's process crashed")
        return event

    def wake(self, why: str) -> None:
        """An event of ours."""
        self._events.put({"method": why})

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of JavaScript; of a promise, what it is fulfilled with."""
        return value_of(self.start_evaluating(expression).result())

    def start_evaluating(self, expression: str) -> Future[dict[str, Any]]:
        params = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        return self._browser.start("Runtime.evaluate", self.session, **params)


def value_of(answer: dict[str, Any]) -> Any:
    """What was evaluated. Raises PageGone with what was thrown."""
    thrown = answer.get("exceptionDetails")
    if thrown is not None:
        raise PageGone(thrown.get("exception", {}).get("description") or thrown["text"])
    return answer["result"].get("value")
