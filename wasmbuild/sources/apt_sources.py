"""Read apt's lists of sources, in both formats: where Debian source packages come from. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# What a mirror's own entry says about trust holds for the same mirror's source packages.
_CARRIED = {"signed-by": "Signed-By", "trusted": "Trusted", "check-valid-until": "Check-Valid-Until"}
_ONE_LINE = re.compile(r"(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*(.*)")
# A release itself: not its updates, security or backports, which have archives or suites of their own.
_RELEASE = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Mirror:
    """An archive with a `main` component; `fields` are further deb822 fields, values with their line ends."""

    uri: str
    fields: tuple[tuple[str, str], ...] = ()

    def source_entry(self, suite: str) -> str:
        """A deb822 entry that makes apt read the index of this suite's source packages."""
        lines = [f"Types: deb-src\nURIs: {self.uri}\nSuites: {suite}\nComponents: main\n"]
        lines += [f"{name}: {value}\n" for name, value in self.fields]
        return "".join(lines)


def mirrors(files: Iterable[tuple[str, str]]) -> tuple[Mirror, ...]:
    """The mirrors that apt's source files (name, text) name, each once, in their order.

    Files ending in `.sources` are in deb822 format, those ending in `.list` one entry a line; apt reads no
    others.
    """
    found: dict[str, Mirror] = {}
    for name, text in files:
        entries = _stanzas(text) if name.endswith(".sources") else _lines(text) if name.endswith(".list") else ()
        for entry in entries:
            if not _serves_releases(entry):
                continue
            fields = tuple((shown, entry[key]) for key, shown in _CARRIED.items() if key in entry)
            for uri in entry["uris"].split():
                if not uri.startswith("cdrom:"):
                    found.setdefault(uri.rstrip("/"), Mirror(uri, fields))
    return tuple(found.values())


def _serves_releases(entry: dict[str, str]) -> bool:
    return (
        entry.get("enabled", "yes").strip().lower() not in ("no", "false", "0", "off", "without", "disable")
        and "main" in entry.get("components", "").split()
        and any(_RELEASE.fullmatch(suite) for suite in entry.get("suites", "").split())
        and bool(entry.get("uris", "").strip())
    )


def _stanzas(text: str) -> Iterator[dict[str, str]]:
    stanza: dict[str, str] = {}
    key = ""
    for line in [*text.splitlines(), ""]:
        if line.startswith("#"):
            continue
        if not line.strip():
            if stanza:
                yield stanza
            stanza, key = {}, ""
        elif line[0] in " \t":
            if key:
                stanza[key] += "\n" + line
        else:
            name, _, value = line.partition(":")
            key = name.strip().lower()
            stanza[key] = value.strip()


def _lines(text: str) -> Iterator[dict[str, str]]:
    for line in text.splitlines():
        found = _ONE_LINE.fullmatch(line.partition("#")[0].strip())
        if found is None:
            continue
        _, options, uri, suite, components = found.groups()
        entry = {"uris": uri, "suites": suite, "components": components}
        for option in (options or "").split():
            name, _, value = option.partition("=")
            entry[name.lower()] = value.replace(",", " ")
        yield entry
