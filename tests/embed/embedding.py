"""Names that the tests of embedding share; the fixtures are in conftest.py."""

from __future__ import annotations

from collections.abc import Callable

import wasmbuild

MakeKit = Callable[..., wasmbuild.Library]
