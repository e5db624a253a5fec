"""serve a bundle to a browser of this machine"""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path

PORT = 8000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", metavar="DIR", type=Path, help="the directory")
    parser.add_argument("--port", type=port, metavar="N", help=f"where it listens (default: {PORT}, else any)")


def port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"must be a number, 0 to 65535, not `{text}`")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Serve until it is interrupted."""
    from wasmbuild.bundle.server import ADDRESS, make_server
    from wasmbuild.diagnostics import Diagnostic, WasmbuildError
    from wasmbuild.printing import printable

    directory = arguments.bundle
    if not directory.is_dir():
        raise WasmbuildError(Diagnostic("no-such-directory", f"no such directory: `{directory}`"))
    try:
        server = make_server(directory, PORT if arguments.port is None else arguments.port)
    except OSError:
        if arguments.port is not None:
            raise
        server = make_server(directory, 0)
    with server:
        print(f"http://{ADDRESS}:{server.server_port}/ serves {printable(str(directory))}; Ctrl-C ends it", flush=True)
        with suppress(KeyboardInterrupt):
            server.serve_forever()
    return 0
