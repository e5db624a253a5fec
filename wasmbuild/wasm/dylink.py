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


MOST_RUNTIME_PATHS = 64
"""Each needed library is looked for in each of them."""

_LONGEST_PATH_BYTES = 4096


def read_dylink(c: Cursor) -> Dylink:
    """Reads subsections to the end of the cursor. Unknown ones are skipped, as the convention asks; a known
    one that has bytes left over is malformed. Several of one kind are one, as wasm-tools writes them: lists and flags
    are joined, of the sizes the last ones count."""
    mem_info = MemInfo()
    needed: list[str] = []
    export_flags: dict[str, int] = {}
    import_flags: dict[tuple[str, str], int] = {}
    runtime_paths: list[str] = []
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
                needed += [_path(part) for _ in range(part.count("names"))]
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
                most = MOST_RUNTIME_PATHS - len(runtime_paths)
                runtime_paths += [_path(part) for _ in range(part.count("paths", most=most))]
        part.finish()
    return Dylink(mem_info, tuple(needed), export_flags, import_flags, tuple(runtime_paths))


def _path(c: Cursor) -> str:
    offset = c.pos
    path = c.text()
    if len(path) > _LONGEST_PATH_BYTES:
        c.fail(f"a path of {len(path)} characters, where at most {_LONGEST_PATH_BYTES} are taken", offset)
    return path


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
