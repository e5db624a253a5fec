"""`wasmbuild build --report`: the page of a bundle, of all that a build made, and without running it."""

from __future__ import annotations

from pathlib import Path

from wasmbuild.builder.builddir import BUILD_DIRECTORY
from wasmbuild.builder.linkspec import read_check_spec
from wasmbuild.builder.project import read_project
from wasmbuild.bundle.declared import functions_of, headers_of
from wasmbuild.bundle.facts import code_of
from wasmbuild.bundle.package import Title
from wasmbuild.bundle.page import Page, html, inside, page_data
from wasmbuild.bundle.scripts import STYLE, page_script, read_shipped
from wasmbuild.link.scope import Library
from wasmbuild.search.files import read_verified
from wasmbuild.search.libraries import Search
from wasmbuild.search.root import open_root


def report_of_build(project: Path) -> bytes:
    """The page of what the last build made, in one file."""
    document, _ = read_project(project)
    manifest = document.value
    search = Search()
    orders = project / BUILD_DIRECTORY / "obj" / "check.json"
    roots = list(read_check_spec(orders).roots) if orders.is_file() else []
    roots.sort(key=lambda root: root.path.rpartition("/")[0] != f"{BUILD_DIRECTORY}/bin")  # programs are at the top
    scopes = [(open_root(project / root.path, search).scope, dict.fromkeys(root.imports)) for root in roots]
    libraries: dict[str, Library] = {each.identity: each for scope, _ in scopes for each in scope.libraries}
    declared = {identity: functions_of(library, headers_of(Path(identity))) for identity, library in libraries.items()}
    data = {each.identity: read_verified(each.identity, each.sha256, each.name) for each in libraries.values()}
    code = {each.identity: code_of(data[each.identity], each.module, {}) for each in libraries.values()}
    files = {each.name: data[each.identity] for each in libraries.values()}
    title = Title(manifest.name, manifest.version, manifest.description, manifest.license)
    page = Page(title, scopes, code, declared, {}, None, files)
    return html(page, inside(read_shipped(STYLE), page_script(), page_data(page))).encode()
