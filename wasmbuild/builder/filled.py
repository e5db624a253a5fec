"""Files that a recipe describes instead of having them: templates of upstream's with values put in, headers of macros.

What upstream's configure would make of `config.h.in`, without running it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase

from wasmbuild.diagnostics import Diagnostic, WasmbuildError, did_you_mean
from wasmbuild.manifest.reader import Document, Where
from wasmbuild.manifest.schema import Manifest, Scalar

_PLACE = re.compile(rb"@([A-Za-z_][A-Za-z0-9_]*)@")


def macros(document: Document[Manifest], where: Where, defines: Mapping[str, Scalar | None]) -> dict[str, str | None]:
    """The macros that stand there, each with its value as it was written; true is 1, false is 0."""
    found: dict[str, str | None] = {}
    for name, value in defines.items():
        if value is None:
            found[name] = None
        elif isinstance(value, bool):
            found[name] = str(int(value))
        else:
            found[name] = document.texts.get((*where, name), str(value))
    return found


def header(defines: Mapping[str, str | None]) -> bytes:
    """A header that defines macros."""
    lines = [f"#define {name}" if value is None else f"#define {name} {value}" for name, value in defines.items()]
    return "".join(f"{line}\n" for line in lines).encode()


def fill(template: bytes, values: Mapping[str, str], document: Document[Manifest], where: Where) -> bytes:
    """The template with each `@NAME@` replaced by its value: the first whose key is that name, or matches it. Raises
    WasmbuildError for names without a value, and for values that nothing asks for."""
    wanted = dict.fromkeys(match.decode() for match in _PLACE.findall(template))
    found, used = {}, set()
    for name in wanted:
        key = next((key for key in values if fnmatchcase(name, key)), None)
        if key is not None:
            used.add(key)
            found[name] = values[key]
    problems = []
    if lacking := [f"`{name}`" for name in wanted if name not in found]:
        said = f"no value for {', '.join(lacking)}"
        problems.append(Diagnostic("template-value", said, document.at(*where, "values"), help=("`values` has them",)))
    for key in values:
        if key not in used:
            near = did_you_mean(key, wanted)
            help_ = (f"did you mean `{near}`?",) if near else ()
            said = f"`@{key}@` is not in the template"
            problems.append(Diagnostic("template-value", said, document.at(*where, "values", key), help=help_))
    if problems:
        raise WasmbuildError(*problems)
    return _PLACE.sub(lambda match: found[match[1].decode()].encode(), template)
