"""Every name and number of the dynamic-linking convention (DynamicLinking.md and Linking.md of
WebAssembly/tool-conventions; LLVM's lld/wasm), in one block."""

from __future__ import annotations

from typing import Final

# An address, and an index of the table: wasm32. Of 64 bits, nothing is supported yet.
POINTER_BITS: Final = 32
POINTER_TYPE: Final = "i32"
ADDRESS_SPACE_BYTES: Final = 1 << POINTER_BITS
ADDRESS_MASK: Final = ADDRESS_SPACE_BYTES - 1  # wasm hands addresses on as signed numbers

# Custom sections.
DYLINK_SECTION: Final = "dylink.0"
OLD_DYLINK_SECTION: Final = "dylink"  # before 2022; recognised only to say so
NAME_SECTION: Final = "name"
OWN_SECTION: Final = "wasmbuild"  # what our loader must know that dylink.0 has no place for, as JSON
LINKING_SECTION: Final = "linking"
RELOC_SECTION_PREFIX: Final = "reloc."
TARGET_FEATURES_SECTION: Final = "target_features"

# Subsections of dylink.0.
DYLINK_MEM_INFO: Final = 1
DYLINK_NEEDED: Final = 2
DYLINK_EXPORT_INFO: Final = 3
DYLINK_IMPORT_INFO: Final = 4
DYLINK_RUNTIME_PATH: Final = 5

# Symbol flags: the same bits in the linking section, EXPORT_INFO and IMPORT_INFO.
WEAK: Final = 0x1
LOCAL: Final = 0x2
HIDDEN: Final = 0x4
UNDEFINED: Final = 0x10
EXPORTED: Final = 0x20
EXPLICIT_NAME: Final = 0x40
NO_STRIP: Final = 0x80
TLS: Final = 0x100
ABSOLUTE: Final = 0x200

# Modules of imports. Everything a loader supplies by name comes from `env`, addresses from the two GOTs.
ENV: Final = "env"
GOT_MEM: Final = "GOT.mem"  # mutable global: a byte address
GOT_FUNC: Final = "GOT.func"  # mutable global: a table index
WASI_SNAPSHOT_PREVIEW1: Final = "wasi_snapshot_preview1"
LOADER: Final = "wasmbuild"  # the dlopen family: what libc.so asks our loader for

# What the loader provides to each module, from `env`.
MEMORY: Final = "memory"
INDIRECT_FUNCTION_TABLE: Final = "__indirect_function_table"
STACK_POINTER: Final = "__stack_pointer"
MEMORY_BASE: Final = "__memory_base"
TABLE_BASE: Final = "__table_base"
TLS_BASE: Final = "__tls_base"
OF_LOADER: Final = frozenset({MEMORY, INDIRECT_FUNCTION_TABLE, STACK_POINTER, MEMORY_BASE, TABLE_BASE, TLS_BASE})

# What takes the place of the two globals with --cooperative-multithreading (LLVM's threads of WASI preview 3):
# functions, so that each thread can have its own. Not supported yet.
THREAD_CONTEXT: Final = frozenset(
    {"__wasm_get_stack_pointer", "__wasm_set_stack_pointer", "__wasm_get_tls_base", "__wasm_set_tls_base"}
)

# What a module exports for its loader, in the order of their use.
APPLY_DATA_RELOCS: Final = "__wasm_apply_data_relocs"
APPLY_GLOBAL_RELOCS: Final = "__wasm_apply_global_relocs"
APPLY_TLS_RELOCS: Final = "__wasm_apply_tls_relocs"
INIT_TLS: Final = "__wasm_init_tls"
TLS_SIZE: Final = "__tls_size"
TLS_ALIGN: Final = "__tls_align"
CALL_CTORS: Final = "__wasm_call_ctors"
INITIALIZE: Final = "_initialize"
START: Final = "_start"
ATEXIT: Final = frozenset({"__cxa_atexit", "__cxa_thread_atexit"})  # take a `__dso_handle`
FINALIZE: Final = "__wasmbuild_finalize"  # of our libc.so: runs the destructors of a library that leaves
LIBC: Final = "libc.so"
LIBCXX: Final = "libc++.so"
CXA_THROW: Final = "__cxa_throw"  # of every libc++abi
ALLOCATOR: Final = frozenset(
    ("malloc", "calloc", "realloc", "reallocarray", "free", "aligned_alloc", "posix_memalign", "memalign", "valloc")
)  # whose memory goes from one to the other; libc's own calls of them stay in libc.so

# What clang calls `main`: by its parameters. libc has a weak `__main_void` that calls the other.
MAIN: Final = "main"
MAIN_ARGC_ARGV: Final = "__main_argc_argv"
MAIN_VOID: Final = "__main_void"
MAINS: Final = frozenset((MAIN, MAIN_ARGC_ARGV))

# Symbols that wasm-ld makes up in each module: `--export-all` exports them, but they describe that one module
# (or the whole process), so they never join the scope in which names are looked up.
LINKER_SYMBOLS: Final = frozenset(
    {
        APPLY_DATA_RELOCS,
        APPLY_GLOBAL_RELOCS,
        APPLY_TLS_RELOCS,
        INIT_TLS,
        CALL_CTORS,
        INDIRECT_FUNCTION_TABLE,
        STACK_POINTER,
        MEMORY_BASE,
        TABLE_BASE,
        TLS_BASE,
        "__wasm_start",
        "__wasm_init_memory",
        "__wasm_init_memory_flag",
        "__tls_size",
        "__tls_align",
        "__dso_handle",
        "__data_end",
        "__global_base",
        "__heap_base",
        "__heap_end",
        "__stack_low",
        "__stack_high",
        "__rodata_start",
        "__rodata_end",
        "__wasm_first_page_end",
    }
)

# Exceptions and setjmp (LLVM): tags and the runtime that the compiler calls.
CPP_EXCEPTION_TAG: Final = "__cpp_exception"
TAKE_EXCEPTION: Final = "__wasmbuild_take_exception"  # of our libc++.so: says what was thrown, and ends it
C_LONGJMP_TAG: Final = "__c_longjmp"
WASM_SETJMP: Final = "__wasm_setjmp"
WASM_SETJMP_TEST: Final = "__wasm_setjmp_test"
WASM_LONGJMP: Final = "__wasm_longjmp"
