"""What a recipe tells upstream's build system: options of the kinds that say how, and none that say where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from wasmbuild.diagnostics import Diagnostic
from wasmbuild.manifest.reader import Document
from wasmbuild.manifest.schema import Manifest

_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*=[^\x00-\x1f\x7f]*"
_OPTIONS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "cmake": (re.compile(r"-D[A-Za-z_][A-Za-z0-9_.-]*(:[A-Z]+)?=[^\x00-\x1f\x7f]*"), "`-DNAME=VALUE`"),
    "meson": (re.compile(r"-D[a-z][A-Za-z0-9_:.-]*=[^\x00-\x1f\x7f]*"), "`-DNAME=VALUE`"),
    "autotools": (
        re.compile(rf"--[a-z][A-Za-z0-9_-]*(=[^\x00-\x1f\x7f]*)?|{_VARIABLE}"),
        "`--with-NAME`, `--enable-NAME` or `NAME=VALUE`",
    ),
    "make": (re.compile(_VARIABLE), "`NAME=VALUE`"),
}
_OURS = re.compile(
    r"(-D)?(CMAKE_(TOOLCHAIN_FILE|INSTALL_\w+|[A-Z]+_COMPILER)|DESTDIR|prefix|libdir|CC|CXX|AR|RANLIB)(:[A-Z]+)?="
    r"|--(prefix|exec-prefix|libdir|includedir|host|build|srcdir)(=|$)"
)
"""Where things are and what they are built with is ours to say."""

_TARGET = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_./+-]*")


def check_build(document: Document[Manifest]) -> Iterator[Diagnostic]:
    build = document.value.build
    if build is None:
        return
    if build.system is None:
        said = "`build` says no `system`"
        yield Diagnostic("missing-key", said, document.at("build"), help=(f"write one of {', '.join(_OPTIONS)}",))
        return
    form, said = _OPTIONS[build.system]
    for i, option in enumerate(build.options):
        at = document.at("build", "options", i)
        if _OURS.match(option):
            yield Diagnostic(
                "build-option", f"where and with what it is built is not a recipe's to say: `{option}`", at
            )
        elif not form.fullmatch(option):
            yield Diagnostic("build-option", f"no option for {build.system}: `{option}`", at, help=(f"write {said}",))
    for i, target in enumerate(build.targets):
        if not _TARGET.fullmatch(target):
            yield Diagnostic(
                "build-option", f"not the name of a target: `{target}`", document.at("build", "targets", i)
            )
    parts = PurePosixPath(build.directory or ".").parts
    if ".." in parts or parts[:1] == ("/",):
        yield Diagnostic("outside", f"not in the source: `{build.directory}`", document.at("build", "directory"))
