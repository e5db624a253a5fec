"""Every recipe that comes with wasmbuild, built from upstream's sources and tested with its own tests."""

import pytest

from tests.sources.availability import marks_for_source
