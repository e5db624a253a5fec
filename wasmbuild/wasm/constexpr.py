"""Constant expressions (core specification 3.0, 3.4.13): skipped exactly, evaluated where integers."""

from __future__ import annotations

from msgspec import Struct

from wasmbuild.wasm.module import ConstExpr
from wasmbuild.wasm.reader import Cursor
from wasmbuild.wasm.valtypes import TypeReader


class Spaces(Struct, frozen=True):
    """How many functions and globals exist so far: what an expression may name."""

    functions: int
    globals: int


class FunctionRef(Struct, frozen=True):
    """`ref.func`."""

    function: int


# What one operand is, as far as it is known: an integer, a function, or anything else.
Operand = ConstExpr | FunctionRef | None

_I32_ADD, _I32_SUB, _I32_MUL, _I64_ADD, _I64_SUB, _I64_MUL = 0x6A, 0x6B, 0x6C, 0x7C, 0x7D, 0x7E


def read_const_expr(c: Cursor, types: TypeReader, spaces: Spaces) -> Operand:
    """Reads up to and with `end`. Raises MalformedModule for instructions that are not constant."""
    start = c.pos
    stack: list[Operand] = []
    fixed_arity = True  # how many operands `struct.new` takes is in a type that we skip
    while True:
        offset = c.pos
        match c.u8():
            case 0x0B:
                break
            case 0x41:
                stack.append(ConstExpr(None, c.signed(32)))
            case 0x42:
                stack.append(ConstExpr(None, c.signed(64)))
            case 0x43:
                c.skip(4)
                stack.append(None)
            case 0x44:
                c.skip(8)
                stack.append(None)
            case 0x23:
                stack.append(ConstExpr(_index(c, "global", spaces.globals), 0))
            case 0xD0:
                types.heap_type(c)
                stack.append(None)
            case 0xD2:
                stack.append(FunctionRef(_index(c, "function", spaces.functions)))
            case (0x6A | 0x6B | 0x6C | 0x7C | 0x7D | 0x7E) as opcode:
                if len(stack) < 2 and fixed_arity:
                    c.fail("a constant expression lacks an operand", offset)
                right = stack.pop() if stack else None
                left = stack.pop() if stack else None
                stack.append(_arithmetic(opcode, left, right))
            case 0xFD:
                if c.u32() != 0x0C:
                    c.fail("a vector instruction other than v128.const in a constant expression", offset)
                c.skip(16)
                stack.append(None)
            case 0xFB:
                _skip_gc_instruction(c, types, offset)
                fixed_arity = False
                stack.append(None)
            case opcode:
                c.fail(f"instruction {opcode:#04x} is not constant", offset)
    if fixed_arity and len(stack) != 1:
        c.fail(f"a constant expression leaves {len(stack)} values", start)
    return stack[0] if fixed_arity else None


def integer(operand: Operand) -> ConstExpr | None:
    return operand if isinstance(operand, ConstExpr) else None


def _index(c: Cursor, what: str, size: int) -> int:
    offset = c.pos
    index = c.u32()
    if index >= size:
        c.fail(f"there is no {what} {index}, only {size}", offset)
    return index


def _skip_gc_instruction(c: Cursor, types: TypeReader, offset: int) -> None:
    match c.u32():
        case 0x00 | 0x01 | 0x06 | 0x07:  # struct.new, struct.new_default, array.new, array.new_default
            types.type_index(c)
        case 0x08:  # array.new_fixed
            types.type_index(c)
            c.u32()
        case 0x1A | 0x1B | 0x1C:  # any.convert_extern, extern.convert_any, ref.i31
            pass
        case opcode:
            c.fail(f"instruction 0xfb {opcode:#04x} is not constant", offset)


def _arithmetic(opcode: int, left: Operand, right: Operand) -> ConstExpr | None:
    if not isinstance(left, ConstExpr) or not isinstance(right, ConstExpr):
        return None
    bits = 32 if opcode in (_I32_ADD, _I32_SUB, _I32_MUL) else 64
    match opcode:
        case 0x6A | 0x7C if left.base_global is None or right.base_global is None:
            base = left.base_global if right.base_global is None else right.base_global
            return ConstExpr(base, _wrap(left.value + right.value, bits))
        case 0x6B | 0x7D if right.base_global is None:
            return ConstExpr(left.base_global, _wrap(left.value - right.value, bits))
        case 0x6C | 0x7E if left.base_global is None and right.base_global is None:
            return ConstExpr(None, _wrap(left.value * right.value, bits))
    return None


def _wrap(value: int, bits: int) -> int:
    half = 1 << (bits - 1)
    return (value + half) % (1 << bits) - half
