"""One run of a test in Chromium: `python -m wasmbuild.testing.chromiumchild SITE ORDER RESULT`.

Here it is decided how the module is loaded; a page of the browser that the whole test run has carries it out, on a copy
of the files. SITE is a file with the address of `site`. When this process ends, so does the page.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wasmbuild.printing import printable
from wasmbuild.testing.child import read_order
from wasmbuild.testing.decided import decided

CRASHED = 70


def main(arguments: list[str]) -> int:
    from wasmbuild.testing.site import module_address

    site_path, order_path, result_path = arguments
    order = read_order(order_path)
    answer = decided(order)
    if "kind" in answer:
        Path(result_path).write_text(json.dumps(answer))
        return 0
    site = Path(site_path).read_text()
    directory = Path(order.directory)
    answer["module"] = module_address(site, order.module)
    answer["tree"] = list(_entries(directory, ""))
    answer["stdin"] = base64.b64encode(sys.stdin.buffer.read()).decode()
    for said in _ask(site, answer):
        if "printed" in said:
            os.write(int(said["printed"][0]), base64.b64decode(said["printed"][1:]))
        elif "crashed" in said:
            print(printable(str(said["crashed"])), file=sys.stderr)
        else:
            _write(directory, said["result"]["tree"])
            Path(result_path).write_text(said["result"]["result"])
            return 0
    return CRASHED


def _ask(site: str, order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    from wasmbuild.testing.site import RUN

    parts = urlsplit(site)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port)
    connection.request("POST", f"{parts.path}{RUN}", json.dumps(order))
    for line in connection.getresponse():
        yield json.loads(line)


def _entries(directory: Path, prefix: str) -> Iterator[tuple[str, ...]]:
    """All that is below, as javascript/webchild.mjs has it."""
    for path in sorted(directory.iterdir()):
        name = prefix + path.name
        if path.is_symlink():
            yield name, "link", str(path.readlink())
        elif path.is_dir():
            yield name, "directory"
            yield from _entries(path, f"{name}/")
        elif path.is_file():
            yield name, "file", base64.b64encode(path.read_bytes()).decode()


def _write(directory: Path, tree: list[list[Any]]) -> None:
    """Make the directory what the guest made of its copy. Nothing outside of it is touched: what a name leads through
    was made or found here to be a directory."""
    wanted = {name: is_ for name, is_, *_ in tree}
    for name, is_, *_ in reversed(list(_entries(directory, ""))):
        if wanted.get(name) != is_ or is_ == "link":
            path = directory / name
            path.rmdir() if is_ == "directory" else path.unlink()
    for name, is_, *contents in tree:
        path = directory / name
        if is_ == "directory":
            path.mkdir(exist_ok=True)
        elif is_ == "link":
            path.symlink_to(contents[0])
        elif contents[0] is not None:
            path.write_bytes(base64.b64decode(contents[0]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
