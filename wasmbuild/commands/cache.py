"""show or empty the cache"""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from wasmbuild.commands.options import add_common

if TYPE_CHECKING:
    from wasmbuild.sources.housekeeping import Folder


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    info = actions.add_parser("info", help="what is in it, and how large that is")
    clean = actions.add_parser("clean", help="remove what is in it; all of it can be had or made again")
    clean.add_argument(
        "--older-than", dest="age_s", metavar="AGE", type=_age_s, default=0,
        help="only what was not made or used for so long: 12h, 30d, 8w",
    )  # fmt: skip
    for action in (info, clean):
        add_common(action, first=False)


_UNITS_S = {"h": 60 * 60, "d": 24 * 60 * 60, "w": 7 * 24 * 60 * 60}


def _age_s(text: str) -> int:
    match = re.fullmatch(r"(\d{1,6})([hdw])", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"must be a number with h, d or w, as in `30d`, not `{text}`")
    return int(match[1]) * _UNITS_S[match[2]]


def run(arguments: argparse.Namespace) -> int:
    from wasmbuild.report.messages import print_json
    from wasmbuild.sources.housekeeping import clean, look
    from wasmbuild.sources.store import Store

    store = Store.of_user()
    cleaning = arguments.action == "clean"
    folders = clean(store, arguments.age_s) if cleaning else look(store)
    size_bytes = sum(folder.size_bytes for folder in folders)
    if arguments.json:
        entries = [{"name": f.name, "entries": f.entries, "size_bytes": f.size_bytes} for f in folders]
        print_json({"ok": True, "cache": str(store.root), "size_bytes": size_bytes, "folders": entries})
    elif not arguments.quiet:
        _print(folders, size_bytes, f"removed from {store.root}" if cleaning else str(store.root))
    return 0


def _print(folders: list[Folder], size_bytes: int, title: str) -> None:
    from wasmbuild.printing import printable

    print(printable(title))
    for folder in folders:
        print(printable(f"  {folder.name:14} {folder.entries:6} entries  {_shown(folder.size_bytes):>9}"))
    total = sum(folder.entries for folder in folders)
    print(printable(f"  {'all':14} {total:6} entries  {_shown(size_bytes):>9}"))


def _shown(size_bytes: int) -> str:
    return f"{size_bytes / (1 << 20):.1f} MiB"
