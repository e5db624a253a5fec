"""A server for trying out a bundle: files of one directory, for this machine alone."""

from __future__ import annotations

import http.server
import os
import socketserver
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

ADDRESS = "127.0.0.1"

_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""What a browser of this machine calls us. Another name is another site's, which leads here to read what is here."""


class Handler(http.server.SimpleHTTPRequestHandler):
    """GET and HEAD. Nothing outside of the directory is given out, whatever links lie in it, and no list of files."""

    protocol_version = "HTTP/1.1"
    server_version = "wasmbuild"
    sys_version = ""
    extensions_map = {  # noqa: RUF012 - the class that it comes from has it so
        "": "application/octet-stream",
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".mjs": "text/javascript; charset=utf-8",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".mts": "text/plain; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
    }

    def send_head(self) -> Any:
        host = self.headers.get("Host", "").rpartition(":")
        if (host[0] or host[2]) not in _NAMES:
            return self.send_error(HTTPStatus.FORBIDDEN, "this server is for 127.0.0.1 alone")
        # Whoever tries a bundle out wants to see the one that he made last.
        for name in ("If-Modified-Since", "If-None-Match"):
            del self.headers[name]
        root, path = os.path.realpath(self.directory), os.path.realpath(self.translate_path(self.path))
        if path != root and not path.startswith(root + os.sep):
            return self.send_error(HTTPStatus.NOT_FOUND)
        return super().send_head()

    def list_directory(self, path: Any) -> Any:
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        # A page that is apart from all others may share memory with its workers.
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


def make_server(directory: Path, port: int) -> Server:
    """It listens, on this machine's own address. Raises OSError where the port is taken; 0 takes any."""
    return Server((ADDRESS, port), partial(Handler, directory=str(directory)))
