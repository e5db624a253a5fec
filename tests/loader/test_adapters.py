"""The modules that the loader generates. Their machine code is kept under a form number instead of their hash."""

from __future__ import annotations

import hashlib

from wasmbuild.loader.adapters import stub_module, wasi_adapter
from wasmbuild.loader.process import ADAPTER_FORM
from wasmbuild.wasm.module import FuncType

TYPES = (FuncType(("i32", "i32"), ("i32",)), FuncType(), FuncType(("f64",), ("i64",)))

MADE = {
    1: "7de6244f0b153d935998f42cdb9dfb13f49e2f656143c8eb755ec18692e35f89",
    2: "f9d2a3bbe372aeb817fb71679e054cc71943145f464047de83e58da8a14b7d84",
}
"""Form → the hash of what it makes. Who changes what is made raises the form, and adds a line here."""


def test_a_form_makes_the_same_bytes_for_ever() -> None:
    made = hashlib.sha256(wasi_adapter() + stub_module(TYPES)).hexdigest()
    assert MADE[ADAPTER_FORM] == made
