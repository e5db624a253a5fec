"""The entry point: `wasmbuild` and `python -m wasmbuild`."""

from __future__ import annotations

import os
import sys


def main() -> int:
    from wasmbuild.cli import main as run

    status = run(sys.argv[1:])
    if "wasmtime" in sys.modules:
        # Taking a process and its engine apart takes longer than its start; the system does it at once.
        for stream in (sys.stdout, sys.stderr):
            try:
                if stream is not None:  # it was closed by whoever started us
                    stream.flush()
            except OSError:
                status = status or 1
        os._exit(status & 0xFF)
    return status


if __name__ == "__main__":
    sys.exit(main())
