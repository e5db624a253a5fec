/* The start of a library that is linked statically. Without a function that calls the constructors, wasm-ld would call
 * them anew at every call of an exported function, as it does for programs. */

void __wasm_call_ctors(void);

__attribute__((visibility("default"))) void _initialize(void) {
    static int done;
    if (!done) {
        done = 1;
        __wasm_call_ctors();
    }
}
