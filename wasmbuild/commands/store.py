"""write what was built for others to take"""

from __future__ import annotations

import argparse
from pathlib import Path

from wasmbuild.commands.options import add_common


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    export = actions.add_parser("export", help="write all built libraries of the cache, for any server of files")
    export.add_argument("to", metavar="DIR", type=Path)
    add_common(export, first=False)


def run(arguments: argparse.Namespace) -> int:
    from wasmbuild.builder.remotestore import export
    from wasmbuild.sources.store import Store

    written = list(export(Store.of_user(), arguments.to))
    if arguments.json:
        from wasmbuild.report.messages import print_json

        entries = [{"path": str(path), "size_bytes": path.stat().st_size, "new": new} for path, new in written]
        print_json({"ok": True, "entries": entries})
    elif not arguments.quiet:
        from wasmbuild.printing import printable

        new_count = sum(is_new for _, is_new in written)
        print(printable(f"{len(written)} libraries in {arguments.to}, {new_count} of them new"))
    return 0
