"""The benchmarks are beside the package, not in it: found last, so that what is tested is what is installed."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
