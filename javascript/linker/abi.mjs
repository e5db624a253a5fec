/** Every name and number of the dynamic-linking convention (DynamicLinking.md and Linking.md of
 * WebAssembly/tool-conventions; LLVM's lld/wasm), in one block. */

// An address, and an index of the table: wasm32. Of 64 bits, nothing is supported yet.
export const POINTER_BITS = 32;
export const POINTER_TYPE = "i32";
export const ADDRESS_SPACE_BYTES = 2 ** POINTER_BITS;
export const ADDRESS_MASK = ADDRESS_SPACE_BYTES - 1;

// Custom sections.
export const DYLINK_SECTION = "dylink.0";
export const OLD_DYLINK_SECTION = "dylink"; // before 2022; recognised only to say so
export const NAME_SECTION = "name";
export const OWN_SECTION = "wasmbuild"; // what our loader must know that dylink.0 has no place for, as JSON
export const LINKING_SECTION = "linking";
export const TARGET_FEATURES_SECTION = "target_features";

// Subsections of dylink.0.
export const DYLINK_MEM_INFO = 1;
export const DYLINK_NEEDED = 2;
export const DYLINK_EXPORT_INFO = 3;
export const DYLINK_IMPORT_INFO = 4;
export const DYLINK_RUNTIME_PATH = 5;

// Symbol flags: the same bits in the linking section, EXPORT_INFO and IMPORT_INFO.
export const WEAK = 0x1;
export const LOCAL = 0x2;
export const HIDDEN = 0x4;
export const TLS = 0x100;
export const ABSOLUTE = 0x200;

// Modules of imports. Everything a loader supplies by name comes from `env`, addresses from the two GOTs.
export const ENV = "env";
export const GOT_MEM = "GOT.mem"; // mutable global: a byte address
export const GOT_FUNC = "GOT.func"; // mutable global: a table index
export const WASI_SNAPSHOT_PREVIEW1 = "wasi_snapshot_preview1";
export const LOADER = "wasmbuild"; // the dlopen family: what libc.so asks our loader for

// What the loader provides to each module, from `env`.
export const MEMORY = "memory";
export const INDIRECT_FUNCTION_TABLE = "__indirect_function_table";
export const STACK_POINTER = "__stack_pointer";
export const MEMORY_BASE = "__memory_base";
export const TABLE_BASE = "__table_base";
export const TLS_BASE = "__tls_base";
export const OF_LOADER = new Set([MEMORY, INDIRECT_FUNCTION_TABLE, STACK_POINTER, MEMORY_BASE, TABLE_BASE, TLS_BASE]);

// What takes the place of the two globals with --cooperative-multithreading. Not supported yet.
export const THREAD_CONTEXT = new Set([
  "__wasm_get_stack_pointer",
  "__wasm_set_stack_pointer",
  "__wasm_get_tls_base",
  "__wasm_set_tls_base",
]);

// What a module exports for its loader, in the order of their use.
export const APPLY_DATA_RELOCS = "__wasm_apply_data_relocs";
export const INIT_TLS = "__wasm_init_tls";
export const TLS_SIZE = "__tls_size";
export const TLS_ALIGN = "__tls_align";
export const CALL_CTORS = "__wasm_call_ctors";
export const INITIALIZE = "_initialize";
export const START = "_start";
export const ATEXIT = new Set(["__cxa_atexit", "__cxa_thread_atexit"]); // take a `__dso_handle`
export const FINALIZE = "__wasmbuild_finalize"; // of our libc.so: runs the destructors of a library that leaves
export const CXA_THROW = "__cxa_throw"; // of every libc++abi
export const TAKE_EXCEPTION = "__wasmbuild_take_exception"; // of our libc++.so
export const WASM_LONGJMP = "__wasm_longjmp";
// Whose memory goes from one to the other; libc's own calls of them stay in libc.so.
export const ALLOCATOR = new Set([
  "aligned_alloc",
  "calloc",
  "free",
  "malloc",
  "memalign",
  "posix_memalign",
  "realloc",
  "reallocarray",
  "valloc",
]);

// What clang calls `main`: by its parameters. libc has a weak `__main_void` that calls the other.
export const MAIN_VOID = "__main_void";
export const MAINS = new Set(["main", "__main_argc_argv"]);

// Symbols that wasm-ld makes up in each module: `--export-all` exports them, but they describe that one module
// (or the whole process), so they never join the scope in which names are looked up.
export const LINKER_SYMBOLS = new Set([
  APPLY_DATA_RELOCS,
  "__wasm_apply_global_relocs",
  "__wasm_apply_tls_relocs",
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
  TLS_SIZE,
  TLS_ALIGN,
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
]);
