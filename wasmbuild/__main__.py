"""The entry point: `wasmbuild` and `python -m wasmbuild`."""

from __future__ import annotations

import os
import sys


def main() -> int:
    from wasmbuild.cli import main as run

    status = run(sys.argv[1:])
    if "wasmtime" in sys.modules:
        # Taking a process and its engine apart takes longer than its start; the system does it at once.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


if __name__ == "__main__":
    sys.exit(main())
