"""What went wrong in wasm, for a reader."""

from __future__ import annotations

import wasmtime

from wasmbuild.wasm.demangle import demangle

_MEANINGS = {
    wasmtime.TrapCode.STACK_OVERFLOW: "stack overflow",
    wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS: "memory access out of bounds",
    wasmtime.TrapCode.TABLE_OUT_OF_BOUNDS: "call through a function pointer that is none",
    wasmtime.TrapCode.INDIRECT_CALL_TO_NULL: "call through a null function pointer",
    wasmtime.TrapCode.BAD_SIGNATURE: "call through a function pointer of another type",
    wasmtime.TrapCode.INTEGER_OVERFLOW: "integer overflow",
    wasmtime.TrapCode.INTEGER_DIVISION_BY_ZERO: "integer division by zero",
    wasmtime.TrapCode.BAD_CONVERSION_TO_INTEGER: "conversion of a float that no integer holds",
    wasmtime.TrapCode.UNREACHABLE: "unreachable code reached (abort, or a failed check of the compiler's)",
    wasmtime.TrapCode.UNCAUGHT_EXCEPTION: "exception that nobody caught",
}


def describe_trap(error: Exception) -> tuple[str, str]:
    """What happened, on a line, and the backtrace: the innermost function first, one a line."""
    if not isinstance(error, wasmtime.Trap):
        return str(error).strip().splitlines()[0], str(error).strip()
    code = error.trap_code
    message = _MEANINGS.get(code) if code is not None else None
    lines: list[tuple[str, int]] = []
    for frame in error.frames:
        name = frame.func_name
        shown = demangle(name) if name else f"function {frame.func_index}"
        # The innermost frame of a stack overflow has no place: it trapped before its first instruction.
        place = f", offset {frame.module_offset:#x}" if frame.module_offset < 1 << 32 else ""
        line = f"{shown}  ({frame.module_name or 'a module'}{place})"
        if lines and lines[-1][0] == line:
            lines[-1] = (line, lines[-1][1] + 1)
        else:
            lines.append((line, 1))
    backtrace = "\n".join(line if count == 1 else f"{line}  {count} times" for line, count in lines)
    return message or error.message.strip().splitlines()[0], backtrace
