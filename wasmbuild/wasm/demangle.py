"""C++ names as people write them (Itanium C++ ABI), spelled as LLVM's tools spell them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demangle import Limits


def demangle(name: str) -> str:
    """`_ZN3foo3barEi` → `foo::bar(int)`. A name that is not mangled, or cannot be read, comes back unchanged;
    hostile names too: nesting and length are bounded. Never raises."""
    if not name.startswith("_Z") or len(name) > _LONGEST:
        return name
    import demangle as library  # takes 60 ms to import, and C projects never need it

    return library.demangle(name, language="itanium", style="llvm", limits=_limits())


def qualified_name(name: str) -> str | None:
    """`_ZN3foo3barEi` → `foo::bar`, and of what describes something, such as a class's table of virtual functions
    (`_ZTVN3foo5ClassE`), the name of that: `foo::Class`. None if it cannot be read."""
    if demangle(name) == name:
        return None
    import demangle as library

    return library.signature(name, language="itanium", style="llvm", limits=_limits()).qualified_name


def is_of_template(name: str) -> bool:
    """Whether it is made from a template: `_Z5twiceIiET_S0_`, `twice<int>`, or a member of such a class."""
    return "<" in _OPERATOR.sub("", qualified_name(name) or "")


_OPERATOR = re.compile("operator *<+=?>?")

_LONGEST = 8192
"""Characters, of the name and of what it means: 100 letters can mean more than there is memory."""


@cache
def _limits() -> Limits:
    from demangle import Limits

    return Limits(max_input=_LONGEST, max_output=_LONGEST)
