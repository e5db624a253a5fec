"""The section dylink.0 (DynamicLinking.md of WebAssembly/tool-conventions)."""

from __future__ import annotations

from wasmbuild.wasm import abi
from wasmbuild.wasm.module import Dylink, MemInfo
from wasmbuild.wasm.reader import Cursor

_SUBSECTIONS = {
    abi.DYLINK_MEM_INFO: "WASM_DYLINK_MEM_INFO",
    abi.DYLINK_NEEDED: "WASM_DYLINK_NEEDED",
    abi.DYLINK_EXPORT_INFO: "WASM_DYLINK_EXPORT_INFO",
    abi.DYLINK_IMPORT_INFO: "WASM_DYLINK_IMPORT_INFO",
    abi.DYLINK_RUNTIME_PATH: "WASM_DYLINK_RUNTIME_PATH",
}


def read_dylink(c: Cursor) -> Dylink:
    """Reads subsections to the end of the cursor. Unknown ones are skipped, as the convention asks; a known
    one that has bytes left over is malformed. Several of one kind are one, as wasm-tools writes them: lists and flags
    are joined, of the sizes the last ones count."""
    mem_info = MemInfo()
    needed: tuple[str, ...] = ()
    export_flags: dict[str, int] = {}
    import_flags: dict[tuple[str, str], int] = {}
    runtime_paths: tuple[str, ...] = ()
    while c.pos < c.end:
        kind = c.u8()
        size_bytes = c.u32()
        what = _SUBSECTIONS.get(kind, f"subsection {kind} of `{abi.DYLINK_SECTION}`")
        part = c.part(size_bytes, what)
        if kind not in _SUBSECTIONS:
            continue
        match kind:
            case abi.DYLINK_MEM_INFO:
                mem_info = _mem_info(part)
            case abi.DYLINK_NEEDED:
                needed += tuple([part.text() for _ in range(part.count("names"))])
            case abi.DYLINK_EXPORT_INFO:
                for _ in range(part.count("exports", 2)):
                    name = part.text()
                    export_flags[name] = export_flags.get(name, 0) | part.u32()
            case abi.DYLINK_IMPORT_INFO:
                for _ in range(part.count("imports", 3)):
                    key = (part.text(), part.text())
                    # A symbol that is called and has its address taken may come twice under one key.
                    import_flags[key] = import_flags.get(key, 0) | part.u32()
            case abi.DYLINK_RUNTIME_PATH:
                runtime_paths += tuple([part.text() for _ in range(part.count("paths"))])
        part.finish()
    return Dylink(mem_info, needed, export_flags, import_flags, runtime_paths)


def _mem_info(c: Cursor) -> MemInfo:
    memory_size = c.u32()
    memory_p2align = _p2align(c, "memory_p2align")
    table_size = c.u32()
    return MemInfo(memory_size, memory_p2align, table_size, _p2align(c, "table_p2align"))


def _p2align(c: Cursor, what: str) -> int:
    offset = c.pos
    p2align = c.u32()
    if p2align > 31:
        c.fail(f"{what} is {p2align}, beyond a 32-bit address space", offset)
    return p2align
