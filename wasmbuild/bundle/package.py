"""What makes a bundle a package: its module, its types, its `package.json`; and the roots as the loader reads them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wasmbuild.bundle.world import MODULES, Entry, World
from wasmbuild.link.plan import plan_text

PLANS = "plans"
"""The directory in a bundle that has one for each root."""


@dataclass(frozen=True, slots=True)
class Title:
    """What a bundle says of itself."""

    name: str
    version: str = "0"
    description: str | None = None
    license: str | None = None


def plans(world: World) -> dict[str, bytes]:
    """The plan of each root, by its place in the bundle: the document, without what makes it readable."""
    documents = {plan_place(entry): json.loads(plan_text(world.plan_of(entry))) for entry in world.entries}
    return {place: json.dumps(document, separators=(",", ":")).encode() for place, document in documents.items()}


def plan_place(entry: Entry) -> str:
    return f"{PLANS}/{entry.member.file.removesuffix('.wasm')}.json"


def roots(world: World) -> dict[str, Any]:
    """The roots of a bundle: what `loader/bundled.mjs` is told."""
    written = plans(world)
    return {
        entry.name: {
            "file": f"{MODULES}/{entry.member.file}",
            "plan": {
                "path": plan_place(entry),
                "sha256": hashlib.sha256(written[plan_place(entry)]).hexdigest(),
            },
            "modules": {
                name: {"path": member.file, "sha256": member.library.sha256}
                for name, member in world.modules_of(entry).items()
            },
            "starts": [entry.plan.modules[number].name for number in sorted(entry.plan.instantiate)],
            "opens": list(entry.opens),
        }
        for entry in world.entries
    }


_INDEX = """\
// Loads what is in this bundle: `load("NAME", { … })`. index.d.mts has the names and the options.
import { loadBundled } from "./wasmbuild/loader.mjs";

export { CppException, ProcessDead, ProcessExited, Trap, WasmbuildError } from "./wasmbuild/loader.mjs";

const ROOTS = ROOTS_OF_BUNDLE;

export const roots = Object.keys(ROOTS);
export const load = (name, options) => loadBundled(new URL(".", import.meta.url), ROOTS, name, options);
"""


def index(world: World) -> str:
    """The module that users of a bundle import."""
    return _INDEX.replace("ROOTS_OF_BUNDLE", json.dumps(roots(world), indent=1))


def package_json(title: Title, to: str, files: Mapping[str, bytes]) -> str:
    """For npm, and for whatever reads packages: what is imported, its types, and what belongs to it."""
    package: dict[str, Any] = {
        "name": npm_name(title.name),
        "version": npm_version(title.version),
        **({"description": title.description} if title.description else {}),
        **({"license": title.license} if title.license else {}),
        "type": "module",
        **({"engines": {"node": ">=24.15"}} if to == "node" else {}),
        "exports": {
            ".": {"types": "./index.d.mts", "default": "./index.mjs"},
            "./package.json": "./package.json",
        },
        "types": "./index.d.mts",
        "files": sorted({place.partition("/")[0] + ("/" if "/" in place else "") for place in files}),
        "sideEffects": False,
    }
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def npm_name(name: str) -> str:
    """A name that npm takes: small letters, and none of `.` and `_` in front."""
    return re.sub(r"[^a-z0-9._-]+", "-", name.lower()).lstrip("._-")[:214] or "bundle"


def npm_version(version: str) -> str:
    """Three numbers, as npm wants them: of `1.3.1.dfsg`, 1.3.1. What stands behind them cannot be told."""
    numbers = re.match(r"\d+(?:\.\d+)*", version)
    parts = [str(int(part)) for part in numbers[0].split(".")] if numbers else []
    return ".".join([*parts, "0", "0", "0"][:3])
