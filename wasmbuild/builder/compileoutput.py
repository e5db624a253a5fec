"""What compilers print, on its way to the user: the same error in many sources is shown three times and then counted,
and what can be helped gets a finding at the end. What findings are made of is imported when something is wrong: it
takes longer than ninja does where one source was changed."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

TYPE_CHECKING = False  # see runninja
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wasmbuild.builder.linkspec import LinkSpec
    from wasmbuild.diagnostics import Diagnostic
    from wasmbuild.explain.missing import Lack

_ORDER = "link.json"
"""What the graph writes into each target's directory of objects."""

_SHOWN = 3
"""Sources that are shown of each error."""

_MOST_SHOWN = 20
"""Sources that are shown of all errors together: nobody reads more at once."""

_COLOR = re.compile("\x1b\\[[0-9;]*[mK]")
_ERROR = re.compile(r"^(?:(?P<place>.+?:\d+:\d+): )?(?:\S+: )?(?P<said>(?:fatal )?error: .*)$")
_HEADER = re.compile(r"fatal error: '(.+)' file not found$")
_UNDECLARED = re.compile(r"error: (?:call to undeclared (?:library )?function|use of undeclared identifier) '(\w+)'")
_EMULATION = re.compile(r"-D(_WASI_EMULATED_\w+)")


class CompilerOutput:
    """Of one run of ninja. The lines come in ninja's order: of each command its title, then whether it failed, then all
    that it printed."""

    def __init__(self, tree: Path, build: Path, verbose: bool, hide_warnings: bool) -> None:
        self.tree, self.build = tree, build
        self.verbose, self.hide_warnings = verbose, hide_warnings
        self._title = ""
        self._source = ""
        """What was not compiled; nothing while a command has not failed, or is no compiler."""
        self._target: Path | None = None
        """The directory of the target that it is of."""
        self._held: list[str] = []
        """What was printed before the first error, which decides whether it is shown."""
        self._shows: bool | None = None
        self._sources: dict[str, dict[str, bool]] = {}
        """By first error: the sources that have it, and whether they were shown."""
        self._places: set[str] = set()
        self._failed: dict[Path, list[str]] = {}
        self._headers: dict[tuple[str, Path], dict[str, str]] = {}
        """By header and target: places, and the source that was compiled."""
        self._undeclared: dict[Lack, dict[str, list[str]]] = {}
        self._emulated: dict[str, list[str]] = {}

    def begin(self, title: str) -> str:
        """A command's title. Returns what is to be shown before."""
        rest = "".join(self._held)
        self._title, self._source, self._target, self._held, self._shows = title, "", None, [], None
        return rest

    def fail(self, output: str) -> None:
        """The command failed to make this."""
        if not output.endswith(".o"):
            return
        self._source = output
        self._target = next((path for path in (self.tree / output).parents if (path / _ORDER).is_file()), None)
        if self._target is not None:
            objects = _order(self._target).objects
            self._source = next((source for path, source in objects if path == output), output)
            self._failed.setdefault(self._target, []).append(self._source)

    def line(self, text: str) -> str:
        """A line that the command printed. Returns what is to be shown now."""
        if not self._source:
            of_compiler = self._title.startswith("compile ") and not text.startswith("ninja: ")
            return "" if self.hide_warnings and not self.verbose and of_compiler else text
        error = _ERROR.match(_COLOR.sub("", text).rstrip("\n"))
        if error is not None:
            self._learn(error["place"] or self._source, error["said"])
        if self.verbose or self._shows:
            return text
        if self._shows is False:
            return ""
        self._held.append(text)
        if error is None:
            return ""
        self._shows = self._is_new(error["place"], error["said"])
        held, self._held = self._held, []
        return "".join(held) if self._shows else ""

    def end(self) -> str:
        """After the last line: what is still to be shown, and how often what was not."""
        text, others = self.begin(""), 0
        for said, sources in self._sources.items():
            more = list(sources.values()).count(False)
            if more == len(sources):
                others += more
            elif more:
                text += f"and {_files(more)}: {said}\n"
        if others:
            text += f"and {_files(others)} with other errors; -v shows all\n"
        return text + ("\n" if self._failed else "")

    def findings(self) -> Iterator[Diagnostic]:
        """What can be helped, then what was not built for it."""
        if not (self._failed or self._undeclared or self._emulated):
            return
        from wasmbuild.diagnostics import Diagnostic
        from wasmbuild.explain.missing import missing

        for (header, target), places in self._headers.items():
            yield self._missing_header(header, target, places)
        for lack, names in self._undeclared.items():
            places_of_all = [place for found in names.values() for place in found]
            yield missing(lack, list(names), (("used at", _listed(places_of_all)),))
        for macro, found in self._emulated.items():
            yield Diagnostic(
                "needs-emulation",
                f"WASI preview 1 has an emulation of it only, and `{macro}` turns that on",
                facts=(("included by", _listed(found)),),
                help=(f"write `defines: {{{macro}: null}}`; it is in libc.so, so there is nothing to link",),
            )
        for target, sources in self._failed.items():
            what = f"{len(sources)} of its sources do" if len(sources) > 1 else f"{sources[0]} does"
            yield Diagnostic(
                "compile-failed",
                f"{_name(target)} is not built: {what} not compile",
                facts=(("sources", _listed(sources)),) if len(sources) > 1 else (),
            )

    def _learn(self, place: str, said: str) -> None:
        if (header := _HEADER.search(said)) and self._target is not None:
            self._headers.setdefault((header[1], self._target), {}).setdefault(place, self._source)
        elif (name := _UNDECLARED.match(said)) and (lack := _lacking(name[1])):
            self._undeclared.setdefault(lack, {}).setdefault(name[1], []).append(place)
        elif macro := _EMULATION.search(said):
            self._emulated.setdefault(macro[1], []).append(self._source)

    def _is_new(self, place: str | None, said: str) -> bool:
        """Whether the error is to be shown: at each place once, each error three times. Counts it."""
        if any(self._source in sources for sources in self._sources.values()):
            return False  # it is a source of two targets
        sources = self._sources.setdefault(said, {})
        shown = [shown for each in self._sources.values() for shown in each.values()]
        new = len(sources) < _SHOWN and shown.count(True) < _MOST_SHOWN and f"{place}: {said}" not in self._places
        sources[self._source] = new
        self._places.add(f"{place}: {said}")
        return new

    def _missing_header(self, header: str, target: Path, places: dict[str, str]) -> Diagnostic:
        from wasmbuild.builder.headers import advice
        from wasmbuild.diagnostics import Diagnostic

        source = next(iter(places.values()))
        help_ = advice(header, source, _order(target), self.tree, self.build, Path.cwd())
        facts = (("included at", _listed(places)), ("compiling", _name(target)))
        return Diagnostic("missing-header", f"no such header: `{header}`", facts=facts, help=help_)


def _lacking(name: str) -> Lack | None:
    from wasmbuild.explain.missing import lacking

    return lacking(name)


@cache
def _order(target: Path) -> LinkSpec:
    from wasmbuild.builder.linkspec import read_link_spec

    return read_link_spec(target / _ORDER)


def _name(target: Path) -> str:
    return f"{target.name.partition('-')[0]} `{_order(target).name}`"


def _listed(places: Iterable[str]) -> str:
    """In an order that does not depend on which compiler was done first."""
    from wasmbuild.explain.references import listed

    return listed(sorted(set(places)), "\n")


def _files(count: int) -> str:
    return f"{count} more file{'' if count == 1 else 's'}"
