#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* wasi-libc declares neither. */
void *memalign(size_t, size_t);
void *valloc(size_t);

/* Through volatile pointers: the compiler knows these functions, and would answer itself. */
static void *(*volatile malloc_)(size_t) = malloc;
static void *(*volatile calloc_)(size_t, size_t) = calloc;
static void *(*volatile realloc_)(void *, size_t) = realloc;
static void *(*volatile reallocarray_)(void *, size_t, size_t) = reallocarray;
static void *(*volatile aligned_alloc_)(size_t, size_t) = aligned_alloc;
static void *(*volatile memalign_)(size_t, size_t) = memalign;
static void *(*volatile valloc_)(size_t) = valloc;
static int (*volatile posix_memalign_)(void **, size_t, size_t) = posix_memalign;
static size_t (*volatile usable)(void *) = malloc_usable_size;
static void (*volatile free_)(void *) = free;

static void memory(const char *what, void *p, size_t alignment, size_t size) {
    int right = p != NULL && (uintptr_t)p % alignment == 0 && usable(p) >= size;
    printf("%s: %s\n", what, right ? "memory" : p == NULL ? "NULL" : "not aligned or too small");
    if (right)
        memset(p, 0xaa, usable(p));
    free_(p);
}

static void none(const char *what, void *p) {
    printf("%s: %s, %s\n", what, p == NULL ? "NULL" : "memory", errno == ENOMEM ? "ENOMEM" : errno == EINVAL ? "EINVAL" : "no error");
    errno = 0;
}

int main(void) {
    void *p = NULL, *q;
    memory("malloc(0)", malloc_(0), 16, 0);
    p = malloc_(0), q = malloc_(0);
    printf("two of no bytes are %s\n", p != q ? "different" : "the same");
    free_(p), free_(q);
    memory("realloc(NULL, 0)", realloc_(NULL, 0), 16, 0);
    memory("realloc(NULL, 5)", realloc_(NULL, 5), 16, 5);
    memory("realloc(p, 0)", realloc_(malloc_(40), 0), 16, 0);
    memory("realloc(large, 0)", realloc_(malloc_(400000), 0), 16, 0);
    memory("reallocarray(NULL, 0, 8)", reallocarray_(NULL, 0, 8), 16, 0);
    memory("calloc(0, 8)", calloc_(0, 8), 16, 0);
    memory("calloc(8, 0)", calloc_(8, 0), 16, 0);
    memory("aligned_alloc(64, 0)", aligned_alloc_(64, 0), 64, 0);
    memory("aligned_alloc(1, 3)", aligned_alloc_(1, 3), 16, 3);
    memory("aligned_alloc(4096, 100)", aligned_alloc_(4096, 100), 4096, 100);
    memory("memalign(262144, 1)", memalign_(262144, 1), 262144, 1);
    memory("valloc(1)", valloc_(1), 65536, 1);
    int status = posix_memalign_(&p, 256, 0);
    memory("posix_memalign(256, 0)", status == 0 ? p : NULL, 256, 0);
    p = &p;
    errno = 0;
    printf("posix_memalign of 2: %d\n", posix_memalign_(&p, 2, 8) == EINVAL);
    printf("posix_memalign of 24: %d\n", posix_memalign_(&p, 24, 8) == EINVAL);
    printf("posix_memalign of too much: %d\n", posix_memalign_(&p, 16, SIZE_MAX - 64) == ENOMEM);
    printf("it changes nothing then: %d %d\n", p == &p, errno == 0);
    printf("usable of NULL: %zu\n", usable(NULL));
    free_(NULL);

    p = malloc_(1000);
    memset(p, 7, 1000);
    none("malloc(SIZE_MAX)", malloc_(SIZE_MAX));
    none("malloc(SIZE_MAX - 20)", malloc_(SIZE_MAX - 20));
    none("malloc(PTRDIFF_MAX + 1)", malloc_((size_t)PTRDIFF_MAX + 1));
    none("calloc(65536, 65536)", calloc_(65536, 65536));
    none("calloc(3, SIZE_MAX / 2)", calloc_(3, SIZE_MAX / 2));
    none("reallocarray(p, 65536, 65537)", reallocarray_(p, 65536, 65537));
    none("realloc(p, SIZE_MAX)", realloc_(p, SIZE_MAX));
    none("aligned_alloc(3, 8)", aligned_alloc_(3, 8));
    none("aligned_alloc(64, SIZE_MAX - 64)", aligned_alloc_(64, SIZE_MAX - 63));
    none("aligned_alloc(2 GiB, 2 GiB - 1)", aligned_alloc_((size_t)1 << 31, PTRDIFF_MAX));
    int kept = 1;
    for (int i = 0; i < 1000; i++)
        kept &= ((char *)p)[i] == 7;
    printf("what failed to grow is as it was: %d\n", kept);
    return 0;
}
