"""Names that the tests of loading share; the fixtures are in conftest.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from wasmbuild.loader.program import Loaded

IMPORTS = """
(import "env" "memory" (memory 0))
(import "env" "__indirect_function_table" (table 0 funcref))
(import "env" "__stack_pointer" (global $sp (mut i32)))
(import "env" "__memory_base" (global $memory_base i32))
(import "env" "__table_base" (global $table_base i32))
"""

Wat = Callable[..., Path]
Load = Callable[..., Loaded]
CompileC = Callable[..., Path]


def call(loaded: Loaded, name: str, *arguments: int | float) -> Any:
    return loaded.function(name)(loaded.store, *arguments)
