/* WASI preview 1 under its own name; with other names there are other functions. */
#ifndef __wasi_wasip1_h
#define __wasi_wasip1_h

#include <wasi/api.h>

#endif
