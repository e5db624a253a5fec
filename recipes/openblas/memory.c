/* Room for packed blocks of matrices, in the place of upstream's memory.c, which maps it and counts processors. A call
   takes one or two of these at a time, and they stay for the next one. */
#include "common.h"

#include <stdlib.h>

#define MOST 8

int blas_cpu_number = 1;
int blas_num_threads = 1;

static void *buffers[MOST];
static char taken[MOST];

int blas_get_cpu_number(void) { return 1; }
int openblas_get_num_threads(void) { return 1; }
int openblas_get_num_procs(void) { return 1; }
int blas_shutdown(void) { return 0; }

void *blas_memory_alloc(int unused) {
  (void)unused;
  for (int i = 0; i < MOST; i++) {
    if (taken[i]) continue;
    if (!buffers[i] && posix_memalign(&buffers[i], 4096, BUFFER_SIZE)) break;
    taken[i] = 1;
    return buffers[i];
  }
  abort();
}

void blas_memory_free(void *buffer) {
  for (int i = 0; i < MOST; i++)
    if (buffers[i] == buffer) taken[i] = 0;
}

void *blas_memory_alloc_nolock(int unused) { return blas_memory_alloc(unused); }
void blas_memory_free_nolock(void *buffer) { blas_memory_free(buffer); }
