#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void is(const char *what, int failed) {
    printf("%s: %d %d\n", what, failed, errno == ENOMEM);
    errno = 0;
}
static int compare(const void *a, const void *b) { return a < b ? -1 : a > b; }

int main(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
    struct link {
        struct link *next;
    } *all = NULL;
    for (size_t size = 65536; size >= sizeof *all; size /= 2)
        for (struct link *one; (one = malloc(size)) != NULL; all = one)
            one->next = all;
    is("malloc", malloc(8) == NULL);
    is("calloc", calloc(1, 8) == NULL);
    is("realloc", realloc(all, 100000) == NULL);
    is("aligned_alloc", aligned_alloc(64, 64) == NULL);
    is("strdup", strdup("text") == NULL);
    is("asprintf", asprintf(&(char *){NULL}, "%d", 5) == -1);
    is("fopen", fopen("file", "w") == NULL);
    is("open_memstream", open_memstream(&(char *){NULL}, &(size_t){0}) == NULL);
    is("mmap", mmap(NULL, 100, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    is("sbrk", sbrk(65536) == (void *)-1);
    is("hcreate", hcreate(100) == 0);
    is("setenv", setenv("A", "b", 1) == -1);
    is("dup", dup(1) == -1);
    is("pipe", pipe((int[2]){0}) == -1);
    void *root = NULL;
    is("tsearch", tsearch(&all, &root, compare) == NULL);
    while (all != NULL) {
        struct link *next = all->next;
        free(all);
        all = next;
    }
    printf("and then: %d\n", malloc(2000000) != NULL);
    return 0;
}
