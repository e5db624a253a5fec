"""The entry point: `wasmbuild` and `python -m wasmbuild`."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    from wasmbuild.cli import main as run

    status = run(sys.argv[1:])
    # Taking a process apart takes longer than its start where it has imported much; the system does it at once.
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:  # it was closed by whoever started us
                stream.flush()
        except OSError:
            status = status or 1
    os._exit(status & 0xFF)


if __name__ == "__main__":
    main()
