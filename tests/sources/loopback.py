"""A web server on this machine that says what a test tells it to."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Server:
    """Answers `pages` (path to bytes, a status, or where to redirect to) and remembers what was asked."""

    address: str = ""
    pages: dict[str, bytes | int | str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    shorten_by_bytes: int = 0


@contextmanager
def listening_server() -> Iterator[Server]:
    state = Server()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append((self.path, dict(self.headers.items())))
            page = state.pages.get(self.path, 404)
            if isinstance(page, int):
                self.send_error(page)
            elif isinstance(page, str):
                self.send_response(302)
                self.send_header("Location", page)
                self.end_headers()
            else:
                self.send_response(200)
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page[: len(page) - state.shorten_by_bytes])

        def log_message(self, *_arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        state.address = f"http://127.0.0.1:{listening.server_address[1]}"
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
        thread.start()
        yield state
        listening.shutdown()
        thread.join()
