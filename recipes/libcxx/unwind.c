/* The unwinder, which wants its own functions visible, whatever the rest is compiled with. */

#include <stdbool.h>
#include <threads.h>

#define _LIBUNWIND_HIDE_SYMBOLS /* its own way to say so is that of Windows */
#include "config.h"
#include "unwind.h"

#pragma GCC visibility push(default)
#include "Unwind-wasm.c"
