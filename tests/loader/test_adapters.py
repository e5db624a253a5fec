"""The modules that the loader generates. Their machine code is kept under a form number instead of their hash."""

from __future__ import annotations

import hashlib

from wasmbuild.link.plan import Opener, Stub
from wasmbuild.loader.adapters import stub_module, wasi_adapter
from wasmbuild.loader.process import ADAPTER_FORM, opener_image, stub_image
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


def test_types_that_have_one_text_have_machine_code_of_their_own() -> None:
    one, other = FuncType((*["i32"] * 40, "i64"), ()), FuncType((*["i32"] * 40, "f64"), ())
    assert str(one) == str(other)
    assert stub_image([Stub(0, one)]).identity != stub_image([Stub(0, other)]).identity
    assert opener_image({0: Opener(1, "f", one)}).identity != opener_image({0: Opener(1, "f", other)}).identity
