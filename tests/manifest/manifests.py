"""Manifests as text, read as a project's file or refused with diagnostics."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from wasmbuild.diagnostics import Diagnostic, WasmbuildError
from wasmbuild.manifest.check import check_project, check_recipe
from wasmbuild.manifest.reader import Document, decode_document
from wasmbuild.manifest.schema import Manifest

SHOWN_AS = "some/wasmbuild.yaml"


def read(text: str | bytes) -> Document[Manifest]:
    return decode_document(text.encode() if isinstance(text, str) else text, SHOWN_AS, Manifest)


def refused(text: str | bytes) -> tuple[Diagnostic, ...]:
    """What the reader says to a manifest that it refuses."""
    with pytest.raises(WasmbuildError) as caught:
        read(text)
    return caught.value.diagnostics


def accept(text: str, recipes: Iterable[str] = ("zlib", "libpng")) -> Document[Manifest]:
    """Read and check a project's manifest."""
    document = read(text)
    check_project(document, dict.fromkeys(recipes))
    return document


def project_findings(text: str, recipes: Iterable[str] = ("zlib", "libpng")) -> tuple[Diagnostic, ...]:
    """What the check says to a project's manifest that the reader accepts."""
    document = read(text)
    with pytest.raises(WasmbuildError) as caught:
        check_project(document, dict.fromkeys(recipes))
    return caught.value.diagnostics


def recipe_findings(text: str) -> tuple[Diagnostic, ...]:
    document = read(text)
    with pytest.raises(WasmbuildError) as caught:
        check_recipe(document, {"zlib": None})
    return caught.value.diagnostics
