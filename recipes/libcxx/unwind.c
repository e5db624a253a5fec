/* The unwinder, which wants its own functions visible, whatever the rest is compiled with. */

#include <stdbool.h>
#include <threads.h>

#define _LIBUNWIND_HIDE_SYMBOLS /* its own way to say so is that of Windows */
#include "config.h"
#include "unwind.h"

/* What was thrown and is not caught yet, by how many there are: a `noexcept` function that an exception reaches calls
   std::terminate, and cannot say which one it was. */
struct globals {
    void *caught;
    unsigned uncaught; /* counted before it is raised */
};
struct globals *__cxa_get_globals(void);
enum { DEEPEST = 32 };
static void *in_flight[DEEPEST];
static inline void remember(void *exception) {
    unsigned uncaught = __cxa_get_globals()->uncaught;
    if (uncaught - 1 < DEEPEST)
        in_flight[uncaught - 1] = exception;
}
__attribute__((visibility("hidden"))) void *__wasmbuild_in_flight(unsigned uncaught) {
    return uncaught - 1 < DEEPEST ? in_flight[uncaught - 1] : 0;
}
#define __builtin_wasm_throw(tag, exception) (remember(exception), __builtin_wasm_throw(tag, exception))

#pragma GCC visibility push(default)
#include "Unwind-wasm.c"
