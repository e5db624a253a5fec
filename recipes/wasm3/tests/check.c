/* A module in WebAssembly, interpreted in WebAssembly: it calls itself, its memory, and a function of ours. */
#include <stdio.h>
#include <stdlib.h>
#include <wasm3.h>

/* (import "host" "add" (func (param i32 i32) (result i32)))
 * (func (export "fib") (param i64) (result i64): by recursion)
 * (memory 1) (func (export "sum") (param i32) (result i32): stores 1..n, adds them up by host.add) */
static const unsigned char module_bytes[] = {
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 17, 3, 0x60, 2, 0x7f, 0x7f, 1, 0x7f, 0x60, 1, 0x7e, 1, 0x7e, 0x60, 1,
    0x7f, 1, 0x7f, 2, 12, 1, 4, 0x68, 0x6f, 0x73, 0x74, 3, 0x61, 0x64, 0x64, 0, 0, 3, 3, 2, 1, 2, 5, 3, 1, 0, 1,
    7, 13, 2, 3, 0x66, 0x69, 0x62, 0, 1, 3, 0x73, 0x75, 0x6d, 0, 2, 10, 0x49, 2, 28, 0, 0x20, 0, 0x42, 2, 0x54,
    4, 0x7e, 0x20, 0, 5, 0x20, 0, 0x42, 1, 0x7d, 16, 1, 0x20, 0, 0x42, 2, 0x7d, 16, 1, 0x7c, 11, 11, 0x2a, 1, 1,
    0x7f, 3, 0x40, 0x20, 0, 0x41, 2, 0x74, 0x20, 0, 0x36, 2, 0, 0x20, 1, 0x20, 0, 0x41, 2, 0x74, 0x28, 2, 0, 16,
    0, 0x21, 1, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 13, 0, 11, 0x20, 1, 11,
};

static int calls;

static m3ApiRawFunction(add) {
    m3ApiReturnType(int32_t) m3ApiGetArg(int32_t, left) m3ApiGetArg(int32_t, right) calls++;
    m3ApiReturn(left + right);
}

static void must(M3Result result, const char *what) {
    if (result) {
        printf("%s: %s\n", what, result);
        exit(1);
    }
}

int main(void) {
    IM3Environment environment = m3_NewEnvironment();
    IM3Runtime runtime = m3_NewRuntime(environment, 64 * 1024, NULL);
    IM3Module module;
    IM3Function fib, sum;
    uint64_t found = 0;
    int32_t added = 0;

    must(m3_ParseModule(environment, &module, module_bytes, sizeof module_bytes), "parse");
    must(m3_LoadModule(runtime, module), "load");
    must(m3_LinkRawFunction(module, "host", "add", "i(ii)", add), "link");
    must(m3_FindFunction(&fib, runtime, "fib"), "find");
    must(m3_FindFunction(&sum, runtime, "sum"), "find");
    must(m3_CallV(fib, (uint64_t)24), "call");
    must(m3_GetResultsV(fib, &found), "result");
    must(m3_CallV(sum, 1000), "call");
    must(m3_GetResultsV(sum, &added), "result");
    printf("%llu %d %d\n", (unsigned long long)found, (int)added, calls);
    m3_FreeRuntime(runtime);
    m3_FreeEnvironment(environment);
    return 0;
}
