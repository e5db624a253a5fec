/* sbrk, beside malloc and the loader, which make memory larger too. So the break is where memory ends now, and what it is
 * moved over is the caller's: malloc goes on behind it. It moves by whole pages, and never back. */

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

enum { PAGE = 65536 };

void *sbrk(intptr_t increment) {
    size_t before = __builtin_wasm_memory_size(0);
    if (increment < 0 || increment % PAGE != 0) {
        errno = EINVAL;
        return (void *)-1;
    }
    if (increment != 0 && (before = __builtin_wasm_memory_grow(0, (size_t)increment / PAGE)) == SIZE_MAX) {
        errno = ENOMEM;
        return (void *)-1;
    }
    return (void *)(before * PAGE);
}
