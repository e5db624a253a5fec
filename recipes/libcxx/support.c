/* What libc++ has from elsewhere on other systems. */

#define EXPORTED __attribute__((visibility("default")))

/* Destructors of thread_local objects: there is one thread, and it ends with the process or with the library. */
int __cxa_atexit(void (*destructor)(void *), void *object, void *library);
EXPORTED int __cxa_thread_atexit(void (*destructor)(void *), void *object, void *library) {
    return __cxa_atexit(destructor, object, library);
}

/* Compilers after LLVM 22 ask for the address of the landing pad's context, instead of reaching it by its name. */
extern char __wasm_lpad_context[];
EXPORTED void *_Unwind_GetWasmLPadContext(void) { return __wasm_lpad_context; }

/* The one definition in the process of the tag that C++ throws. */
__asm__(".globl __cpp_exception\n"
        ".tagtype __cpp_exception i32\n"
        "__cpp_exception:\n");
