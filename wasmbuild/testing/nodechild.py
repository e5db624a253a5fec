"""One run of a test in Node: `python -m wasmbuild.testing.nodechild NODE ORDER RESULT`.

Here it is decided how the module is loaded; then this process becomes Node, which carries it out.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from wasmbuild.manifest.recipes import shipped
from wasmbuild.sources.cacheroot import cache_path
from wasmbuild.testing.child import read_order
from wasmbuild.testing.decided import decided, plain_order

if TYPE_CHECKING:
    from wasmbuild.loader.options import ProcessOptions

PROGRAM = "javascript/child.mjs"


def main(arguments: list[str]) -> int:
    node, order_path, result_path = arguments
    order = read_order(order_path)
    answer = decided(order)
    if "kind" in answer:
        Path(result_path).write_text(json.dumps(answer))
    else:
        place = f"{order_path}.json"
        Path(place).write_text(json.dumps({**answer, "directories": [("/", order.directory)]}))
        _become(node, place, result_path)
    return 0


def _become(node: str, *arguments: str) -> NoReturn:
    os.execv(node, [node, str(shipped(PROGRAM)), *arguments])


def run_program(node: str, path: Path, options: ProcessOptions, shown: str) -> NoReturn:
    """Become Node, which runs a program and ends as it does. Raises WasmbuildError for what does not fit."""
    from wasmbuild.diagnostics import WasmbuildError
    from wasmbuild.loader.program import link_file, no_program

    world, linked = options.world, link_file(path, options)
    plan = linked.plan
    if plan.start is None:
        raise WasmbuildError(no_program(plan))
    # Where Python found libraries beside the compiler, what the program opens finds them too.
    places = dict.fromkeys(Path(linked.path(number)).parent for number in range(len(plan.modules)))
    cached = [str(place) for place in places if place.is_relative_to(cache_path())]
    order = {
        **plain_order(path, plan),
        "shown": shown,
        "arguments": world.arguments[1:],
        "environment": world.environment,
        "directories": [(guest, str(place)) for place, guest in world.directories],
        "libraries": [*map(str, options.library_path), *cached],
        "terminal": os.isatty(1),
    }
    # It has no name, so nobody need remove it.
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(order).encode())
        file.seek(0)
        os.set_inheritable(file.fileno(), True)
        _become(node, str(file.fileno()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
