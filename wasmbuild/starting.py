"""What every start of ours has in common, before it imports what it is for."""

from __future__ import annotations

import sys


def import_msgspec() -> None:
    """Import msgspec without typing_extensions, which it looks into where it is installed. On the versions of Python
    that we run on, it takes nothing from there that `typing` has not, and to import it takes half as long as all the
    rest of msgspec. For processes that are ours alone: until this returns, nobody else can import it either."""
    if "msgspec" in sys.modules or "typing_extensions" in sys.modules:
        return
    hidden: dict[str, object] = sys.modules  # type: ignore[assignment] # None stands for what is not to be found
    hidden["typing_extensions"] = None
    try:
        import msgspec  # noqa: F401 # imported for what it leaves behind
    finally:
        del sys.modules["typing_extensions"]
